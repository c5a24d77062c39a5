package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/publishing"
	"pilveturg/views"
)

const linkPatience = 5 * time.Second // for all links of a listing

// submission is what was sent, with what the page about it needs.
type submission struct {
	publishing.Submission
	vendor   identity.Organisation
	offering catalogue.Offering
	base     catalogue.Content
	declared publishing.Standing // of the vendor
	newer    int64               // id of what replaced it and waits; 0: nothing
	own      bool                // the reader had a hand in it
	tabs     []views.Option
}

func (s *Site) readSubmission(r *web.Request, f *filled) (v submission, err error) {
	id, err := numberIn(r, "submission")
	if err != nil {
		return v, err
	}
	err = s.DB.Read(r.Context(), func(db db.Reader) error { return s.fillSubmission(r, f, db, id, &v) })
	return v, err
}

func (s *Site) fillSubmission(r *web.Request, f *filled, db db.Reader, id int64, v *submission) (err error) {
	ctx := r.Context()
	if v.Submission, err = publishing.FindSubmission(ctx, db, r.Actor, id); err != nil {
		return err
	}
	if v.vendor, err = identity.Find(ctx, db, v.Vendor); err != nil {
		return err
	}
	if v.declared, err = publishing.DeclarationState(ctx, db, v.Vendor, models.DateOf(s.today())); err != nil {
		return err
	}
	if v.offering, err = catalogue.Find(ctx, db, v.Offering); err != nil {
		return err
	}
	if v.Base != 0 {
		e, err := catalogue.FindEdition(ctx, db, v.Offering, v.Base)
		if err != nil {
			return err
		}
		v.base = e.Content
	}
	newer, ok, err := publishing.Newer(ctx, db, r.Actor, v.Submission)
	if err != nil {
		return err
	}
	if ok {
		v.newer = newer.ID
	}
	if v.own, err = publishing.HadHand(ctx, db, id, r.Actor.AccountID); err != nil {
		return err
	}
	tally, err := publishing.Count(ctx, db, models.Time{Time: s.DB.Now()})
	if err != nil {
		return err
	}
	v.tabs, err = f.moderationTabs(ctx, db, tally, "")
	return err
}

// showSubmission shows what a vendor sent: what changes, what was found in it, and the
// form to decide.
func (s *Site) showSubmission(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	v, err := s.readSubmission(r, f)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.submissionPage(r, f, v)
	return web.Page(p), err
}

func (s *Site) submissionPage(r *web.Request, f *filled, v submission) (views.SubmissionPage, error) {
	name := f.contentName(v.Content)
	p := views.SubmissionPage{Heading: f.T("moderation.item", name.Text), Tabs: v.tabs, Tags: append([]views.Tag{f.submissionState(v.State)}, f.riskTags(v.Risks)...)}
	d := differ{f.answered(v.Content, models.DateOf(s.today())), v.base, v.Content}
	p.Diff = d.diff()
	p.Diff.Title = f.T("moderation.diff_new")
	if v.Base != 0 {
		p.Diff.Title = f.T("moderation.diff", f.Number(int64(v.Base)))
	}
	for _, one := range v.Risks {
		p.Risks = append(p.Risks, views.Words{Text: d.risk(one)})
	}
	checks := publishing.Automatic(s.Schema, v.Content, v.vendor.Website, models.DateOf(s.today()))
	p.Checks = d.checkRows(checks, s.brokenLinks(r.Context(), v, checks.Links), s.CheckLinks != nil && v.State == publishing.Waiting)
	p.Checks = append(p.Checks, views.Row{Key: f.T("declaration.row"), Value: views.Words{Text: f.standingTag(v.declared).Text}, Tags: []views.Tag{f.goodOrLook(v.declared.Good())}})
	var err error
	if p.Facts, err = s.submissionFacts(r, f, v); err != nil {
		return p, err
	}
	if v.offering.Published != 0 {
		p.Links = []views.Link{f.link(servicePath(v.Offering, v.offering.Slug), "moderation.service"), f.link(standing{s, adminListingsPath}.path(v.Offering), "moderation.standing")}
	}
	if r.Actor.Is(models.Administrator) && v.offering.Published != 0 { // who may write on it then does not decide
		p.Links = append(p.Links, f.link(listingPath(v.Offering), "moderation.edit"))
	}
	p.Notices = f.submissionNotices(v)
	switch {
	case v.State == publishing.Waiting && !v.own:
		p.Decide = f.decideForm(v)
	case v.State == publishing.Published && v.DecidedBy == 0 && v.SeenAt.IsZero() && !v.own:
		p.Decide = &views.Deciding{Action: at(f.Tag, submissionPath(v.ID)+seenEnd), Name: "decision", Buttons: []views.Button{{Value: "seen", Text: f.T("moderation.seen")}}}
	}
	if p.Trail, err = s.trail(r, f.speaker, 0, catalogue.Number(v.Offering)); err != nil {
		return p, err
	}
	p.Shell = f.decidingPage(r, p.Heading, f.link(moderationPath, "moderation.title"))
	return p, nil
}

// submissionState says what became of what was sent.
func (w speaker) submissionState(state publishing.State) views.Tag {
	kinds := map[publishing.State]string{publishing.Waiting: views.Info, publishing.Published: views.OK, publishing.SentBack: views.Warn, publishing.Refused: views.Err}
	return views.Tag{Kind: kinds[state], Text: w.T("submission." + string(state))}
}

// brokenLinks asks for the links of what waits, when there is somebody who asks.
func (s *Site) brokenLinks(ctx context.Context, v submission, links []string) map[string]error {
	if s.CheckLinks == nil || v.State != publishing.Waiting || len(links) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, linkPatience)
	defer cancel()
	return s.CheckLinks(ctx, links)
}

func (s *Site) submissionFacts(r *web.Request, f *filled, v submission) ([]views.Row, error) {
	names, err := s.People(r.Context(), []int64{v.SentBy, v.DecidedBy, v.SeenBy})
	if err != nil {
		return nil, err
	}
	vendor := views.In(v.vendor.Names, f.Tag)
	rows := []views.Row{
		{Key: f.T("moderation.vendor"), Value: vendor, URL: at(f.Tag, vendorPath(v.vendor.ID, v.vendor.Slug))},
		{Key: f.T("moderation.sent"), Value: views.Words{Text: f.Time(v.SentAt)}, Note: f.hand(v.SentBy, names)},
	}
	if v.State == publishing.Waiting {
		c := s.waitCell(f.speaker, v.Submission)
		rows = append(rows, views.Row{Key: f.T("moderation.waits"), Value: views.Words{Text: c.Link.Text}, Tags: c.Tags, Note: c.Lines[0]})
	} else {
		rows = append(rows, views.Row{Key: f.T("moderation.decided"), Value: views.Words{Text: f.Time(v.DecidedAt)}, Note: f.hand(v.DecidedBy, names)})
	}
	if !v.SeenAt.IsZero() {
		rows = append(rows, views.Row{Key: f.T("moderation.looked"), Value: views.Words{Text: f.Time(v.SeenAt)}, Note: f.hand(v.SeenBy, names)})
	}
	if note := views.In(v.Note, f.Tag); note.Text != "" {
		rows = append(rows, views.Row{Key: f.T("moderation.note"), Value: note})
	}
	if v.Message != "" {
		rows = append(rows, views.Row{Key: f.T("moderation.message"), Value: views.Words{Text: v.Message}})
	}
	return rows, nil
}

// hand is whose hand it was; "" for nobody's.
func (f *filled) hand(account int64, names map[int64]string) string {
	if account == 0 {
		return ""
	}
	return f.person(account, names)
}

func (f *filled) submissionNotices(v submission) []views.Notice {
	var n []views.Notice
	if v.newer != 0 {
		n = append(n, views.Notice{Kind: views.Warn, Title: f.T("moderation.newer"), Text: f.T("moderation.newer_text"), Link: f.link(submissionPath(v.newer), "moderation.newer_link"), Urgent: true})
	}
	if v.own && (v.State == publishing.Waiting || v.SeenAt.IsZero() && v.State == publishing.Published && v.DecidedBy == 0) {
		n = append(n, views.Notice{Kind: views.Info, Title: f.T("moderation.own"), Text: f.T("moderation.own_text")})
	}
	if v.State == publishing.Waiting && v.Base != v.offering.Published {
		n = append(n, views.Notice{Kind: views.Warn, Title: f.T("moderation.overtaken"), Text: f.T("moderation.overtaken_text")})
	}
	return n
}

// risk says why something waits, and where it stands.
func (d differ) risk(one publishing.Risk) string {
	switch {
	case one.Plan != "":
		plan, _ := d.plan(one.Plan)
		at := []string{d.T("change.plan", d.named(plan.Name, one.Plan))}
		if one.Charge != "" {
			at = append(at, d.chargeCalled(plan, one.Charge))
		}
		return strings.Join(at, ", ") + ": " + d.T("risk.rise."+string(one.What))
	case one.Word != "":
		return d.T("risk.word", one.Word, d.Language(one.Language))
	case one.Question != "":
		return d.T("risk.at", d.T("risk."+string(one.Kind)), d.questionName(one.Question))
	case one.Document != "":
		return d.T("risk.at", d.T("risk."+string(one.Kind)), one.Document)
	}
	return d.T("risk." + string(one.Kind))
}

// savedAnswers are messages to vendors that are written already.
var savedAnswers = [...]string{"source", "price", "language", "certificate", "claim", "contact"}

// decideForm is the form to decide about what waits.
func (f *filled) decideForm(v submission) *views.Deciding {
	d := &views.Deciding{Action: at(f.Tag, submissionPath(v.ID)), Name: "decision", Hidden: []views.Hidden{{Name: fieldSeen, Value: v.Hash}},
		Buttons: []views.Button{{Value: "publish", Text: f.T("moderation.publish")}, {Value: "send_back", Text: f.T("moderation.send_back"), Class: "quiet"},
			{Value: "refuse", Text: f.T("moderation.refuse"), Class: "stop"}}}
	if list := publishing.ToCheck(v.Risks); len(list) > 0 {
		c := views.Choices{ID: "checked", Name: "checked", Legend: f.T("moderation.to_check"), Error: f.problem("checked")}
		for _, one := range list {
			c.Options = append(c.Options, views.Option{Value: one, Text: f.T("moderation.check." + one), Chosen: slices.Contains(f.chosen("checked"), one)})
		}
		d.Inputs = append(d.Inputs, views.Input{Choices: &c})
	}
	answers := []views.Option{{Text: f.T("moderation.answer_none")}}
	for _, key := range savedAnswers {
		answers = append(answers, views.Option{Value: key, Text: f.T("moderation.answer." + key)})
	}
	d.Inputs = append(d.Inputs,
		f.choose(views.Select{Name: "answer", Label: f.T("moderation.answer"), Hint: f.T("moderation.answer_hint"), Options: answers}),
		f.area(views.Area{Name: "message", Label: f.T("moderation.message_to"), Hint: f.T("moderation.message_hint"), Rows: wordRows}))
	return d
}

// decideSubmission publishes what a vendor sent, sends it back or refuses it. The next
// one that waits is opened then.
func (s *Site) decideSubmission(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "submission")
	if err != nil {
		return web.Reply{}, err
	}
	v, err := publishing.FindSubmission(r.Context(), s.DB, r.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	d := publishing.Decision{Submission: id, Hash: r.Form(fieldSeen), Message: s.messageFor(r, v), Checked: r.Forms("checked")}
	done := ""
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		switch r.Form("decision") {
		case "publish":
			done = "moderation.done.published"
			_, err = publishing.Approve(r.Context(), tx, d)
		case "send_back":
			done = "moderation.done.sent_back"
			err = publishing.SendBack(r.Context(), tx, d)
		case "refuse":
			done = "moderation.done.refused"
			err = publishing.Refuse(r.Context(), tx, d)
		default:
			err = models.Invalid{"decision": "admin.decision_missing"}
		}
		return err
	})
	if wrong, ok := invalid(err); ok {
		return s.submissionAgain(r, http.StatusUnprocessableEntity, wrong, id)
	}
	if errors.Is(err, models.ErrConflict) {
		return s.submissionAgain(r, http.StatusConflict, models.Invalid{"seen": "moderation.changed_meanwhile"}, id)
	}
	if err != nil {
		return web.Reply{}, err
	}
	return s.nextSubmission(r, done, s.speaker(r.Lang).contentName(v.Content).Text)
}

// messageFor is what is said to the vendor: the answer that is written already, in the
// vendor's language, and what was typed.
func (s *Site) messageFor(r *web.Request, v publishing.Submission) string {
	message := strings.TrimSpace(clean(r.Form("message")))
	for _, key := range savedAnswers {
		if r.Form("answer") == key {
			message = strings.TrimSpace(s.speaker(s.langFor(r, v.Content.Language)).T("moderation.answer_text."+key) + "\n\n" + message)
		}
	}
	return message
}

// nextSubmission opens what waits longest, or the queue when nothing does.
func (s *Site) nextSubmission(r *web.Request, done string, args ...string) (web.Reply, error) {
	next, ok, err := publishing.Next(r.Context(), s.DB, r.Actor)
	path := moderationPath
	if ok {
		path = submissionPath(next)
	}
	return web.SeeOther(at(r.Lang, path)).Say(done, args...), err
}

// submissionAgain shows the page once more, with what was typed and what is wrong. When
// the vendor sent again meanwhile, that is shown instead, and nothing is decided.
func (s *Site) submissionAgain(r *web.Request, status int, wrong models.Invalid, id int64) (web.Reply, error) {
	f := s.posted(r, wrong)
	v := submission{}
	err := s.DB.Read(r.Context(), func(db db.Reader) error {
		one, err := publishing.FindSubmission(r.Context(), db, r.Actor, id)
		if err != nil {
			return err
		}
		newer, ok, err := publishing.Newer(r.Context(), db, r.Actor, one)
		if err != nil {
			return err
		}
		if ok { // what was looked at does not count for what was not
			id, f.chosen = newer.ID, func(string) []string { return nil }
		}
		return s.fillSubmission(r, f, db, id, &v)
	})
	if err != nil {
		return web.Reply{}, fmt.Errorf("show submission %d again: %w", id, err)
	}
	p, err := s.submissionPage(r, f, v)
	return web.Status(status, p), err
}

// seeSubmission notes that what went live at once was looked at.
func (s *Site) seeSubmission(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "submission")
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return publishing.See(r.Context(), tx, id) })
	if errors.Is(err, models.ErrConflict) {
		err = nil // somebody else looked, which is as good
	}
	return web.SeeOther(at(r.Lang, moderationPath)).Say("moderation.done.seen"), err
}
