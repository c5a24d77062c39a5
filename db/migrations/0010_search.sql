-- What the search index knows of each offering that buyers can see, so that it is
-- built without reading anything else. All of it can be made anew at any time.
CREATE TABLE search_documents (
	offering_id   INTEGER NOT NULL PRIMARY KEY REFERENCES offerings (id) ON DELETE CASCADE,
	revision      INTEGER NOT NULL,                         -- of the offering, when it was made
	organisations INTEGER NOT NULL,                         -- the revisions of its vendor and users added up
	form          TEXT    NOT NULL,                         -- how it is written; others are made anew
	body          BLOB    NOT NULL
) STRICT;
