-- Searches and comparisons that people keep under a name, for the organisation for which
-- they buy.

CREATE TABLE saved_items (
	id              INTEGER PRIMARY KEY,
	account_id      INTEGER NOT NULL REFERENCES accounts (id),
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	kind            TEXT    NOT NULL CHECK (kind IN ('search', 'comparison')),
	name            TEXT    NOT NULL CHECK (name <> ''),
	query           TEXT    NOT NULL,              -- of the address
	found           TEXT    NOT NULL DEFAULT '',   -- of a search: ids of what was found at the last look, with spaces between
	total           INTEGER NOT NULL DEFAULT 0 CHECK (total >= 0), -- how many these were, also where there were too many to keep
	looked_at       TEXT    NOT NULL,
	created_at      TEXT    NOT NULL,
	UNIQUE (account_id, organisation_id, name)
) STRICT;

CREATE INDEX saved_items_organisation ON saved_items (organisation_id);
