package handlers

import (
	"encoding/json"
	"strconv"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

const dossierEnd = "/evidence"

// mostOfProject is how many events of a project its evidence shows.
const mostOfProject = 2000

// showDossier shows all that a project did and decided by, in one page that can be
// printed: what was locked, what services make of what is asked, questions, scores, the
// decision, the letters, and the log, each with whether it is as it was written.
func (s *Site) showDossier(r *web.Request) (web.Reply, error) {
	v, err := s.verdict(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	proof, err := audit.Prove(r.Context(), s.DB, v.Subject())
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: v.T("dossier.title"), Tags: []views.Tag{v.stageTag(v.Stage())}, Text: []string{v.T("dossier.text")}, Facts: append(s.projectFacts(v.purchase), v.proofRows(proof)...)}
	for _, part := range []func(*web.Request, *verdict) ([]views.ProjectPart, error){s.dossierFound, s.dossierFit, s.dossierQuestions, s.dossierScores, s.dossierDecision} {
		parts, err := part(r, v)
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, parts...)
	}
	if page.Trail, err = s.wholeTrail(r, v); err != nil {
		return web.Reply{}, err
	}
	page.Shell = v.shellOf(page.Heading)
	page.JSON = v.here(dossierEnd + ".json")
	page.Links = []views.Link{{URL: page.JSON, Text: v.T("dossier.json")}, v.way(dossierEnd+".csv", "dossier.csv"), v.way(dossierEnd+".ods", "dossier.ods")}
	return web.Page(page), nil
}

// proofRows say whether each record is as it was written.
func (v *verdict) proofRows(proof audit.Proof) []views.Row {
	check := func(key, value string, intact bool) views.Row {
		row := views.Row{Key: v.T(key), Value: views.Words{Text: value}, Tags: []views.Tag{{Kind: views.OK, Text: v.T("evidence.ok")}}}
		if !intact {
			row.Tags = []views.Tag{{Kind: views.Err, Text: v.T("evidence.not_ok")}}
		}
		return row
	}
	rows := []views.Row{check("dossier.log", v.N("audit.count", int64(proof.Events)), proof.Intact())}
	if !v.LockedAt.IsZero() {
		rows = append(rows, check("evidence.title", v.Time(v.LockedAt), v.Intact))
	}
	if v.decided.Hash != "" {
		_, intact, err := v.decided.Sealed()
		row := check("dossier.decision", v.Time(v.decided.ApprovedAt), intact && err == nil)
		row.Note = v.T("dossier.hash", v.decided.Hash)
		rows = append(rows, row)
	}
	return rows
}

// dossierFound is the list that was locked, with the reason for each service.
func (s *Site) dossierFound(r *web.Request, v *verdict) ([]views.ProjectPart, error) {
	part := views.ProjectPart{Heading: v.T("evidence.title")}
	if v.LockedAt.IsZero() {
		table, err := v.serviceGrid().table(r, v.services, whole(len(v.services)))
		part.Heading, part.Table = v.T("shortlist.title"), &table
		return []views.ProjectPart{part}, err
	}
	table, err := s.evidenceGrid(v.purchase, &v.Record, v.Seen).table(r, v.Record.Results, whole(len(v.Record.Results)))
	part.Table, part.Links = &table, []views.Link{v.way("/search", "project.evidence")}
	return []views.ProjectPart{part}, err
}

// dossierFit is what the services that are kept make of what is asked, with what was
// found out. It shows all of them at once, and nothing to press.
func (s *Site) dossierFit(r *web.Request, v *verdict) ([]views.ProjectPart, error) {
	if len(v.asked) == 0 {
		return nil, nil
	}
	shown := *v.purchase
	shown.actor = models.Actor{} // nothing to change
	shown.services = nil
	for _, c := range v.kept() {
		shown.services = append(shown.services, *c)
	}
	part, err := s.fitPart(r, &shown, whole(len(shown.services)))
	part.Links = nil
	return []views.ProjectPart{part}, err
}

func (s *Site) dossierQuestions(r *web.Request, v *verdict) (parts []views.ProjectPart, err error) {
	all, err := procurement.Questions(r.Context(), s.DB, v.ID)
	shown := *v.purchase
	shown.actor = models.Actor{}
	for i := range all {
		part := s.questionPart(&shown, &all[i])
		part.Heading = v.T("dossier.question", part.Heading)
		parts = append(parts, part)
	}
	if err != nil {
		return nil, err
	}
	back, err := s.clarifiedParts(r, &shown)
	return append(parts, back...), err
}

func (s *Site) dossierScores(r *web.Request, v *verdict) ([]views.ProjectPart, error) {
	if len(v.Scoring.Criteria) == 0 || len(v.Ranking) == 0 {
		return nil, nil
	}
	shown := *v.contest
	bare := *v.purchase
	bare.actor = models.Actor{}
	shown.purchase = &bare
	parts, err := s.givenPart(r, &shown)
	return append([]views.ProjectPart{shown.criteriaPart(), shown.rankingPart()}, parts...), err
}

func (s *Site) dossierDecision(r *web.Request, v *verdict) ([]views.ProjectPart, error) {
	if v.decided.Revision == 0 {
		return nil, nil
	}
	facts, err := s.decisionFacts(r, v)
	if err != nil {
		return nil, err
	}
	parts := []views.ProjectPart{{Heading: v.T("decision.title"), Facts: facts}}
	sent, err := procurement.Letters(r.Context(), s.DB, v.ID)
	if err != nil || len(sent) == 0 {
		return parts, err
	}
	letters := views.ProjectPart{Heading: v.T("decision.letters"), Links: []views.Link{v.way(decisionEnd+"/letters", "dossier.letters")}}
	for i := range sent {
		row := v.letterRow(&sent[i])
		row.Key = v.serviceName(sent[i].OfferingID)
		letters.Facts = append(letters.Facts, row)
	}
	return append(parts, letters), nil
}

// wholeTrail is the log of the project from its beginning, for those of its
// organisation.
func (s *Site) wholeTrail(r *web.Request, v *verdict) (*views.Trail, error) {
	events, err := audit.Of(r.Context(), s.DB, mostOfProject, v.Subject())
	if err != nil {
		return nil, err
	}
	b, err := s.about(r.Context(), s.DB, events)
	if err != nil {
		return nil, err
	}
	t := &views.Trail{}
	for _, e := range events {
		t.Rows = append(t.Rows, v.done(e, b, r.Actor.Is(models.Administrator)))
	}
	return t, nil
}

// dossierFile is the evidence for programs.
type dossierFile struct {
	Project  string               `json:"project"`
	Name     string               `json:"name"`
	Stage    procurement.Stage    `json:"stage"`
	Locked   *procurement.Record  `json:"locked_search"` // null until it is locked
	LockHash string               `json:"locked_hash,omitempty"`
	Decision *procurement.Dossier `json:"decision"` // null until it is approved
	Hash     string               `json:"decision_hash,omitempty"`
	Intact   bool                 `json:"intact"` // what was locked and decided, and the log of it
	Events   []audit.Event        `json:"events"` // the oldest first
}

// dossierJSON answers with the evidence for programs.
func (s *Site) dossierJSON(r *web.Request) (web.Reply, error) {
	v, err := s.verdict(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	proof, err := audit.Prove(r.Context(), s.DB, v.Subject())
	if err != nil {
		return web.Reply{}, err
	}
	file := dossierFile{Project: v.Code(), Name: v.Name, Stage: v.Stage(), Intact: proof.Intact()}
	if !v.LockedAt.IsZero() {
		e, err := procurement.FindEvidence(r.Context(), s.DB, v.ID)
		if err != nil {
			return web.Reply{}, err
		}
		file.Locked, file.LockHash, file.Intact = &v.Record, e.Hash, file.Intact && v.Intact
	}
	if v.decided.Hash != "" {
		f, intact, err := v.decided.Sealed()
		if err != nil {
			return web.Reply{}, err
		}
		file.Decision, file.Hash, file.Intact = &f, v.decided.Hash, file.Intact && intact
	}
	events, err := audit.Of(r.Context(), s.DB, mostOfProject, v.Subject())
	if err != nil {
		return web.Reply{}, err
	}
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		e.From = "" // where people sat is nobody's business here
		for k := range e.Changes {
			if e.Changes[k].Person != 0 && !r.Actor.Is(models.Administrator) {
				e.Changes[k].Old, e.Changes[k].New = "", ""
			}
		}
		file.Events = append(file.Events, e)
	}
	text, err := json.MarshalIndent(file, "", "  ")
	return web.Data("application/json", text, 0), err
}

// dossierRows are the services of the project in a table: what was looked for, when,
// and what became of each.
func (s *Site) dossierRows(r *web.Request, v *verdict) [][]string {
	var head []string
	for _, key := range []string{"project.number", "project.search", "evidence.at", "dossier.number", "fit.service", "evidence.version", "shortlist.standing", "project.reason", "dossier.cost", "score.total", "dossier.chosen", "dossier.address"} {
		head = append(head, v.T(key))
	}
	rows := [][]string{head}
	words, locked := v.T("evidence.by_number"), ""
	if v.Search != "" {
		words, _ = s.searchWords(v.Tag, v.Search)
	}
	if !v.LockedAt.IsZero() {
		locked = v.Time(v.LockedAt)
	}
	for i := range v.services {
		c := &v.services[i]
		standing := v.standingCell(*c)
		row := []string{v.Code(), words, locked, catalogue.Number(c.Offering.ID), c.name(v.speaker).Text, strconv.Itoa(c.Edition.Number), standing.Tags[0].Text, wordsOf(views.Cell{Lines: standing.Lines}), "", "", "", s.origin(r) + at(v.Tag, servicePath(c.Offering.ID, c.Offering.Slug))}
		if one, ok := v.Rank(c.Offering.ID); ok {
			row[8] = v.cents(one.Cents)
			if one.Complete && len(one.Points) > 0 {
				row[9] = v.points(one.Total)
			}
		}
		if v.decided.OfferingID == c.Offering.ID {
			row[10] = v.T("answer.value." + catalogue.Yes)
		}
		rows = append(rows, row)
	}
	return rows
}

// dossierCSV answers with the services of the project as a table.
func (s *Site) dossierCSV(r *web.Request) (web.Reply, error) {
	v, err := s.verdict(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	return csvReply(s.dossierRows(r, v))
}

// dossierODS answers with the same, the requirements and the log as a spreadsheet.
func (s *Site) dossierODS(r *web.Request) (web.Reply, error) {
	v, err := s.verdict(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	trail, err := s.wholeTrail(r, v)
	if err != nil {
		return web.Reply{}, err
	}
	sheets := []odsSheet{{v.T("project.services"), s.dossierRows(r, v)}, {v.T("requirement.title"), v.requirementRows()}, {v.T("dossier.log"), nil}}
	for _, d := range trail.Rows {
		row := []string{d.Number, d.When, d.Who, d.What}
		for _, c := range d.Changes {
			row = append(row, changeWords(c))
		}
		sheets[2].rows = append(sheets[2].rows, row)
	}
	for i := range sheets {
		for k := range sheets[i].rows {
			sheets[i].rows[k] = harmless(sheets[i].rows[k])
		}
	}
	file, err := ods(sheets)
	return web.Data(odsKind, file, 0), err
}

// changeWords are what became of a field, in one line.
func changeWords(c views.Became) string {
	switch {
	case c.Hidden != "":
		return c.Field + ": " + c.Hidden
	case c.Old.Text == "":
		return c.Field + ": " + c.New.Text
	}
	return c.Field + ": " + c.Old.Text + " → " + c.New.Text
}

// requirementRows are the requirements, with what each service that is kept makes of
// them.
func (v *verdict) requirementRows() [][]string {
	head := []string{v.T("requirement.force"), v.T("requirement.words"), v.T("requirement.weight")}
	for _, c := range v.kept() {
		head = append(head, v.serviceName(c.Offering.ID))
	}
	rows := [][]string{head}
	for i, q := range v.asked {
		row := []string{v.T("requirement.force." + string(q.Force)), q.Words, strconv.Itoa(q.Weight)}
		for _, c := range v.kept() {
			row = append(row, v.T("fit.verdict."+string(c.fits[i].Verdict)))
		}
		rows = append(rows, row)
	}
	return rows
}
