-- What counts once is never changed and never removed: corrections are new rows.

CREATE TRIGGER ledger_charges_begin BEFORE INSERT ON ledger_charges
WHEN (SELECT state FROM ledger_batches WHERE id = NEW.batch_id) <> 'loading'
BEGIN SELECT RAISE(ABORT, 'charges come with a batch that is being loaded'); END;

CREATE TRIGGER ledger_charges_kept BEFORE UPDATE ON ledger_charges
BEGIN SELECT RAISE(ABORT, 'a charge never changes: correct it by another'); END;

CREATE TRIGGER ledger_charges_stay BEFORE DELETE ON ledger_charges
WHEN EXISTS (SELECT 1 FROM ledger_batches b JOIN organisations o ON o.id = b.organisation_id WHERE b.id = OLD.batch_id AND b.accepted_at IS NOT NULL AND o.invented = 0)
BEGIN SELECT RAISE(ABORT, 'a charge that was accepted is never removed'); END;

CREATE TRIGGER ledger_documents_begin BEFORE INSERT ON ledger_documents
WHEN (SELECT state FROM ledger_batches WHERE id = NEW.batch_id) <> 'loading'
BEGIN SELECT RAISE(ABORT, 'documents come with a batch that is being loaded'); END;

CREATE TRIGGER ledger_documents_kept BEFORE UPDATE ON ledger_documents
BEGIN SELECT RAISE(ABORT, 'an invoice never changes: correct it by another'); END;

CREATE TRIGGER ledger_documents_stay BEFORE DELETE ON ledger_documents
WHEN EXISTS (SELECT 1 FROM ledger_batches b JOIN organisations o ON o.id = b.organisation_id WHERE b.id = OLD.batch_id AND b.accepted_at IS NOT NULL AND o.invented = 0)
BEGIN SELECT RAISE(ABORT, 'an invoice that was accepted is never removed'); END;

CREATE TRIGGER ledger_batch_cells_begin BEFORE INSERT ON ledger_batch_cells
WHEN (SELECT state FROM ledger_batches WHERE id = NEW.batch_id) <> 'loading'
BEGIN SELECT RAISE(ABORT, 'sums come with a batch that is being loaded'); END;

CREATE TRIGGER ledger_batch_cells_kept BEFORE UPDATE ON ledger_batch_cells
WHEN (SELECT state FROM ledger_batches WHERE id = OLD.batch_id) <> 'loading'
BEGIN SELECT RAISE(ABORT, 'the sums of a batch never change'); END;

CREATE TRIGGER ledger_batch_cells_stay BEFORE DELETE ON ledger_batch_cells
WHEN EXISTS (SELECT 1 FROM ledger_batches b JOIN organisations o ON o.id = b.organisation_id WHERE b.id = OLD.batch_id AND b.accepted_at IS NOT NULL AND o.invented = 0)
BEGIN SELECT RAISE(ABORT, 'the sums of a batch that was accepted are never removed'); END;

CREATE TRIGGER ledger_batches_begin BEFORE INSERT ON ledger_batches
WHEN NEW.state <> 'uploaded'
BEGIN SELECT RAISE(ABORT, 'a batch begins as a file'); END;

CREATE TRIGGER ledger_batches_forward BEFORE UPDATE OF state ON ledger_batches
WHEN OLD.state <> NEW.state AND OLD.state || ' ' || NEW.state NOT IN ('uploaded found', 'uploaded loading', 'uploaded failed', 'uploaded discarded', 'found loading', 'found discarded', 'loading staged', 'loading failed', 'loading discarded', 'staged loading', 'staged accepted', 'staged discarded', 'failed loading', 'failed discarded', 'accepted undone')
BEGIN SELECT RAISE(ABORT, 'a batch does not go from that state to this one'); END;

CREATE TRIGGER ledger_batches_kept BEFORE UPDATE OF id, organisation_id, file, hash, bytes, created_at ON ledger_batches
BEGIN SELECT RAISE(ABORT, 'what file a batch is never changes'); END;

CREATE TRIGGER ledger_batches_sealed BEFORE UPDATE OF format, style, mapping, rows, taken, rejected, left_out, flagged, undated, unconverted, totals, notices, control, accepted_at ON ledger_batches
WHEN OLD.accepted_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what was accepted never changes'); END;

CREATE TRIGGER ledger_batches_stay BEFORE DELETE ON ledger_batches
WHEN OLD.accepted_at IS NOT NULL AND (SELECT invented FROM organisations WHERE id = OLD.organisation_id) = 0
BEGIN SELECT RAISE(ABORT, 'a batch that was accepted is undone, never removed'); END;
