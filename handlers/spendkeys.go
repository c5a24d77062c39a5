package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/views"
	"pilveturg/views/locale"
)

const (
	keysPath   = spendPath + "/keys"
	sharesPath = spendPath + "/shares"

	fieldMeasure = "measure"
	fieldDay     = "day"
	fieldBody    = "body"    // bodies that a form asks about
	fieldWeigh   = "weight." // with the number of a body
)

// mostBodiesAsked is how many bodies a form asks about.
const mostBodiesAsked = 300

func keyPath(id int64, end string) string {
	return keysPath + "/" + strconv.FormatInt(id, 10) + end
}

// listKeys lists the keys of the reader's organisation, and asks for another.
func (s *Site) listKeys(r *web.Request) (web.Reply, error) {
	return s.keysPage(r, s.fresh(r, map[string]string{fieldMeasure: string(spend.Users)}), http.StatusOK)
}

func (s *Site) keysPage(r *web.Request, f *filled, status int) (web.Reply, error) {
	keys, err := spend.Keys(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	list := views.ProjectPart{Heading: f.T("share.keys")}
	for i := range keys {
		list.Facts = append(list.Facts, views.Row{Key: keys[i].Name, Value: views.Words{Text: f.measureWords(&keys[i])}, URL: at(f.Tag, keyPath(keys[i].ID, ""))})
	}
	if len(keys) == 0 {
		list.Text = []string{f.T("share.keys_none")}
	}
	measures := views.Choices{Name: fieldMeasure, Legend: f.T("share.measure"), One: true}
	for _, m := range spend.Measures() {
		measures.Options = append(measures.Options, views.Option{Value: string(m), Text: f.T("share.measure." + string(m))})
	}
	form := views.Form{Action: at(f.Tag, keysPath), Button: f.T("share.key_make"), Inputs: []views.Input{f.field(views.Field{Name: "name", Label: f.T("share.key_name"), Hint: f.T("share.key_name_hint"), Width: "w30", Needed: true}), f.ticksOf(measures),
		f.field(views.Field{Name: "words", Label: f.T("share.words"), Hint: f.T("share.words_hint"), Width: "w30"})}}
	page := views.ProjectPage{Heading: f.T("share.keys"), Text: []string{f.T("share.keys_text")}, Links: []views.Link{f.link(sharesPath, "share.title")}, Parts: []views.ProjectPart{list, {Heading: f.T("share.key_new"), Forms: []views.Form{form}}}}
	page.Shell = f.page(page.Heading, f.link(spendPath, "ledger.title"), f.link(sharesPath, "share.title"))
	page.Section = spendSection
	return web.Status(status, page), nil
}

// measureWords say what the weights of a key are.
func (w speaker) measureWords(k *spend.Key) string {
	if k.Measure == spend.OtherThan {
		return k.Words
	}
	return w.T("share.measure." + string(k.Measure))
}

// makeKey adds a key, and asks for its weights.
func (s *Site) makeKey(r *web.Request) (web.Reply, error) {
	var k *spend.Key
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		k, err = spend.MakeKey(r.Context(), tx, spend.Key{Name: clean(r.Form("name")), Measure: spend.Measure(r.Form(fieldMeasure)), Words: clean(r.Form("words"))})
		return err
	})
	if wrong, bad := invalid(err); bad {
		return s.keysPage(r, s.posted(r, wrong), http.StatusUnprocessableEntity)
	}
	if err != nil {
		return web.Reply{}, err
	}
	return web.SeeOther(at(r.Lang, keyPath(k.ID, "/version"))).Say("share.key_made"), nil
}

// keyIn is the key that the address names.
func (s *Site) keyIn(r *web.Request) (*spend.Key, error) {
	id, err := numberIn(r, "key")
	if err != nil {
		return nil, err
	}
	return spend.FindKey(r.Context(), s.DB, r.Actor, id)
}

// bodyName is what an organisation is called.
func (o *organs) bodyName(id int64, lang string) string {
	if g := o.byID[id]; g != nil {
		return g.name(lang).Text
	}
	return strconv.FormatInt(id, 10)
}

// showKey shows what a key is and was, the latest first.
func (s *Site) showKey(r *web.Request) (web.Reply, error) {
	k, err := s.keyIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	versions, err := spend.Versions(r.Context(), s.DB, r.Actor, k.ID)
	if err != nil {
		return web.Reply{}, err
	}
	all, err := s.lists(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	page := views.ProjectPage{Heading: k.Name, Text: []string{f.T("share.key_text")}, Facts: []views.Row{{Key: f.T("share.measure"), Value: views.Words{Text: f.measureWords(k)}}}, Links: []views.Link{f.link(keyPath(k.ID, "/version"), "share.version_new")}}
	for i := range versions {
		v := &versions[i]
		g := &grid[spend.BodyWeight]{speaker: f.speaker, id: "version-" + strconv.FormatInt(v.ID, 10), caption: f.T("share.weights"), columns: []column[spend.BodyWeight]{
			{head: f.T("share.body"), cell: func(b spend.BodyWeight) views.Cell { return words(all.organs.bodyName(b.OrgID, f.Tag)) }},
			{head: f.T("share.weight"), number: true, cell: func(b spend.BodyWeight) views.Cell { return words(f.Exact(b.Weight, "")) }},
		}}
		table, err := g.table(r, v.Weights, whole(len(v.Weights)))
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, views.ProjectPart{Heading: f.T("share.from_day", f.Date(v.Day)), Text: []string{f.T("share.version_made", f.Time(v.Created))}, Table: &table})
	}
	if len(versions) == 0 {
		page.Notices = []views.Notice{{Kind: views.Warn, Title: f.T("share.no_weights"), Text: f.T("share.no_weights_text")}}
	}
	page.Shell = f.page(k.Name, f.link(spendPath, "ledger.title"), f.link(sharesPath, "share.title"), f.link(keysPath, "share.keys"))
	page.Section = spendSection
	return web.Page(page), nil
}

// weighing is a form that says what a key is from a day on.
type weighing struct {
	*filled
	key    *spend.Key
	bodies []*organ
	all    *names
}

// showVersion asks what a key is from a day on. What it was stands in the form already.
func (s *Site) showVersion(r *web.Request) (web.Reply, error) {
	k, err := s.keyIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	versions, err := spend.Versions(r.Context(), s.DB, r.Actor, k.ID)
	if err != nil {
		return web.Reply{}, err
	}
	all, err := s.lists(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	values := map[string]string{fieldDay: models.DateOf(s.DB.Now()).String()[:8] + "01"}
	var ids []int64
	if len(versions) > 0 {
		for _, b := range versions[0].Weights {
			ids = append(ids, b.OrgID)
			values[fieldWeigh+strconv.FormatInt(b.OrgID, 10)] = b.Weight.String()
		}
	}
	if own := all.organs.byID[r.Actor.OrgID]; own != nil {
		ids = append(ids, own.all()...)
		if own.Parent != nil {
			for _, beside := range own.Parent.Below {
				ids = append(ids, beside.ID)
			}
		}
	}
	w := &weighing{filled: s.fresh(r, values), key: k, all: all}
	w.ask(ids)
	return s.versionPage(w, http.StatusOK), nil
}

// ask has the form ask about bodies, in the order of their names.
func (w *weighing) ask(ids []int64) {
	ids = unique(ids)
	var known []*organ
	for _, id := range ids[:min(len(ids), mostBodiesAsked)] {
		if g := w.all.organs.byID[id]; g != nil && g.Kind != "vendor" {
			known = append(known, g)
		}
	}
	w.bodies = w.all.organs.sorted(w.Tag, known)
}

func (s *Site) versionPage(w *weighing, status int) web.Reply {
	form := views.Form{Action: at(w.Tag, keyPath(w.key.ID, "/version")), Button: w.T("form.save"), Inputs: []views.Input{w.field(views.Field{Name: fieldDay, Label: w.T("share.day"), Hint: w.T("share.day_hint"), Kind: "date", Needed: true})}}
	for _, g := range w.bodies {
		id := strconv.FormatInt(g.ID, 10)
		form.Hidden = append(form.Hidden, views.Hidden{Name: fieldBody, Value: id})
		form.Inputs = append(form.Inputs, w.field(views.Field{Name: fieldWeigh + id, Label: g.name(w.Tag).Text, Mode: "decimal", Width: "w12"}))
	}
	form.Inputs = append(form.Inputs, w.field(views.Field{Name: fieldOrganisation, Label: w.T("share.another_body"), Hint: w.T("share.another_body_hint"), Width: "w30"}))
	page := views.FormPage{Heading: w.T("share.version_of", w.key.Name), Text: []string{w.T("share.version_text." + string(w.key.Measure))}, Form: form, Links: []views.Link{w.link(keyPath(w.key.ID, ""), "share.back_to_key")}}
	page.Shell = w.page(page.Heading, w.link(spendPath, "ledger.title"), w.link(sharesPath, "share.title"), w.link(keysPath, "share.keys"))
	page.Section = spendSection
	return web.Status(status, page)
}

// saveVersion keeps what a key is from a day on. Where another body is named the form is
// shown again with it.
func (s *Site) saveVersion(r *web.Request) (web.Reply, error) {
	k, err := s.keyIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	w := &weighing{filled: s.posted(r, nil), key: k}
	w.words = map[string]string{}
	if w.all, err = s.lists(r.Context()); err != nil {
		return web.Reply{}, err
	}
	var ids []int64
	for _, text := range r.Forms(fieldBody) {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	if strings.TrimSpace(r.Form(fieldOrganisation)) != "" {
		return s.anotherBody(r, w, ids)
	}
	w.ask(ids)
	day := w.dayIn(fieldDay)
	var weights []spend.BodyWeight
	for _, g := range w.bodies {
		field := fieldWeigh + strconv.FormatInt(g.ID, 10)
		if strings.TrimSpace(r.Form(field)) == "" {
			continue
		}
		d, err := locale.ParseDecimal(r.Form(field))
		if err != nil {
			w.words[field] = w.NumberProblem(err)
		}
		weights = append(weights, spend.BodyWeight{OrgID: g.ID, Weight: models.ExactOf(d)})
	}
	if len(w.words) > 0 {
		return s.versionPage(w, http.StatusUnprocessableEntity), nil
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		_, err := spend.ChangeKey(r.Context(), tx, k.ID, day, weights)
		return err
	})
	wrong, bad := invalid(err)
	if w.wrong = wrong; bad {
		return s.versionPage(w, http.StatusUnprocessableEntity), nil
	}
	return web.SeeOther(at(r.Lang, keyPath(k.ID, ""))).Say("share.version_done"), err
}

// anotherBody shows the form again, with the body that was named or why there is none.
func (s *Site) anotherBody(r *web.Request, w *weighing, ids []int64) (web.Reply, error) {
	id, err := s.organisationNamed(r.Context(), r.Form(fieldOrganisation))
	if err == nil && w.all.organs.byID[id].Kind == "vendor" {
		err = models.Invalid{fieldOrganisation: "share.no_body"}
	}
	wrong, bad := invalid(err)
	if err != nil && !bad {
		return web.Reply{}, err
	}
	status := http.StatusOK
	if w.wrong = wrong; bad {
		status = http.StatusUnprocessableEntity
	} else {
		ids = append(slices.Clip([]int64{id}), ids...)
		typed := w.typed
		w.typed = func(field string) string {
			if field == fieldOrganisation {
				return ""
			}
			return typed(field)
		}
	}
	w.ask(ids)
	return s.versionPage(w, status), nil
}
