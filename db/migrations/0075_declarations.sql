-- What vendors declare about themselves. The questions are in catalogue/declaration.json.

CREATE TABLE declarations (
	id          INTEGER PRIMARY KEY,
	vendor_id   INTEGER NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
	state       TEXT    NOT NULL CHECK (state IN ('draft', 'signed', 'replaced')), -- replaced: by a later one
	begun_at    TEXT    NOT NULL,
	verdict     TEXT    NOT NULL DEFAULT '' CHECK (verdict IN ('', 'pass', 'look', 'fail')), -- of the rules; '' before it is signed
	signed_by   INTEGER REFERENCES accounts (id) ON DELETE SET NULL,
	signed_as   TEXT    NOT NULL DEFAULT '',                 -- the office of who signed: "member of the board"
	signed_at   TEXT,
	valid_until TEXT    CHECK (valid_until LIKE '____-__-__'), -- the last day
	decision    TEXT    NOT NULL DEFAULT '' CHECK (decision IN ('', 'accepted', 'refused')), -- of a moderator, about one to look at
	decided_by  INTEGER REFERENCES accounts (id) ON DELETE SET NULL,
	decided_at  TEXT,
	message     TEXT    NOT NULL DEFAULT '',                 -- why
	CHECK ((state = 'draft') = (signed_at IS NULL)),
	CHECK ((state = 'draft') = (valid_until IS NULL)),
	CHECK ((state = 'draft') = (verdict = '')),
	CHECK ((decision = '') = (decided_at IS NULL)),
	CHECK (decision = '' OR verdict = 'look')
) STRICT;

-- A vendor writes one at a time, and one of those signed counts.
CREATE UNIQUE INDEX declarations_draft ON declarations (vendor_id) WHERE state = 'draft';
CREATE UNIQUE INDEX declarations_signed ON declarations (vendor_id) WHERE state = 'signed';
CREATE INDEX declarations_vendor ON declarations (vendor_id, id);
CREATE INDEX declarations_queue ON declarations (verdict, decision, id);
CREATE INDEX declarations_signed_by ON declarations (signed_by);
CREATE INDEX declarations_decided_by ON declarations (decided_by);

-- Each section is saved by itself; the revision tells two who save at once apart.
CREATE TABLE declaration_sections (
	declaration_id INTEGER NOT NULL REFERENCES declarations (id) ON DELETE CASCADE,
	section        TEXT    NOT NULL CHECK (section <> ''),   -- id in catalogue/declaration.json
	revision       INTEGER NOT NULL CHECK (revision >= 1),
	saved_by       INTEGER REFERENCES accounts (id) ON DELETE SET NULL,
	saved_at       TEXT    NOT NULL,
	PRIMARY KEY (declaration_id, section)
) STRICT, WITHOUT ROWID;

CREATE INDEX declaration_sections_by ON declaration_sections (saved_by);

-- Answers as they were typed: they are kept before they are complete.
CREATE TABLE declaration_answers (
	declaration_id INTEGER NOT NULL REFERENCES declarations (id) ON DELETE CASCADE,
	question       TEXT    NOT NULL CHECK (question <> ''),
	value          TEXT    NOT NULL,                         -- an option's id; '': not chosen, or the question asks for words
	words          TEXT    NOT NULL DEFAULT '',              -- the answer in words, or the explanation
	reused         INTEGER NOT NULL CHECK (reused IN (0, 1)), -- of last year, and not confirmed yet
	PRIMARY KEY (declaration_id, question)
) STRICT, WITHOUT ROWID;
