-- What vendors ask back about a question that they were asked, and what the buyer
-- answers: all who were asked read both.

CREATE TABLE clarifications (
	id          INTEGER PRIMARY KEY,
	question_id INTEGER NOT NULL,
	offering_id INTEGER NOT NULL,                       -- about which the vendor was asked
	once        TEXT    NOT NULL CHECK (once <> ''),    -- of the form that asked
	words       TEXT    NOT NULL CHECK (words <> ''),
	account_id  INTEGER NOT NULL REFERENCES accounts (id),
	created_at  TEXT    NOT NULL,
	answer      TEXT    NOT NULL DEFAULT '',
	answered_by INTEGER REFERENCES accounts (id),
	answered_at TEXT,
	UNIQUE (question_id, offering_id, once),
	FOREIGN KEY (question_id, offering_id) REFERENCES question_services (question_id, offering_id) ON DELETE CASCADE,
	CHECK ((answer = '') = (answered_at IS NULL) AND (answer = '') = (answered_by IS NULL))
) STRICT;

CREATE INDEX clarifications_account ON clarifications (account_id);
CREATE INDEX clarifications_answered_by ON clarifications (answered_by);
