-- Who did what. Rows are added, never changed.
CREATE TABLE audit_events (
	id      INTEGER PRIMARY KEY,
	at      TEXT NOT NULL,
	actor   TEXT NOT NULL CHECK (actor <> ''),              -- who, as models.Actor names itself
	action  TEXT NOT NULL CHECK (action LIKE '%.%'),        -- noun.verb
	subject TEXT NOT NULL
) STRICT;
