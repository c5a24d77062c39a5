package searchtest

import (
	"fmt"
	"math/rand/v2"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

const (
	papered   = 20   // of so many listings one has documents
	meanPaper = 4000 // bytes of the text of a document, on average
)

// papers gives a few listings one document or two. It draws from a source of its own,
// so that all else about a listing is what it is without.
func (m *Maker) papers(id int64, v *catalogue.Version) {
	r := rand.New(rand.NewPCG(uint64(id), 10))
	if r.IntN(papered) > 0 {
		return
	}
	say := m.vocabularies[r.IntN(len(m.vocabularies))].speaker(r)
	for i := range 1 + r.IntN(2) {
		p := catalogue.Paper{
			Code: fmt.Sprintf("paper%d", i+1), Titles: models.Text{say.v.name: say.name()}, Kind: pickOne(r, catalogue.PaperKinds), Language: say.v.name,
			Proof:   pickOne(r, []catalogue.Proof{catalogue.Stated, catalogue.Document, catalogue.Document, catalogue.Tested}),
			Answers: []string{pickOne(r, m.schema.Questions).ID},
		}
		if r.IntN(5) > 0 {
			p.Text = say.text(meanPaper/2 + r.IntN(meanPaper))
		}
		v.Documents = append(v.Documents, p)
	}
}
