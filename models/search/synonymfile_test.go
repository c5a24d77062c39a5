package search

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
)

func TestFilesOfSynonymsAreRead(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []SynonymLine
		err        string
	}{
		{"nothing", "", nil, ""},
		{"comments and empty lines are stepped over", "# a, b\n\n  \n  # c\nmap, kaart\n", []SynonymLine{{5, []string{"map", "kaart"}}}, ""},
		{"a byte order mark and the line ends of Windows", "\ufeffmap , kaart\r\nGIS,geoinfo", []SynonymLine{{1, []string{"map", "kaart"}}, {2, []string{"GIS", "geoinfo"}}}, ""},
		{"a mark before a comment", "\ufeff# map, kaart\n", nil, ""},
		{"needless commas", ",map,, kaart,\n", []SynonymLine{{1, []string{"map", "kaart"}}}, ""},
		{"commas alone are a line all the same", ",\n", []SynonymLine{{1, nil}}, ""},
		{"a number sign inside a line", "C#, c sharp\n", []SynonymLine{{1, []string{"C#", "c sharp"}}}, ""},
		{"a line without end", "a, b\n" + strings.Repeat("x", longestLine+1), nil, "line 2 is longer than 64 KB"},
		{"more lists than can be kept", strings.Repeat("a, b\n", mostLists+1), nil, "line 5001: there are more than 5000 lists"},
	} {
		got, err := ReadSynonyms(strings.NewReader(tt.text))
		if !reflect.DeepEqual(got, tt.want) || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: %v, %v; want %v, %q", tt.name, got, err, tt.want, tt.err)
		}
	}
}

// importFile imports a file and returns how many lists it added.
func importFile(t testing.TB, d *db.DB, text string) (added int, err error) {
	t.Helper()
	lines, err := ReadSynonyms(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(t.Context(), admin, func(tx *db.Tx) error {
		added, err = ImportSynonyms(t.Context(), tx, lines)
		return err
	})
	return added, err
}

func TestAFileOfSynonymsIsTakenWhole(t *testing.T) {
	d := dbtest.New(t)
	for _, tt := range []struct {
		name, text string
		added      int
	}{
		{"all are new", "map, kaart\nGIS, geoinfo\n", 2},
		{"all are known", "kaart, MAP\nGIS, geoinfo\n", 0},
		{"one is new", "# more\nSSO, single sign-on\nmap, kaart\n", 1},
	} {
		if added, err := importFile(t, d, tt.text); added != tt.added || err != nil {
			t.Errorf("%s: %d, %v; want %d", tt.name, added, err, tt.added)
		}
	}
	if n := len(kept(t, d)); n != 3 {
		t.Errorf("%d lists are kept; want 3", n)
	}
}

func TestAFileWithSomethingWrongChangesNothing(t *testing.T) {
	d := dbtest.New(t)
	_, err := importFile(t, d, "map, kaart\nalone\n\na, b c d e f\nKaart, map\nb, B, a\n")
	var problems SynonymProblems
	if !errors.As(err, &problems) {
		t.Fatal(err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprint(p.Number, map[string]string(p.Wrong), p.Same))
	}
	want := []string{"2 map[words:synonym.too_few] 0", "4 map[words.1:synonym.phrase] 0", "5 map[words:synonym.same_line] 1", "6 map[words.1:synonym.twice] 0"}
	if !slices.Equal(got, want) {
		t.Errorf("problems %q; want %q", got, want)
	}
	if all := kept(t, d); len(all) > 0 {
		t.Errorf("kept all the same: %v", all)
	}
}

// The lists of the demonstration are good ones, and each finds what it stands for.
func TestSynonymsOfTheDemonstration(t *testing.T) {
	f, err := db.Files.Open("seed/synonyms.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := ReadSynonyms(f)
	if err != nil {
		t.Fatal(err)
	}
	d := dbtest.New(t)
	dbtest.Write(t, d, models.Actor{Program: "demonstration"}, func(tx *db.Tx) error {
		added, err := ImportSynonyms(t.Context(), tx, lines)
		if err == nil && (added != len(lines) || added < 20) {
			err = fmt.Errorf("%d of %d lists were added; want all, and 20 at least", added, len(lines))
		}
		return err
	})
}

func TestPhrasesHaveTheirSynonymsHoweverTheyAreWritten(t *testing.T) {
	x := newIndex(t, named(1, "Hinneteraamat", ""), named(2, "SSO", ""), named(3, "Class journal", ""))
	x.SetSynonyms([][]string{{"e-päevik", "hinneteraamat", "class journal"}, {"single sign-on", "SSO"}})
	for query, want := range map[string]string{"e-päevik ": "1 3", "epaevik ": "1 3", "e päevik ": "1 3", "single sign-on ": "2", "single-sign-on ": "2", "single sign on ": "2",
		"class-journal ": "1 3", "hinneteraamat ": "1 3", "e-päevik hinneteraamat ": "1 3"} {
		got := strings.Fields(idsOf(x.Search(Request{Text: query, Limit: 30})))
		if slices.Sort(got); strings.Join(got, " ") != want {
			t.Errorf("%q finds %v; want %s", query, got, want)
		}
	}
}

func TestOneWordLeadsToSoManyOthersOnly(t *testing.T) {
	var lists [][]string
	for i := range 2 * mostOthers {
		lists = append(lists, []string{"common", fmt.Sprint("word", i)})
	}
	s := newSynonyms(lists)
	if got := s["common"]; len(got) != mostOthers || got[0][0] != "word0" {
		t.Errorf("it leads to %d others, first %v; want the first %d", len(got), got[0], mostOthers)
	}
	if got := s["word199"]; len(got) != 1 {
		t.Errorf("the last other one leads to %v; want to it", got)
	}
}
