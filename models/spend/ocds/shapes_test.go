package ocds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadTakesEveryShapeOfFile(t *testing.T) {
	release := func(id string) string {
		return `{"ocid":"ocds-abc123-1","id":"` + id + `","date":"2026-01-05T10:00:00+02:00","tag":["tender"],"initiationType":"tender","extra":[{"}":"]\"{"}]}`
	}
	meta := `"uri":"https://example.org/p","version":"1.1","publisher":{"name":"Agency"},"publishedDate":"2026-01-05T10:00:00Z"`
	compiled := strings.Replace(release("c"), "tender", "compiled", 1)
	record := `{"ocid":"ocds-abc123-1","releases":[` + release("a") + `,{"url":"https://example.org/1","date":"2026-01-05T10:00:00Z"},` + release("b") + `]}`
	whole := `{"compiledRelease":` + compiled + `,"ocid":"ocds-abc123-1","releases":[` + release("a") + `]}`
	tests := []struct {
		name, file, ids, counts string // packages, records, linked, skipped
	}{
		{"a release", release("a"), "a", "0 0 0 0"},
		{"a release behind a byte order mark and lines", "\xEF\xBB\xBF\n\n" + release("a") + "\n\n", "a", "0 0 0 0"},
		{"an array of releases", "[" + release("a") + " ,\n" + release("b") + "]", "a b", "0 0 0 0"},
		{"an empty array", "[]", "", "0 0 0 0"},
		{"a release package", "{" + meta + `,"releases":[` + release("a") + "," + release("b") + "]}", "a b", "1 0 0 0"},
		{"a release package that says who it is at the end", `{"releases" : [ ` + release("a") + " ] ," + meta + "}", "a", "1 0 0 0"},
		{"an empty release package", "{" + meta + `,"releases":[]}`, "", "1 0 0 0"},
		{"a record with releases and links", record, "a b", "0 1 1 0"},
		{"a record with a compiled release", whole, "c", "0 1 0 0"},
		{"a record package", "{" + meta + `,"packages":["https://example.org/p"],"records":[` + record + "," + whole + "]}", "a b c", "1 2 1 0"},
		{"a record that shows to be one too late", `{"releases":[` + release("a") + `],"ocid":"ocds-abc123-1","compiledRelease":` + compiled + "}", "a", "1 0 0 0"},
		{"JSON Lines of all", release("a") + "\n{" + meta + `,"releases":[` + release("b") + "]}\n" + record + "\n" + whole, "a b a b c", "1 2 1 0"},
		{"an array of packages", `[{"releases":[` + release("a") + `]},{"releases":[` + release("b") + `]}]`, "a b", "2 0 0 0"},
		{"something else among releases", `{"releases":[` + release("a") + `,{},null,"text",7,{"id":"x"}]}`, "a", "1 0 0 5"},
		{"records that are none", `{"records":[1,{"ocid":"x","releases":"text"},{"ocid":"y","releases":null}]}`, "", "1 2 0 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(tt.file), iotest.OneByteReader(strings.NewReader(tt.file)), iotest.DataErrReader(strings.NewReader(tt.file))} {
				var ids []string
				sum, err := Read(r, func(r Release) error {
					ids = append(ids, string(r.ID))
					if !json.Valid(r.Raw) || !strings.Contains(string(r.Raw), `"extra"`) {
						t.Errorf("raw %s", r.Raw)
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if got := strings.Join(ids, " "); got != tt.ids || sum.Releases != len(ids) {
					t.Errorf("releases %q (%d), want %q", got, sum.Releases, tt.ids)
				}
				if got := fmt.Sprint(sum.Packages, sum.Records, sum.Linked, sum.Skipped); got != tt.counts {
					t.Errorf("counts %s, want %s", got, tt.counts)
				}
				if strings.Contains(tt.file, `"publisher"`) && sum.Meta.Publisher.Name != "Agency" {
					t.Errorf("meta %+v", sum.Meta)
				}
			}
		})
	}
}

func TestReadGivesUpWithATypedError(t *testing.T) {
	deep := strings.Repeat("[", 65) + strings.Repeat("]", 65)
	failed := errors.New("enough")
	tests := []struct {
		name, file string
		want       error
	}{
		{"an empty file", "", ErrNotOCDS},
		{"no JSON", "supplier;amount\n", ErrNotOCDS},
		{"JSON of something else", `{"name":"x"}`, ErrNotOCDS},
		{"a number in an array", `[1]`, ErrNotOCDS},
		{"an array in an array", `[[]]`, ErrNotOCDS},
		{"a file that ends in a release", `{"releases":[{"ocid":"a"`, ErrBroken},
		{"a file that ends in a text", `{"ocid":"a`, ErrBroken},
		{"a file that ends in its package", `{"releases":[{"ocid":"a"}],`, ErrBroken},
		{"a comma too many", `{"ocid":"a","id":"b",,}`, ErrBroken},
		{"brackets that do not fit", `{"ocid":["a"}}`, ErrBroken},
		{"words in a release", `{"releases":[{"ocid":"a" b}]}`, ErrBroken},
		{"a name with a control character", "{\"releases\":[],\"\x01\":null}", ErrBroken},
		{"something behind a release", `{"ocid":"a"} and more`, ErrBroken},
		{"a release that is too deep", `{"ocid":"a","x":` + deep + `}`, ErrTooBig},
		{"a package that is far too deep", `{"x":` + strings.Repeat(deep, 1)[:65] + strings.Repeat("[", 20), ErrTooBig},
		{"what the caller says", `{"ocid":"stop"}`, failed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(tt.file), func(r Release) error {
				if r.OCID == "stop" {
					return failed
				}
				return nil
			})
			if !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
			var e *Error
			if errors.As(err, &e) && !slices.Contains(Codes, e.Code) {
				t.Errorf("code %q is not among Codes", e.Code)
			}
		})
	}
}

// endless makes a package of n releases.
func endless(n int, release string) io.Reader {
	i := 0
	parts := func() io.Reader {
		switch i++; {
		case i == 1:
			return strings.NewReader(`{"releases":[`)
		case i <= n:
			return strings.NewReader(release + ",")
		case i == n+1:
			return strings.NewReader(release + "]}")
		}
		return nil
	}
	return &chain{next: parts}
}

type chain struct {
	next func() io.Reader
	now  io.Reader
}

func (c *chain) Read(b []byte) (int, error) {
	for {
		if c.now == nil {
			if c.now = c.next(); c.now == nil {
				return 0, io.EOF
			}
		}
		n, err := c.now.Read(b)
		if errors.Is(err, io.EOF) {
			c.now = nil
			if n == 0 {
				continue
			}
		}
		return n, nil
	}
}

func TestMemoryDoesNotGrowWithReleases(t *testing.T) {
	release := `{"ocid":"ocds-abc123-1","id":"1","x":"` + strings.Repeat("x", 10_000) + `"}`
	most, count := uint64(0), 0
	w := NewPackageWriter(io.Discard, Meta{})
	_, err := Read(endless(5000, release), func(r Release) error {
		if count++; count%500 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}
		return w.Release(r)
	})
	if err != nil || count != 5000 {
		t.Fatal(count, err)
	}
	if most > 30<<20 {
		t.Errorf("%d MB in use for 50 MB of releases", most>>20)
	}
}

func TestAReleaseMayHave20MB(t *testing.T) {
	file := func(size int) io.Reader {
		const begin, end = `{"releases":[{"ocid":"ocds-abc123-1","x":"`, `"}]}`
		inner := len(begin) + len(end) - len(`{"releases":[`) - len(`]}`)
		return io.MultiReader(strings.NewReader(begin), bytes.NewReader(bytes.Repeat([]byte("x"), size-inner)), strings.NewReader(end))
	}
	none := func(Release) error { return nil }
	if sum, err := Read(file(MaxRelease), none); err != nil || sum.Releases != 1 {
		t.Errorf("20 MB: %+v, %v", sum, err)
	}
	if _, err := Read(file(MaxRelease+1), none); !errors.Is(err, ErrTooBig) {
		t.Errorf("a byte more: %v", err)
	}
}

func TestOddFieldsDoNotCostTheRelease(t *testing.T) {
	tests := []struct {
		name, fields, codes string
	}{
		{"nothing odd", `"awards":[{"id":1,"value":{"amount":1e3}}]`, ""},
		{"a text for a list", `"awards":"none"`, "type"},
		{"a number for a text", `"language":7`, "type"},
		{"an amount that no ledger holds", `"contracts":[{"id":"c","value":{"amount":1e30}}]`, "amount"},
		{"an amount in words", `"awards":[{"value":{"amount":"twelve"}}]`, "amount"},
		{"an amount as a text is read", `"awards":[{"value":{"amount":" 12.50 "}}]`, ""},
		{"an object for an amount", `"awards":[{"value":{"amount":{}}}]`, "amount"},
		{"an object for an id", `"awards":[{"id":{}}]`, ""},
		{"fields of 1.0", `"contracts":[{"implementation":{"transactions":[{"id":"1","amount":{"amount":1},"providerOrganization":{"id":"2"},"receiverOrganization":{"id":"3"}}]}}]`,
			"deprecated deprecated deprecated"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			seen := 0
			sum, err := Read(strings.NewReader(`{"ocid":"ocds-abc123-1",`+tt.fields+`,"id":"last"}`), func(r Release) error {
				if seen++; r.ID != "last" {
					t.Errorf("read %+v", r)
				}
				return nil
			})
			var codes []string
			for _, p := range sum.Problems {
				codes = append(codes, p.Code)
			}
			if err != nil || seen != 1 || strings.Join(codes, " ") != tt.codes {
				t.Errorf("%v %v, %v", seen, sum, err)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"releases":[{"ocid":"a","id":1,"contracts":[{"value":{"amount":1.5}}]}],"uri":null}`)
	f.Add(`{"records":[{"ocid":"a","releases":[{"url":"x"}],"compiledRelease":{"ocid":"a"}}]}`)
	f.Add("[{\"ocid\":\"\\u00e4\"}]\n{\"ocid\":\"b\"}")
	f.Fuzz(func(t *testing.T, file string) {
		n := 0
		sum, err := Read(strings.NewReader(file), func(r Release) error {
			n++
			Charges(r)
			if !json.Valid(r.Raw) {
				t.Errorf("raw %q", r.Raw)
			}
			if _, err := marshal(r); err != nil {
				t.Error(err)
			}
			return nil
		})
		if n != sum.Releases {
			t.Errorf("%d releases, %+v", n, sum)
		}
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("an error of another kind: %v", err)
		}
		if err == nil && !jsonLines(file) {
			t.Errorf("read %q without an error", file)
		}
	})
}

// jsonLines reports whether a file is JSON values one after another.
func jsonLines(file string) bool {
	d := json.NewDecoder(strings.NewReader(strings.TrimPrefix(file, "\xEF\xBB\xBF")))
	for {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	var file bytes.Buffer
	w := NewPackageWriter(&file, Meta{})
	for i := range 200 {
		for _, r := range process("ocds-abc123-" + strconv.Itoa(i)) {
			if err := w.Release(r); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		if _, err := Read(bytes.NewReader(file.Bytes()), func(Release) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
