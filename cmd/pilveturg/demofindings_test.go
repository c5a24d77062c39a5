package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/exchange"
	"pilveturg/models/identity"
	"pilveturg/models/spend"
)

// list runs a query of one text a row.
func list(t *testing.T, d *db.DB, q string, args ...any) (all []string) {
	t.Helper()
	if err := d.Select(t.Context(), &all, q, args...); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	return all
}

// yearsHaveFindings: what is planted in the demonstration is found.
func yearsHaveFindings(t *testing.T, d *db.DB, _ []charged) {
	for _, tt := range []struct{ what, q, want string }{
		{"three agencies buy a survey tool separately", `SELECT o.code FROM subscriptions s JOIN organisations o ON o.id = s.organisation_id JOIN offerings f ON f.id = s.offering_id WHERE f.slug = 'kysitlus-pro' AND s.state = 'active' ORDER BY o.code`, "a12 a4 a9"},
		{"one of them uses 12 of 100 seats", `SELECT DISTINCT o.code FROM usage_months u JOIN subscriptions s ON s.id = u.subscription_id JOIN organisations o ON o.id = s.organisation_id WHERE u.used * 100 = u.assigned * 12`, "a4"},
		{"one goes on though its day of notice is over", `SELECT o.code FROM subscriptions s JOIN organisations o ON o.id = s.organisation_id WHERE s.renewal = 'tacit' AND s.state = 'active' AND s.notice_by < '2026-11-22' AND s.ends BETWEEN '2026-11-22' AND '2026-12-22'`, "a8"},
		{"seven invoices name no contract", `SELECT number FROM ledger_documents WHERE contract = '' ORDER BY number`, "IN-2026-00001 IN-2026-00038 IN-2026-00118 IN-2026-00158 IN-2026-00202 IN-2026-00250 IN-2026-00292"},
		{"no row of the tables lacks one", `SELECT DISTINCT reference FROM ledger_charges WHERE contract = '' AND document_id IS NULL`, ""},
		{"one invoice came twice", `SELECT number FROM ledger_documents GROUP BY number HAVING COUNT(*) > 1`, "IN-2026-00305"},
		{"the second is flagged", `SELECT DISTINCT b.file FROM ledger_charges c JOIN ledger_batches b ON b.id = c.batch_id WHERE c.flags = 'same_bill'`, "naidis-IN-2026-00305-2.xml"},
		{"nothing else is", `SELECT DISTINCT flags FROM ledger_charges WHERE flags NOT IN ('', 'same_bill')`, ""},
		{"one credit note names its invoice", `SELECT i.number FROM ledger_documents n JOIN ledger_documents i ON i.number = n.corrects AND i.vendor_id = n.vendor_id WHERE n.kind = 'credit_note'`, "IN-2026-00265"},
		{"invoices keep the rules", `SELECT number FROM ledger_documents WHERE findings <> ''`, ""},
		{"one invoice is in dollars", `SELECT DISTINCT currency || ' ' || CAST(rate_day AS TEXT) FROM ledger_charges WHERE currency <> 'EUR'`, "USD 2026-03-31"},
		{"one agency has not brought October", `SELECT o.code FROM organisations o WHERE o.id IN (SELECT organisation_id FROM ledger_batches) AND NOT EXISTS (SELECT 1 FROM ledger_charges c JOIN ledger_batches b ON b.id = c.batch_id WHERE b.organisation_id = o.id AND c.month = '2026-10')`, "a8"},
		{"all others find their subscriptions", `SELECT COALESCE(NULLIF(how, ''), 'none') || ' ' || CAST(COUNT(*) AS TEXT) FROM ledger_bills GROUP BY how ORDER BY how`, "none 7 contract 1022"},
		{"one service costs more than was agreed", `SELECT DISTINCT f.slug FROM ledger_bills b JOIN subscriptions s ON s.id = b.subscription_id JOIN offerings f ON f.id = s.offering_id WHERE b.differs LIKE '%"price"%'`, "personaal-hr"},
		{"since March", `SELECT MIN(b.month) FROM ledger_bills b WHERE b.differs LIKE '%"price"%'`, "2026-03"},
		{"one line is told of at 80 and at 100 percent", `SELECT l.code || ' ' || CAST(a.share AS TEXT) FROM budget_alerts a JOIN budget_lines l ON l.id = a.budget_id WHERE a.basis = 'actual' ORDER BY a.share`, "5525-K 80 5525-K 100"},
		{"nobody else is", `SELECT DISTINCT l.code FROM budget_alerts a JOIN budget_lines l ON l.id = a.budget_id`, "5525-K"},
		{"four are over", `SELECT state || ' ' || CAST(COUNT(*) AS TEXT) FROM subscriptions WHERE state = 'ended' GROUP BY state`, "ended 4"},
	} {
		if got := strings.Join(list(t, d, tt.q), " "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.what, got, tt.want)
		}
	}
}

// yearsAddUp: the sums of what is found are those that are told.
func yearsAddUp(t *testing.T, d *db.DB, all []charged) {
	var loose models.Exact
	maps, loads, price := map[string]models.Exact{}, map[string]models.Exact{}, map[string]string{}
	for _, c := range all {
		switch {
		case c.Kind == spend.Tax:
		case c.Contract == "":
			add(t, &loose, c.Billed)
		case c.Service == "Kaardikoda kaardiplaadid" && len(c.Flags()) == 0:
			sum := maps[c.Month[:4]]
			add(t, &sum, c.Billed)
			maps[c.Month[:4]] = sum
			if c.Quantity.Known && c.UnitPrice.Known && c.UnitPrice.String() != "49" {
				loads[c.Month] = c.Quantity.Exact
			}
		case c.Service == "Personaal HR":
			price[c.Month+c.BodyCode] = c.UnitPrice.String()
		}
	}
	if loose.String() != "9300" {
		t.Errorf("without contract there are %s euros", loose)
	}
	july, _ := loads["2026-07"].Rat().Float64()
	june, _ := loads["2026-06"].Rat().Float64()
	if july < 1.35*june || june == 0 {
		t.Errorf("of maps %v are loaded in July, and %v in June", july, june)
	}
	if price["2026-02a7"] != "3.61" || price["2026-03a7"] != "3.9" {
		t.Errorf("the price rose from %s to %s", price["2026-02a7"], price["2026-03a7"])
	}
	var line struct{ Cents, Reserved int64 }
	if err := d.Get(t.Context(), &line, `SELECT cents, reserved FROM budget_lines WHERE code = '5525-K' AND year = 2026`); err != nil {
		t.Fatal(err)
	}
	spent, _ := maps["2026"].Rat().Float64()
	if spent*100 <= float64(line.Cents) || spent*100 > 1.3*float64(line.Cents) || line.Reserved > line.Cents {
		t.Errorf("of a line of %+v %v euros are spent", line, spent)
	}
}

// yearsHaveSeasons: use follows the year: schools rest, exams are sat in early summer, museums and kiosks
// have their season, and January has the most electronic invoices.
func yearsHaveSeasons(t *testing.T, _ *db.DB, all []charged) {
	by := map[string]map[string]models.Exact{}
	for _, c := range all {
		if c.Kind == spend.Tax || c.Month[:4] != "2025" {
			continue
		}
		if by[c.Service] == nil {
			by[c.Service] = map[string]models.Exact{}
		}
		sum := by[c.Service][c.Month[5:]]
		add(t, &sum, c.Billed)
		by[c.Service][c.Month[5:]] = sum
	}
	for _, tt := range []struct {
		service, more, less string // months
		none                []string
	}{
		{"Toit koolis", "06", "07", []string{"07", "08"}},
		{"Raamatukapp", "06", "08", []string{"07", "08"}},
		{"Eksam Online testid", "06", "03", []string{"01", "02", "03", "04", "07", "08", "10"}},
		{"Muuseumigiid audiogiid", "07", "02", nil},
		{"Arvepuu e-arved", "01", "05", nil},
	} {
		of := by[tt.service]
		if of[tt.more].Cmp(of[tt.less]) <= 0 {
			t.Errorf("%s: %s in %s, %s in %s", tt.service, of[tt.more], tt.more, of[tt.less], tt.less)
		}
		for _, month := range tt.none {
			if !of[month].IsZero() {
				t.Errorf("%s: %s in %s", tt.service, of[month], month)
			}
		}
	}
}

// A start that was cut off goes on at the next one, and what was taken out stays out.
func TestThreeYearsGoOnAfterACut(t *testing.T) {
	d := dbtest.New(t)
	schema, err := loadSchema()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := demonstrate(t.Context(), &env{out: io.Discard}, config{demo: true}, d, schema); err != nil {
		t.Fatal(err)
	}
	ctx, cut := context.WithCancel(t.Context())
	cut()
	if err := yearsDemonstration(ctx, d, schema, spend.NewWorker(d, schema)); err == nil {
		t.Error("it went on though it was cut off")
	}
	story, err := demonstratedYears()
	if err != nil {
		t.Fatal(err)
	}
	waits := func() bool {
		w, err := story.Waits(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	if !waits() {
		t.Error("nothing waits before it is told")
	}
	if err := story.Put(t.Context(), d, schema, nil); err != nil {
		t.Fatal(err)
	}
	if !waits() {
		t.Error("nothing waits though no file is read")
	}
	if err := yearsDemonstration(t.Context(), d, schema, spend.NewWorker(d, schema)); err != nil {
		t.Fatal(err)
	}
	if waits() {
		t.Error("something waits at the end")
	}
	before := len(list(t, d, `SELECT file FROM ledger_batches`))
	var batch struct{ ID, OrgID int64 }
	if err := d.Get(t.Context(), &batch, `SELECT id, organisation_id AS orgid FROM ledger_batches ORDER BY id LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	books := models.Actor{Program: "test", OrgID: batch.OrgID, Roles: []models.Role{models.Finance}}
	dbtest.Write(t, d, books, func(tx *db.Tx) error { return spend.Undo(t.Context(), tx, batch.ID) })
	if err := yearsDemonstration(t.Context(), d, schema, spend.NewWorker(d, schema)); err != nil {
		t.Fatal(err)
	}
	if n := len(list(t, d, `SELECT file FROM ledger_batches`)); n != before {
		t.Errorf("there are %d files, and there were %d", n, before)
	}
}

// All of the demonstration goes with it, and nothing of anybody else.
func TestThreeYearsGoWithTheDemonstration(t *testing.T) {
	d, schema := yearsOn(t, "2026-11-22")
	own := identity.Organisation{Key: models.Key{Scheme: "test", Code: "own"}, Kind: identity.Agency, Names: models.Text{"en": "Our own office"}}
	dbtest.Write(t, d, demonstrator(), func(tx *db.Tx) error { _, _, err := identity.Put(t.Context(), tx, &own); return err })
	content := []byte("Supplier,Invoice date,Invoice number,Amount,Currency\nKaardikoda Näidis OÜ,2026-05-31,1,12.30,EUR\n")
	sum := sha256.Sum256(content)
	books := models.Actor{Program: "test", OrgID: own.ID, Roles: []models.Role{models.Finance}}
	var b *spend.Batch
	dbtest.Write(t, d, books, func(tx *db.Tx) (err error) {
		b, err = spend.Bring(t.Context(), tx, spend.File{Name: "own.csv", Hash: hex.EncodeToString(sum[:]), Bytes: int64(len(content)), Content: content})
		return err
	})
	w := spend.NewWorker(d, schema)
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	if err := w.Work(t.Context(), b.ID, open); err != nil {
		t.Fatal(err)
	}
	dbtest.Write(t, d, books, func(tx *db.Tx) error {
		found, err := spend.FindBatch(t.Context(), tx, books, b.ID)
		if err != nil {
			return err
		}
		return spend.Read(t.Context(), tx, b.ID, found.Format, found.Mapping())
	})
	if err := w.Work(t.Context(), b.ID, open); err != nil {
		t.Fatal(err)
	}
	dbtest.Write(t, d, books, func(tx *db.Tx) error { return spend.Accept(t.Context(), tx, b.ID) })
	if _, err := exchange.Undo(t.Context(), d, demonstrator(), 1); err != nil {
		t.Fatal(err)
	}
	for table, want := range map[string]int{"ledger_batches": 1, "ledger_charges": 1, "ledger_files": 1, "ledger_documents": 0, "subscriptions": 0, "budget_lines": 0, "contract_imports": 0, "usage_months": 0, "accounts": 0, "organisations": 1, "offerings": 0} {
		var n int
		if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM `+table); err != nil || n != want {
			t.Errorf("%s has %d rows, want %d, %v", table, n, want, err)
		}
	}
	if got := list(t, d, `SELECT name FROM ledger_names WHERE organisation_id <> ?`, own.ID); len(got) > 0 {
		t.Errorf("names are left: %v", got)
	}
	checked, err := spend.Check(t.Context(), d)
	if err != nil || len(checked.Wrong) > 0 || checked.Charges != 1 {
		t.Errorf("%+v, %v", checked, err)
	}
	if err := yearsDemonstration(t.Context(), d, schema, w); err != nil {
		t.Fatal(err)
	}
	if left := list(t, d, `SELECT file FROM ledger_batches`); !slices.Equal(left, []string{"own.csv"}) {
		t.Errorf("after the next start there are %v", left)
	}
}
