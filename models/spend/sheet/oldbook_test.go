package sheet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// le writes numbers as they stand in such files.
func le(values ...any) []byte {
	var b bytes.Buffer
	for _, v := range values {
		_ = binary.Write(&b, binary.LittleEndian, v)
	}
	return b.Bytes()
}

// rec is a record of a workbook.
func rec(kind int, data ...any) []byte {
	d := le(data...)
	return append(le(uint16(kind), uint16(len(d))), d...)
}

// wide is a text with two bytes for each character, its length before it.
func wide(s string) []byte {
	units := utf16.Encode([]rune(s))
	return le(uint16(len(units)), uint8(1), units)
}

func narrow(s string) []byte { return le(uint16(len(s)), uint8(0), []byte(s)) }

// compound puts a stream into a compound file: one of few bytes into the small stream.
func compound(name string, stream []byte) []byte {
	const free, end, isFAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
	small := len(stream) < 4096
	size := len(stream)
	unit := 512
	if small {
		unit = 64
	}
	stream = append(slices.Clone(stream), make([]byte, (unit-size%unit)%unit)...)
	minis := len(stream) / 64
	stream = append(stream, make([]byte, (512-len(stream)%512)%512)...)
	n := len(stream) / 512
	fatSectors := (n + 4 + 127) / 128
	var fat []uint32
	for range fatSectors {
		fat = append(fat, isFAT)
	}
	fat = append(fat, end, end) // the directory, and the table of small sectors
	first := uint32(len(fat))
	for i := range n {
		fat = append(fat, first+uint32(i)+1)
	}
	fat[len(fat)-1] = end
	for len(fat)%128 != 0 {
		fat = append(fat, free)
	}
	mini := make([]uint32, 128)
	for i := range mini {
		switch mini[i] = free; {
		case small && i < minis-1:
			mini[i] = uint32(i + 1)
		case small && i == minis-1:
			mini[i] = end
		}
	}
	entry := func(name string, kind uint8, start, size uint32) []byte {
		b := make([]byte, 128)
		units := utf16.Encode([]rune(name))
		copy(b, le(units))
		copy(b[64:], le(uint16(2*len(units)+2), kind))
		copy(b[116:], le(start, size))
		return b
	}
	root, own := entry("Root Entry", 5, end, 0), entry(name, 2, first, uint32(size))
	if small {
		root, own = entry("Root Entry", 5, first, uint32(len(stream))), entry(name, 2, 0, uint32(size))
	}
	head := make([]byte, 512)
	copy(head, oleMagic)
	copy(head[24:], le(uint16(0x3E), uint16(3), uint16(0xFFFE), uint16(9), uint16(6)))
	copy(head[44:], le(uint32(fatSectors), uint32(fatSectors), uint32(0), uint32(4096), uint32(fatSectors+1), uint32(1), uint32(end), uint32(0)))
	for i := range 109 {
		at := uint32(free)
		if i < fatSectors {
			at = uint32(i)
		}
		copy(head[76+4*i:], le(at))
	}
	return slices.Concat(head, le(fat), root, own, make([]byte, 256), le(mini), stream)
}

// oldBook is a workbook with one sheet of these records, and a hidden one.
func oldBook(cells ...[]byte) []byte {
	const texts = 4
	begin := rec(xlsBegin, uint16(0x600), uint16(5), uint64(0), uint32(0))
	globals := func(first, second uint32) []byte {
		return slices.Concat(begin, rec(xls1904, uint16(0)), rec(xlsAny, uint16(164), narrow("dd.mm.yyyy")),
			rec(xlsStyle, uint16(0), uint16(0)), rec(xlsStyle, uint16(0), uint16(14)), rec(xlsStyle, uint16(0), uint16(164)),
			rec(xlsSheet, first, uint8(0), uint8(0), uint8(5), uint8(0), []byte("Kulud")), rec(xlsSheet, second, uint8(1), uint8(0), uint8(1), uint8(1), utf16.Encode([]rune("ž"))),
			rec(xlsTexts, uint32(texts), uint32(texts), narrow("Supplier"), wide("Kuupäev"), narrow("Amount EUR"), uint16(9), uint8(1), utf16.Encode([]rune("Näid"))), // goes on
			rec(xlsContinue, uint8(0), []byte("is O\xdc")),
			rec(xlsEnd))
	}
	sheet := slices.Concat(append(append([][]byte{begin}, cells...), rec(xlsEnd))...)
	at := uint32(len(globals(0, 0)))
	return slices.Concat(globals(at, at+uint32(len(sheet))), sheet, begin, rec(xlsEnd))
}

// place begins a cell.
func place(row, column, style int) []byte { return le(uint16(row), uint16(column), uint16(style)) }

func tableCells() [][]byte {
	return [][]byte{
		rec(xlsShared, place(2, 0, 0), uint32(0)), rec(xlsShared, place(2, 1, 0), uint32(1)), rec(xlsShared, place(2, 2, 0), uint32(2)), rec(0x0201, place(2, 3, 0)),
		rec(xlsBegin, uint16(0x600), uint16(0x20)), rec(xlsNumber, place(9, 0, 0), 99.0), rec(xlsEnd), // a chart
		rec(xlsShared, place(3, 0, 0), uint32(3)), rec(xlsNumber, place(3, 1, 1), 46095.0), rec(xlsNumber, place(3, 2, 0), 1234.56),
		rec(xlsLabel, place(4, 0, 0), narrow("B")), rec(xlsNumbers, uint16(4), uint16(1), uint16(2), uint32(46096<<2|2), uint16(0), uint32(123456<<2|3), uint16(2)),
		rec(xlsFormula, place(5, 0, 0), uint8(0), make([]byte, 5), uint16(0xFFFF), make([]byte, 6)), rec(xlsText, wide("Õ")), rec(xlsShort, place(5, 1, 1), uint32(46097<<2|2)), rec(xlsFormula, place(5, 2, 0), 4.3499999999999996, make([]byte, 6)),
		rec(xlsTruth, place(6, 0, 0), uint8(0x2A), uint8(1)), rec(xlsTruth, place(6, 1, 0), uint8(1), uint8(0)), rec(xlsShort, place(6, 2, 0), uint32(math.Float64bits(1.5)>>32)), rec(xlsFormula, place(6, 3, 0), uint8(3), make([]byte, 5), uint16(0xFFFF), make([]byte, 6)),
	}
}

func oldRows(content []byte, tab int) (b Book, all []string, err error) {
	if b, err = OpenBook(content); err != nil {
		return nil, nil, err
	}
	r, err := b.Sheet(tab)
	if err != nil {
		return b, nil, err
	}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return b, all, r.Close()
		}
		if err != nil {
			return b, all, err
		}
		all = append(all, fmt.Sprintf("%d %s", row.Line, strings.Join(row.Cells, "|")))
	}
}

func TestWorkbooksFromBefore2007AreRead(t *testing.T) {
	want := []string{"3 Supplier|Kuupäev|Amount EUR", "4 Näidis OÜ|2026-03-14|1234.56", "5 B|2026-03-15|1234.56", "6 Õ|2026-03-16|4.35", "7 #N/A|TRUE|1.5"}
	long := append(tableCells(), rec(0x0201, place(7, 0, 0)), bytes.Repeat(rec(0x0201, place(7, 0, 0)), 500))
	for name, cells := range map[string][][]byte{"small": tableCells(), "large": long} {
		b, rows, err := oldRows(compound("Workbook", oldBook(cells...)), 0)
		if err != nil || !slices.Equal(rows, want) {
			t.Errorf("%s: %q, %v; want %q", name, rows, err, want)
			continue
		}
		if tabs := b.Tabs(); len(tabs) != 2 || tabs[0].Name != "Kulud" || tabs[0].Hidden || tabs[1].Name != "ž" || !tabs[1].Hidden {
			t.Errorf("%s: the sheets are %+v", name, tabs)
		}
		if at, err := b.Heading(0); at != 3 || err != nil {
			t.Errorf("%s: the heading is on line %d, %v", name, at, err)
		}
	}
}

func TestOldWorkbooksThatCannotBeReadSayWhy(t *testing.T) {
	good := compound("Workbook", oldBook(tableCells()...))
	for name, c := range map[string]struct {
		content []byte
		why     string
	}{
		"older":           {compound("Book", oldBook()), BookOld},
		"another version": {compound("Workbook", rec(xlsBegin, uint16(0x500), uint16(5))), BookOld},
		"locked":          {compound("Workbook", slices.Concat(rec(xlsBegin, uint16(0x600), uint16(5)), rec(xlsLocked, uint16(1)), rec(xlsEnd))), BookOld},
		"locked, newer":   {compound("EncryptedPackage", make([]byte, 5000)), BookOld},
		"no sheets":       {compound("Workbook", slices.Concat(rec(xlsBegin, uint16(0x600), uint16(5)), rec(xlsEnd))), BookOther},
		"cut":             {good[:len(good)/2], BookBroken},
		"the head only":   {good[:512], BookBroken},
		"few bytes":       {[]byte(oleMagic + " and more"), BookBroken},
		"no such text":    {compound("Workbook", oldBook(rec(xlsShared, place(0, 0, 0), uint32(9)))), BookBroken},
		"rows disordered": {compound("Workbook", oldBook(rec(xlsNumber, place(3, 0, 0), 1.0), rec(xlsNumber, place(2, 0, 0), 1.0))), BookBroken},
		"a short cell":    {compound("Workbook", oldBook(rec(xlsNumber, place(3, 0, 0)))), BookBroken},
	} {
		_, rows, err := oldRows(c.content, 0)
		var wrong *BookError
		if !errors.As(err, &wrong) || wrong.Code != c.why {
			t.Errorf("%s: %q, %v; want %s", name, rows, err, c.why)
		}
	}
}

// A chain of sectors that goes round, or a text of four gigabytes, is not followed.
func TestOldWorkbooksThatGoRoundEnd(t *testing.T) {
	good := compound("Workbook", append(oldBook(tableCells()...), make([]byte, 1<<20)...))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for at := 76; at < len(good); at += max(4, (at-2048)/16*4) {
		broken := slices.Clone(good)
		copy(broken[at:], le(uint32(3)))
		_, _, _ = oldRows(broken, 0)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 {
		t.Errorf("%d bytes are held", grown)
	}
}

// A return of another program is read as yet another program reads it.
func TestARealReturnIsRead(t *testing.T) {
	for _, name := range shared(t, "ccs/*.xls") {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		b, rows, err := oldRows(content, 0)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"1 Order Reference Number|Customer Unique Reference Number (URN)|Customer Organisation Name|Contract Start Date|Contract End Date|Lot Number|Service Group|Digital Marketplace Service ID|Total Contract Value",
			"2 12345678|2526618|Test Organisation|2018-12-25|2020-12-25|2|Collaborative Working|401234567890123|420000"}
		if len(rows) != 3 || !slices.Equal(rows[:2], want) {
			t.Errorf("%q", rows)
		}
		names := []string{}
		for _, tab := range b.Tabs() {
			names = append(names, tab.Name)
		}
		if !slices.Equal(names, []string{"Contracts", "InvoicesRaised", "URN Guidance Notes", "Service Table", "Lookups"}) {
			t.Errorf("the sheets are %q", names)
		}
		if _, rows, err = oldRows(content, 1); err != nil || len(rows) != 2 || !strings.Contains(rows[1], "|2019-03-01|42|") || !strings.Contains(rows[1], "|125000|1|125000|25000") {
			t.Errorf("%q, %v", rows, err)
		}
	}
}

func FuzzOldWorkbook(f *testing.F) {
	f.Add(compound("Workbook", oldBook(tableCells()...)))
	f.Add(compound("Workbook", append(oldBook(tableCells()...), make([]byte, 5000)...)))
	f.Fuzz(func(t *testing.T, content []byte) {
		b, err := OpenBook(content)
		if err != nil {
			return
		}
		for i := range b.Tabs() {
			r, err := b.Sheet(i)
			if err != nil {
				continue
			}
			last := 0
			for {
				row, err := r.Next()
				if err != nil {
					break
				}
				if row.Line <= last || len(row.Cells) > MaxColumns {
					t.Fatalf("row %d behind %d, %d cells", row.Line, last, len(row.Cells))
				}
				last = row.Line
			}
			_ = r.Close()
		}
	})
}
