-- Bodies that need the same, and buy it together.

-- A project to which other bodies are invited.
CREATE TABLE pools (
	project_id INTEGER PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
	words      TEXT    NOT NULL CHECK (words <> ''),        -- to those who are invited
	volume     TEXT    NOT NULL CHECK (volume <> ''),       -- what who invites needs alone: decimal, of the unit of the project
	account_id INTEGER NOT NULL REFERENCES accounts (id),
	opened_at  TEXT    NOT NULL
) STRICT;

CREATE INDEX pools_account ON pools (account_id);

-- The bodies that were invited. Who invites learns who they are once they have joined.
CREATE TABLE pool_bodies (
	project_id      INTEGER NOT NULL REFERENCES pools (project_id) ON DELETE CASCADE,
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	reason          TEXT    NOT NULL CHECK (reason IN ('project', 'contract')), -- it has the same need in a project, or a use that ends soon
	state           TEXT    NOT NULL CHECK (state IN ('invited', 'joined', 'declined', 'left')),
	volume          TEXT    NOT NULL DEFAULT '',            -- decimal, of the unit of the project; of who joined
	account_id      INTEGER REFERENCES accounts (id),       -- who answered
	invited_at      TEXT    NOT NULL,
	answered_at     TEXT,
	PRIMARY KEY (project_id, organisation_id),
	CHECK ((state = 'invited') = (answered_at IS NULL)),
	CHECK ((state = 'invited') = (account_id IS NULL)),
	CHECK (state <> 'joined' OR volume <> '')
) STRICT;

CREATE INDEX pool_bodies_organisation ON pool_bodies (organisation_id);
CREATE INDEX pool_bodies_account ON pool_bodies (account_id);
