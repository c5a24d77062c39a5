package chart_test

import (
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"pilveturg/models"
	"pilveturg/views/chart"
	"pilveturg/views/locale"
)

func exact(t testing.TB, s string) models.Exact {
	t.Helper()
	e, err := models.ParseExact(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func exacts(t testing.TB, texts ...string) (all []models.Exact) {
	for _, s := range texts {
		all = append(all, exact(t, s))
	}
	return all
}

// drawnIn draws a chart and returns its elements.
func drawnIn(t testing.TB, c chart.Chart) (string, []element) {
	t.Helper()
	l, err := locale.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	text := string(c.Append(nil, l))
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var all []element
	collect(doc, &all)
	return text, all
}

type element struct {
	name, words string
	attr        map[string]string
}

func collect(n *html.Node, into *[]element) {
	if n.Type == html.ElementNode {
		e := element{name: n.Data, attr: map[string]string{}}
		for _, a := range n.Attr {
			e.attr[a.Key] = a.Val
		}
		if c := n.FirstChild; c != nil && c.Type == html.TextNode {
			e.words = c.Data
		}
		if e.attr["aria-hidden"] != "" {
			return // beside the names of the series
		}
		*into = append(*into, e)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		collect(c, into)
	}
}

// rects are the blocks of a series, in their order.
func rects(all []element, class string) (found []element) {
	for _, e := range all {
		if e.name == "rect" && e.attr["class"] == class {
			found = append(found, e)
		}
	}
	return found
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func twoBars(t testing.TB) chart.Chart {
	return chart.Chart{ID: "f", Kind: chart.Bars, Title: "By <agency>", Message: "A & B", Currency: "EUR", Basis: "without VAT", Series: []string{"Subscribed", "Owned"}, Rows: []chart.Row{
		{Label: "School of Samples", Values: chart.Known(exacts(t, "100", "400")...)},
		{Label: "Town of Samples", Values: chart.Known(exacts(t, "-50", "0")...)},
	}}
}

func TestBarsBeginAtZeroAndAreAsLongAsTheirAmounts(t *testing.T) {
	_, all := drawnIn(t, twoBars(t))
	first, second := rects(all, "k1"), rects(all, "k2")
	if len(first) != 2 || len(second) != 2 {
		t.Fatalf("%d and %d bars; want 2 of each", len(first), len(second))
	}
	a, b, minus := number(t, first[0].attr["width"]), number(t, second[0].attr["width"]), number(t, first[1].attr["width"])
	if b < 4*a-.1 || b > 4*a+.1 || minus < a/2-.1 || minus > a/2+.1 {
		t.Errorf("100 is %v wide, 400 %v, -50 %v", a, b, minus)
	}
	zero := number(t, first[0].attr["x"])
	if end := number(t, first[1].attr["x"]) + minus; second[0].attr["x"] != first[0].attr["x"] || end < zero-.02 || end > zero+.02 {
		t.Errorf("bars begin at %v and %s, the one below zero ends at %v", zero, second[0].attr["x"], end)
	}
	if n := number(t, second[1].attr["width"]); n != 0 {
		t.Errorf("nothing is %v wide", n)
	}
}

func TestAFigureSaysWhatItIs(t *testing.T) {
	text, all := drawnIn(t, twoBars(t))
	by := map[string]element{}
	for _, e := range all {
		by[e.name] = e
		if e.attr["style"] != "" {
			t.Errorf("<%s> has a style of its own", e.name)
		}
	}
	for _, svg := range all {
		if svg.name == "svg" && (svg.attr["role"] != "img" || svg.attr["aria-labelledby"] != "f-t f-d") {
			t.Errorf("the picture is %v", svg.attr)
		}
	}
	if by["title"].words != "By <agency>" || by["desc"].words != "A & B" {
		t.Errorf("title %q, desc %q", by["title"].words, by["desc"].words)
	}
	for _, want := range []string{"EUR, without VAT", "Subscribed", "School of Samples", "€100.00", "url(#f-p1)"} {
		if !strings.Contains(text, want) {
			t.Errorf("nothing says %q in %s", want, text)
		}
	}
}

func TestColumnsStandOneUponTheOther(t *testing.T) {
	c := twoBars(t)
	c.Kind = chart.Stacks
	_, all := drawnIn(t, c)
	a, b := rects(all, "k1"), rects(all, "k2")
	if len(a) != 2 || len(b) != 1 {
		t.Fatalf("%d and %d blocks; want 2 and 1: nothing is no block", len(a), len(b))
	}
	if top, foot := number(t, a[0].attr["y"]), number(t, b[0].attr["y"])+number(t, b[0].attr["height"]); foot < top-.02 || foot > top+.02 {
		t.Errorf("the first begins at %v and the second ends at %v", top, foot)
	}
	if zero, minus := number(t, a[0].attr["y"])+number(t, a[0].attr["height"]), number(t, a[1].attr["y"]); minus < zero-.02 || minus > zero+.02 {
		t.Errorf("what is below zero begins at %v, zero is at %v", minus, zero)
	}
}

func TestLinesAreBrokenWhereAValueIsNotKnown(t *testing.T) {
	c := chart.Chart{ID: "f", Kind: chart.Lines, Title: "x", Message: "y", Currency: "EUR", Series: []string{"Spent", "Budget"}}
	for i, s := range []string{"1", "2", "3", "4"} {
		c.Rows = append(c.Rows, chart.Row{Label: s, Values: []chart.Value{{Exact: exact(t, s), Unknown: i == 1}, {Exact: exact(t, "4")}}})
	}
	_, all := drawnIn(t, c)
	lines, marks := map[string]int{}, map[string]int{}
	var words []string
	for _, e := range all {
		switch e.name {
		case "line":
			lines[e.attr["class"]]++
		case "path":
			marks[e.attr["class"]]++
		case "text":
			words = append(words, e.words)
		}
	}
	if lines["l1"] != 1 || lines["l2"] != 3 || marks["dot k1"] != 3 || marks["dot k2"] != 4 {
		t.Errorf("lines %v, marks %v", lines, marks)
	}
	if said := strings.Join(words, "|"); !strings.Contains(said, "Spent 4") || !strings.Contains(said, "Budget 4") {
		t.Errorf("at their ends the lines say %q", said)
	}
}

func TestWordsAtTheEndsOfLinesDoNotMeet(t *testing.T) {
	c := chart.Chart{ID: "f", Kind: chart.Lines, Title: "x", Message: "y", Series: []string{"A", "B", "C", "D"}}
	for _, s := range []string{"1", "2"} {
		c.Rows = append(c.Rows, chart.Row{Label: s, Values: chart.Known(exacts(t, "0", "0", "0.1", s)...)})
	}
	_, all := drawnIn(t, c)
	var ys []float64
	for _, e := range all {
		if e.name == "text" && e.attr["x"] == "65.00%" {
			ys = append(ys, number(t, e.attr["y"]))
		}
	}
	if len(ys) != 4 {
		t.Fatalf("%d ends; want 4", len(ys))
	}
	for i := 1; i < len(ys); i++ {
		if ys[i]-ys[i-1] < 16 {
			t.Errorf("words stand at %v", ys)
		}
	}
}

func TestShortNumbersHaveOneUnit(t *testing.T) {
	for _, c := range []struct {
		values []string
		unit   string
		want   []string
	}{
		{[]string{"999", "1"}, "EUR", []string{"999", "1"}},
		{[]string{"13061696.0125", "555817.74"}, "millions of EUR", []string{"13.1", "0.6"}},
		{[]string{"120000", "500"}, "thousands of EUR", []string{"120", "1"}},
		{[]string{"-273316781282"}, "billions of EUR", []string{"-273"}},
		{[]string{"0"}, "EUR", []string{"0"}},
	} {
		f := chart.Chart{ID: "f", Kind: chart.Stacks, Title: "x", Message: "y", Currency: "EUR", Series: []string{"A"}}
		for _, e := range exacts(t, c.values...) {
			f.Rows = append(f.Rows, chart.Row{Label: "m", Values: chart.Known(e)})
		}
		text, _ := drawnIn(t, f)
		for _, want := range append(c.want, c.unit) {
			if !strings.Contains(text, ">"+want+"<") {
				t.Errorf("%s: no %q in %s", c.values, want, text)
			}
		}
	}
}

func TestWhatCannotBeDrawnIsNothing(t *testing.T) {
	five := twoBars(t)
	five.Series = []string{"1", "2", "3", "4", "5"}
	other := twoBars(t)
	other.Kind = "pie"
	for name, c := range map[string]chart.Chart{"no rows": {Kind: chart.Bars, Series: []string{"A"}}, "too many series": five, "a pie": other} {
		if text, _ := drawnIn(t, c); text != "" {
			t.Errorf("%s is drawn as %s", name, text)
		}
	}
}

func TestASmallLineNeedsTwoValues(t *testing.T) {
	one := chart.Spark{Message: "x", Values: exacts(t, "1")}
	two := chart.Spark{Message: "rose from 1 to 3 & more", Values: exacts(t, "1", "3")}
	if got := string(one.Append(nil, nil)); got != "" {
		t.Errorf("one value is drawn as %s", got)
	}
	if got := string(two.Append(nil, nil)); !strings.Contains(got, "3 &amp; more</title>") || !strings.Contains(got, `d="M3.00 15.00L93.00 3.00"`) {
		t.Errorf("two values are drawn as %s", got)
	}
}

func BenchmarkStacks(b *testing.B) {
	l, err := locale.Load("en")
	if err != nil {
		b.Fatal(err)
	}
	c := twoBars(b)
	c.Kind = chart.Stacks
	for range 5 {
		c.Rows = append(c.Rows, c.Rows...)
	}
	var buffer []byte
	for b.Loop() {
		buffer = c.Append(buffer[:0], l)
	}
}
