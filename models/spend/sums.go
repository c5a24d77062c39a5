package spend

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// By is what sums are told apart by.
type By string

// What sums can be told apart by.
const (
	ByMonth    By = "month"
	ByVendor   By = "vendor"
	ByBuyer    By = "buyer"
	ByCategory By = "category"
	ByKind     By = "kind"
	ByCurrency By = "currency"
)

// Bys are all of them.
func Bys() []By { return []By{ByMonth, ByVendor, ByBuyer, ByCategory, ByKind, ByCurrency} }

// Query says what of the ledger is asked for. What is empty asks for all.
type Query struct {
	Basis    Basis
	Year     int    // 0: all
	Month    string // "2026-03"; "-": charges of an unknown month
	From     string // the first month of a period …
	Until    string // … and the last; both or none
	Under    int64  // an organisation: what it and the bodies below it pay
	Vendor   string // key of a [Sum]
	Buyer    string
	Category string
	Kind     Kind
	Currency string
	WithTax  bool
	Known    models.Time // as it was known then; zero: as it is known now
	Batch    int64       // of [Lines] only
	Flag     string      // of [Lines] only
	Document int64       // of [Lines] only
	Minus    bool        // of [Lines] only: below zero
	Service  string      // of [Lines] only, and of one vendor: what was bought, as [Fold] has it
}

// Sum is what the charges of one month, vendor and so on come to.
type Sum struct {
	Key         string // tells it apart in a [Query]: "o12" an organisation, "n7" a name, a slug, a month
	Name        string // as files call it; of several the first
	Is          int64  // organisation that it is here; 0: not known
	Rows        int64
	Unconverted int64        // rows that are not in Euros
	Euros       models.Exact // of all that have a rate
	Amounts     []Money      // as billed, by currency
}

// Money is an exact amount of a currency.
type Money struct {
	Currency string
	Amount   models.Exact
}

// reach returns the organisations whose money the actor sees; all is true where that is
// everybody's.
func reach(ctx context.Context, r db.Reader, a models.Actor) (ids []int64, all bool, err error) {
	switch {
	case !Reads(a):
		return nil, false, fmt.Errorf("ledger: %w", models.ErrForbidden)
	case a.Is(models.Analyst) && a.Reach == models.ReachAll:
		return nil, true, nil
	case a.Is(models.Analyst) && a.Reach == models.ReachOwn:
		const q = `/* spend.reach */ WITH RECURSIVE below (id) AS (SELECT CAST(? AS BIGINT) UNION SELECT o.id FROM organisations o JOIN below b ON o.parent_id = b.id) SELECT id FROM below`
		err = r.Select(ctx, &ids, q, a.OrgID)
		return ids, false, err
	case a.Is(models.Analyst) && !a.IsAny(models.Finance, models.Approver, models.Buyer):
		return nil, false, fmt.Errorf("ledger: %w", models.ErrForbidden)
	}
	return []int64{a.OrgID}, false, nil
}

// where are the conditions of a query, on columns of cells or charges.
type where struct {
	parts []string
	args  []any
	apart bool // rows tell apart what is asked for, and hardly more
}

func (w *where) and(part string, args ...any) {
	w.parts = append(w.parts, part)
	w.args = append(w.args, args...)
}

func (w *where) String() string {
	if len(w.parts) == 0 {
		return ""
	}
	return ` WHERE ` + strings.Join(w.parts, ` AND `)
}

// seen limits a query to what the actor sees: the books of the organisations in reach,
// and charges that others brought and that one of those pays.
func (w *where) seen(ctx context.Context, r db.Reader, a models.Actor) error {
	ids, all, err := reach(ctx, r, a)
	if err != nil || all {
		return err
	}
	marks, args := db.In(ids)
	w.and(`c.buyer_id IN (SELECT id FROM ledger_names WHERE kind = 'buyer' AND (organisation_id IN `+marks+` OR is_id IN `+marks+`))`, append(slices.Clone(args), args...)...)
	return nil
}

// common are the conditions that sums and charges share.
func (w *where) common(q Query) error {
	for _, one := range []struct{ column, key string }{{"vendor_id", q.Vendor}, {"buyer_id", q.Buyer}, {"category_id", q.Category}} {
		if err := w.name(one.column, one.key); err != nil {
			return err
		}
	}
	w.under(q.Under)
	if q.Kind != "" {
		w.and(`c.kind = ?`, string(q.Kind))
	}
	if q.Currency != "" {
		w.and(`c.currency = ?`, q.Currency)
	}
	if !q.WithTax && q.Kind != Tax {
		w.and(`c.kind <> 'tax'`)
	}
	switch {
	case q.Month == "-":
		w.and(`c.month = ''`)
	case q.Month != "":
		w.and(`c.month = ?`, q.Month)
	case q.From != "":
		w.and(`c.month BETWEEN ? AND ?`, q.From, q.Until)
	case q.Year != 0:
		w.and(`c.month BETWEEN ? AND ?`, fmt.Sprintf("%04d-01", q.Year), fmt.Sprintf("%04d-12", q.Year))
	}
	return nil
}

// under limits a query to what an organisation and the bodies below it pay; 0 does not.
func (w *where) under(id int64) {
	if id != 0 {
		w.and(`c.buyer_id IN (SELECT id FROM ledger_names WHERE kind = 'buyer' AND is_id IN (WITH RECURSIVE below (id) AS (SELECT CAST(? AS BIGINT) UNION SELECT o.id FROM organisations o JOIN below b ON o.parent_id = b.id) SELECT id FROM below))`, id)
	}
}

// name limits a column to the names of a key.
func (w *where) name(column, key string) error {
	if key == "" {
		return nil
	}
	kind, rest := key[:1], key[1:]
	id, err := strconv.ParseInt(rest, 10, 64)
	switch {
	case kind == "o" && err == nil:
		w.and(`c.`+column+` IN (SELECT id FROM ledger_names WHERE is_id = ?)`, id)
	case kind == "n" && err == nil:
		w.and(`c.`+column+` = ?`, id)
	case kind == "c":
		w.and(`c.`+column+` IN (SELECT id FROM ledger_names WHERE kind = 'category' AND category = ?)`, rest)
	default:
		return fmt.Errorf("key %q: %w", key, models.ErrNotFound)
	}
	return nil
}

// Sums returns what charges come to, told apart by something: months in their order, all
// else with the most money first. It answers from sums that are kept, and
// reads no charge.
func Sums(ctx context.Context, r db.Reader, a models.Actor, q Query, by By) ([]Sum, error) {
	rows, err := SumsBy(ctx, r, a, q, by)
	if err != nil {
		return nil, err
	}
	all := make([]Sum, len(rows))
	for i, row := range rows {
		all[i] = row.Sum
		all[i].Key, all[i].Name, all[i].Is = row.Of[0].Key, row.Of[0].Name, row.Of[0].Is
	}
	slices.SortFunc(all, func(x, y Sum) int {
		if by == ByMonth {
			return cmp.Compare(x.Key, y.Key)
		}
		return cmp.Or(y.Euros.Cmp(x.Euros), x.billed(&y), cmp.Compare(y.Rows, x.Rows), cmp.Compare(x.Key, y.Key))
	})
	return all, nil
}

// billed compares what was billed in the first currency of each: so that most money comes
// first also where there are no rates.
func (s *Sum) billed(t *Sum) int {
	x, y := s.Amounts[0], t.Amounts[0] // every sum has one
	return cmp.Or(cmp.Compare(x.Currency, y.Currency), y.Amount.Cmp(x.Amount))
}

// Together puts sums together; it has neither key nor name. What does not fit is left
// out: the amounts of all charges fit where those of the ledger do.
func Together(sums []Sum) (all Sum) {
	for _, s := range sums {
		all.Rows += s.Rows
		all.Unconverted += s.Unconverted
		all.Euros, _ = all.Euros.Add(s.Euros)
		for _, m := range s.Amounts {
			i := slices.IndexFunc(all.Amounts, func(n Money) bool { return n.Currency == m.Currency })
			if i < 0 {
				all.Amounts = append(all.Amounts, Money{Currency: m.Currency})
				i = len(all.Amounts) - 1
			}
			all.Amounts[i].Amount, _ = all.Amounts[i].Amount.Add(m.Amount)
		}
	}
	slices.SortFunc(all.Amounts, func(x, y Money) int { return cmp.Compare(x.Currency, y.Currency) })
	return all
}

// key is how a name is told apart in a query: names of one organisation or category are
// one.
func (n Name) key() string {
	switch {
	case n.Is != 0:
		return "o" + strconv.FormatInt(n.Is, 10)
	case n.Category != "":
		return "c" + n.Category
	}
	return "n" + strconv.FormatInt(n.ID, 10)
}

// Years returns the years of which the actor sees charges, the newest first.
func Years(ctx context.Context, r db.Reader, a models.Actor) ([]int, error) {
	w := where{}
	if err := w.seen(ctx, r, a); err != nil {
		return nil, err
	}
	w.and(`c.level = ? AND c.month <> ''`, int(byBuyer))
	var texts []string
	if err := r.Select(ctx, &texts, `/* spend.Years */ SELECT DISTINCT c.month FROM ledger_rollups c`+w.String(), w.args...); err != nil {
		return nil, fmt.Errorf("years: %w", err)
	}
	var years []int
	for _, text := range texts {
		if n, err := strconv.Atoi(text); err == nil {
			years = append(years, n)
		}
	}
	slices.Sort(years)
	slices.Reverse(years)
	return years, nil
}
