package handlers

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/reports"
	"pilveturg/models/spend"
	"pilveturg/views"
)

// showQuestion answers a question: what it comes to, what stands beside that, a figure, and
// the rows.
func (s *Site) showQuestion(r *web.Request) (web.Reply, error) {
	a, answer, err := s.askLedgerQuestion(r)
	if err != nil {
		return web.Reply{}, err
	}
	g := a.grid(answer)
	rows := slices.Clone(answer.Rows)
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: a.T("report.q." + a.Code), Text: append(a.answerText(answer), a.besideText(answer)...), Found: a.N("report.rows", int64(part.Total)), Table: t}
		p.Table.Files = a.fileLinks(a.path()+"/rows", pageAddress(a.path()+"/rows", withSort(a.kept, r.Query(fieldSort)), 1))
		p.Text = append(p.Text, a.T("report.q_method."+a.Code))
		if answer.Need != "" {
			p.Notices = append(p.Notices, views.Notice{Kind: views.Info, Text: a.T("report.need." + answer.Need)})
		}
		if figure, ok := a.figure(answer); ok {
			p.Figures = append(p.Figures, figure)
		}
		var err error
		if p.Filter, err = s.questionFilter(r, a); err != nil {
			return p, err
		}
		p.Links = a.questionLinks()
		p.Shell = a.page(part.title(a.speaker, p.Heading), a.link(spendPath, "ledger.title"), a.link(questionsPath, "report.questions"))
		p.Section = spendSection
		return p, nil
	})
}

// withSort are fields of an address with an order.
func withSort(kept url.Values, order string) url.Values {
	all := url.Values{fieldSort: {order}}
	for name, values := range kept {
		all[name] = values
	}
	return all
}

// askLedgerQuestion answers what the address asks. A question that is asked wrongly has an
// answer without rows, so that it can be asked anew.
func (s *Site) askLedgerQuestion(r *web.Request) (*questionAsk, *reports.Answer, error) {
	a, err := s.askedQuestion(r)
	if err != nil {
		return nil, nil, err
	}
	if len(a.wrong) > 0 {
		return a, &reports.Answer{}, nil
	}
	answer, err := s.keptAnswer(r.Context(), r.Actor, a)
	if wrong, bad := invalid(err); bad {
		a.wrong = wrong
		return a, &reports.Answer{}, nil
	}
	return a, answer, err
}

// questionFile answers with exactly the rows of a question as a file.
func (s *Site) questionFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		a, answer, err := s.askLedgerQuestion(r)
		if err != nil {
			return web.Reply{}, err
		}
		if len(a.wrong) > 0 {
			return web.Reply{}, models.ErrNotFound
		}
		return a.grid(answer).file(r, slices.Clone(answer.Rows), kind)
	}
}

// questionLinks lead to other questions, to the same that is kept, and one level up.
func (a *questionAsk) questionLinks() []views.Link {
	links := []views.Link{a.link(questionsPath, "report.questions")}
	if save := url.Values(a.kept).Encode(); len(save) <= reports.MaxQuery {
		q := url.Values{fieldQuery: {save}, fieldQuestion: {a.Code}}
		links = append(links, views.Link{URL: at(a.Tag, withQuery(reportsPath+"/new", q.Encode())), Text: a.T("report.save")})
	}
	for _, field := range []string{fieldUnder, fieldBuyer, fieldVendor, fieldCategory} {
		if a.kept.Get(field) != "" {
			links = append(links, views.Link{URL: at(a.Tag, a.linkTo(field, "")), Text: a.T("report.leave_out." + field)})
		}
	}
	return links
}

// linkTo is the address of the question with something more or else.
func (a *questionAsk) linkTo(more ...string) string {
	q := url.Values{}
	for name, values := range a.kept {
		q[name] = values
	}
	for i := 0; i+1 < len(more); i += 2 {
		if q.Del(more[i]); more[i+1] != "" {
			q.Set(more[i], more[i+1])
		}
	}
	return withQuery(a.path(), q.Encode())
}

// answerText says what the rows come to, and of what.
func (a *questionAsk) answerText(answer *reports.Answer) []string {
	text := []string{a.T("report.q_text." + a.Code)}
	if len(answer.Columns) == 0 {
		return text
	}
	vat := "ledger.without_vat"
	if a.ask.WithTax {
		vat = "ledger.with_vat"
	}
	c := answer.Columns[answer.Sums]
	total := a.T("report.total", a.T("report.col."+c.Code), a.numberWords(answer, c.Kind, reports.Value{Amount: answer.Total}))
	if !a.Bound {
		total += " " + a.T("report.of_what", a.periodWords(), a.T("ledger.basis."+string(cmp.Or(a.ask.Basis, spend.Billed))), a.T(vat), answer.Currency)
	}
	if !a.known.IsZero() {
		total += " " + a.T("ledger.known_text", a.Date(a.known))
	}
	text = append(text, total)
	var figures []string
	for _, f := range answer.Figures {
		figures = append(figures, a.T("report.figure."+f.Code, a.numberWords(answer, f.Kind, f.Value)))
	}
	if len(figures) > 0 {
		text = append(text, strings.Join(figures, " "))
	}
	for _, note := range answer.Notes {
		text = append(text, a.T("report.note."+note))
	}
	return text
}

// periodWords say which period is asked for.
func (a *questionAsk) periodWords() string {
	switch {
	case a.ask.Year != 0:
		return a.T("report.period_year", a.ask.YearName(a.ask.Year))
	case a.ask.From != "":
		return a.T("matching.from_to", a.ask.From, a.ask.Until)
	}
	return a.T("report.period_all")
}

// besideText says what is not in the total, and what of it cannot be told apart.
func (a *questionAsk) besideText(answer *reports.Answer) (text []string) {
	for _, one := range []struct {
		code string
		part *reports.Part
	}{{"unclassified", &answer.Beside.Unclassified}, {"undated", &answer.Beside.Undated}, {"unconverted", &answer.Beside.Unconverted}, {"others", &answer.Beside.Others}} {
		if one.part.Rows == 0 {
			continue
		}
		var sums []string
		for _, m := range one.part.Amounts {
			sums = append(sums, a.Rounded(m.Amount, m.Currency))
		}
		words := a.N("report.beside."+one.code, one.part.Rows)
		if len(sums) > 0 {
			words += " " + a.T("report.beside_sum", strings.Join(sums, ", "))
		}
		text = append(text, words)
	}
	return text
}

// below is where a row leads.
func (a *questionAsk) below(b *reports.Below) string {
	if b.Path != "" {
		return at(a.Tag, b.Path)
	}
	if b.Document != 0 {
		return at(a.Tag, spendPath+"/documents/"+strconv.FormatInt(b.Document, 10))
	}
	q := url.Values{}
	for _, field := range []string{fieldVAT, fieldCurrency, fieldKnown, fieldBasis, fieldFirst, fieldYear, fieldFrom, fieldThrough, fieldUnder, fieldBuyer, fieldVendor, fieldCategory} {
		q[field] = a.kept[field]
	}
	path := spendPath + "/lines"
	if b.Question != "" {
		path = questionsPath + "/" + b.Question
	} else {
		a.linesPeriod(q)
	}
	if b.Month != "" || b.Year != 0 {
		q.Del(fieldYear)
		q.Del(fieldFrom)
		q.Del(fieldThrough)
	}
	a.belowMonth(q, b)
	for field, value := range map[string]string{fieldBy: b.By, fieldBuyer: b.Buyer, fieldVendor: b.Vendor, fieldCategory: b.Category, fieldKind: string(b.Kind), fieldThing: b.Service, fieldFlag: b.Flag} {
		if value != "" {
			q.Set(field, value)
		}
	}
	for field, id := range map[string]int64{fieldUnder: b.Under, fieldBatch: b.Batch, fieldYear: int64(b.Year)} {
		if id != 0 {
			q.Set(field, strconv.FormatInt(id, 10))
		}
	}
	if b.Minus {
		q.Set(fieldMinus, "1")
	}
	return at(a.Tag, pageAddress(path, q, 1))
}

// belowMonth asks for a month instead of the period.
func (a *questionAsk) belowMonth(q url.Values, b *reports.Below) {
	switch {
	case b.Month == "":
	case b.Month == "-" || b.Question == "":
		q.Set(fieldMonth, b.Month)
	default:
		q.Set(fieldFrom, b.Month)
		q.Set(fieldThrough, b.Month)
	}
}

// linesPeriod asks for the charges of the period: they know months, and no basis but the
// one on which they were billed.
func (a *questionAsk) linesPeriod(q url.Values) {
	q.Del(fieldBasis)
	q.Del(fieldYear)
	q.Del(fieldFirst)
	if from, until := a.ask.Months(); from != "" {
		q.Set(fieldFrom, from)
		q.Set(fieldThrough, until)
	}
}
