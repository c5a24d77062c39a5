package handlers

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/search"
	"pilveturg/models/spend"
	"pilveturg/views"
)

// mostNamesShown is how many names of a kind are shown of which nobody knows who or what
// they are.
const mostNamesShown = 100

const fieldIs = "is"

func namePath(id int64) string { return spendPath + "/names/" + strconv.FormatInt(id, 10) }

// showNames lists the names in files of which nobody has said who or what they are, those
// with the most money first.
func (s *Site) showNames(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	page := views.ProjectPage{Heading: f.T("ledger.names"), Text: []string{f.T("ledger.names_text")}, Links: []views.Link{f.link(spendPath, "ledger.title"), f.link(importsPath, "ledger.imports")}}
	for _, kind := range []spend.NameKind{spend.VendorName, spend.BuyerName, spend.CategoryName} {
		names, err := spend.Unknown(r.Context(), s.DB, r.Actor, kind, mostNamesShown)
		if err != nil {
			return web.Reply{}, err
		}
		part := views.ProjectPart{Heading: f.T("ledger.names." + string(kind))}
		for _, n := range names {
			part.Facts = append(part.Facts, views.Row{Key: cmp.Or(n.Name, f.T("ledger.no_name")), Action: views.Link{URL: at(f.Tag, namePath(n.ID)), Text: f.T("ledger.say_who"), For: n.Name}})
		}
		if len(names) == 0 {
			part.Text = []string{f.T("ledger.names_none")}
		}
		page.Parts = append(page.Parts, part)
	}
	page.Parts = append(page.Parts, views.ProjectPart{Heading: f.T("ledger.names_files"), Text: []string{f.T("ledger.names_files_text")}, Links: f.fileLinks(spendPath+"/names", spendPath+"/names")})
	page.Shell = f.page(page.Heading, f.link(spendPath, "ledger.title"))
	page.Section = spendSection
	return web.Page(page), nil
}

// showName asks who or what a name is.
func (s *Site) showName(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "name")
	if err != nil {
		return web.Reply{}, err
	}
	n, err := spend.FindName(r.Context(), s.DB, r.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	return s.nameForm(r, s.fresh(r, nil), n, http.StatusOK)
}

func (s *Site) nameForm(r *web.Request, f *filled, n *spend.Name, status int) (web.Reply, error) {
	choices := views.Choices{Name: fieldIs, Legend: f.T("ledger.who"), One: true}
	if n.Kind == spend.CategoryName {
		for _, c := range s.Schema.Categories {
			choices.Options = append(choices.Options, views.Option{Value: c.Slug, Text: views.In(c.Names, f.Tag).Text})
		}
	} else {
		all, err := s.alike(r, n)
		if err != nil {
			return web.Reply{}, err
		}
		for _, one := range all {
			choices.Options = append(choices.Options, views.Option{Value: strconv.FormatInt(one.id, 10), Text: one.name})
		}
	}
	form := views.Form{Action: at(f.Tag, namePath(n.ID)), Button: f.T("form.save")}
	if len(choices.Options) > 0 {
		form.Inputs = append(form.Inputs, f.ticksOf(choices))
	}
	if n.Kind != spend.CategoryName {
		form.Inputs = append(form.Inputs, f.organisationField())
	}
	page := views.FormPage{Heading: f.T("ledger.who_is", cmp.Or(n.Name, f.T("ledger.no_name"))), Text: []string{f.T("ledger.who_text." + string(n.Kind))}, Form: form, Links: []views.Link{f.link(spendPath+"/names", "ledger.names")}}
	page.Shell = f.page(page.Heading, f.link(spendPath, "ledger.title"), f.link(spendPath+"/names", "ledger.names"))
	page.Section = spendSection
	return web.Status(status, page), nil
}

// likeness is an organisation whose name is like another.
type likeness struct {
	id    int64
	name  string
	words int // that both names have
}

// mostAlike is how many organisations are offered for a name.
const mostAlike = 6

// alike are organisations whose names have words of a name, those with the most first.
func (s *Site) alike(r *web.Request, n *spend.Name) (all []likeness, err error) {
	lists, err := s.lists(r.Context())
	if err != nil {
		return nil, err
	}
	wanted := strings.Fields(search.Fold(n.Name))
	for id, g := range lists.organs.byID {
		if (g.Kind == identity.Vendor) != (n.Kind == spend.VendorName) {
			continue
		}
		best := likeness{id: id, name: views.In(g.Names, r.Lang).Text}
		for _, name := range g.Names {
			own, same := strings.Fields(search.Fold(name)), 0
			for _, word := range wanted {
				if len(word) > 2 && slices.Contains(own, word) {
					same++
				}
			}
			best.words = max(best.words, same)
		}
		if best.words > 0 {
			all = append(all, best)
		}
	}
	slices.SortFunc(all, func(a, b likeness) int {
		return cmp.Or(cmp.Compare(b.words, a.words), cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id))
	})
	return all[:min(len(all), mostAlike)], nil
}

// saveName keeps who or what a name is.
func (s *Site) saveName(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "name")
	if err != nil {
		return web.Reply{}, err
	}
	n, err := spend.FindName(r.Context(), s.DB, r.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	is, category, err := s.saidWho(r, n)
	if err == nil {
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return spend.SayWho(r.Context(), tx, id, is, category) })
	}
	if wrong, bad := invalid(err); bad {
		return s.nameForm(r, s.posted(r, wrong), n, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(at(r.Lang, spendPath+"/names")).Say("ledger.said", n.Name), err
}

// saidWho is what a form says that a name is; a typed organisation goes before a chosen
// one.
func (s *Site) saidWho(r *web.Request, n *spend.Name) (is int64, category string, err error) {
	if n.Kind == spend.CategoryName {
		category = r.Form(fieldIs)
		for _, c := range s.Schema.Categories {
			if c.Slug == category {
				return 0, category, nil
			}
		}
		return 0, "", models.Invalid{fieldIs: "ledger.choose_category"}
	}
	typed := r.Form(fieldOrganisation)
	if strings.TrimSpace(typed) == "" {
		typed = r.Form(fieldIs)
	}
	is, err = s.organisationNamed(r.Context(), typed)
	return is, "", err
}
