-- A key as it was on a day, and what was shared by it, never change.

CREATE TRIGGER ledger_key_versions_kept BEFORE UPDATE ON ledger_key_versions
BEGIN SELECT RAISE(ABORT, 'what a key was on a day never changes'); END;

CREATE TRIGGER ledger_key_weights_kept BEFORE UPDATE ON ledger_key_weights
BEGIN SELECT RAISE(ABORT, 'what a key was on a day never changes'); END;

CREATE TRIGGER ledger_shares_kept BEFORE UPDATE ON ledger_shares
BEGIN SELECT RAISE(ABORT, 'by what was shared never changes'); END;

CREATE TRIGGER ledger_shared_kept BEFORE UPDATE ON ledger_shared
WHEN OLD.batch_id <> NEW.batch_id OR OLD.charge_id <> NEW.charge_id OR OLD.part <> NEW.part OR OLD.undone = 1
BEGIN SELECT RAISE(ABORT, 'what was shared never changes'); END;
