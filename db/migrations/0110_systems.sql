-- Systems that bodies own and run themselves, and what they cost.

-- One product that several bodies run, each its own copy.
CREATE TABLE owned_products (
	id          INTEGER PRIMARY KEY,
	name        TEXT    NOT NULL UNIQUE CHECK (name <> ''),
	source      TEXT    NOT NULL DEFAULT '',               -- register that knows it …
	external    TEXT    NOT NULL DEFAULT '',               -- … by this
	offering_id INTEGER REFERENCES offerings (id)          -- service that does the same; NULL: none is named
) STRICT;

CREATE UNIQUE INDEX owned_products_external ON owned_products (source, external) WHERE external <> '';
CREATE INDEX owned_products_offering ON owned_products (offering_id);

CREATE TABLE owned_systems (
	id                INTEGER PRIMARY KEY,
	organisation_id   INTEGER NOT NULL REFERENCES organisations (id), -- who owns it
	department        TEXT    NOT NULL DEFAULT '',          -- part of the owner that is in charge
	name              TEXT    NOT NULL CHECK (name <> ''),
	name_en           TEXT    NOT NULL DEFAULT '',
	short_name        TEXT    NOT NULL DEFAULT '',
	purpose           TEXT    NOT NULL DEFAULT '',
	category          TEXT    NOT NULL DEFAULT '',          -- slug
	state             TEXT    NOT NULL CHECK (state IN ('unknown', 'establishing', 'in_use', 'closed')),
	served            TEXT    NOT NULL DEFAULT '',          -- decimal: so many …
	unit              TEXT    NOT NULL DEFAULT '',          -- … are served
	in_use_since      TEXT    CHECK (in_use_since LIKE '____-__-__'),
	planned_end       TEXT    CHECK (planned_end LIKE '____-__-__'),
	support_end       TEXT    CHECK (support_end LIKE '____-__-__'), -- of what it stands on
	closed_on         TEXT    CHECK (closed_on LIKE '____-__-__'),   -- last day of use
	last_release      TEXT    CHECK (last_release LIKE '____-__-__'),
	shareable         INTEGER NOT NULL DEFAULT 0 CHECK (shareable IN (0, 1)), -- other bodies may use it
	rating            TEXT    NOT NULL DEFAULT '' CHECK (rating IN ('', 'green', 'yellow', 'red')), -- how the owner says it is doing
	security_standard TEXT    NOT NULL DEFAULT '',
	security_class    TEXT    NOT NULL DEFAULT '',
	security_level    TEXT    NOT NULL DEFAULT '' CHECK (security_level IN ('', 'low', 'medium', 'high', 'very_high')),
	stands_on         TEXT    NOT NULL DEFAULT '',          -- platforms, databases, languages
	contact           TEXT    NOT NULL DEFAULT '',          -- role and address
	homepage          TEXT    NOT NULL DEFAULT '',
	product_id        INTEGER REFERENCES owned_products (id),
	product_by        TEXT    NOT NULL DEFAULT '' CHECK (product_by IN ('', 'hand', 'file', 'name')), -- how the product was recognised
	source            TEXT    NOT NULL DEFAULT '',          -- register or file that it came from; '': it was entered here
	external          TEXT    NOT NULL DEFAULT '',          -- by what the source tells it apart
	created_at        TEXT    NOT NULL,
	removed_at        TEXT,                                  -- it was entered by mistake, or its import was undone
	revision          INTEGER NOT NULL DEFAULT 1,
	CHECK ((served = '') = (unit = '')),
	CHECK ((product_id IS NULL) = (product_by = '')),
	CHECK (closed_on IS NULL OR state = 'closed')
) STRICT;

CREATE INDEX owned_systems_organisation ON owned_systems (organisation_id);
CREATE INDEX owned_systems_category ON owned_systems (category);
CREATE INDEX owned_systems_product ON owned_systems (product_id);
CREATE UNIQUE INDEX owned_systems_external ON owned_systems (source, external) WHERE external <> '' AND removed_at IS NULL;

-- Subsystems of X-Road that a system answers with, as "EE/GOV/70000562/name".
CREATE TABLE owned_subsystems (
	system_id INTEGER NOT NULL REFERENCES owned_systems (id),
	subsystem TEXT    NOT NULL CHECK (subsystem <> ''),
	PRIMARY KEY (system_id, subsystem)
) STRICT, WITHOUT ROWID;

CREATE INDEX owned_subsystems_subsystem ON owned_subsystems (subsystem);

-- Lines of what a system costs, without VAT. All numbers are decimals.
CREATE TABLE owned_costs (
	id          INTEGER PRIMARY KEY,
	system_id   INTEGER NOT NULL REFERENCES owned_systems (id),
	position    INTEGER NOT NULL,
	words       TEXT    NOT NULL CHECK (words <> ''),
	kind        TEXT    NOT NULL CHECK (kind IN ('capital', 'running', 'staff', 'hosting', 'licences', 'maintenance', 'training', 'decommissioning', 'residual')),
	change      INTEGER NOT NULL CHECK (change IN (0, 1)),  -- it changes the system, instead of keeping it alive
	every       TEXT    NOT NULL CHECK (every IN ('once', 'month', 'quarter', 'year')),
	starts      TEXT    NOT NULL CHECK (starts LIKE '____-__-__'), -- day it is paid, or first day of what is paid
	ends        TEXT    CHECK (ends LIKE '____-__-__'),     -- last day; NULL: it goes on
	amount      TEXT    NOT NULL DEFAULT '',                -- a period; '' for staff
	fte         TEXT    NOT NULL DEFAULT '',                -- full-time equivalents …
	pay         TEXT    NOT NULL DEFAULT '',                -- … of so much pay a period …
	on_cost     TEXT    NOT NULL DEFAULT '',                -- … times what the employer pays upon it
	currency    TEXT    NOT NULL CHECK (currency LIKE '___'),
	life_months INTEGER NOT NULL DEFAULT 0 CHECK (life_months BETWEEN 0 AND 1200), -- of capital; 0: it is not written off by and by
	used_from   TEXT    CHECK (used_from LIKE '____-__-__'), -- first day of the life
	left_over   TEXT    NOT NULL DEFAULT '',                -- value at the end of the life
	pool        TEXT    NOT NULL DEFAULT '',                -- cost pool of Technology Business Management
	source      TEXT    NOT NULL DEFAULT '',                -- where the number is from
	assumed     INTEGER NOT NULL DEFAULT 0 CHECK (assumed IN (0, 1)), -- nobody knows it; a usual value stands for it
	CHECK ((kind = 'staff') = (fte <> '')),
	CHECK ((kind = 'staff') = (amount = '')),
	CHECK ((fte = '') = (pay = '') AND (fte = '') = (on_cost = '')),
	CHECK (every <> 'once' OR ends IS NULL),
	CHECK (kind = 'capital' OR life_months = 0),
	CHECK ((life_months = 0) = (used_from IS NULL))
) STRICT;

CREATE INDEX owned_costs_system ON owned_costs (system_id, position);

-- What the lines of a system come to a year, in years that are alike; in hundredths of
-- the currency. They never change: what was thought before stays, with the time until
-- which it was.
CREATE TABLE owned_years (
	id              INTEGER PRIMARY KEY,
	system_id       INTEGER NOT NULL REFERENCES owned_systems (id),
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	kind            TEXT    NOT NULL,
	change          INTEGER NOT NULL,
	assumed         INTEGER NOT NULL,
	currency        TEXT    NOT NULL,
	first_year      INTEGER NOT NULL,
	last_year       INTEGER NOT NULL CHECK (last_year >= first_year), -- 9999: it goes on
	cash            INTEGER NOT NULL,                       -- paid
	accrued         INTEGER NOT NULL,                       -- spread over what it is for; of capital what is written off
	known_from      TEXT    NOT NULL,
	known_until     TEXT
) STRICT;

CREATE INDEX owned_years_system ON owned_years (system_id);
CREATE INDEX owned_years_organisation ON owned_years (organisation_id, last_year);
CREATE INDEX owned_years_now ON owned_years (last_year, first_year, organisation_id, system_id, kind, change, assumed, currency, cash, accrued) WHERE known_until IS NULL;
