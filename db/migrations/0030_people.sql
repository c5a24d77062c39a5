-- People: who has an account, what each may do for which organisation, and how they
-- come in: invited, by the mail of their organisation, or with a new vendor.

ALTER TABLE organisations ADD COLUMN xroad_member TEXT NOT NULL DEFAULT ''; -- "EE/GOV/70000001"; '': none known
ALTER TABLE organisations ADD COLUMN size_class TEXT NOT NULL DEFAULT ''    -- of a vendor, Recommendation 2003/361/EC; '': not known
	CHECK (size_class IN ('', 'micro', 'small', 'medium', 'large'));

CREATE TABLE accounts (
	id         INTEGER PRIMARY KEY,
	mail       TEXT    NOT NULL,                            -- as its owner writes it; '' once erased
	folded     TEXT    NOT NULL UNIQUE CHECK (folded <> ''), -- the mail in small letters; "erased <id>" once erased
	name       TEXT    NOT NULL,
	language   TEXT    NOT NULL CHECK (length(language) >= 2), -- BCP 47, of letters
	state      TEXT    NOT NULL CHECK (state IN ('active', 'locked', 'erased')),
	generation INTEGER NOT NULL DEFAULT 1 CHECK (generation >= 1), -- what was given out in an earlier one is void: sessions, links
	invented   INTEGER NOT NULL DEFAULT 0 CHECK (invented IN (0, 1)), -- made up for the demonstration
	created_at TEXT    NOT NULL,
	CHECK (state = 'erased' OR mail LIKE '_%@_%')
) STRICT;

-- A person in an organisation. Whoever comes back gets a new row.
CREATE TABLE memberships (
	id              INTEGER PRIMARY KEY,
	account_id      INTEGER NOT NULL REFERENCES accounts (id),
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	limit_cents     INTEGER NOT NULL DEFAULT 0 CHECK (limit_cents >= 0), -- euro cents up to which an approver approves
	reach           TEXT    NOT NULL DEFAULT '' CHECK (reach IN ('', 'own', 'all')), -- of an analyst
	since           TEXT    NOT NULL,
	ended_at        TEXT                                    -- NULL: it lasts
) STRICT;

CREATE UNIQUE INDEX memberships_current ON memberships (account_id, organisation_id) WHERE ended_at IS NULL;
CREATE INDEX memberships_organisation ON memberships (organisation_id);

CREATE TABLE membership_roles (
	membership_id INTEGER NOT NULL REFERENCES memberships (id),
	role          TEXT    NOT NULL CHECK (role IN ('buyer', 'evaluator', 'approver', 'finance', 'vendor_editor', 'vendor_manager', 'analyst', 'administrator', 'moderator')),
	PRIMARY KEY (membership_id, role)
) STRICT, WITHOUT ROWID;

CREATE INDEX membership_roles_role ON membership_roles (role);

-- What a buyer was given of the buyers' rights.
CREATE TABLE membership_rights (
	membership_id INTEGER NOT NULL REFERENCES memberships (id),
	granted       TEXT    NOT NULL CHECK (granted IN ('draft', 'publish', 'answer', 'download_responses', 'download_reports', 'orders')),
	PRIMARY KEY (membership_id, granted)
) STRICT, WITHOUT ROWID;

-- Companies that want to become vendors, and what was said about it.
CREATE TABLE vendor_applications (
	id              INTEGER PRIMARY KEY,
	account_id      INTEGER REFERENCES accounts (id),       -- who applies; NULL until the mailbox is known to be theirs
	scheme          TEXT    NOT NULL CHECK (scheme <> ''),  -- the register …
	code            TEXT    NOT NULL CHECK (code <> ''),    -- … and the number of the company in it
	name            TEXT    NOT NULL CHECK (name <> ''),    -- of the company
	country         TEXT    NOT NULL CHECK (length(country) = 2), -- ISO 3166-1 alpha-2
	size_class      TEXT    NOT NULL DEFAULT '' CHECK (size_class IN ('', 'micro', 'small', 'medium', 'large')),
	website         TEXT    NOT NULL DEFAULT '',
	state           TEXT    NOT NULL CHECK (state IN ('sent', 'asked', 'accepted', 'refused')),
	organisation_id INTEGER REFERENCES organisations (id),  -- what became of it
	created_at      TEXT    NOT NULL,
	decided_at      TEXT,
	CHECK (account_id IS NOT NULL OR state = 'sent'),
	CHECK ((state = 'accepted') = (organisation_id IS NOT NULL)),
	CHECK ((state IN ('accepted', 'refused')) = (decided_at IS NOT NULL))
) STRICT;

CREATE INDEX vendor_applications_account ON vendor_applications (account_id);
CREATE INDEX vendor_applications_state ON vendor_applications (state, id);
CREATE INDEX vendor_applications_organisation ON vendor_applications (organisation_id);

-- Countries that the company sells to.
CREATE TABLE application_markets (
	application_id INTEGER NOT NULL REFERENCES vendor_applications (id),
	country        TEXT    NOT NULL CHECK (length(country) = 2),
	PRIMARY KEY (application_id, country)
) STRICT, WITHOUT ROWID;

CREATE TABLE application_messages (
	id             INTEGER PRIMARY KEY,
	application_id INTEGER NOT NULL REFERENCES vendor_applications (id),
	said_by        TEXT    NOT NULL CHECK (said_by IN ('vendor', 'operator')),
	account_id     INTEGER REFERENCES accounts (id),        -- NULL: before there was an account, or by a command
	words          TEXT    NOT NULL CHECK (words <> ''),
	created_at     TEXT    NOT NULL
) STRICT;

CREATE INDEX application_messages_application ON application_messages (application_id);

-- Letters with a link that makes an account, or joins one to an organisation.
CREATE TABLE invitations (
	id              INTEGER PRIMARY KEY,
	organisation_id INTEGER REFERENCES organisations (id) ON DELETE CASCADE, -- to join …
	application_id  INTEGER REFERENCES vendor_applications (id), -- … or what is applied for
	mail            TEXT    NOT NULL CHECK (mail LIKE '_%@_%'),
	folded          TEXT    NOT NULL CHECK (folded <> ''),  -- the mail in small letters
	name            TEXT    NOT NULL DEFAULT '',            -- of the person, to be corrected by them
	language        TEXT    NOT NULL CHECK (length(language) >= 2),
	limit_cents     INTEGER NOT NULL DEFAULT 0 CHECK (limit_cents >= 0),
	reach           TEXT    NOT NULL DEFAULT '' CHECK (reach IN ('', 'own', 'all')),
	hash            BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256 of the secret in the link
	invited_by      INTEGER REFERENCES accounts (id) ON DELETE SET NULL, -- NULL: a command, or the person
	created_at      TEXT    NOT NULL,
	expires_at      TEXT    NOT NULL,
	used_at         TEXT,
	revoked_at      TEXT,
	CHECK ((organisation_id IS NULL) <> (application_id IS NULL)),
	CHECK (used_at IS NULL OR revoked_at IS NULL)
) STRICT;

CREATE INDEX invitations_folded ON invitations (folded);
CREATE INDEX invitations_organisation ON invitations (organisation_id);
CREATE INDEX invitations_application ON invitations (application_id);
CREATE INDEX invitations_invited_by ON invitations (invited_by);

CREATE TABLE invitation_roles (
	invitation_id INTEGER NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
	role          TEXT    NOT NULL,
	PRIMARY KEY (invitation_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation_rights (
	invitation_id INTEGER NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
	granted       TEXT    NOT NULL,
	PRIMARY KEY (invitation_id, granted)
) STRICT, WITHOUT ROWID;

-- Whoever has a mailbox under the domain may register as a buyer of the organisation.
CREATE TABLE mail_domains (
	domain          TEXT    NOT NULL PRIMARY KEY CHECK (domain LIKE '_%._%'), -- small letters, without @
	organisation_id INTEGER NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
	added_by        INTEGER REFERENCES accounts (id) ON DELETE SET NULL, -- NULL: a command
	added_at        TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_domains_organisation ON mail_domains (organisation_id);
CREATE INDEX mail_domains_added_by ON mail_domains (added_by);
