package handlers

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/reports"
	"pilveturg/models/spend"
	"pilveturg/views"
)

// The fields of addresses that only questions have.
const (
	fieldFirst  = "first"
	fieldBefore = "before"
)

// questionFields are all fields that an address of a question may have.
func questionFields() []string {
	return []string{fieldBy, fieldYear, fieldFirst, fieldFrom, fieldThrough, fieldBasis, fieldVAT, fieldCurrency, fieldKnown, fieldBefore, fieldUnder, fieldBuyer, fieldVendor, fieldCategory}
}

// questionAsk is a question with what an address asks of it.
type questionAsk struct {
	*filled
	reports.Question
	ask           reports.Ask
	kept          url.Values
	known, before models.Date
	orgs          *organs
}

// askedQuestion reads which question an address asks, and of what.
func (s *Site) askedQuestion(r *web.Request) (*questionAsk, error) {
	return s.questionOf(r.Context(), r.Param("ask"), s.asked(r, nil), kept(r, questionFields()...))
}

// questionOf is a question with what is asked of it. What it does not know is not found; a
// period that is none is said to be.
func (s *Site) questionOf(ctx context.Context, code string, f *filled, kept url.Values) (*questionAsk, error) {
	q, err := reports.Find(code)
	if err != nil {
		return nil, err
	}
	lists, err := s.lists(ctx)
	if err != nil {
		return nil, err
	}
	a := &questionAsk{filled: f, Question: q, kept: kept, orgs: lists.organs}
	if err := a.read(); err != nil {
		return nil, err
	}
	if year := s.today().Year(); a.Yearly && a.ask.Year == 0 && a.ask.From == "" {
		a.ask.Year = year
		a.begin(fieldYear, strconv.Itoa(year))
	}
	return a, nil
}

// read reads the fields of the address.
func (a *questionAsk) read() error {
	get := a.kept.Get
	wrong := models.Invalid{}
	a.ask = reports.Ask{By: get(fieldBy), Basis: spend.Basis(get(fieldBasis)), WithTax: get(fieldVAT) == "1", Currency: get(fieldCurrency), Buyer: get(fieldBuyer), Vendor: get(fieldVendor), Category: get(fieldCategory), From: get(fieldFrom), Until: get(fieldThrough)}
	known := a.ask.Basis == "" || slices.Contains(spend.Bases(), a.ask.Basis)
	number := func(field string, least, most int) int {
		n, err := strconv.Atoi(cmp.Or(get(field), strconv.Itoa(least)))
		known = known && err == nil && n >= least && n <= most
		return n
	}
	if get(fieldYear) != "" {
		a.ask.Year = number(fieldYear, firstYear, lastYear)
	}
	a.ask.First = time.Month(number(fieldFirst, 1, 12))
	if text := get(fieldUnder); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		a.ask.Under, known = n, known && err == nil && a.orgs.byID[n] != nil
	}
	for field, into := range map[string]*models.Date{fieldKnown: &a.known, fieldBefore: &a.before} {
		if text := get(field); text != "" {
			day, err := models.ParseDate(text)
			if *into = day; err != nil {
				wrong[field] = "report.day_wrong"
			}
		}
	}
	for _, field := range []string{fieldFrom, fieldThrough} {
		if text := get(field); text != "" && !isMonth(text) {
			wrong[field] = "report.month_wrong"
		}
	}
	if !known {
		return models.ErrNotFound
	}
	a.ask.Known, a.ask.Before = endOf(a.known), endOf(a.before)
	if len(wrong) == 0 {
		if found, bad := invalid(a.ask.Check()); bad {
			wrong = found
		}
	}
	a.wrong = wrong
	return nil
}

// The years that can be asked for.
const (
	firstYear = 1970
	lastYear  = 2100
)

// endOf is the last moment of a day; zero for none.
func endOf(day models.Date) models.Time {
	if day.IsZero() {
		return models.Time{}
	}
	return models.Time{Time: day.AddDays(1).Time().Add(-time.Second)}
}

// path is where the question is answered.
func (a *questionAsk) path() string { return questionAddress(&a.Question) }

// filter is the form by which the question is asked of something else.
func (s *Site) questionFilter(r *web.Request, a *questionAsk) (*views.Filter, error) {
	f := &views.Filter{Action: at(a.Tag, a.path()), Button: a.T("ledger.update")}
	if len(a.kept) > 0 {
		f.All = a.link(a.path(), "report.all")
	}
	if len(a.Bys) > 0 {
		var options []views.Option
		for i, by := range a.Bys {
			value := by
			if i == 0 {
				value = "" // the address is shorter without it
			}
			options = append(options, views.Option{Value: value, Text: a.T("report.by." + by)})
		}
		f.Inputs = append(f.Inputs, a.choose(views.Select{Name: fieldBy, Label: a.T("ledger.by"), Options: options}))
	}
	if !a.Bound {
		inputs, err := s.periodInputs(r, a)
		if err != nil {
			return nil, err
		}
		f.Inputs = append(f.Inputs, inputs...)
	}
	only, err := s.onlyInputs(r.Context(), a)
	f.Inputs = append(f.Inputs, only...)
	return f, err
}

// periodInputs ask for the period, and how money is looked at.
func (s *Site) periodInputs(r *web.Request, a *questionAsk) ([]views.Input, error) {
	years, err := spend.Years(r.Context(), s.DB, r.Actor)
	if err != nil {
		return nil, err
	}
	currencies, err := spend.Sums(r.Context(), s.DB, r.Actor, spend.Query{}, spend.ByCurrency)
	if err != nil {
		return nil, err
	}
	of := func(name, label string, options []views.Option) views.Input {
		return a.choose(views.Select{Name: name, Label: a.T(label), Options: options})
	}
	periods := []views.Option{{Text: a.T("ledger.all_years")}}
	if len(years) > 0 && a.ask.First > time.January {
		years = append(years, years[len(years)-1]-1) // whose last months are in the first year
	}
	if a.ask.Year != 0 && !slices.Contains(years, a.ask.Year) {
		years = append(years, a.ask.Year)
	}
	for _, year := range years {
		periods = append(periods, views.Option{Value: strconv.Itoa(year), Text: a.ask.YearName(year)})
	}
	var firsts, bases []views.Option
	for month := time.January; month <= time.December; month++ {
		value := strconv.Itoa(int(month))
		if month == time.January {
			value = ""
		}
		firsts = append(firsts, views.Option{Value: value, Text: a.MonthName(month)})
	}
	for i, basis := range spend.Bases() {
		value := string(basis)
		if i == 0 {
			value = ""
		}
		bases = append(bases, views.Option{Value: value, Text: a.T("ledger.basis." + string(basis))})
	}
	money := []views.Option{{Text: a.T("report.in_euros")}}
	for _, c := range currencies {
		money = append(money, views.Option{Value: c.Key, Text: a.T("report.as_billed_in", c.Key)})
	}
	vat := []views.Option{{Text: a.T("ledger.without_vat")}, {Value: "1", Text: a.T("ledger.with_vat")}}
	return []views.Input{of(fieldYear, "report.year", periods), of(fieldFirst, "report.first", firsts),
		a.field(views.Field{Name: fieldFrom, Label: a.T("report.from"), Kind: "month"}), a.field(views.Field{Name: fieldThrough, Label: a.T("report.until"), Kind: "month"}),
		of(fieldBasis, "ledger.basis", bases), of(fieldVAT, "ledger.vat", vat), of(fieldCurrency, "report.currency", money)}, nil
}

// onlyInputs ask of what of the ledger the question is asked.
func (s *Site) onlyInputs(ctx context.Context, a *questionAsk) (all []views.Input, err error) {
	for _, field := range a.Asks {
		switch field {
		case fieldKnown:
			all = append(all, a.field(views.Field{Name: fieldKnown, Label: a.T("ledger.known"), Kind: "date"}))
		case fieldBefore:
			all = append(all, a.field(views.Field{Name: fieldBefore, Label: a.T("report.before"), Kind: "date"}))
		case fieldUnder:
			all = append(all, a.underInput())
		default:
			value := a.kept.Get(field)
			if value == "" {
				continue
			}
			name, err := s.keyName(ctx, a, value)
			if err != nil {
				return nil, err
			}
			all = append(all, a.choose(views.Select{Name: field, Label: a.T("ledger.only." + field), Options: []views.Option{{Text: a.T("report.every." + field)}, {Value: value, Text: name}}}))
		}
	}
	return all, nil
}

// underInput asks for one of the bodies at the top, or the one that is asked for.
func (a *questionAsk) underInput() views.Input {
	options := []views.Option{{Text: a.T("report.every.under")}}
	for _, o := range a.orgs.sorted(a.Tag, a.orgs.tops) {
		if o.Kind == identity.Ministry || len(o.Below) > 0 || o.ID == a.ask.Under {
			options = append(options, views.Option{Value: strconv.FormatInt(o.ID, 10), Text: o.name(a.Tag).Text})
		}
	}
	if o := a.orgs.byID[a.ask.Under]; o != nil && o.Parent != nil {
		options = append(options, views.Option{Value: strconv.FormatInt(o.ID, 10), Text: o.name(a.Tag).Text})
	}
	return a.choose(views.Select{Name: fieldUnder, Label: a.T("report.under"), Options: options})
}

// keyName is what a key of the ledger is called.
func (s *Site) keyName(ctx context.Context, a *questionAsk, key string) (string, error) {
	id, err := strconv.ParseInt(key[1:], 10, 64)
	switch {
	case key[0] == 'c':
		return a.categoryName(key[1:]), nil
	case err != nil:
		return "", models.ErrNotFound
	case key[0] == 'o':
		if o := a.orgs.byID[id]; o != nil {
			return o.name(a.Tag).Text, nil
		}
		return "", models.ErrNotFound
	}
	labels, err := spend.Labels(ctx, s.DB, []int64{id})
	return cmp.Or(labels[id].Name, a.T("ledger.no_name")), err
}
