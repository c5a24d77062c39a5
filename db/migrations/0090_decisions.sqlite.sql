-- What was decided stays, and so does what it was decided by.

CREATE TRIGGER decisions_forward BEFORE UPDATE OF state ON decisions
WHEN OLD.state <> NEW.state AND OLD.state || ' ' || NEW.state NOT IN ('drafted sent', 'sent drafted', 'sent approved', 'approved awarded', 'approved ended')
BEGIN SELECT RAISE(ABORT, 'a decision does not go from that state to this one'); END;

CREATE TRIGGER decisions_begin BEFORE INSERT ON decisions
WHEN NEW.state <> 'drafted'
BEGIN SELECT RAISE(ABORT, 'a decision begins as a draft'); END;

CREATE TRIGGER decisions_kept BEFORE UPDATE OF outcome, offering_id, reason, exception, shown, standstill ON decisions
WHEN OLD.state <> 'drafted' AND (OLD.outcome <> NEW.outcome OR COALESCE(OLD.offering_id, 0) <> COALESCE(NEW.offering_id, 0) OR OLD.reason <> NEW.reason OR OLD.exception <> NEW.exception OR OLD.shown <> NEW.shown OR OLD.standstill <> NEW.standstill)
BEGIN SELECT RAISE(ABORT, 'what was sent for approval never changes'); END;

CREATE TRIGGER decisions_sealed BEFORE UPDATE OF record, hash, approved_at, until ON decisions
WHEN OLD.hash <> '' AND (OLD.record <> NEW.record OR OLD.hash <> NEW.hash OR OLD.approved_at <> NEW.approved_at OR OLD.until <> NEW.until)
BEGIN SELECT RAISE(ABORT, 'what was approved never changes'); END;

CREATE TRIGGER decision_steps_kept BEFORE UPDATE ON decision_steps
BEGIN SELECT RAISE(ABORT, 'what became of a decision never changes'); END;

CREATE TRIGGER award_letters_kept BEFORE UPDATE ON award_letters
BEGIN SELECT RAISE(ABORT, 'a letter that went out never changes'); END;

CREATE TRIGGER project_questions_kept BEFORE UPDATE OF project_id, words, due, account_id, created_at ON project_questions
BEGIN SELECT RAISE(ABORT, 'what was asked never changes'); END;

CREATE TRIGGER question_answers_kept BEFORE UPDATE ON question_answers
BEGIN SELECT RAISE(ABORT, 'what was answered is followed by another answer, never changed'); END;

CREATE TRIGGER offers_kept BEFORE UPDATE ON offers
BEGIN SELECT RAISE(ABORT, 'an offer is followed by another one, never changed'); END;

CREATE TRIGGER projects_decided BEFORE UPDATE OF state ON projects
WHEN NEW.state = 'closed' AND (SELECT state FROM decisions WHERE project_id = OLD.id) IN ('sent', 'approved', 'awarded', 'ended')
BEGIN SELECT RAISE(ABORT, 'a decided project is not closed without award'); END;

CREATE TRIGGER overrules_decided_added BEFORE INSERT ON overrules
WHEN (SELECT d.state FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.project_id = NEW.project_id) <> 'drafted'
BEGIN SELECT RAISE(ABORT, 'what was decided by never changes'); END;

CREATE TRIGGER offers_decided_added BEFORE INSERT ON offers
WHEN (SELECT d.state FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.project_id = NEW.project_id) <> 'drafted'
BEGIN SELECT RAISE(ABORT, 'what was decided by never changes'); END;

CREATE TRIGGER score_sheets_decided_added BEFORE INSERT ON score_sheets
WHEN (SELECT d.state FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.project_id = NEW.project_id) <> 'drafted'
BEGIN SELECT RAISE(ABORT, 'what was decided by never changes'); END;

CREATE TRIGGER score_sheets_decided_removed BEFORE DELETE ON score_sheets
WHEN (SELECT d.state FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.project_id = OLD.project_id) <> 'drafted'
BEGIN SELECT RAISE(ABORT, 'what was decided by never changes'); END;

CREATE TRIGGER criteria_decided_added BEFORE INSERT ON criteria
WHEN (SELECT d.state FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.project_id = NEW.project_id) <> 'drafted'
BEGIN SELECT RAISE(ABORT, 'what was decided by never changes'); END;

CREATE TRIGGER criteria_decided_changed BEFORE UPDATE ON criteria
WHEN (SELECT d.state FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.project_id = NEW.project_id) <> 'drafted'
BEGIN SELECT RAISE(ABORT, 'what was decided by never changes'); END;

CREATE TRIGGER criteria_decided_removed BEFORE DELETE ON criteria
WHEN (SELECT d.state FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.project_id = OLD.project_id) <> 'drafted'
BEGIN SELECT RAISE(ABORT, 'what was decided by never changes'); END;

CREATE TRIGGER scores_decided_added BEFORE INSERT ON scores
WHEN (SELECT d.state FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.project_id = (SELECT c.project_id FROM criteria c WHERE c.id = NEW.criterion_id)) <> 'drafted'
BEGIN SELECT RAISE(ABORT, 'what was decided by never changes'); END;

CREATE TRIGGER scores_decided_changed BEFORE UPDATE ON scores
WHEN (SELECT d.state FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.project_id = (SELECT c.project_id FROM criteria c WHERE c.id = NEW.criterion_id)) <> 'drafted'
BEGIN SELECT RAISE(ABORT, 'what was decided by never changes'); END;

CREATE TRIGGER scores_decided_removed BEFORE DELETE ON scores
WHEN (SELECT d.state FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.project_id = (SELECT c.project_id FROM criteria c WHERE c.id = OLD.criterion_id)) <> 'drafted'
BEGIN SELECT RAISE(ABORT, 'what was decided by never changes'); END;

CREATE TRIGGER consensus_decided_added BEFORE INSERT ON consensus
WHEN (SELECT d.state FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.project_id = (SELECT c.project_id FROM criteria c WHERE c.id = NEW.criterion_id)) <> 'drafted'
BEGIN SELECT RAISE(ABORT, 'what was decided by never changes'); END;

CREATE TRIGGER consensus_decided_changed BEFORE UPDATE ON consensus
WHEN (SELECT d.state FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.project_id = (SELECT c.project_id FROM criteria c WHERE c.id = NEW.criterion_id)) <> 'drafted'
BEGIN SELECT RAISE(ABORT, 'what was decided by never changes'); END;

CREATE TRIGGER consensus_decided_removed BEFORE DELETE ON consensus
WHEN (SELECT d.state FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.project_id = (SELECT c.project_id FROM criteria c WHERE c.id = OLD.criterion_id)) <> 'drafted'
BEGIN SELECT RAISE(ABORT, 'what was decided by never changes'); END;

CREATE TRIGGER scores_closed_added BEFORE INSERT ON scores
WHEN EXISTS (SELECT 1 FROM score_sheets h JOIN criteria c ON c.project_id = h.project_id WHERE c.id = NEW.criterion_id AND h.account_id = NEW.account_id)
BEGIN SELECT RAISE(ABORT, 'closed scores never change'); END;

CREATE TRIGGER scores_closed_changed BEFORE UPDATE ON scores
WHEN EXISTS (SELECT 1 FROM score_sheets h JOIN criteria c ON c.project_id = h.project_id WHERE c.id = OLD.criterion_id AND h.account_id = OLD.account_id)
BEGIN SELECT RAISE(ABORT, 'closed scores never change'); END;

CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions
WHEN (SELECT o.invented FROM projects p JOIN organisations o ON o.id = p.organisation_id WHERE p.id = OLD.project_id) = 0
BEGIN SELECT RAISE(ABORT, 'what was decided never goes'); END;

CREATE TRIGGER decision_steps_stay BEFORE DELETE ON decision_steps
WHEN (SELECT o.invented FROM projects p JOIN organisations o ON o.id = p.organisation_id WHERE p.id = OLD.project_id) = 0
BEGIN SELECT RAISE(ABORT, 'what was decided never goes'); END;

CREATE TRIGGER award_letters_stay BEFORE DELETE ON award_letters
WHEN (SELECT o.invented FROM projects p JOIN organisations o ON o.id = p.organisation_id WHERE p.id = OLD.project_id) = 0
BEGIN SELECT RAISE(ABORT, 'what was decided never goes'); END;
