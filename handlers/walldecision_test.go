package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/procurement"
)

// leadOf is who leads a project, with all that a buyer may do.
func (w *walls) leadOf(id int64) models.Actor {
	w.t.Helper()
	var lead struct {
		Account int64 `db:"account_id"`
		Org     int64 `db:"organisation_id"`
	}
	const q = `SELECT x.account_id, p.organisation_id FROM project_people x JOIN projects p ON p.id = x.project_id WHERE x.project_id = ? AND x.part = 'lead'`
	if err := w.DB.Get(w.t.Context(), &lead, q, id); err != nil {
		w.t.Fatal(err)
	}
	return models.Actor{AccountID: lead.Account, OrgID: lead.Org, Roles: []models.Role{models.Buyer}, Rights: models.Rights}
}

// aScoring is a locked project that has criteria, and whose only judge is done.
func (w *walls) aScoring(owner *caller) string {
	project := w.aLockedProject(owner)
	id, _ := parseName(project, projectPrefix)
	w.writeAs(w.leadOf(id), func(tx *db.Tx) error {
		if err := procurement.SetCriteria(w.t.Context(), tx, id, []procurement.Criterion{{Kind: procurement.ByPrice, Weight: procurement.FullWeight}}); err != nil {
			return err
		}
		people, err := procurement.People(w.t.Context(), tx, id)
		if err != nil || len(people) > 1 {
			return err
		}
		return procurement.CloseScores(w.t.Context(), tx, id)
	})
	return project
}

// aDecision is a project that chose the service that it keeps.
func (w *walls) aDecision(owner *caller) string {
	project := w.aLockedProject(owner)
	id, _ := parseName(project, projectPrefix)
	w.decide(id)
	return project
}

func (w *walls) decide(id int64) {
	w.t.Helper()
	kept, err := procurement.Shortlist(w.t.Context(), w.DB, id)
	if err != nil {
		w.t.Fatal(err)
	}
	w.writeAs(w.leadOf(id), func(tx *db.Tx) error {
		d := procurement.Decision{Outcome: procurement.Service, OfferingID: kept[0].OfferingID, Reason: "It fits."}
		return procurement.Choose(w.t.Context(), tx, w.Schema, w.Index.Layout(), id, 0, d)
	})
}

// approverOf is an approver of an organisation.
func (w *walls) approverOf(org int64) *caller {
	for _, c := range w.callers {
		if c.role == models.Approver && c.org == org {
			return c
		}
	}
	return nil
}

// aSent is a project whose decision waits for an approver: the owner, if it is one.
func (w *walls) aSent(owner *caller) string {
	project := w.aDecision(owner)
	id, _ := parseName(project, projectPrefix)
	w.writeAs(w.leadOf(id), func(tx *db.Tx) error { return procurement.Send(w.t.Context(), tx, id, w.approverOf(owner.org).account) })
	return project
}

// anAward is a project whose decision took effect.
func (w *walls) anAward(owner *caller) string {
	project := w.aSent(owner)
	id, _ := parseName(project, projectPrefix)
	w.approve(id, w.approverOf(owner.org))
	return project
}

func (w *walls) approve(id int64, by *caller) {
	w.t.Helper()
	d, err := procurement.FindDecision(w.t.Context(), w.DB, id)
	if err != nil {
		w.t.Fatal(err)
	}
	a := by.actor()
	a.Limit = 1
	w.writeAs(a, func(tx *db.Tx) error {
		return procurement.Approve(w.t.Context(), tx, w.Schema, w.Index.Layout(), id, d.Revision, "")
	})
}

// aPurchaseOf is a locked project of a buyer that keeps a service of the owner's.
func (w *walls) aPurchaseOf(owner *caller) (project, offering int64) {
	w.t.Helper()
	offering, err := strconv.ParseInt(w.aPublished(owner), 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	var buyer *caller
	for _, c := range w.callers {
		if c.role == models.Buyer && c.side == owner.side {
			buyer = c
		}
	}
	p := procurement.Project{Name: "Maps", Kind: procurement.Small, Years: 1, Value: -1}
	w.writeAs(buyer.buying(), func(tx *db.Tx) error {
		return procurement.Begin(w.t.Context(), tx, w.Schema, &p, w.word(), []int64{offering})
	})
	return p.ID, offering
}

// aQuestion is one about a service of the owner's.
func (w *walls) aQuestion(owner *caller) string {
	project, offering := w.aPurchaseOf(owner)
	q := procurement.Question{Words: wordOfOwn + owner.name, Due: models.DateOf(w.DB.Now()).AddDays(3)}
	w.writeAs(w.leadOf(project), func(tx *db.Tx) error {
		return procurement.Ask(w.t.Context(), tx, project, w.word(), q, []int64{offering})
	})
	return questionPrefix + w.last(`SELECT max(id) AS id FROM project_questions`)
}

// anAskedBack is a project of the owner's in which a vendor asked something back.
func (w *walls) anAskedBack(owner *caller) string {
	w.t.Helper()
	name := w.aLockedProject(owner)
	project, _ := parseName(name, projectPrefix)
	offering, err := strconv.ParseInt(w.last(`SELECT max(offering_id) FROM shortlist WHERE project_id = `+strconv.FormatInt(project, 10)+` AND standing = 'in'`), 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	q := procurement.Question{Words: "Where?", Due: models.DateOf(w.DB.Now()).AddDays(3)}
	w.writeAs(w.leadOf(project), func(tx *db.Tx) error {
		if err := procurement.Ask(w.t.Context(), tx, project, w.word(), q, []int64{offering}); err != nil {
			return err
		}
		const insert = `INSERT INTO clarifications (question_id, offering_id, once, words, account_id, created_at) SELECT max(id), ?, ?, 'Why?', ?, ? FROM project_questions`
		_, err := tx.Exec(w.t.Context(), insert, offering, w.word(), owner.account, tx.Now)
		return err
	})
	return name
}

// aClarification is what was asked back last.
func (w *walls) aClarification(*caller) string { return w.last(`SELECT max(id) FROM clarifications`) }

// last is the number that a query finds.
func (w *walls) last(query string) string {
	w.t.Helper()
	var id int64
	if err := w.DB.Get(w.t.Context(), &id, query); err != nil {
		w.t.Fatal(err)
	}
	return strconv.FormatInt(id, 10)
}

// anAsked is the service that the last question is about.
func (w *walls) anAsked(*caller) string {
	return servicePrefix + w.last(`SELECT offering_id FROM question_services WHERE question_id = (SELECT max(id) FROM project_questions)`)
}

// aLetterOf is a project whose decision the owner had a letter about.
func (w *walls) aLetterOf(owner *caller) string {
	project, _ := w.aPurchaseOf(owner)
	lead := w.leadOf(project)
	w.writeAs(lead, func(tx *db.Tx) error { return procurement.Lock(w.t.Context(), tx, project, nil) })
	w.decide(project)
	by := w.approverOf(lead.OrgID)
	w.writeAs(lead, func(tx *db.Tx) error { return procurement.Send(w.t.Context(), tx, project, by.account) })
	w.approve(project, by)
	return lowerProject(project)
}

// aTold is the service that the last letter is about.
func (w *walls) aTold(*caller) string {
	return servicePrefix + w.last(`SELECT offering_id FROM award_letters WHERE project_id = (SELECT max(project_id) FROM award_letters)`)
}

// toVendors asks the vendor of the service that the project keeps.
func (w *walls) toVendors(*caller, string) url.Values {
	return w.once("words", "Where?", fieldServices, lowerNumber(1), "due", models.DateOf(w.DB.Now()).AddDays(1).String())
}

func (w *walls) pricing(*caller, string) url.Values {
	return w.once("cost", "12", "source", "A letter")
}

func (w *walls) replying(*caller, string) url.Values { return w.once("words", "In Tallinn.") }

// toApprover sends a decision to the approver of the organisation.
func (w *walls) toApprover(c *caller, _ string) url.Values {
	form := url.Values{}
	if by := w.approverOf(c.org); by != nil {
		form.Set("approver", strconv.FormatInt(by.account, 10))
	}
	return form
}

// sendingBack is the form of who has seen the decision at the address.
func (w *walls) sendingBack(_ *caller, address string) url.Values {
	id := strings.TrimPrefix(address[strings.LastIndex(address, "/")+1:], projectPrefix)
	return url.Values{"answer": {"return"}, "reason": {"Why?"}, fieldSeen: {w.revisionOf(`SELECT revision FROM decisions WHERE project_id = ?`, id)}}
}

// anInvitedProject is a project that the owner's organisation is invited to by a body of
// its own making.
func (w *walls) anInvitedProject(owner *caller) string {
	w.t.Helper()
	peer := w.peer(owner)
	begin := func(c *caller) int64 {
		p := procurement.Project{Name: "Pool", Kind: procurement.Small, Years: 1, Value: -1, Category: "education", Unit: "pupil", Volume: "10"}
		w.writeAs(c.buying(), func(tx *db.Tx) error { return procurement.Begin(w.t.Context(), tx, w.Schema, &p, w.word(), nil) })
		return p.ID
	}
	begin(owner)
	id := begin(peer)
	w.writeAs(peer.buying(), func(tx *db.Tx) error {
		_, err := procurement.OpenPool(w.t.Context(), tx, w.Schema, id, "Join us.")
		return err
	})
	return lowerProject(id)
}

// aPooling is an open project with a volume; of who begins none, any project.
func (w *walls) aPooling(owner *caller) string {
	w.t.Helper()
	if owner.role != models.Buyer {
		return w.aProject(owner)
	}
	p := procurement.Project{Name: "Pool", Kind: procurement.Small, Years: 1, Value: -1, Category: "education", Unit: "pupil", Volume: "10"}
	w.writeAs(owner.buying(), func(tx *db.Tx) error {
		if err := procurement.Begin(w.t.Context(), tx, w.Schema, &p, w.word(), nil); err != nil {
			return err
		}
		_, err := procurement.OpenPool(w.t.Context(), tx, w.Schema, p.ID, "Join us.")
		return err
	})
	return lowerProject(p.ID)
}

// volumeSeen is the form of who has seen the project at the address.
func (w *walls) volumeSeen(_ *caller, address string) url.Values {
	return url.Values{fieldSeen: {w.revisionOf(`SELECT revision FROM projects WHERE id = ?`, strings.TrimPrefix(strings.Split(address, "/")[3], projectPrefix))}}
}

// decisionRows are what stands in the addresses of decisions; see rows.
var decisionRows = map[string]row{
	projectsPath + "/:project" + scoresEnd:                                                           {make: (*walls).aLockedProject},
	projectsPath + "/:project" + criteriaEnd:                                                         {make: (*walls).aLockedProject},
	projectsPath + "/:project" + consensusEnd:                                                        {make: (*walls).aScoring},
	projectsPath + "/:project" + scoresEnd + "/offers/:service :project":                             {make: (*walls).aLockedProject},
	projectsPath + "/:project" + decisionEnd:                                                         {make: (*walls).aLockedProject},
	projectsPath + "/:project" + decisionEnd + "/send":                                               {make: (*walls).aDecision},
	projectsPath + "/:project" + decisionEnd + "/withdrawal":                                         {make: (*walls).aSent},
	projectsPath + "/:project" + decisionEnd + "/award":                                              {make: (*walls).anAward},
	projectsPath + "/:project" + decisionEnd + "/letters":                                            {make: (*walls).aDecision},
	projectsPath + "/:project" + dossierEnd:                                                          {make: (*walls).anAward},
	projectsPath + "/:project" + dossierEnd + ".json":                                                {make: (*walls).anAward},
	projectsPath + "/:project" + poolEnd:                                                             {make: (*walls).aPooling},
	projectsPath + "/:project" + poolEnd + "/volume":                                                 {make: (*walls).aPooling},
	poolsPath + "/:pool":                                                                             {make: (*walls).anInvitedProject},
	approvalsPath + "/:approval":                                                                     {make: (*walls).aSent},
	vendorQuestionsPath + "/:question/:service :question":                                            {make: (*walls).aQuestion},
	vendorQuestionsPath + "/:question/:service" + clarificationsEnd + " :question":                   {make: (*walls).aQuestion},
	vendorQuestionsPath + "/:question/:service" + clarificationsEnd + " :service":                    {make: (*walls).anAsked},
	projectsPath + "/:project" + questionsEnd + clarificationsEnd + "/:clarification :project":       {make: (*walls).anAskedBack},
	projectsPath + "/:project" + questionsEnd + clarificationsEnd + "/:clarification :clarification": {make: (*walls).aClarification, shared: true},
	vendorQuestionsPath + "/:question/:service :service":                                             {make: (*walls).anAsked},
	vendorDecisionsPath + "/:project/:service :project":                                              {make: (*walls).aLetterOf},
	vendorDecisionsPath + "/:project/:service :service":                                              {make: (*walls).aTold},
}

// decisionSamples are the forms of decisions; see samples.
var decisionSamples = map[string]sample{
	"POST /projects/:project/questions":                {form: (*walls).toVendors},
	"POST /projects/:project/scores":                   {},
	"POST /projects/:project/scores/criteria":          {form: formOf("weight.price", "100")},
	"POST /projects/:project/scores/consensus":         {},
	"POST /projects/:project/scores/offers/:service":   {form: (*walls).pricing},
	"POST /projects/:project/decision":                 {form: formOf("outcome", "none", "reason", "No money.", "standstill", "0")},
	"POST /projects/:project/decision/send":            {form: (*walls).toApprover},
	"POST /projects/:project/decision/withdrawal":      {},
	"POST /projects/:project/decision/award":           {},
	"POST /projects/:project/shortlist/:service/reuse": {},
	"POST /projects/:project/pool":                     {form: formOf("words", "Join us.")},
	"POST /projects/:project/pool/volume":              {form: (*walls).volumeSeen},
	"POST /pools/:pool":                                {form: formOf("answer", "joined", "volume", "20")},
	"POST /approvals/:approval":                        {form: (*walls).sendingBack},
	"POST /vendor/questions/:question/:service":        {form: (*walls).replying},

	"POST /vendor/questions/:question/:service/clarifications": {form: func(w *walls, _ *caller, _ string) url.Values { return w.once("back", "How many pupils?") }},
	"POST /projects/:project/questions/clarifications/:clarification": {form: func(_ *walls, _ *caller, address string) url.Values {
		return url.Values{"answer" + address[strings.LastIndex(address, "/")+1:]: {"All of them."}}
	}},
}

func init() {
	for path, r := range decisionRows {
		rows[path] = r
	}
	for path, s := range decisionSamples {
		samples[path] = s
	}
}
