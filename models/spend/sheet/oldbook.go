package sheet

import (
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strconv"
	"unicode/utf16"
)

// Kinds of records of a workbook from 1997 to 2003 ([MS-XLS] 2.3).
const (
	xlsFormula  = 0x0006
	xlsEnd      = 0x000A
	xls1904     = 0x0022
	xlsLocked   = 0x002F
	xlsContinue = 0x003C
	xlsSheet    = 0x0085
	xlsNumbers  = 0x00BD
	xlsRich     = 0x00D6
	xlsStyle    = 0x00E0
	xlsTexts    = 0x00FC
	xlsShared   = 0x00FD
	xlsNumber   = 0x0203
	xlsLabel    = 0x0204
	xlsTruth    = 0x0205
	xlsText     = 0x0207
	xlsShort    = 0x027E
	xlsAny      = 0x041E // the format of numbers
	xlsBegin    = 0x0809
)

// OldBook is a workbook as spreadsheets saved it from 1997 to 2003 (BIFF8 in a compound
// file). Libraries for it are old, hold every cell, and trust what the file says, so that
// a file made for it breaks them; what a table needs is little.
type OldBook struct {
	stream  []byte
	tabs    []Tab
	at      []uint32 // where the sheets begin
	begins  []uint32 // where anything begins that stands beside them
	strings sharedStrings
	days    []dayFormat
	y1904   bool
}

// record is a record of a workbook, its parts that were continued behind it one by one.
type record struct {
	kind uint16
	data []byte
	more [][]byte
}

// records reads one record behind the other.
type records struct {
	rest []byte
	next int // where the next one begins
}

var errRecord = errors.New("a record ends in the middle")

func (r *records) read() (rec record, err error) {
	kind, data, err := r.one()
	if err != nil {
		return rec, err
	}
	rec = record{kind: kind, data: data}
	for len(r.rest)-r.next >= 4 && binary.LittleEndian.Uint16(r.rest[r.next:]) == xlsContinue {
		_, data, err := r.one()
		if err != nil {
			return rec, err
		}
		rec.more = append(rec.more, data)
	}
	return rec, nil
}

func (r *records) one() (kind uint16, data []byte, err error) {
	if len(r.rest)-r.next < 4 {
		return 0, nil, io.EOF
	}
	kind = binary.LittleEndian.Uint16(r.rest[r.next:])
	size := int(binary.LittleEndian.Uint16(r.rest[r.next+2:]))
	r.next += 4
	if len(r.rest)-r.next < size {
		return 0, nil, errRecord
	}
	data = r.rest[r.next : r.next+size]
	r.next += size
	return kind, data, nil
}

// openOldBook begins to read a workbook that is in memory. It fails with a [*BookError]:
// [BookOld] where it is older, or locked.
func openOldBook(content []byte) (*OldBook, error) {
	o, err := openOLE(content)
	if err != nil {
		return nil, &BookError{Code: BookBroken, Err: err}
	}
	stream, ok, err := o.stream("workbook")
	switch {
	case err != nil:
		return nil, &BookError{Code: BookBroken, Part: "Workbook", Err: err}
	case !ok:
		return nil, &BookError{Code: BookOld}
	}
	b := &OldBook{stream: stream}
	if err := b.readGlobals(); err != nil {
		var known *BookError
		if errors.As(err, &known) {
			return nil, err
		}
		return nil, &BookError{Code: BookBroken, Part: "Workbook", Err: err}
	}
	if len(b.tabs) == 0 {
		return nil, &BookError{Code: BookOther, Part: "Workbook"}
	}
	return b, nil
}

// readGlobals reads what all sheets share: it stands before them.
func (b *OldBook) readGlobals() error {
	r := &records{rest: b.stream}
	rec, err := r.read()
	if err != nil || rec.kind != xlsBegin || len(rec.data) < 4 || binary.LittleEndian.Uint16(rec.data) != 0x0600 {
		return &BookError{Code: BookOld, Part: "Workbook"}
	}
	own, styles := map[string]dayFormat{}, []string{}
	for rec.kind != xlsEnd {
		if rec, err = r.read(); err != nil {
			return err
		}
		d := rec.data
		switch {
		case rec.kind == xlsLocked:
			return &BookError{Code: BookOld, Part: "Workbook"}
		case rec.kind == xls1904 && len(d) >= 2:
			b.y1904 = d[0] == 1
		case rec.kind == xlsSheet && len(d) >= 8:
			b.addTab(d)
		case rec.kind == xlsAny && len(d) >= 5 && len(own) < maxParts:
			t := texts{parts: append([][]byte{d[2:]}, rec.more...)}
			own[strconv.Itoa(int(binary.LittleEndian.Uint16(d)))] = formatOf(t.text(2))
		case rec.kind == xlsStyle && len(d) >= 4 && len(styles) < 1<<16:
			styles = append(styles, strconv.Itoa(int(binary.LittleEndian.Uint16(d[2:]))))
		case rec.kind == xlsTexts && len(d) >= 8:
			if err := b.readTexts(d, rec.more); err != nil {
				return err
			}
		}
	}
	for _, id := range styles {
		b.days = append(b.days, formatNamed(id, own))
	}
	return nil
}

// addTab keeps a sheet; charts and macros are none. Two sheets do not begin in one place:
// so all of them are no longer than the file.
func (b *OldBook) addTab(d []byte) {
	if len(b.begins) == maxParts {
		return
	}
	known := slices.Contains(b.begins, word(d, 0))
	if b.begins = append(b.begins, word(d, 0)); d[5] != 0 || known {
		return
	}
	t := texts{parts: [][]byte{d[6:]}}
	b.tabs = append(b.tabs, Tab{Name: t.text(1), Hidden: d[4]&3 != 0})
	b.at = append(b.at, word(d, 0))
}

// readTexts reads the texts that cells name by number.
func (b *OldBook) readTexts(d []byte, more [][]byte) error {
	t := texts{parts: append([][]byte{d[8:]}, more...)}
	for range word(d, 4) {
		if t.empty() {
			return nil // fewer than it says; a cell that names another one is broken
		}
		b.strings.text = append(b.strings.text, t.text(2)...)
		b.strings.ends = append(b.strings.ends, uint32(len(b.strings.text)))
		if len(b.strings.text)+4*len(b.strings.ends) > maxBookStrings {
			return &BookError{Code: BookLarge, Part: "Workbook"}
		}
	}
	return nil
}

// texts reads texts out of a record and what continues it ([MS-XLS] 2.5.293).
type texts struct{ parts [][]byte }

func (t *texts) empty() bool {
	for len(t.parts) > 0 && len(t.parts[0]) == 0 {
		t.parts = t.parts[1:]
	}
	return len(t.parts) == 0
}

// take takes bytes; fewer at the end.
func (t *texts) take(n int) []byte {
	if t.empty() {
		return nil
	}
	n = min(n, len(t.parts[0]))
	out := t.parts[0][:n]
	t.parts[0] = t.parts[0][n:]
	return out
}

func (t *texts) number(size int) int {
	n := 0
	for i, b := range t.take(size) {
		n |= int(b) << (8 * i)
	}
	return n
}

func (t *texts) skip(n int) {
	for n > 0 {
		taken := len(t.take(n))
		if taken == 0 {
			return
		}
		n -= taken
	}
}

// text takes a text whose length stands before it in so many bytes. Where it goes on in
// another part, that says anew how wide its characters are.
func (t *texts) text(size int) string {
	length, flags := t.number(size), t.number(1)
	runs, extra := 0, 0
	if flags&8 != 0 {
		runs = t.number(2)
	}
	if flags&4 != 0 {
		extra = t.number(4)
	}
	var units []uint16
	for len(units) < length && !t.empty() {
		width := 1 + flags&1
		part := t.take(min((length-len(units))*width, len(t.parts[0])/width*width))
		if len(part) == 0 {
			return string(utf16.Decode(units))
		}
		for ; len(part) >= width; part = part[width:] {
			unit := uint16(part[0])
			if width == 2 {
				unit |= uint16(part[1]) << 8
			}
			units = append(units, unit)
		}
		if len(units) < length && !t.empty() {
			flags = t.number(1)
		}
	}
	t.skip(4*runs + extra)
	return string(utf16.Decode(units))
}

// Tabs are the sheets that have cells, in their order.
func (b *OldBook) Tabs() []Tab { return b.tabs }

// Heading is the line of the heading of a sheet, as [Workbook.Heading] finds it.
func (b *OldBook) Heading(tab int) (int, error) { return headingIn(b, tab) }
