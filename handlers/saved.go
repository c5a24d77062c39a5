package handlers

import (
	"net/http"
	"net/url"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/saved"
	"pilveturg/views"
)

const (
	savedPath = "/saved"
	// fieldQuery is what the address of a search or comparison asks for.
	fieldQuery = "query"
)

// saveLink leads to where a search or a comparison is kept; for visitors by way of the
// sign-in, which comes back to it.
func saveLink(w speaker, a models.Actor, kind saved.Kind, query string) (views.Link, bool) {
	if a.SignedIn() && !a.Is(models.Buyer) || len(query) > saved.MaxQuery {
		return views.Link{}, false
	}
	q := url.Values{fieldKind: {string(kind)}, fieldQuery: {query}}
	return views.Link{URL: at(w.Tag, withQuery(savedPath+"/new", q.Encode())), Text: w.T("saved.save." + string(kind))}, true
}

// findsNow are the services that a kept search finds now. The price for a volume and the
// order of the results are part of the search, the page is not.
func (s *Site) findsNow(lang, query string) ([]int64, error) {
	if err := s.searchable(); err != nil {
		return nil, err
	}
	typed, _ := url.ParseQuery(query) // what cannot be read asks for nothing
	a := s.ask(lang, typed)
	a.req.Offset, a.req.Limit = 0, saved.MaxFound+1
	res := a.search(s.Index)
	ids := make([]int64, 0, len(res.Hits))
	for i := range res.Hits {
		ids = append(ids, res.Hits[i].ID)
	}
	return ids, nil
}

// goesTo is where a kept item is looked at.
func goesTo(i *saved.Item) string {
	if i.Kind == saved.Comparison {
		return withQuery(comparePath, i.Query)
	}
	return withQuery("/services", i.Query)
}

// listSaved lists what the reader keeps, with what is new since the last look.
func (s *Site) listSaved(r *web.Request) (web.Reply, error) {
	all, err := saved.All(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	page := views.ProjectPage{Heading: f.T("saved.title"), Text: []string{f.T("saved.text")}, Links: []views.Link{f.link("/services", "shortlist.to_catalogue"), f.link(comparePath, "compare.title")}}
	if len(all) == 0 {
		page.Notices = append(page.Notices, views.Notice{Kind: views.Info, Title: f.T("saved.none"), Text: f.T("saved.none_text")})
	}
	for i := range all {
		one := &all[i]
		part := views.ProjectPart{Heading: one.Name, Text: []string{f.T("saved.kind." + string(one.Kind))}}
		if one.Kind == saved.Search {
			found, err := s.findsNow(r.Lang, one.Query)
			if err != nil {
				return web.Reply{}, err
			}
			part.Text = []string{f.savedWords(one, found)}
		}
		here := at(r.Lang, savedPath+"/"+strconv.FormatInt(one.ID, 10))
		part.Forms = []views.Form{{Action: here, Button: f.T("saved.open", one.Name)}, {Action: here + "/removal", Button: f.T("saved.remove", one.Name), Stop: true}}
		page.Parts = append(page.Parts, part)
	}
	page.Shell = f.page(page.Heading, f.link(projectsPath, "section.projects"))
	page.Section = projectsSection
	return web.Page(page), nil
}

// savedWords say what is new.
func (f *filled) savedWords(i *saved.Item, found []int64) string {
	more, fewer, ok := i.New(found)
	if !ok {
		return f.T("saved.lots", f.Number(int64(min(i.Total, saved.MaxFound))), f.Time(i.At))
	}
	return f.T("saved.found", f.Number(int64(len(found))), f.Number(int64(more)), f.Number(int64(fewer)), f.Time(i.At))
}

// showSave asks for the name under which something is kept.
func (s *Site) showSave(r *web.Request) (web.Reply, error) {
	q := r.Values()
	return s.saveForm(r, s.fresh(r, map[string]string{fieldKind: q.Get(fieldKind), fieldQuery: q.Get(fieldQuery)}), http.StatusOK)
}

func (s *Site) saveForm(r *web.Request, f *filled, status int) (web.Reply, error) {
	i := saved.Item{Kind: saved.Kind(f.typed(fieldKind)), Query: f.typed(fieldQuery)}
	if i.Kind != saved.Search && i.Kind != saved.Comparison || len(i.Query) > saved.MaxQuery {
		return web.Reply{}, models.ErrNotFound
	}
	all, err := saved.All(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	page := views.FormPage{Heading: f.T("saved.save." + string(i.Kind)), Text: []string{f.T("saved.save_text")}}
	page.Form = views.Form{Action: at(f.Tag, savedPath+"/new"), Button: f.T("form.save"), Hidden: []views.Hidden{{Name: fieldKind, Value: string(i.Kind)}, {Name: fieldQuery, Value: i.Query}},
		Inputs: []views.Input{f.field(views.Field{Name: "name", Label: f.T("saved.name"), Hint: f.T("saved.name_hint"), Width: "w30"})}}
	if len(all) > 0 {
		options := []views.Option{{Text: f.T("saved.new_one")}}
		for _, one := range all {
			options = append(options, views.Option{Value: one.Name, Text: one.Name})
		}
		page.Form.Inputs = append(page.Form.Inputs, f.choose(views.Select{Name: "over", Label: f.T("saved.over"), Options: options}))
	}
	page.Links = []views.Link{{URL: at(f.Tag, goesTo(&i)), Text: f.T("saved.back")}}
	page.Shell = f.page(page.Heading, f.link(projectsPath, "section.projects"), f.link(savedPath, "saved.title"))
	page.Section = projectsSection
	return web.Status(status, page), nil
}

// keepSearch keeps a search or a comparison.
func (s *Site) keepSearch(r *web.Request) (web.Reply, error) {
	i := saved.Item{Kind: saved.Kind(r.Form(fieldKind)), Query: r.Form(fieldQuery), Name: clean(r.Form("name"))}
	over := r.Form("over")
	if over != "" {
		i.Name = over
	}
	var found []int64
	var err error
	if i.Kind == saved.Search {
		if found, err = s.findsNow(r.Lang, i.Query); err != nil {
			return web.Reply{}, err
		}
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return saved.Keep(r.Context(), tx, &i, found, over != "") })
	if wrong, bad := invalid(err); bad {
		return s.saveForm(r, s.posted(r, wrong), http.StatusUnprocessableEntity)
	}
	return web.SeeOther(at(r.Lang, savedPath)).Say("saved.done"), err
}

// openSaved leads to what is kept, and notes that it was looked at.
func (s *Site) openSaved(r *web.Request) (web.Reply, error) {
	i, err := s.savedItem(r)
	if err != nil {
		return web.Reply{}, err
	}
	if i.Kind == saved.Search {
		found, err := s.findsNow(r.Lang, i.Query)
		if err != nil {
			return web.Reply{}, err
		}
		if err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return saved.Look(r.Context(), tx, i.ID, found) }); err != nil {
			return web.Reply{}, err
		}
	}
	return web.SeeOther(at(r.Lang, goesTo(&i))), nil
}

// savedItem is what the address names.
func (s *Site) savedItem(r *web.Request) (saved.Item, error) {
	id, err := numberIn(r, "saved")
	if err != nil {
		return saved.Item{}, err
	}
	return saved.Find(r.Context(), s.DB, r.Actor, id)
}

// removeSaved forgets what is kept.
func (s *Site) removeSaved(r *web.Request) (web.Reply, error) {
	i, err := s.savedItem(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return saved.Remove(r.Context(), tx, i.ID) })
	return web.SeeOther(at(r.Lang, savedPath)).Say("saved.removed"), err
}
