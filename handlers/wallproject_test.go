package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/procurement"
)

// buying is the caller with all that a buyer of the organisation may do.
func (c *caller) buying() models.Actor {
	a := c.actor()
	a.Rights = models.Rights
	return a
}

// writeAs writes as somebody.
func (w *walls) writeAs(a models.Actor, f func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.DB.Write(w.t.Context(), a, f); err != nil {
		w.t.Fatal(err)
	}
}

// aProject is a project that keeps a service and asks something. A buyer of the
// organisation leads it, the owner if it is one; others are evaluators of it.
func (w *walls) aProject(owner *caller) string {
	w.t.Helper()
	lead := owner
	for _, c := range w.callers {
		if owner.role != models.Buyer && c.role == models.Buyer && c.org == owner.org {
			lead = c
		}
	}
	p := procurement.Project{Name: wordOfPerson + owner.name, Kind: procurement.Small, Years: 1, Value: -1}
	w.writeAs(lead.buying(), func(tx *db.Tx) error {
		if err := procurement.Begin(w.t.Context(), tx, w.Schema, &p, w.word(), []int64{1}); err != nil {
			return err
		}
		asked := []procurement.Requirement{{Force: procurement.Must, Words: "In Europe", Way: procurement.ByAnswer, Subject: procurement.SubjectArea, Operator: procurement.Is, Wanted: "eu"}}
		_, err := procurement.Require(w.t.Context(), tx, w.Schema, p.ID, w.word(), asked)
		if err != nil || owner.role != models.Evaluator {
			return err
		}
		now, err := procurement.Find(w.t.Context(), tx, tx.Actor, p.ID)
		if err != nil {
			return err
		}
		return procurement.SetPeople(w.t.Context(), tx, p.ID, now.Revision, []procurement.Named{{AccountID: lead.account, Part: procurement.Lead}, {AccountID: owner.account, Part: procurement.Evaluator}})
	})
	return projectPrefix + strconv.FormatInt(p.ID, 10)
}

// aLockedProject is a project whose search is locked.
func (w *walls) aLockedProject(owner *caller) string {
	w.t.Helper()
	project := w.aProject(owner)
	id, _ := parseName(project, projectPrefix)
	var lead int64
	if err := w.DB.Get(w.t.Context(), &lead, `SELECT account_id FROM project_people WHERE project_id = ? AND part = 'lead'`, id); err != nil {
		w.t.Fatal(err)
	}
	a := models.Actor{AccountID: lead, OrgID: owner.org, Roles: []models.Role{models.Buyer}, Rights: models.Rights}
	w.writeAs(a, func(tx *db.Tx) error { return procurement.Lock(w.t.Context(), tx, id, nil) })
	return project
}

// aRequirement is the one of the project that was made last.
func (w *walls) aRequirement(*caller) string {
	var id int64
	if err := w.DB.Get(w.t.Context(), &id, `SELECT max(id) FROM requirements`); err != nil {
		w.t.Fatal(err)
	}
	return strconv.FormatInt(id, 10)
}

// facts are those of a project, as it was seen in the address.
func (w *walls) facts(_ *caller, address string) url.Values {
	form := url.Values{"name": {"Journal"}, "kind": {"small"}, "years": {"2"}, fieldOnce: {w.word()}}
	if parts := strings.Split(address, "/"); len(parts) > 4 {
		form.Set(fieldSeen, w.revisionOf(`SELECT revision FROM projects WHERE id = ?`, strings.TrimPrefix(parts[3], projectPrefix)))
	}
	return form
}

func (w *walls) revisionOf(query, id string) string {
	var revisions []int64
	if err := w.DB.Select(w.t.Context(), &revisions, query, id); err != nil {
		w.t.Fatal(err)
	}
	if len(revisions) == 0 {
		return "1"
	}
	return strconv.FormatInt(revisions[0], 10)
}

// named names the caller as the lead of the project in the address.
func (w *walls) named(c *caller, address string) url.Values {
	form := w.facts(c, address)
	return url.Values{fieldSeen: form[fieldSeen], fieldNamed + strconv.FormatInt(c.account, 10): {"lead"}}
}

// adding puts a service into a project of the caller.
func (w *walls) adding(c *caller, _ string) url.Values {
	form := url.Values{fieldService: {"sc-1"}}
	if c.role == models.Buyer {
		form.Set("project", w.aProject(c))
	}
	return form
}

// copying takes the requirements of another project of the organisation.
func (w *walls) copying(c *caller, address string) url.Values {
	var id int64
	const q = `SELECT COALESCE(max(id), 0) FROM projects WHERE organisation_id = ? AND id <> CAST(? AS BIGINT)`
	if err := w.DB.Get(w.t.Context(), &id, q, c.org, strings.TrimPrefix(strings.Split(address, "/")[3], projectPrefix)); err != nil {
		w.t.Fatal(err)
	}
	return url.Values{fieldOnce: {w.word()}, "project": {projectPrefix + strconv.FormatInt(id, 10)}}
}

// once is a form that is like no other.
func (w *walls) once(pairs ...string) url.Values {
	form := formOf(pairs...)(w, nil, "")
	form.Set(fieldOnce, w.word())
	return form
}

func (w *walls) asking(*caller, string) url.Values {
	return w.once("subject", "way.question", "words", w.word(), "force", "wish", "weight", "5")
}

func (w *walls) askingTable(*caller, string) url.Values {
	return w.once("table", "requirement;force\n"+w.word()+";wish")
}

func (w *walls) judging(*caller, string) url.Values {
	return w.once("verdict", "met", "reason", "Shown.", "source", "A letter")
}

// changing changes the requirement in the address.
func (w *walls) changing(_ *caller, address string) url.Values {
	parts := strings.Split(address, "/")
	return url.Values{fieldSeen: {w.revisionOf(`SELECT revision FROM requirements WHERE id = ?`, parts[len(parts)-1])},
		"subject": {procurement.SubjectArea}, "operator": {"is"}, "wanted": {"eea"}, "words": {"Near"}, "force": {"must"}, "weight": {"1"}}
}

// aSubject is what a new requirement is about.
func (w *walls) aSubject() url.Values { return url.Values{"subject": {"sign_in"}} }
