package handlers

import "testing"

func TestWhatAFieldHeldIsWorded(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct {
		name, lang, field, value, want string
	}{
		{"roles", "en", "roles", "buyer evaluator", "buyer, evaluator"},
		{"roles in Estonian", "et", "roles", "buyer", s.speaker("et").T("role.buyer")},
		{"rights", "en", "rights", "draft orders", "draft requirements and requests, orders"},
		{"a kind of organisation", "en", "kind", "ministry", "Ministry"},
		{"a language", "en", "language", "et", "Estonian"},
		{"the language of a document", "en", "written_in", "et", "Estonian"},
		{"a kind of document", "en", "document_kind", "terms", "Terms of service"},
		{"a day", "en", "valid_until", "2027-01-15", "15 Jan 2027"},
		{"markets", "en", "markets", "EE FI", "Estonia, Finland"},
		{"a flag", "en", "invented", "yes", "Yes"},
		{"a code that has no words any more", "en", "roles", "buyer overlord", "buyer, overlord"},
		{"text stays as it is", "en", "reason", "buyer  evaluator", "buyer  evaluator"},
		{"nothing stays nothing", "en", "roles", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := s.speaker(tt.lang).held(tt.field, tt.value); got != tt.want {
				t.Errorf("%s %q is worded %q, not %q", tt.field, tt.value, got, tt.want)
			}
		})
	}
}
