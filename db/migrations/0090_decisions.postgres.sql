-- What was decided stays, and so does what it was decided by.

CREATE TRIGGER decisions_forward BEFORE UPDATE OF state ON decisions
FOR EACH ROW WHEN (OLD.state <> NEW.state AND OLD.state || ' ' || NEW.state NOT IN ('drafted sent', 'sent drafted', 'sent approved', 'approved awarded', 'approved ended'))
EXECUTE FUNCTION refuse('a decision does not go from that state to this one');

CREATE TRIGGER decisions_begin BEFORE INSERT ON decisions
FOR EACH ROW WHEN (NEW.state <> 'drafted')
EXECUTE FUNCTION refuse('a decision begins as a draft');

CREATE TRIGGER decisions_kept BEFORE UPDATE OF outcome, offering_id, reason, exception, shown, standstill ON decisions
FOR EACH ROW WHEN (OLD.state <> 'drafted' AND (OLD.outcome <> NEW.outcome OR COALESCE(OLD.offering_id, 0) <> COALESCE(NEW.offering_id, 0) OR OLD.reason <> NEW.reason OR OLD.exception <> NEW.exception OR OLD.shown <> NEW.shown OR OLD.standstill <> NEW.standstill))
EXECUTE FUNCTION refuse('what was sent for approval never changes');

CREATE TRIGGER decisions_sealed BEFORE UPDATE OF record, hash, approved_at, until ON decisions
FOR EACH ROW WHEN (OLD.hash <> '' AND (OLD.record <> NEW.record OR OLD.hash <> NEW.hash OR OLD.approved_at <> NEW.approved_at OR OLD.until <> NEW.until))
EXECUTE FUNCTION refuse('what was approved never changes');

CREATE TRIGGER decision_steps_kept BEFORE UPDATE ON decision_steps
FOR EACH ROW EXECUTE FUNCTION refuse('what became of a decision never changes');

CREATE TRIGGER award_letters_kept BEFORE UPDATE ON award_letters
FOR EACH ROW EXECUTE FUNCTION refuse('a letter that went out never changes');

CREATE TRIGGER project_questions_kept BEFORE UPDATE OF project_id, words, due, account_id, created_at ON project_questions
FOR EACH ROW EXECUTE FUNCTION refuse('what was asked never changes');

CREATE TRIGGER question_answers_kept BEFORE UPDATE ON question_answers
FOR EACH ROW EXECUTE FUNCTION refuse('what was answered is followed by another answer, never changed');

CREATE TRIGGER offers_kept BEFORE UPDATE ON offers
FOR EACH ROW EXECUTE FUNCTION refuse('an offer is followed by another one, never changed');

CREATE FUNCTION refuse_decided_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.state = 'closed' AND EXISTS (SELECT FROM decisions d WHERE d.project_id = OLD.id AND d.state <> 'drafted') THEN
		RAISE EXCEPTION 'a decided project is not closed without award' USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER projects_decided BEFORE UPDATE OF state ON projects
FOR EACH ROW EXECUTE FUNCTION refuse_decided_project();

CREATE FUNCTION refuse_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	one BIGINT;
BEGIN
	IF TG_ARGV[0] = 'criterion' THEN
		IF TG_OP = 'DELETE' THEN
			SELECT c.project_id INTO one FROM criteria c WHERE c.id = OLD.criterion_id;
		ELSE
			SELECT c.project_id INTO one FROM criteria c WHERE c.id = NEW.criterion_id;
		END IF;
	ELSIF TG_OP = 'DELETE' THEN one := OLD.project_id;
	ELSE one := NEW.project_id;
	END IF;
	IF EXISTS (SELECT FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.project_id = one AND d.state <> 'drafted') THEN
		RAISE EXCEPTION 'what was decided by never changes' USING ERRCODE = 'restrict_violation';
	END IF;
	IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER overrules_decided BEFORE INSERT ON overrules
FOR EACH ROW EXECUTE FUNCTION refuse_decided('project');

CREATE TRIGGER offers_decided BEFORE INSERT ON offers
FOR EACH ROW EXECUTE FUNCTION refuse_decided('project');

CREATE TRIGGER score_sheets_decided BEFORE INSERT OR DELETE ON score_sheets
FOR EACH ROW EXECUTE FUNCTION refuse_decided('project');

CREATE TRIGGER criteria_decided BEFORE INSERT OR UPDATE OR DELETE ON criteria
FOR EACH ROW EXECUTE FUNCTION refuse_decided('project');

CREATE TRIGGER scores_decided BEFORE INSERT OR UPDATE OR DELETE ON scores
FOR EACH ROW EXECUTE FUNCTION refuse_decided('criterion');

CREATE TRIGGER consensus_decided BEFORE INSERT OR UPDATE OR DELETE ON consensus
FOR EACH ROW EXECUTE FUNCTION refuse_decided('criterion');

CREATE FUNCTION refuse_closed_scores() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM score_sheets h JOIN criteria c ON c.project_id = h.project_id WHERE c.id = NEW.criterion_id AND h.account_id = NEW.account_id) THEN
		RAISE EXCEPTION 'closed scores never change' USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER scores_closed BEFORE INSERT OR UPDATE ON scores
FOR EACH ROW EXECUTE FUNCTION refuse_closed_scores();

CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions
FOR EACH ROW EXECUTE FUNCTION refuse_real_lock();

CREATE TRIGGER decision_steps_stay BEFORE DELETE ON decision_steps
FOR EACH ROW EXECUTE FUNCTION refuse_real_lock();

CREATE TRIGGER award_letters_stay BEFORE DELETE ON award_letters
FOR EACH ROW EXECUTE FUNCTION refuse_real_lock();
