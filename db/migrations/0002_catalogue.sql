-- The catalogue: what vendors offer, every version of it, and who uses it.
-- Sections, questions, categories and units are data files beside this folder.

CREATE TABLE offerings (
	id           INTEGER PRIMARY KEY,                       -- shown as SC-<id>
	scheme       TEXT    NOT NULL CHECK (scheme <> ''),     -- who numbers it …
	code         TEXT    NOT NULL CHECK (code <> ''),       -- … and how
	slug         TEXT    NOT NULL CHECK (slug <> ''),       -- in addresses, after the id
	vendor_id    INTEGER NOT NULL REFERENCES organisations (id),
	life         TEXT    NOT NULL CHECK (life IN ('open', 'closed', 'suspended', 'withdrawn')),
	life_since   TEXT    CHECK (life_since LIKE '____-__-__'),
	successor_id INTEGER REFERENCES offerings (id) DEFERRABLE INITIALLY DEFERRED, -- the offering to go to instead
	unclaimed    INTEGER NOT NULL CHECK (unclaimed IN (0, 1)), -- facts from public sources, no vendor behind them
	invented     INTEGER NOT NULL CHECK (invented IN (0, 1)),  -- made up for the demonstration
	published    INTEGER,                                   -- number of the version that buyers see; NULL: none
	facts        TEXT    NOT NULL,                          -- SHA-256 of all but the versions, hexadecimal
	revision     INTEGER NOT NULL DEFAULT 1,                -- counts the changes of all that its page shows
	created_at   TEXT    NOT NULL,
	CHECK (successor_id <> id),
	UNIQUE (scheme, code)
) STRICT;

CREATE INDEX offerings_vendor ON offerings (vendor_id);
CREATE INDEX offerings_successor ON offerings (successor_id);

-- Why an offering is closed, suspended or withdrawn.
CREATE TABLE offering_reasons (
	offering_id INTEGER NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
	language    TEXT    NOT NULL,
	words       TEXT    NOT NULL,
	PRIMARY KEY (offering_id, language)
) STRICT, WITHOUT ROWID;

-- One row a change, so that an index in memory can follow the catalogue.
CREATE TABLE listing_changes (
	id          INTEGER PRIMARY KEY,
	offering_id INTEGER NOT NULL                            -- may be gone
) STRICT;

CREATE TABLE versions (
	offering_id  INTEGER NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
	number       INTEGER NOT NULL CHECK (number >= 1),      -- 1, 2, 3 … within the offering
	state        TEXT    NOT NULL CHECK (state IN ('draft', 'waiting', 'sent_back', 'published', 'superseded')),
	hash         TEXT    NOT NULL,                          -- SHA-256 of the content, hexadecimal
	language     TEXT    NOT NULL,                          -- the vendor's own
	website      TEXT    NOT NULL DEFAULT '',
	contact      TEXT    NOT NULL DEFAULT '',
	demo_price   INTEGER NOT NULL DEFAULT 0 CHECK (demo_price IN (0, 1)),
	extra        TEXT    NOT NULL DEFAULT '',               -- JSON from an import that no question asks for
	published_on TEXT    CHECK (published_on LIKE '____-__-__'),
	checked_on   TEXT    CHECK (checked_on LIKE '____-__-__'),
	import_id    INTEGER,                                   -- the import that brought it; NULL: written here
	created_at   TEXT    NOT NULL,
	CHECK (state NOT IN ('published', 'superseded') OR published_on IS NOT NULL),
	PRIMARY KEY (offering_id, number)
) STRICT, WITHOUT ROWID;

-- One version at a time is what buyers see.
CREATE UNIQUE INDEX versions_published ON versions (offering_id) WHERE state = 'published';
CREATE INDEX versions_published_on ON versions (published_on);

CREATE TABLE version_words (
	offering_id INTEGER NOT NULL,
	number      INTEGER NOT NULL,
	language    TEXT    NOT NULL,
	name        TEXT    NOT NULL CHECK (name <> ''),
	summary     TEXT    NOT NULL DEFAULT '',
	description TEXT    NOT NULL DEFAULT '',                -- Markdown
	PRIMARY KEY (offering_id, number, language),
	FOREIGN KEY (offering_id, number) REFERENCES versions (offering_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What changed, in a sentence.
CREATE TABLE version_notes (
	offering_id INTEGER NOT NULL,
	number      INTEGER NOT NULL,
	language    TEXT    NOT NULL,
	words       TEXT    NOT NULL,
	PRIMARY KEY (offering_id, number, language),
	FOREIGN KEY (offering_id, number) REFERENCES versions (offering_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE version_categories (
	offering_id INTEGER NOT NULL,
	number      INTEGER NOT NULL,
	position    INTEGER NOT NULL,                           -- 0 is the main one
	category    TEXT    NOT NULL,                           -- slug in catalogue/categories.json
	PRIMARY KEY (offering_id, number, position),
	FOREIGN KEY (offering_id, number) REFERENCES versions (offering_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX version_categories_category ON version_categories (category, offering_id, number);

CREATE TABLE version_cpv (
	offering_id INTEGER NOT NULL,
	number      INTEGER NOT NULL,
	position    INTEGER NOT NULL,
	code        TEXT    NOT NULL CHECK (code LIKE '________-_'),
	PRIMARY KEY (offering_id, number, position),
	FOREIGN KEY (offering_id, number) REFERENCES versions (offering_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE version_sources (
	offering_id INTEGER NOT NULL,
	number      INTEGER NOT NULL,
	position    INTEGER NOT NULL,
	title       TEXT    NOT NULL,
	url         TEXT    NOT NULL DEFAULT '',
	seen        TEXT    CHECK (seen LIKE '____-__-__'),
	PRIMARY KEY (offering_id, number, position),
	FOREIGN KEY (offering_id, number) REFERENCES versions (offering_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What is said to each question. An answer without values is "unknown".
CREATE TABLE answers (
	offering_id INTEGER NOT NULL,
	number      INTEGER NOT NULL,
	position    INTEGER NOT NULL,                           -- the order it was given in
	question    TEXT    NOT NULL,                           -- id in catalogue/questions.json
	said_by     TEXT    NOT NULL CHECK (said_by IN ('vendor', 'operator', 'public', 'assessor', 'agency')),
	proof       TEXT    NOT NULL CHECK (proof IN ('stated', 'document', 'tested')),
	issuer      TEXT    NOT NULL DEFAULT '',                -- of a certificate
	source      TEXT    NOT NULL DEFAULT '',                -- address or title of the document
	since       TEXT    CHECK (since LIKE '____-__-__'),
	until       TEXT    CHECK (until LIKE '____-__-__'),
	PRIMARY KEY (offering_id, number, position),
	UNIQUE (offering_id, number, question),
	FOREIGN KEY (offering_id, number) REFERENCES versions (offering_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE answer_values (
	offering_id INTEGER NOT NULL,
	number      INTEGER NOT NULL,
	answer      INTEGER NOT NULL,                           -- answers.position
	language    TEXT    NOT NULL,                           -- '' unless the value is free text
	position    INTEGER NOT NULL,
	value       TEXT    NOT NULL,                           -- in the canonical form of the question's type
	PRIMARY KEY (offering_id, number, answer, language, position),
	FOREIGN KEY (offering_id, number, answer) REFERENCES answers (offering_id, number, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE plans (
	offering_id INTEGER NOT NULL,
	number      INTEGER NOT NULL,
	position    INTEGER NOT NULL,
	code        TEXT    NOT NULL CHECK (code <> ''),
	definition  TEXT    NOT NULL,                           -- JSON, as in models/pricing
	PRIMARY KEY (offering_id, number, position),
	UNIQUE (offering_id, number, code),
	FOREIGN KEY (offering_id, number) REFERENCES versions (offering_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Which organisation uses what. An organisation with several deployments has a
-- row for each, told apart by part.
CREATE TABLE uses (
	offering_id     INTEGER NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	part            TEXT    NOT NULL DEFAULT '',
	position        INTEGER NOT NULL,                       -- the order it was given in
	phase           TEXT    NOT NULL CHECK (phase IN ('planned', 'in_use', 'ended')),
	since           TEXT    CHECK (since LIKE '____-__-__'),
	until           TEXT    CHECK (until LIKE '____-__-__'),
	quantity        INTEGER NOT NULL DEFAULT 0 CHECK (quantity >= 0), -- of unit; 0: not known
	unit            TEXT    NOT NULL DEFAULT '',
	source_title    TEXT    NOT NULL DEFAULT '',
	source_url      TEXT    NOT NULL DEFAULT '',
	source_seen     TEXT    CHECK (source_seen LIKE '____-__-__'),
	PRIMARY KEY (offering_id, organisation_id, part)
) STRICT, WITHOUT ROWID;

CREATE INDEX uses_organisation ON uses (organisation_id);

-- The Common Procurement Vocabulary, Regulation (EC) 213/2008.
CREATE TABLE cpv_codes (
	code   TEXT NOT NULL PRIMARY KEY CHECK (code LIKE '________-_'),
	parent TEXT,                                            -- the nearest broader code; NULL for a division
	kind   TEXT NOT NULL CHECK (kind IN ('supplies', 'works', 'services'))
) STRICT, WITHOUT ROWID;

CREATE TABLE cpv_names (
	code     TEXT NOT NULL REFERENCES cpv_codes (code) ON DELETE CASCADE,
	language TEXT NOT NULL,
	name     TEXT NOT NULL CHECK (name <> ''),
	PRIMARY KEY (code, language)
) STRICT, WITHOUT ROWID;
