-- What counts once is never changed and never removed: corrections are new rows.

-- Amounts are decimals of the engine, so that other programs can add them.

ALTER TABLE fx_rates
	ALTER COLUMN rate TYPE NUMERIC USING rate::NUMERIC;

ALTER TABLE ledger_documents
	ALTER COLUMN net TYPE NUMERIC USING net::NUMERIC,
	ALTER COLUMN vat TYPE NUMERIC USING vat::NUMERIC,
	ALTER COLUMN gross TYPE NUMERIC USING gross::NUMERIC,
	ALTER COLUMN prepaid TYPE NUMERIC USING prepaid::NUMERIC,
	ALTER COLUMN rounding TYPE NUMERIC USING rounding::NUMERIC,
	ALTER COLUMN payable TYPE NUMERIC USING payable::NUMERIC;

ALTER TABLE ledger_charges
	ALTER COLUMN quantity TYPE NUMERIC USING quantity::NUMERIC,
	ALTER COLUMN unit_price TYPE NUMERIC USING unit_price::NUMERIC,
	ALTER COLUMN billed TYPE NUMERIC USING billed::NUMERIC,
	ALTER COLUMN effective TYPE NUMERIC USING effective::NUMERIC,
	ALTER COLUMN list TYPE NUMERIC USING list::NUMERIC,
	ALTER COLUMN contracted TYPE NUMERIC USING contracted::NUMERIC,
	ALTER COLUMN rate TYPE NUMERIC USING rate::NUMERIC,
	ALTER COLUMN euros TYPE NUMERIC USING euros::NUMERIC,
	ALTER COLUMN vat_rate TYPE NUMERIC USING vat_rate::NUMERIC;

CREATE FUNCTION refuse_not_loading() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF (SELECT state FROM ledger_batches WHERE id = NEW.batch_id) <> 'loading' THEN
		RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN NEW;
END $$;

CREATE FUNCTION refuse_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM ledger_batches b JOIN organisations o ON o.id = b.organisation_id WHERE b.id = OLD.batch_id AND b.accepted_at IS NOT NULL AND o.invented = 0) THEN
		RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN OLD;
END $$;

CREATE TRIGGER ledger_charges_begin BEFORE INSERT ON ledger_charges
FOR EACH ROW EXECUTE FUNCTION refuse_not_loading('charges come with a batch that is being loaded');

CREATE TRIGGER ledger_charges_kept BEFORE UPDATE ON ledger_charges
FOR EACH ROW EXECUTE FUNCTION refuse('a charge never changes: correct it by another');

CREATE TRIGGER ledger_charges_stay BEFORE DELETE ON ledger_charges
FOR EACH ROW EXECUTE FUNCTION refuse_accepted('a charge that was accepted is never removed');

CREATE TRIGGER ledger_documents_begin BEFORE INSERT ON ledger_documents
FOR EACH ROW EXECUTE FUNCTION refuse_not_loading('documents come with a batch that is being loaded');

CREATE TRIGGER ledger_documents_kept BEFORE UPDATE ON ledger_documents
FOR EACH ROW EXECUTE FUNCTION refuse('an invoice never changes: correct it by another');

CREATE TRIGGER ledger_documents_stay BEFORE DELETE ON ledger_documents
FOR EACH ROW EXECUTE FUNCTION refuse_accepted('an invoice that was accepted is never removed');

CREATE TRIGGER ledger_batch_cells_begin BEFORE INSERT ON ledger_batch_cells
FOR EACH ROW EXECUTE FUNCTION refuse_not_loading('sums come with a batch that is being loaded');

CREATE TRIGGER ledger_batch_cells_kept BEFORE UPDATE ON ledger_batch_cells
FOR EACH ROW EXECUTE FUNCTION refuse_not_loading('the sums of a batch never change');

CREATE TRIGGER ledger_batch_cells_stay BEFORE DELETE ON ledger_batch_cells
FOR EACH ROW EXECUTE FUNCTION refuse_accepted('the sums of a batch that was accepted are never removed');

CREATE TRIGGER ledger_batches_begin BEFORE INSERT ON ledger_batches
FOR EACH ROW WHEN (NEW.state <> 'uploaded') EXECUTE FUNCTION refuse('a batch begins as a file');

CREATE TRIGGER ledger_batches_forward BEFORE UPDATE OF state ON ledger_batches
FOR EACH ROW WHEN (OLD.state <> NEW.state AND OLD.state || ' ' || NEW.state NOT IN ('uploaded found', 'uploaded loading', 'uploaded failed', 'uploaded discarded', 'found loading', 'found discarded', 'loading staged', 'loading failed', 'loading discarded', 'staged loading', 'staged accepted', 'staged discarded', 'failed loading', 'failed discarded', 'accepted undone')) EXECUTE FUNCTION refuse('a batch does not go from that state to this one');

CREATE TRIGGER ledger_batches_kept BEFORE UPDATE OF id, organisation_id, file, hash, bytes, created_at ON ledger_batches
FOR EACH ROW EXECUTE FUNCTION refuse('what file a batch is never changes');

CREATE TRIGGER ledger_batches_sealed BEFORE UPDATE OF format, style, mapping, rows, taken, rejected, left_out, flagged, undated, unconverted, totals, notices, control, accepted_at ON ledger_batches
FOR EACH ROW WHEN (OLD.accepted_at IS NOT NULL) EXECUTE FUNCTION refuse('what was accepted never changes');

CREATE FUNCTION refuse_accepted_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF OLD.accepted_at IS NOT NULL AND (SELECT invented FROM organisations WHERE id = OLD.organisation_id) = 0 THEN
		RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN OLD;
END $$;

CREATE TRIGGER ledger_batches_stay BEFORE DELETE ON ledger_batches
FOR EACH ROW EXECUTE FUNCTION refuse_accepted_batch('a batch that was accepted is undone, never removed');
