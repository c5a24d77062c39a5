-- How a project gets from a locked shortlist to a decision: questions to vendors, what
-- they answer, scores, the decision, who approved it, and the letters about it.

-- What a project asks vendors. The words never change once they are asked.
CREATE TABLE project_questions (
	id             INTEGER PRIMARY KEY,
	project_id     INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
	once           TEXT    NOT NULL CHECK (once <> ''),     -- of the form that asked
	requirement_id INTEGER REFERENCES requirements (id) ON DELETE SET NULL, -- which the answers settle; NULL: none
	words          TEXT    NOT NULL CHECK (words <> ''),
	due            TEXT    NOT NULL CHECK (due LIKE '____-__-__'), -- last day of answers; after it all who were asked read them
	account_id     INTEGER NOT NULL REFERENCES accounts (id),
	created_at     TEXT    NOT NULL,
	UNIQUE (project_id, once)
) STRICT;

CREATE INDEX project_questions_requirement ON project_questions (requirement_id);
CREATE INDEX project_questions_account ON project_questions (account_id);

-- About which services it is asked.
CREATE TABLE question_services (
	question_id INTEGER NOT NULL REFERENCES project_questions (id) ON DELETE CASCADE,
	offering_id INTEGER NOT NULL REFERENCES offerings (id),
	told        INTEGER NOT NULL CHECK (told >= 0),         -- people of the vendor who were written to
	PRIMARY KEY (question_id, offering_id)
) STRICT;

CREATE INDEX question_services_offering ON question_services (offering_id);

-- What vendors answer. A vendor may answer anew until the question is due; the last counts.
CREATE TABLE question_answers (
	id              INTEGER PRIMARY KEY,
	question_id     INTEGER NOT NULL REFERENCES project_questions (id) ON DELETE CASCADE,
	offering_id     INTEGER NOT NULL REFERENCES offerings (id),
	once            TEXT    NOT NULL CHECK (once <> ''),
	words           TEXT    NOT NULL CHECK (words <> ''),
	account_id      INTEGER NOT NULL REFERENCES accounts (id),
	created_at      TEXT    NOT NULL,
	UNIQUE (question_id, once)
) STRICT;

CREATE INDEX question_answers_offering ON question_answers (offering_id);
CREATE INDEX question_answers_account ON question_answers (account_id);

-- By what the services of a project are told apart. The weights of a project add up to
-- 100.
CREATE TABLE criteria (
	id         INTEGER PRIMARY KEY,
	project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
	position   INTEGER NOT NULL,
	kind       TEXT    NOT NULL CHECK (kind IN ('price', 'fit', 'judged')), -- by formula, by requirements met, by people
	name       TEXT    NOT NULL DEFAULT '',                 -- of one that people judge
	weight     INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 100),
	UNIQUE (project_id, position),
	CHECK ((kind = 'judged') = (name <> ''))
) STRICT;

CREATE UNIQUE INDEX criteria_formula ON criteria (project_id, kind) WHERE kind <> 'judged';

-- What a service costs for all the years, where its listing does not say, or a vendor
-- offered another price. The last one counts.
CREATE TABLE offers (
	id          INTEGER PRIMARY KEY,
	project_id  INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
	offering_id INTEGER NOT NULL REFERENCES offerings (id),
	once        TEXT    NOT NULL CHECK (once <> ''),
	cents       INTEGER NOT NULL CHECK (cents >= 0),        -- euro cents without VAT
	source      TEXT    NOT NULL CHECK (source <> ''),
	account_id  INTEGER NOT NULL REFERENCES accounts (id),
	created_at  TEXT    NOT NULL,
	UNIQUE (project_id, once)
) STRICT;

CREATE INDEX offers_offering ON offers (offering_id);
CREATE INDEX offers_account ON offers (account_id);

-- The scores of one person. Others see them once all have closed theirs.
CREATE TABLE score_sheets (
	project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
	account_id INTEGER NOT NULL REFERENCES accounts (id),
	closed_at  TEXT    NOT NULL,
	PRIMARY KEY (project_id, account_id)
) STRICT;

CREATE INDEX score_sheets_account ON score_sheets (account_id);

CREATE TABLE scores (
	criterion_id INTEGER NOT NULL REFERENCES criteria (id) ON DELETE CASCADE,
	offering_id  INTEGER NOT NULL REFERENCES offerings (id),
	account_id   INTEGER NOT NULL REFERENCES accounts (id),
	points       INTEGER NOT NULL CHECK (points BETWEEN 0 AND 10),
	note         TEXT    NOT NULL DEFAULT '',
	changed_at   TEXT    NOT NULL,
	PRIMARY KEY (criterion_id, offering_id, account_id)
) STRICT;

CREATE INDEX scores_offering ON scores (offering_id);
CREATE INDEX scores_account ON scores (account_id);

-- What they agreed on.
CREATE TABLE consensus (
	criterion_id INTEGER NOT NULL REFERENCES criteria (id) ON DELETE CASCADE,
	offering_id  INTEGER NOT NULL REFERENCES offerings (id),
	points       INTEGER NOT NULL CHECK (points BETWEEN 0 AND 10),
	reason       TEXT    NOT NULL DEFAULT '',               -- where people had scored differently
	account_id   INTEGER NOT NULL REFERENCES accounts (id),
	changed_at   TEXT    NOT NULL,
	PRIMARY KEY (criterion_id, offering_id)
) STRICT;

CREATE INDEX consensus_offering ON consensus (offering_id);
CREATE INDEX consensus_account ON consensus (account_id);

-- What a project decides. It goes to an approver and, once approved, never changes.
CREATE TABLE decisions (
	project_id     INTEGER PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
	outcome        TEXT    NOT NULL CHECK (outcome IN ('service', 'own', 'none')), -- own: a system of one's own is built or kept
	offering_id    INTEGER REFERENCES offerings (id),
	cents          INTEGER CHECK (cents >= 0),              -- what the chosen service costs for all the years, euro cents without VAT; NULL: not known
	reason         TEXT    NOT NULL CHECK (reason <> ''),
	exception      TEXT    NOT NULL DEFAULT '',             -- why not the shared service that fits
	shared_id      INTEGER REFERENCES offerings (id),       -- that service …
	shared_fit     INTEGER CHECK (shared_fit BETWEEN 0 AND 100), -- … and how much of what is asked it meets, percent
	shown          INTEGER NOT NULL CHECK (shown IN (0, 1)), -- vendors may learn, without names, why they were not chosen
	standstill     INTEGER NOT NULL CHECK (standstill BETWEEN 0 AND 60), -- days between the letters and the award
	state          TEXT    NOT NULL CHECK (state IN ('drafted', 'sent', 'approved', 'awarded', 'ended')),
	approver_id    INTEGER REFERENCES accounts (id),        -- who is asked
	revision       INTEGER NOT NULL DEFAULT 1,
	account_id     INTEGER NOT NULL REFERENCES accounts (id),
	decided_at     TEXT    NOT NULL,
	approved_at    TEXT,
	until          TEXT    CHECK (until LIKE '____-__-__'), -- last day of the standstill
	ended_at       TEXT,
	record         TEXT    NOT NULL DEFAULT '',             -- JSON of all that was approved
	hash           TEXT    NOT NULL DEFAULT '',             -- SHA-256 of record
	CHECK ((outcome = 'service') = (offering_id IS NOT NULL)),
	CHECK ((exception = '') = (shared_id IS NULL)),
	CHECK ((shared_id IS NULL) = (shared_fit IS NULL)),
	CHECK (state = 'drafted' OR approver_id IS NOT NULL),
	CHECK ((state IN ('approved', 'awarded', 'ended')) = (approved_at IS NOT NULL)),
	CHECK ((approved_at IS NULL) = (until IS NULL)),
	CHECK ((approved_at IS NULL) = (record = '')),
	CHECK (length(hash) = CASE WHEN record = '' THEN 0 ELSE 64 END),
	CHECK ((state IN ('awarded', 'ended')) = (ended_at IS NOT NULL)),
	CHECK (state <> 'awarded' OR outcome = 'service'),
	CHECK (state <> 'ended' OR outcome <> 'service')
) STRICT;

CREATE INDEX decisions_offering ON decisions (offering_id);
CREATE INDEX decisions_shared ON decisions (shared_id);
CREATE INDEX decisions_approver ON decisions (approver_id) WHERE state = 'sent';
CREATE INDEX decisions_account ON decisions (account_id);

-- What became of it on the way.
CREATE TABLE decision_steps (
	id         INTEGER PRIMARY KEY,
	project_id INTEGER NOT NULL REFERENCES decisions (project_id) ON DELETE CASCADE,
	step       TEXT    NOT NULL CHECK (step IN ('sent', 'withdrawn', 'approved', 'returned')),
	account_id INTEGER NOT NULL REFERENCES accounts (id),
	reason     TEXT    NOT NULL DEFAULT '',
	created_at TEXT    NOT NULL
) STRICT;

CREATE INDEX decision_steps_project ON decision_steps (project_id);
CREATE INDEX decision_steps_account ON decision_steps (account_id);

-- The letters about a decision, one to the vendor of each service that was kept.
CREATE TABLE award_letters (
	project_id  INTEGER NOT NULL REFERENCES decisions (project_id) ON DELETE CASCADE,
	offering_id INTEGER NOT NULL REFERENCES offerings (id),
	chosen      INTEGER NOT NULL CHECK (chosen IN (0, 1)),
	told        INTEGER NOT NULL CHECK (told >= 0),         -- people of the vendor who were written to
	sent_at     TEXT    NOT NULL,
	PRIMARY KEY (project_id, offering_id)
) STRICT;

CREATE INDEX award_letters_offering ON award_letters (offering_id);
