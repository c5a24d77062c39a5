-- The files that vendors bring: what they say of their services in their own papers.

-- A content is kept once, whoever brings it. The bytes are not here, but where the
-- program keeps files; a row is written before them and goes after the last document
-- that has them.
CREATE TABLE blobs (
	hash       TEXT    NOT NULL PRIMARY KEY CHECK (length(hash) = 64), -- SHA-256 of the bytes, hexadecimal
	size       INTEGER NOT NULL CHECK (size > 0),           -- in bytes
	media_type TEXT    NOT NULL CHECK (media_type <> ''),   -- by what is in it, never by its name
	reading    TEXT    NOT NULL CHECK (reading IN ('expected', 'read', 'silent', 'failed')), -- what came of reading its text: 'silent' has none
	words      TEXT    NOT NULL DEFAULT '',                 -- its text, without form
	brought_at TEXT    NOT NULL                             -- when somebody last brought it
) STRICT;

CREATE TABLE documents (
	id          INTEGER PRIMARY KEY,
	vendor_id   INTEGER NOT NULL REFERENCES organisations (id),
	hash        TEXT    NOT NULL REFERENCES blobs (hash),
	title       TEXT    NOT NULL CHECK (title <> ''),       -- in its language
	language    TEXT    NOT NULL CHECK (language <> ''),    -- it is written in: BCP 47
	kind        TEXT    NOT NULL CHECK (kind IN ('certificate', 'terms', 'security', 'accessibility', 'service_definition', 'price_list', 'other')),
	issued      TEXT    CHECK (issued LIKE '____-__-__'),
	valid_until TEXT    CHECK (valid_until LIKE '____-__-__'), -- its last day; NULL: for good
	line        INTEGER,                                    -- id of the first of those that came in each other's place; NULL: it is that one
	replaced_at TEXT,                                       -- when another came in its place; NULL: it is the newest
	uploaded_by INTEGER REFERENCES accounts (id),           -- NULL: a program did
	uploaded_at TEXT    NOT NULL,
	checked_by  INTEGER REFERENCES accounts (id),           -- who has looked at it for the operator; NULL: nobody yet
	checked_at  TEXT,
	UNIQUE (vendor_id, hash),
	CHECK (issued <= valid_until)
) STRICT;

CREATE INDEX documents_hash ON documents (hash);
CREATE INDEX documents_ends ON documents (valid_until);
CREATE INDEX documents_uploaded_by ON documents (uploaded_by);

-- Of what the vendor was reminded before a document ended.
CREATE TABLE document_reminders (
	document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
	valid_until TEXT    NOT NULL CHECK (valid_until LIKE '____-__-__'), -- the end that was reminded of
	days        INTEGER NOT NULL CHECK (days > 0),          -- so long before, or later
	told_at     TEXT    NOT NULL,
	PRIMARY KEY (document_id, valid_until, days)
) STRICT, WITHOUT ROWID;

-- A document of a version may be a file here.
ALTER TABLE version_documents ADD COLUMN file TEXT NOT NULL DEFAULT '' CHECK (file = '' OR length(file) = 64); -- hash in blobs; '': it is elsewhere
CREATE INDEX version_documents_file ON version_documents (file) WHERE file <> '';
