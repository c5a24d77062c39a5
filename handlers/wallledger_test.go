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

func (w *walls) fileOf(owner *caller) int64 {
	w.t.Helper()
	text := []byte("Supplier,Invoice date,Invoice number,Amount,Currency\n" + wordOfOwn + owner.name + ",2026-01-31," + w.word() + ",1.50,EUR\n" + wordOfOwn + owner.name + ",2026-01-31,x,bad,EUR\nS,2026-01-31,y,2,EUR\nS,2026-01-31,z,3,EUR\n")
	sum := sha256.Sum256(text)
	var b *spend.Batch
	w.writeAs(keeperOf(owner.org), func(tx *db.Tx) (err error) {
		b, err = spend.Bring(w.t.Context(), tx, spend.File{Name: wordOfOwn + owner.name + ".csv", Hash: hex.EncodeToString(sum[:]), Bytes: int64(len(text)), Content: text})
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
		spendPath + "/names/:name":                                   {make: (*walls).aSupplier},
	} {
		rows[path] = r
	}
	for path, s := range map[string]sample{
		"POST " + importsPath: {form: func(w *walls, _ *caller, _ string) url.Values {
			return url.Values{fieldFile: {"Supplier,Amount\n" + w.word() + ",1\n"}}
		}},
		"POST /imports/:batch/mapping":                    {form: formOf("amount", "3", "currency", "4", "scale", "1", "decimal", ".")},
		"POST /imports/:batch/acceptance":                 {},
		"POST /imports/:batch/discard":                    {},
		"POST /imports/:batch/undo":                       {},
		"POST /spend/lines/:line/correction":              {form: aRemoval, code: 200},
		"POST /spend/lines/:line/correction/confirmation": {form: aRemoval},
		"POST /spend/names/:name":                         {form: formOf(fieldOrganisation, "3")},
	} {
		samples[path] = s
	}
}
