package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/models/identity"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

const decisionEnd = "/decision"

// verdict is a project with what it decided.
type verdict struct {
	*contest
	decided procurement.Decision // zero when nothing is
	steps   []procurement.Step
}

// verdict finds the decision of the project that the address names.
func (s *Site) verdict(r *web.Request, f *filled) (*verdict, error) {
	c, err := s.contest(r, f)
	if err != nil {
		return nil, err
	}
	v := &verdict{contest: c}
	return v, s.decided(r, v)
}

// decided reads what a project decided, and what became of that.
func (s *Site) decided(r *web.Request, v *verdict) error {
	return s.DB.Read(r.Context(), func(rd db.Reader) (err error) {
		v.decided, err = procurement.FindDecision(r.Context(), rd, v.ID)
		if isMissing(err) {
			return nil
		}
		if err == nil {
			v.steps, err = procurement.Steps(r.Context(), rd, v.ID)
		}
		return err
	})
}

// outcomeWords say what was decided.
func (v *verdict) outcomeWords() string {
	if v.decided.Outcome == procurement.Service {
		return v.serviceName(v.decided.OfferingID)
	}
	return v.T("decision.outcome." + string(v.decided.Outcome))
}

// showDecision shows what was decided, or asks for it.
func (s *Site) showDecision(r *web.Request) (web.Reply, error) {
	v, err := s.verdict(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	values := map[string]string{"standstill": strconv.Itoa(procurement.DefaultStandstill(v.Kind))}
	if d := v.decided; d.Revision > 0 {
		values = map[string]string{"outcome": string(d.Outcome), "reason": d.Reason, "exception": d.Exception, "standstill": strconv.Itoa(d.Standstill)}
		if d.Outcome == procurement.Service {
			values["outcome"] = lowerNumber(d.OfferingID)
		}
		if d.Shown {
			values["shown"] = "1"
		}
	}
	v.filled = s.fresh(r, values)
	return s.decisionPage(r, v, http.StatusOK)
}

func (s *Site) decisionPage(r *web.Request, v *verdict, status int, notices ...views.Notice) (web.Reply, error) {
	page := views.ProjectPage{Heading: v.T("decision.title"), Tags: []views.Tag{v.stageTag(v.Stage())}, Notices: notices}
	if v.decided.Revision > 0 {
		part, err := s.decidedPart(r, v)
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, part)
	}
	switch {
	case v.LockedAt.IsZero():
		page.Notices = append(page.Notices, v.notLocked())
	case !v.Settled() && v.Editable(v.actor):
		if v.decided.Revision > 0 {
			send, err := s.sendPart(r, v)
			if err != nil {
				return web.Reply{}, err
			}
			page.Parts = append(page.Parts, send)
		}
		approvers, err := s.approvers(r, v)
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, views.ProjectPart{Heading: v.T("decision.choose"), Text: v.chooseText(), Forms: []views.Form{v.decisionForm(approvers)}})
	}
	if len(v.Scoring.Criteria) > 0 && len(v.Ranking) > 0 {
		page.Parts = append(page.Parts, v.rankingPart())
	}
	page.Shell = v.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// decidedPart shows what was decided and what becomes of it.
func (s *Site) decidedPart(r *web.Request, v *verdict) (views.ProjectPart, error) {
	part := views.ProjectPart{Heading: v.outcomeWords()}
	facts, err := s.decisionFacts(r, v)
	if err != nil {
		return part, err
	}
	part.Facts = facts
	d := &v.decided
	button := func(end, key string, stop bool) {
		part.Forms = append(part.Forms, views.Form{Action: v.here(decisionEnd + end), Button: v.T(key), Stop: stop})
	}
	switch {
	case d.State == procurement.Sent && v.Sending(v.actor):
		button("/withdrawal", "decision.take_back", false)
	case d.State == procurement.Approved && v.Editable(v.actor) && d.Over(models.DateOf(s.today())):
		button("/award", "decision.award", false)
	case d.State == procurement.Awarded && contracts.Buys(v.actor):
		part.Links = append(part.Links, views.Link{URL: at(v.Tag, withQuery(requestPath, "service="+lowerNumber(d.OfferingID)+"&project="+lowerProject(v.ID))), Text: v.T("decision.subscribe")})
	}
	if d.State != procurement.Drafted {
		part.Links = append(part.Links, v.way("/evidence", "dossier.title"))
	}
	part.Links = append(part.Links, v.way(decisionEnd+"/letters", "decision.letters"))
	return part, nil
}

// decisionFacts word a decision, with who did what.
func (s *Site) decisionFacts(r *web.Request, v *verdict) ([]views.Row, error) {
	d := &v.decided
	accounts := []int64{d.AccountID, d.ApproverID}
	for _, one := range v.steps {
		accounts = append(accounts, one.AccountID)
	}
	names, err := s.People(r.Context(), accounts)
	if err != nil {
		return nil, err
	}
	row := func(key, value, note string) views.Row {
		return views.Row{Key: v.T(key), Value: views.Words{Text: value}, Note: note}
	}
	rows := []views.Row{row("decision.outcome", v.outcomeWords(), ""), row("decision.reason", d.Reason, v.T("decision.by", v.person(d.AccountID, names), v.Time(d.At)))}
	if d.Outcome == procurement.Service {
		rows = append(rows, row("score.cost_all", v.cents(d.Cents), v.T("project.value_for_years", v.N("price.year_count", int64(v.Years)))))
	}
	if d.SharedID != 0 {
		rows = append(rows, row("decision.exception", d.Exception, v.T("decision.shared", v.serviceName(d.SharedID), v.Number(int64(d.SharedFit)))))
	}
	rows = append(rows, row("decision.shown", v.T("answer.value."+yesNo(d.Shown)), ""))
	if d.Outcome == procurement.Service {
		rows = append(rows, row("decision.standstill", v.N("decision.days", int64(d.Standstill)), v.until(d)))
	}
	for _, one := range v.steps {
		rows = append(rows, row("decision.step."+one.Step, v.person(one.AccountID, names), strings.Trim(v.Time(one.At)+" · "+one.Reason, " ·")))
	}
	if d.State == procurement.Sent {
		rows = append(rows, row("decision.waits_for", v.person(d.ApproverID, names), ""))
	}
	if !d.EndedAt.IsZero() {
		rows = append(rows, row("project.state."+string(d.State), v.Time(d.EndedAt), ""))
	}
	return rows, nil
}

// until says when a standstill is over, once that is known.
func (v *verdict) until(d *procurement.Decision) string {
	if d.Until.IsZero() || d.Standstill == 0 {
		return ""
	}
	return v.T("decision.until", v.Date(d.Until))
}

func yesNo(yes bool) string {
	if yes {
		return catalogue.Yes
	}
	return catalogue.No
}

// chooseText explains what is asked, and where a shared service fits.
func (v *verdict) chooseText() []string {
	text := []string{v.T("decision.choose_text")}
	best, explain := procurement.Exception(procurement.OwnSystem, 0, v.Asked, v.Judged)
	if explain {
		text = append(text, v.T("decision.shared_fits", v.serviceName(best.OfferingID), v.Number(int64(best.Percent))))
	}
	return text
}

func (v *verdict) decisionForm(approvers []identity.Member) views.Form {
	outcome := views.Choices{ID: "outcome", Name: "outcome", Legend: v.T("decision.outcome"), One: true, Error: v.problem("outcome")}
	add := func(value, text string) {
		outcome.Options = append(outcome.Options, views.Option{Value: value, Text: text, Chosen: v.typed("outcome") == value})
	}
	for i := range v.Ranking {
		one := &v.Ranking[i]
		add(lowerNumber(one.OfferingID), v.T("decision.option", v.serviceName(one.OfferingID), v.points(one.Total), v.cents(one.Cents)))
	}
	add(string(procurement.OwnSystem), v.T("decision.outcome.own"))
	add(string(procurement.NoAward), v.T("decision.outcome.none"))
	form := views.Form{Action: v.here(decisionEnd), Button: v.T("decision.save"), Hidden: []views.Hidden{revisionField(v.decided.Revision)}, Inputs: []views.Input{{Choices: &outcome},
		v.area(views.Area{Name: "reason", Label: v.T("decision.reason"), Hint: v.T("decision.reason_hint"), Rows: wordRows})}}
	if v.mayNeedExplaining() {
		form.Inputs = append(form.Inputs, v.area(views.Area{Name: "exception", Label: v.T("decision.exception"), Hint: v.T("decision.exception_hint"), Rows: wordRows}))
	}
	form.Inputs = append(form.Inputs, v.field(views.Field{Name: "standstill", Label: v.T("decision.standstill_days"), Hint: v.T("decision.standstill_hint"), Mode: "numeric", Width: "w4"}))
	shown := views.Choices{ID: "shown", Name: "shown", Legend: v.T("decision.shown_legend"), Hint: v.T("decision.shown_hint"), Options: []views.Option{{Value: "1", Text: v.T("decision.shown_yes"), Chosen: v.typed("shown") != ""}}}
	form.Inputs = append(form.Inputs, views.Input{Choices: &shown})
	if len(approvers) > 0 && v.decided.Revision == 0 { // afterwards it is sent by a form of its own
		form.Inputs = append(form.Inputs, v.approverInput(approvers, true))
	}
	return form
}

// approverInput asks who is to approve; later lets that be left open. A lone approver
// is chosen from the beginning.
func (v *verdict) approverInput(approvers []identity.Member, later bool) views.Input {
	in := views.Select{Name: fieldApprover, Label: v.T("decision.approver")}
	if later {
		in.Options = []views.Option{{Text: v.T("decision.send_later")}}
	}
	for _, m := range approvers {
		in.Options = append(in.Options, views.Option{Value: strconv.FormatInt(m.AccountID, 10), Text: m.Name})
	}
	input := v.choose(in)
	if len(approvers) == 1 && len(v.wrong) == 0 {
		for i := range in.Options {
			in.Options[i].Chosen = in.Options[i].Value != ""
		}
	}
	return input
}

// mayNeedExplaining reports whether some outcome has to be explained.
func (v *verdict) mayNeedExplaining() bool {
	if _, explain := procurement.Exception(procurement.OwnSystem, 0, v.Asked, v.Judged); explain {
		return true
	}
	for i := range v.Ranking {
		if _, explain := procurement.Exception(procurement.Service, v.Ranking[i].OfferingID, v.Asked, v.Judged); explain {
			return true
		}
	}
	return false
}

// sendPart asks to whom the decision goes for approval.
func (s *Site) sendPart(r *web.Request, v *verdict) (views.ProjectPart, error) {
	part := views.ProjectPart{Heading: v.T("decision.send")}
	if !v.Sending(v.actor) {
		part.Text = []string{v.T("decision.send_cannot")}
		return part, nil
	}
	approvers, err := s.approvers(r, v)
	if err != nil {
		return part, err
	}
	if len(approvers) == 0 {
		part.Text = []string{v.T("decision.no_approver", v.cents(v.decided.Cents))}
		return part, nil
	}
	part.Forms = []views.Form{{Action: v.here(decisionEnd + "/send"), Button: v.T("decision.send"), Inputs: []views.Input{v.approverInput(approvers, false)}}}
	return part, nil
}

// approvers are those who may approve what was decided, or what may be: whose limit is
// not enough for what is chosen is refused when it is sent. There are none for who may
// not send.
func (s *Site) approvers(r *web.Request, v *verdict) ([]identity.Member, error) {
	if !v.Sending(v.actor) {
		return nil, nil
	}
	people, err := procurement.People(r.Context(), s.DB, v.ID)
	if err != nil {
		return nil, err
	}
	members, err := identity.Members(r.Context(), s.DB, v.OrgID)
	if err != nil {
		return nil, err
	}
	least := v.decided.Cents
	if v.decided.Revision == 0 {
		least = -1
	}
	return procurement.Approvers(people, members, least), nil
}

// fieldApprover says who is to approve a decision.
const fieldApprover = "approver"

// saveDecision decides.
func (s *Site) saveDecision(r *web.Request) (web.Reply, error) {
	v, err := s.verdict(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	d := procurement.Decision{Outcome: procurement.Outcome(r.Form("outcome")), Reason: severalLines(r.Form("reason")), Exception: severalLines(r.Form("exception")), Shown: r.Form("shown") != "", Standstill: typedPoints(r.Form("standstill"))}
	if id, ok := parseService(r.Form("outcome")); ok {
		d.Outcome, d.OfferingID = procurement.Service, id
	}
	done := "decision.done.saved"
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		err := procurement.Choose(r.Context(), tx, s.Schema, s.Index.Layout(), v.ID, seenRevision(r), d)
		if err != nil || r.Form(fieldApprover) == "" {
			return err
		}
		done = "decision.done.sent"
		return sendDecision(r, tx, v.ID)
	})
	return s.decisionOutcome(r, v, err, done)
}

// decisionOutcome leads back to the decision, or shows what is wrong, or what somebody
// decided meanwhile.
func (s *Site) decisionOutcome(r *web.Request, v *verdict, err error, done string) (web.Reply, error) {
	if err == nil {
		return web.SeeOther(v.here(decisionEnd)).Say(done), nil
	}
	wrong, bad := invalid(err)
	if !bad && !isConflict(err) {
		return web.Reply{}, err
	}
	now, problem := s.verdict(r, s.posted(r, wrong))
	switch {
	case problem != nil:
		return web.Reply{}, problem
	case bad:
		return s.decisionPage(r, now, http.StatusUnprocessableEntity)
	}
	return s.decisionPage(r, now, http.StatusConflict, views.Notice{Kind: views.Warn, Title: now.T("project.differs"), Text: now.T("project.differs_text"), Urgent: true})
}

// decisionDeed is a handler for a form that moves a decision on.
func (s *Site) decisionDeed(done string, f func(*web.Request, *db.Tx, int64) error) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		v, err := s.verdict(r, s.fresh(r, nil))
		if err != nil {
			return web.Reply{}, err
		}
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return f(r, tx, v.ID) })
		return s.decisionOutcome(r, v, err, done)
	}
}

// sendDecision sends the decision to an approver.
func sendDecision(r *web.Request, tx *db.Tx, project int64) error {
	approver, _ := strconv.ParseInt(r.Form(fieldApprover), 10, 64) // nobody is refused
	return procurement.Send(r.Context(), tx, project, approver)
}

func takeBackDecision(r *web.Request, tx *db.Tx, project int64) error {
	return procurement.TakeBack(r.Context(), tx, project)
}

func awardProject(r *web.Request, tx *db.Tx, project int64) error {
	return procurement.Award(r.Context(), tx, project)
}

// showLetters shows what the vendors are told, or will be.
func (s *Site) showLetters(r *web.Request) (web.Reply, error) {
	v, err := s.verdict(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	if v.decided.Revision == 0 {
		return web.Reply{}, models.ErrNotFound
	}
	sent, err := procurement.Letters(r.Context(), s.DB, v.ID)
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: v.T("decision.letters"), Tags: []views.Tag{v.stageTag(v.Stage())}, Text: []string{v.T("decision.letters_text")}, Links: []views.Link{v.way(decisionEnd, "decision.title")}}
	for _, id := range v.Scoring.Kept {
		l := letterWords{speaker: v.speaker, service: v.serviceName(id), chosen: v.decided.OfferingID == id, none: v.decided.Outcome != procurement.Service, reason: v.decided.Reason, until: v.decided.Until, standstill: v.decided.Standstill}
		if l.own, l.known = v.total(id); !l.none {
			l.winner, _ = v.total(v.decided.OfferingID)
			l.winnerName = v.serviceName(v.decided.OfferingID)
		}
		if l.body, err = s.bodyName(r, v.Tag, v.OrgID); err != nil {
			return web.Reply{}, err
		}
		l.project = v.Name
		part := views.ProjectPart{Heading: v.serviceName(id), Text: l.paragraphs()}
		for _, one := range sent {
			if one.OfferingID == id {
				part.Facts = []views.Row{v.letterRow(&one)}
			}
		}
		page.Parts = append(page.Parts, part)
	}
	page.Shell = v.shellOf(page.Heading)
	return web.Page(page), nil
}

// letterRow says when a letter went out, and to how many people.
func (v *verdict) letterRow(l *procurement.Letter) views.Row {
	row := views.Row{Key: v.T("decision.letter_sent"), Value: views.Words{Text: v.Time(l.At)}, Note: v.N("decision.told", int64(l.Told))}
	if l.Told == 0 {
		row.Tags, row.Note = []views.Tag{{Kind: views.Warn, Text: v.T("question.nobody")}}, v.T("decision.nobody_text")
	}
	return row
}

// total are the points of a service in words; "" and false where there are none.
func (c *contest) total(id int64) (string, bool) {
	one, ok := c.Rank(id)
	if !ok || !one.Complete || len(one.Points) == 0 {
		return "", false
	}
	return c.points(one.Total), true
}

// bodyName is what an organisation is called.
func (s *Site) bodyName(r *web.Request, lang string, id int64) (string, error) {
	all, err := identity.Briefs(r.Context(), s.DB, []int64{id})
	if err != nil {
		return "", err
	}
	return views.In(all[id].Names, lang).Text, nil
}

// letterWords are what the letter about a decision is made of.
type letterWords struct {
	speaker
	service, body, project string
	chosen, none, known    bool
	own, winner            string // points
	winnerName             string
	reason                 string
	until                  models.Date
	standstill             int
}

// paragraphs are the letter: who was chosen, by how many points, and why (Directive
// 2014/24/EU, article 55), and until when the award waits.
func (l *letterWords) paragraphs() []string {
	var list []string
	switch {
	case l.none:
		list = append(list, l.T("letter.none", l.body, l.project, l.service))
	case l.chosen:
		list = append(list, l.T("letter.chosen", l.body, l.project, l.service))
	default:
		list = append(list, l.T("letter.not_chosen", l.body, l.project, l.service, l.winnerName))
	}
	if l.known && l.winner != "" && !l.chosen {
		list = append(list, l.T("letter.points", l.own, l.winner))
	}
	list = append(list, l.T("letter.reason", l.reason))
	switch {
	case l.none || l.standstill == 0:
	case l.until.IsZero():
		list = append(list, l.N("letter.standstill", int64(l.standstill)))
	default:
		list = append(list, l.T("letter.until", l.Date(l.until)))
	}
	return list
}
