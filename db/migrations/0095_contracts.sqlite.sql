-- A subscription goes only where the machine lets it.

CREATE TRIGGER subscriptions_forward BEFORE UPDATE OF state ON subscriptions
WHEN OLD.state <> NEW.state AND OLD.state || ' ' || NEW.state NOT IN ('requested returned', 'requested refused', 'requested withdrawn', 'requested ordered', 'returned requested', 'returned withdrawn', 'ordered asked', 'asked ordered', 'ordered accepted', 'ordered declined', 'asked declined', 'ordered withdrawn', 'asked withdrawn', 'accepted active', 'active suspended', 'suspended active', 'accepted ending', 'active ending', 'suspended ending', 'ending ended')
BEGIN SELECT RAISE(ABORT, 'a subscription does not go from that state to this one'); END;

CREATE TRIGGER subscriptions_begin BEFORE INSERT ON subscriptions
WHEN NEW.state NOT IN ('requested', 'ordered') OR NEW.state = 'ordered' AND NEW.needs > 0
BEGIN SELECT RAISE(ABORT, 'a subscription begins as a request'); END;

CREATE TRIGGER subscriptions_kept BEFORE UPDATE OF id, organisation_id, once, offering_id, requester_id, requested_at ON subscriptions
BEGIN SELECT RAISE(ABORT, 'whose a subscription is never changes'); END;

CREATE TRIGGER subscriptions_stay BEFORE DELETE ON subscriptions
WHEN (SELECT invented FROM organisations WHERE id = OLD.organisation_id) = 0
BEGIN SELECT RAISE(ABORT, 'subscriptions end, they are never removed'); END;

CREATE TRIGGER subscription_steps_kept BEFORE UPDATE ON subscription_steps
BEGIN SELECT RAISE(ABORT, 'what became of a subscription never changes'); END;

CREATE TRIGGER approval_votes_kept BEFORE UPDATE ON approval_votes
BEGIN SELECT RAISE(ABORT, 'an approval never changes'); END;

CREATE TRIGGER approval_votes_others BEFORE INSERT ON approval_votes
WHEN (SELECT requester_id FROM subscriptions WHERE id = NEW.subscription_id) = NEW.account_id
BEGIN SELECT RAISE(ABORT, 'nobody approves what they asked for'); END;
