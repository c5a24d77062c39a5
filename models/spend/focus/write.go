package focus

import (
	"encoding/csv"
	"fmt"
	"io"
)

// OtherColumn is the column of what FOCUS has none for, as a JSON object. Reading puts it
// back into [Charge.Other].
const OtherColumn = "x_Other"

// Writer writes charges as CSV of FOCUS 1.2 with all its columns, in the order of the
// alphabet. Nulls are empty, times are in UTC as RFC 3339 has them. A text that a
// spreadsheet would take for a formula gets an apostrophe before it, which reading takes
// off again. Columns that FOCUS does not have ([Charge.Other]) stand together in one more,
// [OtherColumn].
type Writer struct {
	csv   *csv.Writer
	cells []string
	begun bool
}

// NewWriter returns a writer to w. The heading is written with the first charge, or by
// [Writer.Close] where there is none.
func NewWriter(w io.Writer) *Writer {
	return &Writer{csv: csv.NewWriter(w), cells: make([]string, len(columns)+1)}
}

// Write writes a charge. It fails with what the writer beneath fails with.
func (w *Writer) Write(c *Charge) error {
	if err := w.begin(); err != nil {
		return err
	}
	for i := range columns {
		w.cells[i] = columns[i].cell(c)
	}
	w.cells[len(columns)] = c.Other
	if err := w.csv.Write(w.cells); err != nil {
		return fmt.Errorf("write a charge: %w", err)
	}
	return nil
}

func (w *Writer) begin() error {
	if w.begun {
		return nil
	}
	w.begun = true
	for i := range columns {
		w.cells[i] = columns[i].name
	}
	w.cells[len(columns)] = OtherColumn
	if err := w.csv.Write(w.cells); err != nil {
		return fmt.Errorf("write the heading: %w", err)
	}
	return nil
}

// Close writes what is left. It does not close the writer beneath.
func (w *Writer) Close() error {
	if err := w.begin(); err != nil {
		return err
	}
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		return fmt.Errorf("write charges: %w", err)
	}
	return nil
}

// cell is the text of a column of a charge.
func (d *column) cell(c *Charge) string {
	switch {
	case d.text != nil:
		return guard(*d.text(c))
	case d.number != nil:
		return d.number(c).text()
	case d.moment != nil:
		return momentText(*d.moment(c))
	default:
		return d.write(c)
	}
}

func guard(s string) string {
	if guarded(s) {
		return "'" + s
	}
	return s
}
