-- A key as it was on a day, and what was shared by it, never change.

ALTER TABLE ledger_key_weights
	ALTER COLUMN weight TYPE NUMERIC USING weight::NUMERIC;

CREATE TRIGGER ledger_key_versions_kept BEFORE UPDATE ON ledger_key_versions
FOR EACH ROW EXECUTE FUNCTION refuse('what a key was on a day never changes');

CREATE TRIGGER ledger_key_weights_kept BEFORE UPDATE ON ledger_key_weights
FOR EACH ROW EXECUTE FUNCTION refuse('what a key was on a day never changes');

CREATE TRIGGER ledger_shares_kept BEFORE UPDATE ON ledger_shares
FOR EACH ROW EXECUTE FUNCTION refuse('by what was shared never changes');

CREATE TRIGGER ledger_shared_kept BEFORE UPDATE ON ledger_shared
FOR EACH ROW WHEN (OLD.batch_id <> NEW.batch_id OR OLD.charge_id <> NEW.charge_id OR OLD.part <> NEW.part OR OLD.undone = 1)
EXECUTE FUNCTION refuse('what was shared never changes');
