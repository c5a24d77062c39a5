package matching_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/matching"
)

// row is a line of a table of charges: of one vendor, for the n-th month.
func (o *office) row(vendor, number, contract string, n int, amount string) string {
	return fmt.Sprintf("Office of Samples,%s,%s,%s,%s,A service,%s,%s,,,,%s,,EUR\n", vendor, o.month(n), number, contract, o.month(n), o.month(n+1), amount)
}

func TestABillFindsItsSubscription(t *testing.T) {
	o := newOffice(t)
	o.contract("Maps", "Sample Maps Ltd", "7-1/26", 1200_00, "", "")
	o.contract("Mail", "Sample Mail Ltd", "", 600_00, "user", "50")
	o.contract("Files", "Sample Mail Ltd", "", 840_00, "", "")
	code := fmt.Sprintf("SUB-%d", o.subs["Files"])
	cases := []struct {
		number, vendor, contract string
		month                    int
		amount                   string
		sub, how, differs        string
	}{
		{"A-1", "Sample Maps Ltd", "7-1/26", 0, "100.00", "Maps", matching.ByContract, ""},
		{"A-2", "Sample Maps Ltd", " 7-1/26 ", 1, "108.00", "Maps", matching.ByContract, "amount"},
		{"A-3", "Nobody known", "7-1/26", 2, "100.00", "", "", ""}, // another vendor charges for the contract
		{"B-1", "Sample Mail Ltd", "", 0, "50.00", "Mail", matching.ByPrice, ""},
		{"B-2", "sample  mail ltd", "", 0, "70.00", "Files", matching.ByPrice, ""},
		{"B-3", "Sample Mail Ltd", "order " + code, 1, "70.00", "Files", matching.ByContract, ""},
		{"B-4", "Sample Mail Ltd", "", 1, "61.00", "", "", ""},                          // no price is like it
		{"B-5", "Sample Mail Ltd", "", -1, "50.00", "", "", ""},                         // before it began
		{"B-6", "Sample Mail Ltd", code, 11, "70.00", "Files", matching.ByContract, ""}, // its last month
		{"B-7", "Sample Mail Ltd", code, 12, "70.00", "Files", matching.ByContract, "after"},
		{"B-8", "Sample Mail Ltd", code, -1, "70.00", "Files", matching.ByContract, "before"},
		{"C-1", "Another Ltd", "", 0, "12.00", "", "", ""},
	}
	var rows strings.Builder
	for _, c := range cases {
		rows.WriteString(o.row(c.vendor, c.number, c.contract, c.month, c.amount))
	}
	o.matched("bills.csv", rows.String())
	for _, c := range cases {
		b := o.bill(c.number)
		if b.SubID != o.subs[c.sub] || b.How != c.how || codes(b) != c.differs {
			t.Errorf("%s is for %d by %q and differs by %q, want %d (%s) by %q and %q", c.number, b.SubID, b.How, codes(b), o.subs[c.sub], c.sub, c.how, c.differs)
		}
		if b.Net().String() != strings.TrimSuffix(strings.TrimRight(c.amount, "0"), ".") {
			t.Errorf("%s comes to %s, want %s", c.number, b.Net(), c.amount)
		}
	}
	total, err := matching.Sum(t.Context(), o, o.finance, matching.Query{State: matching.Open})
	if err != nil || total.N != 4 || total.Euros().String() != "223" {
		t.Errorf("open are %d bills of %s, %v", total.N, total.Euros(), err)
	}
}

func TestWhatIsChargedTwiceIsSeen(t *testing.T) {
	o := newOffice(t)
	o.contract("Maps", "Sample Maps Ltd", "7-1/26", 1200_00, "", "")
	maps := "Sample Maps Ltd"
	o.matched("one.csv", o.row(maps, "D-1", "7-1/26", 0, "100.00"))
	o.matched("two.csv", o.row(maps, "D-1", "7-1/26", 0, "100.00")+o.row(maps, "D-2", "7-1/26", 1, "100.00")+o.row(maps, "D-3", "7-1/26", 1, "100.00")+o.row(maps, "D-4", "7-1/26", 2, "-100.00"))
	want := map[string]string{"D-1": "number_twice", "D-3": "amount_twice", "D-4": ""}
	for number, differs := range want {
		if got := codes(o.bill(number)); got != differs {
			t.Errorf("%s differs by %q, want %q", number, got, differs)
		}
	}
	half := fmt.Sprintf("Office of Samples,%s,%s,D-5,7-1/26,A service,%s,%s,,,,200.00,,EUR\n", maps, o.month(4), o.month(3), o.month(5))
	o.matched("three.csv", half+o.row(maps, "D-6", "7-1/26", 4, "100.00"))
	if got := codes(o.bill("D-6")); got != "period_twice" {
		t.Errorf("a month that two bills are for: %q", got)
	}
}

func TestQuantityAndPriceOfAChargeAreCompared(t *testing.T) {
	o := newOffice(t)
	o.contract("Mail", "Sample Mail Ltd", "M-1", 600_00, "user", "50")
	line := func(number string, n int, quantity, unit, price, amount string) string {
		return fmt.Sprintf("Office of Samples,Sample Mail Ltd,%s,%s,M-1,Mail,%s,%s,%s,%s,%s,%s,,EUR\n", o.month(n), number, o.month(n), o.month(n+1), quantity, unit, price, amount)
	}
	o.matched("mail.csv", line("Q-1", 0, "50", "user", "1.00", "50.00")+line("Q-2", 1, "60", "user", "1.00", "60.00")+line("Q-3", 2, "50", "C62", "1.08", "54.00")+line("Q-4", 3, "3", "hours", "40", "120.00"))
	for number, want := range map[string]string{"Q-1": "", "Q-2": "amount quantity", "Q-3": "amount price", "Q-4": "amount"} {
		if got := codes(o.bill(number)); got != want {
			t.Errorf("%s differs by %q, want %q", number, got, want)
		}
	}
	for _, d := range o.bill("Q-3").Differences() {
		if d.Code == "price" && (d.Got != "1.08" || d.Want != "1" || d.Line == 0) {
			t.Errorf("the price: %+v", d)
		}
	}
}

// What is used is charged, so that no month has to be like another; a school is charged for
// ten months of the year.
func TestWhatIsMeteredHasNoAmountOfAMonth(t *testing.T) {
	o := newOffice(t)
	o.contract("Maps", "Sample Maps Ltd", "M-1", 1200_00, "map_load", "1000")
	o.contract("Journal", "Sample School Ltd", "J-1", 1200_00, "pupil", "100")
	o.accepts("one.csv", o.row("Sample Maps Ltd", "T-1", "M-1", 0, "77.10")+o.row("Sample School Ltd", "T-2", "J-1", 0, "120.00")+o.row("Sample School Ltd", "T-3", "J-1", 1, "121.00"))
	o.until((&matching.Worker{DB: o.DB, Flows: matching.Flows{"map_load": true}}).Next)
	for number, want := range map[string]string{"T-1": "", "T-2": "", "T-3": "amount"} {
		if got := codes(o.bill(number)); got != want {
			t.Errorf("%s differs by %q, want %q", number, got, want)
		}
	}
}

func TestPeopleSayWhatABillIsForAndTakeItBack(t *testing.T) {
	o := newOffice(t)
	o.contract("Maps", "Sample Maps Ltd", "7-1/26", 1200_00, "", "")
	o.matched("one.csv", o.row("Maps and more", "E-1", "K-9", 0, "100.00")+o.row("Somebody", "E-2", "", 0, "12.00"))
	b := o.bill("E-1")
	sub := o.subs["Maps"]
	match := func(who models.Actor, b *matching.Bill, seen, sub int64) error {
		return o.try(who, func(ctx context.Context, tx *db.Tx) error { return matching.Match(ctx, tx, nil, b.ID, seen, sub) })
	}
	if err := match(o.stranger, b, b.Revision, sub); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a stranger: %v", err)
	}
	if err := match(o.buyer, b, b.Revision, sub); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a buyer: %v", err)
	}
	var wrong models.Invalid
	if err := match(o.finance, b, b.Revision, 999); !errors.As(err, &wrong) {
		t.Errorf("a subscription that is not there: %v", err)
	}
	if err := match(o.finance, b, b.Revision, sub); err != nil {
		t.Fatal(err)
	}
	if err := match(o.finance, b, b.Revision, sub); !errors.Is(err, models.ErrConflict) {
		t.Errorf("as it was before: %v", err)
	}
	if b = o.bill("E-1"); b.SubID != sub || b.How != matching.ByHand || codes(b) != "vendor" {
		t.Errorf("it is for %d by %s and differs by %q", b.SubID, b.How, codes(b))
	}
	// What names the same contract is known from now on.
	o.matched("two.csv", o.row("Maps and more", "E-3", "K-9", 1, "100.00"))
	if b := o.bill("E-3"); b.SubID != sub || b.How != matching.ByBefore {
		t.Errorf("the next one is for %d by %q", b.SubID, b.How)
	}
	out := o.bill("E-2")
	outside := func(words string) error {
		return o.try(o.finance, func(ctx context.Context, tx *db.Tx) error {
			return matching.SetOutside(ctx, tx, out.ID, out.Revision, words)
		})
	}
	if err := outside(" "); !errors.As(err, &wrong) {
		t.Errorf("without a reason: %v", err)
	}
	if err := outside("A lunch"); err != nil {
		t.Fatal(err)
	}
	if out = o.bill("E-2"); out.State() != matching.Outside || out.Words != "A lunch" {
		t.Errorf("it is %s: %q", out.State(), out.Words)
	}
	if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { return matching.Reopen(ctx, tx, out.ID, out.Revision) }); err != nil {
		t.Fatal(err)
	}
	if out = o.bill("E-2"); out.State() != matching.Open || out.Words != "" {
		t.Errorf("opened again it is %s: %q", out.State(), out.Words)
	}
}

func TestSuggestionsComeWithReasons(t *testing.T) {
	o := newOffice(t)
	o.contract("Maps", "Sample Maps Ltd", "7-1/26", 1200_00, "", "")
	o.contract("Mail", "Sample Mail Ltd", "", 600_00, "", "")
	o.matched("one.csv", o.row("Sample Maps Ltd", "F-1", "", 0, "111.00")+strings.Replace(o.row("Unknown", "F-2", "", 0, "50.00"), "A service", "mail for May", 1)+o.row("Nobody", "F-3", "", 0, "1.00"))
	for number, want := range map[string]string{"F-1": "Maps vendor runs", "F-2": "Mail price service runs", "F-3": ""} {
		b := o.bill(number)
		all, err := matching.Suggest(t.Context(), o, o.finance, b)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(all) > 0 {
			got = all[0].Service + " " + strings.Join(all[0].Why, " ")
		}
		if got != want {
			t.Errorf("%s: %q, want %q", number, got, want)
		}
		if none, err := matching.Suggest(t.Context(), o, o.buyer, b); err != nil || len(none) > 0 {
			t.Errorf("%s: who does not decide is shown %v, %v", number, none, err)
		}
	}
}

func TestWhatAFileUndoesIsNoBillAnyMore(t *testing.T) {
	o := newOffice(t)
	o.contract("Maps", "Sample Maps Ltd", "7-1/26", 1200_00, "", "")
	id := o.accepts("one.csv", o.row("Sample Maps Ltd", "G-1", "7-1/26", 0, "100.00"))
	if n, err := matching.Waiting(t.Context(), o, o.finance); err != nil || n != 1 {
		t.Errorf("%d batches wait, %v", n, err)
	}
	o.match()
	if n, err := matching.Waiting(t.Context(), o, o.finance); err != nil || n != 0 {
		t.Errorf("%d batches wait still, %v", n, err)
	}
	b := o.bill("G-1")
	if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { return spendUndo(ctx, tx, id) }); err != nil {
		t.Fatal(err)
	}
	if total, err := matching.Sum(t.Context(), o, o.finance, matching.Query{}); err != nil || total.N != 0 {
		t.Errorf("%+v, %v", total, err)
	}
	if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { return matching.Reopen(ctx, tx, b.ID, b.Revision) }); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a bill of a file that was undone: %v", err)
	}
}

// Several charges of one number are one bill, however many pieces the file is read in.
func TestABillIsMadeOfAllItsCharges(t *testing.T) {
	o := newOffice(t)
	var rows strings.Builder
	for i := range 4500 {
		fmt.Fprintf(&rows, "Office of Samples,Sample Maps Ltd,%s,H-%d,,Line %d,%s,%s,,,,0.01,,EUR\n", o.month(0), i%2, i, o.month(0), o.month(2))
	}
	o.matched("long.csv", rows.String())
	b := o.bill("H-1")
	if b.Charges != 2250 || b.Net().String() != "22.5" || b.Euros().String() != "22.5" || b.First != 3 || b.Last != 4501 {
		t.Errorf("it is %+v", b)
	}
	total, err := matching.Sum(t.Context(), o, o.finance, matching.Query{})
	if err != nil || total.N != 2 || total.Euros().String() != "45" {
		t.Errorf("%+v, %v", total, err)
	}
	// Brought again, open bills are tried again once there is a contract.
	o.contract("Maps", "Sample Maps Ltd", "", 135_00, "", "")
	if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error {
		tried, matched, err := matching.Again(ctx, tx, nil)
		if tried != 2 || matched != 2 {
			t.Errorf("%d were tried and %d matched", tried, matched)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
