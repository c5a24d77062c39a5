package exchange

import (
	"bytes"
	"encoding/json"
	"errors"

	"pilveturg/models/catalogue"
)

// ReadContent reads what a version of a listing says from JSON, as it stands in the
// versions of a line of our own format, and checks it against the schema like an
// import. What is wrong is told all at once, in problems without a file; there is no
// content then.
func ReadContent(b []byte, s *catalogue.Schema) (catalogue.Content, []*Problem) {
	c, faults := parseContent(b)
	if len(faults) > 0 {
		problems := make([]*Problem, len(faults))
		for i, f := range faults {
			problems[i] = f.at("", "")
		}
		return catalogue.Content{}, problems
	}
	err := s.CheckContent(c)
	var found catalogue.Problems
	if !errors.As(err, &found) {
		return c, nil
	}
	problems := make([]*Problem, len(found))
	for i, p := range found {
		problems[i] = &Problem{Field: p.Path, Effect: Refused, Key: p.Key, Args: p.Args}
	}
	return catalogue.Content{}, problems
}

func parseContent(b []byte) (c catalogue.Content, faults []fault) {
	if f := notText(b, 0); f != nil {
		return c, []fault{*f}
	}
	b = bytes.TrimPrefix(b, []byte("\uFEFF"))
	shape := shapeOf(c)
	if faults := inspect(b, shape, false); len(faults) > 0 {
		return c, faults
	}
	if err := json.Unmarshal(b, &c); err != nil {
		if faults := inspect(b, shape, true); len(faults) > 0 {
			return c, faults
		}
		return c, []fault{{key: "exchange.not_read", args: []any{err.Error()}}}
	}
	l := catalogue.Listing{Versions: []catalogue.Version{{Content: c}}}
	tidy(Record{Listing: &l})
	return l.Versions[0].Content, nil
}
