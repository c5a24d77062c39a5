-- What people are told: on the site, and by letter.

-- Letters that wait, go out, or have gone. They are written together with what they
-- tell about, and delivered afterwards.
CREATE TABLE outbox (
	id            INTEGER PRIMARY KEY,
	message_id    TEXT    NOT NULL UNIQUE CHECK (message_id <> ''), -- stands before the @ of the Message-ID; the same at every try
	account_id    INTEGER REFERENCES accounts (id) ON DELETE CASCADE, -- NULL: somebody without an account
	mail          TEXT    NOT NULL CHECK (mail LIKE '_%@_%'), -- where to
	kind          TEXT    NOT NULL CHECK (kind <> ''),
	language      TEXT    NOT NULL CHECK (language <> ''), -- BCP 47
	args          TEXT    NOT NULL,                        -- what the words of its kind are given: a JSON list; '' once forgotten
	path          TEXT    NOT NULL,                        -- of its link, after the language; '' once forgotten
	subject       TEXT    NOT NULL DEFAULT '',             -- these are written before the first try …
	text          TEXT    NOT NULL DEFAULT '',             -- … and sent as they stand at every other;
	html          TEXT    NOT NULL DEFAULT '',             -- text and html are '' once forgotten
	created_at    TEXT    NOT NULL,
	next_at       TEXT,                                    -- when to try; NULL: it gathers notices until the next digest
	tries         INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0), -- begun
	state         TEXT    NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'dropped')),
	ended_at      TEXT,                                    -- when it was sent, given up or dropped
	last_error    TEXT    NOT NULL DEFAULT '',             -- of the last try, as the server or the network put it
	claimed_by    TEXT,                                    -- the worker that sends it …
	claimed_until TEXT,                                    -- … and when others may take it over
	CHECK ((state = 'sending') = (claimed_by IS NOT NULL)),
	CHECK ((state = 'sending') = (claimed_until IS NOT NULL)),
	CHECK ((state IN ('sent', 'failed', 'dropped')) = (ended_at IS NOT NULL)),
	CHECK (next_at IS NOT NULL OR kind = 'digest' AND state IN ('waiting', 'dropped'))
) STRICT;

CREATE INDEX outbox_due ON outbox (state, next_at);
CREATE INDEX outbox_account ON outbox (account_id);
CREATE UNIQUE INDEX outbox_gathering ON outbox (account_id) WHERE state = 'waiting' AND next_at IS NULL;

-- The inbox: what a person was told on the site.
CREATE TABLE notices (
	id         INTEGER PRIMARY KEY,
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	kind       TEXT    NOT NULL CHECK (kind <> ''),
	args       TEXT    NOT NULL,                           -- as in outbox
	path       TEXT    NOT NULL CHECK (path LIKE '/%'),
	created_at TEXT    NOT NULL,
	read_at    TEXT,                                       -- NULL: not yet
	outbox_id  INTEGER REFERENCES outbox (id) ON DELETE SET NULL -- the letter that tells it as well; NULL: none does
) STRICT;

CREATE INDEX notices_account ON notices (account_id, id);
CREATE INDEX notices_outbox ON notices (outbox_id);

-- How often a person wants letters of a kind. Without a row it is at once.
CREATE TABLE notice_preferences (
	account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
	kind       TEXT    NOT NULL CHECK (kind <> ''),
	frequency  TEXT    NOT NULL CHECK (frequency IN ('at_once', 'daily', 'never')),
	PRIMARY KEY (account_id, kind)
) STRICT, WITHOUT ROWID;
