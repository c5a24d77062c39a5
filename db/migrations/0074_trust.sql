-- Whether what is said of offerings still holds, and who speaks for those that were
-- gathered from public sources.

-- When somebody last looked over what an offering says. Confirming makes no version.
CREATE TABLE answer_confirmations (
	offering_id  INTEGER NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
	question     TEXT    NOT NULL CHECK (question <> ''),    -- id in catalogue/questions.json; 'texts' or 'prices'
	confirmed_on TEXT    NOT NULL CHECK (confirmed_on LIKE '____-__-__'),
	confirmed_by INTEGER REFERENCES accounts (id) ON DELETE SET NULL, -- NULL: by what became of an edit, or by a command
	PRIMARY KEY (offering_id, question)
) STRICT, WITHOUT ROWID;

CREATE INDEX answer_confirmations_by ON answer_confirmations (confirmed_by);

-- Who was reminded of what grows old, so that nobody is reminded twice.
CREATE TABLE staleness_reminders (
	offering_id INTEGER NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
	stage       TEXT    NOT NULL CHECK (stage IN ('soon', 'stale')),
	stale_on    TEXT    NOT NULL CHECK (stale_on LIKE '____-__-__'), -- the day that it was told of
	told_at     TEXT    NOT NULL,
	PRIMARY KEY (offering_id, stage)
) STRICT, WITHOUT ROWID;

-- Since when a vendor speaks for an offering that was gathered from public sources;
-- NULL: it never was, or nobody does.
ALTER TABLE offerings ADD COLUMN claimed_on TEXT CHECK (claimed_on LIKE '____-__-__');

-- Vendors that say an unclaimed offering is theirs.
CREATE TABLE claims (
	id              INTEGER PRIMARY KEY,
	offering_id     INTEGER NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
	organisation_id INTEGER NOT NULL REFERENCES organisations (id) ON DELETE CASCADE, -- the vendor that claims
	held_by         INTEGER NOT NULL REFERENCES organisations (id), -- under whose name the offering was then
	account_id      INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- who claims for it
	domain          TEXT    NOT NULL,                        -- of the mail of that person, which is confirmed
	proof           TEXT    NOT NULL CHECK (proof IN ('domain', 'document', 'words')),
	link            TEXT    NOT NULL DEFAULT '',             -- web address of a document
	words           TEXT    NOT NULL DEFAULT '',             -- why it is theirs
	state           TEXT    NOT NULL CHECK (state IN ('waiting', 'accepted', 'refused', 'withdrawn', 'overtaken')),
	sent_at         TEXT    NOT NULL,
	decided_by      INTEGER REFERENCES accounts (id) ON DELETE SET NULL,
	decided_at      TEXT,
	message         TEXT    NOT NULL DEFAULT '',             -- to the claimant
	CHECK ((state = 'waiting') = (decided_at IS NULL)),
	CHECK (state <> 'refused' OR message <> ''),
	CHECK (proof <> 'document' OR link <> ''),
	CHECK (proof <> 'words' OR words <> '')
) STRICT;

-- A vendor waits once for an offering, and one vendor gets it.
CREATE UNIQUE INDEX claims_waiting ON claims (offering_id, organisation_id) WHERE state = 'waiting';
CREATE INDEX claims_offering ON claims (offering_id, id);
CREATE INDEX claims_state ON claims (state, id);
CREATE INDEX claims_organisation ON claims (organisation_id);
CREATE INDEX claims_held_by ON claims (held_by);
CREATE INDEX claims_account ON claims (account_id);
CREATE INDEX claims_decided_by ON claims (decided_by);
