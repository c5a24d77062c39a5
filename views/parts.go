package views

import (
	"pilveturg/models"
)

// The parts that pages are put together from. Each has a template in
// html/part_<name>.html, which takes one such value: {{template "tag" .State}}.

// Words are a text and the language it is in: BCP 47, "" when it is that of the
// page. Show them with {{template "words" .}}, or with {{template "words_note" .}}
// where the reader should be told that they are only in another language.
type Words struct{ Text, Lang string }

// In picks the words of t for a reader of lang; see [models.Text.Pick].
func In(t models.Text, lang string) Words {
	words, in := t.Pick(lang)
	return Words{words, in}
}

// Link is somewhere to go, and what the link says.
type Link struct {
	URL  string // "" when there is nowhere to go: the words stand alone
	Text string
	Lang string // of Text, when it is not that of the page
	For  string // said to screen readers after Text: which "Remove" this is
}

// The kinds of a [Tag] and a [Notice]; each always has the same colour.
const (
	Plain  = ""
	OK     = "ok"
	Warn   = "warn"
	Err    = "err"
	Info   = "info"
	Violet = "pur"
)

// Tag is a status in a word or two. It is never a link.
type Tag struct{ Kind, Text string }

// Notice is something the reader should know before the rest.
type Notice struct {
	Kind   string // OK, Warn, Err or Info
	Title  string // may be empty
	Text   string
	Link   Link // may be zero
	Urgent bool // a problem with the service itself: screen readers say it at once
}

// Empty stands where there is nothing to show: what is missing, a sentence, and
// one thing to do about it.
type Empty struct {
	Title, Text string
	Action      Link // may be zero
}

// Row is one row of a list of keys and values, shown with {{template "kv" .Rows}}.
type Row struct {
	Key    string
	Value  Words
	More   []Words // further values, one below the other
	URL    string  // where Value leads, may be empty
	Tags   []Tag   // how it is known
	Note   string  // in smaller print: since when, until when, from where
	Action Link    // at the end of the row, may be zero
}

// Price is an amount with what it is for.
type Price struct {
	Amount models.Money
	To     models.Money // the upper end of a range; zero when Amount is exact
	Per    string       // "a year for 1,000 pupils, without VAT"
	Total  string       // the same with VAT, in words; may be empty
	Demo   bool         // invented for the demonstration
}

// Head is the caption and the heading row of a table.
//
//	<section class="scroll" tabindex="0" aria-labelledby="{{.Head.ID}}">
//	<table>{{template "head" .Head}}<tbody>…</tbody></table></section>
type Head struct {
	ID      string // of the caption; unique on the page
	Caption string
	Quiet   bool // the caption is only for screen readers: the heading above the table says it already
	Columns []Column
}

// Column is one heading of a table.
type Column struct {
	Text   string
	Hidden bool   // only for screen readers
	Number bool   // its cells hold figures, set to the right
	Sort   string // address of the same page sorted by it; "" when it cannot be
	Sorted string // "ascending" or "descending" when it is what the table is sorted by
}

// Option is one choice of a [Select] or [Choices].
type Option struct {
	Value, Text string
	Chosen      bool
	Count       string // how many there are, written; may be empty
}

// Field is a text field with its label. What is wrong with it is repeated above
// the page by Shell.Errors.
type Field struct {
	ID, Name, Label string
	Hint            string // may be empty
	Value           string // as it was typed
	Error           string // what to do; "" when nothing is wrong
	Kind            string // type of the control: "email", "password", "date"; "" for words
	Mode            string // inputmode: "numeric", "decimal"; "" for words
	Fill            string // autocomplete; may be empty
	Lang            string // of what is to be typed, when it is not that of the page
	Width           string // class of its width: "w4", "w8", "w12", "w30" or "w60"
	Unit            string // stands after the field; may be empty
	Needed          bool
}

// Describe lists the elements that explain the field, for aria-describedby.
func (f Field) Describe() string { return describe(f.ID, f.Hint, f.Error) }

// Select is a list to choose one from.
type Select struct {
	ID, Name, Label, Hint, Error string
	Options                      []Option
}

// Describe lists the elements that explain the list, for aria-describedby.
func (s Select) Describe() string { return describe(s.ID, s.Hint, s.Error) }

// Choices is a group of boxes, or of buttons when only One may be chosen.
type Choices struct {
	ID, Name, Legend, Hint, Error string
	One                           bool
	Options                       []Option
}

// Describe lists the elements that explain the group, for aria-describedby.
func (c Choices) Describe() string { return describe(c.ID, c.Hint, c.Error) }

func describe(id, hint, problem string) string {
	s := ""
	if hint != "" {
		s = id + "-hint"
	}
	if problem != "" {
		if s != "" {
			s += " "
		}
		s += id + "-error"
	}
	return s
}

// Change is one row of a comparison of two versions: what stood there and what
// stands there now.
type Change struct {
	Field  string
	Before []Words // nothing: it was not there
	After  []Words // nothing: it was removed
}
