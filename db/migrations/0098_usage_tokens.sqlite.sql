-- Tokens of vendors may also say how much is used of what was ordered. SQLite cannot
-- loosen the check of a column, so the table is made anew.

CREATE TABLE tokens_wider (
	id            INTEGER PRIMARY KEY,
	hash          BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256 of the token
	hint          TEXT    NOT NULL CHECK (length(hint) = 4), -- its last characters, by which people tell it from others
	name          TEXT    NOT NULL CHECK (name <> ''),      -- that its maker gave it
	account_id    INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	membership_id INTEGER NOT NULL REFERENCES memberships (id) ON DELETE CASCADE, -- acted for
	scope         TEXT    NOT NULL CHECK (scope IN ('listings:read', 'listings:write', 'usage:write')),
	created_at    TEXT    NOT NULL,
	expires_at    TEXT    NOT NULL CHECK (expires_at > created_at),
	used_on       TEXT,                                     -- the day of its last use; NULL: never
	used_from     TEXT    NOT NULL DEFAULT '',              -- the network of that use: "192.0.2.0/24"
	revoked_at    TEXT
) STRICT;

INSERT INTO tokens_wider (id, hash, hint, name, account_id, membership_id, scope, created_at, expires_at, used_on, used_from, revoked_at)
SELECT id, hash, hint, name, account_id, membership_id, scope, created_at, expires_at, used_on, used_from, revoked_at FROM tokens;

DROP TABLE tokens;
ALTER TABLE tokens_wider RENAME TO tokens;

CREATE INDEX tokens_account ON tokens (account_id);
CREATE INDEX tokens_membership ON tokens (membership_id);
