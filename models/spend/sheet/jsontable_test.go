package sheet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	enc "golang.org/x/text/encoding/unicode"

	"pilveturg/models"
)

func opens(text string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
}

// objectRows reads a text of JSON to its end: each row as "line problem cells".
func objectRows(text string) (o Objects, all []string, err error) {
	if o, err = FindObjects(opens(text)); err != nil {
		return o, nil, err
	}
	r := OpenObjects(strings.NewReader(text), o)
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return o, all, nil
		}
		if err != nil {
			return o, all, err
		}
		all = append(all, fmt.Sprintf("%d %s %s", row.Line, row.Problem, strings.Join(row.Cells, "|")))
	}
}

func TestObjectsAreRowsOfATable(t *testing.T) {
	utf16, err := enc.UTF16(enc.LittleEndian, enc.UseBOM).NewEncoder().String(`[{"müüja":"Näidis OÜ","summa":1.5}]`)
	if err != nil {
		t.Fatal(err)
	}
	const many = `{"s":"A","n":1}` + "\n" + `{"n":2}` + "\n\n"
	for what, c := range map[string]struct {
		text  string
		names string
		rows  []string
	}{
		"a list":                 {`[{"s":"A","n":1},{"n":2.50,"t":true}]`, "s n t", []string{"1  A|1|", "2  |2.50|true"}},
		"digits stay":            {`[{"n":0.10000000000000000555,"e":-1.20E+3,"z":123456789012345678901.5}]`, "n e z", []string{"1  0.10000000000000000555|-1.20E+3|123456789012345678901.5"}},
		"no thousands":           {`[{"n":1.234,"e":1.234e3,"w":1234.567}]`, "n e w", []string{"1  1.2340|1.2340e3|1234.567"}},
		"nothing":                {`[{"s":null,"n":7},{}]`, "s n", []string{"1  |7", "2  |"}},
		"nested":                 {`[{"s":{"a": [1.50, {"b":"]}"}]},"l":[ ]}]`, "s l", []string{`1  {"a":[1.50,{"b":"]}"}]}|[]`}},
		"escapes":                {`[{"a\"b":"x\\\"y\u00f5","c":"d\/e"}]`, `a"b c`, []string{`1  x\"yõ|d/e`}},
		"under a name":           {`{"meta":{"n":[1,2]},"data":[{"n":1},{"n":2}],"end":true}`, "n", []string{"1  1", "2  2"}},
		"deeper":                 {`{"help":"x","result":{"fields":[{"id":"n"}],"records":[{"n":1},{"n":2}]}}`, "n", []string{"1  1", "2  2"}},
		"behind another":         {`{"a":[{"x":1}],"b":[],"c":[[1]],"d":[{"n":1},{"n":2}]}`, "n", []string{"1  1", "2  2"}},
		"lines":                  {many, "s n", []string{"1  A|1", "2  |2"}},
		"lines, BOM, CRLF":       {"\ufeff" + strings.ReplaceAll(many, "\n", "\r\n") + `{"n":3}`, "s n", []string{"1  A|1", "2  |2", "4  |3"}},
		"a broken line":          {many + "{\"n\":\n{\"n\":4}\n", "s n", []string{"1  A|1", "2  |2", "4 row_json ", "5  |4"}},
		"one behind the other":   {"{\n\"s\": \"A\"\n}\n{\n\"n\": 2}\n", "s n", []string{"1  A|", "2  |2"}},
		"UTF-16":                 {utf16, "müüja summa", []string{"1  Näidis OÜ|1.5"}},
		"twice in one":           {`[{"n":1,"n":2},{"n":3}]`, "n", []string{"1 row_twice ", "2  3"}},
		"twice by an escape":     {`[{"n":1,"\u006e":2}]`, "n", []string{"1 row_twice "}},
		"no objects among them":  {`[{"n":1},2,[3],null,{"n":4}]`, "n", []string{"1  1", "2 row_json ", "3 row_json ", "4 row_json ", "5  4"}},
		"wrong inside":           {`[{"n":NaN},{"n":01},{"n":2}]`, "n", []string{"1 row_json ", "2 row_json ", "3  2"}},
		"Windows":                {"[{\"m\xfc\xfcja\":\"N\xe4idis O\xdc\"}]", "müüja", []string{"1  Näidis OÜ"}},
		"a sign that is no text": {`[{"n":"a\u0000b"}]`, "n", []string{"1 row_nul "}},
	} {
		o, rows, err := objectRows(c.text)
		if err != nil || strings.Join(o.Names, " ") != c.names || !slices.Equal(rows, c.rows) {
			t.Errorf("%s: %q, %q, %v; want %q, %q", what, o.Names, rows, err, c.names, c.rows)
		}
	}
}

func TestTheLargestListIsReadAndOthersAreNamed(t *testing.T) {
	o, rows, err := objectRows(`{"a":{"one":[{"x":1}]},"b":[{"n":1},{"n":2}],"b":[{"n":3},{"n":4},{"n":5}],"c":[{"y":1},{"y":2}]}`)
	if err != nil || len(rows) != 3 || rows[2] != "3  5" || !slices.Equal(o.Others, []string{"a.one", "b", "c"}) {
		t.Errorf("%+v, %q, %v", o, rows, err)
	}
}

func TestWhatIsNoTableOfObjectsIsToldApart(t *testing.T) {
	for text, want := range map[string]error{
		``: ErrNotJSON, `[Supplier];[Amount]`: ErrNotJSON, `[net];[total]`: ErrNotJSON, `{Supplier};1`: ErrNotJSON, `Supplier,Amount`: ErrNotJSON, `12`: ErrNotJSON,
		`{"a": 1}`: ErrNoObjects, `[]`: ErrNoObjects, `{}`: ErrNoObjects, `[1,2]`: ErrNoObjects, `{"a":[]}`: ErrNoObjects,
		`{"a":[{"n":1}`: ErrBrokenJSON, `[{"n":1}]]`: ErrBrokenJSON, `[{"n":1} {"n":2}]`: ErrBrokenJSON, `{"a":[{"n":1}],}`: ErrBrokenJSON,
		`{"a":"b`: ErrBrokenJSON, `[{"n":"`: ErrBrokenJSON, `{"a"}`: ErrBrokenJSON,
	} {
		if _, _, err := objectRows(text); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", text, err, want)
		}
	}
}

func TestJSONThatIsMadeToFillTheMemoryDoesNot(t *testing.T) {
	const size = 8 << 20
	names := func() string {
		var b strings.Builder
		for i := range 100_000 {
			fmt.Fprintf(&b, `,{"column %d":1,"n":%d}`, i, i)
		}
		return `[{"n":1}` + b.String() + "]"
	}
	x := func(before, of, after string) func() string {
		return func() string { return before + strings.Repeat(of, size/len(of)) + after }
	}
	for what, made := range map[string]func() string{
		"depth": x(`[{"n":`, "[", ""), "depth outside": x("", `{"a":`, ""), "many lists": x(`{"a":1`, `,"list":[{"n":1}]`, `}`), "many names": names,
		"a long text": x(`[{"n":"`, "x", `"},{"n":1}]`), "a long name": x(`[{"`, "x", `":1},{"n":1}]`), "a long number": x(`[{"n":1},`, "1", `]`),
		"a long line": x(`{"n":1}`+"\n"+`{"n":"`, "x", `"}`+"\n"+`{"n":2}`),
	} {
		text := made()
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		o, err := FindObjects(opens(text))
		held, rows := len(o.Names), 0
		if err == nil {
			r := OpenObjects(strings.NewReader(text), o)
			for {
				if _, err = r.Next(); err != nil {
					break
				}
				rows++
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if held > MaxColumns || int64(after.HeapAlloc)-int64(before.HeapAlloc) > 8<<20 {
			t.Errorf("%s: %d names are held, %d bytes", what, held, int64(after.HeapAlloc)-int64(before.HeapAlloc))
		}
		if what == "a long text" && rows != 2 || what == "a long line" && rows != 3 || what == "many names" && rows != 100_001 {
			t.Errorf("%s: %d rows, %v", what, rows, err)
		}
		runtime.KeepAlive(text)
	}
}

// What another program says of the payments of a ministry is what they come to here.
func TestPaymentsInJSONAddUp(t *testing.T) {
	for _, name := range shared(t, "hmt/*.oracle.json") {
		var want struct {
			Rows int
			Sum  string
		}
		text := load(t, name, &want)
		o, err := FindObjects(opens(text))
		at := slices.Index(o.Names, "amount_gbp")
		if err != nil || at < 0 || o.Count != want.Rows {
			t.Fatalf("%s: %+v, %v", filepath.Base(name), o, err)
		}
		c, sum, r := NewColumns(o.Heading()), models.Exact{}, OpenObjects(strings.NewReader(text), o)
		for {
			row, err := r.Next()
			if err != nil {
				break
			}
			c.Add(row.Cells)
			n, known, fault := Number(row.Cells[at], ".")
			if !known || fault != nil {
				t.Errorf("line %d: %q", row.Line, row.Cells[at])
			}
			sum, _ = sum.Add(n)
		}
		if column := c.List()[at]; sum != exact(t, want.Sum) || column.AskDecimal || column.Filled != want.Rows {
			t.Errorf("%s: %s, %+v; want %s", filepath.Base(name), sum, column, want.Sum)
		}
	}
}

func FuzzJSONTable(f *testing.F) {
	for _, text := range []string{`[{"a":1.50,"b":null},{"c":{"d":[1]}}]`, `{"x":{"y":[{"a":"b"}]},"z":[{}]}`, "{\"a\":1}\n{\"a\":\n{}\n", "{\n\"a\":\"\\u00e4\"}\n{}", "\xff\xfe[\x00{\x00}\x00]\x00"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		text := string(content)
		o, err := FindObjects(opens(text))
		if err != nil {
			return
		}
		r := OpenObjects(strings.NewReader(text), o)
		rows, last := 0, 0
		for {
			row, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("it was read once, and is not again: %v", err)
			}
			rows++
			if row.Line <= last {
				t.Fatalf("line %d comes behind line %d", row.Line, last)
			}
			last = row.Line
			if row.Problem == "" && (len(row.Cells) != len(o.Names) || !json.Valid([]byte(row.Raw))) {
				t.Fatalf("row %d is %q under %q", row.Line, row.Cells, o.Names)
			}
		}
		if rows != o.Count {
			t.Fatalf("%d rows, but %d objects", rows, o.Count)
		}
	})
}
