-- What people show besides a password, or instead of it.

-- The app that tells a code of six digits every half minute.
CREATE TABLE authenticators (
	account_id INTEGER NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
	secret     BLOB    NOT NULL,                            -- sealed
	used_step  INTEGER NOT NULL CHECK (used_step >= 0),     -- half minutes since 1970; codes of it and of earlier ones are worth nothing
	created_at TEXT    NOT NULL,
	used_at    TEXT    NOT NULL
) STRICT;

CREATE TABLE passkeys (
	id         INTEGER PRIMARY KEY,
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	name       TEXT    NOT NULL CHECK (name <> ''),         -- that its owner gave it
	credential BLOB    NOT NULL UNIQUE CHECK (length(credential) BETWEEN 1 AND 1023), -- its id, by which devices know it
	public_key BLOB    NOT NULL,                            -- COSE
	counter    INTEGER NOT NULL CHECK (counter >= 0),       -- of signatures; 0: the device does not count
	synced     INTEGER NOT NULL CHECK (synced IN (0, 1)),   -- it may be on several devices
	transports TEXT    NOT NULL,                            -- how its device is reached, with spaces between
	created_at TEXT    NOT NULL,
	used_at    TEXT    NOT NULL
) STRICT;

CREATE INDEX passkeys_account ON passkeys (account_id);

-- For who has neither at hand.
CREATE TABLE recovery_codes (
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	hash       BLOB    NOT NULL CHECK (length(hash) = 32),  -- SHA-256; a code has 120 random bits
	used_at    TEXT,
	PRIMARY KEY (account_id, hash)
) STRICT, WITHOUT ROWID;

-- What a device was asked to sign, until it has.
CREATE TABLE challenges (
	hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32), -- SHA-256 of the secret that the browser holds
	purpose    TEXT    NOT NULL CHECK (purpose IN ('register', 'sign_in')),
	account_id INTEGER REFERENCES accounts (id) ON DELETE CASCADE, -- whose device; NULL: whoever's it turns out to be
	asked      BLOB    NOT NULL,                            -- what the answer is compared with
	expires_at TEXT    NOT NULL
) STRICT;

CREATE INDEX challenges_account ON challenges (account_id);
CREATE INDEX challenges_expires ON challenges (expires_at);
