-- The documents that a version of a listing has: certificates, terms, descriptions.

-- With row ids, because texts are long. The text stands last, so that the rest is read
-- without it.
CREATE TABLE version_documents (
	offering_id INTEGER NOT NULL,
	number      INTEGER NOT NULL,
	position    INTEGER NOT NULL,
	code        TEXT    NOT NULL CHECK (code <> ''),        -- tells it apart from the others of the version
	kind        TEXT    NOT NULL CHECK (kind IN ('certificate', 'terms', 'security', 'accessibility', 'service_definition', 'price_list', 'other')),
	url         TEXT    NOT NULL DEFAULT '',
	language    TEXT    NOT NULL CHECK (language <> ''),    -- it is written in
	issued      TEXT    CHECK (issued LIKE '____-__-__'),
	valid_until TEXT    CHECK (valid_until LIKE '____-__-__'),
	proof       TEXT    NOT NULL CHECK (proof IN ('stated', 'document', 'tested')), -- 'stated': nobody has looked at it
	words       TEXT    NOT NULL DEFAULT '',                -- all of its text, without form
	PRIMARY KEY (offering_id, number, position),
	UNIQUE (offering_id, number, code),
	FOREIGN KEY (offering_id, number) REFERENCES versions (offering_id, number) ON DELETE CASCADE
) STRICT;

CREATE TABLE version_document_titles (
	offering_id INTEGER NOT NULL,
	number      INTEGER NOT NULL,
	document    INTEGER NOT NULL,                           -- version_documents.position
	language    TEXT    NOT NULL,
	title       TEXT    NOT NULL CHECK (title <> ''),
	PRIMARY KEY (offering_id, number, document, language),
	FOREIGN KEY (offering_id, number, document) REFERENCES version_documents (offering_id, number, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The questions whose answers a document proves.
CREATE TABLE version_document_questions (
	offering_id INTEGER NOT NULL,
	number      INTEGER NOT NULL,
	document    INTEGER NOT NULL,                           -- version_documents.position
	position    INTEGER NOT NULL,
	question    TEXT    NOT NULL,                           -- id in catalogue/questions.json
	PRIMARY KEY (offering_id, number, document, position),
	FOREIGN KEY (offering_id, number, document) REFERENCES version_documents (offering_id, number, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
