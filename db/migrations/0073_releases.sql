-- What vendors say of the releases of their services: written here, or read in a feed.

CREATE TABLE releases (
	id          INTEGER PRIMARY KEY,
	offering_id INTEGER NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
	guid        TEXT    CHECK (length(guid) = 64),          -- SHA-256 of how the feed names it, hexadecimal; NULL: written here
	released_on TEXT    NOT NULL CHECK (released_on LIKE '____-__-__'),
	version     TEXT    NOT NULL DEFAULT '',                -- "2.4.1"; '' when it has no such label
	link        TEXT    NOT NULL DEFAULT '' CHECK (link = '' OR link LIKE 'http%'), -- where the vendor says more
	hidden      INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)), -- it was removed here, and is not to come back from the feed
	revision    INTEGER NOT NULL DEFAULT 1,
	created_at  TEXT    NOT NULL,
	changed_at  TEXT    NOT NULL,
	CHECK (hidden = 0 OR guid IS NOT NULL),
	UNIQUE (offering_id, guid)
) STRICT;

CREATE INDEX releases_day ON releases (offering_id, released_on);

CREATE TABLE release_words (
	release_id INTEGER NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
	language   TEXT    NOT NULL CHECK (language <> ''),     -- BCP 47
	title      TEXT    NOT NULL CHECK (title <> ''),
	text       TEXT    NOT NULL DEFAULT '',                 -- Markdown
	PRIMARY KEY (release_id, language)
) STRICT, WITHOUT ROWID;

-- Counts the changes of what buyers see of the releases of a service.
CREATE TABLE release_revisions (
	offering_id INTEGER NOT NULL PRIMARY KEY REFERENCES offerings (id) ON DELETE CASCADE,
	revision    INTEGER NOT NULL
) STRICT;

-- The feeds that are read: one an offering.
CREATE TABLE release_feeds (
	offering_id   INTEGER NOT NULL PRIMARY KEY REFERENCES offerings (id) ON DELETE CASCADE,
	address       TEXT    NOT NULL CHECK (address LIKE 'http%'),
	language      TEXT    NOT NULL CHECK (language <> ''),   -- of its entries: BCP 47
	created_at    TEXT    NOT NULL,                          -- when the vendor gave the address
	etag          TEXT    NOT NULL DEFAULT '',               -- of the answer that was read last …
	modified      TEXT    NOT NULL DEFAULT '',               -- … and its Last-Modified, as it came
	next_at       TEXT,                                      -- when it is read next; NULL: given up
	read_at       TEXT,                                      -- when it last answered as a feed
	failing_since TEXT,                                      -- NULL: it answered the last time
	failures      INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0), -- one after the other
	problem       TEXT    NOT NULL DEFAULT '',               -- what went wrong the last time
	entries       INTEGER NOT NULL DEFAULT 0,                -- in the answer that was read last
	claimed_by    TEXT,                                      -- the worker that reads it …
	claimed_until TEXT,                                      -- … and when others may take it over
	CHECK ((claimed_by IS NULL) = (claimed_until IS NULL)),
	CHECK ((failures > 0) = (failing_since IS NOT NULL)),
	CHECK (problem = '' OR failures > 0)
) STRICT;

CREATE INDEX release_feeds_due ON release_feeds (next_at);
