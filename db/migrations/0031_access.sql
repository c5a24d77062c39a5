-- How people show who they are, and what their browsers hold after that.

CREATE TABLE passwords (
	account_id INTEGER NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
	hash       TEXT    NOT NULL CHECK (hash LIKE '$argon2id$%'), -- in the PHC format
	changed_at TEXT    NOT NULL
) STRICT;

CREATE TABLE sessions (
	id            INTEGER PRIMARY KEY,
	hash          BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256 of the secret in the cookie
	account_id    INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	generation    INTEGER NOT NULL,                         -- of the account, when the session began
	membership_id INTEGER REFERENCES memberships (id) ON DELETE CASCADE, -- acted for; NULL: for nobody
	created_at    TEXT    NOT NULL,
	seen_at       TEXT    NOT NULL,                         -- to the minute
	fresh_at      TEXT    NOT NULL,                         -- when the person last showed who they are
	address       TEXT    NOT NULL,                         -- of the network, at the beginning
	agent         TEXT    NOT NULL,                         -- "Firefox, Windows"
	ended_at      TEXT
) STRICT;

CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_membership ON sessions (membership_id);

-- What only one letter or browser holds, to be used once.
CREATE TABLE tickets (
	hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32), -- SHA-256 of the secret
	purpose    TEXT    NOT NULL CHECK (purpose <> ''),
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	generation INTEGER NOT NULL,                            -- of the account, when it was given out
	created_at TEXT    NOT NULL,
	expires_at TEXT    NOT NULL,
	used_at    TEXT
) STRICT;

CREATE INDEX tickets_account ON tickets (account_id);

-- How often something was tried that is made to wait: by whom it was meant, and from where.
CREATE TABLE attempts (
	kind    TEXT    NOT NULL CHECK (kind IN ('account', 'address', 'letter', 'letters_from')),
	key     BLOB    NOT NULL CHECK (length(key) = 32),      -- SHA-256 of the folded mail or the address
	count   INTEGER NOT NULL CHECK (count >= 0),
	last_at TEXT    NOT NULL,
	next_at TEXT    NOT NULL,                               -- before which it is not tried again
	PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
