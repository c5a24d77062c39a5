package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/views"
)

// showChanges lists the versions of a service that buyers have seen, and shows what
// is different in one of them from another: the last two unless the address names
// others.
func (s *Site) showChanges(r *web.Request) (web.Reply, error) {
	id, m, moved, err := s.serviceMarks(r, changesEnd)
	if err != nil || moved != nil {
		return reply(moved), err
	}
	v, err := s.readService(r.Context(), id)
	if err != nil {
		return web.Reply{}, err
	}
	w := s.speaker(r.Lang)
	path := servicePath(id, m.Slug)
	page := w.changesPage(v, path)
	if len(v.releases) < 2 {
		page.Alone = w.T("change.alone")
		return web.Page(page), nil
	}
	from, err := chosenVersion(r.Query("from"), v.releases, v.releases[1].Number)
	if err != nil {
		return web.Reply{}, err
	}
	to, err := chosenVersion(r.Query("to"), v.releases, v.releases[0].Number)
	if err != nil {
		return web.Reply{}, err
	}
	page.From, page.To = w.versions("from", v.releases, from), w.versions("to", v.releases, to)
	page.Diff, err = s.versionDiff(r, id, from, to)
	page.NoIndex = r.RawQuery() != ""
	return web.Page(page), err
}

func (w speaker) changesPage(v service, path string) views.ChangesPage {
	name, _ := w.nameAndSummary(v.edition.Words)
	p := views.ChangesPage{
		Service: views.Link{URL: at(w.Tag, path), Text: name.Text, Lang: name.Lang}, Heading: w.T("change.title", name.Text),
		Releases: w.releases(v.releases, v.releases, path), Action: at(w.Tag, path+changesEnd),
	}
	p.Shell = w.shell("services", p.Heading, append(w.serviceCrumbs(v), p.Service)...)
	return p
}

// chosenVersion reads the number of a version that buyers have seen.
func chosenVersion(typed string, all []catalogue.Release, otherwise int) (int, error) {
	if typed == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil || !slices.ContainsFunc(all, func(one catalogue.Release) bool { return one.Number == n }) {
		return 0, fmt.Errorf("version %q: %w", typed, models.ErrNotFound)
	}
	return n, nil
}

// versions lets the reader choose a version.
func (w speaker) versions(field string, all []catalogue.Release, chosen int) views.Select {
	s := views.Select{ID: "version-" + field, Name: field, Label: w.T("change." + field)}
	for _, one := range all {
		s.Options = append(s.Options, views.Option{Value: strconv.Itoa(one.Number), Chosen: one.Number == chosen,
			Text: w.T("change.option", w.Number(int64(one.Number)), w.Date(one.Published))})
	}
	return s
}

// versionDiff is what two versions do not have alike.
func (s *Site) versionDiff(r *web.Request, id int64, from, to int) (*views.Diff, error) {
	before, err := catalogue.FindEdition(r.Context(), s.DB, id, from)
	if err != nil {
		return nil, err
	}
	after, err := catalogue.FindEdition(r.Context(), s.DB, id, to)
	if err != nil {
		return nil, err
	}
	w := s.speaker(r.Lang)
	d := differ{w.answered(after.Content, models.DateOf(s.today())), before.Content, after.Content}
	diff := d.diff()
	diff.Title = w.T("change.between", w.Number(int64(from)), w.Number(int64(to)))
	return diff, nil
}

// differ words the differences of two versions.
type differ struct {
	answered
	before, after catalogue.Content
}

func (d differ) diff() *views.Diff {
	v := &views.Diff{Head: views.Head{ID: "diff-caption", Caption: d.T("change.caption"), Columns: []views.Column{
		{Text: d.T("change.field")}, {Text: d.T("change.before")}, {Text: d.T("change.after")}}}}
	for _, one := range catalogue.Diff(d.before, d.after) {
		switch {
		case one.Field == catalogue.FieldPlan && one.Path[len(one.Path)-1] == "code":
			// It names the charge in all other lines of it.
		case one.Field == catalogue.FieldProof && d.joined(v.Rows, one):
		case isLong(one):
			v.Texts = append(v.Texts, d.text(one, len(v.Texts)))
		default:
			v.Rows = append(v.Rows, views.Change{Field: d.field(one), Before: d.values(one, one.Old), After: d.values(one, one.New)})
		}
	}
	if len(v.Rows)+len(v.Texts) == 0 {
		v.Same = d.T("change.same")
	}
	return v
}

// joined puts the proof of an answer that came or went into the row of the answer
// itself; false when there is no such row.
func (d differ) joined(rows []views.Change, one catalogue.Difference) bool {
	if len(rows) == 0 || one.Old != nil && one.New != nil || rows[len(rows)-1].Field != d.questionName(one.Question) {
		return false
	}
	last := &rows[len(rows)-1]
	last.Before = append(last.Before, d.proofWords(one, one.Old)...)
	last.After = append(last.After, d.proofWords(one, one.New)...)
	return true
}

const longText = 200 // bytes from which a text is compared line by line

// isLong reports whether a difference is one of texts that are read line by line.
func isLong(one catalogue.Difference) bool {
	switch one.Field {
	case catalogue.FieldDescription:
		return true
	case catalogue.FieldProof, catalogue.FieldSources, catalogue.FieldDocument:
		return false
	}
	for _, list := range [][]string{one.Old, one.New} {
		for _, text := range list {
			if len(text) > longText || strings.Contains(text, "\n") {
				return true
			}
		}
	}
	return false
}

// text compares two long texts, or two long lists, line by line.
func (d differ) text(one catalogue.Difference, place int) views.TextChange {
	return views.TextChange{ID: "text-" + strconv.Itoa(place+1), Field: d.field(one), Lang: one.Language,
		Lines: lineDiff(strings.Join(one.Old, "\n"), strings.Join(one.New, "\n"))}
}
