-- How a listing comes to the buyers: what vendors write, what they sent, and what was
-- decided about it.

-- At most one draft an offering. The row stays when the draft is gone, so that its
-- revisions never come twice.
CREATE TABLE drafts (
	offering_id INTEGER NOT NULL PRIMARY KEY REFERENCES offerings (id) ON DELETE CASCADE,
	base        INTEGER NOT NULL CHECK (base >= 0),         -- number of the version it began from; 0: none
	content     TEXT    NOT NULL,                           -- JSON, as in models/catalogue; '': there is none now
	typed       TEXT    NOT NULL DEFAULT '',                -- JSON: forms by section that have problems, as they were typed
	note        TEXT    NOT NULL DEFAULT '',                -- JSON: what changes, in a sentence, by language
	thrown      TEXT    NOT NULL DEFAULT '',                -- content of the last one that was thrown away
	revision    INTEGER NOT NULL CHECK (revision >= 1),     -- counts the changes
	edited_by   INTEGER REFERENCES accounts (id),           -- NULL: a command
	edited_at   TEXT    NOT NULL,
	created_at  TEXT    NOT NULL
) STRICT;

CREATE INDEX drafts_edited_by ON drafts (edited_by);

-- Everybody who had a hand in the present draft: none of them decides about it.
CREATE TABLE draft_hands (
	offering_id INTEGER NOT NULL REFERENCES drafts (offering_id) ON DELETE CASCADE,
	account_id  INTEGER NOT NULL REFERENCES accounts (id),
	PRIMARY KEY (offering_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX draft_hands_account ON draft_hands (account_id);

-- What was sent stays as it was sent. What is decided, is decided about exactly this.
CREATE TABLE submissions (
	id          INTEGER PRIMARY KEY,
	offering_id INTEGER NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
	revision    INTEGER NOT NULL,                           -- of the draft
	base        INTEGER NOT NULL CHECK (base >= 0),         -- number of the version it changes; 0: none
	content     TEXT    NOT NULL CHECK (content <> ''),     -- JSON, as in models/catalogue
	hash        TEXT    NOT NULL,                           -- SHA-256 of the content, hexadecimal
	note        TEXT    NOT NULL DEFAULT '',                -- JSON: what changes, in a sentence, by language
	risks       TEXT    NOT NULL,                           -- JSON: why it waits; '[]': it did not have to
	state       TEXT    NOT NULL CHECK (state IN ('waiting', 'published', 'sent_back', 'refused', 'withdrawn')),
	sent_by     INTEGER REFERENCES accounts (id),           -- NULL: a command
	sent_at     TEXT    NOT NULL,
	version     INTEGER,                                    -- number of the version that it became
	decided_by  INTEGER REFERENCES accounts (id),           -- NULL: nobody had to
	decided_at  TEXT,
	message     TEXT    NOT NULL DEFAULT '',                -- to the vendor
	seen_by     INTEGER REFERENCES accounts (id),           -- who looked at what went live at once
	seen_at     TEXT,
	CHECK ((state = 'waiting') = (decided_at IS NULL)),
	CHECK ((state = 'published') = (version IS NOT NULL)),
	CHECK (seen_by IS NULL OR seen_at IS NOT NULL),
	CHECK (seen_at IS NULL OR state = 'published')
) STRICT;

-- Of what an offering sent, one waits.
CREATE UNIQUE INDEX submissions_waiting ON submissions (offering_id) WHERE state = 'waiting';
CREATE INDEX submissions_state ON submissions (state, id);
CREATE INDEX submissions_offering ON submissions (offering_id, id);
CREATE INDEX submissions_unseen ON submissions (id) WHERE state = 'published' AND seen_at IS NULL;
CREATE INDEX submissions_decided ON submissions (decided_at);
CREATE INDEX submissions_sent_by ON submissions (sent_by);
CREATE INDEX submissions_decided_by ON submissions (decided_by);
CREATE INDEX submissions_seen_by ON submissions (seen_by);

CREATE TABLE submission_hands (
	submission_id INTEGER NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
	account_id    INTEGER NOT NULL REFERENCES accounts (id),
	PRIMARY KEY (submission_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX submission_hands_account ON submission_hands (account_id);
