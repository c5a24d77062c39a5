-- What other providers of identities know people by. What a provider itself calls a
-- person, a personal code perhaps, is nowhere: only a hash of it that needs a key.

CREATE TABLE identities (
	id         INTEGER PRIMARY KEY,
	provider   TEXT    NOT NULL CHECK (provider <> ''),     -- its id in the configuration
	subject    BLOB    NOT NULL CHECK (length(subject) = 32), -- HMAC-SHA-256 of whom the provider means
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	acr        TEXT    NOT NULL,                            -- how sure the provider was, the last time
	amr        TEXT    NOT NULL,                            -- and by what, separated by spaces
	added_at   TEXT    NOT NULL,
	used_at    TEXT    NOT NULL,
	UNIQUE (provider, subject),
	UNIQUE (account_id, provider)
) STRICT;

-- Sessions that were begun with an identity, so that its provider can end them.
CREATE TABLE session_identities (
	session_id  INTEGER NOT NULL PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
	identity_id INTEGER NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
	strong      INTEGER NOT NULL CHECK (strong IN (0, 1)),  -- what the provider said counted as two factors
	sid         BLOB    CHECK (length(sid) = 32)            -- HMAC-SHA-256 of what the provider calls its own session; NULL: not told
) STRICT;

CREATE INDEX session_identities_identity ON session_identities (identity_id);
CREATE INDEX session_identities_sid ON session_identities (sid);
