package search

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// withPapers is a document of an offering that has documents.
func withPapers(id int64, name, description string, papers ...catalogue.Paper) *Document {
	s := namedSource(id, name, description)
	s.Version.Documents = papers
	return testLayout().Document(s)
}

func paper(title string, proof catalogue.Proof, text string) catalogue.Paper {
	return catalogue.Paper{Titles: models.Text{"en": title, "et": title + " eesti"}, Proof: proof, Text: text}
}

// numbered are so many different words: a1 a2 a3 …
func numbered(prefix string, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint(prefix, i+1, "x")
	}
	return strings.Join(all, " ")
}

func TestDocumentsAreFoundByTitleAndWhenCheckedByText(t *testing.T) {
	long := numbered("b", mostPaperWords+1)
	x := newIndex(t,
		withPapers(1, "Journal", "", paper("Terms", catalogue.Stated, "escrow of the source")),
		withPapers(2, "Meals", "", paper("Audit report", catalogue.Document, "penetration was tried from outside"), paper("Terms", catalogue.Tested, "escrow")),
		withPapers(3, "Maps", "", paper("Long", catalogue.Document, long), paper("Behind", catalogue.Document, "lighthouse")),
		withPapers(4, "Much", "", paper("A", catalogue.Document, numbered("c", mostPaperWords)), paper("B", catalogue.Document, numbered("d", mostPaperWords)),
			paper("C", catalogue.Document, numbered("e", mostPaperWords)), paper("D", catalogue.Document, numbered("f", mostPaperWords-1)+" anchor keel"),
			paper("E", catalogue.Document, "rudder")),
	)
	for _, tt := range []struct {
		name, query string
		want        []int64
	}{
		{"the text of a document that was checked or tested", `"escrow"`, []int64{2}},
		{"not that of one that nobody has looked at", `"source"`, nil},
		{"the titles of all", `"terms"`, []int64{1, 2}},
		{"in every language", `"eesti" -maps -much`, []int64{1, 2}},
		{"words of a text that follow each other", `"penetration was tried"`, []int64{2}},
		{"but not from one document to the next", `"outside escrow"`, nil},
		{"nor from a title to its text", `"report penetration"`, nil},
		{"the last word that is searched", fmt.Sprintf(`"b%dx"`, mostPaperWords), []int64{3}},
		{"the first that is not", fmt.Sprintf(`"b%dx"`, mostPaperWords+1), nil},
		{"the document behind a long one", `"lighthouse"`, []int64{3}},
		{"as many documents as there is room for", `"anchor"`, []int64{4}},
		{"to the very last word", `"keel"`, nil},
		{"and nothing behind it", `"rudder"`, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var found []int64
			res := x.Search(Request{Text: tt.query, Limit: 10})
			for i := range res.Hits {
				found = append(found, res.Hits[i].ID)
			}
			slices.Sort(found)
			if res.Widened {
				found = nil
			}
			if !slices.Equal(found, tt.want) {
				t.Errorf("%s finds %v; want %v", tt.query, found, tt.want)
			}
		})
	}
}

// However often a document says a word: what says it of itself comes first.
func TestTheTextOfADocumentCountsLeast(t *testing.T) {
	often := strings.Repeat("encryption of keys ", 1000)
	answered := namedSource(3, "Meals", "")
	answered.Version.Answers = []catalogue.Answer{{Question: "exit_help", Words: map[string][]string{"en": {"Encryption is explained, and " + numbered("a", 36)}}}}
	x := newIndex(t,
		withPapers(1, "Forms", "", paper("Audit", catalogue.Tested, often), paper("Report", catalogue.Tested, often)),
		named(2, "Maps", "A text with encryption. "+numbered("d", 176)),
		testLayout().Document(answered),
	)
	res := x.Search(Request{Text: "encryption", Limit: 10})
	var order []int64
	for i := range res.Hits {
		order = append(order, res.Hits[i].ID)
	}
	if want := []int64{2, 3, 1}; !slices.Equal(order, want) {
		t.Errorf("order %v; want the description, the answer and the text: %v", order, want)
	}
}

func TestBeginningsOfTextsHaveWholeClusters(t *testing.T) {
	for _, tt := range []struct {
		text string
		most int
		want string
		n    int
	}{
		{"", 3, "", 0},
		{"one two", 3, "one two", 2},
		{"  one, two. Three (four)", 3, "  one, two. Three", 3},
		{"one e-Kool two", 2, "one", 1},
		{"one e-Kool two", 3, "one e-Kool", 3},
		{"õun ISO27001, x", 3, "õun ISO27001", 3},
		{"… – !", 3, "", 0},
		{"one", 0, "", 0},
	} {
		if got, n := firstWords(tt.text, tt.most); got != tt.want || n != tt.n {
			t.Errorf("the first %d words of %q: %q, %d; want %q, %d", tt.most, tt.text, got, n, tt.want, tt.n)
		}
	}
}

func TestResultsTellInWhichDocumentTheWordsWereFound(t *testing.T) {
	x := newIndex(t, withPapers(1, "Journal", "Marks and absences of pupils.",
		paper("Terms", catalogue.Stated, "escrow"),
		paper("Audit report", catalogue.Document, "Nothing was found in the journal."),
		paper("…", catalogue.Document, "Lighthouses of the north."),
		paper("Price list", catalogue.Tested, "…"),
		paper("Service description", catalogue.Tested, "The lighthouse and its keepers, and absences."),
	))
	for _, tt := range []struct {
		name, query string
		want        int
	}{
		{"in a text", "keepers", 4},
		{"in another form of the word", "keeper", 4},
		{"in the first of several texts", "lighthouse", 2},
		{"in the text that has most of the words", "lighthouse keepers", 4},
		{"in a title", "audit", 1},
		{"in the title of one that nobody has looked at", "terms", 0},
		{"in a title in another language", `"price list eesti"`, 3},
		{"not when the description has it too", "absences", -1},
		{"nor when the name has it", "journal", -1},
		{"nor when any of the words stands elsewhere", "pupils lighthouse", -1},
		{"what must not be there was not found", "keepers -zebra", 4},
		{"without words nothing is", "", -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := x.Search(Request{Text: tt.query, Limit: 10})
			if len(res.Hits) != 1 {
				t.Fatalf("%q finds %d", tt.query, len(res.Hits))
			}
			h := &res.Hits[0]
			_, papers := h.CardAndPapers()
			if got := h.FoundIn(papers, res.Marker()); got != tt.want {
				t.Errorf("%q was found in document %d; want %d", tt.query, got, tt.want)
			}
		})
	}
	_, papers := x.Hits([]int64{1}, nil)[0].CardAndPapers()
	if len(papers) != 5 || papers[1].Titles["en"] != "Audit report" || papers[0].Text || !papers[1].Text || papers[3].Text {
		t.Errorf("documents of the result: %+v", papers)
	}
}

func TestSavedDocumentsAreThoseOfTheListing(t *testing.T) {
	d := shop(t, 0)
	l := shopListing(0)
	l.Life, l.Reason = catalogue.Open, nil
	v := &l.Versions[0]
	for i, proof := range []catalogue.Proof{catalogue.Stated, catalogue.Document, catalogue.Tested} {
		p := paper(fmt.Sprint("Title ", i), proof, numbered(string(rune('p'+i)), mostPaperWords+i))
		p.Code, p.Kind, p.Language = fmt.Sprint(i), catalogue.PaperTerms, "en"
		v.Documents = append(v.Documents, p)
	}
	id := putListing(t, d, l)
	dbtest.Write(t, d, admin, func(tx *db.Tx) error { return Save(t.Context(), tx, testLayout(), []int64{id}) })
	var body []byte
	if err := d.Get(t.Context(), &body, `SELECT body FROM search_documents`); err != nil {
		t.Fatal(err)
	}
	g, err := readSources(t.Context(), d, []int64{id})
	if err != nil {
		t.Fatal(err)
	}
	src := *g.all[0]
	src.Version = *v
	want, err := testLayout().Body(testLayout().Document(&src))
	if err != nil || !bytes.Equal(body, want) {
		t.Errorf("the stored document is not that of the listing (%v)", err)
	}
	saved, err := testLayout().ReadBody(body)
	if err != nil || len(saved.Papers) != 3 || len(saved.Tokens) < 2*mostPaperWords {
		t.Errorf("the stored document has %d documents in %d words, %v", len(saved.Papers), len(saved.Tokens), err)
	}
}
