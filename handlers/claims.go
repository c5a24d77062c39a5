package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/publishing"
	"pilveturg/views"
)

// claimEnd follows the path of a service; there vendors claim it.
const claimEnd = "/claim"

// claimed is a listing that somebody may claim, with what stands in the way.
type claimed struct {
	path   string // of the service
	name   views.Words
	taken  bool // it is not unclaimed, or no longer
	last   publishing.ListingClaim
	proved publishing.Proved // by the mail of the reader, who speaks for a vendor
}

// speaksForVendor reports whether the actor may claim for a vendor.
func speaksForVendor(a models.Actor) bool {
	return a.OrgID != 0 && a.IsAny(models.VendorManager, models.VendorEditor)
}

// claimable finds the listing that the address names.
func (s *Site) claimable(r *web.Request) (id int64, c claimed, moved *web.Reply, err error) {
	id, m, moved, err := s.serviceMarks(r, claimEnd)
	if err != nil || moved != nil {
		return id, c, moved, err
	}
	if m.Life == catalogue.Withdrawn {
		return id, c, nil, models.ErrNotFound
	}
	c.path = servicePath(id, m.Slug)
	err = s.DB.Read(r.Context(), func(rd db.Reader) error { return c.read(r.Context(), rd, r, id, s.speaker(r.Lang)) })
	return id, c, nil, err
}

func (c *claimed) read(ctx context.Context, rd db.Reader, r *web.Request, id int64, w speaker) error {
	o, err := catalogue.Find(ctx, rd, id)
	if err != nil {
		return err
	}
	cards, err := catalogue.Cards(ctx, rd, []int64{id})
	if err != nil {
		return err
	}
	for _, card := range cards {
		c.name, _ = w.nameAndSummary(card.Words)
	}
	c.taken = !o.Unclaimed
	if !speaksForVendor(r.Actor) {
		return nil
	}
	if c.proved, err = publishing.ProofOf(ctx, rd, r.Actor.AccountID, id); err != nil {
		return err
	}
	c.last, err = publishing.LastClaim(ctx, rd, r.Actor.OrgID, id)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	return err
}

// showClaim shows who wants to claim a listing how that goes, and those who speak for a
// vendor the form, or what became of their claim.
func (s *Site) showClaim(r *web.Request) (web.Reply, error) {
	_, c, moved, err := s.claimable(r)
	if err != nil || moved != nil {
		return reply(moved), err
	}
	return web.Page(s.claimPage(r, s.fresh(r, nil), c)), nil
}

func (s *Site) claimPage(r *web.Request, f *filled, c claimed) views.FormPage {
	p := views.FormPage{Heading: f.T("claim.title", c.name.Text), Text: []string{f.T("claim.text"), f.T("claim.proofs")}}
	switch {
	case c.last.ID != 0 && (c.last.State == publishing.ClaimWaiting || c.taken):
		f.claimState(&p, c)
	case c.taken:
		p.Text = []string{f.T("claim.taken")}
	case speaksForVendor(r.Actor):
		f.claimForm(&p, c)
	case r.Actor.SignedIn():
		p.Text = append(p.Text, f.T("claim.vendors_only"))
		p.Links = append(p.Links, f.link(signUpPath+"/vendor", "sign_up.vendor_link"))
	default:
		p.Text = append(p.Text, f.T("claim.sign_in"))
		back := withQuery(signInPath, url.Values{fieldReturn: {at(f.Tag, c.path+claimEnd)}}.Encode())
		p.Links = append(p.Links, f.link(back, "sign_in.title"), f.link(signUpPath+"/vendor", "sign_up.vendor_link"))
	}
	p.Links = append(p.Links, views.Link{URL: at(f.Tag, c.path), Text: c.name.Text, Lang: c.name.Lang}, f.link("/help/listing", "claim.help"))
	p.Shell = f.page(p.Heading, f.link("/services", "section.services"), views.Link{URL: at(f.Tag, c.path), Text: c.name.Text, Lang: c.name.Lang})
	p.Section = "services"
	return p
}

// claimForm is how a vendor claims, with what its mail proves already.
func (f *filled) claimForm(p *views.FormPage, c claimed) {
	proof := views.Notice{Kind: views.Info, Text: f.T("claim.by.nothing", c.proved.Domain)}
	switch {
	case c.proved.By != "":
		proof = views.Notice{Kind: views.OK, Text: f.T("claim.by.domain", c.proved.Domain, c.proved.By)}
	case c.proved.Public:
		proof = views.Notice{Kind: views.Warn, Text: f.T("claim.by.public", c.proved.Domain)}
	}
	if c.last.State == publishing.ClaimRefused {
		p.Notices = append(p.Notices, views.Notice{Kind: views.Err, Title: f.T("claim.refused_before"), Text: c.last.Message})
	}
	p.Notices = append(p.Notices, proof)
	p.Form = views.Form{Action: at(f.Tag, c.path+claimEnd), Button: f.T("claim.send"), Inputs: []views.Input{
		f.area(views.Area{Name: "words", Label: f.T("claim.words"), Hint: f.T("claim.words_hint"), Rows: wordRows}),
		f.field(views.Field{Name: "link", Label: f.T("claim.link"), Hint: f.T("claim.link_hint"), Width: "w30"})}}
}

// claimState tells the people of a vendor what became of their claim.
func (f *filled) claimState(p *views.FormPage, c claimed) {
	p.Text = []string{f.T("claim.text." + string(c.last.State))}
	p.Facts = f.claimRows(c.last)
	if c.last.State == publishing.ClaimWaiting {
		p.Form = views.Form{Action: at(f.Tag, c.path+claimEnd+"/withdrawal"), Button: f.T("claim.withdraw"), Stop: true}
	}
}

// claimRows are the facts of a claim.
func (f *filled) claimRows(c publishing.ListingClaim) []views.Row {
	rows := []views.Row{
		{Key: f.T("admin.state"), Value: views.Words{Text: f.T("claim.state." + string(c.State))}},
		{Key: f.T("application.sent"), Value: views.Words{Text: f.Time(c.SentAt)}},
		{Key: f.T("claim.proof"), Value: views.Words{Text: f.T("claim.proof." + string(c.Proof))}, Note: f.T("claim.domain", c.Domain)},
	}
	if c.Link != "" {
		rows = append(rows, views.Row{Key: f.T("claim.link"), Value: views.Words{Text: c.Link}, URL: c.Link})
	}
	if c.Words != "" {
		rows = append(rows, views.Row{Key: f.T("claim.words"), Value: views.Words{Text: c.Words}})
	}
	if !c.DecidedAt.IsZero() {
		rows = append(rows, views.Row{Key: f.T("claim.decided"), Value: views.Words{Text: f.Time(c.DecidedAt)}, Note: c.Message})
	}
	return rows
}

// sendClaim claims a listing for the reader's vendor.
func (s *Site) sendClaim(r *web.Request) (web.Reply, error) {
	id, c, moved, err := s.claimable(r)
	if err != nil || moved != nil {
		return reply(moved), err
	}
	claim := publishing.ListingClaim{Offering: id, Words: r.Form("words"), Link: r.Form("link")}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return publishing.SendClaim(r.Context(), tx, &claim) })
	if wrong, ok := invalid(err); ok {
		return web.Status(http.StatusUnprocessableEntity, s.claimPage(r, s.posted(r, wrong), c)), nil
	}
	return web.SeeOther(at(r.Lang, c.path+claimEnd)).Say("claim.done.sent"), err
}

// withdrawClaim takes the claim of the reader's vendor back.
func (s *Site) withdrawClaim(r *web.Request) (web.Reply, error) {
	_, c, moved, err := s.claimable(r)
	if err != nil || moved != nil {
		return reply(moved), err
	}
	to := web.SeeOther(at(r.Lang, c.path+claimEnd))
	if c.last.ID == 0 {
		return to, nil
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return publishing.WithdrawClaim(r.Context(), tx, c.last.ID) })
	if errors.Is(err, models.ErrConflict) {
		return to, nil // it is decided, which the page tells
	}
	return to.Say("claim.done.withdrawn"), err
}

// claimant is what the vendor that claims and its person are called.
func (s *Site) claimant(r *web.Request, f *filled, c publishing.ListingClaim) ([]views.Row, error) {
	orgs, err := identity.Briefs(r.Context(), s.DB, []int64{c.Vendor, c.HeldBy})
	if err != nil {
		return nil, err
	}
	who, err := identity.FindAccount(r.Context(), s.DB, c.AccountID)
	if err != nil {
		return nil, err
	}
	row := func(key string, id int64) views.Row {
		l := f.briefLink(orgs[id])
		return views.Row{Key: f.T(key), Value: views.Words{Text: l.Text, Lang: l.Lang}, URL: l.URL}
	}
	person := views.Row{Key: f.T("claim.person"), Value: views.Words{Text: who.Name}, Note: who.Mail}
	return []views.Row{row("claim.vendor", c.Vendor), person, row("claim.held_by", c.HeldBy)}, nil
}
