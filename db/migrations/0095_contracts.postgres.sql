-- A subscription goes only where the machine lets it.

CREATE TRIGGER subscriptions_forward BEFORE UPDATE OF state ON subscriptions
FOR EACH ROW WHEN (OLD.state <> NEW.state AND OLD.state || ' ' || NEW.state NOT IN ('requested returned', 'requested refused', 'requested withdrawn', 'requested ordered', 'returned requested', 'returned withdrawn', 'ordered asked', 'asked ordered', 'ordered accepted', 'ordered declined', 'asked declined', 'ordered withdrawn', 'asked withdrawn', 'accepted active', 'active suspended', 'suspended active', 'accepted ending', 'active ending', 'suspended ending', 'ending ended'))
EXECUTE FUNCTION refuse('a subscription does not go from that state to this one');

CREATE TRIGGER subscriptions_begin BEFORE INSERT ON subscriptions
FOR EACH ROW WHEN (NEW.state NOT IN ('requested', 'ordered') OR NEW.state = 'ordered' AND NEW.needs > 0)
EXECUTE FUNCTION refuse('a subscription begins as a request');

CREATE TRIGGER subscriptions_kept BEFORE UPDATE OF id, organisation_id, once, offering_id, requester_id, requested_at ON subscriptions
FOR EACH ROW EXECUTE FUNCTION refuse('whose a subscription is never changes');

CREATE FUNCTION refuse_real_subscription() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM organisations o WHERE o.id = OLD.organisation_id AND o.invented = 0) THEN
		RAISE EXCEPTION 'subscriptions end, they are never removed' USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN OLD;
END $$;

CREATE TRIGGER subscriptions_stay BEFORE DELETE ON subscriptions
FOR EACH ROW EXECUTE FUNCTION refuse_real_subscription();

CREATE TRIGGER subscription_steps_kept BEFORE UPDATE ON subscription_steps
FOR EACH ROW EXECUTE FUNCTION refuse('what became of a subscription never changes');

CREATE TRIGGER approval_votes_kept BEFORE UPDATE ON approval_votes
FOR EACH ROW EXECUTE FUNCTION refuse('an approval never changes');

CREATE FUNCTION refuse_own_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM subscriptions s WHERE s.id = NEW.subscription_id AND s.requester_id = NEW.account_id) THEN
		RAISE EXCEPTION 'nobody approves what they asked for' USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER approval_votes_others BEFORE INSERT ON approval_votes
FOR EACH ROW EXECUTE FUNCTION refuse_own_approval();
