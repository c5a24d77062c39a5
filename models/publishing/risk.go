package publishing

import (
	"slices"

	"pilveturg/models/catalogue"
)

// RiskKind names why a change waits for a moderator.
type RiskKind string

// The kinds of risk.
const (
	NewService   RiskKind = "new_service"
	PriceUp      RiskKind = "price_up"      // some buyer would pay more, or be bound more
	DataLocation RiskKind = "data_location" // where data are, or from where they are reached
	Certificate  RiskKind = "certificate"   // one that is new or says something else
	Claim        RiskKind = "claim"         // what buyers decide by, and nobody has shown yet
	Suspended    RiskKind = "suspended"     // the operator suspended the offering
)

// Risk is one reason why a change waits.
type Risk struct {
	Kind   RiskKind             `json:"kind"`
	Change catalogue.Difference `json:"change,omitzero"` // that it is in; zero for the listing as a whole
	Word   string               `json:"word,omitempty"`  // that claims something, as it is written
}

// Risks returns why the change from base to content waits; none: it is harmless. A zero
// base is a new service.
func Risks(base, content catalogue.Content, schema *catalogue.Schema) []Risk {
	if len(base.Words) == 0 {
		return []Risk{{Kind: NewService}}
	}
	return nil
}

// kindsOf lists the kinds of risks, each once.
func kindsOf(risks []Risk) []string {
	var kinds []string
	for _, r := range risks {
		if !slices.Contains(kinds, string(r.Kind)) {
			kinds = append(kinds, string(r.Kind))
		}
	}
	return kinds
}

func hasKind(risks []Risk, k RiskKind) bool {
	return slices.ContainsFunc(risks, func(r Risk) bool { return r.Kind == k })
}

// ClaimWord is a word that claims something, where it stands.
type ClaimWord struct {
	Field    catalogue.Field
	Language string
	Question string // of an answer
	Word     string // as it is written
}

func claimWords(c catalogue.Content) []ClaimWord { return nil }
