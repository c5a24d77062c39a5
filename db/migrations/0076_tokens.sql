-- What programs show instead of a person: each acts for one organisation, as the person
-- who made it, for as long as the person may.

CREATE TABLE tokens (
	id            INTEGER PRIMARY KEY,
	hash          BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256 of the token
	hint          TEXT    NOT NULL CHECK (length(hint) = 4), -- its last characters, by which people tell it from others
	name          TEXT    NOT NULL CHECK (name <> ''),      -- that its maker gave it
	account_id    INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	membership_id INTEGER NOT NULL REFERENCES memberships (id) ON DELETE CASCADE, -- acted for
	scope         TEXT    NOT NULL CHECK (scope IN ('listings:read', 'listings:write')),
	created_at    TEXT    NOT NULL,
	expires_at    TEXT    NOT NULL CHECK (expires_at > created_at),
	used_on       TEXT,                                     -- the day of its last use; NULL: never
	used_from     TEXT    NOT NULL DEFAULT '',              -- the network of that use: "192.0.2.0/24"
	revoked_at    TEXT
) STRICT;

CREATE INDEX tokens_account ON tokens (account_id);
CREATE INDEX tokens_membership ON tokens (membership_id);

-- What was answered to a program that names its requests, so that one which comes again
-- is answered the same, and nothing is done twice.
CREATE TABLE token_answers (
	token_id   INTEGER NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
	name       TEXT    NOT NULL CHECK (name <> ''),         -- that the program gave the request
	asked      BLOB    NOT NULL CHECK (length(asked) = 32), -- SHA-256 of all that it asked
	answer     TEXT    NOT NULL,                            -- JSON
	created_at TEXT    NOT NULL,
	PRIMARY KEY (token_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX token_answers_created ON token_answers (created_at);
