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
	text := `/* spend.SumsBy */ SELECT ` + strings.Join(shown, ` || '`+between+`' || `) + ` AS labels, ` + sumsNamed + ` FROM ` + from + w.String() + ` GROUP BY ` + strings.Join(append(columns, `c.currency`), `, `)
	c := crossing{bys: bys, at: map[[mostBys]string]int{}}
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
	if from, err = w.source(&q, need); err != nil {
		return "", err
	}
	if need&byBuyer != 0 && !limited && q.Buyer == "" && (q.Month != "" || q.Year != 0) {
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
	parts
}

// crossing puts rows together whose names are of one organisation or category.
type crossing struct {
	bys   []By
	rows  []crossRow
	names map[string]Label
	all   []Cross
	at    map[[mostBys]string]int
}

func (c *crossing) gather(ctx context.Context, r db.Reader) ([]Cross, error) {
	split := make([][]string, len(c.rows))
	for i, row := range c.rows {
		split[i] = strings.Split(row.Labels, between)
	}
	if err := c.findNames(ctx, r, split); err != nil {
		return nil, err
	}
	for i := range c.rows {
		if err := c.add(&c.rows[i], split[i]); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(c.all, func(x, y Cross) int {
		return slices.CompareFunc(x.Of, y.Of, func(k, l Label) int { return cmp.Compare(k.Key, l.Key) })
	})
	return c.all, nil
}

// add adds a row to the sum of its keys.
func (c *crossing) add(row *crossRow, labels []string) error {
	var of [mostBys]Label
	var key [mostBys]string
	for i, by := range c.bys {
		of[i] = Label{Key: labels[i], Name: labels[i]}
		if by.isName() {
			of[i] = c.names[labels[i]]
		}
		key[i] = of[i].Key
	}
	at, ok := c.at[key]
	if !ok {
		at = len(c.all)
		c.at[key] = at
		c.all = append(c.all, Cross{Of: slices.Clone(of[:len(c.bys)])})
	}
	return c.all[at].add(row, labels[len(c.bys)])
}

func (s *Sum) add(row *crossRow, currency string) error {
	amount, euros, err := row.amounts()
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

// findNames reads the names of rows.
func (c *crossing) findNames(ctx context.Context, r db.Reader, rows [][]string) error {
	c.names = map[string]Label{}
	var ids []int64
	for i, by := range c.bys {
		for _, labels := range rows {
			if _, ok := c.names[labels[i]]; ok || !by.isName() {
				continue
			}
			id, err := strconv.ParseInt(labels[i], 10, 64)
			if err != nil {
				return fmt.Errorf("name %q: %w", labels[i], err)
			}
			c.names[labels[i]] = Label{}
			ids = append(ids, id)
		}
	}
	for part := range slices.Chunk(ids, 500) {
		marks, args := db.In(part)
		q := `/* spend.findNames */ SELECT id, organisation_id, kind, name, COALESCE(is_id, 0) AS is_id, category FROM ledger_names WHERE id IN ` + marks
		for n, err := range db.Each[Name](ctx, r, q, args...) {
			if err != nil {
				return fmt.Errorf("names: %w", err)
			}
			c.names[strconv.FormatInt(n.ID, 10)] = Label{n.key(), n.Name, n.Is}
		}
	}
	return nil
}
