-- Registers of systems that were brought, and what each changed, so that it can be undone.
CREATE TABLE owned_imports (
	id         INTEGER PRIMARY KEY,
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

CREATE TABLE owned_import_changes (
	import_id INTEGER NOT NULL REFERENCES owned_imports (id),
	system_id INTEGER NOT NULL REFERENCES owned_systems (id),
	before    TEXT    NOT NULL,               -- JSON: what it was; '': it was added
	revision  INTEGER NOT NULL,               -- that the import made
	PRIMARY KEY (import_id, system_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX owned_import_changes_system ON owned_import_changes (system_id);
