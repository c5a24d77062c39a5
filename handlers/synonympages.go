package handlers

import (
	"net/url"
	"slices"
	"strconv"

	"pilveturg/handlers/web"
	"pilveturg/models/search"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// synonymsAddress is the path of the n-th page of the lists that the address asks
// for.
func synonymsAddress(r *web.Request, n int) string {
	return pageAddress(synonymsPath, url.Values{fieldWords: {r.Query(fieldWords)}}, n)
}

// synonymPath is the path of a list.
func synonymPath(id int64) string { return synonymsPath + "/" + strconv.FormatInt(id, 10) }

// synonymsPage is the page of all lists, or of those that the address asks for, with
// what was typed for a new one and its problems. It is not ok when there is no such
// page.
func (s *Site) synonymsPage(r *web.Request, typed string, problems []string) (p views.SynonymsPage, ok bool, err error) {
	lists, err := search.Synonyms(r.Context(), s.DB)
	if err != nil {
		return p, false, err
	}
	w, filter := s.speaker(r.Lang), r.Query(fieldWords)
	done := w.synonymDone(r, lists)
	if filter != "" {
		lists = slices.DeleteFunc(lists, func(l search.SynonymList) bool { return !l.Holds(filter) })
	}
	locale.SortBy(w.Locale, lists, search.SynonymList.String)
	part, ok := cut(r, len(lists), synonymsOnPage)
	p = views.SynonymsPage{
		Shell:  w.adminShell(part.title(w, w.T("synonym.title")), problems),
		Action: at(r.Lang, synonymsPath),
		Add:    w.synonymArea(typed, problems),
		Filter: views.Field{ID: "filter", Name: fieldWords, Label: w.T("synonym.filter"), Value: filter, Width: "w30"},
		Found:  w.N("synonym.count", int64(len(lists))),
		Pager:  part.pager(r.Lang, func(n int) string { return synonymsAddress(r, n) }),
		Head: views.Head{ID: "synonyms", Caption: w.T("synonym.caption"), Columns: []views.Column{
			{Text: w.T("synonym.words")}, {Text: w.T("synonym.changed")}, {Text: w.T("synonym.actions"), Hidden: true, Number: true}}},
		Empty: views.Empty{Title: w.T("synonym.none"), Text: w.T("synonym.none_text")},
	}
	p.Flash = done
	if filter != "" {
		p.Found = w.N("synonym.count_with", int64(len(lists)), filter)
		p.All = w.link(synonymsPath, "synonym.all")
		p.Empty = views.Empty{Title: w.T("synonym.none_with", filter), Text: w.T("synonym.none_with_text")}
	}
	for _, l := range pick(lists, part) {
		p.Rows = append(p.Rows, w.synonymRow(l))
	}
	return p, ok, nil
}

// synonymDone says what was done to get here, if the lists bear it out.
func (w speaker) synonymDone(r *web.Request, lists []search.SynonymList) string {
	i := slices.IndexFunc(lists, func(l search.SynonymList) bool { return strconv.FormatInt(l.ID, 10) == r.Query(fieldList) })
	switch done := r.Query(fieldDone); {
	case done == doneRemoved && i < 0:
		return w.T("synonym.done.removed")
	case (done == doneAdded || done == doneChanged) && i >= 0:
		return w.T("synonym.done."+done, lists[i].String())
	}
	return ""
}

func (w speaker) synonymRow(l search.SynonymList) views.SynonymRow {
	row := views.SynonymRow{Words: l.String(), Changed: w.Time(l.Changed),
		Change: w.link(synonymPath(l.ID), "synonym.change"), Remove: w.link(synonymPath(l.ID)+synonymsRemoval, "synonym.remove")}
	row.Change.For, row.Remove.For = l.Words[0], l.Words[0]
	return row
}

// synonymPage is the form for a list, with what was typed and its problems.
func (w speaker) synonymPage(l search.SynonymList, typed string, problems []string) views.SynonymPage {
	return views.SynonymPage{
		Shell:  w.adminShell(w.T("synonym.change_title"), problems, w.link(synonymsPath, "synonym.title")),
		Action: at(w.Tag, synonymPath(l.ID)),
		Seen:   seen(l),
		Words:  w.synonymArea(typed, problems),
		Back:   w.link(synonymsPath, "synonym.back"),
		Remove: w.link(synonymPath(l.ID)+synonymsRemoval, "synonym.remove_link"),
	}
}

func (w speaker) synonymRemovalPage(l search.SynonymList) views.SynonymRemovalPage {
	return views.SynonymRemovalPage{
		Shell:  w.adminShell(w.T("synonym.remove_title"), nil, w.link(synonymsPath, "synonym.title")),
		Action: at(w.Tag, synonymPath(l.ID)+synonymsRemoval),
		Seen:   seen(l),
		Words:  l.Words,
		Back:   w.link(synonymsPath, "synonym.back"),
	}
}

func seen(l search.SynonymList) views.Hidden {
	return views.Hidden{Name: fieldSeen, Value: strconv.FormatInt(l.Revision, 10)}
}

// synonymArea is the field for the words of a list.
func (w speaker) synonymArea(typed string, problems []string) views.Area {
	return views.Area{ID: fieldSynonyms, Name: fieldSynonyms, Label: w.T("synonym.label"), Hint: w.T("synonym.hint"),
		Value: typed, Errors: problems, Rows: synonymRows}
}

// adminShell is what the pages of administrators have around them. All problems are
// of the one field that their forms have.
func (w speaker) adminShell(title string, problems []string, crumbs ...views.Link) views.Shell {
	s := w.shell("", title, append([]views.Link{w.home(), w.adminCrumb()}, crumbs...)...)
	s.NoIndex, s.Section = true, adminSection
	for _, problem := range problems {
		s.Errors = append(s.Errors, views.FieldError{Field: fieldSynonyms, Message: problem})
	}
	return s
}
