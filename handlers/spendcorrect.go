package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// The fields of a form that corrects a charge.
const (
	fieldWay       = "way"
	fieldAmount    = "amount"
	fieldEffective = "effective"
	fieldContract  = "contract"
	fieldUntil     = "to"
	fieldReason    = "reason"
	fieldChange    = "change" // the form is asked for again, as it was filled in

	noMonth = "-" // in forms and addresses: the month is not known
)

func linePath(id int64) string { return spendPath + "/lines/" + strconv.FormatInt(id, 10) }

const correctionEnd = "/correction"

// correcting is a form that corrects a charge.
type correcting struct {
	*filled
	s   *spend.Standing
	way spend.Way
}

// standingIn is the charge that the address names, in the reader's own books.
func (s *Site) standingIn(r *web.Request) (*spend.Standing, error) {
	id, err := numberIn(r, "line")
	if err != nil {
		return nil, err
	}
	return spend.FindStanding(r.Context(), s.DB, r.Actor, id)
}

// showCorrection asks what is wrong with a charge, and then what is right.
func (s *Site) showCorrection(r *web.Request) (web.Reply, error) {
	now, err := s.standingIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	c := now.Charge
	values := map[string]string{fieldVendor: c.Vendor, fieldBuyer: c.Buyer, fieldCategory: c.Category, fieldContract: c.Contract, fieldFrom: c.From.String(), fieldMonth: cmp.Or(c.Month, noMonth)}
	if !c.To.IsZero() {
		values[fieldUntil] = c.To.AddDays(-1).String()
	}
	k := &correcting{s.fresh(r, values), now, spend.Way(r.Query(fieldWay))}
	return s.correctionPage(r, k, http.StatusOK)
}

// correctionPage is the form of a way, the choice of ways, or why there is neither.
func (s *Site) correctionPage(r *web.Request, k *correcting, status int) (web.Reply, error) {
	name := k.lineName(*k.s.Charge)
	page := views.FormPage{Heading: k.T("ledger.correct_n", name), Facts: k.standingFacts(), Links: []views.Link{k.link(linePath(k.s.Charge.ID), "ledger.back_to_charge")}}
	gone := k.s.Gone() && k.way != spend.OtherAmount
	switch {
	case k.s.Batch.State != spend.Accepted:
		status = http.StatusConflict
		page.Notices = []views.Notice{{Kind: views.Warn, Title: k.T("ledger.not_counting"), Text: k.T("ledger.not_counting_text")}}
	case k.way == "":
		page.Text = []string{k.T("ledger.correct_text")}
		page.Links = nil
		for _, way := range spend.Ways() {
			if !k.s.Gone() || way == spend.OtherAmount {
				page.Links = append(page.Links, k.link(linePath(k.s.Charge.ID)+correctionEnd+"?"+query(fieldWay, string(way)), "ledger.way."+string(way)))
			}
		}
		page.Links = append(page.Links, k.link(linePath(k.s.Charge.ID), "ledger.back_to_charge"))
	case !slices.Contains(spend.Ways(), k.way):
		return web.Reply{}, models.ErrNotFound
	case gone:
		status = http.StatusConflict
	default:
		if status == http.StatusConflict {
			page.Notices = []views.Notice{{Kind: views.Warn, Title: k.T("ledger.corrected_otherwise"), Text: k.T("ledger.corrected_otherwise_text"), Urgent: true}}
		}
		page.Text = []string{k.T("ledger.way_text." + string(k.way))}
		page.Form = views.Form{Action: at(k.Tag, linePath(k.s.Charge.ID)+correctionEnd), Button: k.T("ledger.preview"), Inputs: k.correctionInputs(s),
			Hidden: []views.Hidden{{Name: fieldWay, Value: string(k.way)}, {Name: fieldSeen, Value: k.s.Seen()}}}
	}
	if gone {
		page.Notices = append(page.Notices, views.Notice{Kind: views.Warn, Title: k.T("ledger.taken_back"), Text: k.T("ledger.taken_back_text")})
	}
	page.Shell = k.page(page.Heading, k.link(spendPath, "ledger.title"), k.link(spendPath+"/lines", "ledger.lines"), k.chargeCrumb())
	page.Section = spendSection
	return web.Status(status, page), nil
}

func (k *correcting) chargeCrumb() views.Link {
	return views.Link{URL: at(k.Tag, linePath(k.s.Charge.ID)), Text: k.T("ledger.charge_n", k.lineName(*k.s.Charge))}
}

// standingFacts say what a charge is and comes to now.
func (k *correcting) standingFacts() []views.Row {
	rows := k.chargeFacts(k.s.Charge)
	if k.s.Corrected() {
		rows = append([]views.Row{{Key: k.T("ledger.comes_to_now"), Value: views.Words{Text: k.Exact(k.s.Billed, k.s.Charge.Currency)}}}, rows...)
	}
	return rows
}

// correctionInputs ask what is right.
func (k *correcting) correctionInputs(s *Site) (all []views.Input) {
	c := k.s.Charge
	text := func(name, label, hint string) views.Input {
		return k.field(views.Field{Name: name, Label: k.T(label), Hint: hint, Width: "w30"})
	}
	switch k.way {
	case spend.OtherAmount:
		all = append(all, k.field(views.Field{Name: fieldAmount, Label: k.T("ledger.right_amount"), Hint: k.T("ledger.right_amount_hint", k.Exact(k.s.Billed, c.Currency)), Mode: "decimal", Width: "w12", Unit: c.Currency, Needed: true}))
		if c.Effective.Known {
			all = append(all, k.field(views.Field{Name: fieldEffective, Label: k.T("ledger.right_effective"), Hint: k.T("ledger.right_amount_hint", k.Exact(k.s.Effective.Exact, c.Currency)), Mode: "decimal", Width: "w12", Unit: c.Currency, Needed: true}))
		}
	case spend.OtherWords:
		all = append(all, text(fieldVendor, "ledger.role.vendor", k.T("ledger.name_hint")), text(fieldBuyer, "ledger.role.buyer", k.T("ledger.name_hint")),
			k.choose(views.Select{Name: fieldCategory, Label: k.T("ledger.role.category"), Options: k.categoryOptions(s)}), text(fieldContract, "ledger.role.contract", ""),
			k.field(views.Field{Name: fieldFrom, Label: k.T("ledger.role.from"), Kind: "date"}), k.field(views.Field{Name: fieldUntil, Label: k.T("ledger.service_until"), Kind: "date"}))
	}
	return append(all, k.choose(views.Select{Name: fieldMonth, Label: k.T("ledger.counts_in"), Hint: k.T("ledger.counts_in_hint"), Options: k.monthOptions(s)}),
		k.area(views.Area{Name: fieldReason, Label: k.T("ledger.why_wrong"), Hint: k.T("ledger.why_wrong_hint"), Rows: wordRows}))
}

// categoryOptions are the name in the file and the categories of the catalogue.
func (k *correcting) categoryOptions(s *Site) []views.Option {
	own := k.s.Charge.Category
	all := []views.Option{{Value: own, Text: cmp.Or(own, k.T("ledger.no_name"))}}
	for _, c := range s.Schema.Categories {
		if c.Slug == own {
			all[0].Text = views.In(c.Names, k.Tag).Text
			continue
		}
		all = append(all, views.Option{Value: c.Slug, Text: views.In(c.Names, k.Tag).Text})
	}
	return all
}

func (k *correcting) monthOptions(s *Site) []views.Option {
	own, now := k.s.Charge.Month, models.DateOf(s.DB.Now()).String()[:7]
	all := []views.Option{{Value: cmp.Or(own, noMonth), Text: k.T("ledger.restates", k.monthWords(own))}}
	if own != now {
		all = append(all, views.Option{Value: now, Text: k.T("ledger.counts_now", k.monthWords(now))})
	}
	return all
}

// monthWords name a month, "2026-03".
func (w speaker) monthWords(month string) string {
	day, err := models.ParseDate(month + "-01")
	if err != nil {
		return w.T("ledger.no_month")
	}
	return w.Month(day)
}

// said reads what a form says of a charge; false where something in it cannot be read.
func (s *Site) said(r *web.Request, k *correcting) (in spend.Correction, ok bool, err error) {
	c := k.s.Charge
	in = spend.Correction{Charge: c.ID, Way: k.way, Vendor: c.Vendor, Buyer: c.Buyer, Category: c.Category, Contract: c.Contract, From: c.From, To: c.To, Month: strings.TrimPrefix(r.Form(fieldMonth), noMonth), Reason: severalLines(r.Form(fieldReason)), Seen: r.Form(fieldSeen)}
	k.words = map[string]string{}
	switch k.way {
	case spend.OtherAmount:
		in.Amount = k.amountIn(fieldAmount)
		if c.Effective.Known {
			in.Effective = spend.Known(k.amountIn(fieldEffective))
		}
	case spend.OtherWords:
		in.Contract, in.Category = clean(r.Form(fieldContract)), r.Form(fieldCategory)
		if !slices.ContainsFunc(k.categoryOptions(s), func(o views.Option) bool { return o.Value == in.Category }) {
			k.words[fieldCategory] = k.T("ledger.choose_category")
		}
		in.From, in.To = k.dayIn(fieldFrom), k.dayIn(fieldUntil)
		if !in.To.IsZero() {
			in.To = in.To.AddDays(1)
		}
		if in.Vendor, err = s.nameIn(r, fieldVendor, spend.VendorName); err == nil {
			in.Buyer, err = s.nameIn(r, fieldBuyer, spend.BuyerName)
		}
	}
	return in, len(k.words) == 0, err
}

// amountIn is a number that was typed.
func (f *filled) amountIn(field string) models.Exact {
	d, err := locale.ParseDecimal(f.typed(field))
	if err != nil {
		f.words[field] = f.NumberProblem(err)
	}
	return models.ExactOf(d)
}

// dayIn is a day that was chosen, or none.
func (f *filled) dayIn(field string) (d models.Date) {
	typed := strings.TrimSpace(f.typed(field))
	if typed == "" {
		return d
	}
	d, err := models.ParseDate(typed)
	if err != nil {
		f.words[field] = f.T("ledger.day_wrong")
	}
	return d
}

// nameIn is a name as files have it: one that is in the books, or that of the only
// organisation that was meant, or a new one.
func (s *Site) nameIn(r *web.Request, field string, kind spend.NameKind) (string, error) {
	typed := strings.TrimSpace(clean(r.Form(field)))
	known, err := spend.HasName(r.Context(), s.DB, r.Actor, kind, typed)
	if err != nil || known || typed == "" {
		return typed, err
	}
	ids, err := s.organisationsNamed(r.Context(), typed)
	if err != nil || len(ids) != 1 {
		return typed, err
	}
	all, err := s.lists(r.Context())
	if err != nil {
		return "", err
	}
	return views.In(all.organs.byID[ids[0]].Names, s.Langs[0]).Text, nil
}

// planned reads a form and says what it would book, or answers with what is wrong.
func (s *Site) planned(r *web.Request) (k *correcting, in spend.Correction, p *spend.Plan, answer *web.Reply, err error) {
	now, err := s.standingIn(r)
	if err != nil {
		return nil, in, nil, nil, err
	}
	k = &correcting{s.posted(r, nil), now, spend.Way(r.Form(fieldWay))}
	if !slices.Contains(spend.Ways(), k.way) {
		return nil, in, nil, nil, models.ErrNotFound
	}
	in, ok, err := s.said(r, k)
	if err != nil {
		return nil, in, nil, nil, err
	}
	status := http.StatusOK
	if r.Form(fieldChange) == "" {
		status = http.StatusUnprocessableEntity
		p, err = spend.PlanCorrection(r.Context(), s.DB, r.Actor, in, models.DateOf(s.DB.Now()))
	}
	wrong, bad := invalid(err)
	switch {
	case isConflict(err):
		status, k.words = http.StatusConflict, nil
	case err != nil && !bad:
		return nil, in, nil, nil, err
	case bad:
		k.wrong = wrong
	case ok && p != nil:
		return k, in, p, nil, nil
	}
	reply, err := s.correctionPage(r, k, status)
	return k, in, p, &reply, err
}

// previewCorrection shows what a correction would book, and what becomes of the month.
func (s *Site) previewCorrection(r *web.Request) (web.Reply, error) {
	k, in, p, answer, err := s.planned(r)
	if err != nil {
		return web.Reply{}, err
	}
	if answer != nil {
		return *answer, nil
	}
	effects, err := p.Effects(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	rows, err := k.planGrid().table(r, p.Rows, whole(len(p.Rows)))
	if err != nil {
		return web.Reply{}, err
	}
	month, err := k.effectGrid().table(r, effects, whole(len(effects)))
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: k.T("ledger.correct_n", k.lineName(*p.Charge)), Text: []string{k.T("ledger.preview_text." + string(k.way))}, Facts: k.planFacts(in, p)}
	fresh, err := p.Fresh(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	for _, name := range fresh {
		page.Notices = append(page.Notices, views.Notice{Kind: views.Info, Title: k.T("ledger.new_name", cmp.Or(name, k.T("ledger.no_name"))), Text: k.T("ledger.new_name_text")})
	}
	path := at(k.Tag, linePath(p.Charge.ID)+correctionEnd)
	page.Parts = []views.ProjectPart{{Heading: k.T("ledger.booked_rows"), Table: &rows}, {Heading: k.T("ledger.month_becomes", k.monthWords(p.Rows[0].Month)), Text: []string{k.T("ledger.month_becomes_text")}, Table: &month},
		{Heading: k.T("ledger.decide"), Text: []string{k.T("ledger.correct_confirm_text", k.Number(spend.UndoDays))}, Forms: []views.Form{
			{Action: path + "/confirmation", Button: k.T("ledger.correct_do"), Hidden: k.saidAgain()},
			{Action: path, Button: k.T("ledger.change_said"), Hidden: append(k.saidAgain(), views.Hidden{Name: fieldChange, Value: "1"})}}}}
	page.Shell = k.page(page.Heading, k.link(spendPath, "ledger.title"), k.link(spendPath+"/lines", "ledger.lines"), k.chargeCrumb())
	page.Section = spendSection
	return web.Page(page), nil
}

// saidAgain is what the form said.
func (k *correcting) saidAgain() (all []views.Hidden) {
	for _, name := range []string{fieldWay, fieldSeen, fieldAmount, fieldEffective, fieldVendor, fieldBuyer, fieldCategory, fieldContract, fieldFrom, fieldUntil, fieldMonth, fieldReason} {
		if value := k.typed(name); value != "" {
			all = append(all, views.Hidden{Name: name, Value: value})
		}
	}
	return all
}

// planFacts say what the charge comes to before and after.
func (k *correcting) planFacts(in spend.Correction, p *spend.Plan) []views.Row {
	row := func(key, value string) views.Row {
		return views.Row{Key: k.T(key), Value: views.Words{Text: value}}
	}
	code := p.Charge.Currency
	rows := []views.Row{row("ledger.before", k.Exact(p.Billed, code))}
	if p.Moved {
		last := p.Rows[len(p.Rows)-1]
		for _, one := range []struct{ key, old, now string }{{"ledger.role.vendor", p.Charge.Vendor, last.Vendor}, {"ledger.role.buyer", p.Charge.Buyer, last.Buyer}, {"ledger.role.category", p.Charge.Category, last.Category}, {"ledger.role.contract", p.Charge.Contract, last.Contract},
			{"ledger.service_days", k.daysOf(p.Charge), k.daysOf(&last)}} {
			if one.old != one.now {
				rows = append(rows, row(one.key, k.T("ledger.became", cmp.Or(one.old, k.T("ledger.nothing_said")), cmp.Or(one.now, k.T("ledger.nothing_said")))))
			}
		}
	} else {
		off, _ := p.After.Sub(p.Billed) // the plan has booked it
		rows = append(rows, row("ledger.after", k.Exact(p.After, code)), row("ledger.difference", k.Exact(off, code)))
	}
	return append(rows, row("ledger.counts_in", k.monthWords(p.Rows[0].Month)), row("ledger.why_wrong", in.Reason))
}

func (w speaker) daysOf(c *spend.Charge) string {
	if c.From.IsZero() {
		return ""
	}
	return w.DateShort(c.From) + "–" + w.DateShort(c.To.AddDays(-1))
}

// correctLine books a correction.
func (s *Site) correctLine(r *web.Request) (web.Reply, error) {
	now, err := s.standingIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	k := &correcting{s.posted(r, nil), now, spend.Way(r.Form(fieldWay))}
	in, ok, err := s.said(r, k)
	if err == nil && ok {
		categories := s.LedgerWorker().Categories
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
			_, err := spend.Correct(r.Context(), tx, in, categories)
			return err
		})
	}
	var same spend.ErrSame
	_, bad := invalid(err)
	switch {
	case errors.As(err, &same):
		return web.SeeOther(at(r.Lang, linePath(in.Charge))).Say("ledger.corrected_before"), nil
	case isConflict(err), bad, !ok:
		return s.previewCorrection(r) // which says why not
	}
	return web.SeeOther(at(r.Lang, linePath(in.Charge))).Say("ledger.corrected_done"), err
}
