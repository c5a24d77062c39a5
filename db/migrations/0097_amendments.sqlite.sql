-- A change goes only where the machine lets it, and what was asked stays.

CREATE TRIGGER amendments_forward BEFORE UPDATE OF state ON amendments
WHEN OLD.state <> NEW.state AND OLD.state || ' ' || NEW.state NOT IN ('requested ordered', 'requested refused', 'requested withdrawn', 'ordered agreed', 'ordered declined', 'ordered withdrawn', 'agreed applied', 'agreed withdrawn')
BEGIN SELECT RAISE(ABORT, 'a change does not go from that state to this one'); END;

CREATE TRIGGER amendments_begin BEFORE INSERT ON amendments
WHEN NEW.state NOT IN ('requested', 'ordered', 'agreed') OR NEW.state <> 'requested' AND NEW.needs > 0
BEGIN SELECT RAISE(ABORT, 'a change begins as a request'); END;

CREATE TRIGGER amendments_kept BEFORE UPDATE OF id, subscription_id, once, version, plan, unit, quantity, year_cents, once_cents, settled, starts, extra_cents, needs, words, requester_id, requested_at ON amendments
BEGIN SELECT RAISE(ABORT, 'what was asked never changes'); END;

CREATE TRIGGER amendment_votes_kept BEFORE UPDATE ON amendment_votes
BEGIN SELECT RAISE(ABORT, 'an approval never changes'); END;

CREATE TRIGGER amendment_votes_others BEFORE INSERT ON amendment_votes
WHEN (SELECT requester_id FROM amendments WHERE id = NEW.amendment_id) = NEW.account_id
BEGIN SELECT RAISE(ABORT, 'nobody approves what they asked for'); END;
