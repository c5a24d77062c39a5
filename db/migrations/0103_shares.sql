-- Shared services: keys by which what one body pays for several is shared among them, and
-- which charges were shared by which key.

CREATE TABLE ledger_keys (
	id              INTEGER PRIMARY KEY,
	organisation_id INTEGER NOT NULL REFERENCES organisations (id), -- who pays, and shares
	name            TEXT    NOT NULL CHECK (name <> ''),
	measure         TEXT    NOT NULL CHECK (measure IN ('users', 'usage', 'percent', 'other')),
	words           TEXT    NOT NULL DEFAULT '',                    -- what the weights are, where it is something else
	created_at      TEXT    NOT NULL,
	UNIQUE (organisation_id, name),
	CHECK ((measure = 'other') = (words <> ''))
) STRICT;

-- The weights as they are from a day on. Of several of one day the newest holds.
CREATE TABLE ledger_key_versions (
	id         INTEGER PRIMARY KEY,
	key_id     INTEGER NOT NULL REFERENCES ledger_keys (id),
	day        TEXT    NOT NULL CHECK (day LIKE '____-__-__'),
	created_at TEXT    NOT NULL
) STRICT;

CREATE INDEX ledger_key_versions_key ON ledger_key_versions (key_id, day);

CREATE TABLE ledger_key_weights (
	version_id      INTEGER NOT NULL REFERENCES ledger_key_versions (id),
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	weight          TEXT    NOT NULL,                               -- decimal, above 0
	PRIMARY KEY (version_id, organisation_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX ledger_key_weights_organisation ON ledger_key_weights (organisation_id);

-- A batch that shares what was charged.
CREATE TABLE ledger_shares (
	batch_id    INTEGER NOT NULL PRIMARY KEY REFERENCES ledger_batches (id),
	version_id  INTEGER NOT NULL REFERENCES ledger_key_versions (id),
	month       TEXT    NOT NULL CHECK (month LIKE '____-__'),
	document_id INTEGER REFERENCES ledger_documents (id)            -- whose charges they are; NULL: they were chosen otherwise
) STRICT;

CREATE INDEX ledger_shares_version ON ledger_shares (version_id);
CREATE INDEX ledger_shares_document ON ledger_shares (document_id);

CREATE TABLE ledger_shared (
	batch_id  INTEGER NOT NULL REFERENCES ledger_batches (id),
	charge_id INTEGER NOT NULL REFERENCES ledger_charges (id),
	part      INTEGER NOT NULL CHECK (part > 0),                    -- charges of one part are shared as one amount; the line of its rows
	undone    INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
	PRIMARY KEY (batch_id, charge_id)
) STRICT, WITHOUT ROWID;

-- A charge is shared once.
CREATE UNIQUE INDEX ledger_shared_once ON ledger_shared (charge_id) WHERE undone = 0;
CREATE INDEX ledger_shared_charge ON ledger_shared (charge_id);
