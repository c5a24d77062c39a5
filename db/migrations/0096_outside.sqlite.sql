-- A subscription may be for what is not in the catalogue, where it was imported. What
-- SQLite cannot loosen is made anew; the other tables go on referring to it by name.

DROP TRIGGER approval_votes_others;

CREATE TABLE subscriptions_wider (
	id              INTEGER PRIMARY KEY,
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	once            TEXT    NOT NULL CHECK (once <> ''),       -- of the form that asked
	project_id      INTEGER REFERENCES projects (id),          -- that decided for it; NULL: none
	offering_id     INTEGER REFERENCES offerings (id),         -- NULL: it is not in the catalogue
	version         INTEGER,                                   -- whose prices hold; NULL: the contract's
	plan            TEXT    NOT NULL,                          -- code of the plan; of an import what the file calls it
	unit            TEXT    NOT NULL DEFAULT '',               -- so many …
	quantity        TEXT    NOT NULL DEFAULT '',               -- … decimal; '' where nothing is counted
	months          INTEGER NOT NULL CHECK (months BETWEEN 1 AND 120),
	starts          TEXT    NOT NULL CHECK (starts LIKE '____-__-__'),
	renewal         TEXT    NOT NULL CHECK (renewal IN ('none', 'tacit', 'express')),
	notice_days     INTEGER NOT NULL CHECK (notice_days BETWEEN 0 AND 730),
	year_cents      INTEGER NOT NULL CHECK (year_cents >= 0),  -- euro cents without VAT
	once_cents      INTEGER NOT NULL CHECK (once_cents >= 0),
	budget_id       INTEGER REFERENCES budget_lines (id),      -- NULL: of an import without one
	held            INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0), -- reserved on the line for it
	words           TEXT    NOT NULL DEFAULT '',               -- to the approver and the vendor
	needs           INTEGER NOT NULL CHECK (needs BETWEEN 0 AND 2), -- approvals
	round           INTEGER NOT NULL DEFAULT 1,                -- counts how often it was sent
	state           TEXT    NOT NULL CHECK (state IN ('requested', 'returned', 'refused', 'withdrawn', 'ordered', 'asked', 'declined', 'accepted', 'active', 'suspended', 'ending', 'ended')),
	requester_id    INTEGER NOT NULL REFERENCES accounts (id),
	revision        INTEGER NOT NULL DEFAULT 1,
	requested_at    TEXT    NOT NULL,
	ordered_at      TEXT,
	first_use       TEXT    CHECK (first_use LIKE '____-__-__'),
	ends            TEXT    CHECK (ends LIKE '____-__-__'),    -- last day
	notice_by       TEXT    CHECK (notice_by LIKE '____-__-__'), -- last day to end it, or to renew it; NULL: nothing is to be said
	exported        TEXT    CHECK (exported LIKE '____-__-__'), -- day on which the data was got back
	import_id       INTEGER REFERENCES contract_imports (id),  -- that brought it; NULL: it was requested here
	service         TEXT    NOT NULL DEFAULT '',               -- by the file, where it is not in the catalogue
	vendor          TEXT    NOT NULL DEFAULT '',
	reference       TEXT    NOT NULL DEFAULT '',               -- number of the contract
	UNIQUE (organisation_id, once),
	FOREIGN KEY (offering_id, version) REFERENCES versions (offering_id, number),
	CHECK ((unit = '') = (quantity = '')),
	CHECK (state NOT IN ('accepted', 'active', 'suspended', 'ending', 'ended') OR ordered_at IS NOT NULL OR import_id IS NOT NULL),
	CHECK (state NOT IN ('active', 'suspended') OR first_use IS NOT NULL AND ends IS NOT NULL),
	CHECK (state NOT IN ('ending', 'ended') OR ends IS NOT NULL),
	CHECK (state <> 'ended' OR exported IS NOT NULL),
	CHECK (state NOT IN ('requested', 'returned', 'refused', 'withdrawn', 'declined') OR held = 0),
	CHECK (import_id IS NOT NULL OR offering_id IS NOT NULL AND version IS NOT NULL AND budget_id IS NOT NULL),
	CHECK (budget_id IS NOT NULL OR held = 0),
	CHECK ((service = '') = (offering_id IS NOT NULL))
) STRICT;

INSERT INTO subscriptions_wider (id, organisation_id, once, project_id, offering_id, version, plan, unit, quantity, months, starts, renewal, notice_days, year_cents, once_cents, budget_id, held, words,
	needs, round, state, requester_id, revision, requested_at, ordered_at, first_use, ends, notice_by, exported)
SELECT id, organisation_id, once, project_id, offering_id, version, plan, unit, quantity, months, starts, renewal, notice_days, year_cents, once_cents, budget_id, held, words,
	needs, round, state, requester_id, revision, requested_at, ordered_at, first_use, ends, notice_by, exported FROM subscriptions;

DROP TABLE subscriptions;
ALTER TABLE subscriptions_wider RENAME TO subscriptions;

CREATE INDEX subscriptions_offering ON subscriptions (offering_id, version);
CREATE INDEX subscriptions_project ON subscriptions (project_id);
CREATE INDEX subscriptions_budget ON subscriptions (budget_id);
CREATE INDEX subscriptions_requester ON subscriptions (requester_id);
CREATE INDEX subscriptions_notice ON subscriptions (notice_by) WHERE state IN ('active', 'suspended');
CREATE INDEX subscriptions_import ON subscriptions (import_id);

CREATE TRIGGER subscriptions_forward BEFORE UPDATE OF state ON subscriptions
WHEN OLD.state <> NEW.state AND OLD.state || ' ' || NEW.state NOT IN ('requested returned', 'requested refused', 'requested withdrawn', 'requested ordered', 'returned requested', 'returned withdrawn', 'ordered asked', 'asked ordered', 'ordered accepted', 'ordered declined', 'asked declined', 'ordered withdrawn', 'asked withdrawn', 'accepted active', 'active suspended', 'suspended active', 'accepted ending', 'active ending', 'suspended ending', 'ending ended')
BEGIN SELECT RAISE(ABORT, 'a subscription does not go from that state to this one'); END;

CREATE TRIGGER subscriptions_begin BEFORE INSERT ON subscriptions
WHEN (NEW.import_id IS NULL AND NEW.state NOT IN ('requested', 'ordered') OR NEW.import_id IS NOT NULL AND NEW.state NOT IN ('accepted', 'active') OR NEW.state = 'ordered' AND NEW.needs > 0)
BEGIN SELECT RAISE(ABORT, 'a subscription begins as a request'); END;

CREATE TRIGGER subscriptions_kept BEFORE UPDATE OF id, organisation_id, once, offering_id, requester_id, requested_at, import_id ON subscriptions
BEGIN SELECT RAISE(ABORT, 'whose a subscription is never changes'); END;

CREATE TRIGGER subscriptions_stay BEFORE DELETE ON subscriptions
WHEN (SELECT invented FROM organisations WHERE id = OLD.organisation_id) = 0 AND (SELECT undone_at FROM contract_imports WHERE id = OLD.import_id) IS NULL
BEGIN SELECT RAISE(ABORT, 'subscriptions end, they are never removed'); END;

CREATE TRIGGER approval_votes_others BEFORE INSERT ON approval_votes
WHEN (SELECT requester_id FROM subscriptions WHERE id = NEW.subscription_id) = NEW.account_id
BEGIN SELECT RAISE(ABORT, 'nobody approves what they asked for'); END;

-- How much was used is said by the body, by its vendor, or by both.

CREATE TABLE usage_by_source (
	subscription_id INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
	month           TEXT    NOT NULL CHECK (month LIKE '____-__'),
	source          TEXT    NOT NULL CHECK (source IN ('body', 'vendor')),
	assigned        INTEGER NOT NULL CHECK (assigned >= 0),
	used            INTEGER NOT NULL CHECK (used BETWEEN 0 AND assigned),
	account_id      INTEGER NOT NULL REFERENCES accounts (id),
	changed_at      TEXT    NOT NULL,
	PRIMARY KEY (subscription_id, month, source)
) STRICT;

INSERT INTO usage_by_source (subscription_id, month, source, assigned, used, account_id, changed_at)
SELECT subscription_id, month, 'body', assigned, used, account_id, changed_at FROM usage_months;

DROP TABLE usage_months;
ALTER TABLE usage_by_source RENAME TO usage_months;

CREATE INDEX usage_months_account ON usage_months (account_id);
