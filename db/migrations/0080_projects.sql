-- Procurement projects: what a public body needs, who works on it, and what it asks
-- of a service.

CREATE TABLE projects (
	id              INTEGER PRIMARY KEY,
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	once            TEXT    NOT NULL CHECK (once <> ''),    -- of the form that made it, so that sending it twice makes one
	name            TEXT    NOT NULL CHECK (name <> ''),
	kind            TEXT    NOT NULL CHECK (kind IN ('small', 'call_off', 'direct', 'other')),
	category        TEXT    NOT NULL DEFAULT '',            -- slug of what is looked for; '': the whole catalogue
	unit            TEXT    NOT NULL DEFAULT '',            -- what prices are asked for: so many …
	volume          TEXT    NOT NULL DEFAULT '',            -- … decimal; '': not said yet
	years           INTEGER NOT NULL CHECK (years BETWEEN 1 AND 10), -- how long it is to run
	value_cents     INTEGER CHECK (value_cents >= 0),       -- estimated, for all the years, euro cents; NULL: not said
	needed          TEXT    CHECK (needed LIKE '____-__-__'), -- by when; NULL: not said
	search          TEXT    NOT NULL DEFAULT '',            -- saved search, as the query of an address; '': none
	state           TEXT    NOT NULL CHECK (state IN ('drafting', 'shortlisted', 'locked', 'closed')),
	reason          TEXT    NOT NULL DEFAULT '',            -- why it was closed without award
	revision        INTEGER NOT NULL DEFAULT 1,             -- counts the changes
	created_at      TEXT    NOT NULL,
	locked_at       TEXT,
	closed_at       TEXT,
	UNIQUE (organisation_id, once),
	CHECK ((unit = '') = (volume = '')),
	CHECK (state <> 'locked' OR locked_at IS NOT NULL),
	CHECK (state NOT IN ('drafting', 'shortlisted') OR locked_at IS NULL),
	CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
	CHECK ((state = 'closed') = (reason <> ''))
) STRICT;

-- Whom a project names, and for what: one leads it, others judge, others only read.
CREATE TABLE project_people (
	project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
	account_id INTEGER NOT NULL REFERENCES accounts (id),
	part       TEXT    NOT NULL CHECK (part IN ('lead', 'evaluator', 'observer')),
	since      TEXT    NOT NULL,
	PRIMARY KEY (project_id, account_id)
) STRICT;

CREATE UNIQUE INDEX project_people_lead ON project_people (project_id) WHERE part = 'lead';
CREATE INDEX project_people_account ON project_people (account_id);

CREATE TABLE requirements (
	id         INTEGER PRIMARY KEY,
	project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
	once       TEXT    NOT NULL CHECK (once <> ''),         -- of the form that added it
	position   INTEGER NOT NULL,                            -- order in which they were added
	force      TEXT    NOT NULL CHECK (force IN ('must', 'should', 'wish')),
	words      TEXT    NOT NULL CHECK (words <> ''),
	weight     INTEGER NOT NULL CHECK (weight BETWEEN 0 AND 100),
	way        TEXT    NOT NULL CHECK (way IN ('answer', 'document', 'question', 'demonstration')), -- how it is checked
	subject    TEXT    NOT NULL DEFAULT '',                 -- of an answer: a question of the schema, 'data_area' or 'price'
	operator   TEXT    NOT NULL DEFAULT '' CHECK (operator IN ('', 'is', 'one_of', 'has_all', 'at_least', 'at_most')),
	wanted     TEXT    NOT NULL DEFAULT '',                 -- canonical values in their order, semicolons between
	asks       TEXT    NOT NULL CHECK (asks <> ''),         -- equal where the same is asked
	why        TEXT    NOT NULL DEFAULT '',                 -- who asked for it
	revision   INTEGER NOT NULL DEFAULT 1,
	UNIQUE (project_id, once),
	CHECK ((way = 'answer') = (subject <> '')),
	CHECK ((way = 'answer') = (operator <> '')),
	CHECK ((way = 'answer') = (wanted <> ''))
) STRICT;

CREATE UNIQUE INDEX requirements_once_each ON requirements (project_id, asks);
CREATE INDEX requirements_asks ON requirements (asks);
