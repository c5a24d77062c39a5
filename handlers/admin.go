package handlers

import (
	"context"
	"errors"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
	"pilveturg/models/publishing"
	"pilveturg/models/work"
	"pilveturg/views"
)

const (
	adminPath        = "/admin"
	adminSection     = "admin" // of the main navigation
	usersPath        = adminPath + "/users"
	orgsPath         = adminPath + "/organisations"
	invitesPath      = adminPath + "/invitations"
	domainsPath      = adminPath + "/domains"
	applicationsPath = adminPath + "/applications"
	sessionsPath     = adminPath + "/sessions"
	textsPath        = adminPath + "/texts"
	settingsPath     = adminPath + "/settings"
)

// adminPages are the pages of the administration, in the order in which the first of
// them lists them: a path, and the message that names it.
var adminPages = [][2]string{
	{usersPath, "admin.users"}, {orgsPath, "admin.organisations"}, {invitesPath, "admin.invitations"}, {moderationPath, "moderation.title"}, {applicationsPath, "admin.applications"},
	{claimsPath, "claims.title"}, {declarationsPath, "declarations.title"},
	{domainsPath, "admin.domains"}, {sessionsPath, "admin.sessions"}, {adminTokensPath, "token.title"}, {synonymsPath, "synonym.title"}, {textsPath, "admin.texts"}, {discountRatesPath, "rates.title"}, {systemImportPath, "registers.title"},
	{queuePath, "queue.title"}, {settingsPath, "admin.settings"}, {auditPath, "audit.title"},
}

// adminPage is a page of the administration around a form.
func (f *filled) adminPage(title string, crumbs ...views.Link) views.Shell {
	p := f.page(title, append([]views.Link{f.adminCrumb()}, crumbs...)...)
	p.Section = adminSection
	return p
}

// adminCrumb leads back to the first page of the administration.
func (w speaker) adminCrumb() views.Link { return w.link(adminPath, "admin.title") }

// found finds what the id in the address, under a name, is of. What the actor may not
// see is not found.
func found[T any](s *Site, r *web.Request, name string, find func(context.Context, db.Reader, models.Actor, int64) (T, error)) (T, error) {
	id, err := numberIn(r, name)
	if err != nil {
		var none T
		return none, err
	}
	return find(r.Context(), s.DB, r.Actor, id)
}

// numberIn reads the id that an address names. It fails with [models.ErrNotFound]
// when that is no id.
func numberIn(r *web.Request, param string) (int64, error) {
	id, err := strconv.ParseInt(r.Param(param), 10, 64)
	if err != nil || id < 1 || r.Param(param) != strconv.FormatInt(id, 10) {
		return 0, errors.Join(models.ErrNotFound, err)
	}
	return id, nil
}

// showAdmin shows administrators what waits for them, and how the site is.
func (s *Site) showAdmin(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	tally, err := identity.Count(r.Context(), s.DB)
	if err != nil {
		return web.Reply{}, err
	}
	listings, err := publishing.Count(r.Context(), s.DB, models.Time{Time: s.DB.Now()})
	if err != nil {
		return web.Reply{}, err
	}
	queues, err := s.queues(r, f.speaker, tally, listings)
	if err != nil {
		return web.Reply{}, err
	}
	p := views.RecordPage{Heading: f.T("admin.title"), Sections: []views.Section{{Heading: f.T("admin.queues"), Table: queues}}}
	for _, page := range adminPages {
		p.Links = append(p.Links, f.link(page[0], page[1]))
	}
	if p.Facts, err = s.health(r.Context(), f.speaker, tally); err != nil {
		return web.Reply{}, err
	}
	p.Shell = f.page(p.Heading)
	p.Section = adminSection
	return web.Page(p), nil
}

// queue is something that waits for administrators.
type queue struct {
	path, name string
	count      int
	since      models.Time // of the oldest
}

func (s *Site) queues(r *web.Request, w speaker, tally identity.Tally, listings publishing.Tally) (views.Table, error) {
	letters, err := work.FindBacklog(r.Context(), s.DB, models.Time{Time: s.DB.Now()})
	if err != nil {
		return views.Table{}, err
	}
	rows := []queue{
		{moderationPath, "admin.queue.listings", listings.Waiting, listings.WaitingSince},
		{moderationPath, "admin.queue.live", listings.Unseen, listings.UnseenSince},
		{applicationsPath, "admin.queue.applications", tally.Applications, tally.AppliedSince},
		{invitesPath, "admin.queue.invitations", tally.Invitations, tally.InvitedSince},
		{withQuery(queuePath, query(fieldState, "failed")), "admin.queue.letters_failed", letters.Failed, letters.FailedSince},
		{withQuery(queuePath, query(fieldState, "waiting")), "admin.queue.letters_waiting", letters.Waiting, letters.WaitingSince},
	}
	claims, err := publishing.Claims(r.Context(), s.DB, publishing.ClaimWaiting)
	if err != nil {
		return views.Table{}, err
	}
	declared, err := publishing.Declarations(r.Context(), s.DB, publishing.DeclarationsToLook)
	if err != nil {
		return views.Table{}, err
	}
	waiting := []queue{{path: claimsPath, name: "claims.title", count: len(claims)}, {path: declarationsPath, name: "declarations.title", count: len(declared)}}
	if len(claims) > 0 {
		waiting[0].since = claims[0].SentAt
	}
	if len(declared) > 0 {
		waiting[1].since = declared[0].SignedAt
	}
	rows = append(rows, waiting...)
	g := grid[queue]{speaker: w, id: "queues", caption: w.T("admin.queues_caption"), columns: []column[queue]{
		{head: w.T("admin.queue"), cell: func(q queue) views.Cell { return views.Cell{Link: w.link(q.path, q.name)} }},
		{head: w.T("admin.waiting"), number: true, cell: func(q queue) views.Cell { return words(w.Number(int64(q.count))) }},
		{head: w.T("admin.oldest"), cell: func(q queue) views.Cell { return words(s.age(w, q.since)) }},
	}}
	return g.table(r, rows, slice{Page: models.Page{Number: 1, Size: len(rows)}, Total: len(rows), Pages: 1})
}

// age says how long something has waited.
func (s *Site) age(w speaker, since models.Time) string {
	const day = 24
	switch hours := int64(s.DB.Now().Sub(since.Time).Hours()); {
	case since.IsZero():
		return w.T("admin.age_none")
	case hours < 1:
		return w.T("admin.age_new")
	case hours < day:
		return w.N("admin.age_hours", hours)
	default:
		return w.N("admin.age_days", hours/day)
	}
}

// health says how many there are of what the site is about, and how it is.
func (s *Site) health(ctx context.Context, w speaker, tally identity.Tally) ([]views.Row, error) {
	signedIn, err := access.CountSignedIn(ctx, s.DB, models.Time{Time: s.DB.Now()})
	if err != nil {
		return nil, err
	}
	last, when, err := audit.LastReport(ctx, s.DB)
	verified := w.T("admin.verified", w.Time(when))
	switch {
	case errors.Is(err, models.ErrNotFound):
		verified, err = w.T("admin.unverified"), nil
	case err == nil && !last.OK():
		verified = w.T("admin.not_intact", w.Time(when))
	}
	row := func(key, value string, path string) views.Row {
		return views.Row{Key: w.T(key), Value: views.Words{Text: value}, URL: at(w.Tag, path)}
	}
	people := w.N("admin.users.count", int64(tally.Active))
	if tally.Locked > 0 {
		people += ", " + w.N("admin.locked_count", int64(tally.Locked))
	}
	index := w.T("admin.index_loading")
	if s.indexed.Load() {
		index = w.N("list.all", int64(s.Index.Stats().Documents))
	}
	return []views.Row{
		row("admin.users", people, usersPath),
		row("admin.organisations", w.T("admin.organisations_count", w.Number(int64(tally.Public)), w.Number(int64(tally.Vendors))), orgsPath),
		row("admin.sessions", w.N("security.count", int64(signedIn)), sessionsPath),
		row("admin.domains", w.Number(int64(tally.Domains)), domainsPath),
		row("audit.title", verified, auditPath),
		row("admin.index", index, "/services"),
	}, err
}
