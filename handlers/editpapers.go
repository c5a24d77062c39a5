package handlers

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/documents"
	"pilveturg/views"
)

// paperPrefix begins the names of the fields of a document.
func paperPrefix(i int) string { return fmt.Sprintf("d%d.", i) }

var paperName = regexp.MustCompile(`^d(\d{1,3})\.([a-z_]+)$`)

// The buttons in the form of documents.
const (
	actAddPaper  = "add-paper"
	actDropPaper = "drop-paper"
	actAddFile   = "add-file" // with the id of a document
)

func fillPapers(v url.Values, papers []catalogue.Paper) {
	for i, p := range papers {
		title, lang := p.Titles.Pick(p.Language)
		for name, text := range map[string]string{"code": p.Code, "title": title, "title_language": lang, "kind": string(p.Kind), "url": p.URL, "file": p.File,
			"language": p.Language, "issued": p.Issued.String(), "valid_until": p.ValidUntil.String()} {
			v.Set(paperPrefix(i)+name, text)
		}
	}
}

// paperRows are the documents in a form, in their order.
func paperRows(v url.Values) []url.Values {
	var rows []url.Values
	for name, values := range v {
		m := paperName.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		i, _ := strconv.Atoi(m[1])
		rows = grow(rows, i, func() url.Values { return url.Values{} })
		rows[i][m[2]] = values
	}
	return rows
}

func writePapers(v url.Values, rows []url.Values) {
	for name := range v {
		if paperName.MatchString(name) {
			delete(v, name)
		}
	}
	for i, row := range rows {
		for name, values := range row {
			v[paperPrefix(i)+name] = values
		}
	}
}

// changePapers does what a button asks, and says whether it was one of these.
func changePapers(v url.Values, act string) bool {
	word, place, _ := strings.Cut(act, ":")
	rows := paperRows(v)
	at, err := strconv.Atoi(place)
	switch {
	case word == actAddPaper:
		rows = append(rows, url.Values{"kind": {string(catalogue.PaperTerms)}})
	case word == actDropPaper && err == nil && 0 <= at && at < len(rows):
		rows = slices.Delete(rows, at, at+1)
	default:
		return false
	}
	writePapers(v, rows)
	return true
}

// addFile puts a document of the vendor among those of a form, when the button asks for
// it, and says whether it did: as the last, or in the place of one that it replaces.
func addFile(v url.Values, act string, files []documents.Document) bool {
	word, id, _ := strings.Cut(act, ":")
	at := slices.IndexFunc(files, func(d documents.Document) bool { return word == actAddFile && strconv.FormatInt(d.ID, 10) == id })
	if at < 0 {
		return false
	}
	p := files[at].Paper()
	row := url.Values{"code": {p.Code}, "title": {files[at].Title}, "title_language": {p.Language}, "kind": {string(p.Kind)}, "file": {p.File},
		"language": {p.Language}, "issued": {p.Issued.String()}, "valid_until": {p.ValidUntil.String()}}
	rows := paperRows(v)
	if i := slices.IndexFunc(rows, func(r url.Values) bool { return r.Get("code") == p.Code }); i >= 0 {
		rows[i] = row
	} else {
		rows = append(rows, row)
	}
	writePapers(v, rows)
	return true
}

// papers reads the documents. When something is wrong with them they stay as they were.
func (t *taking) papers() {
	found := len(t.wrong)
	var papers []catalogue.Paper
	used := map[string]bool{}
	for _, p := range t.c.Documents {
		used[p.Code] = true
	}
	for i := range paperRows(t.typed) {
		papers = append(papers, t.paper(paperPrefix(i), used))
	}
	var all catalogue.Problems
	if errors.As(t.schema.CheckContent(catalogue.Content{Documents: papers}), &all) && len(t.wrong) == found {
		for _, p := range all {
			if field, ok := paperField(p.Path); ok {
				t.wrong = append(t.wrong, mistake{field: field, Problem: p})
			}
		}
	}
	if len(t.wrong) == found {
		t.c.Documents = papers
	}
}

var paperPlaces = regexp.MustCompile(`^documents\[(\d+)\]\.([a-z_]+)`)

func paperField(path string) (string, bool) {
	m := paperPlaces.FindStringSubmatch(path)
	if m == nil {
		return "", false
	}
	name := m[2]
	if name == "titles" || name == "code" || name == "file" {
		name = "title"
	}
	return "d" + m[1] + "." + name, true
}

func (t *taking) paper(prefix string, used map[string]bool) catalogue.Paper {
	p := catalogue.Paper{Code: t.typed.Get(prefix + "code"), Proof: catalogue.Stated}
	if i := slices.IndexFunc(t.c.Documents, func(b catalogue.Paper) bool { return b.Code == p.Code }); i >= 0 {
		p = t.c.Documents[i]
	}
	title, lang := t.line(prefix+"title"), t.typed.Get(prefix+"title_language")
	if lang == "" {
		lang = t.c.Language
	}
	if title == "" {
		t.complain(prefix+"title", "source.title")
	}
	if t.sound(prefix+"title", title, catalogue.MaxPaperTitle) {
		titles := models.Text{}
		for l, words := range p.Titles {
			titles.Set(l, words)
		}
		titles.Set(lang, title)
		p.Titles = titles
	}
	p.Kind = catalogue.PaperKind(t.typed.Get(prefix + "kind"))
	p.URL, p.File = strings.TrimSpace(t.typed.Get(prefix+"url")), t.typed.Get(prefix+"file")
	if p.Language = t.typed.Get(prefix + "language"); p.Language == "" {
		p.Language = t.c.Language
	}
	p.Issued, _ = t.day(prefix + "issued")
	p.ValidUntil, _ = t.day(prefix + "valid_until")
	if p.Code == "" {
		if p.Code = models.Slug(title); p.Code == "" || used[p.Code] || len(p.Code) > 60 {
			p.Code = freeCode("document", used)
		}
		used[p.Code] = true
	}
	return p
}

// paperGroups are the inputs of the documents.
func (e *editing) paperGroups() []views.EditGroup {
	var groups []views.EditGroup
	for i := range paperRows(e.values) {
		prefix, n := paperPrefix(i), e.Number(int64(i+1))
		kinds := make([]views.Option, len(catalogue.PaperKinds))
		for j, k := range catalogue.PaperKinds {
			kinds[j] = views.Option{Value: string(k), Text: e.T("document.kind." + string(k))}
		}
		g := views.EditGroup{
			Title: e.T("editor.paper", n),
			Inputs: []views.Input{
				e.field(views.Field{Name: prefix + "title", Label: e.T("editor.paper_title"), Width: "w60", Needed: true}),
				e.choose(views.Select{Name: prefix + "kind", Label: e.T("editor.paper_kind"), Options: kinds}),
				e.choose(views.Select{Name: prefix + "language", Label: e.T("editor.paper_language"), Options: e.tongues(e.typed(prefix + "language"))}),
				e.field(views.Field{Name: prefix + "issued", Label: e.T("editor.paper_issued"), Kind: "date", Width: "w12"}),
				e.field(views.Field{Name: prefix + "valid_until", Label: e.T("editor.paper_until"), Kind: "date", Width: "w12"}),
			},
			Buttons: []views.EditButton{{Act: fmt.Sprintf("%s:%d", actDropPaper, i), Text: e.T("editor.remove"), For: e.T("editor.paper", n)}},
		}
		for _, name := range []string{"code", "title_language", "file"} {
			g.Hidden = append(g.Hidden, views.Hidden{Name: prefix + name, Value: e.typed(prefix + name)})
		}
		if hash := e.typed(prefix + "file"); hash != "" {
			g.Text = e.fileLine(hash)
		} else {
			where := e.field(views.Field{Name: prefix + "url", Label: e.T("editor.paper_url"), Hint: e.T("editor.website_hint"), Width: "w60"})
			g.Inputs = slices.Insert(g.Inputs, 2, where)
		}
		groups = append(groups, g)
	}
	return groups
}

// fileLine says which file a document is.
func (e *editing) fileLine(hash string) string {
	at := slices.IndexFunc(e.files, func(d documents.Document) bool { return d.Hash == hash })
	if at < 0 {
		return e.T("editor.paper_file_old")
	}
	return e.T("editor.paper_file", e.fileKind(e.files[at]), e.Time(e.files[at].At))
}

// fileButtons add the vendor's documents that are not among those of the form yet.
func (e *editing) fileButtons() []views.EditButton {
	named := map[string]bool{}
	for _, row := range paperRows(e.values) {
		named[row.Get("file")] = true
	}
	var all []views.EditButton
	for _, d := range e.files {
		if !named[d.Hash] {
			all = append(all, views.EditButton{Act: actAddFile + ":" + strconv.FormatInt(d.ID, 10), Text: e.T("editor.add_file", d.Title), Quiet: true})
		}
	}
	return all
}
