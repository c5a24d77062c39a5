package search

// Span is a part of a text, in bytes.
type Span struct{ Start, End int }

// Marker finds the words of a query in texts.
type Marker struct{ words map[string]bool }

// Marker returns what marks the words for which the results were found.
func (r *Result) Marker() *Marker {
	m := &Marker{map[string]bool{}}
	for i := range r.compiled.clauses {
		c := &r.compiled.clauses[i]
		if c.not {
			continue
		}
		for _, w := range c.ways {
			for _, a := range w.atoms {
				for _, t := range a.words {
					m.words[r.snapshot.dict.word(t.id)] = true
				}
			}
		}
	}
	return m
}

// Spans returns where words of the query stand in a text, in order; neighbours
// within one cluster, such as e-Kool, are one span when it is found as a whole.
func (m *Marker) Spans(text string) []Span {
	if len(m.words) == 0 {
		return nil
	}
	var spans []Span
	clusters(text, func(c cluster) bool {
		if len(c) > 1 && len(c) <= maxParts && m.words[c.whole()] {
			spans = append(spans, Span{c[0].start, c[len(c)-1].end})
			return true
		}
		for i := 0; i < len(c); i++ {
			switch {
			case i+1 < len(c) && len(c) <= maxParts && m.words[c[i].text+c[i+1].text]:
				spans = append(spans, Span{c[i].start, c[i+1].end})
				i++
			case m.words[c[i].text]:
				spans = append(spans, Span{c[i].start, c[i].end})
			}
		}
		return true
	})
	return spans
}
