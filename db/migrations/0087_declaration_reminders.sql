-- Reminders of declarations that end, each once.
CREATE TABLE declaration_reminders (
	declaration_id INTEGER NOT NULL REFERENCES declarations (id) ON DELETE CASCADE,
	days           INTEGER NOT NULL,                         -- before its last day
	told_at        TEXT    NOT NULL,
	PRIMARY KEY (declaration_id, days)
) STRICT;
