package handlers

import (
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
	"pilveturg/views"
)

// comparedPart is the rows under one heading.
type comparedPart struct {
	title string
	rows  []comparedRow
}

// comparedRow is a row with the words of its cells.
type comparedRow struct {
	catalogue.Aligned
	label views.Words
	shown []views.CompareCell
}

func (c *comparison) newRow(id, label string, scale catalogue.Scale) comparedRow {
	return comparedRow{Aligned: catalogue.Aligned{ID: id, Scale: scale}, label: views.Words{Text: label}}
}

func (r *comparedRow) add(cell catalogue.Cell, shown views.CompareCell) {
	r.Cells, r.shown = append(r.Cells, cell), append(r.shown, shown)
}

func (c *comparison) unknownCell() views.CompareCell {
	return views.CompareCell{Value: views.Words{Text: c.T("answer.unknown")}}
}

// align makes all rows: prices, answers section by section, users.
func (c *comparison) align() {
	var contents []catalogue.Content
	var sides []answered
	for _, v := range c.sides {
		contents = append(contents, v.edition.Content)
		sides = append(sides, c.answered(v.edition.Content, c.today))
	}
	price := comparedPart{title: c.T("compare.part.price"), rows: append(c.sums(), c.rise())}
	sections := map[string][]comparedRow{}
	for _, a := range c.schema.Align(contents, c.today) {
		row := c.answerRow(a, sides)
		switch a.ID {
		case rowMinimum:
			price.rows = append(price.rows, c.bound(row, func(t pricing.Terms) *int { return t.MinimumMonths }))
		case rowNotice:
			price.rows = append(price.rows, c.bound(row, func(t pricing.Terms) *int { return t.NoticeDays }))
		default:
			sections[a.Question.Section] = append(sections[a.Question.Section], row)
		}
	}
	price.rows = append(price.rows, c.otherPayers())
	c.parts = []comparedPart{price}
	for _, s := range c.schema.Sections {
		c.parts = append(c.parts, comparedPart{views.In(s.Names, c.Tag).Text, sections[s.ID]})
	}
	c.parts = append(c.parts, comparedPart{c.T("service.users"), []comparedRow{c.users()}})
}

// answerRow words what the services answer to a question.
func (c *comparison) answerRow(a catalogue.Aligned, sides []answered) comparedRow {
	row := comparedRow{Aligned: a, label: views.In(a.Question.Label, c.Tag)}
	for i, cell := range a.Cells {
		shown := c.unknownCell()
		switch {
		case cell.State == catalogue.CellNotAsked:
			shown.Value.Text = c.T("compare.not_asked")
		case cell.Answer.Question != "":
			r := sides[i].row(a.Question, cell.Answer)
			shown = views.CompareCell{Value: r.Value, More: r.More, URL: r.URL, Tags: r.Tags, Action: r.Action}
			if r.Note != "" {
				shown.Notes = []views.Words{{Text: r.Note}}
			}
		}
		row.shown = append(row.shown, shown)
	}
	return row
}

// users is the row of how many use the services.
func (c *comparison) users() comparedRow {
	row := c.newRow(rowUsers, c.T("compare.row.users"), catalogue.ScaleHigh)
	for i := range c.sides {
		n := c.sides[i].usedNow()
		figure := models.Whole(int64(n))
		row.add(catalogue.Cell{State: catalogue.CellKnown, Same: figure.String(), Figure: &figure}, views.CompareCell{Value: views.Words{Text: c.usedBy(n)}})
	}
	return row
}

// row finds a row by its id; nil when there is none.
func (c *comparison) row(id string) *comparedRow {
	for i := range c.parts {
		for k := range c.parts[i].rows {
			if c.parts[i].rows[k].ID == id {
				return &c.parts[i].rows[k]
			}
		}
	}
	return nil
}

// page words the comparison.
func (c *comparison) page() views.ComparePage {
	n := len(c.sides)
	p := views.ComparePage{Notices: c.notices, Action: at(c.Tag, comparePath), Heading: c.T("compare.title"), Full: c.full(),
		Add: views.Field{ID: "compare-add", Name: fieldService, Label: c.T("compare.add"), Hint: c.T("compare.add_hint"), Width: "w12"}}
	if n >= leastCompared {
		p.Heading = c.N("compare.title_n", int64(n))
		for _, name := range []string{"CSV", "XLSX"} {
			p.Files = append(p.Files, views.Link{URL: c.address("."+strings.ToLower(name), c.ids(0)), Text: name})
		}
		c.fillForm(&p)
		p.Table, p.Hidden = c.table()
		p.Score = c.scores()
	}
	c.keep(&p)
	p.Shell = c.shell("services", p.Heading, c.home(), c.link("/services", "section.services"))
	p.Description, p.Errors, p.Canonical = c.T("compare.description"), c.calc.wrong, comparePath
	p.NoIndex = len(c.typed) > 0
	return p
}

// full says that there is no room for one more; "" when there is.
func (c *comparison) full() string {
	if len(c.sides) < mostCompared {
		return ""
	}
	return c.T("compare.full", c.Number(mostCompared))
}

// fillForm fills in what the form asks.
func (c *comparison) fillForm(p *views.ComparePage) {
	for _, q := range c.calc.usage.Quantities {
		p.Volumes = append(p.Volumes, c.calc.field(q))
	}
	if taken := c.taken(); taken != "" {
		p.Assumed = c.T("compare.assumed", taken)
	}
	p.Years = c.calc.choose(fieldYears, "price.years", "", 1, mostYears, func(n int) string { return c.N("price.year_count", int64(n)) })
	for i := range p.Years.Options {
		p.Years.Options[i].Chosen = i+1 == c.calc.years
	}
	p.Differ = views.Option{Text: c.T("compare.differ"), Chosen: c.on(fieldDiffer)}
	p.Known = views.Option{Text: c.T("compare.known"), Chosen: c.on(fieldKnown)}
	p.Weights, p.Weighed = c.weightForm(), c.T("compare.weights")
	if n := len(c.weights); n > 0 {
		p.Weighed = c.N("compare.weighed", int64(n))
	}
	for _, e := range c.calc.wrong {
		p.WeightsOpen = p.WeightsOpen || isWeightID(e.Field)
	}
}

func (c *comparison) on(field string) bool { return c.typed.Get(field) == "1" }

// taken words the quantities that were taken because none was given.
func (c *comparison) taken() string {
	words := ""
	for _, q := range c.calc.usage.Quantities {
		if !slices.Contains(c.calc.taken, q.Unit) {
			continue
		}
		if words != "" {
			words += ", "
		}
		words += c.calc.quantity(q)
	}
	return words
}

// table words the rows that the address wants to see, and how many are left out.
func (c *comparison) table() (t views.CompareTable, hidden string) {
	t = views.CompareTable{ID: "compare-caption", Caption: c.T("compare.caption"), Span: len(c.sides) + 1}
	for i := range c.sides {
		t.Columns = append(t.Columns, c.column(&c.sides[i]))
	}
	left := 0
	for _, part := range c.parts {
		g := views.CompareGroup{Title: part.title}
		for i := range part.rows {
			if row := &part.rows[i]; c.wanted(row) {
				g.Rows = append(g.Rows, views.CompareRow{Name: row.label, Cells: row.shown})
			} else {
				left++
			}
		}
		if len(g.Rows) > 0 {
			t.Groups = append(t.Groups, g)
		}
	}
	if left > 0 {
		hidden = c.N("compare.hidden", int64(left))
	}
	return t, hidden
}

// wanted reports whether the address wants to see a row.
func (c *comparison) wanted(row *comparedRow) bool {
	return !(c.on(fieldDiffer) && !row.Differs()) && !(c.on(fieldKnown) && !row.Known())
}

// column heads the column of a service.
func (c *comparison) column(v *service) views.CompareColumn {
	name, _ := c.nameAndSummary(v.edition.Words)
	col := views.CompareColumn{
		Name:   views.Link{URL: at(c.Tag, servicePath(v.ID, v.Slug)), Text: name.Text, Lang: name.Lang},
		Vendor: c.briefLink(v.vendor), Number: catalogue.Number(v.ID), Tags: c.tags(v.Offering, false),
		Remove: views.Link{URL: c.address("", c.ids(v.ID)), Text: c.T("compare.remove"), For: name.Text},
	}
	if v.Life == catalogue.Withdrawn {
		col.Version = c.T("compare.last_version", c.Number(int64(v.edition.Number)), c.orUnknown(c.DateShort(v.edition.Version.Published)))
	}
	return col
}

// heading is what a column is called where there is room for a name only.
func (c *comparison) heading(v *service) string {
	name, _ := c.nameAndSummary(v.edition.Words)
	return name.Text
}
