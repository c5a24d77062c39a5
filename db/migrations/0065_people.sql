-- People change the address they sign in with, and are told of sign-ins from places
-- that are new.

-- A new mail is the account's once its owner has opened the link in a letter to it. The
-- address before gets a letter too, with a link that takes it back for a while.
CREATE TABLE mail_changes (
	id         INTEGER PRIMARY KEY,
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	generation INTEGER NOT NULL,                            -- of the account, when it was asked for
	mail_before TEXT   NOT NULL CHECK (mail_before LIKE '_%@_%'), -- the address until then …
	mail_after TEXT    NOT NULL CHECK (mail_after LIKE '_%@_%'), -- … and from then on
	hash       BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256 of the secret in the letter to the new one
	asked_at   TEXT    NOT NULL,
	expires_at TEXT    NOT NULL,                            -- when that letter is worth nothing
	done_at    TEXT,                                        -- NULL: not yet
	undo_hash  BLOB    UNIQUE CHECK (length(undo_hash) = 32), -- of the secret in the letter to the one before
	undo_until TEXT,
	CHECK ((done_at IS NULL) = (undo_hash IS NULL)),
	CHECK ((done_at IS NULL) = (undo_until IS NULL))
) STRICT;

CREATE INDEX mail_changes_account ON mail_changes (account_id);

-- From what kinds of browser, on what networks, an account was signed in to.
CREATE TABLE places (
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	hash       BLOB    NOT NULL CHECK (length(hash) = 32),  -- SHA-256 of the account, the browser and its network: /24 of IPv4, /48 of IPv6
	seen_at    TEXT    NOT NULL,                            -- the last sign-in from there
	PRIMARY KEY (account_id, hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX places_seen ON places (seen_at);

-- What devices are asked for is counted as well. The counts of before are forgotten:
-- they are of a day at most.
DROP TABLE attempts;

CREATE TABLE attempts (
	kind    TEXT    NOT NULL CHECK (kind IN ('account', 'address', 'letter', 'letters_from', 'challenge')),
	key     BLOB    NOT NULL CHECK (length(key) = 32),      -- SHA-256 of the folded mail or the address
	count   INTEGER NOT NULL CHECK (count >= 0),
	last_at TEXT    NOT NULL,
	next_at TEXT    NOT NULL,                               -- before which it is not tried again
	PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
