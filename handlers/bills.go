package handlers

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/matching"
	"pilveturg/models/spend"
	"pilveturg/views"
)

const (
	billsPath     = spendPath + "/bills"
	unmatchedPath = spendPath + "/unmatched"
	fieldNumber   = "number"
)

func billPath(id int64, end string) string { return billsPath + "/" + strconv.FormatInt(id, 10) + end }

// billRoutes are how bills are matched with subscriptions.
func (s *Site) billRoutes() []route {
	keeps, reads := only(models.Finance), only(models.Buyer, models.Approver, models.Finance, models.Analyst)
	const one = billsPath + "/:bill"
	return slices.Concat([]route{
		{"GET", unmatchedPath, reads, s.listUnmatched, false},
		{"GET", billsPath, reads, s.listBills, false},
		{"POST", unmatchedPath, keeps, s.matchAgain, false},
		{"GET", forecastPath, reads, s.showForecast, false},
		{"GET", forecastPath + "/:line", reads, s.showLineAhead, false},
		{"GET", oddPath, reads, s.showOdd, false},
		{"GET", one, reads, s.showBill, false},
		{"POST", one + "/match", keeps, s.matchBill, false},
		{"POST", one + "/outside", keeps, s.putOutside, false},
		{"POST", one + "/reopen", keeps, s.reopenBill, false},
		{"POST", one + "/budget", keeps, s.budgetOfBill, false},
	}, fileRoutes(billsPath, reads, s.billsFile), fileRoutes(forecastPath, reads, s.forecastFile), fileRoutes(oddPath, reads, s.oddFile))
}

// billAsk is what an address asks of bills.
type billAsk struct {
	*filled
	matching.Query
	kept url.Values
	path string
}

func (s *Site) askBills(r *web.Request, path string) (*billAsk, error) {
	a := &billAsk{filled: s.asked(r, nil), kept: kept(r, fieldState, fieldYear, fieldVendor, fieldNumber, fieldSubscription), path: path}
	a.Query = matching.Query{State: matching.State(a.kept.Get(fieldState)), Vendor: a.kept.Get(fieldVendor), Number: a.kept.Get(fieldNumber)}
	known := a.State == "" || slices.Contains(matching.States(), a.State)
	if path == unmatchedPath {
		a.State = matching.Open
		a.kept.Del(fieldState)
	}
	if text := a.kept.Get(fieldYear); text != "" {
		n, err := strconv.Atoi(text)
		a.Year, known = n, known && err == nil && n >= 1970 && n <= 2100
	}
	if text := a.kept.Get(fieldSubscription); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		a.Sub, known = n, known && err == nil && n > 0
	}
	if !known {
		return nil, models.ErrNotFound
	}
	return a, nil
}

// listUnmatched lists the bills of which nobody knows what they are for, those with the
// most money first, with what they may be for.
func (s *Site) listUnmatched(r *web.Request) (web.Reply, error) {
	a, err := s.askBills(r, unmatchedPath)
	if err != nil {
		return web.Reply{}, err
	}
	page, rows, err := s.billList(r, a)
	if err != nil || page == nil {
		return redirectOr(r, a, page), err
	}
	if err := s.addSuggestions(r, a, page, rows); err != nil {
		return web.Reply{}, err
	}
	waiting, err := matching.Waiting(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	if waiting > 0 {
		page.Text = append(page.Text, a.N("matching.waiting", int64(waiting)))
	}
	return web.Page(*page), nil
}

// redirectOr leads to the first page where the address asks for one that is not there.
func redirectOr(r *web.Request, a *billAsk, page *views.ListPage) web.Reply {
	if page == nil {
		return web.SeeOther(at(r.Lang, pageAddress(a.path, a.kept, 1)))
	}
	return web.Page(*page)
}

// listBills lists bills by what is known of them.
func (s *Site) listBills(r *web.Request) (web.Reply, error) {
	a, err := s.askBills(r, billsPath)
	if err != nil {
		return web.Reply{}, err
	}
	page, _, err := s.billList(r, a)
	return redirectOr(r, a, page), err
}

// billList is a page of bills; nil where the address asks for one that is not there.
func (s *Site) billList(r *web.Request, a *billAsk) (*views.ListPage, []matching.Bill, error) {
	total, err := matching.Sum(r.Context(), s.DB, r.Actor, a.Query)
	if err != nil {
		return nil, nil, err
	}
	part, ok := cut(r, int(total.N), rowsOnPage)
	if !ok {
		return nil, nil, nil
	}
	rows, err := matching.List(r.Context(), s.DB, r.Actor, a.Query, part.Page)
	if err != nil {
		return nil, nil, err
	}
	years, err := spend.Years(r.Context(), s.DB, r.Actor)
	if err != nil {
		return nil, nil, err
	}
	table, err := a.billGrid().table(r, rows, whole(len(rows)))
	if err != nil {
		return nil, nil, err
	}
	table.Pager = part.pager(a.Tag, func(n int) string { return pageAddress(a.path, a.kept, n) })
	table.Files = a.fileLinks(billsPath, a.fileAddress())
	title, text := "matching.bills", "matching.bills_text"
	if a.path == unmatchedPath {
		title, text = "matching.unmatched", "matching.unmatched_text"
	}
	p := &views.ListPage{Heading: a.T(title), Text: []string{a.T(text), a.T("matching.sum", a.Rounded(total.Euros(), "EUR"))}, Found: a.N("matching.bills_n", total.N), Table: table, Filter: a.billFilter(years),
		Links: []views.Link{a.link(spendPath, "ledger.title")}}
	if total.Unconverted > 0 {
		p.Text = append(p.Text, a.N("ledger.unconverted_n", total.Unconverted))
	}
	if a.path == unmatchedPath {
		p.Links = append(p.Links, a.link(billsPath, "matching.bills"))
		if spend.Keeps(r.Actor) {
			p.Links = append(p.Links, a.link(spendPath+"/names", "ledger.names"))
		}
	} else {
		p.Links = append(p.Links, a.link(unmatchedPath, "matching.unmatched"))
	}
	p.Shell = a.page(part.title(a.speaker, p.Heading), a.link(spendPath, "ledger.title"))
	p.Section = spendSection
	return p, rows, nil
}

// fileAddress is that of the same bills on the page of all.
func (a *billAsk) fileAddress() string {
	q := url.Values{}
	for name, values := range a.kept {
		q[name] = values
	}
	if a.State != "" {
		q.Set(fieldState, string(a.State))
	}
	return pageAddress(billsPath, q, 1)
}

func (a *billAsk) billFilter(years []int) *views.Filter {
	all := []views.Option{{Text: a.T("ledger.all_years")}}
	for _, year := range years {
		all = append(all, views.Option{Value: strconv.Itoa(year), Text: strconv.Itoa(year)})
	}
	states := []views.Option{{Text: a.T("matching.any_state")}}
	for _, state := range matching.States() {
		states = append(states, views.Option{Value: string(state), Text: a.T("matching.state." + string(state))})
	}
	f := &views.Filter{Action: at(a.Tag, a.path), Button: a.T("admin.find")}
	if a.path == billsPath {
		f.Inputs = append(f.Inputs, a.choose(views.Select{Name: fieldState, Label: a.T("admin.state"), Options: states}))
	}
	f.Inputs = append(f.Inputs, a.choose(views.Select{Name: fieldYear, Label: a.T("ledger.year"), Options: all}), a.field(views.Field{Name: fieldVendor, Label: a.T("ledger.role.vendor"), Width: "w12"}), a.field(views.Field{Name: fieldNumber, Label: a.T("ledger.role.reference"), Width: "w12"}))
	if a.Sub != 0 {
		f.Inputs = append(f.Inputs, a.field(views.Field{Name: fieldSubscription, Label: a.T("matching.subscription_number"), Mode: "numeric", Width: "w12"}))
	}
	if len(a.kept) > 0 {
		f.All = a.link(a.path, "matching.all")
	}
	return f
}

// billGrid is how bills are shown as rows.
func (a *billAsk) billGrid() *grid[matching.Bill] {
	text := func(code, key string, of func(matching.Bill) string) column[matching.Bill] {
		return column[matching.Bill]{code: code, head: a.T(key), cell: func(b matching.Bill) views.Cell { return words(of(b)) }, file: of}
	}
	first := column[matching.Bill]{code: "number", head: a.T("ledger.role.reference"), cell: func(b matching.Bill) views.Cell {
		return views.Cell{Link: views.Link{URL: at(a.Tag, billPath(b.ID, "")), Text: a.billName(&b)}, Tags: a.billTags(&b)}
	}, file: func(b matching.Bill) string { return b.Reference }}
	columns := []column[matching.Bill]{first,
		valued(text("invoiced", "ledger.role.date", func(b matching.Bill) string { return a.billDay(&b) }), func(b matching.Bill) any { return b.Invoiced }), text("vendor", "ledger.role.vendor", func(b matching.Bill) string { return b.Vendor }), text("buyer", "ledger.role.buyer", func(b matching.Bill) string { return b.Buyer }),
		{code: "net", head: a.T("ledger.net"), number: true, value: func(b matching.Bill) any { return b.Net() }, cell: func(b matching.Bill) views.Cell {
			c := words(a.Exact(b.Net(), b.Currency))
			if b.Currency != "EUR" && b.Unconverted == 0 {
				c.Lines = []string{a.Rounded(b.Euros(), "EUR")}
			}
			return c
		}, file: func(b matching.Bill) string { return b.Net().String() }},
		inFile(text("currency", "ledger.role.currency", func(b matching.Bill) string { return b.Currency })), inFile(valued(text("euros", "ledger.euros", func(b matching.Bill) string { return "" }), func(b matching.Bill) any { return b.Euros() })),
		inFile(text("state", "admin.state", func(b matching.Bill) string { return a.T("matching.state." + string(b.State())) })), inFile(text("differences", "matching.differences", func(b matching.Bill) string { return strings.Join(a.differenceNames(&b), ", ") })),
		inFile(text("reason", "matching.words", func(b matching.Bill) string { return b.Words }))}
	if a.path == billsPath {
		columns = append(columns, text("subscription", "matching.subscription", func(b matching.Bill) string { return subscriptionCode(b.SubID) }))
	}
	return &grid[matching.Bill]{speaker: a.speaker, id: "bills", caption: a.T("matching.bills"), empty: views.Empty{Title: a.T("matching.none"), Text: a.T("matching.none_text")}, columns: columns}
}

// subscriptionCode is how people name a subscription; "" for none.
func subscriptionCode(id int64) string {
	if id == 0 {
		return ""
	}
	return (&contracts.Subscription{ID: id}).Code()
}

// billName is what leads to a bill: its number, or where it stands.
func (w speaker) billName(b *matching.Bill) string {
	return cmp.Or(b.Reference, w.T("ledger.line_n", w.Number(int64(b.First))))
}

func (w speaker) billDay(b *matching.Bill) string {
	switch {
	case !b.Invoiced.IsZero():
		return w.DateShort(b.Invoiced)
	case b.Month != "":
		return b.Month
	}
	return w.T("ledger.no_month")
}

// billTags say what is known of a bill.
func (w speaker) billTags(b *matching.Bill) (tags []views.Tag) {
	switch state := b.State(); state {
	case matching.Matched:
		tags = append(tags, views.Tag{Kind: views.OK, Text: w.T("matching.state.matched")})
	case matching.Outside:
		tags = append(tags, views.Tag{Kind: views.Plain, Text: w.T("matching.state.outside")})
	}
	for _, name := range w.differenceNames(b) {
		tags = append(tags, views.Tag{Kind: views.Warn, Text: name})
	}
	return tags
}

// differenceNames are what differs, each once.
func (w speaker) differenceNames(b *matching.Bill) (names []string) {
	for _, d := range b.Differences() {
		if name := w.T("matching.differs." + d.Code); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// addSuggestions adds to each row what it may be for, and a button that says so.
func (s *Site) addSuggestions(r *web.Request, a *billAsk, page *views.ListPage, rows []matching.Bill) error {
	t := &page.Table
	t.Head.Columns = append(t.Head.Columns, views.Column{Text: a.T("matching.suggestion")})
	all, err := matching.SuggestEach(r.Context(), s.DB, r.Actor, rows)
	if err != nil {
		return err
	}
	for i := range rows {
		cell := views.Cell{Label: a.T("matching.suggestion")}
		if found := all[rows[i].ID]; len(found) > 0 {
			best := &found[0]
			name, err := s.agreementName(r, a.speaker, best)
			if err != nil {
				return err
			}
			cell.Link, cell.Lines = views.Link{Text: name}, []string{a.whyWords(best)}
			cell.Button = &views.RowButton{Action: at(a.Tag, billPath(rows[i].ID, "/match")), Text: a.T("matching.match"), For: a.billName(&rows[i]) + ", " + name,
				Hidden: []views.Hidden{revisionField(rows[i].Revision), {Name: fieldSubscription, Value: strconv.FormatInt(best.ID, 10)}, {Name: fieldBack, Value: "1"}}}
		}
		t.Rows[i] = append(t.Rows[i], cell)
	}
	if spend.Keeps(r.Actor) && len(rows) > 0 {
		page.AddHead, page.Add = a.T("matching.again_head"), &views.Form{Action: at(a.Tag, unmatchedPath), Button: a.T("matching.again")}
	}
	return nil
}

const (
	fieldSubscription = "subscription"
	fieldBack         = "back"
	fieldBudget       = "budget"
)

// agreementName names a subscription by its number and service.
func (s *Site) agreementName(r *web.Request, w speaker, found *matching.Suggestion) (string, error) {
	names := map[int64]views.Words{}
	if err := s.serviceNames(r, w, []contracts.Subscription{found.Subscription}, names); err != nil {
		return "", err
	}
	return found.Code() + " " + names[found.ID].Text, nil
}

// whyWords say why a subscription is suggested.
func (w speaker) whyWords(found *matching.Suggestion) string {
	var all []string
	for _, why := range found.Why {
		if why == matching.WhyPrice {
			all = append(all, w.T("matching.why.price", w.T("matching.fit."+found.Fit.Code)))
			continue
		}
		all = append(all, w.T("matching.why."+why))
	}
	return capital(strings.Join(all, ", "))
}

// billsFile answers with the bills that an address asks for.
func (s *Site) billsFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		a, err := s.askBills(r, billsPath)
		if err != nil {
			return web.Reply{}, err
		}
		total, err := matching.Sum(r.Context(), s.DB, r.Actor, a.Query)
		if err != nil {
			return web.Reply{}, err
		}
		rows, err := matching.List(r.Context(), s.DB, r.Actor, a.Query, models.Page{Number: 1, Size: max(1, int(total.N))})
		if err != nil {
			return web.Reply{}, err
		}
		return a.billGrid().file(r, rows, kind)
	}
}

// matchAgain tries the open bills again.
func (s *Site) matchAgain(r *web.Request) (web.Reply, error) {
	var tried, matched int
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		tried, matched, err = matching.Again(r.Context(), tx, matching.FlowsOf(s.Schema))
		return err
	})
	return web.SeeOther(at(r.Lang, unmatchedPath)).Say("matching.again_done", strconv.Itoa(tried), strconv.Itoa(matched)), err
}

// stepBill does something with a bill, and says how it went.
func (s *Site) stepBill(r *web.Request, said string, step func(context.Context, *db.Tx, int64, int64) error) (web.Reply, error) {
	id, err := numberIn(r, "bill")
	if err != nil {
		return web.Reply{}, err
	}
	to := billPath(id, "")
	if r.Form(fieldBack) != "" {
		to = unmatchedPath
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return step(r.Context(), tx, id, seenRevision(r)) })
	if wrong, bad := invalid(err); bad {
		return s.billPage(r, s.posted(r, wrong), id, http.StatusUnprocessableEntity)
	}
	if isConflict(err) {
		f := s.posted(r, nil)
		n := views.Notice{Kind: views.Warn, Title: f.T("matching.not_done"), Urgent: true}
		if typed := strings.TrimSpace(r.Form(fieldReason)); typed != "" {
			n.Text = f.T("matching.you_wrote", typed)
		}
		return s.billPage(r, f, id, http.StatusConflict, n)
	}
	return web.SeeOther(at(r.Lang, to)).Say(said), err
}

func (s *Site) matchBill(r *web.Request) (web.Reply, error) {
	return s.stepBill(r, "matching.matched_done", func(ctx context.Context, tx *db.Tx, id, seen int64) error {
		sub, err := strconv.ParseInt(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(r.Form(fieldSubscription))), "SUB-"), 10, 64)
		if err != nil {
			return models.Invalid{fieldSubscription: "matching.subscription_missing"}
		}
		return matching.Match(ctx, tx, matching.FlowsOf(s.Schema), id, seen, sub)
	})
}

func (s *Site) putOutside(r *web.Request) (web.Reply, error) {
	return s.stepBill(r, "matching.outside_done", func(ctx context.Context, tx *db.Tx, id, seen int64) error {
		return matching.SetOutside(ctx, tx, id, seen, r.Form(fieldReason))
	})
}

func (s *Site) reopenBill(r *web.Request) (web.Reply, error) {
	return s.stepBill(r, "matching.reopened_done", matching.Reopen)
}

func (s *Site) budgetOfBill(r *web.Request) (web.Reply, error) {
	return s.stepBill(r, "matching.budget_done", func(ctx context.Context, tx *db.Tx, id, seen int64) error {
		return matching.SetBudget(ctx, tx, id, seen, r.Form(fieldBudget))
	})
}
