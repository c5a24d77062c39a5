-- Keys that sign what browsers keep for us, made when first needed.
CREATE TABLE keys (
	name       TEXT NOT NULL PRIMARY KEY CHECK (name <> ''), -- what it is for
	value      BLOB NOT NULL CHECK (length(value) >= 32),    -- random bytes
	created_at TEXT NOT NULL
) STRICT;
