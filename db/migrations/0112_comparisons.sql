-- Rates by which money of later years is discounted, as those who set them say.
CREATE TABLE discount_rates (
	id           INTEGER PRIMARY KEY,
	jurisdiction TEXT    NOT NULL CHECK (jurisdiction <> ''), -- country, or who sets it
	valid_from   TEXT    NOT NULL CHECK (valid_from LIKE '____-__-__'),
	nature       TEXT    NOT NULL CHECK (nature IN ('real', 'nominal')),
	from_year    INTEGER NOT NULL CHECK (from_year >= 0),     -- of a comparison, for which it holds …
	to_year      INTEGER NOT NULL CHECK (to_year >= from_year), -- … until this one
	rate         TEXT    NOT NULL,                             -- decimal, percent a year
	source       TEXT    NOT NULL CHECK (source <> ''),
	checked_on   TEXT    CHECK (checked_on LIKE '____-__-__'), -- somebody read the source; NULL: nobody has
	preferred    INTEGER NOT NULL DEFAULT 0 CHECK (preferred IN (0, 1)) -- comparisons begin with it
) STRICT;

INSERT INTO discount_rates (jurisdiction, valid_from, nature, from_year, to_year, rate, source, checked_on, preferred) VALUES
	('UK', '2003-04-01', 'real', 0, 30, '3.5', 'HM Treasury, The Green Book, social time preference rate', NULL, 1),
	('UK', '2003-04-01', 'real', 31, 75, '3', 'HM Treasury, The Green Book, social time preference rate', NULL, 0),
	('UK', '2003-04-01', 'real', 76, 125, '2.5', 'HM Treasury, The Green Book, social time preference rate', NULL, 0);

-- Comparisons of owning and subscribing that somebody kept, with what they came to then.
CREATE TABLE owned_comparisons (
	id              INTEGER PRIMARY KEY,
	system_id       INTEGER NOT NULL REFERENCES owned_systems (id),
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	name            TEXT    NOT NULL CHECK (name <> ''),
	query           TEXT    NOT NULL,                         -- of the address: all that it stands on
	result          TEXT    NOT NULL,                         -- what it came to, as JSON
	words           TEXT    NOT NULL DEFAULT '',              -- what was decided, and why
	subscription_id INTEGER REFERENCES subscriptions (id),    -- that was made of it; NULL: none
	created_at      TEXT    NOT NULL
) STRICT;

CREATE INDEX owned_comparisons_system ON owned_comparisons (system_id);
CREATE INDEX owned_comparisons_organisation ON owned_comparisons (organisation_id);
CREATE INDEX owned_comparisons_subscription ON owned_comparisons (subscription_id);
