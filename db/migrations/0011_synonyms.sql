-- Words and phrases that the search takes for each other.

CREATE TABLE synonym_lists (
	id         INTEGER PRIMARY KEY,
	hash       TEXT    NOT NULL UNIQUE,                     -- SHA-256 of its words as they are compared, hexadecimal
	revision   INTEGER NOT NULL,                            -- of all synonyms, when this list was last written
	changed_at TEXT    NOT NULL
) STRICT;

CREATE TABLE synonym_words (
	list_id  INTEGER NOT NULL REFERENCES synonym_lists (id) ON DELETE CASCADE,
	position INTEGER NOT NULL,                              -- the order they were typed in
	word     TEXT    NOT NULL CHECK (word <> ''),           -- a word or a phrase, as it was typed
	PRIMARY KEY (list_id, position)
) STRICT, WITHOUT ROWID;

-- One row that counts the changes of all lists: indexes in memory read the lists
-- anew when it moves. Whoever changes a list moves it first, and so waits for
-- others who do.
CREATE TABLE synonym_revision (
	one   INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
	value INTEGER NOT NULL
) STRICT;

INSERT INTO synonym_revision (one, value) VALUES (1, 0);
