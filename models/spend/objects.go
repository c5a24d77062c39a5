package spend

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"

	"pilveturg/models/spend/sheet"
)

// isJSON reports whether a file begins as JSON does, in UTF-8 or UTF-16.
func isJSON(head []byte) bool {
	plain := plainHead(head)
	return len(plain) > 0 && (plain[0] == '{' || plain[0] == '[')
}

// scanJSON finds out what is in a file of JSON: a bill of a cloud provider, open
// contracting, or any other list of objects, which is a table.
func (w *Worker) scanJSON(ctx context.Context, b *Batch, open Open) (s scanned, err error) {
	o, err := sheet.FindObjects(open)
	switch {
	case errors.Is(err, sheet.ErrNotJSON):
		return w.scanTable(ctx, b, open)
	case errors.Is(err, sheet.ErrNoObjects), errors.Is(err, sheet.ErrBrokenJSON) && o.Count == 0, isContracting(o):
		return scanned{format: OCDS, mapping: &Mapping{}, sure: true}, nil
	case errors.Is(err, sheet.ErrBrokenJSON):
		return s, errWhy(WhyBroken)
	case err != nil:
		return s, err
	case o.Lines && slices.Contains(o.Names, "BilledCost"):
		return scanned{found: Found{Lines: true}, format: FOCUS, mapping: &Mapping{}, sure: true}, nil
	}
	f, err := open()
	if err != nil {
		return s, err
	}
	defer f.Close()
	s.found.Objects = &o
	return w.scanRows(ctx, b, s, sheet.OpenObjects(f, o))
}

// isContracting reports whether objects are releases or records of open contracting, or
// packages of them. A table may have a column "ocid" too, but none of their parts.
func isContracting(o sheet.Objects) bool {
	is := func(names []string) bool {
		has := func(name string) bool { return slices.Contains(names, name) }
		return has("ocid") && slices.ContainsFunc([]string{"tag", "initiationType", "releases", "compiledRelease", "versionedRelease", "parties", "planning", "tender", "awards", "contracts"}, has) ||
			has("releases") && (has("uri") || has("publishedDate")) || has("records") && has("publishedDate")
	}
	return is(o.Names) || is(o.Outside)
}

// plainHead is the beginning of a file without its byte order mark, the zero bytes of
// UTF-16, and white space.
func plainHead(head []byte) []byte {
	plain := bytes.ReplaceAll(bytes.TrimPrefix(bytes.TrimPrefix(head, []byte("\xff\xfe")), []byte("\xfe\xff")), []byte{0}, nil)
	return bytes.TrimLeft(bytes.TrimPrefix(plain, []byte("\xef\xbb\xbf")), " \t\r\n")
}

// brokenText says why the rest of a file cannot be read.
func brokenText(err error) error {
	if errors.Is(err, sheet.ErrBrokenJSON) {
		return errWhy(WhyBroken)
	}
	return bookWhy(err)
}

// objectsOf are the objects of a file as rows, and the heading that they have.
func objectsOf(f io.Reader, found *Found) (sheet.Rows, []string) {
	return sheet.OpenObjects(f, *found.Objects), found.Objects.Heading()
}
