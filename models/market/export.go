package market

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"

	"pilveturg/db"
	"pilveturg/models/catalogue"
)

// Ask is something that buyers of a country ask: an answer to a question, or a currency.
type Ask struct {
	Question string   `json:"question,omitempty"`
	Is       []string `json:"is,omitempty"`       // one of these; none: any answer but "no" and "unknown"
	Area     string   `json:"area,omitempty"`     // all values are countries of it: "eea"
	Currency string   `json:"currency,omitempty"` // of a price plan
}

// Country is what buyers of a country ask.
type Country struct {
	Code string `json:"country"`
	Asks []Ask  `json:"asks"`
}

// Markets is what buyers ask, by country. Make one with [LoadMarkets].
type Markets struct {
	Areas     map[string][]string `json:"areas"`
	Countries []Country           `json:"markets"`
}

// LoadMarkets reads markets.json. It fails when that asks what the schema does not know.
func LoadMarkets(files fs.FS, schema *catalogue.Schema) (*Markets, error) {
	b, err := fs.ReadFile(files, "markets.json")
	if err != nil {
		return nil, err
	}
	var m Markets
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("markets.json: %w", err)
	}
	for _, c := range m.Countries {
		for _, a := range c.Asks {
			if _, ok := schema.Question(a.Question); !ok && a.Currency == "" {
				return nil, fmt.Errorf("markets.json: %s asks %q, which is no question", c.Code, a.Question)
			}
			if a.Area != "" && m.Areas[a.Area] == nil {
				return nil, fmt.Errorf("markets.json: %s asks for the area %q, which is not there", c.Code, a.Area)
			}
		}
	}
	return &m, nil
}

// Country returns what buyers of a country ask; false when nobody has written it down.
func (m *Markets) Country(code string) (Country, bool) {
	i := slices.IndexFunc(m.Countries, func(c Country) bool { return c.Code == code })
	if i < 0 {
		return Country{}, false
	}
	return m.Countries[i], true
}

// Meets reports whether what is said of an offering meets what is asked.
func (m *Markets) Meets(c catalogue.Content, a Ask) bool {
	if a.Currency != "" {
		for _, p := range c.Plans {
			if p.Currency == a.Currency {
				return true
			}
		}
		return false
	}
	i := slices.IndexFunc(c.Answers, func(b catalogue.Answer) bool { return b.Question == a.Question })
	if i < 0 || !c.Answers[i].Known() {
		return false
	}
	values := c.Answers[i].Values
	switch {
	case a.Area != "":
		return !slices.ContainsFunc(values, func(v string) bool { return !slices.Contains(m.Areas[a.Area], v) })
	case len(a.Is) > 0:
		return slices.ContainsFunc(values, func(v string) bool { return slices.Contains(a.Is, v) })
	default:
		return !slices.Equal(values, []string{catalogue.No})
	}
}

// SoldTo returns the countries whose bodies use a vendor's offerings now, sorted.
func SoldTo(ctx context.Context, r db.Reader, vendor int64) (countries []string, err error) {
	const q = `/* market.SoldTo */
		SELECT DISTINCT g.country FROM uses u
		JOIN offerings o ON o.id = u.offering_id
		JOIN organisations g ON g.id = u.organisation_id
		WHERE o.vendor_id = ? AND u.phase = 'in_use' AND g.country <> ''
		ORDER BY g.country`
	if err := r.Select(ctx, &countries, q, vendor); err != nil {
		return nil, fmt.Errorf("countries that vendor %d sells to: %w", vendor, err)
	}
	return countries, nil
}
