-- Subscriptions of public bodies: requests and who approves them, the money that is
-- reserved for them, how vendors take them up, how they run and how they end.

-- From what amount on requests of a body are approved, and by how many. A body without
-- a row has every request approved by one.
CREATE TABLE approval_rules (
	organisation_id INTEGER PRIMARY KEY REFERENCES organisations (id),
	free_below      INTEGER NOT NULL CHECK (free_below >= 0),  -- first year, euro cents without VAT: below it nobody is asked
	two_above       INTEGER CHECK (two_above >= 0),            -- above it two approve; NULL: one always is enough
	revision        INTEGER NOT NULL DEFAULT 1
) STRICT;

-- What a body may spend. The database lets nobody reserve more than there is.
CREATE TABLE budget_lines (
	id              INTEGER PRIMARY KEY,
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	code            TEXT    NOT NULL CHECK (code <> ''),
	name            TEXT    NOT NULL CHECK (name <> ''),
	year            INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 2100),
	cents           INTEGER NOT NULL CHECK (cents >= 0),       -- euro cents without VAT
	reserved        INTEGER NOT NULL DEFAULT 0,
	revision        INTEGER NOT NULL DEFAULT 1,
	UNIQUE (organisation_id, year, code),
	CHECK (reserved BETWEEN 0 AND cents)
) STRICT;

CREATE TABLE subscriptions (
	id              INTEGER PRIMARY KEY,
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	once            TEXT    NOT NULL CHECK (once <> ''),       -- of the form that asked
	project_id      INTEGER REFERENCES projects (id),          -- that decided for it; NULL: none
	offering_id     INTEGER NOT NULL REFERENCES offerings (id),
	version         INTEGER NOT NULL,                          -- whose prices hold
	plan            TEXT    NOT NULL,                          -- code of the plan
	unit            TEXT    NOT NULL DEFAULT '',               -- so many …
	quantity        TEXT    NOT NULL DEFAULT '',               -- … decimal; '' where nothing is counted
	months          INTEGER NOT NULL CHECK (months BETWEEN 1 AND 120),
	starts          TEXT    NOT NULL CHECK (starts LIKE '____-__-__'),
	renewal         TEXT    NOT NULL CHECK (renewal IN ('none', 'tacit', 'express')),
	notice_days     INTEGER NOT NULL CHECK (notice_days BETWEEN 0 AND 730),
	year_cents      INTEGER NOT NULL CHECK (year_cents >= 0),  -- euro cents without VAT
	once_cents      INTEGER NOT NULL CHECK (once_cents >= 0),
	budget_id       INTEGER NOT NULL REFERENCES budget_lines (id),
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
	UNIQUE (organisation_id, once),
	FOREIGN KEY (offering_id, version) REFERENCES versions (offering_id, number),
	CHECK ((unit = '') = (quantity = '')),
	CHECK (state NOT IN ('accepted', 'active', 'suspended', 'ending', 'ended') OR ordered_at IS NOT NULL),
	CHECK (state NOT IN ('active', 'suspended') OR first_use IS NOT NULL AND ends IS NOT NULL),
	CHECK (state NOT IN ('ending', 'ended') OR ends IS NOT NULL),
	CHECK (state <> 'ended' OR exported IS NOT NULL),
	CHECK (state NOT IN ('requested', 'returned', 'refused', 'withdrawn', 'declined') OR held = 0)
) STRICT;

CREATE INDEX subscriptions_offering ON subscriptions (offering_id, version);
CREATE INDEX subscriptions_project ON subscriptions (project_id);
CREATE INDEX subscriptions_budget ON subscriptions (budget_id);
CREATE INDEX subscriptions_requester ON subscriptions (requester_id);
CREATE INDEX subscriptions_notice ON subscriptions (notice_by) WHERE state IN ('active', 'suspended');

-- What became of a subscription, and who said what.
CREATE TABLE subscription_steps (
	id              INTEGER PRIMARY KEY,
	subscription_id INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
	step            TEXT    NOT NULL,
	account_id      INTEGER REFERENCES accounts (id),          -- NULL: the portal itself
	words           TEXT    NOT NULL DEFAULT '',
	created_at      TEXT    NOT NULL
) STRICT;

CREATE INDEX subscription_steps_subscription ON subscription_steps (subscription_id);
CREATE INDEX subscription_steps_account ON subscription_steps (account_id);

-- Who approved which round of a request: each once.
CREATE TABLE approval_votes (
	subscription_id INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
	round           INTEGER NOT NULL,
	account_id      INTEGER NOT NULL REFERENCES accounts (id),
	created_at      TEXT    NOT NULL,
	PRIMARY KEY (subscription_id, round, account_id)
) STRICT;

CREATE INDEX approval_votes_account ON approval_votes (account_id);

-- How many were bought, given to people, and used in a month.
CREATE TABLE usage_months (
	subscription_id INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
	month           TEXT    NOT NULL CHECK (month LIKE '____-__'),
	assigned        INTEGER NOT NULL CHECK (assigned >= 0),
	used            INTEGER NOT NULL CHECK (used BETWEEN 0 AND assigned),
	account_id      INTEGER NOT NULL REFERENCES accounts (id),
	changed_at      TEXT    NOT NULL,
	PRIMARY KEY (subscription_id, month)
) STRICT;

CREATE INDEX usage_months_account ON usage_months (account_id);

-- Reminders before the last day to say something, each once.
CREATE TABLE notice_reminders (
	subscription_id INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
	notice_by       TEXT    NOT NULL CHECK (notice_by LIKE '____-__-__'),
	days            INTEGER NOT NULL,
	told_at         TEXT    NOT NULL,
	seen_at         TEXT,                                      -- when somebody said that it is looked after
	account_id      INTEGER REFERENCES accounts (id),          -- who
	PRIMARY KEY (subscription_id, notice_by, days),
	CHECK ((seen_at IS NULL) = (account_id IS NULL))
) STRICT;

CREATE INDEX notice_reminders_account ON notice_reminders (account_id);

-- Addresses under which programs read the calendar of a body for a person.
CREATE TABLE calendar_tokens (
	account_id      INTEGER NOT NULL REFERENCES accounts (id),
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	hash            TEXT    NOT NULL UNIQUE CHECK (length(hash) = 64), -- SHA-256 of the token, hexadecimal
	created_at      TEXT    NOT NULL,
	PRIMARY KEY (account_id, organisation_id)
) STRICT;

CREATE INDEX calendar_tokens_organisation ON calendar_tokens (organisation_id);
