-- How often buyers meet offerings, and what they search for in vain. No row is about
-- anybody: visitors are told apart in memory only, and for a while.

CREATE TABLE market_days (
	offering_id INTEGER NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
	day         TEXT    NOT NULL,
	shown       INTEGER NOT NULL DEFAULT 0 CHECK (shown >= 0),    -- in results
	opened      INTEGER NOT NULL DEFAULT 0 CHECK (opened >= 0),   -- its page
	compared    INTEGER NOT NULL DEFAULT 0 CHECK (compared >= 0), -- set beside others
	asked       INTEGER NOT NULL DEFAULT 0 CHECK (asked >= 0),    -- its price was worked out for a quantity
	PRIMARY KEY (offering_id, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX market_days_day ON market_days (day);

-- How often a search found nothing, by a hash of it that needs a key, so that it cannot
-- be read from here before several visitors have searched the same.
CREATE TABLE search_miss_days (
	hash     BLOB    NOT NULL CHECK (length(hash) = 32),    -- HMAC-SHA-256 of the search
	day      TEXT    NOT NULL,
	visitors INTEGER NOT NULL CHECK (visitors > 0),
	PRIMARY KEY (hash, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX search_miss_days_day ON search_miss_days (day);

-- What those searches say that several visitors made.
CREATE TABLE search_misses (
	hash     BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
	words    TEXT    NOT NULL,                              -- folded; '': there were filters only
	filters  TEXT    NOT NULL,                              -- as in an address, sorted: "f.sign_in=eidas"
	category TEXT    NOT NULL,                              -- slug of the category searched in; '': all
	seen_on  TEXT    NOT NULL                               -- the last day
) STRICT, WITHOUT ROWID;

CREATE INDEX search_misses_seen ON search_misses (seen_on);
