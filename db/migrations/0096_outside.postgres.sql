-- A subscription may be for what is not in the catalogue, where it was imported.

ALTER TABLE subscriptions ALTER COLUMN offering_id DROP NOT NULL;
ALTER TABLE subscriptions ALTER COLUMN version DROP NOT NULL;
ALTER TABLE subscriptions ALTER COLUMN budget_id DROP NOT NULL;
ALTER TABLE subscriptions ADD COLUMN import_id BIGINT REFERENCES contract_imports (id);
ALTER TABLE subscriptions ADD COLUMN service TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN vendor TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN reference TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions DROP CONSTRAINT subscriptions_check1;
ALTER TABLE subscriptions ADD CHECK (state NOT IN ('accepted', 'active', 'suspended', 'ending', 'ended') OR ordered_at IS NOT NULL OR import_id IS NOT NULL);
ALTER TABLE subscriptions ADD CHECK (import_id IS NOT NULL OR offering_id IS NOT NULL AND version IS NOT NULL AND budget_id IS NOT NULL);
ALTER TABLE subscriptions ADD CHECK (budget_id IS NOT NULL OR held = 0);
ALTER TABLE subscriptions ADD CHECK ((service = '') = (offering_id IS NOT NULL));

CREATE INDEX subscriptions_import ON subscriptions (import_id);

DROP TRIGGER subscriptions_begin ON subscriptions;
CREATE TRIGGER subscriptions_begin BEFORE INSERT ON subscriptions
FOR EACH ROW WHEN (NEW.import_id IS NULL AND NEW.state NOT IN ('requested', 'ordered') OR NEW.import_id IS NOT NULL AND NEW.state NOT IN ('accepted', 'active') OR NEW.state = 'ordered' AND NEW.needs > 0)
EXECUTE FUNCTION refuse('a subscription begins as a request');

DROP TRIGGER subscriptions_kept ON subscriptions;
CREATE TRIGGER subscriptions_kept BEFORE UPDATE OF id, organisation_id, once, offering_id, requester_id, requested_at, import_id ON subscriptions
FOR EACH ROW EXECUTE FUNCTION refuse('whose a subscription is never changes');

CREATE OR REPLACE FUNCTION refuse_real_subscription() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM organisations o WHERE o.id = OLD.organisation_id AND o.invented = 0)
		AND NOT EXISTS (SELECT FROM contract_imports i WHERE i.id = OLD.import_id AND i.undone_at IS NOT NULL) THEN
		RAISE EXCEPTION 'subscriptions end, they are never removed' USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN OLD;
END $$;

-- How much was used is said by the body, by its vendor, or by both.

ALTER TABLE usage_months ADD COLUMN source TEXT NOT NULL DEFAULT 'body' CHECK (source IN ('body', 'vendor'));
ALTER TABLE usage_months ALTER COLUMN source DROP DEFAULT;
ALTER TABLE usage_months DROP CONSTRAINT usage_months_pkey;
ALTER TABLE usage_months ADD PRIMARY KEY (subscription_id, month, source);
