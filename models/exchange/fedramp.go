package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// maxHeld is how much of a marketplace file may wait in memory for its mappings.
const maxHeld = 64 << 20 // bytes

// NewFedRAMP reads the daily file of the FedRAMP marketplace: agencies and vendors
// as organisations, products as listings with their uses. file is what problems
// call it. What the file says wrongly or of something that is not in it is told and
// left out, or left unknown; the rest stands.
func NewFedRAMP(file string, r io.Reader, schema *catalogue.Schema) Reader {
	f := &fedramp{
		file: file, schema: schema, tables: map[string]bool{}, told: map[string]bool{},
		agencies: map[string]*identity.Organisation{}, byName: map[string]models.Key{}, fullNames: map[string]string{},
		uses: map[string][]catalogue.Use{}, seen: keys{}, vendors: map[string]*vendor{}, names: keys{},
	}
	text, wrong := openText(file, r)
	if wrong != nil {
		f.waiting.add(wrong)
		f.err = io.EOF
		return f
	}
	f.stream = stream{r: text}
	return f
}

// fedramp gathers the whole file, for products come before what says who uses them,
// and then gives its records one by one.
type fedramp struct {
	file    string
	schema  *catalogue.Schema
	stream  stream
	tables  map[string]bool // those that were there
	held    int             // bytes
	loaded  bool
	waiting queue
	told    map[string]bool // notes that are told once
	tally   tally
	err     error

	changed  models.Date // the day of the file: what ended before it has ended
	metrics  map[string]json.RawMessage
	products []product
	mappings []mapping
	reviews  []mapping // of agencies on products that are in process

	agencies  map[string]*identity.Organisation // by their id
	byName    map[string]models.Key             // the same by parent and sub
	fullNames map[string]string                 // of each id
	parents   []under                           // what is below another
	order     []string                          // of agencies: the file's, made ones at the end
	uses      map[string][]catalogue.Use        // by id of product
	vendors   map[string]*vendor                // by sameName
	seen      keys
	names     keys // of products
	ready     []Record
}

// Counts implements [Reader].
func (f *fedramp) Counts() []Count { return f.tally.counts }

// Next implements [Reader].
func (f *fedramp) Next() (Record, error) {
	if !f.loaded && f.err == nil {
		f.loaded = true
		f.fail(f.load())
	}
	for {
		if p := f.waiting.take(); p != nil {
			return Record{}, p
		}
		switch {
		case f.err != nil:
			return Record{}, f.err
		case len(f.ready) > 0:
			r := f.ready[0]
			f.ready = f.ready[1:]
			f.tally.record(r)
			return r, nil
		case len(f.products) == 0:
			return Record{}, io.EOF
		}
		p := f.products[0]
		f.products = f.products[1:]
		f.listing(p)
	}
}

// fail ends the reading with what load returned, if anything.
func (f *fedramp) fail(err error) {
	var wrong *fault
	switch {
	case errors.As(err, &wrong):
		f.waiting.add(wrong.at(f.file, ""))
		f.err = io.EOF
	case err != nil:
		f.err = err
	}
}

// load reads the file and makes ready all but the listings.
func (f *fedramp) load() error {
	err := f.stream.object(func(name string) error {
		switch name {
		case "meta":
			return f.readMeta()
		case "data":
			return f.stream.object(f.readTable)
		default:
			return f.skipTable(name, Noted, "exchange.unknown_table")
		}
	})
	if err == nil {
		err = f.stream.end()
	}
	if err != nil {
		return err
	}
	for _, name := range []string{"Products", "Agencies", "AtoMapping", "ReuseMapping"} {
		if !f.tables[name] {
			return &fault{field: name, effect: Stopped, key: "exchange.missing_table"}
		}
	}
	if f.changed.IsZero() {
		return &fault{field: "meta.last_change", effect: Stopped, key: "exchange.missing"}
	}
	f.makeParents()
	for _, m := range f.mappings {
		f.use(m)
	}
	for _, m := range f.reviews {
		f.plan(m)
	}
	f.planByPartner()
	f.compareMetrics()
	f.readyOrganisations()
	f.readyVendors()
	return nil
}

func (f *fedramp) readMeta() error {
	raw, long, err := f.stream.value()
	if err != nil {
		return err
	}
	it, faults := newItem(raw, f.stream.at-int64(len(raw)))
	if long || len(faults) > 0 {
		return f.stream.broken()
	}
	text := it.text("last_change")
	if changed, clear := day(text); clear {
		f.changed = changed
	} else {
		it.fault(Partial, "last_change", "exchange.unclear_date", shorten(text))
	}
	f.tell("meta", it.faults)
	return nil
}

// readTable reads one of the tables of the file.
func (f *fedramp) readTable(name string) error {
	if f.tables[name] {
		return &fault{field: name, effect: Stopped, key: "exchange.duplicate_field"}
	}
	f.tables[name] = true
	switch name {
	case "Products":
		return f.eachItem(name, f.readProduct)
	case "Agencies":
		return f.eachItem(name, f.readAgency)
	case "AtoMapping", "ReuseMapping":
		return f.eachItem(name, func(where string, it *item) { f.readMapping(name, where, it) })
	case "Metrics":
		raw, _, err := f.stream.value()
		_ = json.Unmarshal(raw, &f.metrics) // only compared with what was counted
		return err
	case "Assessors":
		return f.eachItem(name, func(string, *item) { f.tally.left("fedramp.assessors") })
	case "Filters": // the words of the marketplace's own search form
		_, _, err := f.stream.value()
		return err
	default:
		return f.skipTable(name, Noted, "exchange.unknown_table")
	}
}

func (f *fedramp) skipTable(name string, effect Effect, key string) error {
	_, _, err := f.stream.value()
	f.tell(name, []fault{{effect: effect, key: key}})
	return err
}

// eachItem reads the objects of a table. One that cannot be read is left out.
func (f *fedramp) eachItem(table string, read func(where string, it *item)) error {
	return f.stream.each('[', ']', func(i int) error {
		raw, long, err := f.stream.value()
		if err != nil {
			return err
		}
		where := fmt.Sprintf("%s[%d]", table, i)
		if f.held += len(raw); f.held > maxHeld {
			return &fault{effect: Stopped, key: "exchange.too_large", args: []any{maxHeld >> 20}}
		}
		faults := []fault{{key: "exchange.too_long", args: []any{maxRecord >> 20}}}
		var it *item
		if !long {
			it, faults = newItem(raw, f.stream.at-int64(len(raw)))
		}
		if len(faults) > 0 {
			f.leave(table, where, faults...)
			return nil
		}
		read(where, it)
		return nil
	})
}

// countOf names the count of each table's records.
var countOf = map[string]string{
	"Products": "fedramp.products", "Agencies": "fedramp.agencies", "Assessors": "fedramp.assessors",
	"AtoMapping": "fedramp.authorisations", "ReuseMapping": "fedramp.reuse", "procs": "fedramp.reviews",
}

// leave leaves a record out and says why.
func (f *fedramp) leave(table, where string, faults ...fault) {
	f.tally.left(countOf[table])
	for _, wrong := range faults {
		wrong.effect = Skipped
		f.waiting.add(wrong.at(f.file, where))
	}
}

func (f *fedramp) tell(where string, faults []fault) {
	for _, wrong := range faults {
		f.waiting.add(wrong.at(f.file, where))
	}
}

// note tells something that is as it is, once for each key and where.
func (f *fedramp) note(where, field, key string, args ...any) {
	if id := where + field + key + fmt.Sprint(args...); !f.told[id] {
		f.told[id] = true
		f.tell(where, []fault{{field, Noted, key, args}})
	}
}

// compareMetrics compares the file's own figures with what it holds.
func (f *fedramp) compareMetrics() {
	counted := map[string]int{}
	for _, p := range f.products {
		counted[p.it.text("status")]++
	}
	for _, m := range []struct{ name, status string }{
		{"total", "FedRAMP Authorized"}, {"in_process", "FedRAMP In Process"}, {"ready", "FedRAMP Ready"},
	} {
		var said int
		if json.Unmarshal(f.metrics[m.name], &said) == nil && said != counted[m.status] {
			f.note("Metrics", m.name, "exchange.figure_differs", said, counted[m.status])
		}
	}
}

// readyOrganisations makes the agencies ready, parents before what is under them.
func (f *fedramp) readyOrganisations() {
	slices.SortStableFunc(f.order, func(a, b string) int {
		return depth(f.agencies[a]) - depth(f.agencies[b])
	})
	for _, id := range f.order {
		f.ready = append(f.ready, Record{Where: "agency " + id, Organisation: f.agencies[id]})
	}
}

func depth(o *identity.Organisation) int {
	if o.Parent.IsZero() {
		return 0
	}
	return 1
}
