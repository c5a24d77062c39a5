package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
)

// keeperOf keeps the books of an organisation.
func keeperOf(org int64) models.Actor {
	return models.Actor{Program: "test", OrgID: org, Roles: []models.Role{models.Finance}}
}

// aLedgerFile is a file in the books of the owner's organisation that waits to be accepted.
func (w *walls) aLedgerFile(owner *caller) string { return strconv.FormatInt(w.fileOf(owner), 10) }

// fileOf is such a file; what is in it is for the owner's organisation to read.
func (w *walls) fileOf(owner *caller) int64 {
	w.t.Helper()
	text := []byte("Supplier,Invoice date,Invoice number,Amount,Currency\n" + wordOfPerson + owner.name + ",2026-01-31," + w.word() + ",1.50,EUR\n" + wordOfPerson + owner.name + ",2026-01-31,x,bad,EUR\nS,2026-01-31,y,2,EUR\nS,2026-01-31,z,3,EUR\n")
	sum := sha256.Sum256(text)
	var b *spend.Batch
	w.writeAs(keeperOf(owner.org), func(tx *db.Tx) (err error) {
		b, err = spend.Bring(w.t.Context(), tx, spend.File{Name: wordOfPerson + owner.name + ".csv", Hash: hex.EncodeToString(sum[:]), Bytes: int64(len(text)), Content: text})
		return err
	})
	w.reads(b.ID)
	found, err := spend.FindBatch(w.t.Context(), w.DB, keeperOf(owner.org), b.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	w.writeAs(keeperOf(owner.org), func(tx *db.Tx) error {
		return spend.Read(w.t.Context(), tx, b.ID, found.Format, found.Mapping())
	})
	w.reads(b.ID)
	return b.ID
}

func (w *walls) reads(batch int64) {
	w.t.Helper()
	if err := w.LedgerWorker().Kept(w.t.Context(), batch); err != nil {
		w.t.Fatal(err)
	}
}

// aCounted is a file that counts.
func (w *walls) aCounted(owner *caller) string {
	id := w.fileOf(owner)
	w.writeAs(keeperOf(owner.org), func(tx *db.Tx) error { return spend.Accept(w.t.Context(), tx, id) })
	return strconv.FormatInt(id, 10)
}

// aCharge is a charge that counts, aDocument an invoice, aSupplier a name in files.
func (w *walls) aCharge(owner *caller) string {
	w.aCounted(owner)
	return w.last(`SELECT max(id) AS id FROM ledger_charges`)
}

func (w *walls) aSupplier(owner *caller) string {
	w.t.Helper()
	w.aCounted(owner)
	var id int64
	if err := w.DB.Get(w.t.Context(), &id, `SELECT max(id) FROM ledger_names WHERE kind = 'vendor' AND organisation_id = ?`, owner.org); err != nil {
		w.t.Fatal(err)
	}
	return strconv.FormatInt(id, 10)
}

func (w *walls) anInvoice(owner *caller) string {
	w.t.Helper()
	var id int64
	batch := w.fileOf(owner)
	w.writeAs(keeperOf(owner.org), func(tx *db.Tx) error {
		for _, q := range []string{`UPDATE ledger_batches SET state = 'loading' WHERE id = ?`} {
			if _, err := tx.Exec(w.t.Context(), q, batch); err != nil {
				return err
			}
		}
		const q = `INSERT INTO ledger_documents (batch_id, kind, number, buyer_id, vendor_id, currency, net, vat, gross, prepaid, rounding, payable)
			SELECT DISTINCT c.batch_id, 'invoice', '1', c.buyer_id, c.vendor_id, 'EUR', 1, 0, 1, 0, 0, 1 FROM ledger_charges c WHERE c.batch_id = ? RETURNING id`
		if err := tx.Get(w.t.Context(), &id, q, batch); err != nil {
			return err
		}
		_, err := tx.Exec(w.t.Context(), `UPDATE ledger_batches SET state = 'staged' WHERE id = ?`, batch)
		if err != nil {
			return err
		}
		return spend.Accept(w.t.Context(), tx, batch)
	})
	return strconv.FormatInt(id, 10)
}

// everybodyBuys has every body order something, once: packages of open contracting are
// never empty.
func (w *walls) everybodyBuys() url.Values {
	w.t.Helper()
	for _, c := range w.callers {
		if c.role != models.Buyer {
			continue
		}
		var n int
		if err := w.DB.Get(w.t.Context(), &n, `SELECT COUNT(*) FROM subscriptions WHERE ordered_at IS NOT NULL AND organisation_id = ?`, c.org); err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			w.anOrder(c)
		}
	}
	return url.Values{}
}

// aKey is a key of the owner's organisation, and aShare what was shared by one.
func (w *walls) aKey(owner *caller) string { return strconv.FormatInt(w.keyOf(owner), 10) }

func (w *walls) keyOf(owner *caller) (id int64) {
	w.writeAs(keeperOf(owner.org), func(tx *db.Tx) error {
		k, err := spend.MakeKey(w.t.Context(), tx, spend.Key{Name: "Key " + w.word(), Measure: spend.Users})
		if err != nil {
			return err
		}
		id = k.ID
		weights := []spend.BodyWeight{{OrgID: 1, Weight: models.ExactOf(models.Whole(2))}, {OrgID: owner.org, Weight: models.ExactOf(models.Whole(1))}}
		_, err = spend.ChangeKey(w.t.Context(), tx, id, models.NewDate(2020, 1, 1), weights)
		return err
	})
	return id
}

func (w *walls) aShare(owner *caller) string {
	w.t.Helper()
	key, document := w.keyOf(owner), w.aCountedInvoice(owner)
	var b *spend.Batch
	w.writeAs(keeperOf(owner.org), func(tx *db.Tx) (err error) {
		b, err = spend.ShareOut{Key: key, Document: document}.Book(w.t.Context(), tx)
		return err
	})
	return strconv.FormatInt(b.ID, 10)
}

// aCountedInvoice is an electronic invoice that counts, with a charge of two euros.
func (w *walls) aCountedInvoice(owner *caller) (document int64) {
	w.t.Helper()
	text := []byte(`<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>` + w.word() + `</cbc:ID><cbc:IssueDate>2026-01-31</cbc:IssueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>S</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">2.00</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">2.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">2.00</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="EUR">2.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="EUR">2.00</cbc:LineExtensionAmount><cac:Item><cbc:Name>Maps</cbc:Name></cac:Item><cac:Price><cbc:PriceAmount currencyID="EUR">2.00</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
</Invoice>`)
	sum := sha256.Sum256(text)
	var b *spend.Batch
	w.writeAs(keeperOf(owner.org), func(tx *db.Tx) (err error) {
		b, err = spend.Bring(w.t.Context(), tx, spend.File{Name: "bill.xml", Hash: hex.EncodeToString(sum[:]), Bytes: int64(len(text)), Content: text})
		return err
	})
	w.reads(b.ID)
	w.writeAs(keeperOf(owner.org), func(tx *db.Tx) error { return spend.Accept(w.t.Context(), tx, b.ID) })
	if err := w.DB.Get(w.t.Context(), &document, `SELECT id FROM ledger_documents WHERE batch_id = ?`, b.ID); err != nil {
		w.t.Fatal(err)
	}
	return document
}

// aSharing chooses an invoice and a key; nothing is made for whom it is not for.
func aSharing(w *walls, c *caller, _ string) url.Values {
	if c.role != models.Finance {
		return url.Values{fieldDocument: {"1"}, fieldKey: {"1"}}
	}
	return url.Values{fieldDocument: {strconv.FormatInt(w.aCountedInvoice(c), 10)}, fieldKey: {w.aKey(c)}}
}

// aRemoval takes a charge back, in the month of today.
func aRemoval(w *walls, _ *caller, _ string) url.Values {
	return url.Values{fieldWay: {"removal"}, fieldSeen: {"0.0"}, fieldMonth: {models.DateOf(w.DB.Now()).String()[:7]}, fieldReason: {"Wrong"}}
}

func init() {
	for path, r := range map[string]row{
		":batch":                                   {make: (*walls).aLedgerFile},
		importsPath + "/:batch/undo":               {make: (*walls).aCounted},
		spendPath + "/lines/:line":                 {make: (*walls).aCharge, wide: true},
		spendPath + "/lines/:line" + correctionEnd: {make: (*walls).aCharge},
		spendPath + "/lines/:line" + correctionEnd + "/confirmation": {make: (*walls).aCharge},
		spendPath + "/documents/:document":                           {make: (*walls).anInvoice, wide: true},
		":key":                                                       {make: (*walls).aKey},
		":share":                                                     {make: (*walls).aShare, wide: true},
		spendPath + "/names/:name":                                   {make: (*walls).aSupplier},
	} {
		rows[path] = r
	}
	for path, s := range map[string]sample{
		"POST " + importsPath: {form: func(w *walls, _ *caller, _ string) url.Values {
			return url.Values{fieldFile: {"Supplier,Amount\n" + w.word() + ",1\n"}}
		}},
		"GET " + ocdsPath + "/releases.json": {query: (*walls).everybodyBuys},
		"GET " + ocdsPath + "/records.json":  {query: (*walls).everybodyBuys},
		"POST /imports/:batch/mapping":       {form: formOf("amount", "3", "currency", "4", "scale", "1", "decimal", ".")},
		"POST /imports/:batch/acceptance":    {},
		"POST /imports/:batch/discard":       {},
		"POST /imports/:batch/undo":          {},
		"POST /spend/names/:name":            {form: formOf(fieldOrganisation, "3")},
		"POST " + keysPath: {form: func(w *walls, _ *caller, _ string) url.Values {
			return url.Values{"name": {w.word()}, fieldMeasure: {"users"}}
		}},
		"POST /spend/keys/:key/version":                   {form: formOf(fieldDay, "2026-01-01", fieldBody, "2", fieldWeigh+"2", "5")},
		"POST /spend/shares/new":                          {form: aSharing, code: 200},
		"POST /spend/shares":                              {form: aSharing},
		"POST /spend/lines/:line/correction":              {form: aRemoval, code: 200},
		"POST /spend/lines/:line/correction/confirmation": {form: aRemoval},
	} {
		samples[path] = s
	}
}
