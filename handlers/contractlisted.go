package handlers

import (
	"strings"

	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/search"
)

// unitCodes find a unit by its code or by its names in any language.
func (s *Site) unitCodes() map[string]string {
	codes := map[string]string{}
	for _, u := range s.Schema.Units {
		codes[headingKey(u.ID)] = u.ID
		for _, lang := range s.Langs {
			w := s.speaker(lang)
			codes[headingKey(w.unitName(u.ID, models.Whole(1)))] = u.ID
			codes[headingKey(w.unitName(u.ID, models.Whole(5)))] = u.ID
		}
	}
	return codes
}

// listedAs finds the service of the catalogue that a line means: by its number, or by
// its name where just one service is called so, and its vendor, when there is one in the
// line, too. It is 0 for what is not in the catalogue.
func (s *Site) listedAs(o *contracts.Outside, known map[string]int64) int64 {
	key := headingKey(o.Service) + "\n" + headingKey(o.Vendor)
	if id, ok := known[key]; ok || o.Service == "" {
		return id
	}
	if strings.HasPrefix(strings.ToLower(o.Service), "sc-") {
		if id, ok := parseService(o.Service); ok {
			known[key] = id
			return id
		}
	}
	known[key] = s.called(o)
	return known[key]
}

// called finds the one service of the name and the vendor of a line; 0 for none, or for
// several.
func (s *Site) called(o *contracts.Outside) (found int64) {
	hits := s.Index.Suggest(o.Service, 20).Services
	for i := range hits {
		if !isCalled(&hits[i], o) {
			continue
		}
		if found != 0 {
			return 0
		}
		found = hits[i].ID
	}
	return found
}

// isCalled reports whether a service has the name, and is of the vendor, of a line.
func isCalled(h *search.Hit, o *contracts.Outside) bool {
	card := h.Card()
	vendor := o.Vendor == ""
	for _, name := range card.Vendor {
		vendor = vendor || headingKey(name) == headingKey(o.Vendor)
	}
	for _, w := range card.Words {
		if vendor && headingKey(w.Name) == headingKey(o.Service) {
			return true
		}
	}
	return false
}
