-- A trigger before a row is written has SQLite copy the whole row first; one after it looks
-- at the row that is there, and undoes the statement all the same.

DROP TRIGGER ledger_charges_begin;

CREATE TRIGGER ledger_charges_begin AFTER INSERT ON ledger_charges
WHEN (SELECT state FROM ledger_batches WHERE id = NEW.batch_id) <> 'loading'
BEGIN SELECT RAISE(ABORT, 'charges come with a batch that is being loaded'); END;
