package publishing

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/documents"
)

// Report is what a vendor is told before sending: what is missing or wrong, what
// changes, whether it waits and why, and whom it touches.
type Report struct {
	Missing     []catalogue.Question   // needed answers that are not given
	Wrong       models.Invalid         // what else keeps it from being sent, by part of the listing
	Problems    catalogue.Problems     // what is not as the schema wants it
	Changes     []catalogue.Difference // to what buyers see
	Risks       []Risk                 // why it waits; none: it is live at once
	Checks      Checks                 // what moderators are shown
	Subscribers int                    // bodies that use it and are told when the price rises
}

// Ready reports whether the draft can be sent.
func (r *Report) Ready() bool { return len(r.Wrong) == 0 && len(r.Problems) == 0 }

// Check looks at a draft as [Send] does on the day. It fails like [FindDraft].
func Check(ctx context.Context, r db.Reader, schema *catalogue.Schema, a models.Actor, offering int64, day models.Date) (Report, error) {
	d, err := FindDraft(ctx, r, a, offering)
	if err != nil {
		return Report{}, err
	}
	s, err := prepare(ctx, r, schema, d, day)
	if err != nil {
		return Report{}, fmt.Errorf("check %s: %w", catalogue.Number(offering), err)
	}
	return s.Report, nil
}

// look fills the report.
func (s *sending) look(ctx context.Context, r db.Reader, schema *catalogue.Schema, day models.Date) error {
	c := s.draft.Content
	s.Missing = schema.Missing(c)
	s.Wrong = models.Invalid{}
	if err := schema.CheckContent(c); err != nil && !errors.As(err, &s.Problems) {
		return err
	}
	if err := s.files(ctx, r, c); err != nil {
		return err
	}
	s.Changes = catalogue.Diff(s.base, c)
	s.Risks = Risks(s.base, c, schema)
	if s.offering.Life == catalogue.Suspended {
		s.Risks = append(s.Risks, Risk{Kind: Suspended})
	}
	s.wrong(c)
	s.Checks = Automatic(schema, c, s.vendor.Website, day)
	if !hasKind(s.Risks, PriceUp) {
		return nil
	}
	bodies, err := subscribers(ctx, r, s.offering.ID)
	s.Subscribers = len(bodies)
	return err
}

// files finds documents whose files the vendor does not have, or no longer.
func (s *sending) files(ctx context.Context, r db.Reader, c catalogue.Content) error {
	there, _, err := documents.OfListing(ctx, r, s.offering.VendorID, c.Documents)
	if err != nil {
		return err
	}
	for _, code := range documents.Missing(c.Documents, there) {
		i := find(c.Documents, func(p catalogue.Paper) bool { return p.Code == code })
		s.Problems = append(s.Problems, catalogue.Problem{Path: fmt.Sprintf("documents[%d].file", i), Key: "document.file_missing"})
	}
	return nil
}

// wrong gathers what keeps the content from being sent.
func (s *sending) wrong(c catalogue.Content) {
	w := c.Words[c.Language]
	say := func(is bool, part, key string) {
		if is {
			s.Wrong[part] = key
		}
	}
	say(len(s.draft.Typed) > 0, "typed", "publishing.typed")
	say(len(s.Missing) > 0, "answers", "publishing.answers_missing")
	say(strings.TrimSpace(w.Name) == "", "name", "publishing.name_missing")
	say(strings.TrimSpace(w.Summary) == "", "summary", "publishing.summary_missing")
	say(len(c.Categories) == 0, "categories", "publishing.category_missing")
	say(len(c.Plans) == 0, "plans", "publishing.plan_missing")
	for _, words := range s.draft.Note {
		control := strings.ContainsFunc(words, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' })
		say(utf8.RuneCountInString(words) > catalogue.MaxSummary || control || !utf8.ValidString(words), "note", "publishing.note_long")
	}
	say(s.draft.Base != 0 && len(s.Changes) == 0, "content", "publishing.unchanged")
}
