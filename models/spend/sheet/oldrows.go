package sheet

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
)

// OldRows are the rows of a sheet of an [OldBook], written as those of [BookRows] are.
type OldRows struct {
	book    *OldBook
	records records
	depth   int       // of the parts that are open: charts stand within sheets
	waiting []oldCell // that were read ahead
	line    int
	ended   error
	formula *oldCell // whose text comes behind it
}

// oldCell is a cell with what it means.
type oldCell struct {
	row, column int
	text        string
}

// Rows begins to read a sheet, one of [OldBook.Tabs]. It fails with a [*BookError].
func (b *OldBook) Rows(tab int) (*OldRows, error) {
	if tab < 0 || tab >= len(b.tabs) || uint64(b.at[tab]) >= uint64(len(b.stream)) {
		return nil, &BookError{Code: BookBroken}
	}
	end := uint32(len(b.stream))
	for _, at := range b.begins {
		if at > b.at[tab] {
			end = min(end, at)
		}
	}
	return &OldRows{book: b, records: records{rest: b.stream[:end], next: int(b.at[tab])}, line: -1}, nil
}

// Sheet is [OldBook.Rows] for those who do not know which kind of workbook it is.
func (b *OldBook) Sheet(tab int) (BookSheet, error) { return b.Rows(tab) }

// Close does nothing.
func (r *OldRows) Close() error { return nil }

// BytesRead is how far in the workbook the sheet was read.
func (r *OldRows) BytesRead() int64 { return int64(r.records.next) }

// SkipTo reads up to the row of a line, or the first one behind it, and returns it.
func (r *OldRows) SkipTo(line int) (Row, error) {
	for {
		row, err := r.Next()
		if err != nil || row.Line >= line {
			return row, err
		}
	}
}

// Next returns the next row that has cells, or [io.EOF]. It fails with a [*BookError].
func (r *OldRows) Next() (Row, error) {
	var cells []string
	for {
		c, err := r.cell()
		if err != nil && !errors.Is(err, io.EOF) {
			r.ended = &BookError{Code: BookBroken, Part: "Workbook", Err: err}
			return Row{}, r.ended
		}
		if c == nil && len(cells) == 0 {
			return Row{}, io.EOF
		}
		if c == nil || cells != nil && c.row != r.line {
			if c != nil {
				r.waiting = append([]oldCell{*c}, r.waiting...)
			}
			break
		}
		if c.row < r.line || c.row > math.MaxUint16 {
			r.ended = &BookError{Code: BookBroken, Part: "Workbook", Err: errors.New("a row is out of its order")}
			return Row{}, r.ended
		}
		r.line = c.row
		for len(cells) <= c.column { // 256 at most
			cells = append(cells, "")
		}
		cells[c.column] = c.text
	}
	row := Row{Line: r.line + 1, Cells: cells, Raw: strings.Join(cells, "\t")}
	if strings.IndexByte(row.Raw, 0) >= 0 {
		row.Problem = HasNUL
	}
	return row, nil
}

// cell is the next cell that has something in it; nil at the end.
func (r *OldRows) cell() (*oldCell, error) {
	if len(r.waiting) > 0 {
		c := r.waiting[0]
		r.waiting = r.waiting[1:]
		return &c, nil
	}
	for r.ended == nil {
		rec, err := r.records.read()
		if err != nil {
			r.ended = err
			return nil, err
		}
		switch rec.kind {
		case xlsBegin:
			r.depth++
		case xlsEnd:
			if r.depth--; r.depth <= 0 {
				r.ended = io.EOF
			}
		default:
			if r.depth != 1 {
				continue
			}
			c, err := r.read(&rec)
			if err != nil {
				r.ended = err
				return nil, err
			}
			if c != nil && c.text != "" {
				return c, nil
			}
		}
	}
	return nil, r.ended
}

// tooShort reports whether the record of a cell ends before its cell does.
func (rec *record) tooShort() bool {
	least := map[uint16]int{xlsShared: 10, xlsNumber: 14, xlsShort: 10, xlsNumbers: 12, xlsFormula: 20, xlsLabel: 8, xlsRich: 8, xlsTruth: 8}[rec.kind]
	return least > 0 && len(rec.data) < least
}

// read reads the cells of a record: the first is returned, others wait.
func (r *OldRows) read(rec *record) (*oldCell, error) {
	if rec.tooShort() {
		return nil, errRecord
	}
	d := rec.data
	if rec.kind == xlsText && r.formula != nil {
		c, t := r.formula, texts{parts: append([][]byte{d}, rec.more...)}
		r.formula = nil
		c.text = t.text(2)
		return c, nil
	}
	if !rec.isCell() {
		return nil, nil
	}
	r.formula = nil
	c := &oldCell{row: int(binary.LittleEndian.Uint16(d)), column: int(binary.LittleEndian.Uint16(d[2:]))}
	style := int(binary.LittleEndian.Uint16(d[4:]))
	if c.column > 255 {
		return nil, errors.New("a cell stands where no sheet has one")
	}
	switch rec.kind {
	case xlsShared:
		text, ok := r.book.strings.at(int(word(d, 6)))
		if !ok {
			return nil, errors.New("a cell names a text that is not there")
		}
		c.text = text
	case xlsNumber:
		c.text = r.number(math.Float64frombits(binary.LittleEndian.Uint64(d[6:])), style)
	case xlsShort:
		c.text = r.short(word(d, 6), style)
	case xlsNumbers:
		return r.several(c, d)
	case xlsLabel, xlsRich:
		t := texts{parts: append([][]byte{d[6:]}, rec.more...)}
		c.text = t.text(2)
	case xlsTruth:
		c.text = truth(d[6], d[7] != 0)
	case xlsFormula:
		r.result(c, d[6:14], style)
	}
	return c, nil
}

func (rec *record) isCell() bool {
	switch rec.kind {
	case xlsShared, xlsNumber, xlsShort, xlsNumbers, xlsLabel, xlsRich, xlsTruth, xlsFormula:
		return true
	}
	return false
}

// several keeps the numbers of a record, and returns the first.
func (r *OldRows) several(first *oldCell, d []byte) (*oldCell, error) {
	for at, column := 4, first.column; at+6 <= len(d)-2 && column < 256; at, column = at+6, column+1 {
		if text := r.short(word(d, at+2), int(binary.LittleEndian.Uint16(d[at:]))); text != "" {
			r.waiting = append(r.waiting, oldCell{first.row, column, text})
		}
	}
	if len(r.waiting) == 0 {
		return nil, nil
	}
	*first, r.waiting = r.waiting[0], r.waiting[1:]
	return first, nil
}

// number writes a number as its style says: a day, a time, or digits with a point.
func (r *OldRows) number(f float64, style int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return ""
	}
	return r.styled(strconv.FormatFloat(f, 'g', -1, 64), style)
}

func (r *OldRows) styled(number string, style int) string {
	if style < len(r.book.days) && r.book.days[style] != noDay {
		if day, ok := r.book.days[style].write(number, r.book.y1904); ok {
			return day
		}
	}
	return plainNumber(number)
}

// short writes a number of four bytes ([MS-XLS] 2.5.217): a whole number or the upper half
// of a binary one, which may have to be divided by a hundred.
func (r *OldRows) short(n uint32, style int) string {
	if n&2 == 0 {
		f := math.Float64frombits(uint64(n&^3) << 32)
		if n&1 != 0 {
			f /= 100
		}
		return r.number(f, style)
	}
	whole := int64(int32(n) >> 2)
	if n&1 == 0 {
		return r.styled(strconv.FormatInt(whole, 10), style)
	}
	return r.styled(strconv.FormatInt(whole, 10)+"e-2", style)
}

func truth(value byte, fault bool) string {
	if fault {
		names := map[byte]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
		return names[value]
	}
	if value != 0 {
		return "TRUE"
	}
	return "FALSE"
}

// result is what a formula came to when the workbook was saved; a text comes behind it.
func (r *OldRows) result(c *oldCell, d []byte, style int) {
	if d[6] != 0xFF || d[7] != 0xFF {
		c.text = r.number(math.Float64frombits(binary.LittleEndian.Uint64(d)), style)
		return
	}
	switch d[0] {
	case 0:
		r.formula = c
	case 1, 2:
		c.text = truth(d[2], d[0] == 2)
	}
}

var _ Rows = (*OldRows)(nil)
