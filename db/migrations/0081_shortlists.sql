-- What a project finds, keeps and leaves out, and the evidence of it.

-- Where a service stands in a project, once somebody has decided.
CREATE TABLE shortlist (
	project_id  INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
	offering_id INTEGER NOT NULL REFERENCES offerings (id),
	standing    TEXT    NOT NULL CHECK (standing IN ('in', 'out')),
	by_hand     INTEGER NOT NULL CHECK (by_hand IN (0, 1)), -- added by its number, not found by the search
	reason      TEXT    NOT NULL DEFAULT '',                -- why it is out
	missed      TEXT    NOT NULL DEFAULT '',                -- numbers of the requirements it misses, spaces between
	changed_at  TEXT    NOT NULL,
	PRIMARY KEY (project_id, offering_id),
	CHECK (standing = 'in' OR reason <> '' OR missed <> '')
) STRICT;

CREATE INDEX shortlist_offering ON shortlist (offering_id);

-- What people of the project found out where a listing says otherwise, or nothing. The
-- last one counts.
CREATE TABLE overrules (
	id             INTEGER PRIMARY KEY,
	project_id     INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
	requirement_id INTEGER NOT NULL REFERENCES requirements (id) ON DELETE CASCADE,
	offering_id    INTEGER NOT NULL REFERENCES offerings (id),
	once           TEXT    NOT NULL CHECK (once <> ''),
	verdict        TEXT    NOT NULL CHECK (verdict IN ('met', 'configuration', 'tailoring', 'not_met', 'unknown', 'answer')), -- answer: as the listing says
	reason         TEXT    NOT NULL CHECK (reason <> ''),
	source         TEXT    NOT NULL CHECK (source <> ''),
	account_id     INTEGER NOT NULL REFERENCES accounts (id),
	created_at     TEXT    NOT NULL,
	UNIQUE (project_id, once)
) STRICT;

CREATE INDEX overrules_requirement ON overrules (requirement_id);
CREATE INDEX overrules_offering ON overrules (offering_id);
CREATE INDEX overrules_account ON overrules (account_id);

-- The search of a project as it was when it was locked.
CREATE TABLE locked_searches (
	project_id INTEGER PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
	query      TEXT    NOT NULL,                            -- as in an address
	record     TEXT    NOT NULL CHECK (record <> ''),       -- JSON of all that was locked
	hash       TEXT    NOT NULL CHECK (length(hash) = 64),  -- SHA-256 of record
	account_id INTEGER NOT NULL REFERENCES accounts (id),
	locked_at  TEXT    NOT NULL
) STRICT;

CREATE INDEX locked_searches_account ON locked_searches (account_id);

-- Its results in their order, each as the version that was seen.
CREATE TABLE locked_results (
	project_id  INTEGER NOT NULL REFERENCES locked_searches (project_id) ON DELETE CASCADE,
	position    INTEGER NOT NULL,
	offering_id INTEGER NOT NULL,
	version     INTEGER NOT NULL,
	PRIMARY KEY (project_id, position),
	UNIQUE (project_id, offering_id),
	FOREIGN KEY (offering_id, version) REFERENCES versions (offering_id, number)
) STRICT;

CREATE INDEX locked_results_version ON locked_results (offering_id, version);
