package documents

import (
	"fmt"
	"slices"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// Paper is the document as a version of a listing names it: as its vendor states it.
func (d Document) Paper() catalogue.Paper {
	p := catalogue.Paper{Code: d.code(), Titles: models.Text{}, Kind: d.Kind, Language: d.Language,
		Issued: d.Issued, ValidUntil: d.ValidUntil, Proof: catalogue.Stated, File: d.Hash}
	p.Titles.Set(d.Language, d.Title)
	return p
}

// code tells the document apart among the papers of a listing. What comes in its place
// has the same.
func (d Document) code() string { return fmt.Sprintf("file-%d", d.Line) }

// Ticked reports whether the papers of a listing name the document, or one in whose
// place it came.
func (d Document) Ticked(papers []catalogue.Paper) bool { return d.among(papers) >= 0 }

func (d Document) among(papers []catalogue.Paper) int {
	return slices.IndexFunc(papers, func(p catalogue.Paper) bool {
		return p.File != "" && (p.File == d.Hash || p.Code == d.code())
	})
}

// Tick returns the papers of a listing once the vendor, who has all these documents, has
// ticked those with the ids: what is elsewhere stays, what was ticked before stays in its
// place with what it proves, and is as the document is now.
func Tick(papers []catalogue.Paper, all []Document, ids []int64) []catalogue.Paper {
	var kept []catalogue.Paper
	placed := map[int64]bool{}
	for i := range papers {
		if papers[i].File == "" {
			kept = append(kept, papers[i])
			continue
		}
		at := slices.IndexFunc(all, func(d Document) bool { return slices.Contains(ids, d.ID) && d.among(papers[i:i+1]) == 0 })
		if at < 0 || placed[all[at].ID] {
			continue
		}
		placed[all[at].ID] = true
		p := all[at].Paper()
		p.Code, p.Answers = papers[i].Code, papers[i].Answers
		kept = append(kept, p)
	}
	for _, d := range all {
		if slices.Contains(ids, d.ID) && !placed[d.ID] {
			kept = append(kept, d.Paper())
		}
	}
	return kept
}

// Missing returns the codes of papers whose files the vendor no longer has, given the
// documents of [OfListing].
func Missing(papers []catalogue.Paper, there map[string]Document) (codes []string) {
	for i := range papers {
		if _, ok := there[papers[i].File]; !ok && papers[i].File != "" {
			codes = append(codes, papers[i].Code)
		}
	}
	return codes
}
