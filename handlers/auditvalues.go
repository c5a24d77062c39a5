package handlers

import (
	"strings"

	"pilveturg/models"
)

// auditCodes are the fields of events whose values are codes, one or several with
// spaces between, and what the keys of their words begin with.
var auditCodes = map[string]string{
	"roles":      "role.",
	"rights":     "right.",
	"reach":      "reach.",
	"kind":       "agency.kind.",
	"size_class": "size_class.",
	"invented":   "answer.value.",
	"purchase":   "project.kind.",
	"force":      "requirement.force.",
	"way":        "requirement.way.",
	"judgement":  "fit.verdict.",
	"unclaimed":  "answer.value.",
	"verdict":    "declaration.verdict.",
	"proof":      "claim.proof.",

	"document_kind": "document.kind.",

	"subscription_state": "subscription.state.",
	"change_state":       "amendment.state.",
	"side":               "onboarding.side.",
	"usage_source":       "usage.source.",
	"ledger_state":       "ledger.state.",
	"ledger_measure":     "share.measure.",
	"ledger_way":         "ledger.way.",
	"outcome":            "decision.outcome.",
	"shown":              "answer.value.",
	"system_state":       "systems.state.",
	"system_rating":      "systems.rating.",
	"system_shareable":   "answer.value.",
}

// held words what a field held: codes as people call them, all else, and codes of
// events that are older than our words, as it was recorded.
func (w speaker) held(field, value string) string {
	before, coded := auditCodes[field]
	if day, err := models.ParseDate(value); err == nil {
		return w.DateShort(day)
	}
	codes := strings.Fields(value)
	for i, code := range codes {
		switch {
		case field == "language" || field == "written_in":
			codes[i] = w.Language(code)
		case field == "country" || field == "markets":
			codes[i] = w.Country(code)
		case !coded:
			return value
		case w.Has(before + code):
			codes[i] = w.T(before + code)
		}
	}
	return strings.Join(codes, ", ")
}
