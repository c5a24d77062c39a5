-- The sums of ledger_rollups by body, category and month, packed: what one body pays in a
-- year stands in one row instead of hundreds, so that questions about all bodies read
-- thousands of rows less.

-- The program packs them: SQL cannot. Where it has not yet, the content is NULL, and the
-- question is answered from ledger_rollups.
CREATE TABLE ledger_packs (
	basis    TEXT    NOT NULL CHECK (basis IN ('all', 'billed', 'effective', 'cash')),
	buyer_id INTEGER NOT NULL,
	year     TEXT    NOT NULL CHECK (year = '' OR year LIKE '____'), -- '': not known
	years    BLOB, -- the sums of the year; NULL: not packed yet
	months   BLOB, -- those of its months
	PRIMARY KEY (basis, buyer_id, year),
	CHECK ((years IS NULL) = (months IS NULL))
) STRICT;

INSERT INTO ledger_packs (basis, buyer_id, year) SELECT DISTINCT basis, buyer_id, month FROM ledger_rollups WHERE level = 1;

-- For those that are to be packed.
CREATE INDEX ledger_packs_open ON ledger_packs (buyer_id) WHERE months IS NULL;
