package searchtest

import (
	"math/rand/v2"
	"strings"
)

// tongue is what words of a language are made of.
type tongue struct {
	name     string
	starts   []string // of syllables
	middles  []string
	ends     []string // of words
	endings  []string // of forms; the bare one first
	compound int      // how many of a hundred words are made of two
}

var tongues = []tongue{
	{
		name:     "et",
		starts:   strings.Fields("k t p s l m n r v h j d g b kr tr pl"),
		middles:  strings.Fields("a e i o u õ ä ö ü aa ee ii oo uu õi ai au ei"),
		ends:     strings.Fields("k t s l n r m d v ng st nd ll"),
		endings:  []string{"", "e", "i", "u", "d", "te", "de", "le", "st", "ga", "s", "ks", "mine", "lik"},
		compound: 25,
	},
	{
		name:     "en",
		starts:   strings.Fields("b c d f g h j k l m n p r s t v w br cl cr dr fl gr pl pr sc sh sp st tr th"),
		middles:  strings.Fields("a e i o u ea oo ai ou ee"),
		ends:     strings.Fields("b ck d ft g l m n nt p r rd sh st t th x"),
		endings:  []string{"", "s", "ed", "ing", "er", "ers", "ly", "ment", "al", "able"},
		compound: 3,
	},
	{
		name:     "ru",
		starts:   strings.Fields("б в г д ж з к л м н п р с т ф х ц ч ш пр ст кр тр"),
		middles:  strings.Fields("а е и о у ы я ю"),
		ends:     strings.Fields("б в г д ж з к л м н п р с т ст"),
		endings:  []string{"", "а", "ы", "у", "ом", "е", "ов", "ам", "ами", "ах", "ный", "ного", "ать"},
		compound: 0,
	},
}

// stems is how many words without their endings a language has.
const stems = 6000

// small is how many of the most frequent words have no endings: and, or, not.
const small = 100

// vocabulary is the words of one language, the most frequent first.
type vocabulary struct {
	tongue
	stems []string
}

func newVocabulary(t tongue, seed uint64) *vocabulary {
	r := rand.New(rand.NewPCG(seed, 1))
	v := &vocabulary{tongue: t}
	seen := map[string]bool{}
	for len(v.stems) < stems {
		// Frequent words are short.
		syllables := 1 + r.IntN(2)
		if len(v.stems) > 150 {
			syllables = 2 + r.IntN(2)
		}
		var b strings.Builder
		for range syllables {
			b.WriteString(pickOne(r, t.starts))
			b.WriteString(pickOne(r, t.middles))
		}
		b.WriteString(pickOne(r, t.ends))
		w := b.String()
		if n := len(v.stems); n > 100 && r.IntN(100) < t.compound {
			w = v.stems[r.IntN(n/2)] + t.endings[1] + v.stems[r.IntN(n/2)]
		}
		if !seen[w] {
			seen[w] = true
			v.stems = append(v.stems, w)
		}
	}
	return v
}

func pickOne[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// speaker says words as often as they are said.
type speaker struct {
	r    *rand.Rand
	zipf *rand.Zipf
	form *rand.Zipf
	v    *vocabulary
}

func (v *vocabulary) speaker(r *rand.Rand) speaker {
	return speaker{r, rand.NewZipf(r, 1.07, 4, stems-1), rand.NewZipf(r, 1.8, 2, uint64(len(v.endings)-1)), v}
}

// stem returns a word without an ending.
func (s speaker) stem() string { return s.v.stems[s.zipf.Uint64()] }

// word returns a word as it stands in a text.
func (s speaker) word() string {
	at := s.zipf.Uint64()
	if at < small {
		return s.v.stems[at]
	}
	return s.v.stems[at] + s.v.endings[s.form.Uint64()]
}

// sentence returns so many words.
func (s speaker) sentence(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = s.word()
	}
	return capital(strings.Join(all, " ")) + "."
}

func capital(s string) string {
	for i := range s {
		if i > 0 {
			return strings.ToUpper(s[:i]) + s[i:]
		}
	}
	return strings.ToUpper(s)
}

// text returns sentences of about so many bytes.
func (s speaker) text(bytes int) string {
	var b strings.Builder
	for b.Len() < bytes {
		if b.Len() > 0 {
			b.WriteString(pickOne(s.r, []string{" ", " ", " ", "\n\n"}))
		}
		b.WriteString(s.sentence(6 + s.r.IntN(14)))
	}
	return b.String()
}

// name returns the name of a service or vendor.
func (s speaker) name() string {
	n := 1 + s.r.IntN(3)
	all := make([]string, n)
	for i := range all {
		all[i] = capital(s.stem())
	}
	switch s.r.IntN(12) {
	case 0:
		return "e-" + strings.Join(all, " ")
	case 1:
		return strings.Join(all, "-")
	case 2:
		return strings.Join(all, " ") + " " + pickOne(s.r, []string{"365", "24", "Pro", "Plus", "GIS", "HR"})
	}
	return strings.Join(all, " ")
}
