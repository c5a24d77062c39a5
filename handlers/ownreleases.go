package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/releases"
	"pilveturg/views"
)

const (
	removalEnd    = "/removal" // after the path of what is to be removed
	releaseRows   = 8
	releasesAPage = 50
)

// ownReleases is where a vendor keeps the releases of a service, and deskReleases where
// those who run the portal remove one.
func ownReleases(offering int64) string {
	return listingPath(offering) + releasesEnd
}

func deskReleases(offering int64) string {
	return adminListingsPath + "/" + strconv.FormatInt(offering, 10) + releasesEnd
}

// ownNoted is a service whose releases the reader keeps.
type ownNoted struct {
	catalogue.Offering
	name views.Words
	path string
}

// ownNoted finds the service that the address names.
func (s *Site) ownNoted(r *web.Request) (n ownNoted, err error) {
	id, err := numberIn(r, "listing")
	if err != nil {
		return n, err
	}
	if n.Offering, err = releases.OwnOffering(r.Context(), s.DB, r.Actor, id); err != nil {
		return n, err
	}
	n.path, n.name.Text = ownReleases(id), catalogue.Number(id)
	cards, err := catalogue.Cards(r.Context(), s.DB, []int64{id})
	if len(cards) > 0 {
		n.name, _ = s.speaker(r.Lang).nameAndSummary(cards[0].Words)
	}
	return n, err
}

// listOwnReleases shows a vendor the releases of a service, and how its feed is read.
func (s *Site) listOwnReleases(r *web.Request) (web.Reply, error) {
	n, err := s.ownNoted(r)
	if err != nil {
		return web.Reply{}, err
	}
	total, err := releases.Count(r.Context(), s.DB, n.ID)
	if err != nil {
		return web.Reply{}, err
	}
	part, ok := cut(r, total, releasesAPage)
	if !ok {
		return web.SeeOther(at(r.Lang, n.path)), nil
	}
	all, err := releases.List(r.Context(), s.DB, n.ID, part.Page)
	if err != nil {
		return web.Reply{}, err
	}
	feed, err := releases.FindFeed(r.Context(), s.DB, r.Actor, n.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	p := views.RecordPage{Heading: f.T("release.title", n.name.Text), Text: []string{f.T("release.own_text")},
		Facts: []views.Row{f.feedRow(n, feed, s.today())}, Links: []views.Link{f.link(n.path+"/new", "release.add")}}
	if n.Published > 0 {
		p.Links = append(p.Links, f.link(servicePath(n.ID, n.Slug)+releasesEnd, "release.seen"))
	}
	p.Sections = []views.Section{{Heading: f.N("release.count", int64(total)), Table: f.releaseTable(n, all, part)}}
	p.Shell = f.page(part.title(f.speaker, p.Heading))
	return web.Page(p), nil
}

func (f *filled) releaseTable(n ownNoted, all []releases.Release, part slice) views.Table {
	t := views.Table{Empty: views.Empty{Title: f.T("release.none"), Text: f.T("release.own_none")},
		Head: views.Head{ID: "releases", Caption: f.T("release.caption"), Quiet: true, Columns: []views.Column{
			{Text: f.T("release.name")}, {Text: f.T("release.day")}, {Text: f.T("release.source")}, {Text: f.T("security.actions"), Hidden: true}}},
		Pager: part.pager(f.Tag, func(page int) string { return pageAddress(n.path, nil, page) })}
	for _, one := range all {
		title := views.In(one.Titles, f.Tag)
		path := n.path + "/" + strconv.FormatInt(one.ID, 10)
		name := views.Cell{Label: f.T("release.name"), Link: views.Link{Text: title.Text, Lang: title.Lang}}
		if one.Version != "" {
			name.Lines = []string{f.T("release.version", one.Version)}
		}
		var can []views.Link
		if !one.Read {
			can = append(can, f.link(path, "synonym.change"))
		}
		can = append(can, f.link(path+removalEnd, "synonym.remove"))
		for i := range can {
			can[i].For = title.Text
		}
		t.Rows = append(t.Rows, views.TableRow{name, {Label: f.T("release.day"), Link: views.Link{Text: f.Date(one.Day)}},
			{Label: f.T("release.source"), Link: views.Link{Text: f.T(sourceKey(one))}}, {Label: f.T("security.actions"), Links: can}})
	}
	return t
}

// releaseForm is the page with the form for a release; id is 0 for a new one.
func (s *Site) releaseForm(f *filled, n ownNoted, id, seen int64) views.FormPage {
	p := views.FormPage{Heading: f.T("release.add_title", n.name.Text), Text: []string{f.T("release.form_text")}, Links: []views.Link{f.link(n.path, "admin.back")},
		Form: views.Form{Action: at(f.Tag, n.path+"/new"), Button: f.T("form.save"), Inputs: []views.Input{
			f.field(views.Field{Name: "day", Label: f.T("release.day"), Kind: "date", Needed: true}),
			f.field(views.Field{Name: "version", Label: f.T("release.version_label"), Hint: f.T("release.version_hint"), Width: "w12"}),
			f.field(views.Field{Name: "title_et", Label: f.T("release.title_et"), Lang: "et", Width: "w60"}),
			f.area(views.Area{Name: "text_et", Label: f.T("release.text_et"), Hint: f.T("release.text_hint"), Rows: releaseRows}),
			f.field(views.Field{Name: "title_en", Label: f.T("release.title_en"), Lang: "en", Width: "w60"}),
			f.area(views.Area{Name: "text_en", Label: f.T("release.text_en"), Hint: f.T("release.text_hint"), Rows: releaseRows}),
			f.field(views.Field{Name: "link", Label: f.T("release.link"), Hint: f.T("release.link_hint"), Width: "w60"}),
		}}}
	if id != 0 {
		p.Heading, p.Form.Action = f.T("release.change_title", n.name.Text), at(f.Tag, n.path+"/"+strconv.FormatInt(id, 10))
		p.Form.Hidden = []views.Hidden{revisionField(seen)}
	}
	p.Shell = f.page(p.Heading, f.link(n.path, "release.crumb"))
	return p
}

// typedRelease reads the form of a release, and says what of it cannot be read.
func typedRelease(r *web.Request, offering int64) (releases.Release, models.Invalid) {
	wrong := models.Invalid{}
	one := releases.Release{Offering: offering, Day: typedDay(r, "day", wrong), Version: r.Form("version"), Link: r.Form("link"), Titles: models.Text{}, Texts: models.Text{}}
	for _, lang := range [...]string{"et", "en"} {
		one.Titles.Set(lang, r.Form("title_"+lang))
		one.Texts.Set(lang, strings.TrimSpace(r.Form("text_"+lang)))
	}
	return one, wrong
}

// releaseFields gives what is wrong with the parts of a release to the fields in which
// they are typed. What cannot be read is not missing besides.
func releaseFields(found, unread models.Invalid) models.Invalid {
	wrong := models.Invalid{}
	for field, key := range found {
		part, lang, _ := strings.Cut(field, ".")
		switch part {
		case "titles":
			field = "title_" + langOr(lang, "et")
		case "texts":
			field = "text_" + lang
		}
		wrong[field] = key
	}
	for field, key := range unread {
		wrong[field] = key
	}
	return wrong
}

// showNewRelease shows the form for a release.
func (s *Site) showNewRelease(r *web.Request) (web.Reply, error) {
	n, err := s.ownNoted(r)
	f := s.fresh(r, map[string]string{"day": models.DateOf(s.today()).String()})
	return web.Page(s.releaseForm(f, n, 0, 0)), err
}

// addRelease keeps a new release.
func (s *Site) addRelease(r *web.Request) (web.Reply, error) {
	n, err := s.ownNoted(r)
	if err != nil {
		return web.Reply{}, err
	}
	one, unread := typedRelease(r, n.ID)
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return withProblems(unread, releases.Add(r.Context(), tx, &one)) })
	if wrong, ok := invalid(err); ok {
		return web.Status(http.StatusUnprocessableEntity, s.releaseForm(s.posted(r, releaseFields(wrong, unread)), n, 0, 0)), nil
	}
	return web.SeeOther(at(r.Lang, n.path)).Say("release.added"), err
}

// ownRelease finds the service and the release that the address names.
func (s *Site) ownRelease(r *web.Request) (n ownNoted, one releases.Release, err error) {
	if n, err = s.ownNoted(r); err != nil {
		return n, one, err
	}
	id, err := numberIn(r, "release")
	if err != nil {
		return n, one, err
	}
	one, err = releases.FindOwn(r.Context(), s.DB, r.Actor, n.ID, id)
	return n, one, err
}

// writtenRelease finds a release that was written here.
func (s *Site) writtenRelease(r *web.Request) (n ownNoted, one releases.Release, err error) {
	n, one, err = s.ownRelease(r)
	if err == nil && one.Read {
		err = models.ErrNotFound
	}
	return n, one, err
}

// showRelease shows the form in which a release is changed.
func (s *Site) showRelease(r *web.Request) (web.Reply, error) {
	n, one, err := s.writtenRelease(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, map[string]string{"day": one.Day.String(), "version": one.Version, "link": one.Link, "title_et": one.Titles["et"], "title_en": one.Titles["en"],
		"text_et": one.Texts["et"], "text_en": one.Texts["en"]})
	return web.Page(s.releaseForm(f, n, one.ID, one.Revision)), nil
}

// changeRelease makes a release be as it was typed. Whoever changed it meanwhile is told
// of, and what was typed is kept.
func (s *Site) changeRelease(r *web.Request) (web.Reply, error) {
	n, before, err := s.writtenRelease(r)
	if err != nil {
		return web.Reply{}, err
	}
	one, unread := typedRelease(r, n.ID)
	one.ID = before.ID
	for lang, title := range before.Titles { // what the form does not show stays
		if lang != "et" && lang != "en" {
			one.Titles.Set(lang, title)
			one.Texts.Set(lang, before.Texts[lang])
		}
	}
	seen := seenRevision(r)
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return withProblems(unread, releases.Change(r.Context(), tx, seen, &one)) })
	if wrong, ok := invalid(err); ok {
		return web.Status(http.StatusUnprocessableEntity, s.releaseForm(s.posted(r, releaseFields(wrong, unread)), n, one.ID, seen)), nil
	}
	if errors.Is(err, models.ErrConflict) {
		p := s.releaseForm(s.posted(r, nil), n, one.ID, before.Revision)
		p.Notices = []views.Notice{{Kind: views.Warn, Title: s.speaker(r.Lang).T("release.differs"), Text: s.speaker(r.Lang).T("admin.differs_text", s.speaker(r.Lang).releaseNow(before)), Urgent: true}}
		return web.Status(http.StatusConflict, p), nil
	}
	return web.SeeOther(at(r.Lang, n.path)).Say("release.changed"), err
}

// releaseNow says how a release stands.
func (w speaker) releaseNow(one releases.Release) string {
	var facts []string
	for _, fact := range [][2]string{{"release.day", w.Date(one.Day)}, {"release.version_label", one.Version}, {"release.title_et", one.Titles["et"]}, {"release.text_et", one.Texts["et"]},
		{"release.title_en", one.Titles["en"]}, {"release.text_en", one.Texts["en"]}, {"release.link", one.Link}} {
		if fact[1] != "" {
			facts = append(facts, w.T(fact[0])+": "+fact[1])
		}
	}
	return strings.Join(facts, "; ") + "."
}

// confirmReleaseRemoval asks whether a release is really to be removed: of a vendor below
// its own listings, of those who decide what is shown at their desk.
func (s *Site) confirmReleaseRemoval(r *web.Request) (web.Reply, error) {
	n, one, err := s.ownRelease(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	title := views.In(one.Titles, f.Tag)
	p := views.FormPage{Heading: f.T("release.removal"), Text: []string{f.T("release.removal_text")},
		Facts: []views.Row{{Key: f.T("release.name"), Value: title}, {Key: f.T("release.day"), Value: views.Words{Text: f.Date(one.Day)}}},
		Form:  views.Form{Action: r.Address(), Button: f.T("release.remove"), Stop: true},
		Links: []views.Link{f.link(s.afterRemoval(r, n), "admin.back")}}
	if one.Read {
		p.Text = append(p.Text, f.T("release.removal_read"))
	}
	p.Shell = f.page(p.Heading)
	return web.Page(p), nil
}

// afterRemoval is where a removal leads back to.
func (s *Site) afterRemoval(r *web.Request, n ownNoted) string {
	if r.Actor.OrgID != n.VendorID {
		return servicePath(n.ID, n.Slug) + releasesEnd
	}
	return n.path
}

// removeRelease takes a release off the list. When somebody else did, that is as good.
func (s *Site) removeRelease(r *web.Request) (web.Reply, error) {
	n, err := s.ownNoted(r)
	if err != nil {
		return web.Reply{}, err
	}
	id, err := numberIn(r, "release")
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return releases.Remove(r.Context(), tx, n.ID, id) })
	if errors.Is(err, models.ErrNotFound) {
		err = nil
	}
	return web.SeeOther(at(r.Lang, s.afterRemoval(r, n))).Say("release.removed"), err
}
