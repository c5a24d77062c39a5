package search

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// randomList makes a list of n of the documents below limit.
func randomList(r *rand.Rand, n, limit int) (docs []uint16, impacts []uint8) {
	for _, d := range r.Perm(limit)[:n] {
		docs = append(docs, uint16(d))
		impacts = append(impacts, uint8(r.IntN(255)+1))
	}
	slices.Sort(docs)
	return docs, impacts
}

func TestListsReadBackAsWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 127, 128, 129, 255, 256, 300, 1000, 5000, 16384} {
		docs, impacts := randomList(r, n, segmentSize)
		data := append(appendList(nil, docs, impacts), make([]byte, listPadding)...)
		var l listReader
		if got := l.open(data); got != n {
			t.Fatalf("length of a list of %d = %d", n, got)
		}
		var gotDocs []uint16
		var gotImpacts []uint8
		for l.next() {
			gotDocs = append(gotDocs, l.docs[:l.n]...)
			gotImpacts = append(gotImpacts, l.impacts[:l.n]...)
		}
		if !slices.Equal(gotDocs, docs) || !slices.Equal(gotImpacts, impacts) {
			t.Errorf("list of %d does not read back as it was written", n)
		}
	}
}

func TestSeekFindsWhatIsThereAndOnlyThat(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{1, 100, 128, 500, 3000} {
		docs, impacts := randomList(r, n, segmentSize)
		data := append(appendList(nil, docs, impacts), make([]byte, listPadding)...)
		asked, _ := randomList(r, 700, segmentSize)
		var l listReader
		l.open(data)
		for _, doc := range asked {
			want := slices.Contains(docs, doc)
			got := l.seek(doc) && slices.Contains(l.docs[:l.n], doc)
			if got != want {
				t.Fatalf("seek(%d) in a list of %d: found %v, want %v", doc, n, got, want)
			}
		}
	}
}
