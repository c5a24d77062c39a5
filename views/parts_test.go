package views

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"pilveturg/models"
)

// partExamples shows every part in English.
var partExamples = []struct {
	name, part string
	value      any
	want       string
}{
	{"words in the language of the page are bare", "words", Words{"Tax", "en"}, "Tax"},
	{"words of no known language are bare", "words", Words{"Tax", ""}, "Tax"},
	{"words in another language say so to machines", "words", Words{"<Maks>", "et"}, `<span lang="et">&lt;Maks&gt;</span>`},
	{"and to people where they are told", "words_note", Words{"Maks", "et"},
		`<span lang="et">Maks</span> <span class="muted small">(Only in Estonian)</span>`},
	{"no words need no note", "words_note", Words{"", "et"}, `<span lang="et"></span>`},
	{"prose in the language of the page is bare", "prose", Prose{"*a*", "en"}, "<p><em>a</em></p>\n"},
	{"prose in another language says so", "prose", Prose{"*a*", "et"},
		"<p class=\"muted small\">Only in Estonian</p>\n<div lang=\"et\"><p><em>a</em></p>\n</div>"},
	{"a link", "link", Link{URL: "/en/a?b=c&d=e", Text: "A & B"}, `<a href="/en/a?b=c&amp;d=e">A &amp; B</a>`},
	{"a link says what it is for", "link", Link{URL: "/x", Text: "Remove", For: "tier 2"},
		`<a href="/x">Remove<span class="vh"> tier 2</span></a>`},
	{"a link in another language", "link", Link{URL: "/x", Text: "Maks", Lang: "et"}, `<a href="/x" lang="et">Maks</a>`},
	{"a link that leads nowhere is words", "link", Link{Text: "A"}, "A"},
	{"a link to a script is broken", "link", Link{URL: "javascript:alert(1)", Text: "A"}, `<a href="#ZgotmplZ">A</a>`},
	{"a link that looks like a button", "button_link", Link{URL: "/x", Text: "Go", For: "on"},
		`<a class="btn" href="/x">Go<span class="vh"> on</span></a>`},
	{"a tag", "tag", Tag{Warn, "Unclaimed"}, `<span class="tag warn">Unclaimed</span>`},
	{"a plain tag", "tag", Tag{Plain, "Draft"}, `<span class="tag">Draft</span>`},
	{"tags have spaces between", "tags", []Tag{{OK, "A"}, {Err, "B"}}, `<span class="tag ok">A</span> <span class="tag err">B</span>`},
	{"a notice", "notice", Notice{Kind: Info, Title: "T", Text: "Words", Link: Link{URL: "/x", Text: "more"}},
		`<div class="note info"><h2>T</h2><p>Words <a href="/x">more</a></p></div>`},
	{"a notice of trouble is said at once", "notice", Notice{Kind: Err, Text: "Words", Urgent: true},
		`<div class="note err" role="alert"><p>Words</p></div>`},
	{"an empty place says what to do", "empty", Empty{"None", "Words", Link{URL: "/x", Text: "Do"}},
		`<div class="panel"><h2>None</h2><p>Words</p><p><a href="/x">Do</a></p></div>`},
	{"an empty place with nothing to do", "empty", Empty{Title: "None", Text: "Words"}, `<div class="panel"><h2>None</h2><p>Words</p></div>`},
	{"a list of keys and values", "kv", []Row{
		{Key: "Kept in", Value: Words{"Estonia", ""}, Tags: []Tag{{OK, "Checked"}}, Note: "since 2024"},
		{Key: "Site", Value: Words{"leht", "et"}, URL: "https://a.example/", Action: Link{URL: "/x", Text: "Change", For: "site"}},
		{Key: "Formats", Value: Words{"CSV", ""}, More: []Words{{"JSON", ""}}},
	}, `<dl class="kv">
<div><dt>Kept in</dt><dd>Estonia <span class="tag ok">Checked</span><br><span class="small muted">since 2024</span></dd></div>
<div><dt>Site</dt><dd><a href="https://a.example/"><span lang="et">leht</span></a></dd><dd><a href="/x">Change<span class="vh"> site</span></a></dd></div>
<div><dt>Formats</dt><dd>CSV<br>JSON</dd></div>
</dl>`},
	{"a price", "price", Price{Amount: models.Money{Minor: 348000, Currency: "EUR"}, Per: "a year", Total: "with VAT €4,315.20"},
		`<p class="price"><span class="stat">€3,480.00</span> a year<br><span class="muted">with VAT €4,315.20</span></p>`},
	{"a range of prices", "price", Price{Amount: models.Money{Minor: 100, Currency: "EUR"}, To: models.Money{Minor: 200, Currency: "EUR"}, Demo: true},
		`<p class="price"><span class="stat">€1.00–€2.00</span><br><span class="tag pur">Demonstration price</span></p>`},
	{"the head of a table", "head", Head{ID: "c1", Caption: "Plans", Columns: []Column{
		{Text: "Plan"}, {Text: "Price", Number: true, Sort: "?sort=price", Sorted: "descending"}, {Text: "Action", Hidden: true},
	}}, `<caption id="c1">Plans</caption>
<thead><tr>
<th scope="col">Plan</th>
<th scope="col" class="num" aria-sort="descending"><a class="sort" href="?sort=price">Price</a></th>
<th scope="col"><span class="vh">Action</span></th>
</tr></thead>`},
	{"a field", "field", Field{ID: "n", Name: "n.pupil", Label: "Pupils", Value: "1 000", Mode: "decimal", Width: "w8"},
		`<div class="field"><label for="n">Pupils</label>
<input id="n" type="text" name="n.pupil" value="1 000" class="w8" inputmode="decimal"></div>`},
	{"a field with everything", "field", Field{ID: "n", Name: "n", Label: "L", Hint: "H", Error: "E", Fill: "name", Lang: "et", Unit: "€", Needed: true},
		`<div class="field bad"><label for="n">L</label><p class="hint" id="n-hint">H</p><p class="msg" id="n-error"><span class="vh">Error: </span>E</p>
<input id="n" type="text" name="n" value="" autocomplete="name" lang="et" required aria-invalid="true" aria-describedby="n-hint n-error"> €</div>`},
	{"a list to choose from", "select", Select{ID: "s", Name: "plan", Label: "Plan", Error: "E", Options: []Option{{Value: "a", Text: "A", Count: "2"}, {Value: "b", Text: "B", Chosen: true}}},
		`<div class="field bad"><label for="s">Plan</label><p class="msg" id="s-error"><span class="vh">Error: </span>E</p>
<select id="s" name="plan" aria-invalid="true" aria-describedby="s-error"><option value="a">A (2)</option><option value="b" selected>B</option></select></div>`},
	{"boxes", "choices", Choices{ID: "o", Name: "option", Legend: "Options", Hint: "H", Options: []Option{{Value: "a", Text: "A", Chosen: true}, {Value: "b", Text: "B", Count: "3"}}},
		`<fieldset class="field" aria-describedby="o-hint"><legend>Options</legend><p class="hint" id="o-hint">H</p>
<label class="check"><input type="checkbox" name="option" value="a" id="o" checked><span>A</span></label>
<label class="check"><input type="checkbox" name="option" value="b"><span>B (3)</span></label></fieldset>`},
	{"buttons of which one", "choices", Choices{ID: "o", Name: "o", Legend: "L", One: true, Error: "E", Options: []Option{{Value: "a", Text: "A"}}},
		`<fieldset class="field bad" aria-describedby="o-error"><legend>L</legend><p class="msg" id="o-error"><span class="vh">Error: </span>E</p>
<label class="check"><input type="radio" name="o" value="a" id="o"><span>A</span></label></fieldset>`},
	{"no pager for one page", "pager", NewPager(1, 1, nil), ""},
	{"a pager", "pager", NewPager(2, 3, func(n int) string { return "?page=" + string(rune('0'+n)) }),
		`<nav class="pager" aria-label="Pages"><a rel="prev" href="?page=1">Previous page</a><a href="?page=1"><span class="vh">Page </span>1</a>` +
			`<b aria-current="page"><span class="vh">Page </span>2</b><a href="?page=3"><span class="vh">Page </span>3</a><a rel="next" href="?page=3">Next page</a></nav>`},
	{"on this page", "toc", []Link{{URL: "#price", Text: "Price"}}, `<nav aria-label="On this page"><ul class="inline small"><li><a href="#price">Price</a></li></ul></nav>`},
	{"nothing on this page", "toc", []Link(nil), ""},
	{"a change of a text", "change", Change{"Name", []Words{{"A", ""}}, []Words{{"B", "et"}}},
		`<tr><th scope="row">Name</th><td><del>A</del><br></td><td><ins><span lang="et">B</span></ins><br></td></tr>`},
	{"what was not there and what is gone", "change", Change{Field: "Name"},
		`<tr><th scope="row">Name</th><td><span class="muted">Was not there</span></td><td><span class="muted">Removed</span></td></tr>`},
	{"places to go", "places", nil, ""},
}

func TestParts(t *testing.T) {
	tmpl := load(t)["en"].pages["error"]
	for _, tt := range partExamples {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := tmpl.ExecuteTemplate(&b, tt.part, tt.value); err != nil {
				t.Fatal(err)
			}
			if tt.value != nil && b.String() != tt.want {
				t.Errorf("got\n%s\nwant\n%s", b.String(), tt.want)
			}
			if problems := balance(b.String()); problems != nil {
				t.Error(problems)
			}
		})
	}
}

// Every part takes only what its value has.
func TestPartsMatchTheirValues(t *testing.T) {
	tmpl := load(t)["en"].pages["error"]
	for _, tt := range partExamples {
		if tt.value == nil {
			continue
		}
		if err := templatecheck.CheckHTML(tmpl.Lookup(tt.part), tt.value); err != nil {
			t.Errorf("%s: %v", tt.part, err)
		}
	}
}

func TestPagerLeavesOutWhatIsFar(t *testing.T) {
	url := func(n int) string { return "?page=" }
	for _, tt := range []struct {
		name           string
		current, pages int
		want           []int // 0 stands for what is left out
	}{
		{"few pages are all shown", 2, 4, []int{1, 2, 3, 4}},
		{"the middle of many", 10, 20, []int{1, 0, 8, 9, 10, 11, 12, 0, 20}},
		{"the start of many", 1, 20, []int{1, 2, 3, 0, 20}},
		{"the end of many", 20, 20, []int{1, 0, 18, 19, 20}},
		{"nothing is left out for one page", 5, 8, []int{1, 2, 3, 4, 5, 6, 7, 8}},
		{"a page past the end is the last", 99, 3, []int{1, 2, 3}},
		{"a page before the first is the first", -1, 3, []int{1, 2, 3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []int
			for _, p := range NewPager(tt.current, tt.pages, url).Pages {
				got = append(got, p.Number)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %v; want %v", got, tt.want)
			}
		})
	}
}

func TestWordsArePickedForTheReader(t *testing.T) {
	if got := In(models.Text{"et": "Maks"}, "en"); got != (Words{"Maks", "et"}) {
		t.Errorf("In = %v; want the Estonian words", got)
	}
	if got := strings.TrimSpace(In(nil, "en").Text); got != "" {
		t.Errorf("In of nothing = %q", got)
	}
}
