package search

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"pilveturg/models/catalogue"
)

// How many words of the texts of documents are searched. The rest is left out: an
// index is kept in memory, and what a document is about stands at its beginning.
const (
	mostPaperWords = 5_000  // of one document
	mostWords      = 20_000 // of all documents of an offering, in their order
)

// papers reads the documents of an offering: the titles of all, and the texts of
// those that somebody has looked at.
func papers(v *catalogue.Version, t *texts) {
	if len(v.Documents) == 0 {
		return
	}
	for i := range v.Documents {
		before := t.read
		titles := v.Documents[i].Titles
		t.field(fieldAnswers, textPieces(titles)...)
		t.doc.Papers = append(t.doc.Papers, Paper{Titles: titles, Titled: t.read - before})
	}
	var all [][]string
	left := mostWords
	for i := range v.Documents {
		if p := &v.Documents[i]; p.Checked() {
			text, n := firstWords(p.Text, min(mostPaperWords, left))
			left -= n
			all = append(all, []string{text})
			t.doc.Papers[i].Text = n > 0
		}
	}
	t.field(fieldDocuments, all...)
}

// firstWords returns the beginning of a text with as many whole clusters as have no
// more than so many words, and how many words there are.
func firstWords(s string, most int) (beginning string, n int) {
	end := 0
	clusters(s, func(c cluster) bool {
		if n+len(c) > most {
			return false
		}
		n, end = n+len(c), c[len(c)-1].end
		return true
	})
	return s[:end], n
}

// FoundIn returns which of the papers of a result, which are its [Hit.CardAndPapers],
// holds most of the words that m marks, when no other text of the offering holds any; -1
// for none. It reads all words of the offering: ask it of a page of results only.
func (h *Hit) FoundIn(papers []Paper, m *Marker) int {
	if m == nil || len(papers) == 0 {
		return -1
	}
	m.once.Do(m.settle)
	rest := h.view.tokens(h.doc)
	last := func() uint32 {
		if len(rest) == 0 {
			return 0
		}
		start := bytes.LastIndexByte(rest[:len(rest)-1], 0) + 1
		text := rest[start:]
		rest = rest[:start]
		return m.within(text)
	}
	parts := make([]uint32, len(papers))
	for i := len(papers) - 1; i >= 0; i-- {
		if papers[i].Text {
			parts[i] = last()
		}
	}
	best, most := -1, 0
	for i := len(papers) - 1; i >= 0; i-- {
		for range min(papers[i].Titled, len(rest)) {
			parts[i] |= last()
		}
		if n := bits.OnesCount32(parts[i]); n >= max(most, 1) {
			best, most = i, n
		}
	}
	if best >= 0 && m.within(rest) != 0 {
		return -1
	}
	return best
}

// within returns which words of the query stand in a text in some form, a bit for each.
// The text is as it is kept, see [segment.record].
func (m *Marker) within(tokens []byte) (parts uint32) {
	for len(tokens) > 0 {
		t, size := binary.Uvarint(tokens)
		if size <= 0 {
			return parts
		}
		if tokens = tokens[size:]; t > 0 {
			parts |= m.parts(uint32(t - 1))
		}
	}
	return parts
}
