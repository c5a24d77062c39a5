-- Changes of how much is subscribed to, or of the plan, from a day on; and what is to be
-- done before a service is in use.

CREATE TABLE amendments (
	id              INTEGER PRIMARY KEY,
	subscription_id INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
	once            TEXT    NOT NULL CHECK (once <> ''),       -- of the form that asked
	state           TEXT    NOT NULL CHECK (state IN ('requested', 'refused', 'withdrawn', 'ordered', 'declined', 'agreed', 'applied')),
	version         INTEGER,                                   -- whose prices hold then; NULL: the contract's
	plan            TEXT    NOT NULL,
	unit            TEXT    NOT NULL,
	quantity        TEXT    NOT NULL,
	year_cents      INTEGER NOT NULL CHECK (year_cents >= 0),  -- from then on, euro cents without VAT
	once_cents      INTEGER NOT NULL CHECK (once_cents >= 0),  -- for the change
	settled         INTEGER NOT NULL CHECK (settled IN (0, 1)), -- 1: the price is agreed, not the list's
	starts          TEXT    NOT NULL CHECK (starts LIKE '____-__-__'),
	extra_cents     INTEGER NOT NULL CHECK (extra_cents >= 0), -- to be reserved for it
	held            INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0), -- that is reserved, until it is applied
	needs           INTEGER NOT NULL CHECK (needs BETWEEN 0 AND 2), -- approvals
	words           TEXT    NOT NULL CHECK (words <> ''),      -- why
	answer          TEXT    NOT NULL DEFAULT '',               -- of the approver or the vendor
	old_version     INTEGER,                                   -- what held before
	old_plan        TEXT    NOT NULL,
	old_unit        TEXT    NOT NULL,
	old_quantity    TEXT    NOT NULL,
	old_year_cents  INTEGER NOT NULL,
	requester_id    INTEGER NOT NULL REFERENCES accounts (id),
	requested_at    TEXT    NOT NULL,
	revision        INTEGER NOT NULL DEFAULT 1,
	ordered_at      TEXT,                                      -- when the vendor was asked; NULL: it never was
	applied_at      TEXT,
	UNIQUE (subscription_id, once),
	CHECK ((unit = '') = (quantity = '')),
	CHECK (held = 0 OR state IN ('ordered', 'agreed')),
	CHECK (state NOT IN ('ordered', 'declined', 'agreed', 'applied') OR ordered_at IS NOT NULL),
	CHECK ((applied_at IS NOT NULL) = (state = 'applied'))
) STRICT;

CREATE UNIQUE INDEX amendments_open ON amendments (subscription_id) WHERE state IN ('requested', 'ordered', 'agreed');
CREATE INDEX amendments_due ON amendments (starts) WHERE state = 'agreed';
CREATE INDEX amendments_requester ON amendments (requester_id);

-- Who approved a change: each once.
CREATE TABLE amendment_votes (
	amendment_id    INTEGER NOT NULL REFERENCES amendments (id) ON DELETE CASCADE,
	account_id      INTEGER NOT NULL REFERENCES accounts (id),
	created_at      TEXT    NOT NULL,
	PRIMARY KEY (amendment_id, account_id)
) STRICT;

CREATE INDEX amendment_votes_account ON amendment_votes (account_id);

-- What the vendor and the body do before a service is in use.
CREATE TABLE onboarding_steps (
	id              INTEGER PRIMARY KEY,
	subscription_id INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
	side            TEXT    NOT NULL CHECK (side IN ('buyer', 'vendor')), -- whose it is
	words           TEXT    NOT NULL CHECK (words <> ''),
	due             TEXT    CHECK (due LIKE '____-__-__'),     -- day by which it is wanted
	author          TEXT    NOT NULL CHECK (author IN ('buyer', 'vendor')), -- side that wrote it
	account_id      INTEGER REFERENCES accounts (id),          -- who wrote it; NULL: a program
	created_at      TEXT    NOT NULL,
	done_at         TEXT,
	done_by         INTEGER REFERENCES accounts (id),
	UNIQUE (subscription_id, side, words),
	CHECK ((done_at IS NULL) = (done_by IS NULL))
) STRICT;

CREATE INDEX onboarding_steps_account ON onboarding_steps (account_id);
CREATE INDEX onboarding_steps_done_by ON onboarding_steps (done_by);
