package spend

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend/outlook"
)

// OddMonth is a month in which what a body paid a vendor is not as it used to be.
type OddMonth struct {
	Buyer, Vendor         string // keys of a [Query]
	BuyerName, VendorName string // as files call them; of several the first
	outlook.Anomaly
}

// Odd are the odd months of a year.
type Odd struct {
	Months  []OddMonth // the newest first, and of one month those with the most money
	Pairs   int        // bodies and vendors that were looked at
	LeftOut int        // with the least money, which were not
}

const (
	oddHistory = 3      // years that months are compared with
	mostPairs  = 2000   // pairs that are looked at
	oddCents   = 100_00 // what differs by less matters to nobody
)

// pairRow is what a body paid a vendor in a month.
type pairRow struct {
	Buyer  int64  `db:"buyer_id"`
	Vendor int64  `db:"vendor_id"`
	Month  string `db:"month"`
	Parts
	Rows int64 `db:"rows"`
}

// pair is a series that is being put together.
type pair struct {
	buyer, vendor         string
	buyerName, vendorName string
	months                map[string]sumOf
	much                  models.Exact
}

type sumOf struct {
	euros models.Exact
	rows  int64
}

// OddMonths finds the months of a year in which what a body paid a vendor, in euros
// without VAT, is not as in the months and years before ([outlook.Anomalies]). Of more
// than 2,000 pairs those with the most money are looked at. The month of today is not
// over, and not judged.
func OddMonths(ctx context.Context, r db.Reader, a models.Actor, year int, today models.Date) (odd Odd, err error) {
	pairs, newest, err := pairsOf(ctx, r, a, year, today)
	if err != nil {
		return odd, err
	}
	slices.SortFunc(pairs, func(x, y *pair) int {
		return cmp.Or(y.much.Cmp(x.much), cmp.Compare(x.buyer, y.buyer), cmp.Compare(x.vendor, y.vendor))
	})
	odd.Pairs = min(len(pairs), mostPairs)
	odd.LeftOut = len(pairs) - odd.Pairs
	minimum := models.ExactOf(models.Money{Minor: oddCents, Currency: "EUR"}.Decimal())
	for _, p := range pairs[:odd.Pairs] {
		found, err := outlook.Anomalies(p.series(newest[p.buyer]), minimum)
		if err != nil {
			return odd, fmt.Errorf("months of %s and %s: %w", p.buyerName, p.vendorName, err)
		}
		for _, one := range found {
			if one.Month >= fmt.Sprintf("%04d-01", year) {
				odd.Months = append(odd.Months, OddMonth{p.buyer, p.vendor, p.buyerName, p.vendorName, one})
			}
		}
	}
	slices.SortStableFunc(odd.Months, func(x, y OddMonth) int {
		return cmp.Or(cmp.Compare(y.Month, x.Month), y.Got.Cmp(x.Got))
	})
	return odd, nil
}

// pairsOf reads what bodies paid vendors by month, and the last month of each body.
func pairsOf(ctx context.Context, r db.Reader, a models.Actor, year int, today models.Date) ([]*pair, map[string]string, error) {
	w := where{}
	if err := w.seen(ctx, r, a); err != nil {
		return nil, nil, err
	}
	last := min(fmt.Sprintf("%04d-12", year), monthOf(models.NewDate(today.Time().Year(), today.Time().Month(), 1).AddDays(-1)))
	w.and(`c.basis IN ('billed', 'all')`)
	w.and(`c.kind <> 'tax'`)
	w.and(`c.month BETWEEN ? AND ?`, fmt.Sprintf("%04d-01", year-oddHistory), last)
	var rows []pairRow
	q := `/* spend.pairsOf */ SELECT c.buyer_id, c.vendor_id, c.month, ` + sumsNamed + ` FROM ledger_cells c` + w.String() + ` GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`
	var sums []struct {
		pairRow
		Unconverted int64 `db:"unconverted"`
	}
	if err := r.Select(ctx, &sums, q, w.args...); err != nil {
		return nil, nil, fmt.Errorf("months of bodies and vendors: %w", err)
	}
	known := map[string]Label{}
	for _, s := range sums {
		rows = append(rows, s.pairRow)
		known[text(s.Buyer)], known[text(s.Vendor)] = Label{}, Label{}
	}
	if err := findNames(ctx, r, known); err != nil {
		return nil, nil, err
	}
	return gatherPairs(rows, known)
}

func gatherPairs(rows []pairRow, known map[string]Label) (all []*pair, newest map[string]string, err error) {
	at, newest := map[[2]string]*pair{}, map[string]string{}
	for i := range rows {
		buyer, vendor := known[text(rows[i].Buyer)], known[text(rows[i].Vendor)]
		key := [2]string{buyer.Key, vendor.Key}
		p := at[key]
		if p == nil {
			p = &pair{buyer: key[0], vendor: key[1], buyerName: buyer.Name, vendorName: vendor.Name, months: map[string]sumOf{}}
			at[key] = p
			all = append(all, p)
		}
		_, euros, err := rows[i].Amounts()
		if err != nil {
			return nil, nil, err
		}
		m := p.months[rows[i].Month]
		if m.euros, err = m.euros.Add(euros); err != nil {
			return nil, nil, err
		}
		m.rows += rows[i].Rows
		p.months[rows[i].Month] = m
		if p.much, err = p.much.Add(euros); err != nil {
			return nil, nil, err
		}
		newest[key[0]] = max(newest[key[0]], rows[i].Month)
	}
	return all, newest, nil
}

// series puts the months of a pair into a row, up to the newest of its body.
func (p *pair) series(newest string) outlook.Series {
	first := newest
	for month := range p.months {
		first = min(first, month)
	}
	s := outlook.Series{First: first}
	for month := first; month <= newest; month = MonthAfter(month) {
		s.Amounts = append(s.Amounts, p.months[month].euros)
		s.Counts = append(s.Counts, int(p.months[month].rows))
	}
	return s
}

// MonthAfter is the month after a month, "2027-01" after "2026-12".
func MonthAfter(month string) string {
	t, _ := time.Parse("2006-01", month) // months of the database are months
	return t.AddDate(0, 1, 0).Format("2006-01")
}
