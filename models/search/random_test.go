package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/search/searchtest"
)

// fewWords are few enough to meet often, with forms, compounds and near misses.
var fewWords = strings.Fields(`kool kooli koolid koolide koolis koolitus e-kool eKool teenus teenuse teenused teenuste
	pilv pilve pilved pilveteenus pilveteenused andmed andmete andmebaas andmekaitse kaart kaardi kaardid kaardirakendus
	õpe õppe õppeinfosüsteem õpilane õpilased õpilase opilane päevik päeviku päevikud
	school schools schooling service services serviced cloud clouds data database databases map maps mapping mapped
	journal journals library libraries record records recording X-Road ISO 27001 ISO27001 office365 node.js R&D GIS BT HP
	услуга услуги услуг школа школы школьный карта карты данные облако облачный
	registry register registers payment payments invoice invoices e-invoice kiri kirjad kirja`)

// fewWordsListing is a made-up listing whose texts are of few words.
func fewWordsListing(r *rand.Rand, id int64) *Source {
	s := sourceOf(testMaker().Listing(id))
	some := func(n int) string {
		all := make([]string, n)
		for i := range all {
			// Some words are much more frequent than others.
			all[i] = fewWords[int(float64(len(fewWords))*r.Float64()*r.Float64())]
		}
		return strings.Join(all, " ")
	}
	s.Version.Words = map[string]catalogue.Words{"et": {Name: some(1 + r.IntN(3)), Summary: some(6), Description: some(r.IntN(40))}}
	if r.IntN(3) == 0 {
		s.Version.Words["en"] = catalogue.Words{Name: some(1 + r.IntN(2)), Summary: some(4)}
	}
	for i := range s.Version.Answers {
		if a := &s.Version.Answers[i]; len(a.Words) > 0 {
			a.Words = map[string][]string{"et": {some(3), some(4)}}
		}
	}
	for i := range r.IntN(4) / 2 {
		s.Version.Documents = append(s.Version.Documents, catalogue.Paper{Code: fmt.Sprint(i), Titles: models.Text{"et": some(2), "en": some(1)},
			Proof: []catalogue.Proof{catalogue.Stated, catalogue.Document, catalogue.Tested}[r.IntN(3)], Text: some(r.IntN(80))})
	}
	s.Vendor = Vendor{ID: 1 + int64(r.IntN(12))}
	s.Vendor.Names = models.Text{"et": fewWords[s.Vendor.ID*3] + " OÜ"}
	return s
}

func fewWordsDocuments(r *rand.Rand, n int) []*Document {
	docs := make([]*Document, n)
	for i := range docs {
		docs[i] = testLayout().Document(fewWordsListing(r, int64(i)+1))
	}
	return docs
}

// randomText is what somebody may type.
func randomText(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(4) {
		w := fewWords[r.IntN(len(fewWords))]
		switch r.IntN(14) {
		case 0:
			w = mistype(r, w)
		case 1:
			w = "-" + w
		case 2:
			w = `"` + w + " " + fewWords[r.IntN(len(fewWords))] + `"`
		case 3:
			w += "*"
		case 4:
			w += " OR " + fewWords[r.IntN(len(fewWords))]
		case 5:
			w = w[:1+r.IntN(len(w))]
		case 6:
			w = fmt.Sprint("SC-", r.IntN(300))
		case 7:
			w = strings.ToUpper(Fold(w))
		case 8:
			w += fewWords[r.IntN(len(fewWords))]
		case 9:
			w = []string{"Smart-ID", "open source", "Koolid", "krüptimata", "rakendus", "iso", "disks and"}[r.IntN(7)]
		}
		b.WriteString(w + " ")
	}
	if r.IntN(2) == 0 {
		return strings.TrimSpace(b.String())
	}
	return b.String()
}

// mistype makes one or two typing errors.
func mistype(r *rand.Rand, w string) string {
	letters := []rune(w)
	for range 1 + r.IntN(2) {
		i := r.IntN(len(letters))
		switch r.IntN(4) {
		case 0:
			letters[i] = 'x'
		case 1:
			letters = slices.Insert(letters, i, 'q')
		case 2:
			if len(letters) > 1 {
				letters = slices.Delete(letters, i, i+1)
			}
		default:
			if i > 0 {
				letters[i], letters[i-1] = letters[i-1], letters[i]
			}
		}
	}
	return string(letters)
}

// randomRequest asks for anything that can be asked.
func randomRequest(r *rand.Rand, x *Index) Request {
	req := Request{Text: randomText(r), Limit: 1000, Closed: r.IntN(4) == 0, Sort: []Sort{BestMatch, BestMatch, ByPrice, ByUsers, Newest}[r.IntN(5)]}
	for range r.IntN(4) {
		g := x.layout.Groups[r.IntN(len(x.layout.Groups))]
		f := Filter{Group: g.Key}
		values := slices.Clone(g.Values)
		if g.Open {
			values = append(values, "EE", "FI", "et", "en", "XX")
		}
		for range 1 + r.IntN(3) {
			if len(values) > 0 {
				f.Values = append(f.Values, values[r.IntN(len(values))])
			}
		}
		req.Filters = append(req.Filters, f)
	}
	for range r.IntN(5) / 3 {
		low, high := models.Whole(int64(r.IntN(60))), models.Whole(int64(r.IntN(120)))
		one := Range{Column: x.layout.Columns[r.IntN(len(x.layout.Columns))].Key, Unknown: r.IntN(2) == 0}
		if one.Column == ColumnPublished {
			low = models.Whole(DayNumber(searchtest.Today) - int64(r.IntN(900)))
			high = models.Whole(DayNumber(searchtest.Today) - int64(r.IntN(300)))
		}
		if r.IntN(2) == 0 {
			one.Min = &low
		}
		if r.IntN(2) == 0 {
			one.Max = &high
		}
		req.Ranges = append(req.Ranges, one)
	}
	for range r.IntN(6) / 4 {
		req.Vendors = append(req.Vendors, 1+int64(r.IntN(14)))
	}
	if r.IntN(2) == 0 {
		req.Volume = &Volume{Unit: []string{"user", "pupil", "school"}[r.IntN(3)], Amount: models.Whole(int64(1 + r.IntN(3)*700))}
		low, high := int64(r.IntN(100_000)), int64(r.IntN(3_000_000))
		if r.IntN(3) == 0 {
			req.Price = PriceRange{Min: &low, Max: &high, Unknown: r.IntN(2) == 0}
		}
	}
	return req
}

// compare tells where a result differs from what the oracle says.
func compare(res *Result, want answer, order bool) string {
	if res.Total != want.total {
		return fmt.Sprintf("total %d; want %d", res.Total, want.total)
	}
	if res.Widened != want.widened {
		return fmt.Sprintf("widened %v; want %v", res.Widened, want.widened)
	}
	for _, g := range res.Groups() {
		for _, v := range g.Counts {
			if n := want.counts[Value{g.Key, v.Value}]; v.Count != n {
				return fmt.Sprintf("count of %s %s is %d; want %d", g.Key, v.Value, v.Count, n)
			}
		}
	}
	for _, v := range res.Vendors {
		if n := want.vendors[v.ID]; v.Count != n {
			return fmt.Sprintf("count of vendor %d is %d; want %d", v.ID, v.Count, n)
		}
	}
	var ids []int64
	for _, h := range res.Hits {
		ids = append(ids, h.ID)
	}
	if order && !slices.Equal(ids, want.ids) {
		return fmt.Sprintf("order %v; want %v", ids, want.ids)
	}
	slices.Sort(ids)
	slices.Sort(want.ids)
	if !slices.Equal(ids, want.ids) {
		return fmt.Sprintf("found %v; want %v", ids, want.ids)
	}
	return ""
}

func TestIndexAnswersAsTheOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	docs := fewWordsDocuments(r, 250)
	x := newIndex(t, docs...)
	lists := [][]string{{"õppeinfosüsteem", "school records"}, {"kaart", "map"}, {"kool pilv", "library"}}
	x.SetSynonyms(lists)
	o := newOracle(docs, searchtest.Today)
	o.synonyms = newSynonyms(lists)
	n := 2500
	if testing.Short() {
		n = 300
	}
	found, widened := 0, 0
	for i := range n {
		req := randomRequest(r, x)
		res := x.Search(req)
		if wrong := compare(res, o.answer(req), true); wrong != "" {
			t.Fatalf("request %d: %+v:\n%s", i, req, wrong)
		}
		found += min(res.Total, 1)
		if res.Widened {
			widened++
		}
	}
	t.Logf("of %d requests %d found something, %d of them by widening", n, found, widened)
}
