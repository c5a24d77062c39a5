package documents

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// Media is what a file is: a media type as IANA registers it.
type Media string

// The media of files that are taken in.
const (
	PDF          Media = "application/pdf"
	Text         Media = "application/vnd.oasis.opendocument.text"
	Spreadsheet  Media = "application/vnd.oasis.opendocument.spreadsheet"
	Presentation Media = "application/vnd.oasis.opendocument.presentation"
)

// Extension is how the names of such files end, with the dot.
func (m Media) Extension() string {
	switch m {
	case PDF:
		return ".pdf"
	case Text:
		return ".odt"
	case Spreadsheet:
		return ".ods"
	case Presentation:
		return ".odp"
	default:
		return ".bin"
	}
}

// Reading is what came of reading the text of a file.
type Reading string

// The readings.
const (
	Expected Reading = "expected" // it has not been tried
	Read     Reading = "read"
	Silent   Reading = "silent" // there is no text in it: pictures of pages
	Failed   Reading = "failed" // it cannot be read, or not within what may be spent on it
)

// Details are what its vendor says of a document.
type Details struct {
	Title      string              `db:"title"`    // in its language
	Language   string              `db:"language"` // it is written in: BCP 47
	Kind       catalogue.PaperKind `db:"kind"`
	Issued     models.Date         `db:"issued"`
	ValidUntil models.Date         `db:"valid_until"` // its last day; zero: for good
}

// Document is a file of a vendor.
type Document struct {
	ID      int64   `db:"id"`
	Vendor  int64   `db:"vendor_id"`
	Hash    string  `db:"hash"` // SHA-256 of the content, hexadecimal
	Size    int64   `db:"size"` // bytes
	Media   Media   `db:"media_type"`
	Reading Reading `db:"reading"`
	Details
	Line      int64       `db:"line"`        // id of the first of those that came in each other's place, its own when it is that one
	Replaced  models.Time `db:"replaced_at"` // zero: it is the newest
	By        int64       `db:"uploaded_by"` // account; 0: a program
	At        models.Time `db:"uploaded_at"`
	CheckedBy int64       `db:"checked_by"` // account of who has looked at it for the operator; 0: nobody
	Checked   models.Time `db:"checked_at"`
}

const columns = `d.id, d.vendor_id, d.hash, b.size, b.media_type, b.reading, d.title, d.language, d.kind, d.issued, d.valid_until, COALESCE(d.line, d.id) AS line, d.replaced_at,
	COALESCE(d.uploaded_by, 0) AS uploaded_by, d.uploaded_at, COALESCE(d.checked_by, 0) AS checked_by, d.checked_at`

const query = ` SELECT ` + columns + ` FROM documents d JOIN blobs b ON b.hash = d.hash `

// Subject is what the audit log calls the document.
func Subject(id int64) string { return fmt.Sprintf("document %d", id) }

// Slug is the end of its address, and its name when it is saved: "price-list.pdf".
func (d Document) Slug() string {
	name := models.Slug(d.Title)
	if name == "" {
		name = "document"
	}
	return name + d.Media.Extension()
}

// Ended reports whether its last day is over.
func (d Document) Ended(today models.Date) bool {
	return !d.ValidUntil.IsZero() && d.ValidUntil.Before(today)
}

// writes reports whether the actor keeps the documents of a vendor.
func writes(a models.Actor) bool {
	return a.OrgID != 0 && a.IsAny(models.VendorEditor, models.VendorManager)
}

// decides reports whether the actor sees the documents of all vendors.
func decides(a models.Actor) bool { return a.IsAny(models.Moderator, models.Administrator) }

// Of returns the newest documents of the vendor that the actor writes for, the latest
// first; for others it fails with [models.ErrForbidden].
func Of(ctx context.Context, r db.Reader, actor models.Actor) (all []Document, err error) {
	if !writes(actor) {
		return nil, fmt.Errorf("documents: %w", models.ErrForbidden)
	}
	const q = `/* documents.Of */` + query + `WHERE d.vendor_id = ? AND d.replaced_at IS NULL ORDER BY d.id DESC`
	if err := r.Select(ctx, &all, q, actor.OrgID); err != nil {
		return nil, fmt.Errorf("documents of vendor %d: %w", actor.OrgID, err)
	}
	return all, nil
}

// All returns the newest documents of all vendors, the latest first, for those who
// decide on listings.
func All(ctx context.Context, r db.Reader, actor models.Actor) (all []Document, err error) {
	if !decides(actor) {
		return nil, fmt.Errorf("documents: %w", models.ErrForbidden)
	}
	const q = `/* documents.All */` + query + `WHERE d.replaced_at IS NULL ORDER BY d.id DESC`
	if err := r.Select(ctx, &all, q); err != nil {
		return nil, fmt.Errorf("documents: %w", err)
	}
	return all, nil
}

// Unchecked counts the newest documents that nobody has looked at for the operator.
func Unchecked(ctx context.Context, r db.Reader) (n int, err error) {
	if err = r.Get(ctx, &n, `/* documents.Unchecked */ SELECT COUNT(*) FROM documents WHERE replaced_at IS NULL AND checked_at IS NULL`); err != nil {
		return 0, fmt.Errorf("documents to look at: %w", err)
	}
	return n, nil
}

// Find returns a document to those who may change it or decide on it; for all others
// there is none: [models.ErrNotFound].
func Find(ctx context.Context, r db.Reader, actor models.Actor, id int64) (Document, error) {
	d, err := find(ctx, r, id)
	if err == nil && !decides(actor) && (!writes(actor) || actor.OrgID != d.Vendor) {
		err = models.ErrNotFound
	}
	if err != nil {
		return Document{}, fmt.Errorf("document %d: %w", id, err)
	}
	return d, nil
}

func find(ctx context.Context, r db.Reader, id int64) (d Document, err error) {
	err = r.Get(ctx, &d, `/* documents.find */`+query+`WHERE d.id = ?`, id)
	return d, err
}

// shown is where an offering o shows the file of a document d to everybody.
const shown = `version_documents v JOIN offerings o ON o.id = v.offering_id AND o.published = v.number
	WHERE v.file = d.hash AND v.file <> '' AND o.vendor_id = d.vendor_id AND o.life <> 'withdrawn'`

// waiting is where the file of a document d waits to be shown. A content is JSON, in which
// 64 hexadecimal digits are nothing else than the file.
const waiting = `submissions s JOIN offerings o ON o.id = s.offering_id WHERE o.vendor_id = d.vendor_id AND s.state = 'waiting' AND s.content LIKE '%' || d.hash || '%'`

// unneeded holds for a document d that may go.
const unneeded = `NOT EXISTS (SELECT 1 FROM ` + shown + `) AND NOT EXISTS (SELECT 1 FROM ` + waiting + `)`

// Readable returns a document that the actor may read, and whether everybody may: once
// the published version of a listing of its vendor names it. Until then it is for its
// vendor, and for those who decide; for all others there is none: [models.ErrNotFound].
func Readable(ctx context.Context, r db.Reader, actor models.Actor, id int64) (d Document, public bool, err error) {
	var row struct {
		Document
		Public int64 `db:"public"`
	}
	const q = `/* documents.Readable */ SELECT ` + columns + `, CASE WHEN EXISTS (SELECT 1 FROM ` + shown + `) THEN 1 ELSE 0 END AS public
		FROM documents d JOIN blobs b ON b.hash = d.hash WHERE d.id = ?`
	err = r.Get(ctx, &row, q, id)
	if err == nil && row.Public == 0 && !decides(actor) && (!writes(actor) || actor.OrgID != row.Vendor) {
		err = models.ErrNotFound
	}
	if err != nil {
		return Document{}, false, fmt.Errorf("document %d: %w", id, err)
	}
	return row.Document, row.Public == 1, nil
}

// ShownIn returns the offerings whose published versions show each of the documents, by
// document.
func ShownIn(ctx context.Context, r db.Reader, documents []int64) (map[int64][]int64, error) {
	found := map[int64][]int64{}
	if len(documents) == 0 {
		return found, nil
	}
	var rows []struct {
		Document int64 `db:"document"`
		Offering int64 `db:"offering"`
	}
	marks, args := db.In(documents)
	q := `/* documents.ShownIn */ SELECT DISTINCT d.id AS document, o.id AS offering
		FROM documents d JOIN version_documents v ON v.file = d.hash AND v.file <> ''
		JOIN offerings o ON o.id = v.offering_id AND o.published = v.number AND o.vendor_id = d.vendor_id AND o.life <> 'withdrawn'
		WHERE d.id IN ` + marks + ` ORDER BY o.id`
	if err := r.Select(ctx, &rows, q, args...); err != nil {
		return nil, fmt.Errorf("where documents are shown: %w", err)
	}
	for _, w := range rows {
		found[w.Document] = append(found[w.Document], w.Offering)
	}
	return found, nil
}

// Words returns the text that was read in a document, "" when there is none.
func Words(ctx context.Context, r db.Reader, d Document) (text string, err error) {
	if err = r.Get(ctx, &text, `/* documents.Words */ SELECT words FROM blobs WHERE hash = ?`, d.Hash); err != nil {
		return "", fmt.Errorf("text of document %d: %w", d.ID, err)
	}
	return text, nil
}

// OfListing returns the documents of a vendor that have the contents, by content, with
// their texts. What is not there is left out.
func OfListing(ctx context.Context, r db.Reader, vendor int64, papers []catalogue.Paper) (map[string]Document, map[string]string, error) {
	all, texts := map[string]Document{}, map[string]string{}
	var hashes []any
	for i := range papers {
		if papers[i].File != "" {
			hashes = append(hashes, papers[i].File)
		}
	}
	if len(hashes) == 0 {
		return all, texts, nil
	}
	var rows []struct {
		Document
		Words string `db:"words"`
	}
	q := `/* documents.OfListing */ SELECT ` + columns + `, b.words FROM documents d JOIN blobs b ON b.hash = d.hash
		WHERE d.vendor_id = ? AND d.hash IN (?` + strings.Repeat(`, ?`, len(hashes)-1) + `)`
	if err := r.Select(ctx, &rows, q, append([]any{vendor}, hashes...)...); err != nil {
		return nil, nil, fmt.Errorf("documents of a listing of vendor %d: %w", vendor, err)
	}
	for _, w := range rows {
		all[w.Hash], texts[w.Hash] = w.Document, w.Words
	}
	return all, texts, nil
}
