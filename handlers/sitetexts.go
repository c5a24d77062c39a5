package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// textsEvery is how often it is asked whether the texts of the site have changed.
const textsEvery = time.Second

// ReadTexts makes all pages say what the operator has written. Pages themselves ask
// nothing: they take the texts from memory.
func (s *Site) ReadTexts(ctx context.Context) error {
	t, err := identity.FindSiteTexts(ctx, s.DB)
	if err == nil {
		s.texts.Store(&t)
	}
	return err
}

// FollowTexts keeps what all pages say as the operator has it, wherever it was
// changed, until ctx is over. When the database fails for a while, pages go on as
// they were.
func (s *Site) FollowTexts(ctx context.Context) {
	tick := time.NewTicker(textsEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.refreshTexts(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("texts of the site", "err", err)
		}
	}
}

// refreshTexts reads the texts when they have changed.
func (s *Site) refreshTexts(ctx context.Context) error {
	n, err := identity.SiteRevision(ctx, s.DB)
	if t := s.texts.Load(); err != nil || t != nil && t.Revision == n {
		return err
	}
	return s.ReadTexts(ctx)
}

// signs are what all pages in a language say just now.
func (s *Site) signs(lang string) views.Signs {
	t := s.texts.Load()
	if t == nil {
		return views.Signs{}
	}
	signs := views.Signs{Operator: views.In(t.Operator, lang)}
	if t.Contact != "" {
		signs.Contact = views.Link{URL: contactAddress(t.Contact), Text: strings.TrimPrefix(t.Contact, "https://")}
	}
	if t.InForce(models.DateOf(s.today())) {
		signs.Notice = views.In(t.Notice, lang)
	}
	return signs
}

// contactAddress is where a mailbox or a web page is written to.
func contactAddress(contact string) string {
	if strings.Contains(contact, "@") && !strings.Contains(contact, ":") {
		return "mailto:" + contact
	}
	return contact
}

// showTexts shows the form for what all pages say.
func (s *Site) showTexts(r *web.Request) (web.Reply, error) {
	t, err := identity.FindSiteTexts(r.Context(), s.DB)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, map[string]string{"operator_et": t.Operator["et"], "operator_en": t.Operator["en"], "contact": t.Contact,
		"notice_et": t.Notice["et"], "notice_en": t.Notice["en"], "from": t.From.String(), "until": t.Until.String()})
	p, err := s.textsPage(r, f, t.Revision)
	return web.Page(p), err
}

const noticeRows = 3

func (s *Site) textsPage(r *web.Request, f *filled, seen int64) (views.RecordPage, error) {
	p := views.RecordPage{Heading: f.T("admin.texts"), Text: []string{f.T("admin.texts_text")}, FormHead: f.T("admin.texts_form"),
		Form: &views.Form{Action: at(r.Lang, textsPath), Hidden: []views.Hidden{revisionField(seen)}, Button: f.T("form.save"), Inputs: []views.Input{
			f.field(views.Field{Name: "operator_et", Label: f.T("texts.operator_et"), Lang: "et", Width: "w30"}),
			f.field(views.Field{Name: "operator_en", Label: f.T("texts.operator_en"), Lang: "en", Width: "w30"}),
			f.field(views.Field{Name: "contact", Label: f.T("texts.contact"), Hint: f.T("texts.contact_hint"), Width: "w30"}),
			f.area(views.Area{Name: "notice_et", Label: f.T("texts.notice_et"), Hint: f.T("texts.notice_hint"), Rows: noticeRows}),
			f.area(views.Area{Name: "notice_en", Label: f.T("texts.notice_en"), Rows: noticeRows}),
			f.field(views.Field{Name: "from", Label: f.T("texts.from"), Hint: f.T("texts.from_hint"), Kind: "date"}),
			f.field(views.Field{Name: "until", Label: f.T("texts.until"), Hint: f.T("texts.until_hint"), Kind: "date"}),
		}}}
	var err error
	p.Trail, err = s.trail(r, f.speaker, 0, identity.SiteSubject)
	p.Shell = f.adminPage(p.Heading)
	return p, err
}

// changeTexts makes all pages say what was typed. Whoever changed it meanwhile is told
// of, and what was typed is kept.
func (s *Site) changeTexts(r *web.Request) (web.Reply, error) {
	wrong := models.Invalid{}
	t := identity.SiteTexts{Operator: models.Text{}, Notice: models.Text{}, Contact: r.Form("contact"), From: typedDay(r, "from", wrong), Until: typedDay(r, "until", wrong)}
	for _, lang := range [...]string{"et", "en"} {
		t.Operator.Set(lang, clean(r.Form("operator_"+lang)))
		t.Notice.Set(lang, clean(r.Form("notice_"+lang)))
	}
	seen := seenRevision(r)
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return withProblems(wrong, identity.ChangeSiteTexts(r.Context(), tx, seen, t))
	})
	if wrong, ok := invalid(err); ok {
		p, err := s.textsPage(r, s.posted(r, wrong), seen)
		return web.Status(http.StatusUnprocessableEntity, p), err
	}
	if errors.Is(err, models.ErrConflict) {
		return s.textsDiffer(r)
	}
	if err == nil {
		err = s.ReadTexts(r.Context()) // here at once; elsewhere they are followed
	}
	return web.SeeOther(at(r.Lang, textsPath)).Say("admin.texts_done"), err
}

// textsDiffer says what the texts are now, with what was typed to take their place.
func (s *Site) textsDiffer(r *web.Request) (web.Reply, error) {
	now, err := identity.FindSiteTexts(r.Context(), s.DB)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.textsPage(r, s.posted(r, nil), now.Revision)
	w := s.speaker(r.Lang)
	var facts []string
	for _, fact := range [][2]string{{"texts.operator_et", now.Operator["et"]}, {"texts.operator_en", now.Operator["en"]}, {"texts.contact", now.Contact},
		{"texts.notice_et", now.Notice["et"]}, {"texts.notice_en", now.Notice["en"]}, {"texts.from", w.Date(now.From)}, {"texts.until", w.Date(now.Until)}} {
		facts = append(facts, w.T(fact[0])+": "+w.known(fact[1]))
	}
	p.Notices = []views.Notice{{Kind: views.Warn, Title: w.T("admin.texts_differ"), Text: w.T("admin.differs_text", strings.Join(facts, "; ")+"."), Urgent: true}}
	return web.Status(http.StatusConflict, p), err
}

// typedDay reads a day as browsers send it, or as people type it; what is none is
// wrong.
func typedDay(r *web.Request, field string, wrong models.Invalid) models.Date {
	text := strings.TrimSpace(r.Form(field))
	if text == "" {
		return models.Date{}
	}
	for _, layout := range []string{time.DateOnly, "2.1.2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return models.DateOf(t)
		}
	}
	wrong[field] = "audit.wrong_day"
	return models.Date{}
}
