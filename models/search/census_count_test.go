package search_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/pricing"
	"pilveturg/models/search"
	"pilveturg/models/search/searchtest"
)

// ask is a request to the index and the SQL that asks the census the same.
type ask struct {
	request search.Request
	where   []string // of services, by which all counts are narrowed
	args    []any
	filters []condition
}

// condition is what the filters of one group ask.
type condition struct {
	group string
	own   bool // the counts of the group are made as if it were not there
	sql   string
	args  []any
}

// marks are so many parameters.
func marks(values []string) (string, []any) {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return "(" + strings.TrimSuffix(strings.Repeat("?, ", len(values)), ", ") + ")", args
}

// filter narrows by values of a group; mode is one of [groupsOf].
func (a *ask) filter(group, mode string, values []string) {
	if group == "vendor" {
		for _, v := range values {
			id, _ := strconv.ParseInt(v, 10, 64)
			a.request.Vendors = append(a.request.Vendors, id)
		}
	} else {
		a.request.Filters = append(a.request.Filters, search.Filter{Group: group, Values: values})
	}
	const some = `EXISTS (SELECT 1 FROM noted f WHERE f.id = s.id AND f.grp = ? AND f.value IN `
	if mode == "any" {
		in, args := marks(values)
		a.filters = append(a.filters, condition{group, true, some + in + `)`, append([]any{group}, args...)})
		return
	}
	wanted := slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(values))), func(v string) bool { return v == "unknown" && group != "used_by" && group != "used_by_size" })
	c := condition{group: group, sql: "1 = 0"}
	if len(wanted) > 0 {
		in, args := marks(wanted)
		c.sql = `(SELECT COUNT(*) FROM noted f WHERE f.id = s.id AND f.grp = ? AND f.value IN ` + in + `) = ?`
		c.args = append(append([]any{group}, args...), len(wanted))
	}
	if slices.Contains(values, "unknown") && group != "used_by" && group != "used_by_size" {
		c.sql = `(` + c.sql + ` OR ` + some + `('unknown')))`
		c.args = append(c.args, group)
	}
	a.filters = append(a.filters, c)
}

// between narrows by a column of numbers; what is asked of the price is there too,
// in a column of its own.
func (a *ask) between(column string, min, max *models.Decimal, unknown bool) {
	bounds, args := "", []any{column}
	for i, bound := range []*models.Decimal{min, max} {
		if bound != nil {
			n, _ := strconv.ParseFloat(bound.String(), 64)
			bounds += ` AND n.n ` + []string{">=", "<="}[i] + ` ?`
			args = append(args, n)
		}
	}
	sql := `EXISTS (SELECT 1 FROM numbers n WHERE n.id = s.id AND n.col = ?` + bounds + `)`
	if unknown {
		sql = `(` + sql + ` OR NOT EXISTS (SELECT 1 FROM numbers n WHERE n.id = s.id AND n.col = ?))`
		args = append(args, column)
	}
	a.where, a.args = append(a.where, sql), append(a.args, args...)
}

// since narrows by a column of days.
func (a *ask) since(column, field string, min models.Date, unknown bool) {
	day := models.Whole(search.DayNumber(min))
	a.request.Ranges = append(a.request.Ranges, search.Range{Column: column, Min: &day, Unknown: unknown})
	sql := `s.` + field + ` >= ?`
	if unknown {
		sql = `(` + sql + ` OR s.` + field + ` IS NULL)`
	}
	a.where, a.args = append(a.where, sql), append(a.args, min)
}

// judged is the SQL of all services with how many filters each fails, and which.
func (a *ask) judged() (sql string, args []any) {
	columns, fails := "", "0"
	for i, c := range a.filters {
		columns += fmt.Sprintf(", CASE WHEN %s THEN 0 ELSE 1 END AS f%d", c.sql, i)
		fails += fmt.Sprintf(" + f%d", i)
		args = append(args, c.args...)
	}
	where := "1 = 1"
	for _, w := range a.where {
		where += " AND " + w
	}
	return `WITH tried AS MATERIALIZED (SELECT s.id` + columns + ` FROM shown s WHERE ` + where + `), judged AS MATERIALIZED (SELECT t.*, ` + fails + ` AS fails FROM tried t) `,
		append(args, a.args...)
}

// fact is a value of a group.
type fact struct{ Group, Value string }

// counts are how many services there are with each value: of all that pass, and in
// a group whose own filter does not count also of those that fail nothing else.
func (a *ask) counts(t *testing.T, r db.Reader) map[fact]int {
	t.Helper()
	sql, args := a.judged()
	sql += `SELECT f.grp, f.value, COUNT(*) AS n FROM judged j JOIN facts f ON f.id = j.id WHERE j.fails = 0`
	for i, c := range a.filters {
		if c.own {
			sql += fmt.Sprintf(" OR j.fails = 1 AND j.f%d = 1 AND f.grp = ?", i)
			args = append(args, c.group)
		}
	}
	var rows []struct {
		Group string `db:"grp"`
		Value string `db:"value"`
		N     int    `db:"n"`
	}
	if err := r.Select(t.Context(), &rows, sql+` GROUP BY f.grp, f.value`, args...); err != nil {
		t.Fatal(err)
	}
	counts := map[fact]int{}
	for _, row := range rows {
		counts[fact{row.Group, row.Value}] = row.N
	}
	return counts
}

func (a *ask) ids(t *testing.T, r db.Reader) (ids []int64) {
	t.Helper()
	sql, args := a.judged()
	if err := r.Select(t.Context(), &ids, sql+`SELECT id FROM judged WHERE fails = 0 ORDER BY id`, args...); err != nil {
		t.Fatal(err)
	}
	return ids
}

// asker makes requests up. The same seed always asks the same.
type asker struct {
	*rand.Rand
	groups  []string            // sorted, with the vendors among them
	modes   map[string]string   // of groups
	values  map[string][]string // that groups have, and some that they have not
	columns []string            // of numbers
}

func newAsker(t *testing.T, c *census) *asker {
	t.Helper()
	a := &asker{Rand: rand.New(rand.NewPCG(21, 22)), modes: groupsOf(c.schema), values: map[string][]string{}, columns: []string{"users"}}
	a.modes["vendor"] = "any"
	for _, q := range c.schema.Questions {
		if q.Filter && isNumber(q.Type) {
			a.columns = append(a.columns, q.ID)
		}
	}
	var rows []fact
	if err := c.db.Select(t.Context(), &rows, `SELECT DISTINCT grp AS "group", value FROM facts ORDER BY grp, value`); err != nil {
		t.Fatal(err)
	}
	for _, f := range rows {
		a.values[f.Group] = append(a.values[f.Group], f.Value)
	}
	a.groups = slices.Sorted(maps.Keys(a.modes))
	for _, group := range a.groups {
		if group != "vendor" {
			a.values[group] = append(a.values[group], "unknown", "no-such-value")
		}
	}
	return a
}

func one[T any](r *asker, list []T) T { return list[r.IntN(len(list))] }

// ask asks for none to four filters and perhaps bounds.
func (r *asker) ask() *ask {
	a := &ask{request: search.Request{Closed: r.IntN(3) == 0, Limit: search.MostResults}}
	var groups []string
	for range []int{0, 1, 1, 2, 2, 3, 4}[r.IntN(7)] {
		if group := one(r, r.groups); !slices.Contains(groups, group) {
			groups = append(groups, group)
			var values []string
			for range []int{1, 1, 2, 3}[r.IntN(4)] {
				values = append(values, one(r, r.values[group]))
			}
			a.filter(group, r.modes[group], values)
		}
	}
	if !a.request.Closed && !slices.Contains(groups, "life") { // as nobody says otherwise
		asked := a.request.Filters
		a.filter("life", "any", []string{"open"})
		a.request.Filters = asked
	}
	if r.IntN(4) == 0 {
		r.bounds(a)
	}
	if r.IntN(8) == 0 {
		a.since("published", "published_on", models.DateOf(searchtest.Today.Time().AddDate(0, 0, -r.IntN(900))), false)
	}
	if r.IntN(8) == 0 {
		a.since("checked", "checked_on", models.DateOf(searchtest.Today.Time().AddDate(0, 0, -r.IntN(400))), r.IntN(2) == 0)
	}
	if r.IntN(5) == 0 {
		r.price(a)
	}
	return a
}

func (r *asker) bounds(a *ask) {
	x := search.Range{Column: one(r, r.columns), Unknown: r.IntN(2) == 0}
	if r.IntN(2) == 0 {
		low, _ := models.NewDecimal(int64(r.IntN(250)), 1)
		x.Min = &low
	}
	if x.Min == nil || r.IntN(2) == 0 {
		high, _ := models.NewDecimal(int64(100+r.IntN(1200)), 1)
		x.Max = &high
	}
	a.request.Ranges = append(a.request.Ranges, x)
	a.between(x.Column, x.Min, x.Max, x.Unknown)
}

func (r *asker) price(a *ask) {
	v := one(r, volumes)
	low, high := int64(r.IntN(200_000)), int64(r.IntN(20_000_000))
	a.request.Volume = &v
	a.request.Price = search.PriceRange{Min: &low, Max: &high, Unknown: r.IntN(2) == 0}
	min, max := models.Whole(low), models.Whole(high)
	a.between(priceColumn(v), &min, &max, a.request.Price.Unknown)
}

// volumes are those that the census knows prices for.
var volumes = []search.Volume{{Unit: "user", Amount: models.Whole(50)}, {Unit: "pupil", Amount: models.Whole(1200)}, {Unit: "call", Amount: models.Whole(900), Flow: true}}

func priceColumn(v search.Volume) string { return "price " + v.Unit }

// prices writes down what services cost a year at the volumes: the least of their
// plans in euros, in cents.
func (c *census) prices() {
	c.t.Helper()
	dbtest.Write(c.t, c.db, admin, func(tx *db.Tx) error {
		for _, v := range volumes {
			least := map[int64]int64{}
			for _, p := range c.plans(tx) {
				total, err := p.Yearly(pricing.Usage{Quantities: []pricing.Quantity{{Unit: v.Unit, Amount: v.Amount, Flow: v.Flow}}})
				if err != nil || total.OnRequest || total.Year.Low.Currency != "EUR" {
					continue
				}
				if old, ok := least[p.id]; !ok || total.Year.Low.Minor < old {
					least[p.id] = total.Year.Low.Minor
				}
			}
			var rows [][]any
			for id, n := range least {
				rows = append(rows, []any{id, priceColumn(v), float64(n)})
			}
			c.put(tx, "numbers", []string{"id", "col", "n"}, rows)
		}
		return nil
	})
}

// differ tells where the index and the census say something else.
func differ(res *search.Result, want map[fact]int, groups map[string]string) string {
	if n := want[fact{"all", ""}]; res.Total != n {
		return fmt.Sprintf("%d found; the database has %d", res.Total, n)
	}
	told := map[fact]bool{}
	for _, g := range res.Groups() {
		for _, v := range g.Counts {
			f := fact{g.Key, v.Value}
			told[f] = true
			if v.Count != want[f] {
				return fmt.Sprintf("%d with %v; the database has %d", v.Count, f, want[f])
			}
		}
	}
	var sellers []int
	for f, n := range want {
		if _, group := groups[f.Group]; group && n > 0 && !told[f] {
			return fmt.Sprintf("nothing is told of %v; the database has %d", f, n)
		}
		if f.Group == "vendor" {
			sellers = append(sellers, n)
		}
	}
	slices.Sort(sellers)
	slices.Reverse(sellers)
	for i, v := range res.Vendors {
		if n := want[fact{"vendor", strconv.FormatInt(v.ID, 10)}]; v.Count != n || !v.Chosen && n != sellers[i] {
			return fmt.Sprintf("%d of vendor %d; the database has %d of it, and %v of all", v.Count, v.ID, n, sellers)
		}
	}
	return ""
}

// Whatever is chosen, each count is the one that the tables of the catalogue give.
func TestEveryCountIsThatOfTheDatabase(t *testing.T) {
	m := newMarket(t, 450)
	c := &census{t: t, db: m.db, schema: m.schema}
	c.prepare()
	groups := groupsOf(m.schema)
	var r *asker
	requests, found, compared := 200, 0, 0
	for _, later := range []int{0, 200} { // when certificates have run out and confirmations grown old
		today := models.DateOf(searchtest.Today.Time().AddDate(0, 0, later))
		c.take(today)
		c.prices()
		if r == nil {
			r = newAsker(t, c)
		}
		m.index.SetDay(today)
		for i := range requests {
			a := r.ask()
			res := m.index.Search(a.request)
			want := a.counts(t, c.db)
			compared += len(want)
			if wrong := differ(res, want, groups); wrong != "" {
				t.Fatalf("%s, request %d: %+v:\n%s", today, i, a.request, wrong)
			}
			if len(res.Groups()) != len(groups) {
				t.Fatalf("%d groups are counted; want %d", len(res.Groups()), len(groups))
			}
			if i%5 == 0 {
				hits := make([]int64, len(res.Hits))
				for j := range res.Hits {
					hits[j] = res.Hits[j].ID
				}
				slices.Sort(hits)
				if ids := a.ids(t, c.db); !slices.Equal(hits, ids) {
					t.Fatalf("%+v finds %v; the database has %v", a.request, hits, ids)
				}
			}
			found += min(res.Total, 1)
		}
	}
	t.Logf("%d of %d requests found something, %d counts were compared", found, 2*requests, compared)
	if found < requests || compared < 100*requests {
		t.Errorf("only %d requests found something, %d counts were compared", found, compared)
	}
}
