package spend

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// Label is one month, vendor and so on.
type Label struct {
	Key  string // tells it apart in a [Query]: "o12" an organisation, "n7" a name, a slug, a month
	Name string // as files call it; of several the first
	Is   int64  // organisation that it is here; 0: not known
}

// Cross is what the charges come to that several things are true of.
type Cross struct {
	Of []Label // in the order of what was asked
	Sum
}

// mostBys is by how many things at once sums are told apart.
const mostBys = 3

// SumsBy returns what charges come to, told apart by up to three things at once, such as
// body and category; in the order of the keys. It answers from sums that are kept, the
// coarsest that tell as much apart, and reads no charge. Nothing to tell apart by makes
// one sum, or none. It fails with [models.ErrNotFound] for what nobody can ask.
func SumsBy(ctx context.Context, r db.Reader, a models.Actor, q Query, bys ...By) ([]Cross, error) {
	for _, by := range bys {
		if !slices.Contains(Bys(), by) || len(bys) > mostBys {
			return nil, fmt.Errorf("sums by %s: %w", bys, models.ErrNotFound)
		}
	}
	all, ok, err := fromPacks(ctx, r, a, q, bys)
	if err != nil || ok {
		return all, err
	}
	return fromRows(ctx, r, a, q, bys)
}

// fromRows adds up rows of sums.
func fromRows(ctx context.Context, r db.Reader, a models.Actor, q Query, bys []By) ([]Cross, error) {
	w := where{}
	from, err := w.sums(ctx, r, a, q, bys)
	if err != nil {
		return nil, err
	}
	var columns, shown []string
	for _, by := range bys {
		column := by.column()
		columns, shown = append(columns, column), append(shown, `CAST(`+column+` AS TEXT)`)
	}
	shown = append(shown, `c.currency`)
	text, sums, group := strings.Join(shown, ` || '`+between+`' || `), sumsNamed, ` GROUP BY `+strings.Join(append(columns, `c.currency`), `, `)
	if w.apart {
		sums, group = `c.`+strings.ReplaceAll(cellSums, `, `, `, c.`), `` // adding up the few that are of one sum is sooner done here
	}
	text = `/* spend.SumsBy */ SELECT ` + text + ` AS labels, ` + sums + ` FROM ` + from + w.String() + group
	c := crossing{bys: bys}
	for row, err := range db.Each[crossRow](ctx, r, text, w.args...) {
		if err != nil {
			return nil, fmt.Errorf("sums by %s: %w", bys, err)
		}
		c.rows = append(c.rows, row)
	}
	return c.gather(ctx, r)
}

// sumsNamed are the sums of a query, by the names of their columns.
const sumsNamed = `CAST(SUM(c.rows) AS BIGINT) AS rows, CAST(SUM(c.unconverted) AS BIGINT) AS unconverted, CAST(SUM(c.whole) AS BIGINT) AS whole, CAST(SUM(c.nano) AS BIGINT) AS nano, CAST(SUM(c.atto) AS BIGINT) AS atto, CAST(SUM(c.ronto) AS BIGINT) AS ronto,
	CAST(SUM(c.eur_whole) AS BIGINT) AS eur_whole, CAST(SUM(c.eur_nano) AS BIGINT) AS eur_nano, CAST(SUM(c.eur_atto) AS BIGINT) AS eur_atto`

// between stands between the labels of a row: no month, number or currency has it.
const between = " "

func (by By) isName() bool { return by == ByVendor || by == ByBuyer || by == ByCategory }

func (by By) column() string {
	if by.isName() {
		return `c.` + string(by) + `_id`
	}
	return `c.` + string(by)
}

// sums are the conditions of a question and where it is answered from.
func (w *where) sums(ctx context.Context, r db.Reader, a models.Actor, q Query, bys []By) (from string, err error) {
	w.and(`c.basis IN (?, 'all')`, string(cmp.Or(q.Basis, Billed)))
	before := len(w.parts)
	if err := w.seen(ctx, r, a); err != nil {
		return "", err
	}
	limited := len(w.parts) > before
	need := q.need(limited, bys)
	w.apart = need == q.need(false, bys)
	from = w.source(&q, need)
	if need&byBuyer != 0 && !limited && q.Buyer == "" && q.Under == 0 && (q.Month != "" || q.Year != 0) {
		w.and(`c.buyer_id IN (SELECT id FROM ledger_names WHERE kind = 'buyer')`) // so that the month is looked up in each
	}
	return from, w.common(q)
}

// crossRow is a row of sums; its labels stand together, since a column takes the driver
// longer than reading it takes SQLite.
type crossRow struct {
	Labels      string `db:"labels"`
	Rows        int64  `db:"rows"`
	Unconverted int64  `db:"unconverted"`
	Parts
}

// crossing puts rows together whose names are of one organisation or category.
type crossing struct {
	bys  []By
	rows []crossRow
	axes [mostBys]axis
}

// axis is all that rows are told apart by in one way.
type axis struct {
	labels []Label        // in the order of their keys
	of     map[string]int // where in labels a label of a row is
}

// placed is where a row belongs.
type placed struct {
	place    uint64 // its labels, in the order of their keys
	row      int
	currency string
}

// axisBits are enough for the labels of an axis.
const axisBits = 21

func (c *crossing) gather(ctx context.Context, r db.Reader) ([]Cross, error) {
	split := make([][mostBys + 1]string, len(c.rows))
	for i, row := range c.rows {
		rest := row.Labels
		for n := range c.bys {
			split[i][n], rest, _ = strings.Cut(rest, between)
		}
		split[i][len(c.bys)] = rest
	}
	for i := range c.bys {
		if err := c.find(ctx, r, i, split); err != nil {
			return nil, err
		}
	}
	rows := make([]placed, len(c.rows))
	for i := range split {
		rows[i] = placed{row: i, currency: split[i][len(c.bys)]}
		for n := range c.bys {
			rows[i].place = rows[i].place<<axisBits | uint64(c.axes[n].of[split[i][n]])
		}
	}
	slices.SortFunc(rows, func(x, y placed) int { return cmp.Or(cmp.Compare(x.place, y.place), cmp.Compare(x.row, y.row)) })
	return c.join(rows)
}

// join adds rows of one place to one sum.
func (c *crossing) join(rows []placed) ([]Cross, error) {
	all := make([]Cross, 0, len(rows))
	labels := make([]Label, 0, len(rows)*len(c.bys))
	money := make([]Money, len(rows))
	for i, row := range rows {
		if i == 0 || row.place != rows[i-1].place {
			from := len(labels)
			for n := range c.bys {
				at := row.place >> (axisBits * (len(c.bys) - 1 - n)) & (1<<axisBits - 1)
				labels = append(labels, c.axes[n].labels[at])
			}
			all = append(all, Cross{Of: labels[from:len(labels):len(labels)], Sum: Sum{Amounts: money[i : i : i+1]}})
		}
		if err := all[len(all)-1].add(&c.rows[row.row], row.currency); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s *Sum) add(row *crossRow, currency string) error {
	amount, euros, err := row.Amounts()
	if err != nil {
		return err
	}
	s.Rows += row.Rows
	s.Unconverted += row.Unconverted
	if s.Euros, err = s.Euros.Add(euros); err != nil {
		return err
	}
	i, ok := slices.BinarySearchFunc(s.Amounts, currency, func(m Money, c string) int { return cmp.Compare(m.Currency, c) })
	if !ok {
		s.Amounts = slices.Insert(s.Amounts, i, Money{Currency: currency})
	}
	s.Amounts[i].Amount, err = s.Amounts[i].Amount.Add(amount)
	return err
}

// find makes an axis of what stands in one place of the rows.
func (c *crossing) find(ctx context.Context, r db.Reader, n int, rows [][mostBys + 1]string) error {
	by := map[string]Label{}
	for i := range rows {
		label := rows[i][n]
		if _, ok := by[label]; !ok {
			by[label] = Label{Key: label, Name: label}
		}
	}
	var err error
	c.axes[n], err = axisOf(ctx, r, c.bys[n], by)
	return err
}

// axisOf puts labels in the order of their keys; those of names it finds.
func axisOf(ctx context.Context, r db.Reader, what By, by map[string]Label) (axis, error) {
	if what.isName() {
		if err := findNames(ctx, r, by); err != nil {
			return axis{}, err
		}
	}
	if len(by) > 1<<axisBits {
		return axis{}, fmt.Errorf("sums by %d of %s: %w", len(by), what, models.ErrNotFound)
	}
	ids := slices.SortedFunc(maps.Keys(by), func(x, y string) int { return cmp.Or(cmp.Compare(by[x].Key, by[y].Key), cmp.Compare(x, y)) })
	a := axis{of: make(map[string]int, len(ids))}
	for _, id := range ids {
		if k := len(a.labels); k == 0 || a.labels[k-1].Key != by[id].Key {
			a.labels = append(a.labels, by[id])
		}
		a.of[id] = len(a.labels) - 1
	}
	return a, nil
}

// findNames reads the names of ids.
func findNames(ctx context.Context, r db.Reader, names map[string]Label) error {
	var ids []int64
	for text := range names {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("name %q: %w", text, err)
		}
		ids = append(ids, id)
	}
	known, err := Labels(ctx, r, ids)
	for id, label := range known {
		names[strconv.FormatInt(id, 10)] = label
	}
	return err
}
