-- A project goes forward only, and what it has locked stays. Only the projects of
-- invented bodies go when the demonstration does.

CREATE TRIGGER projects_forward BEFORE UPDATE OF state ON projects
FOR EACH ROW WHEN (OLD.state <> NEW.state AND OLD.state || ' ' || NEW.state NOT IN ('drafting shortlisted', 'shortlisted drafting', 'shortlisted locked', 'drafting closed', 'shortlisted closed', 'locked closed'))
EXECUTE FUNCTION refuse('a project does not go from that state to this one');

CREATE TRIGGER projects_closed BEFORE UPDATE ON projects
FOR EACH ROW WHEN (OLD.state = 'closed')
EXECUTE FUNCTION refuse('a closed project never changes');

CREATE TRIGGER projects_locked BEFORE UPDATE OF category, unit, volume, search, locked_at ON projects
FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL AND (OLD.category <> NEW.category OR OLD.unit <> NEW.unit OR OLD.volume <> NEW.volume OR OLD.search <> NEW.search OR OLD.locked_at <> NEW.locked_at))
EXECUTE FUNCTION refuse('what was locked never changes');

CREATE TRIGGER projects_kept BEFORE UPDATE OF id, organisation_id, once, created_at ON projects
FOR EACH ROW EXECUTE FUNCTION refuse('whose a project is never changes');

CREATE FUNCTION refuse_settled_project() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	one BIGINT;
	held TEXT;
BEGIN
	IF TG_OP = 'DELETE' THEN one := OLD.project_id; ELSE one := NEW.project_id; END IF;
	SELECT p.state INTO held FROM projects p WHERE p.id = one;
	IF held = 'closed' OR held = 'locked' AND TG_ARGV[0] = 'locked' THEN
		RAISE EXCEPTION 'what was locked never changes' USING ERRCODE = 'restrict_violation';
	END IF;
	IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER requirements_settled BEFORE INSERT OR UPDATE OR DELETE ON requirements
FOR EACH ROW EXECUTE FUNCTION refuse_settled_project('locked');

CREATE TRIGGER shortlist_settled BEFORE INSERT OR UPDATE OR DELETE ON shortlist
FOR EACH ROW EXECUTE FUNCTION refuse_settled_project('locked');

CREATE TRIGGER overrules_added BEFORE INSERT ON overrules
FOR EACH ROW EXECUTE FUNCTION refuse_settled_project('closed');

CREATE TRIGGER overrules_kept BEFORE UPDATE ON overrules
FOR EACH ROW EXECUTE FUNCTION refuse('what was found out is followed by another word, never changed');

CREATE FUNCTION refuse_real_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM organisations o WHERE o.id = OLD.organisation_id AND o.invented = 0) THEN
		RAISE EXCEPTION 'projects are closed, never removed' USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN OLD;
END $$;

CREATE TRIGGER projects_stay BEFORE DELETE ON projects
FOR EACH ROW EXECUTE FUNCTION refuse_real_project();

CREATE FUNCTION refuse_real_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM projects p JOIN organisations o ON o.id = p.organisation_id WHERE p.id = OLD.project_id AND o.invented = 0) THEN
		RAISE EXCEPTION 'what was locked never goes' USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN OLD;
END $$;

CREATE TRIGGER locked_searches_kept BEFORE UPDATE ON locked_searches
FOR EACH ROW EXECUTE FUNCTION refuse('what was locked never changes');

CREATE TRIGGER locked_searches_stay BEFORE DELETE ON locked_searches
FOR EACH ROW EXECUTE FUNCTION refuse_real_lock();

CREATE TRIGGER locked_results_kept BEFORE UPDATE ON locked_results
FOR EACH ROW EXECUTE FUNCTION refuse('what was locked never changes');

CREATE TRIGGER locked_results_stay BEFORE DELETE ON locked_results
FOR EACH ROW EXECUTE FUNCTION refuse_real_lock();
