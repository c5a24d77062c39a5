-- The log only grows. An event without a place in the chain may be given one, a
-- personal value may be erased, and the head moves on: nothing else is ever changed.
-- REPLACE would remove rows without asking the triggers on DELETE, so it is refused
-- where rows come in.

DROP TRIGGER audit_events_kept;

CREATE TRIGGER audit_events_kept BEFORE UPDATE ON audit_events
WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.actor <> OLD.actor
	OR NEW.action <> OLD.action OR NEW.subject <> OLD.subject OR NEW.account_id <> OLD.account_id
	OR NEW.organisation_id <> OLD.organisation_id OR NEW.origin <> OLD.origin OR NEW.changes <> OLD.changes
	OR EXISTS (SELECT 1 FROM audit_events e WHERE e.seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END;

CREATE TRIGGER audit_events_added BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events e WHERE e.id = NEW.id) OR EXISTS (SELECT 1 FROM audit_events e WHERE e.seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'audit events are never replaced'); END;

CREATE TRIGGER audit_personal_kept BEFORE UPDATE ON audit_personal
WHEN NEW.value IS NOT NULL OR NEW.event <> OLD.event OR NEW.side <> OLD.side OR NEW.place <> OLD.place OR NEW.account_id <> OLD.account_id
BEGIN SELECT RAISE(ABORT, 'what is personal in audit events is erased or stays'); END;

CREATE TRIGGER audit_personal_stay BEFORE DELETE ON audit_personal
BEGIN SELECT RAISE(ABORT, 'what is personal in audit events is erased or stays'); END;

CREATE TRIGGER audit_personal_added BEFORE INSERT ON audit_personal
WHEN EXISTS (SELECT 1 FROM audit_personal p WHERE p.event = NEW.event AND p.side = NEW.side AND p.place = NEW.place)
BEGIN SELECT RAISE(ABORT, 'what is personal in audit events is erased or stays'); END;

CREATE TRIGGER audit_head_kept BEFORE UPDATE ON audit_head
WHEN NEW.seq < OLD.seq OR NEW.seq = OLD.seq AND NEW.hash <> OLD.hash OR NEW.one <> OLD.one
BEGIN SELECT RAISE(ABORT, 'the head of the audit chain only moves on'); END;

CREATE TRIGGER audit_head_stay BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the head of the audit chain only moves on'); END;

CREATE TRIGGER audit_head_added BEFORE INSERT ON audit_head
BEGIN SELECT RAISE(ABORT, 'the head of the audit chain only moves on'); END;
