-- What those who run the site say on every page: one row, and its words.

CREATE TABLE site_texts (
	one          INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
	revision     INTEGER NOT NULL,                          -- counts the changes: programs that show the texts read them anew when it moves
	contact      TEXT    NOT NULL DEFAULT '',               -- e-mail or https://…; '': as the program is configured
	notice_from  TEXT    CHECK (notice_from LIKE '____-__-__'), -- the first day of the notice; NULL: at once
	notice_until TEXT    CHECK (notice_until LIKE '____-__-__'), -- and the last; NULL: until it is changed
	changed_at   TEXT,                                      -- NULL: nobody has said anything yet
	CHECK (notice_from <= notice_until)
) STRICT;

INSERT INTO site_texts (one, revision) VALUES (1, 1);

CREATE TABLE site_words (
	language TEXT NOT NULL PRIMARY KEY,                     -- BCP 47
	operator TEXT NOT NULL DEFAULT '',                      -- who runs the site
	notice   TEXT NOT NULL DEFAULT ''                       -- on all pages, for as long as it is in force
) STRICT, WITHOUT ROWID;
