package handlers

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/documents"
	"pilveturg/models/identity"
	"pilveturg/models/publishing"
	"pilveturg/views"
)

const (
	moderationPath = adminPath + "/moderation/listings"
	seenEnd        = "/seen"                     // after the path of what was sent
	mostWaiting    = 50                          // that are shown at once
	mostFields     = 3                           // of what changes, in a list
	defaultPromise = 5                           // working days
	queuesSection  = "admin/moderation/listings" // of the main navigation of moderators
)

func submissionPath(id int64) string { return moderationPath + "/" + strconv.FormatInt(id, 10) }

// moderationQueue is what those who decide are shown.
type moderationQueue struct {
	tally         publishing.Tally
	waiting, live []publishing.Submission
	vendors       map[int64]identity.Organisation
	bases         map[int64]catalogue.Content // what changes, by submission
}

func (s *Site) readQueue(ctx context.Context, r db.Reader, a models.Actor) (q moderationQueue, err error) {
	if q.tally, err = publishing.Count(ctx, r, models.Time{Time: s.DB.Now()}); err != nil {
		return q, err
	}
	page := models.Page{Number: 1, Size: mostWaiting}
	if q.waiting, err = publishing.Queue(ctx, r, a, page); err != nil {
		return q, err
	}
	if q.live, err = publishing.Afterwards(ctx, r, a, page); err != nil {
		return q, err
	}
	q.vendors, q.bases = map[int64]identity.Organisation{}, map[int64]catalogue.Content{}
	for _, one := range slices.Concat(q.waiting, q.live) {
		if _, ok := q.vendors[one.Vendor]; !ok {
			if q.vendors[one.Vendor], err = identity.Find(ctx, r, one.Vendor); err != nil {
				return q, err
			}
		}
		if one.Base != 0 {
			e, err := catalogue.FindEdition(ctx, r, one.Offering, one.Base)
			if err != nil {
				return q, err
			}
			q.bases[one.ID] = e.Content
		}
	}
	return q, nil
}

// changedColumn says what changes, and why that waits.
func (s *Site) changedColumn(f *filled, q moderationQueue) column[publishing.Submission] {
	return column[publishing.Submission]{head: f.T("moderation.changed"), cell: func(one publishing.Submission) views.Cell {
		c := views.Cell{Tags: f.riskTags(one.Risks)}
		if one.Base == 0 {
			return c
		}
		d := differ{f.answered(one.Content, models.DateOf(s.today())), q.bases[one.ID], one.Content}
		var fields []string
		for _, change := range catalogue.Diff(d.before, d.after) {
			if name := d.field(change); !slices.Contains(fields, name) {
				fields = append(fields, name)
			}
		}
		if more := len(fields) - mostFields; more > 0 {
			fields = append(fields[:mostFields], f.N("moderation.more_fields", int64(more)))
		}
		c.Lines = fields
		return c
	}}
}

// showModeration shows what waits for those who decide, the oldest first, and what
// went live at once and nobody has looked at.
func (s *Site) showModeration(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	var q moderationQueue
	p := views.ModerationPage{}
	err := s.DB.Read(r.Context(), func(db db.Reader) (err error) {
		if q, err = s.readQueue(r.Context(), db, r.Actor); err == nil {
			p.Tabs, err = f.moderationTabs(r.Context(), db, q.tally, moderationPath)
		}
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	p.Facts = s.promiseRows(f.speaker, q.tally)
	p.Found, p.Lived = f.N("moderation.waiting", int64(q.tally.Waiting)), f.N("moderation.live", int64(q.tally.Unseen))
	if p.Waiting, err = s.waitingTable(r, f, q); err != nil {
		return web.Reply{}, err
	}
	if p.Live, err = s.liveTable(r, f, q); err != nil {
		return web.Reply{}, err
	}
	p.Shell = f.decidingPage(r, f.T("moderation.title"))
	return web.Page(p), nil
}

// queueTabs lead from one of the queues to the others.
func (s *Site) queueTabs(r *web.Request, f *filled, chosen string) ([]views.Option, error) {
	t, err := publishing.Count(r.Context(), s.DB, models.Time{Time: s.DB.Now()})
	if err != nil {
		return nil, err
	}
	return f.moderationTabs(r.Context(), s.DB, t, chosen)
}

// moderationTabs lead to the queues, with how much waits in each.
func (f *filled) moderationTabs(ctx context.Context, r db.Reader, t publishing.Tally, chosen string) ([]views.Option, error) {
	n, err := identity.Count(ctx, r)
	if err != nil {
		return nil, err
	}
	tab := func(path, key string, count int) views.Option {
		return views.Option{Value: at(f.Tag, path), Text: f.T(key, f.Number(int64(count))), Chosen: path == chosen}
	}
	claims, err := publishing.Claims(ctx, r, publishing.ClaimWaiting)
	if err != nil {
		return nil, err
	}
	declared, err := publishing.Declarations(ctx, r, publishing.DeclarationsToLook)
	if err != nil {
		return nil, err
	}
	unchecked, err := documents.Unchecked(ctx, r)
	return []views.Option{tab(moderationPath, "moderation.tab.listings", t.Waiting), tab(applicationsPath, "moderation.tab.vendors", n.Applications),
		tab(claimsPath, "moderation.tab.claims", len(claims)), tab(declarationsPath, "moderation.tab.declarations", len(declared)),
		tab(adminDocumentsPath, "moderation.tab.documents", unchecked)}, err
}

// promiseRows say what vendors are promised, and how it is kept.
func (s *Site) promiseRows(w speaker, t publishing.Tally) []views.Row {
	average := w.T("moderation.average_none")
	if t.Decided > 0 {
		average = w.N("moderation.average", int64(t.Decided), w.days(t.Average))
	}
	return []views.Row{
		{Key: w.T("moderation.promise"), Value: views.Words{Text: w.N("moderation.promise_days", int64(s.Promise))}, Action: w.link("/help/moderation", "moderation.help")},
		{Key: w.T("moderation.average_month"), Value: views.Words{Text: average}},
	}
}

// days writes a time in days with one decimal, in the reader's language.
func (w speaker) days(d time.Duration) string {
	const tenth = 24 * time.Hour / 10
	n, err := models.NewDecimal(int64((d+tenth/2)/tenth), 1)
	if err != nil {
		return ""
	}
	return w.Decimal(n)
}

func (s *Site) waitingTable(r *web.Request, f *filled, q moderationQueue) (views.Table, error) {
	g := grid[publishing.Submission]{speaker: f.speaker, id: "waiting", caption: f.T("moderation.waiting_caption"),
		empty: views.Empty{Title: f.T("moderation.empty"), Text: s.promiseRows(f.speaker, q.tally)[1].Value.Text},
		columns: []column[publishing.Submission]{
			f.listingColumn(), f.vendorColumn(q.vendors),
			s.changedColumn(f, q),
			{head: f.T("moderation.checks"), cell: func(one publishing.Submission) views.Cell {
				c := publishing.Automatic(s.Schema, one.Content, q.vendors[one.Vendor].Website, models.DateOf(s.today()))
				return views.Cell{Lines: f.checkLines(c)}
			}},
			{head: f.T("moderation.waits"), cell: func(one publishing.Submission) views.Cell { return s.waitCell(f.speaker, one) }},
		}}
	return g.table(r, q.waiting, whole(len(q.waiting)))
}

// listingColumn leads to what was sent.
func (f *filled) listingColumn() column[publishing.Submission] {
	return column[publishing.Submission]{head: f.T("moderation.listing"), cell: func(one publishing.Submission) views.Cell {
		name := f.contentName(one.Content)
		return views.Cell{Link: views.Link{URL: at(f.Tag, submissionPath(one.ID)), Text: name.Text, Lang: name.Lang}, Lines: []string{catalogue.Number(one.Offering)}}
	}}
}

func (f *filled) vendorColumn(vendors map[int64]identity.Organisation) column[publishing.Submission] {
	return column[publishing.Submission]{head: f.T("moderation.vendor"), cell: func(one publishing.Submission) views.Cell {
		v := vendors[one.Vendor]
		name := views.In(v.Names, f.Tag)
		return views.Cell{Link: views.Link{URL: at(f.Tag, vendorPath(v.ID, v.Slug)), Text: name.Text, Lang: name.Lang}}
	}}
}

// contentName is what a listing is called.
func (w speaker) contentName(c catalogue.Content) views.Words {
	name, _ := w.nameAndSummary(c.Words)
	return name
}

// riskTags say in a word or two why something waits.
func (w speaker) riskTags(risks []publishing.Risk) []views.Tag {
	colours := map[publishing.RiskKind]string{publishing.NewService: views.Info, publishing.PriceUp: views.Warn, publishing.Suspended: views.Err}
	var tags []views.Tag
	for _, kind := range publishing.RiskKinds() {
		for _, one := range risks {
			if one.Kind == kind {
				tags = append(tags, views.Tag{Kind: colours[kind], Text: w.T("risk." + string(kind))})
				break
			}
		}
	}
	return tags
}

// waitCell says how long something has waited, and until when it is to be decided.
func (s *Site) waitCell(w speaker, one publishing.Submission) views.Cell {
	due := publishing.Due(one.SentAt, s.Promise)
	c := views.Cell{Link: views.Link{Text: s.age(w, one.SentAt)}, Lines: []string{w.T("moderation.due", w.Date(due))}}
	if due.Before(models.DateOf(s.today())) {
		c.Tags = []views.Tag{{Kind: views.Err, Text: w.T("moderation.late")}}
	}
	return c
}

func (s *Site) liveTable(r *web.Request, f *filled, q moderationQueue) (views.Table, error) {
	g := grid[publishing.Submission]{speaker: f.speaker, id: "live", caption: f.T("moderation.live_caption"),
		empty: views.Empty{Title: f.T("moderation.live_none"), Text: f.T("moderation.live_none_text")},
		columns: []column[publishing.Submission]{
			f.listingColumn(), f.vendorColumn(q.vendors), s.changedColumn(f, q),
			{head: f.T("moderation.live_since"), cell: func(one publishing.Submission) views.Cell { return words(f.Time(one.DecidedAt)) }},
			{head: f.T("queue.actions"), hidden: true, cell: func(one publishing.Submission) views.Cell {
				return views.Cell{Button: &views.RowButton{Action: at(f.Tag, submissionPath(one.ID)+seenEnd), Text: f.T("moderation.seen"), For: f.contentName(one.Content).Text}}
			}},
		}}
	return g.table(r, q.live, whole(len(q.live)))
}

// checkLines say in short what the automatic checks found.
func (w speaker) checkLines(c publishing.Checks) []string {
	var lines []string
	add := func(is bool, key string, n int) {
		if is {
			lines = append(lines, w.N(key, int64(n)))
		}
	}
	add(len(c.Prices) > 0, "checks.short.price", len(c.Prices))
	add(len(c.Claims) > 0, "checks.short.claims", len(c.Claims))
	add(len(c.Languages) > 0, "checks.short.languages", len(c.Languages))
	add(len(c.Expired) > 0, "checks.short.expired", len(c.Expired))
	if c.Contact == publishing.ContactOther {
		lines = append(lines, w.T("checks.short.contact"))
	}
	if len(lines) == 0 {
		lines = []string{w.T("checks.short.none")}
	}
	return lines
}

// goodOrLook is what a check says: that all is well, or that somebody has to look.
func (w speaker) goodOrLook(good bool) views.Tag {
	if good {
		return views.Tag{Kind: views.OK, Text: w.T("checks.good")}
	}
	return views.Tag{Kind: views.Warn, Text: w.T("checks.look")}
}

// checkRows say what the automatic checks found. broken are the links that do not
// answer; nil when nobody asked.
func (d differ) checkRows(c publishing.Checks, broken map[string]error, asked bool) []views.Row {
	row := func(key string, good bool, found []string, otherwise string) views.Row {
		r := views.Row{Key: d.T("checks." + key), Value: views.Words{Text: otherwise}, Tags: []views.Tag{d.goodOrLook(good)}}
		for i, text := range found {
			if i == 0 {
				r.Value = views.Words{Text: text}
				continue
			}
			r.More = append(r.More, views.Words{Text: text})
		}
		return r
	}
	links := row("links", len(broken) == 0, d.brokenLines(c.Links, broken), d.T("checks.links_work", d.Number(int64(len(c.Links)))))
	if !asked {
		links = row("links", true, nil, d.N("checks.links_unasked", int64(len(c.Links))))
		links.Tags = nil
	}
	return []views.Row{
		links,
		row("price", len(c.Prices) == 0, d.gapLines(c.Prices), d.T("checks.price_complete")),
		row("claims", len(c.Claims) == 0, d.claimLines(c.Claims), d.T("checks.claims_none")),
		row("languages", len(c.Languages) == 0, d.untoldLines(c.Languages), d.T("checks.languages_both")),
		row("expired", len(c.Expired) == 0, d.expiredLines(c.Expired), d.T("checks.expired_none")),
		row("contact", c.Contact == publishing.ContactOwn, nil, d.T("checks.contact."+string(c.Contact))),
	}
}

func (w speaker) brokenLines(links []string, broken map[string]error) (lines []string) {
	for _, l := range links {
		if broken[l] != nil {
			lines = append(lines, w.T("checks.link_broken", l))
		}
	}
	return lines
}

func (d differ) gapLines(gaps []publishing.PriceGap) (lines []string) {
	for _, g := range gaps {
		line := d.T(g.Key)
		if plan, ok := d.plan(g.Plan); ok {
			line = d.T("change.plan", d.named(plan.Name, g.Plan)) + ": " + line
		}
		lines = append(lines, line)
	}
	return lines
}

func (w speaker) claimLines(claims []publishing.ClaimWord) (lines []string) {
	for _, c := range claims {
		lines = append(lines, w.T("checks.claim", c.Word, w.Language(c.Language)))
	}
	return lines
}

func (w speaker) untoldLines(untold []publishing.Untold) (lines []string) {
	for _, u := range untold {
		name := w.T("change.field." + string(u.Field))
		if u.Question != "" {
			name = strings.Join(w.questionNames([]string{u.Question}), "")
		}
		lines = append(lines, w.T("checks.untold", name, w.Language(u.Language)))
	}
	return lines
}

func (w speaker) expiredLines(expired []publishing.Expired) (lines []string) {
	for _, e := range expired {
		name := e.Document
		if e.Question != "" {
			name = strings.Join(w.questionNames([]string{e.Question}), "")
		}
		lines = append(lines, w.T("checks.expired_on", name, w.Date(e.Until)))
	}
	return lines
}
