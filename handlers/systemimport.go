package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/registers"
	"pilveturg/models/systems"
	"pilveturg/views"
)

const systemImportPath = systemsPath + "/import"

func uploadPath(id int64, end string) string {
	return systemImportPath + "/" + strconv.FormatInt(id, 10) + end
}

// registerPreview is what would become of a register, as it is kept.
type registerPreview struct {
	Kind                                            string
	Rows, Added, Changed, Same, Refused, Bodies, OK int
	Flags                                           map[string]int
	Totals                                          map[string]string
	Problems                                        []registerProblem
}

// registerProblem is why a row is not taken.
type registerProblem struct {
	Line int
	Code string
	What string
}

// errLooked takes back what was only looked at.
var errLooked = errors.New("only looked at")

// showSystemImport asks for a register, and lists those that were sent.
func (s *Site) showSystemImport(r *web.Request) (web.Reply, error) {
	return s.systemImportPage(r, s.fresh(r, nil), http.StatusOK)
}

func (s *Site) systemImportPage(r *web.Request, f *filled, status int) (web.Reply, error) {
	all, err := systems.Uploads(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	text := "registers.text"
	if r.Actor.Is(models.Administrator) {
		text = "registers.text_all"
	}
	page := views.FormPage{Heading: f.T("registers.title"), Text: []string{f.T(text), f.T("registers.kinds")}, Form: views.Form{Action: at(f.Tag, systemImportPath), Button: f.T("registers.look"), Inputs: []views.Input{{File: &views.FileField{ID: fieldFile, Name: fieldFile, Label: f.T("registers.file"), Error: f.problem(fieldFile), Accept: ".json,.csv", Needed: true}}}},
		Links: []views.Link{{URL: at(f.Tag, systemImportPath+"/template.csv"), Text: f.T("registers.template")}}}
	for i := range all {
		page.Links = append(page.Links, views.Link{URL: at(f.Tag, uploadPath(all[i].ID, "")), Text: f.T("registers.sent", all[i].File, f.Time(all[i].Created))})
	}
	page.Shell = f.registerShell(page.Heading)
	return web.Status(status, page), nil
}

// registerShell is around a page about registers: administrators have no systems of their
// own.
func (f *filled) registerShell(title string, crumbs ...views.Link) views.Shell {
	if f.reader.Is(models.Administrator) {
		return f.adminPage(title, crumbs...)
	}
	s := f.page(title, append([]views.Link{f.link(systemsPath, "systems.title")}, crumbs...)...)
	s.Section = systemsSection
	return s
}

// registerTemplate answers with an empty table.
func (s *Site) registerTemplate(*web.Request) (web.Reply, error) {
	return csvReply([][]string{registers.Columns()})
}

// bringRegister looks at a register that was sent, and keeps it until it is accepted.
func (s *Site) bringRegister(r *web.Request) (web.Reply, error) {
	sent, err := r.Upload(fieldFile, systems.MostUpload)
	if err != nil || sent.TooLarge {
		return s.systemImportPage(r, s.posted(r, models.Invalid{fieldFile: "ledger.file_large"}), http.StatusRequestEntityTooLarge)
	}
	file, err := registers.Read(sent.Content)
	if err != nil {
		return s.systemImportPage(r, s.posted(r, models.Invalid{fieldFile: "registers.unknown"}), http.StatusUnprocessableEntity)
	}
	sum := sha256.Sum256(sent.Content)
	u := systems.Upload{File: sent.Name, Hash: hex.EncodeToString(sum[:]), Content: sent.Content}
	did := file.Bringing(u.File, u.Hash)
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if err := systems.Bring(r.Context(), tx, did, file.Brought()); err != nil {
			return err
		}
		return errLooked
	})
	if !errors.Is(err, errLooked) {
		return web.Reply{}, err
	}
	preview, err := json.Marshal(previewOf(file, did))
	if err != nil {
		return web.Reply{}, err
	}
	u.Preview = string(preview)
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return systems.KeepUpload(r.Context(), tx, &u) })
	return web.SeeOther(at(r.Lang, uploadPath(u.ID, ""))), err
}

// previewOf is what would become of a register.
func previewOf(f *registers.File, did *systems.Bringing) registerPreview {
	c := f.Count()
	p := registerPreview{Kind: did.Kind, Rows: did.Rows, Added: did.Added, Changed: did.Changed, Same: did.Same, Refused: did.Refused, Bodies: did.Bodies, OK: c.Taken - c.Flagged, Flags: c.Flags, Totals: map[string]string{}}
	for code, sum := range c.Totals {
		p.Totals[code] = sum.FloatString(2)
	}
	for i := range f.Entries {
		if e := &f.Entries[i]; e.Problem != "" {
			p.Problems = append(p.Problems, registerProblem{e.Line, e.Problem, e.ProblemWhat})
		}
	}
	for _, fault := range did.Faults {
		p.Problems = append(p.Problems, registerProblem{fault.Line, fault.Key, fault.Field})
	}
	slices.SortStableFunc(p.Problems, func(a, b registerProblem) int { return a.Line - b.Line })
	return p
}

// uploadIn is the register that the address names, with what would become of it.
func (s *Site) uploadIn(r *web.Request) (*systems.Upload, *registerPreview, error) {
	id, err := numberIn(r, "upload")
	if err != nil {
		return nil, nil, err
	}
	u, err := systems.FindUpload(r.Context(), s.DB, r.Actor, id)
	if err != nil {
		return nil, nil, err
	}
	p := &registerPreview{}
	return u, p, json.Unmarshal([]byte(u.Preview), p)
}

// showUpload shows what would become of a register, or what became of it.
func (s *Site) showUpload(r *web.Request) (web.Reply, error) {
	u, p, err := s.uploadIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	page := views.ProjectPage{Heading: u.File, Text: []string{f.T("registers.kind." + p.Kind)}, Facts: f.previewFacts(p), Links: []views.Link{f.link(systemImportPath, "registers.title")}}
	part := views.ProjectPart{Heading: f.T("registers.not_yet"), Text: []string{f.T("registers.not_yet_text")}}
	if p.Added+p.Changed > 0 {
		part.Forms = []views.Form{{Action: at(f.Tag, uploadPath(u.ID, "/acceptance")), Button: f.N("registers.accept", int64(p.Added+p.Changed))}}
	} else if part.Text = []string{f.T("registers.nothing_new")}; p.Same == 0 {
		part.Text = []string{f.T("registers.nothing_taken")}
	}
	if u.ImportID != 0 {
		done, err := systems.FindBringing(r.Context(), s.DB, r.Actor, u.ImportID)
		if err != nil {
			return web.Reply{}, err
		}
		part = f.broughtPart(u, &done)
	}
	g := f.registerProblemGrid()
	g.path = uploadPath(u.ID, "/rejects")
	table, err := g.table(r, p.Problems, whole(min(len(p.Problems), mostProblemsShown)))
	if err != nil {
		return web.Reply{}, err
	}
	page.Parts = []views.ProjectPart{part, {Heading: f.N("registers.refused_n", int64(len(p.Problems))), Table: &table}}
	page.Shell = f.registerShell(page.Heading, f.link(systemImportPath, "registers.title"))
	return web.Page(page), nil
}

// mostProblemsShown is how many rows that are not taken the page lists; files list all.
const mostProblemsShown = 200

// broughtPart says what became of a register, and how it is taken back.
func (f *filled) broughtPart(u *systems.Upload, done *systems.Bringing) views.ProjectPart {
	part := views.ProjectPart{Heading: f.T("registers.brought", f.Time(done.Created)), Text: []string{f.T("registers.brought_text", f.Number(int64(done.Added)), f.Number(int64(done.Changed)))}}
	if !done.Undone.IsZero() {
		part.Text = append(part.Text, f.T("registers.undone_at", f.Time(done.Undone)))
		return part
	}
	part.Text = append(part.Text, f.T("registers.undo_until", f.Date(models.DateOf(done.Created.Time).AddDays(systems.UndoDays-1))))
	part.Forms = []views.Form{{Action: at(f.Tag, uploadPath(u.ID, "/undo")), Button: f.T("registers.undo"), Stop: true}}
	return part
}

// previewFacts are the counts of a register.
func (f *filled) previewFacts(p *registerPreview) (rows []views.Row) {
	for _, one := range []struct {
		key string
		n   int
	}{{"registers.rows", p.Rows}, {"registers.added", p.Added}, {"registers.changed", p.Changed}, {"registers.same", p.Same}, {"registers.refused", p.Refused}, {"registers.bodies", p.Bodies}} {
		rows = append(rows, views.Row{Key: f.T(one.key), Value: views.Words{Text: f.Number(int64(one.n))}})
	}
	for _, code := range slices.Sorted(maps.Keys(p.Totals)) {
		if e, err := models.ParseExact(p.Totals[code]); err == nil {
			rows = append(rows, views.Row{Key: f.T("registers.total", code), Value: views.Words{Text: f.Exact(e, code)}})
		}
	}
	for _, flag := range slices.Sorted(maps.Keys(p.Flags)) {
		rows = append(rows, views.Row{Key: f.T("registers.flag." + flag), Value: views.Words{Text: f.Number(int64(p.Flags[flag]))}})
	}
	return rows
}

func (f *filled) registerProblemGrid() *grid[registerProblem] {
	return &grid[registerProblem]{speaker: f.speaker, id: "rejects", caption: f.T("registers.refused"), sorted: true, files: true, empty: views.Empty{Title: f.T("registers.none_refused")}, columns: []column[registerProblem]{
		{code: "row", head: f.T("registers.row"), number: true, cell: func(p registerProblem) views.Cell { return words(f.Number(int64(p.Line))) }, value: func(p registerProblem) any { return p.Line }},
		{code: "why", head: f.T("registers.why"), cell: func(p registerProblem) views.Cell {
			if strings.Contains(p.Code, ".") {
				return words(f.T(p.Code))
			}
			return words(f.T("registers.problem." + p.Code))
		}},
		{code: "what", head: f.T("registers.what"), cell: func(p registerProblem) views.Cell { return words(p.What) }},
	}}
}

// rejectedFile answers with all rows that are not taken as a file.
func (s *Site) rejectedFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		_, p, err := s.uploadIn(r)
		if err != nil {
			return web.Reply{}, err
		}
		return s.fresh(r, nil).registerProblemGrid().file(r, p.Problems, kind)
	}
}

// acceptRegister takes a register over.
func (s *Site) acceptRegister(r *web.Request) (web.Reply, error) {
	u, _, err := s.uploadIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	file, err := registers.Read(u.Content)
	if err != nil {
		return web.Reply{}, err
	}
	did := file.Bringing(u.File, u.Hash)
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return systems.AcceptUpload(r.Context(), tx, u.ID, did, file.Brought())
	})
	if isConflict(err) {
		return web.SeeOther(at(r.Lang, uploadPath(u.ID, ""))).Say("registers.before"), nil
	}
	return web.SeeOther(at(r.Lang, uploadPath(u.ID, ""))).Say("registers.done", s.speaker(r.Lang).Number(int64(did.Added))), err
}

// undoRegister takes it back.
func (s *Site) undoRegister(r *web.Request) (web.Reply, error) {
	u, _, err := s.uploadIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	undone, left := 0, 0
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		undone, left, err = systems.UndoBringing(r.Context(), tx, u.ImportID)
		return err
	})
	if isConflict(err) {
		return web.SeeOther(at(r.Lang, uploadPath(u.ID, ""))).Say("registers.not_undone"), nil
	}
	w := s.speaker(r.Lang)
	return web.SeeOther(at(r.Lang, uploadPath(u.ID, ""))).Say("registers.undone", w.Number(int64(undone)), w.Number(int64(left))), err
}
