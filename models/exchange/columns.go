package exchange

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/pricing"
)

// entry is a record while its row is read or written: of its two halves, one.
type entry struct {
	o *identity.Organisation
	l *catalogue.Listing
	v *catalogue.Version // the newest version of l, which has the columns; older ones share one
	r *Record            // from the column json, instead of the others
}

// column is one column of the table. get gives the cell of a record; set reads it.
// Both are only asked of entries that the column is for.
type column struct {
	name string
	of   kindOf
	get  func(*entry) string
	set  func(*entry, string) []fault
}

// kindOf tells what kinds of record have a column.
type kindOf int

const (
	ofOrganisation kindOf = 1 << iota
	ofListing
	ofBoth = ofOrganisation | ofListing
)

func (e *entry) kind() kindOf {
	if e.o != nil {
		return ofOrganisation
	}
	return ofListing
}

// plainColumns are those whose names are fixed, in the order they are written.
func plainColumns() []column {
	return []column{
		keyColumn("key", ofBoth, func(e *entry) *models.Key {
			if e.o != nil {
				return &e.o.Key
			}
			return &e.l.Key
		}),
		tokenColumn("slug", ofBoth, func(e *entry) *string {
			if e.o != nil {
				return &e.o.Slug
			}
			return &e.l.Slug
		}),
		keyColumn("vendor", ofListing, func(e *entry) *models.Key { return &e.l.Vendor }),
		tokenColumn("kind", ofOrganisation, func(e *entry) *string { return (*string)(&e.o.Kind) }),
		keyColumn("parent", ofOrganisation, func(e *entry) *models.Key { return &e.o.Parent }),
		tokenColumn("country", ofOrganisation, func(e *entry) *string { return &e.o.Country }),
		numberColumn("size", func(e *entry) *int64 { return &e.o.Size }),
		tokenColumn("size_unit", ofOrganisation, func(e *entry) *string { return &e.o.SizeUnit }),
		tokenColumn("size_class", ofOrganisation, func(e *entry) *string { return (*string)(&e.o.Class) }),
		tokenColumn("xroad_member", ofOrganisation, func(e *entry) *string { return &e.o.XRoad }),
		listColumn("markets", ofOrganisation, func(e *entry) *[]string { return &e.o.Markets }),
		tokenColumn("language", ofListing, func(e *entry) *string { return &e.v.Language }),
		listColumn("categories", ofListing, func(e *entry) *[]string { return &e.v.Categories }),
		listColumn("cpv", ofListing, func(e *entry) *[]string { return &e.v.CPV }),
		tokenColumn("website", ofBoth, func(e *entry) *string {
			if e.o != nil {
				return &e.o.Website
			}
			return &e.v.Website
		}),
		tokenColumn("contact", ofListing, func(e *entry) *string { return &e.v.Contact }),
		tokenColumn("life", ofListing, func(e *entry) *string { return (*string)(&e.l.Life) }),
		dateColumn("life_since", func(e *entry) *models.Date { return &e.l.LifeSince }),
		keyColumn("successor", ofListing, func(e *entry) *models.Key { return &e.l.Successor }),
		flagColumn("unclaimed", ofListing, func(e *entry) *bool { return &e.l.Unclaimed }),
		flagColumn("invented", ofBoth, func(e *entry) *bool {
			if e.o != nil {
				return &e.o.Invented
			}
			return &e.l.Invented
		}),
		tokenColumn("state", ofListing, func(e *entry) *string { return (*string)(&e.v.State) }),
		dateColumn("published", func(e *entry) *models.Date { return &e.v.Published }),
		dateColumn("checked", func(e *entry) *models.Date { return &e.v.Checked }),
		flagColumn("demo_price", ofListing, func(e *entry) *bool { return &e.v.DemoPrice }),
		jsonColumn("plans", ofListing, func(e *entry) *[]pricing.Plan { return &e.v.Plans }),
		jsonColumn("uses", ofListing, func(e *entry) *[]catalogue.Use { return &e.l.Uses }),
		jsonColumn("sources", ofListing, func(e *entry) *[]catalogue.Source { return &e.v.Sources }),
		jsonColumn("documents", ofListing, func(e *entry) *[]catalogue.Paper { return &e.v.Documents }),
		jsonColumn("history", ofListing, func(e *entry) *[]catalogue.Version { return &e.l.Versions }),
		jsonColumn("extra", ofListing, func(e *entry) *json.RawMessage { return &e.v.Extra }),
		wholeColumn(),
	}
}

// textColumns are those that each language has one of, "name.et".
var textColumns = []string{"name", "summary", "description", "about", "reason", "note"}

var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// columnNamed returns the column that a heading names.
func columnNamed(heading string, schema *catalogue.Schema, plain map[string]column) (column, bool) {
	if c, ok := plain[heading]; ok {
		return c, true
	}
	kind, rest, _ := strings.Cut(heading, ".")
	if kind == "a" {
		q, ok := schema.Question(rest)
		return answerColumn(q, schema), ok
	}
	for _, name := range textColumns {
		if name == kind && languageTag.MatchString(rest) {
			return textColumn(name, rest), true
		}
	}
	return column{}, false
}

func byName(columns []column) map[string]column {
	m := make(map[string]column, len(columns))
	for _, c := range columns {
		m[c.name] = c
	}
	return m
}

// The makers of columns. Tokens lose the spaces around them, texts do not.

func tokenColumn(name string, of kindOf, at func(*entry) *string) column {
	return column{name, of, func(e *entry) string { return *at(e) }, func(e *entry, cell string) []fault {
		*at(e) = strings.TrimSpace(cell)
		return nil
	}}
}

func keyColumn(name string, of kindOf, at func(*entry) *models.Key) column {
	return column{name, of, func(e *entry) string { return at(e).String() }, func(e *entry, cell string) []fault {
		k, err := models.ParseKey(cell)
		*at(e) = k
		return badCell(cell, err)
	}}
}

func dateColumn(name string, at func(*entry) *models.Date) column {
	return column{name, ofListing, func(e *entry) string { return at(e).String() }, func(e *entry, cell string) []fault {
		d, err := models.ParseDate(strings.TrimSpace(cell))
		*at(e) = d
		return badCell(cell, err)
	}}
}

func badCell(cell string, err error) []fault {
	if err == nil {
		return nil
	}
	return []fault{{key: "exchange.bad_value", args: []any{shorten(cell), err.Error()}}}
}

func numberColumn(name string, at func(*entry) *int64) column {
	get := func(e *entry) string {
		if *at(e) == 0 {
			return ""
		}
		return strconv.FormatInt(*at(e), 10)
	}
	return column{name, ofOrganisation, get, func(e *entry, cell string) []fault {
		n, err := strconv.ParseInt(strings.TrimSpace(cell), 10, 64)
		*at(e) = n
		if err != nil {
			return []fault{{key: "exchange.not_whole", args: []any{shorten(cell)}}}
		}
		return nil
	}}
}

func flagColumn(name string, of kindOf, at func(*entry) *bool) column {
	get := func(e *entry) string {
		if *at(e) {
			return "yes"
		}
		return ""
	}
	return column{name, of, get, func(e *entry, cell string) []fault {
		switch strings.ToLower(strings.TrimSpace(cell)) {
		case "yes", "true", "1":
			*at(e) = true
		case "no", "false", "0":
		default:
			return []fault{{key: "exchange.not_flag", args: []any{shorten(cell)}}}
		}
		return nil
	}}
}

func listColumn(name string, of kindOf, at func(*entry) *[]string) column {
	get := func(e *entry) string {
		if cell, plain := joinList(*at(e)); plain {
			return cell
		}
		return encode(*at(e))
	}
	s := shapeOf([]string{})
	return column{name, of, get, func(e *entry, cell string) []fault {
		if strings.HasPrefix(strings.TrimSpace(cell), "[") {
			return decode(cell, at(e), s)
		}
		*at(e) = splitList(cell)
		return nil
	}}
}

func jsonColumn[T ~[]E, E any](name string, of kindOf, at func(*entry) *T) column {
	get := func(e *entry) string {
		if len(*at(e)) == 0 {
			return ""
		}
		return encode(*at(e))
	}
	s := shapeOf(new(T))
	return column{name, of, get, func(e *entry, cell string) []fault { return decode(cell, at(e), s) }}
}

// wholeColumn holds a record that the other columns have no place for, as in our
// JSON Lines; then all of them but record and key are empty.
func wholeColumn() column {
	none, s := func(*entry) string { return "" }, shapeOf(Record{})
	return column{"json", ofBoth, none, func(e *entry, cell string) []fault {
		e.r = &Record{}
		return decode(cell, e.r, s)
	}}
}

func textColumn(name, lang string) column {
	switch full := name + "." + lang; name {
	case "name":
		return nameColumn(full, lang)
	case "summary":
		return wordsColumn(full, lang, func(w *catalogue.Words) *string { return &w.Summary })
	case "description":
		return wordsColumn(full, lang, func(w *catalogue.Words) *string { return &w.Description })
	case "about":
		return textsColumn(full, lang, ofOrganisation, func(e *entry) *models.Text { return &e.o.About })
	case "reason":
		return textsColumn(full, lang, ofListing, func(e *entry) *models.Text { return &e.l.Reason })
	default:
		return textsColumn(full, lang, ofListing, func(e *entry) *models.Text { return &e.v.Note })
	}
}

func nameColumn(full, lang string) column {
	o := textsColumn(full, lang, ofOrganisation, func(e *entry) *models.Text { return &e.o.Names })
	l := wordsColumn(full, lang, func(w *catalogue.Words) *string { return &w.Name })
	get := func(e *entry) string {
		if e.o != nil {
			return o.get(e)
		}
		return l.get(e)
	}
	return column{full, ofBoth, get, func(e *entry, cell string) []fault {
		if e.o != nil {
			return o.set(e, cell)
		}
		return l.set(e, cell)
	}}
}

func wordsColumn(full, lang string, at func(*catalogue.Words) *string) column {
	get := func(e *entry) string {
		w := e.v.Words[lang]
		return *at(&w)
	}
	return column{full, ofListing, get, func(e *entry, cell string) []fault {
		w := e.v.Words[lang]
		*at(&w) = cell
		if e.v.Words == nil {
			e.v.Words = map[string]catalogue.Words{}
		}
		e.v.Words[lang] = w
		return nil
	}}
}

func textsColumn(full, lang string, of kindOf, at func(*entry) *models.Text) column {
	return column{full, of, func(e *entry) string { return (*at(e))[lang] }, func(e *entry, cell string) []fault {
		at(e).Set(lang, cell)
		return nil
	}}
}

// encode writes v as JSON in the spelling of our JSON Lines.
func encode(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// decode reads a cell of JSON of the shape, as strictly as our JSON Lines.
func decode(cell string, into any, s *shape) []fault {
	b := []byte(cell)
	if faults := inspect(b, s, false); len(faults) > 0 {
		return faults
	}
	if err := json.Unmarshal(b, into); err != nil {
		if faults := inspect(b, s, true); len(faults) > 0 {
			return faults
		}
		return []fault{{key: "exchange.not_read", args: []any{err.Error()}}}
	}
	return nil
}
