package currency

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"pilveturg/models"
)

// ErrNotRates is returned for a file that is none of the European Central Bank's.
var ErrNotRates = errors.New("not a file of ECB reference rates")

// mostRates is how many bytes a file of rates may have; the history since 1999 has two
// million.
const mostRates = 64 << 20

// Read yields the quotes of a file of the European Central Bank: the history as CSV
// (a column for each currency, a line for each day), the same in the ZIP in which it is
// served, or the XML of a day or of all. "N/A" and nothing are no quote. It fails with
// [ErrNotRates] for anything else, and names the line of what it cannot read.
func Read(r io.Reader, each func(Quote) error) error {
	b := bufio.NewReaderSize(io.LimitReader(r, mostRates), 64<<10)
	head, err := b.Peek(4)
	if err != nil && len(head) == 0 {
		return ErrNotRates
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return readZip(b, each)
	case bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \r\n\t"), []byte("<")):
		return readXML(b, each)
	default:
		return readCSV(b, each)
	}
}

func readZip(r io.Reader, each func(Quote) error) error {
	all, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	z, err := zip.NewReader(bytes.NewReader(all), int64(len(all)))
	if err != nil || len(z.File) != 1 {
		return fmt.Errorf("want a ZIP with one file: %w", ErrNotRates)
	}
	f, err := z.File[0].Open()
	if err != nil {
		return fmt.Errorf("%s: %w", z.File[0].Name, ErrNotRates)
	}
	defer f.Close()
	return readCSV(io.LimitReader(f, mostRates), each)
}

func readCSV(r io.Reader, each func(Quote) error) error {
	lines := csv.NewReader(r)
	lines.FieldsPerRecord, lines.ReuseRecord, lines.TrimLeadingSpace = -1, true, true
	head, err := lines.Read()
	if err != nil || strings.TrimPrefix(head[0], "\ufeff") != "Date" {
		return fmt.Errorf("want a heading that begins with Date: %w", ErrNotRates)
	}
	codes := make([]string, len(head))
	for i, code := range head[1:] {
		if code = strings.TrimSpace(code); code != "" && !isCode(code) {
			return fmt.Errorf("%q in the heading is no currency: %w", code, ErrNotRates)
		}
		codes[i+1] = code
	}
	for {
		cells, err := lines.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", err, ErrNotRates)
		}
		line, _ := lines.FieldPos(0)
		if err := readDay(codes, cells, each); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
}

func readDay(codes, cells []string, each func(Quote) error) error {
	day, err := parseDay(cells[0])
	if err != nil {
		return err
	}
	for i, cell := range cells[1:] {
		cell = strings.TrimSpace(cell)
		if cell == "" || cell == "N/A" {
			continue
		}
		if i+1 >= len(codes) || codes[i+1] == "" {
			return fmt.Errorf("column %d has a rate but no currency: %w", i+2, ErrNotRates)
		}
		if err := quote(codes[i+1], day, cell, each); err != nil {
			return err
		}
	}
	return nil
}

// parseDay reads a day as the history has it, or as the file of the day does.
func parseDay(s string) (models.Date, error) {
	if day, err := models.ParseDate(strings.TrimSpace(s)); err == nil {
		return day, nil
	}
	return models.Date{}, fmt.Errorf("%q is no day: %w", s, ErrNotRates)
}

func quote(code string, day models.Date, cell string, each func(Quote) error) error {
	rate, err := models.ParseExact(cell)
	if err != nil || rate.Sign() <= 0 {
		return fmt.Errorf("%s: %q is no rate: %w", code, cell, ErrNotRates)
	}
	return each(Quote{code, day, rate})
}

func isCode(s string) bool {
	for _, r := range s {
		if r < 'A' || r > 'Z' {
			return false
		}
	}
	return len(s) == 3
}

// readXML reads <Cube time="2026-04-13"><Cube currency="USD" rate="1.1684"/>…</Cube>.
func readXML(r io.Reader, each func(Quote) error) error {
	d := xml.NewDecoder(r)
	var day models.Date
	found := false
	for {
		token, err := d.Token()
		if err == io.EOF && found {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", err, ErrNotRates)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "Cube" {
			continue
		}
		var code, rate string
		for _, a := range start.Attr {
			switch a.Name.Local {
			case "time":
				if day, err = parseDay(a.Value); err != nil {
					return err
				}
			case "currency":
				code = a.Value
			case "rate":
				rate = a.Value
			}
		}
		if code == "" {
			continue
		}
		if day.IsZero() || !isCode(code) {
			return fmt.Errorf("a rate of %q without a day: %w", code, ErrNotRates)
		}
		found = true
		if err := quote(code, day, rate, each); err != nil {
			return err
		}
	}
}
