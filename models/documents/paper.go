package documents

import (
	"fmt"

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
