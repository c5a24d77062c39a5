-- Registers of systems that were brought, and what each changed, so that it can be undone.
CREATE TABLE owned_imports (
	id         INTEGER PRIMARY KEY,
	organisation_id INTEGER REFERENCES organisations (id), -- whose systems only; NULL: anybody's
	kind       TEXT    NOT NULL CHECK (kind <> ''),
	file       TEXT    NOT NULL,
	hash       TEXT    NOT NULL CHECK (length(hash) = 64), -- SHA-256 of the file, hexadecimal
	rows       INTEGER NOT NULL CHECK (rows >= 0),
	added      INTEGER NOT NULL,
	changed    INTEGER NOT NULL,
	same       INTEGER NOT NULL,
	refused    INTEGER NOT NULL,
	bodies     INTEGER NOT NULL,              -- organisations that were added for it
	created_at TEXT    NOT NULL,
	undone_at  TEXT,
	CHECK (rows = added + changed + same + refused)
) STRICT;

CREATE INDEX owned_imports_organisation ON owned_imports (organisation_id);

CREATE TABLE owned_import_changes (
	import_id INTEGER NOT NULL REFERENCES owned_imports (id),
	system_id INTEGER NOT NULL REFERENCES owned_systems (id),
	before    TEXT    NOT NULL,               -- JSON: what it was; '': it was added
	revision  INTEGER NOT NULL,               -- that the import made
	PRIMARY KEY (import_id, system_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX owned_import_changes_system ON owned_import_changes (system_id);

-- Registers that were sent on a page, with what would become of them, until somebody
-- accepts them.
CREATE TABLE owned_uploads (
	id              INTEGER PRIMARY KEY,
	organisation_id INTEGER REFERENCES organisations (id), -- whose systems only; NULL: anybody's
	file            TEXT    NOT NULL,
	hash            TEXT    NOT NULL CHECK (length(hash) = 64),
	content         BLOB    NOT NULL,
	preview         TEXT    NOT NULL,                      -- JSON
	import_id       INTEGER REFERENCES owned_imports (id), -- NULL: it was not accepted
	created_at      TEXT    NOT NULL
) STRICT;

CREATE INDEX owned_uploads_organisation ON owned_uploads (organisation_id);
CREATE INDEX owned_uploads_import ON owned_uploads (import_id);
