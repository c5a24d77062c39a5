package spend_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
)

const plain = `Body,Supplier,Invoice date,Invoice number,Category,Service,Service from,Service to,Quantity,Unit price,Amount,VAT,Currency
Office of Samples,Sample Maps Ltd,2026-01-31,IN-1,Software,Map views,2026-01-01,2026-02-01,1000,0.0123,12.30,2.95,EUR
Office of Samples,Sample Maps Ltd,2026-01-31,IN-2,Software,A year,2026-01-01,2027-01-01,,,365.00,,EUR
Office of Samples,Sample Maps Ltd,2026-01-31,IN-2,Software,A year,2026-01-01,2027-01-01,,,365.00,,EUR
Office of Others,Somebody else,2026-02-15,77,Consulting,Hours,,,,,-20.005,,EUR
,,,,,,,,,,722.295,,EUR
Office of Samples,Sample Maps Ltd,2026-02-30,IN-3,Software,Bad day,,,,,1,,EUR
Office of Samples,Sample Maps Ltd,2026-02-28,IN-4,Software,Bad amount,,,,,1O.50,,EUR
Office of Samples,Sample Maps Ltd,2026-02-28,IN-5,Software,Bad currency,,,,,1.50,,XYZ
`

func TestAFileIsReadShownAcceptedAndUndone(t *testing.T) {
	o := newOffice(t)
	b := o.staged("january.csv", []byte(plain))
	if b.Rows != 8 || b.Taken != 5 || b.Rejected != 2 || b.LeftOut != 1 || b.Undated != 1 || b.Unconverted != 0 || b.Flagged != 3 {
		t.Errorf("it is %+v", b)
	}
	want := `[{"currency":"EUR","rows":6,"billed":"726.245","tax":"2.95","effective":"726.245"}]`
	if b.TotalsText != want {
		t.Errorf("it comes to %s, want %s", b.TotalsText, want)
	}
	rejects, err := spend.Rejects(t.Context(), o.DB, o.finance, b.ID, models.Page{Number: 1, Size: 10})
	if err != nil || len(rejects) != 2 || rejects[0].Problem != (spend.Problem{Code: "number_wrong", Column: "Amount", Got: "1O.50", Repair: "10.50"}) || rejects[1].Problem.Code != "currency_wrong" || rejects[1].Line != 9 {
		t.Errorf("the rejects are %+v, %v", rejects, err)
	}
	if o.sum("EUR") != (models.Exact{}) {
		t.Error("it counts before it is accepted")
	}
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	o.agrees()
	if got := o.sum("EUR").String(); got != "726.245" {
		t.Errorf("the ledger has %s", got)
	}
	if err := o.accept(b.ID); !errors.Is(err, models.ErrConflict) {
		t.Errorf("accepted twice: %v", err)
	}
	if err := o.undo(b.ID); err != nil {
		t.Fatal(err)
	}
	o.agrees()
	if got := o.sum("EUR"); !got.IsZero() {
		t.Errorf("the ledger has %s after it was undone", got)
	}
	if err := o.undo(b.ID); !errors.Is(err, models.ErrConflict) {
		t.Errorf("undone twice: %v", err)
	}
}

// A year's price stands in twelve months by their days, and the parts are the whole.
func TestWhatRunsOverMonthsIsSpreadByDays(t *testing.T) {
	o := newOffice(t)
	b := o.staged("january.csv", []byte(plain))
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	type row struct {
		Month       string
		Whole, Nano int64
	}
	var rows []row
	const q = `SELECT month, CAST(SUM(whole) AS BIGINT) AS whole, CAST(SUM(nano) AS BIGINT) AS nano FROM ledger_cells c JOIN ledger_names n ON n.id = c.vendor_id WHERE c.basis IN ('effective', 'all') AND n.name = 'Sample Maps Ltd' AND c.kind = 'purchase' GROUP BY month ORDER BY month`
	if err := o.Select(t.Context(), &rows, q); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		e, _ := models.ExactFromParts(r.Whole, r.Nano, 0, 0)
		got[r.Month] = e.String()
	}
	for month, want := range map[string]string{"": "1", "2026-01": "74.3", "2026-02": "56", "2026-03": "62", "2026-12": "62"} {
		if got[month] != want {
			t.Errorf("%q has %s, want %s", month, got[month], want)
		}
	}
}

func TestTheSameFileCountsOnce(t *testing.T) {
	o := newOffice(t)
	b := o.staged("january.csv", []byte(plain))
	var same spend.ErrSame
	if _, err := o.bring(o.finance, "again.csv", []byte(plain)); !errors.As(err, &same) || same.Batch.ID != b.ID {
		t.Errorf("brought again: %v", err)
	}
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.bring(o.finance, "again.csv", []byte(plain)); !errors.As(err, &same) {
		t.Errorf("brought again after it was accepted: %v", err)
	}
	if _, err := o.bring(o.stranger, "other.csv", []byte(plain)); err != nil {
		t.Errorf("in the books of another body: %v", err)
	}
	if err := o.undo(b.ID); err != nil {
		t.Fatal(err)
	}
	again := o.staged("again.csv", []byte(plain))
	if err := o.accept(again.ID); err != nil {
		t.Errorf("after it was undone: %v", err)
	}
}

// Whatever a program does, what counts stays as it is.
func TestTheDatabaseRefusesToChangeTheLedger(t *testing.T) {
	o := newOffice(t)
	b := o.staged("january.csv", []byte(plain))
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		`UPDATE ledger_charges SET billed = '1'`, `UPDATE ledger_charges SET flags = 'x'`, `DELETE FROM ledger_charges`,
		`UPDATE ledger_batch_cells SET whole = whole + 1`, `DELETE FROM ledger_batch_cells`, `DELETE FROM ledger_batches`,
		`UPDATE ledger_batches SET totals = ''`, `UPDATE ledger_batches SET state = 'staged'`, `UPDATE ledger_batches SET hash = '` + strings.Repeat("0", 64) + `'`,
		`INSERT INTO ledger_charges (batch_id, line, buyer_id, vendor_id, category_id, kind, month, billed, currency) SELECT batch_id, 99, buyer_id, vendor_id, category_id, kind, month, billed, currency FROM ledger_charges`,
	} {
		err := o.try(admin, func(ctx context.Context, tx *db.Tx) error { _, err := tx.Exec(ctx, q); return err })
		if !db.Refused(err) {
			t.Errorf("%s: %v", q, err)
		}
	}
	o.agrees()
}

func TestOnlyWhoKeepsTheBooksSeesABatch(t *testing.T) {
	o := newOffice(t)
	b := o.staged("january.csv", []byte(plain))
	for what, c := range map[string]struct {
		who  models.Actor
		want error
	}{
		"another body":  {o.stranger, models.ErrNotFound},
		"a buyer":       {models.Actor{AccountID: o.finance.AccountID, OrgID: o.body, Roles: []models.Role{models.Buyer}}, models.ErrForbidden},
		"nobody":        {models.Actor{}, models.ErrForbidden},
		"administrator": {models.Actor{AccountID: 1, OrgID: o.body, Roles: []models.Role{models.Administrator}}, models.ErrForbidden},
	} {
		if _, err := spend.FindBatch(t.Context(), o.DB, c.who, b.ID); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
		for step, f := range map[string]func(context.Context, *db.Tx, int64) error{"accept": spend.Accept, "undo": spend.Undo, "discard": spend.Discard} {
			if err := o.try(c.who, func(ctx context.Context, tx *db.Tx) error { return f(ctx, tx, b.ID) }); !errors.Is(err, c.want) {
				t.Errorf("%s, %s: %v", what, step, err)
			}
		}
	}
}

// A worker that dies leaves its batch where it was; another goes on there, and nothing
// stands twice.
func TestAnotherWorkerGoesOnWhereOneDied(t *testing.T) {
	o := newOffice(t)
	var text strings.Builder
	text.WriteString("Supplier,Date,Amount,Currency,VAT\n")
	for i := range 9000 {
		text.WriteString([]string{"A,2026-01-02,1.10,EUR,0.26\n", "B,2026-01-03,bad,EUR,\n", "C,2026-02-04,2.05,EUR,\n"}[i%3])
	}
	content := []byte(text.String())
	b, err := o.bring(o.finance, "large.csv", content)
	if err != nil {
		t.Fatal(err)
	}
	o.work() // finds out what it is
	m := o.batch(b.ID).Mapping()
	if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { return spend.Read(ctx, tx, b.ID, spend.Charges, m) }); err != nil {
		t.Fatal(err)
	}
	for died := 0; died < 3; died++ {
		ctx, kill := context.WithCancel(t.Context())
		n := 0
		d := *o.DB
		d.Now = func() time.Time { // asked once for each transaction
			if n++; n > 3 {
				kill()
			}
			return o.Now().Add(time.Duration(died) * 2 * time.Minute)
		}
		dying := &spend.Worker{DB: &d, Name: "dying", Cells: 1}
		if err := dying.Work(ctx, b.ID, openOf(content)); err == nil {
			t.Fatal("it did not die")
		}
		kill()
	}
	at := o.batch(b.ID)
	if at.State != spend.Loading || at.Line == 0 {
		t.Fatalf("it is %s at line %d", at.State, at.Line)
	}
	now := o.Now().Add(10 * time.Minute)
	o.Now = func() time.Time { return now }
	o.work()
	at = o.batch(b.ID)
	if at.State != spend.Staged || at.Rows != 9000 || at.Taken != 6000 || at.Rejected != 3000 {
		t.Errorf("it is %+v", at)
	}
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	o.agrees()
	if got := o.sum("EUR").String(); got != "10230" { // 3000 × (1.10 + 0.26 + 2.05)
		t.Errorf("the ledger has %s", got)
	}
	var charges int
	if err := o.Get(t.Context(), &charges, `SELECT COUNT(*) FROM ledger_charges`); err != nil || charges != 9000 {
		t.Errorf("%d charges, %v", charges, err)
	}
}

func TestAnotherMappingReadsABatchAgainAndIsRemembered(t *testing.T) {
	o := newOffice(t)
	const text = "Partner;Kuupäev;Summa;Valuuta\nNäidis OÜ;03.04.2026;1.234;EUR\nNäidis OÜ;05.04.2026;2.345;EUR\n"
	b, err := o.bring(o.finance, "a.csv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	o.work()
	if b = o.batch(b.ID); b.State != spend.WasFound {
		t.Fatalf("an ambiguous file is %s", b.State)
	}
	m := b.Mapping()
	m.Columns[spend.RoleVendor] = 0
	for decimal, want := range map[string]string{".": "3.579", ",": "3579"} {
		m.Decimal = decimal
		o.read(b, spend.Charges, m)
		if b = o.batch(b.ID); b.State != spend.Staged || b.Totals()[0].Billed.String() != want {
			t.Errorf("with %q it is %s, %s", decimal, b.State, b.TotalsText)
		}
		o.agrees()
	}
	m.Decimal = ","
	o.read(b, spend.Charges, m)
	next, err := o.bring(o.finance, "b.csv", []byte(text+"Näidis OÜ;07.04.2026;1.000;EUR\n"))
	if err != nil {
		t.Fatal(err)
	}
	o.work()
	if next = o.batch(next.ID); next.State != spend.Staged || next.Totals()[0].Billed.String() != "4579" {
		t.Errorf("the next file of the publisher is %s, %s", next.State, next.TotalsText)
	}
}

func TestADiscardedBatchLeavesNothing(t *testing.T) {
	o := newOffice(t)
	b := o.staged("january.csv", []byte(plain))
	if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { return spend.Discard(ctx, tx, b.ID) }); err != nil {
		t.Fatal(err)
	}
	for more := true; more; {
		if err := o.try(admin, func(ctx context.Context, tx *db.Tx) (err error) { more, err = spend.Sweep(ctx, tx); return err }); err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range []string{"ledger_batches", "ledger_charges", "ledger_batch_cells", "ledger_rejects", "ledger_files", "ledger_cells"} {
		var n int
		if err := o.Get(t.Context(), &n, `SELECT COUNT(*) FROM `+table); err != nil || n != 0 {
			t.Errorf("%s has %d rows, %v", table, n, err)
		}
	}
}

// The files of public bodies come out as another program computed them.
func TestRealFilesComeOutExactly(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"gcloud/g-cloud-spend-2014-07-14.csv", "uk25k/AHVLA-Over-25k-1205.csv", "uk25k/CO-Transparency-data-May-2012.csv", "uk25k/fera-over-25k-1112.csv", "uk25k/kew-over-25k-1004.csv", "uk25k/nio-june-2010.xls",
		"uk25k/Pub_Data_Spend_Over__25k_-_CSV.csv", "uk25k/transparency_dec11.csv", "uk25k/transparency_october.csv"} {
		content := shared(t, name)
		var oracle struct {
			Taken    int `json:"imported_rows"`
			Rejected int `json:"rejected_count"`
			Sum      string
			Totals   []struct{ Record int } `json:"embedded_total_rows_excluded"`
			Twice    int                    `json:"exact_duplicate_rows_inside_file"`
			Undated  int                    `json:"undated_rows"`
			Months   []struct {
				Key  string
				Rows int
				Sum  string
			} `json:"by_month"`
		}
		if err := json.Unmarshal(shared(t, name+".oracle.json"), &oracle); err != nil {
			t.Fatal(err)
		}
		before := o.sum("GBP")
		b := o.staged(name, content)
		total := b.Totals()
		want, err := models.ParseExact(oracle.Sum)
		if err != nil || b.Taken != oracle.Taken || b.Rejected != oracle.Rejected || b.LeftOut != len(oracle.Totals) || b.Undated != oracle.Undated || len(total) != 1 || total[0].Billed != want || total[0].Currency != "GBP" {
			t.Errorf("%s: %d taken, %d rejected, %d left out, %d undated, %s; want %d, %d, %d, %d, %s", name, b.Taken, b.Rejected, b.LeftOut, b.Undated, b.TotalsText, oracle.Taken, oracle.Rejected, len(oracle.Totals), oracle.Undated, oracle.Sum)
		}
		if err := o.accept(b.ID); err != nil {
			t.Fatal(err)
		}
		after, err := o.sum("GBP").Sub(before)
		if err != nil || after != want {
			t.Errorf("%s: the ledger grew by %s, want %s", name, after, want)
		}
		var twice int
		if err := o.Get(t.Context(), &twice, `SELECT COUNT(*) FROM ledger_charges WHERE batch_id = ? AND flags LIKE '%same_row%'`, b.ID); err != nil || twice != oracle.Twice {
			t.Errorf("%s: %d rows are flagged as written twice, want %d, %v", name, twice, oracle.Twice, err)
		}
	}
	var same spend.ErrSame
	if _, err := o.bring(o.finance, "AHVLA-Over-25k-1206.csv", shared(t, "uk25k/AHVLA-Over-25k-1206.csv")); !errors.As(err, &same) {
		t.Errorf("the same file under another name: %v", err)
	}
	o.agrees()
}

// Money in millions with six decimals keeps every dollar.
func TestMoneyInMillionsKeepsEveryDollar(t *testing.T) {
	content := shared(t, "us_it/businesscase_by2017.csv")
	o := newOffice(t)
	b, err := o.bring(o.finance, "businesscase.csv", content)
	if err != nil {
		t.Fatal(err)
	}
	o.work()
	b = o.batch(b.ID)
	for i, c := range b.Found().Columns {
		want := map[string]string{"Funding PY1 and Prior ($ M)": "273316781282", "Funding CY ($ M)": "43636278503", "Funding BY ($ M)": "43375987588"}[c.Heading]
		if want == "" {
			continue
		}
		m := b.Mapping()
		m.Columns, m.Currency, m.Scale = map[spend.Role]int{spend.RoleAmount: i, spend.RoleBuyer: 3, spend.RoleService: 6}, "USD", "1000000"
		o.read(b, spend.Charges, m)
		if at := o.batch(b.ID); at.State != spend.Staged || at.Taken != 747 || at.Totals()[0].Billed.String() != want {
			t.Errorf("%s: %s, %d taken, %s; want 747, %s", c.Heading, at.State, at.Taken, at.TotalsText, want)
		}
	}
}
