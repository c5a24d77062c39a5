-- A project goes forward only, and what it has locked stays. Only the projects of
-- invented bodies go when the demonstration does.

CREATE TRIGGER projects_forward BEFORE UPDATE OF state ON projects
WHEN OLD.state <> NEW.state AND OLD.state || ' ' || NEW.state NOT IN ('drafting shortlisted', 'shortlisted drafting', 'shortlisted locked', 'drafting closed', 'shortlisted closed', 'locked closed')
BEGIN SELECT RAISE(ABORT, 'a project does not go from that state to this one'); END;

CREATE TRIGGER projects_closed BEFORE UPDATE ON projects
WHEN OLD.state = 'closed'
BEGIN SELECT RAISE(ABORT, 'a closed project never changes'); END;

CREATE TRIGGER projects_locked BEFORE UPDATE OF category, unit, volume, search, locked_at ON projects
WHEN OLD.locked_at IS NOT NULL AND (OLD.category <> NEW.category OR OLD.unit <> NEW.unit OR OLD.volume <> NEW.volume OR OLD.search <> NEW.search OR OLD.locked_at <> NEW.locked_at)
BEGIN SELECT RAISE(ABORT, 'what was locked never changes'); END;

CREATE TRIGGER projects_kept BEFORE UPDATE OF id, organisation_id, once, created_at ON projects
BEGIN SELECT RAISE(ABORT, 'whose a project is never changes'); END;

CREATE TRIGGER projects_stay BEFORE DELETE ON projects
WHEN (SELECT invented FROM organisations WHERE id = OLD.organisation_id) = 0
BEGIN SELECT RAISE(ABORT, 'projects are closed, never removed'); END;

CREATE TRIGGER requirements_added BEFORE INSERT ON requirements
WHEN (SELECT state FROM projects WHERE id = NEW.project_id) IN ('locked', 'closed')
BEGIN SELECT RAISE(ABORT, 'what was locked never changes'); END;

CREATE TRIGGER requirements_changed BEFORE UPDATE ON requirements
WHEN (SELECT state FROM projects WHERE id = OLD.project_id) IN ('locked', 'closed')
BEGIN SELECT RAISE(ABORT, 'what was locked never changes'); END;

CREATE TRIGGER requirements_removed BEFORE DELETE ON requirements
WHEN (SELECT state FROM projects WHERE id = OLD.project_id) IN ('locked', 'closed')
BEGIN SELECT RAISE(ABORT, 'what was locked never changes'); END;

CREATE TRIGGER shortlist_added BEFORE INSERT ON shortlist
WHEN (SELECT state FROM projects WHERE id = NEW.project_id) IN ('locked', 'closed')
BEGIN SELECT RAISE(ABORT, 'what was locked never changes'); END;

CREATE TRIGGER shortlist_changed BEFORE UPDATE ON shortlist
WHEN (SELECT state FROM projects WHERE id = OLD.project_id) IN ('locked', 'closed')
BEGIN SELECT RAISE(ABORT, 'what was locked never changes'); END;

CREATE TRIGGER shortlist_removed BEFORE DELETE ON shortlist
WHEN (SELECT state FROM projects WHERE id = OLD.project_id) IN ('locked', 'closed')
BEGIN SELECT RAISE(ABORT, 'what was locked never changes'); END;

CREATE TRIGGER overrules_added BEFORE INSERT ON overrules
WHEN (SELECT state FROM projects WHERE id = NEW.project_id) = 'closed'
BEGIN SELECT RAISE(ABORT, 'a closed project never changes'); END;

CREATE TRIGGER overrules_kept BEFORE UPDATE ON overrules
BEGIN SELECT RAISE(ABORT, 'what was found out is followed by another word, never changed'); END;

CREATE TRIGGER locked_searches_kept BEFORE UPDATE ON locked_searches
BEGIN SELECT RAISE(ABORT, 'what was locked never changes'); END;

CREATE TRIGGER locked_searches_stay BEFORE DELETE ON locked_searches
WHEN (SELECT o.invented FROM projects p JOIN organisations o ON o.id = p.organisation_id WHERE p.id = OLD.project_id) = 0
BEGIN SELECT RAISE(ABORT, 'what was locked never goes'); END;

CREATE TRIGGER locked_results_kept BEFORE UPDATE ON locked_results
BEGIN SELECT RAISE(ABORT, 'what was locked never changes'); END;

CREATE TRIGGER locked_results_stay BEFORE DELETE ON locked_results
WHEN (SELECT o.invented FROM projects p JOIN organisations o ON o.id = p.organisation_id WHERE p.id = OLD.project_id) = 0
BEGIN SELECT RAISE(ABORT, 'what was locked never goes'); END;
