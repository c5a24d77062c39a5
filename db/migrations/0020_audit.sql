-- The log of who did what becomes a chain: each event holds the hash of the one
-- before it, so that nothing can be changed, removed or put elsewhere unseen. How the
-- hash is made stands in models/audit.

ALTER TABLE audit_events ADD COLUMN seq INTEGER CHECK (seq > 0);           -- place in the chain, without gaps; NULL: from a program that knew no chain
ALTER TABLE audit_events ADD COLUMN account_id INTEGER NOT NULL DEFAULT 0; -- who; 0 for a program or a visitor, see actor
ALTER TABLE audit_events ADD COLUMN organisation_id INTEGER NOT NULL DEFAULT 0; -- acting for whom; 0 for nobody
ALTER TABLE audit_events ADD COLUMN origin TEXT NOT NULL DEFAULT '';       -- stands for the network address, see audit_personal; '' for none
ALTER TABLE audit_events ADD COLUMN changes TEXT NOT NULL DEFAULT '[]';    -- JSON: [{"field", "old", "new"}]
ALTER TABLE audit_events ADD COLUMN previous TEXT NOT NULL DEFAULT '';     -- hash of the event before
ALTER TABLE audit_events ADD COLUMN hash TEXT NOT NULL DEFAULT '';         -- SHA-256, hexadecimal

CREATE UNIQUE INDEX audit_events_seq ON audit_events (seq);
CREATE INDEX audit_events_subject ON audit_events (subject, seq);
CREATE INDEX audit_events_at ON audit_events (at);
CREATE INDEX audit_events_account ON audit_events (account_id, seq) WHERE account_id <> 0;
CREATE INDEX audit_events_organisation ON audit_events (organisation_id, seq) WHERE organisation_id <> 0;

-- Where the chain ends. Whoever adds events holds this row, so that they come one
-- after the other.
CREATE TABLE audit_head (
	one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
	seq  INTEGER NOT NULL CHECK (seq >= 0),                 -- of the last event; 0: there is none
	hash TEXT    NOT NULL CHECK (length(hash) = 64)         -- of the last event; zeros when there is none
) STRICT;

INSERT INTO audit_head (one, seq, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- What the events say that is personal. The chain holds only the SHA-256 of salt and
-- value, so that both can be erased and the chain still holds.
CREATE TABLE audit_personal (
	event      INTEGER NOT NULL REFERENCES audit_events (seq),
	place      INTEGER NOT NULL CHECK (place >= 0),         -- of the change among those of the event, from 1; 0: the network address
	side       TEXT    NOT NULL CHECK (side IN ('old', 'new')), -- of the change; 'new' for the network address
	account_id INTEGER NOT NULL,                            -- whose it is; 0 for a visitor
	salt       TEXT,                                        -- random, hexadecimal; NULL: erased
	value      TEXT,                                        -- NULL: erased
	PRIMARY KEY (event, place, side),
	CHECK ((salt IS NULL) = (value IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_personal_account ON audit_personal (account_id) WHERE value IS NOT NULL;
