-- Organisations: public bodies and vendors, and what they are called.

CREATE TABLE organisations (
	id        INTEGER PRIMARY KEY,
	scheme    TEXT    NOT NULL CHECK (scheme <> ''),       -- who numbers it …
	code      TEXT    NOT NULL CHECK (code <> ''),         -- … and how
	slug      TEXT    NOT NULL CHECK (slug <> ''),         -- in addresses, after the id
	kind      TEXT    NOT NULL CHECK (kind IN ('ministry', 'agency', 'municipality', 'school', 'hospital', 'foreign', 'vendor', 'operator')),
	parent_id INTEGER REFERENCES organisations (id),       -- the ministry of an agency
	country   TEXT    CHECK (length(country) = 2),         -- ISO 3166-1 alpha-2; NULL: not known
	size      INTEGER NOT NULL DEFAULT 0 CHECK (size >= 0), -- of size_unit; 0: not known
	size_unit TEXT    NOT NULL DEFAULT '',
	website   TEXT    NOT NULL DEFAULT '',
	invented  INTEGER NOT NULL DEFAULT 0 CHECK (invented IN (0, 1)), -- made up for the demonstration
	revision  INTEGER NOT NULL DEFAULT 1,                  -- counts the changes of this row and its words
	CHECK (parent_id <> id),
	UNIQUE (scheme, code)
) STRICT;

CREATE INDEX organisations_parent ON organisations (parent_id);
CREATE INDEX organisations_kind ON organisations (kind);

CREATE TABLE organisation_words (
	organisation_id INTEGER NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
	language        TEXT    NOT NULL,                -- BCP 47
	name            TEXT    NOT NULL DEFAULT '',
	about           TEXT    NOT NULL DEFAULT '',     -- Markdown
	PRIMARY KEY (organisation_id, language)
) STRICT, WITHOUT ROWID;

CREATE TABLE organisation_markets (
	organisation_id INTEGER NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
	country         TEXT    NOT NULL CHECK (length(country) = 2), -- where a vendor sells
	PRIMARY KEY (organisation_id, country)
) STRICT, WITHOUT ROWID;

-- One row that counts the changes of all organisations: pages that show their
-- names are kept until it moves.
CREATE TABLE organisation_revision (
	one   INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
	value INTEGER NOT NULL
) STRICT;

INSERT INTO organisation_revision (one, value) VALUES (1, 0);
