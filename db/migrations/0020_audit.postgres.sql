-- The log only grows. An event without a place in the chain may be given one, a
-- personal value may be erased, and the head moves on: nothing else is ever changed.
-- TRUNCATE asks no trigger for rows, so it has one of its own.

DROP TRIGGER audit_events_kept ON audit_events;

CREATE TRIGGER audit_events_kept BEFORE UPDATE ON audit_events
FOR EACH ROW WHEN (OLD.seq IS NOT NULL OR NEW.seq IS NULL OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.actor <> OLD.actor
	OR NEW.action <> OLD.action OR NEW.subject <> OLD.subject OR NEW.account_id <> OLD.account_id
	OR NEW.organisation_id <> OLD.organisation_id OR NEW.origin <> OLD.origin OR NEW.changes <> OLD.changes)
EXECUTE FUNCTION refuse('audit events are never changed');

CREATE TRIGGER audit_events_whole BEFORE TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse('audit events are never removed');

CREATE TRIGGER audit_personal_kept BEFORE UPDATE ON audit_personal
FOR EACH ROW WHEN (NEW.value IS NOT NULL OR NEW.event <> OLD.event OR NEW.side <> OLD.side OR NEW.place <> OLD.place
	OR NEW.account_id <> OLD.account_id)
EXECUTE FUNCTION refuse('what is personal in audit events is erased or stays');

CREATE TRIGGER audit_personal_stay BEFORE DELETE ON audit_personal
FOR EACH ROW EXECUTE FUNCTION refuse('what is personal in audit events is erased or stays');

CREATE TRIGGER audit_personal_whole BEFORE TRUNCATE ON audit_personal
FOR EACH STATEMENT EXECUTE FUNCTION refuse('what is personal in audit events is erased or stays');

CREATE TRIGGER audit_head_kept BEFORE UPDATE ON audit_head
FOR EACH ROW WHEN (NEW.seq < OLD.seq OR NEW.seq = OLD.seq AND NEW.hash <> OLD.hash OR NEW.one <> OLD.one)
EXECUTE FUNCTION refuse('the head of the audit chain only moves on');

CREATE TRIGGER audit_head_stay BEFORE DELETE ON audit_head
FOR EACH ROW EXECUTE FUNCTION refuse('the head of the audit chain only moves on');

CREATE TRIGGER audit_head_whole BEFORE TRUNCATE ON audit_head
FOR EACH STATEMENT EXECUTE FUNCTION refuse('the head of the audit chain only moves on');
