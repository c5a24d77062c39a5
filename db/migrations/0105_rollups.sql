-- Sums of the ledger without what a question does not tell apart: a year or a month by
-- body, by vendor, by category. ledger_cells has hundreds of thousands of rows where there
-- are millions of charges; these have hundreds.

-- The bits of a level say what its rows tell apart: 1 the body, 2 the vendor, 4 the
-- category, 8 the month instead of the year. The others are 0.
CREATE TABLE ledger_rollups (
	level       INTEGER NOT NULL CHECK (level BETWEEN 1 AND 15),
	basis       TEXT    NOT NULL CHECK (basis IN ('all', 'billed', 'effective', 'cash')),
	buyer_id    INTEGER NOT NULL,
	month       TEXT    NOT NULL CHECK (month = '' OR month LIKE '____' OR month LIKE '____-__'), -- or a year; '': not known
	vendor_id   INTEGER NOT NULL,
	category_id INTEGER NOT NULL,
	kind        TEXT    NOT NULL,
	currency    TEXT    NOT NULL,
	rows        INTEGER NOT NULL,
	whole       INTEGER NOT NULL,
	nano        INTEGER NOT NULL,
	atto        INTEGER NOT NULL,
	ronto       INTEGER NOT NULL,
	eur_whole   INTEGER NOT NULL,
	eur_nano    INTEGER NOT NULL,
	eur_atto    INTEGER NOT NULL,
	unconverted INTEGER NOT NULL,
	PRIMARY KEY (level, basis, buyer_id, month, vendor_id, category_id, kind, currency)
) STRICT, WITHOUT ROWID;

INSERT INTO ledger_rollups (level, basis, buyer_id, month, vendor_id, category_id, kind, currency, rows, whole, nano, atto, ronto, eur_whole, eur_nano, eur_atto, unconverted)
SELECT l.level, c.basis, c.buyer_id * (l.level & 1), CASE WHEN l.level >= 8 THEN c.month ELSE SUBSTR(c.month, 1, 4) END, c.vendor_id * ((l.level >> 1) & 1), c.category_id * ((l.level >> 2) & 1), c.kind, c.currency,
	CAST(SUM(rows) AS BIGINT), CAST(SUM(whole) AS BIGINT), CAST(SUM(nano) AS BIGINT), CAST(SUM(atto) AS BIGINT), CAST(SUM(ronto) AS BIGINT), CAST(SUM(eur_whole) AS BIGINT), CAST(SUM(eur_nano) AS BIGINT), CAST(SUM(eur_atto) AS BIGINT), CAST(SUM(unconverted) AS BIGINT)
FROM ledger_batch_cells c CROSS JOIN (SELECT 8 AS level UNION ALL SELECT 12 UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 6 UNION ALL SELECT 9 UNION ALL SELECT 10 UNION ALL SELECT 14 UNION ALL SELECT 5 UNION ALL SELECT 7 UNION ALL SELECT 13) l
WHERE c.batch_id IN (SELECT id FROM ledger_batches WHERE state = 'accepted')
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;

-- For what one vendor is paid by whom.
CREATE INDEX ledger_cells_vendor ON ledger_cells (vendor_id, month);

-- For what everybody pays for one category, month by month.
CREATE INDEX ledger_rollups_category ON ledger_rollups (category_id, month) WHERE level = 13;
