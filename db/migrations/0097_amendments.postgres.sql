-- A change goes only where the machine lets it, and what was asked stays.

CREATE TRIGGER amendments_forward BEFORE UPDATE OF state ON amendments
FOR EACH ROW WHEN (OLD.state <> NEW.state AND OLD.state || ' ' || NEW.state NOT IN ('requested ordered', 'requested refused', 'requested withdrawn', 'ordered agreed', 'ordered declined', 'ordered withdrawn', 'agreed applied', 'agreed withdrawn'))
EXECUTE FUNCTION refuse('a change does not go from that state to this one');

CREATE TRIGGER amendments_begin BEFORE INSERT ON amendments
FOR EACH ROW WHEN (NEW.state NOT IN ('requested', 'ordered', 'agreed') OR NEW.state <> 'requested' AND NEW.needs > 0)
EXECUTE FUNCTION refuse('a change begins as a request');

CREATE TRIGGER amendments_kept BEFORE UPDATE OF id, subscription_id, once, version, plan, unit, quantity, year_cents, once_cents, settled, starts, extra_cents, needs, words, requester_id, requested_at ON amendments
FOR EACH ROW EXECUTE FUNCTION refuse('what was asked never changes');

CREATE TRIGGER amendment_votes_kept BEFORE UPDATE ON amendment_votes
FOR EACH ROW EXECUTE FUNCTION refuse('an approval never changes');

CREATE FUNCTION refuse_own_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM amendments a WHERE a.id = NEW.amendment_id AND a.requester_id = NEW.account_id) THEN
		RAISE EXCEPTION 'nobody approves what they asked for' USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER amendment_votes_others BEFORE INSERT ON amendment_votes
FOR EACH ROW EXECUTE FUNCTION refuse_own_change();
