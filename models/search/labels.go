package search

import (
	"math"
	"slices"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// labels are the names of values: who looks for "Smart-ID" finds the services that
// have that answer, without each of them holding the words.
type labels struct {
	words []string     // folded
	of    [][]labelled // of each word
	texts []labelText
}

// labelled is a value that a word stands for.
type labelled struct {
	ordinal int
	above   int // the ordinal of those that have a better value, which does not count; -1 for none
	impact  uint8
}

// labelText is one name of a value, as the places of its words.
type labelText struct {
	labelled
	tokens []uint32
}

// label adds the names of a value.
func (b *labels) label(at map[string]uint32, v labelled, names models.Text) {
	for _, lang := range models.Languages(names) {
		text := labelText{labelled: v}
		clusters(names[lang], func(c cluster) bool {
			for _, p := range c {
				text.tokens = append(text.tokens, b.word(at, p.text, v))
			}
			c.joined(func(word string) { b.word(at, word, v) })
			return true
		})
		b.texts = append(b.texts, text)
	}
}

func (b *labels) word(at map[string]uint32, word string, v labelled) uint32 {
	i, ok := at[word]
	if !ok {
		i = uint32(len(b.words))
		at[word] = i
		b.words = append(b.words, word)
		b.of = append(b.of, nil)
	}
	if !slices.Contains(b.of[i], v) {
		b.of[i] = append(b.of[i], v)
	}
	return i
}

// impactOf returns the impact of a word of a text of average length.
func impactOf(f field) uint8 {
	return uint8(math.Round(255 * f.weight / (saturation + f.weight)))
}

// newLabels gathers the names of all values of the layout.
func newLabels(l *Layout) *labels {
	b := &labels{}
	at := map[string]uint32{}
	for i := range l.Groups {
		g := &l.Groups[i]
		for j, value := range g.Values {
			v := labelled{ordinal: l.first[i] + j, above: -1, impact: impactOf(fieldAnswers)}
			if g.Mode == AtLeast && j+1 < len(g.Values) && g.Values[j+1] != Unknown {
				v.above = v.ordinal + 1
			}
			if g.Key == GroupCategory {
				v.impact = impactOf(fieldCategory)
			}
			b.label(at, v, l.names(g, value))
		}
	}
	return b
}

// names returns what a value of a group is called, when it can be found by that.
func (l *Layout) names(g *Group, value string) models.Text {
	if c, ok := l.schema.Category(value); ok && g.Key == GroupCategory {
		return c.Names
	}
	q, ok := l.schema.Question(g.Question)
	if !ok || value == Unknown {
		return nil
	}
	switch q.Type {
	case catalogue.TypeChoice, catalogue.TypeOrdered, catalogue.TypeMany:
		if o, ok := q.Option(value); ok && value != "none" {
			return o.Names
		}
	case catalogue.TypeYesNo, catalogue.TypeCertificate, catalogue.TypeDocument:
		if value != catalogue.No {
			return q.Label
		}
	}
	return nil
}

// phrase returns the values in whose names the words stand one after the other.
func (b *labels) phrase(words []string) []labelled {
	var found []labelled
	for i := range b.texts {
		t := &b.texts[i]
		for j := 0; j+len(words) <= len(t.tokens); j++ {
			if slices.EqualFunc(t.tokens[j:j+len(words)], words, func(t uint32, w string) bool { return b.words[t] == w }) {
				found = append(found, t.labelled)
				break
			}
		}
	}
	return found
}
