-- What invoices are for. A bill is what one vendor charges one body under one number in
-- one month of one file; it is made of the charges of a batch that counts.
CREATE TABLE ledger_bills (
	id              INTEGER PRIMARY KEY,
	batch_id        INTEGER NOT NULL REFERENCES ledger_batches (id) ON DELETE CASCADE,
	document_id     INTEGER REFERENCES ledger_documents (id) ON DELETE CASCADE,
	buyer_id        INTEGER NOT NULL REFERENCES ledger_names (id) ON DELETE CASCADE,
	vendor_id       INTEGER NOT NULL REFERENCES ledger_names (id) ON DELETE CASCADE,
	reference       TEXT    NOT NULL,                      -- number of the invoice or transaction
	contract        TEXT    NOT NULL,                      -- reference to a contract
	currency        TEXT    NOT NULL CHECK (length(currency) = 3),
	month           TEXT    NOT NULL CHECK (month = '' OR month LIKE '____-__'),
	invoiced        TEXT    CHECK (invoiced LIKE '____-__-__'),
	service_from    TEXT    CHECK (service_from LIKE '____-__-__'), -- the first day of its charges …
	service_to      TEXT    CHECK (service_to LIKE '____-__-__'),   -- … and the first day after them
	first_line      INTEGER NOT NULL,                      -- in the file
	last_line       INTEGER NOT NULL,
	charges         INTEGER NOT NULL,                      -- VAT included
	whole           INTEGER NOT NULL,                      -- without VAT, as the ledger keeps sums
	nano            INTEGER NOT NULL,
	atto            INTEGER NOT NULL,
	ronto           INTEGER NOT NULL,
	eur_whole       INTEGER NOT NULL,
	eur_nano        INTEGER NOT NULL,
	eur_atto        INTEGER NOT NULL,
	unconverted     INTEGER NOT NULL,                      -- charges that are not in the euros
	subscription_id INTEGER REFERENCES subscriptions (id) ON DELETE SET NULL, -- that it is for
	outside         INTEGER NOT NULL DEFAULT 0 CHECK (outside IN (0, 1)),     -- 1: it is for none
	how             TEXT    NOT NULL DEFAULT '' CHECK (how IN ('', 'contract', 'before', 'correction', 'price', 'hand')), -- it was found
	budget          TEXT    NOT NULL DEFAULT '',           -- code of a budget line; '': that of the subscription
	words           TEXT    NOT NULL DEFAULT '',           -- of who decided
	differs         TEXT    NOT NULL DEFAULT '',           -- JSON: how it differs from what was agreed
	account_id      INTEGER REFERENCES accounts (id),      -- who decided; NULL: nobody, or the portal
	decided_at      TEXT,
	revision        INTEGER NOT NULL DEFAULT 1,
	UNIQUE (batch_id, buyer_id, vendor_id, reference, contract, currency, month),
	CHECK (outside = 0 OR subscription_id IS NULL)
) STRICT;

CREATE INDEX ledger_bills_line ON ledger_bills (batch_id, last_line);
CREATE INDEX ledger_bills_buyer ON ledger_bills (buyer_id, month);
CREATE INDEX ledger_bills_vendor ON ledger_bills (vendor_id, reference);
CREATE INDEX ledger_bills_document ON ledger_bills (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX ledger_bills_subscription ON ledger_bills (subscription_id) WHERE subscription_id IS NOT NULL;
CREATE INDEX ledger_bills_open ON ledger_bills (month) WHERE subscription_id IS NULL AND outside = 0;
CREATE INDEX ledger_bills_outside ON ledger_bills (month) WHERE outside = 1;
CREATE INDEX ledger_bills_differ ON ledger_bills (month) WHERE subscription_id IS NOT NULL AND differs <> '';
CREATE INDEX ledger_bills_account ON ledger_bills (account_id) WHERE account_id IS NOT NULL;

-- What of a bill falls into which month, by the days of its services, in euros.
CREATE TABLE ledger_bill_months (
	bill_id   INTEGER NOT NULL REFERENCES ledger_bills (id) ON DELETE CASCADE,
	month     TEXT    NOT NULL CHECK (month = '' OR month LIKE '____-__'),
	eur_whole INTEGER NOT NULL,
	eur_nano  INTEGER NOT NULL,
	eur_atto  INTEGER NOT NULL,
	PRIMARY KEY (bill_id, month)
) STRICT, WITHOUT ROWID;

-- How far the charges of a batch are taken into bills, and these matched.
CREATE TABLE ledger_matchings (
	batch_id INTEGER PRIMARY KEY REFERENCES ledger_batches (id) ON DELETE CASCADE,
	line     INTEGER NOT NULL DEFAULT 0,
	bill     INTEGER NOT NULL DEFAULT 0,
	done     INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1))
) STRICT;
