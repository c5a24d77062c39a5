-- Of what was told about a budget line, each once.
CREATE TABLE budget_alerts (
	budget_id INTEGER NOT NULL REFERENCES budget_lines (id) ON DELETE CASCADE,
	basis     TEXT    NOT NULL CHECK (basis IN ('actual', 'forecast')),
	share     INTEGER NOT NULL CHECK (share > 0),          -- percent of the line
	told_at   TEXT    NOT NULL,
	PRIMARY KEY (budget_id, basis, share)
) STRICT, WITHOUT ROWID;
