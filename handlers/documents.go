package handlers

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/intake"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/documents"
	"pilveturg/models/publishing"
	"pilveturg/views"
	"pilveturg/views/locale"
)

const (
	documentsPath      = documents.Path
	adminDocumentsPath = adminPath + "/documents"
	fieldFile          = "file"
	fieldTitle         = "title"
	acceptedFiles      = ".pdf,.odt,.ods,.odp"
)

// Files is how files that vendors bring are kept, and looked through before.
type Files struct {
	Blobs   documents.Blobs // nil: no files are taken in
	Scanner intake.Scanner
	// Text reads the text of a file; nil: none is read.
	Text func(ctx context.Context, b []byte) (string, documents.Reading, error)
}

// errNoRoom says that files cannot be kept just now.
var errNoRoom = errors.New("files cannot be kept just now")

// uploads are the paths of routes that take files.
func (s *Site) uploads() (paths web.Uploads) {
	for _, lang := range s.Langs {
		paths = append(paths, at(lang, documentsPath), at(lang, documentsPath+"/:document/replacement"), at(lang, vendorListingsPath), at(lang, contractsImportPath), at(lang, usageFilePath), at(lang, importsPath), at(lang, systemImportPath))
	}
	return paths
}

func documentPath(id int64) string { return documentsPath + "/" + strconv.FormatInt(id, 10) }

// filePath is the address of a file, which has no language.
func filePath(d documents.Document) string {
	return "/files/" + strconv.FormatInt(d.ID, 10) + "/" + d.Slug()
}

// documentRow is a document with where it is shown.
type documentRow struct {
	documents.Document
	shown int
}

// listDocuments lists the documents of the vendor, and the form for a new one.
func (s *Site) listDocuments(r *web.Request) (web.Reply, error) {
	return s.documentList(r, s.fresh(r, s.newDetails(r)), nil)
}

// newDetails are those that a form for a file begins with.
func (s *Site) newDetails(r *web.Request) map[string]string {
	return map[string]string{"language": r.Lang, fieldKind: string(catalogue.PaperDefinition)}
}

func (s *Site) documentList(r *web.Request, f *filled, n []views.Notice) (web.Reply, error) {
	g, rows, err := s.documents(r, f)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: f.T("document.title"), Text: []string{f.T("document.about")}, Notices: n, Found: f.N("document.count", int64(part.Total)), Table: t}
		if s.Files.Blobs == nil {
			p.Notices = append(p.Notices, s.noRoom(f.speaker))
		} else {
			p.AddHead, p.Add = f.T("document.new"), &views.Form{Action: at(r.Lang, documentsPath), Button: f.T("document.upload"), Inputs: append([]views.Input{f.file()}, s.detailInputs(f)...)}
		}
		p.Shell = f.vendorPage(part.title(f.speaker, p.Heading))
		return p, nil
	})
}

func (s *Site) noRoom(w speaker) views.Notice {
	return views.Notice{Kind: views.Err, Title: w.T("document.no_room"), Text: w.T("document.no_room_text"), Urgent: true}
}

// file is the field for a file.
func (f *filled) file() views.Input {
	in := views.FileField{ID: fieldFile, Name: fieldFile, Label: f.T("document.file_label"), Hint: f.T("document.file_hint"), Accept: acceptedFiles, Needed: true, Error: f.problem(fieldFile)}
	return views.Input{File: &in}
}

// detailInputs are the fields for what a vendor says of a document.
func (s *Site) detailInputs(f *filled) []views.Input {
	var kinds []views.Option
	for _, k := range catalogue.PaperKinds {
		kinds = append(kinds, views.Option{Value: string(k), Text: f.T("document.kind." + string(k))})
	}
	return []views.Input{
		f.field(views.Field{Name: fieldTitle, Label: f.T("document.name"), Hint: f.T("document.name_hint"), Width: "w60", Needed: true}),
		f.choose(views.Select{Name: fieldKind, Label: f.T("document.kind_label"), Options: kinds}),
		f.choose(views.Select{Name: "language", Label: f.T("document.language"), Options: f.documentLanguages()}),
		f.field(views.Field{Name: "issued", Label: f.T("document.issued_on"), Hint: f.T("document.optional"), Kind: "date"}),
		f.field(views.Field{Name: "valid_until", Label: f.T("document.valid_until"), Hint: f.T("document.valid_until_hint"), Kind: "date"}),
	}
}

// languagesOfPapers are those that documents of the region are written in; others are
// imported only.
var languagesOfPapers = [...]string{"et", "en", "ru", "fi", "sv", "lv", "lt", "de", "fr", "pl"}

func (f *filled) documentLanguages() []views.Option {
	var all []views.Option
	for _, tag := range languagesOfPapers {
		all = append(all, views.Option{Value: tag, Text: f.Language(tag)})
	}
	locale.SortBy(f.Locale, all, func(o views.Option) string { return o.Text })
	return all
}

// typedDetails reads what was said of a document.
func typedDetails(r *web.Request) (documents.Details, models.Invalid) {
	wrong := models.Invalid{}
	return documents.Details{Title: clean(r.Form(fieldTitle)), Language: r.Form("language"), Kind: catalogue.PaperKind(r.Form(fieldKind)),
		Issued: typedDay(r, "issued", wrong), ValidUntil: typedDay(r, "valid_until", wrong)}, wrong
}

// documents are those of the vendor, and how they are shown.
func (s *Site) documents(r *web.Request, f *filled) (*grid[documentRow], []documentRow, error) {
	all, err := documents.Of(r.Context(), s.DB, r.Actor)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]int64, len(all))
	for i, d := range all {
		ids[i] = d.ID
	}
	shown, err := documents.ShownIn(r.Context(), s.DB, ids)
	rows := make([]documentRow, len(all))
	for i, d := range all {
		rows[i] = documentRow{d, len(shown[d.ID])}
	}
	today := models.DateOf(s.today())
	g := &grid[documentRow]{speaker: f.speaker, id: "documents", caption: f.T("document.caption"), path: documentsPath,
		empty: views.Empty{Title: f.T("document.none"), Text: f.T("document.none_text")},
		columns: []column[documentRow]{
			{name: "uploaded", head: f.T("document.uploaded"), order: func(a, b documentRow) int { return cmp.Compare(b.ID, a.ID) },
				cell: func(d documentRow) views.Cell { return words(f.Time(d.At)) }},
			{name: fieldTitle, head: f.T("document.name"), order: func(a, b documentRow) int { return f.Compare(a.Title, b.Title) },
				cell: func(d documentRow) views.Cell {
					return views.Cell{Link: views.Link{URL: at(f.Tag, documentPath(d.ID)), Text: d.Title, Lang: foreign(d.Language, f.Tag)}, Lines: []string{f.documentLine(d.Document)}}
				}},
			{name: "valid_until", head: f.T("document.valid_until"), order: func(a, b documentRow) int { return compareEnds(a.ValidUntil, b.ValidUntil) },
				cell: func(d documentRow) views.Cell { return f.endCell(d.Document, today) }},
			{name: "shown", head: f.T("document.shown"), number: true, order: func(a, b documentRow) int { return b.shown - a.shown },
				cell: func(d documentRow) views.Cell { return words(f.Number(int64(d.shown))) }},
			{head: f.T("security.actions"), hidden: true, cell: func(d documentRow) views.Cell {
				links := []views.Link{{URL: filePath(d.Document), Text: f.T("document.open")}, f.link(documentPath(d.ID)+"/replacement", "document.replace"), f.link(documentPath(d.ID)+"/removal", "synonym.remove")}
				for i := range links {
					links[i].For = d.Title
				}
				return views.Cell{Links: links}
			}},
		}}
	return g, rows, err
}

// foreign is the language of words when it is not that of the page.
func foreign(lang, page string) string {
	if lang == page {
		return ""
	}
	return lang
}

// compareEnds orders last days, the soonest first and what holds for good last.
func compareEnds(a, b models.Date) int {
	if a.IsZero() != b.IsZero() {
		if a.IsZero() {
			return 1
		}
		return -1
	}
	return a.Time().Compare(b.Time())
}

// documentLine says in a line what a file is.
func (w speaker) documentLine(d documents.Document) string {
	return w.T("document.line", w.T("document.kind."+string(d.Kind)), w.Language(d.Language), w.fileKind(d))
}

// fileKind is what a file is and how large: "PDF, 1.2 MB".
func (w speaker) fileKind(d documents.Document) string {
	const kilo, tenth, mega = 1000, 100_000, 1_000_000
	size := w.T("document.kilobytes", w.Number((d.Size+kilo-1)/kilo))
	if d.Size >= mega {
		n, _ := models.NewDecimal((d.Size+tenth-1)/tenth, 1) // one place is never too many
		size = w.T("document.megabytes", w.Decimal(n))
	}
	return w.T("document.media."+d.Media.Extension()[1:]) + ", " + size
}

// endCell tells until when a document holds.
func (w speaker) endCell(d documents.Document, today models.Date) views.Cell {
	c := words(w.T("document.for_good"))
	if !d.ValidUntil.IsZero() {
		c = words(w.DateShort(d.ValidUntil))
	}
	if t := w.endTag(d, today); t.Text != "" {
		c.Tags = []views.Tag{t}
	}
	return c
}

// endTag warns of a document that ends, or has ended.
func (w speaker) endTag(d documents.Document, today models.Date) (t views.Tag) {
	const soon = 90 // days
	switch {
	case d.Ended(today):
		return views.Tag{Kind: views.Err, Text: w.T("answer.expired")}
	case !d.ValidUntil.IsZero() && d.ValidUntil.Time().Before(today.Time().AddDate(0, 0, soon+1)):
		return views.Tag{Kind: views.Warn, Text: w.T("document.ends_soon")}
	}
	return t
}

// documentsCSV answers with the same as a file.
func (s *Site) documentsCSV(r *web.Request) (web.Reply, error) {
	g, rows, err := s.documents(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	return g.csv(r, rows)
}

// uploadDocument takes in a file.
func (s *Site) uploadDocument(r *web.Request) (web.Reply, error) {
	d, err := s.take(r, 0)
	if again, ok := s.refusal(r, err); ok {
		return s.documentList(r, s.posted(r, again), nil)
	}
	if errors.Is(err, errNoRoom) {
		reply, wrong := s.documentList(r, s.posted(r, nil), []views.Notice{s.noRoom(s.speaker(r.Lang))})
		return reply.As(http.StatusServiceUnavailable), wrong
	}
	return web.SeeOther(at(r.Lang, documentPath(d.ID))).Say("document.done.added", d.Title), err
}

// refusal is what is wrong with a file or with what is said of it, by fields; not ok when
// err is of another kind.
func (s *Site) refusal(r *web.Request, err error) (models.Invalid, bool) {
	if wrong, ok := invalid(err); ok {
		return wrong, true
	}
	var no intake.Refused
	if errors.As(err, &no) {
		s.Log.InfoContext(r.Context(), "file refused", "why", string(no.Why), "detail", no.Detail, "vendor", r.Actor.OrgID)
		return models.Invalid{fieldFile: "document.refused." + string(no.Why)}, true
	}
	if errors.As(err, &documents.ErrTwice{}) {
		return models.Invalid{fieldFile: "document.refused.twice"}, true
	}
	return nil, false
}

// take looks through the file of the request, keeps it and makes it a document, in the
// place of old unless that is 0.
func (s *Site) take(r *web.Request, old int64) (d documents.Document, err error) {
	if s.Files.Blobs == nil {
		return d, errNoRoom
	}
	sent, err := r.Upload(fieldFile, documents.MaxSize)
	if err != nil {
		return d, fmt.Errorf("%w: %w", intake.Refused{Why: intake.NotArrived}, err)
	}
	details, wrong := typedDetails(r)
	wrong, err = both(wrong.Or(), details.Check(models.DateOf(s.today())))
	if err != nil {
		return d, err
	}
	media, err := s.look(r.Context(), sent)
	if err := s.warnOfVirus(r, sent.Name, err); err != nil {
		return d, err
	}
	if no, ok := s.refusal(r, err); ok {
		wrong[fieldFile] = no[fieldFile]
	} else if err != nil {
		return d, err
	}
	if len(wrong) > 0 {
		if wrong[fieldFile] == "" {
			wrong[fieldFile] = "document.refused.again" // browsers do not keep it
		}
		return d, wrong
	}
	sum := sha256.Sum256(sent.Content)
	d = documents.Document{Hash: hex.EncodeToString(sum[:]), Size: int64(len(sent.Content)), Media: media, Details: details}
	return d, s.keep(r, &d, sent.Content, old)
}

// warnOfVirus warns the staff where a file was refused for a virus.
func (s *Site) warnOfVirus(r *web.Request, file string, err error) error {
	var no intake.Refused
	if !errors.As(err, &no) || no.Why != intake.Virus {
		return nil
	}
	return s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return publishing.Infected(r.Context(), tx, file, no.Detail) })
}

// look says what a file is, unless it is refused.
func (s *Site) look(ctx context.Context, sent web.Upload) (documents.Media, error) {
	if sent.TooLarge {
		return "", intake.Refused{Why: intake.TooLarge}
	}
	media, err := intake.Inspect(sent.Content)
	if err == nil {
		err = s.Files.Scanner.Scan(ctx, sent.Content)
	}
	return media, err
}

// keep keeps a file that was looked through, and makes it a document.
func (s *Site) keep(r *web.Request, d *documents.Document, content []byte, old int64) error {
	ctx := r.Context()
	err := s.DB.Write(ctx, r.Actor, func(tx *db.Tx) error {
		return documents.Expect(ctx, tx, documents.Stored{Hash: d.Hash, Size: d.Size}, d.Media)
	})
	if err != nil {
		return err
	}
	if _, err := s.Files.Blobs.Put(ctx, bytes.NewReader(content), documents.MaxSize); err != nil {
		s.Log.ErrorContext(ctx, "keep file", "err", err)
		return fmt.Errorf("%w: %w", errNoRoom, err)
	}
	text, how := "", documents.Expected
	if s.Files.Text != nil {
		if text, how, err = s.Files.Text(ctx, content); err != nil {
			s.Log.WarnContext(ctx, "text of a file", "hash", d.Hash, "err", err) // it is not searched, and no worse for it
		}
	}
	return s.DB.Write(ctx, r.Actor, func(tx *db.Tx) error { return documents.Add(ctx, tx, d, text, how, old) })
}
