-- Contracts that a body brings from a file: also with vendors, and for services, that
-- are not in the catalogue.

CREATE TABLE contract_imports (
	id              INTEGER PRIMARY KEY,
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	once            TEXT    NOT NULL CHECK (once <> ''),           -- of the form that brought them
	hash            TEXT    NOT NULL CHECK (length(hash) = 64),    -- SHA-256 of what was in it, hexadecimal
	lines           INTEGER NOT NULL CHECK (lines >= 0),           -- below the heading
	added           INTEGER NOT NULL CHECK (added >= 0),
	known           INTEGER NOT NULL CHECK (known >= 0),           -- that were there already
	refused         INTEGER NOT NULL CHECK (refused >= 0),         -- that have something wrong
	account_id      INTEGER NOT NULL REFERENCES accounts (id),
	created_at      TEXT    NOT NULL,
	undone_at       TEXT,
	undone_by       INTEGER REFERENCES accounts (id),
	UNIQUE (organisation_id, once),
	CHECK (lines = added + known + refused),
	CHECK ((undone_at IS NULL) = (undone_by IS NULL))
) STRICT;

CREATE INDEX contract_imports_account ON contract_imports (account_id);
CREATE INDEX contract_imports_undone_by ON contract_imports (undone_by);
