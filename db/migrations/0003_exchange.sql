-- Imports: which file brought what, so that a whole import can be undone.

CREATE TABLE imports (
	id         INTEGER PRIMARY KEY,
	kind       TEXT    NOT NULL CHECK (kind IN ('fedramp', 'listings', 'publiccode', 'cpv', 'demonstration')),
	file       TEXT    NOT NULL,                            -- its name, without folders
	started_at TEXT    NOT NULL,
	created    INTEGER NOT NULL DEFAULT 0,                  -- records that were new
	changed    INTEGER NOT NULL DEFAULT 0,
	unchanged  INTEGER NOT NULL DEFAULT 0,
	problems   INTEGER NOT NULL DEFAULT 0,                  -- records or fields left out, each told in the report
	undone_at  TEXT
) STRICT;

-- What the import touched, in order, with what stood there before.
CREATE TABLE import_changes (
	import_id  INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
	position   INTEGER NOT NULL,
	subject    TEXT    NOT NULL CHECK (subject IN ('organisation', 'offering', 'cpv')),
	subject_id INTEGER NOT NULL,
	revision   INTEGER NOT NULL,                            -- of the subject after the change
	previous   TEXT    NOT NULL,                            -- JSON; '' when it was new
	PRIMARY KEY (import_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX import_changes_subject ON import_changes (subject, subject_id);
