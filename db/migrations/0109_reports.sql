-- Reports that people keep under a name, and how often they are sent by mail.

CREATE TABLE saved_reports (
	id              INTEGER PRIMARY KEY,
	account_id      INTEGER NOT NULL REFERENCES accounts (id),
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	name            TEXT    NOT NULL CHECK (name <> ''),
	question        TEXT    NOT NULL CHECK (question <> ''), -- its code
	query           TEXT    NOT NULL,              -- of the address
	schedule        TEXT    NOT NULL DEFAULT '' CHECK (schedule IN ('', 'weekly', 'monthly')), -- '': it is not sent
	next_on         TEXT    CHECK (next_on LIKE '____-__-__'), -- day on which it is sent next
	sent_at         TEXT,
	created_at      TEXT    NOT NULL,
	CHECK ((schedule = '') = (next_on IS NULL)),
	UNIQUE (account_id, organisation_id, name)
) STRICT;

CREATE INDEX saved_reports_organisation ON saved_reports (organisation_id);
CREATE INDEX saved_reports_next ON saved_reports (next_on) WHERE next_on IS NOT NULL;


-- For what was given back, what was paid for ahead, and what is written the same.
CREATE INDEX ledger_charges_minus ON ledger_charges (vendor_id, month) WHERE SUBSTR(CAST(billed AS TEXT), 1, 1) = '-';
CREATE INDEX ledger_charges_committed ON ledger_charges (vendor_id, month) WHERE REPLACE(more, '"CommitmentDiscountId"', '') <> more;
CREATE INDEX ledger_charges_repeated ON ledger_charges (vendor_id, month) WHERE REPLACE(flags, 'same_row', '') <> flags;

-- For what files say of vendors and bodies in columns that have no other use.
CREATE INDEX ledger_charges_vendor_more ON ledger_charges (vendor_id, month) WHERE more <> '';

-- One row that counts what changes sums of the ledger, or whose they are: answers that were
-- worked out are kept until it moves.
CREATE TABLE ledger_revision (
	one   INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
	value INTEGER NOT NULL
) STRICT;

INSERT INTO ledger_revision (one, value) VALUES (1, 0);
