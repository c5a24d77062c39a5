package registers

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"

	"pilveturg/models"
	"pilveturg/models/systems"
)

// tabular is a table with a heading.
type tabular struct {
	columns map[string]int
	rows    [][]string
}

// cell is what stands in a row under a heading.
func (t *tabular) cell(row []string, name string) string {
	i, ok := t.columns[name]
	if !ok || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}

// readTable reads a table with commas, semicolons or tabs.
func readTable(content []byte) (*File, error) {
	first, _, _ := bytes.Cut(content, []byte("\n"))
	comma := ','
	for _, one := range ";\t" {
		if bytes.Count(first, []byte(string(one))) > bytes.Count(first, []byte(string(comma))) {
			comma = one
		}
	}
	r := csv.NewReader(bytes.NewReader(content))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	t := &tabular{columns: map[string]int{}}
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	for i, name := range head {
		t.columns[heading(name)] = i
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnknown, err)
		}
		if len(t.rows) >= mostEntries {
			return nil, ErrLarge
		}
		if strings.TrimSpace(strings.Join(row, "")) != "" {
			t.rows = append(t.rows, row)
		}
	}
	has := func(names ...string) bool {
		for _, name := range names {
			if _, ok := t.columns[name]; !ok {
				return false
			}
		}
		return true
	}
	switch {
	case has("unique investment identifier", "funding cy ($ m)", "agency name"):
		return t.businessCases(), nil
	case has("name") && (has("owner") || has("owner_code")):
		return t.own(), nil
	}
	return nil, ErrUnknown
}

// headings are what columns of our own table may be called besides their codes.
var headings = map[string]string{
	"nimi": "name", "omanik": "owner", "omaniku kood": "owner_code", "owner code": "owner_code", "nimi inglise keeles": "name_en", "name in english": "name_en", "lühinimi": "short_name", "short name": "short_name", "otstarve": "purpose", "valdkond": "category",
	"olek": "state", "teenindab": "served", "ühik": "unit", "kasutusel alates": "in_use_since", "in use since": "in_use_since", "kavandatud lõpp": "planned_end", "planned end": "planned_end", "toe lõpp": "support_end", "end of support": "support_end",
	"jagatav": "shareable", "others may use it": "shareable", "üksus": "department", "arendus": "built", "development": "built", "arenduse päev": "built_on", "kasutusaastaid": "life_years", "majutus aastas": "hosting", "hooldus aastas": "maintenance", "litsentsid aastas": "licences",
	"täiskohti": "fte", "töötasu aastas": "pay", "kulud alates": "costs_from", "tunnus": "id",
}

func heading(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	if code := headings[s]; code != "" {
		return code
	}
	return s
}

// Columns are those of our own table, in the order of the template.
func Columns() []string {
	return []string{"id", "owner_code", "owner", "name", "name_en", "short_name", "department", "purpose", "category", "state", "served", "unit", "in_use_since", "planned_end", "support_end", "closed_on", "last_release", "shareable", "rating", "security_standard", "security_class", "security_level",
		"stands_on", "subsystems", "contact", "homepage", "built", "built_on", "life_years", "costs_from", "hosting", "maintenance", "licences", "fte", "pay"}
}

// own reads our own table.
func (t *tabular) own() *File {
	f := &File{Kind: Table}
	for i, row := range t.rows {
		e := Entry{Line: i + 2}
		cell := func(name string) string { return t.cell(row, name) }
		s := &e.System
		*s = systems.System{Source: string(Table), External: cell("id"), Name: cell("name"), NameEn: cell("name_en"), ShortName: cell("short_name"), Department: cell("department"), Purpose: cell("purpose"), Category: cell("category"), State: systems.State(strings.ToLower(cell("state"))), Unit: cell("unit"), Rating: systems.Rating(strings.ToLower(cell("rating"))),
			SecurityStandard: cell("security_standard"), SecurityClass: cell("security_class"), SecurityLevel: strings.ToLower(cell("security_level")), StandsOn: cell("stands_on"), Subsystems: strings.Fields(cell("subsystems")), Contact: cell("contact"), Homepage: cell("homepage")}
		e.OwnerCode, e.OwnerName = cell("owner_code"), cell("owner")
		switch strings.ToLower(cell("shareable")) {
		case "1", "yes", "jah", "true":
			s.Shareable = true
		}
		if words := map[systems.State]systems.State{"kasutusel": systems.InUse, "in use": systems.InUse, "loomisel": systems.Establishing, "suletud": systems.Closed, "": systems.InUse}; words[s.State] != "" {
			s.State = words[s.State]
		}
		s.Served = e.number(cell("served"))
		for name, into := range map[string]*models.Date{"in_use_since": &s.InUseSince, "planned_end": &s.PlannedEnd, "support_end": &s.SupportEnd, "closed_on": &s.ClosedOn, "last_release": &s.LastRelease} {
			*into = e.dayIn(cell(name))
		}
		e.usual(cell)
		f.Entries = append(f.Entries, e)
	}
	return f
}

// usual reads the usual costs of a row.
func (e *Entry) usual(cell func(string) string) {
	u := systems.Usual{Built: e.number(cell("built")), BuiltOn: e.dayIn(cell("built_on")), From: e.dayIn(cell("costs_from")), Hosting: e.number(cell("hosting")), Maintenance: e.number(cell("maintenance")), Licences: e.number(cell("licences")), FTE: e.number(cell("fte")), Pay: e.number(cell("pay"))}
	if text := cell("life_years"); text != "" {
		n, err := strconv.Atoi(text)
		if u.LifeYears = n; err != nil {
			e.refuse(NoNumber, text)
		}
	}
	if u.From.IsZero() {
		u.From = e.System.InUseSince
	}
	if u.BuiltOn.IsZero() {
		u.BuiltOn = e.System.InUseSince
	}
	e.Costs = u.Costs(func(k systems.CostKind) string { return string(k) }, "")
	for i := range e.Costs {
		if e.Costs[i].Currency == "" {
			e.Costs[i].Currency = "EUR"
		}
		if e.Costs[i].Starts.IsZero() {
			e.refuse(NoDay, e.Costs[i].Words)
		}
	}
}

// number reads a number with a comma or a point; what is none is a problem.
func (e *Entry) number(text string) string {
	if text == "" {
		return ""
	}
	plain := strings.NewReplacer(" ", "", "\u00a0", "", "€", "", ",", ".").Replace(text)
	n, err := models.ParseDecimal(plain)
	if err != nil || n.Sign() < 0 {
		e.refuse(NoNumber, text)
		return ""
	}
	return n.String()
}

// dayIn is a day that somebody typed; what is none is a problem.
func (e *Entry) dayIn(text string) models.Date {
	before := len(e.Flags)
	d := e.day(text)
	if d.IsZero() && text != "" {
		e.Flags = e.Flags[:before]
		e.refuse(NoDay, text)
	}
	return d
}

// million is what amounts of the IT Dashboard are counted in.
var million = big.NewRat(1_000_000, 1)

// businessCases reads business cases of the IT Dashboard: the funding of a budget year
// (BY), of the year before (CY), of that before it (PY) and of all before that. All rows
// are of the budget year of most of them.
func (t *tabular) businessCases() *File {
	f := &File{Kind: USIT}
	counts, budget := map[string]int{}, ""
	for _, row := range t.rows {
		year := t.cell(row, "budget year")
		if counts[year]++; counts[year] > counts[budget] || budget == "" {
			budget = year
		}
	}
	year, err := strconv.Atoi(budget)
	for i, row := range t.rows {
		e := Entry{Line: i + 2, OwnerCode: t.cell(row, "agency code"), OwnerName: t.cell(row, "agency name")}
		cell := func(name string) string { return t.cell(row, name) }
		e.System = systems.System{Source: string(USIT), External: cell("unique investment identifier"), Name: cell("investment title (it portfolio)"), Purpose: cell("brief summary"), Department: cell("bureau name"), State: systems.InUse,
			Shareable: strings.EqualFold(cell("shared service"), "yes"), Rating: systems.Rating(strings.ToLower(cell("cio evaluation color"))), InUseSince: e.yearDay(cell("investment start year"), "-01-01"), PlannedEnd: e.yearDay(cell("investment end year"), "-12-31")}
		if err != nil {
			e.refuse(NoDay, budget)
		}
		if cell("budget year") != budget {
			e.flag(FlagYear)
		}
		for back, name := range []string{"funding by ($ m)", "funding cy ($ m)", "funding py ($ m)", "funding py1 and prior ($ m)"} {
			e.funding(cell(name), models.NewDate(year-back, 1, 1))
		}
		f.Entries = append(f.Entries, e)
	}
	return f
}

func (e *Entry) yearDay(year, rest string) models.Date {
	if year == "" {
		return models.Date{}
	}
	return e.day(year + rest)
}

// funding adds the money of a year, in millions of dollars.
func (e *Entry) funding(text string, day models.Date) {
	if text == "" {
		return
	}
	amount, err := models.ParseExact(strings.ReplaceAll(text, ",", ""))
	if err != nil {
		e.refuse(NoNumber, text)
		return
	}
	if amount.IsZero() {
		return
	}
	dollars, err := models.RoundRat(new(big.Rat).Mul(amount.Rat(), million), 2)
	if err != nil || amount.Sign() < 0 {
		e.refuse(NoNumber, text)
		return
	}
	e.Costs = append(e.Costs, systems.Cost{Words: "Funding", Kind: systems.Running, Every: systems.Once, Starts: day, Amount: dollars.String(), Currency: "USD"})
}
