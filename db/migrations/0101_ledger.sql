-- The ledger: every charge for a service, from whatever source, once. A file is a batch;
-- its rows count from the moment in which the batch is accepted until it is undone.

-- Reference rates, as the European Central Bank publishes them.
CREATE TABLE fx_rates (
	currency TEXT NOT NULL CHECK (length(currency) = 3),   -- ISO 4217
	day      TEXT NOT NULL CHECK (day LIKE '____-__-__'),
	rate     TEXT NOT NULL,                                -- decimal; so much of it is one euro
	PRIMARY KEY (currency, day)
) STRICT, WITHOUT ROWID;

-- How people say that files of a publisher are to be read.
CREATE TABLE ledger_mappings (
	id              INTEGER PRIMARY KEY,
	organisation_id INTEGER NOT NULL REFERENCES organisations (id),
	heading         TEXT    NOT NULL CHECK (length(heading) = 64), -- SHA-256 of the heading's cells, hexadecimal
	publisher       TEXT    NOT NULL DEFAULT '',
	mapping         TEXT    NOT NULL CHECK (mapping <> ''),        -- JSON
	changed_at      TEXT    NOT NULL,
	UNIQUE (organisation_id, heading)
) STRICT;

CREATE TABLE ledger_batches (
	id              INTEGER PRIMARY KEY,
	organisation_id INTEGER NOT NULL REFERENCES organisations (id), -- whose books it is in
	account_id      INTEGER REFERENCES accounts (id),               -- who brought it; NULL: a command
	state           TEXT    NOT NULL CHECK (state IN ('uploaded', 'found', 'loading', 'staged', 'accepted', 'undone', 'discarded', 'failed')),
	file            TEXT    NOT NULL,                               -- its name
	hash            TEXT    NOT NULL CHECK (length(hash) = 64),     -- SHA-256 of its bytes, hexadecimal
	bytes           INTEGER NOT NULL CHECK (bytes >= 0),
	kept            INTEGER NOT NULL CHECK (kept IN (0, 1)),        -- whether its bytes are in ledger_files
	format          TEXT    NOT NULL DEFAULT '',                    -- '' until it is found out
	style           TEXT    NOT NULL DEFAULT '',                    -- JSON: how it is written
	mapping         TEXT    NOT NULL DEFAULT '',                    -- JSON: what its columns mean
	publisher       TEXT    NOT NULL DEFAULT '',
	why             TEXT    NOT NULL DEFAULT '',                    -- code of why it failed, and what it is about
	line            INTEGER NOT NULL DEFAULT 0,                     -- up to which it is loaded
	summed          INTEGER NOT NULL DEFAULT 0,                     -- line up to which its sums are in ledger_batch_cells
	done            INTEGER NOT NULL DEFAULT 0,                     -- bytes that are read
	rows            INTEGER NOT NULL DEFAULT 0,                     -- below the heading, without empty ones
	taken           INTEGER NOT NULL DEFAULT 0,                     -- that are charges
	rejected        INTEGER NOT NULL DEFAULT 0,                     -- that have something wrong
	left_out        INTEGER NOT NULL DEFAULT 0,                     -- totals and notes between the rows
	flagged         INTEGER NOT NULL DEFAULT 0,                     -- charges that somebody should look at
	undated         INTEGER NOT NULL DEFAULT 0,                     -- charges of an unknown month
	unconverted     INTEGER NOT NULL DEFAULT 0,                     -- charges without a rate
	totals          TEXT    NOT NULL DEFAULT '',                    -- JSON: exact sums by currency
	notices         TEXT    NOT NULL DEFAULT '',                    -- JSON: what was noticed of the whole file
	control         TEXT    NOT NULL DEFAULT '',                    -- decimal: what the sum should be; '': nobody said
	worker          TEXT    NOT NULL DEFAULT '',                    -- who reads it now
	leased_until    TEXT,
	created_at      TEXT    NOT NULL,
	accepted_at     TEXT,
	accepted_by     INTEGER REFERENCES accounts (id),
	undone_at       TEXT,
	undone_by       INTEGER REFERENCES accounts (id),
	CHECK (state NOT IN ('accepted', 'undone') OR accepted_at IS NOT NULL),
	CHECK ((state = 'undone') = (undone_at IS NOT NULL)),
	CHECK (rows = taken + rejected + left_out OR state IN ('uploaded', 'found', 'loading', 'failed', 'discarded'))
) STRICT;

-- The same file counts once, however often and by however many it is brought.
CREATE UNIQUE INDEX ledger_batches_once ON ledger_batches (organisation_id, hash) WHERE state = 'accepted';
CREATE INDEX ledger_batches_organisation ON ledger_batches (organisation_id, created_at);
CREATE INDEX ledger_batches_account ON ledger_batches (account_id);
CREATE INDEX ledger_batches_accepted_by ON ledger_batches (accepted_by);
CREATE INDEX ledger_batches_undone_by ON ledger_batches (undone_by);
CREATE INDEX ledger_batches_waiting ON ledger_batches (created_at) WHERE state IN ('uploaded', 'loading');
CREATE INDEX ledger_batches_discarded ON ledger_batches (id) WHERE state = 'discarded';

-- The bytes of a file as it was brought, in parts.
CREATE TABLE ledger_files (
	batch_id INTEGER NOT NULL REFERENCES ledger_batches (id) ON DELETE CASCADE,
	part     INTEGER NOT NULL,
	content  BLOB    NOT NULL,                             -- gzip
	PRIMARY KEY (batch_id, part)
) STRICT;

-- What bodies, vendors and categories are called in files, and who or what that is here.
CREATE TABLE ledger_names (
	id              INTEGER PRIMARY KEY,
	organisation_id INTEGER NOT NULL REFERENCES organisations (id), -- in whose books
	kind            TEXT    NOT NULL CHECK (kind IN ('buyer', 'vendor', 'category')),
	name            TEXT    NOT NULL,                               -- '': the file does not say
	is_id           INTEGER REFERENCES organisations (id),          -- the body or vendor; NULL: not known
	category        TEXT    NOT NULL DEFAULT '',                    -- slug of a category of the catalogue
	UNIQUE (organisation_id, kind, name)
) STRICT;

CREATE INDEX ledger_names_is ON ledger_names (is_id);

-- Invoices, credit notes and returns that charges stand on.
CREATE TABLE ledger_documents (
	id         INTEGER PRIMARY KEY,
	batch_id   INTEGER NOT NULL REFERENCES ledger_batches (id),
	kind       TEXT    NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'return', 'statement')),
	number     TEXT    NOT NULL,
	issued     TEXT    CHECK (issued LIKE '____-__-__'),
	due        TEXT    CHECK (due LIKE '____-__-__'),
	buyer_id   INTEGER NOT NULL REFERENCES ledger_names (id),
	vendor_id  INTEGER NOT NULL REFERENCES ledger_names (id),
	contract   TEXT    NOT NULL DEFAULT '',                -- reference to a contract
	orders     TEXT    NOT NULL DEFAULT '',                -- reference to an order
	corrects   TEXT    NOT NULL DEFAULT '',                -- number of the document that it corrects
	currency   TEXT    NOT NULL CHECK (length(currency) = 3),
	net        TEXT    NOT NULL,                           -- decimal, signed: a credit note is minus
	vat        TEXT    NOT NULL,
	gross      TEXT    NOT NULL,
	prepaid    TEXT    NOT NULL,
	rounding   TEXT    NOT NULL,
	payable    TEXT    NOT NULL,
	findings   TEXT    NOT NULL DEFAULT ''                 -- JSON: rules that it breaks
) STRICT;

CREATE INDEX ledger_documents_batch ON ledger_documents (batch_id);
CREATE INDEX ledger_documents_vendor ON ledger_documents (vendor_id, number);
CREATE INDEX ledger_documents_buyer ON ledger_documents (buyer_id);

-- One row for each charge, exact as its source has it.
CREATE TABLE ledger_charges (
	id           INTEGER PRIMARY KEY,
	batch_id     INTEGER NOT NULL REFERENCES ledger_batches (id),
	line         INTEGER NOT NULL,                         -- in the file; of an invoice, which of its charges
	document_id  INTEGER REFERENCES ledger_documents (id),
	corrects_id  INTEGER REFERENCES ledger_charges (id),   -- the charge that it corrects
	buyer_id     INTEGER NOT NULL REFERENCES ledger_names (id),
	vendor_id    INTEGER NOT NULL REFERENCES ledger_names (id),
	category_id  INTEGER NOT NULL REFERENCES ledger_names (id),
	kind         TEXT    NOT NULL CHECK (kind IN ('usage', 'purchase', 'tax', 'credit', 'adjustment')),
	frequency    TEXT    NOT NULL DEFAULT '' CHECK (frequency IN ('', 'one_time', 'recurring', 'usage')),
	correction   INTEGER NOT NULL DEFAULT 0 CHECK (correction IN (0, 1)), -- of an earlier period that was invoiced
	service      TEXT    NOT NULL DEFAULT '',
	description  TEXT    NOT NULL DEFAULT '',
	reference    TEXT    NOT NULL DEFAULT '',              -- number of the invoice or transaction
	contract     TEXT    NOT NULL DEFAULT '',              -- reference to a contract
	month        TEXT    NOT NULL CHECK (month = '' OR month LIKE '____-__'), -- in which it was billed; '': not known
	invoiced     TEXT    CHECK (invoiced LIKE '____-__-__'),
	due          TEXT    CHECK (due LIKE '____-__-__'),
	service_from TEXT    CHECK (service_from LIKE '____-__-__'),
	service_to   TEXT    CHECK (service_to LIKE '____-__-__'), -- the first day after it
	quantity     TEXT,                                     -- decimal
	unit         TEXT    NOT NULL DEFAULT '',
	unit_price   TEXT,                                     -- decimal
	billed       TEXT    NOT NULL,                         -- decimal, without VAT; a tax row is the tax
	effective    TEXT,                                     -- decimal; NULL: billed, spread over the service period
	list         TEXT,
	contracted   TEXT,
	currency     TEXT    NOT NULL CHECK (length(currency) = 3),
	rate         TEXT,                                     -- decimal; so much of the currency was one euro
	rate_day     TEXT    CHECK (rate_day LIKE '____-__-__'),
	euros        TEXT,                                     -- billed in euros, to 12 decimals; NULL: there is no rate
	vat_category TEXT    NOT NULL DEFAULT '',
	vat_rate     TEXT,                                     -- percent
	flags        TEXT    NOT NULL DEFAULT '',              -- codes of what somebody should look at
	more         TEXT    NOT NULL DEFAULT '',              -- JSON: the other columns of the source
	CHECK ((rate IS NULL) = (euros IS NULL)),
	CHECK (service_from IS NULL OR service_to > service_from)
) STRICT;

CREATE INDEX ledger_charges_batch ON ledger_charges (batch_id, line);
CREATE INDEX ledger_charges_cell ON ledger_charges (buyer_id, month, vendor_id);
CREATE INDEX ledger_charges_document ON ledger_charges (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX ledger_charges_corrects ON ledger_charges (corrects_id) WHERE corrects_id IS NOT NULL;

-- Rows that are no charges, with what is wrong with them.
CREATE TABLE ledger_rejects (
	batch_id INTEGER NOT NULL REFERENCES ledger_batches (id) ON DELETE CASCADE,
	line     INTEGER NOT NULL,
	raw      TEXT    NOT NULL,                             -- the row as it stands in the file
	problem  TEXT    NOT NULL CHECK (problem <> ''),       -- JSON: code, column, value, and how it may be repaired
	PRIMARY KEY (batch_id, line)
) STRICT;

-- What the charges of a batch come to by month, body, vendor and category; and the same
-- for all batches that count now. The whole part and the decimals in groups of nine
-- stand apart, so that both engines add them exactly (see models.Exact).
CREATE TABLE ledger_batch_cells (
	batch_id    INTEGER NOT NULL REFERENCES ledger_batches (id),
	basis       TEXT    NOT NULL CHECK (basis IN ('all', 'billed', 'effective', 'cash')),
	month       TEXT    NOT NULL CHECK (month = '' OR month LIKE '____-__'),
	buyer_id    INTEGER NOT NULL REFERENCES ledger_names (id),
	vendor_id   INTEGER NOT NULL REFERENCES ledger_names (id),
	category_id INTEGER NOT NULL REFERENCES ledger_names (id),
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
	unconverted INTEGER NOT NULL,                          -- rows that are not in the euros
	PRIMARY KEY (batch_id, basis, month, buyer_id, vendor_id, category_id, kind, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_cells (
	basis       TEXT    NOT NULL CHECK (basis IN ('all', 'billed', 'effective', 'cash')),
	buyer_id    INTEGER NOT NULL REFERENCES ledger_names (id),
	month       TEXT    NOT NULL CHECK (month = '' OR month LIKE '____-__'),
	vendor_id   INTEGER NOT NULL REFERENCES ledger_names (id),
	category_id INTEGER NOT NULL REFERENCES ledger_names (id),
	kind        TEXT    NOT NULL,
	currency    TEXT    NOT NULL,
	rows        INTEGER NOT NULL CHECK (rows > 0),
	whole       INTEGER NOT NULL,
	nano        INTEGER NOT NULL,
	atto        INTEGER NOT NULL,
	ronto       INTEGER NOT NULL,
	eur_whole   INTEGER NOT NULL,
	eur_nano    INTEGER NOT NULL,
	eur_atto    INTEGER NOT NULL,
	unconverted INTEGER NOT NULL,
	PRIMARY KEY (basis, buyer_id, month, vendor_id, category_id, kind, currency)
) STRICT, WITHOUT ROWID;
