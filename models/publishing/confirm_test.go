package publishing_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/publishing"
)

// at moves the clock to a day.
func (h *house) at(day models.Date) { h.DB.Now = func() time.Time { return day.Time() } }

func (h *house) points(offering int64) map[string]models.Date {
	h.t.Helper()
	l, err := publishing.LookOver(h.t.Context(), h, h.editor, offering)
	if err != nil {
		h.t.Fatal(err)
	}
	days := map[string]models.Date{}
	for _, p := range l.Points {
		days[p.Question] = p.On
	}
	return days
}

func (h *house) confirm(a models.Actor, offering int64, seen int, section string) (n int, err error) {
	h.t.Helper()
	err = h.Write(h.t.Context(), a, func(tx *db.Tx) (err error) {
		n, err = publishing.Confirm(h.t.Context(), tx, h.schema, offering, seen, section)
		return err
	})
	return n, err
}

func TestASectionIsConfirmedInOneGoWithoutAVersion(t *testing.T) {
	h := newHouse(t)
	first, later := models.NewDate(2025, time.March, 1), models.NewDate(2026, time.April, 2)
	h.at(first)
	o := h.live("Journal")
	h.at(later)
	n, err := h.confirm(h.editor, o, 1, "security")
	if err != nil || n != 3 { // where the data are, whose they are, how people sign in
		t.Fatalf("%d answers were confirmed, %v", n, err)
	}
	days := h.points(o)
	for question, want := range map[string]models.Date{"data_countries": later, "personal_data": later, "availability": first, catalogue.OfPrices: first, catalogue.OfTexts: first} {
		if days[question] != want {
			t.Errorf("%s was confirmed on %s, want %s", question, days[question], want)
		}
	}
	if got := h.offering(o); got.Published != 1 || got.Revision < 2 {
		t.Errorf("the listing is %+v: want the same version and pages made anew", got)
	}
	if n, err := h.confirm(h.editor, o, 1, "security"); err != nil || n != 0 {
		t.Errorf("again: %d, %v", n, err)
	}
	if _, err := h.confirm(h.editor, o, 2, catalogue.OfTexts); !errors.Is(err, models.ErrConflict) {
		t.Errorf("another version was seen: %v", err)
	}
	for _, a := range []models.Actor{h.other, h.buyer, h.moderator, {}} {
		if _, err := h.confirm(a, o, 1, catalogue.OfTexts); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%+v confirms: %v", a, err)
		}
	}
}

// Publishing one change confirms that change, and not all the rest.
func TestAChangeIsConfirmedByItselfAlone(t *testing.T) {
	h := newHouse(t)
	first, second, third := models.NewDate(2025, time.March, 1), models.NewDate(2025, time.August, 1), models.NewDate(2026, time.January, 2)
	h.at(first)
	o := h.live("Journal")
	h.at(second)
	if _, err := h.confirm(h.editor, o, 1, "leaving"); err != nil {
		t.Fatal(err)
	}
	h.at(third)
	h.save(h.editor, o, func(c *catalogue.Content) {
		i := slices.IndexFunc(c.Answers, func(a catalogue.Answer) bool { return a.Question == "support_channels" })
		c.Answers[i].Values = []string{"email", "phone"}
	})
	sent := h.send(h.manager, o)
	h.must(h.moderator, func(tx *db.Tx) error {
		_, err := publishing.Approve(t.Context(), tx, h.decision(sent.Submission, ""))
		return err
	})
	days := h.points(o)
	for question, want := range map[string]models.Date{"support_channels": third, "availability": first, "notice_days": second, catalogue.OfTexts: first, catalogue.OfPrices: first} {
		if days[question] != want {
			t.Errorf("%s was confirmed on %s, want %s", question, days[question], want)
		}
	}
}

func TestWhatTheListingSaysItselfCountsToo(t *testing.T) {
	day := func(m time.Month) models.Date { return models.NewDate(2026, m, 1) }
	v := catalogue.Version{Published: day(1), Content: catalogue.Content{Answers: []catalogue.Answer{
		{Question: "a", By: catalogue.ByVendor}, {Question: "b", By: catalogue.ByVendor, Since: day(3)}, {Question: "c", By: catalogue.ByAssessor, Since: models.NewDate(2020, time.May, 1)}}}}
	for _, tt := range []struct {
		name    string
		checked models.Date
		c       catalogue.Confirmations
		a, b    models.Date
		stale   models.Date
	}{
		{"nothing was confirmed", models.Date{}, nil, day(1), day(3), models.NewDate(2027, time.January, 1)},
		{"all was checked", day(2), nil, day(2), day(3), models.NewDate(2027, time.February, 1)},
		{"one was confirmed", models.Date{}, catalogue.Confirmations{"a": day(4)}, day(4), day(3), models.NewDate(2027, time.January, 1)}, // the texts
		{"a confirmation from before", day(5), catalogue.Confirmations{"a": day(4), "b": day(4)}, day(5), day(5), models.NewDate(2027, time.May, 1)},
	} {
		v.Checked = tt.checked
		points := v.Points(tt.c)
		if points[1].On != tt.a || points[2].On != tt.b || points[3].Own || !points[1].Own {
			t.Errorf("%s: %+v", tt.name, points)
		}
		if got := v.StaleOn(tt.c); got != tt.stale {
			t.Errorf("%s: stale on %s, want %s", tt.name, got, tt.stale)
		}
	}
}

func TestMonthsSince(t *testing.T) {
	for _, tt := range []struct {
		day, today string
		want       int
	}{{"2026-01-31", "2026-02-27", 0}, {"2026-01-31", "2026-02-28", 1}, {"2025-01-15", "2026-03-14", 13}, {"2025-01-15", "2026-03-15", 14}, {"2026-05-01", "2026-04-01", 0}} {
		day, err1 := models.ParseDate(tt.day)
		today, err2 := models.ParseDate(tt.today)
		if got := catalogue.MonthsSince(day, today); got != tt.want || err1 != nil || err2 != nil {
			t.Errorf("from %s to %s: %d months, want %d", tt.day, tt.today, got, tt.want)
		}
	}
}

func TestVendorsAreRemindedOnceBeforeAndOnceAfter(t *testing.T) {
	h := newHouse(t)
	h.at(models.NewDate(2025, time.March, 1))
	o := h.live("Journal")
	h.unclaimed("Nobody's", "https://test.example")
	count := func(kind string) (n int) {
		for _, k := range h.toldKinds(h.editor) {
			if k == kind {
				n++
			}
		}
		return n
	}
	for _, tt := range []struct {
		day         models.Date
		confirm     string // a section, before
		soon, stale int    // how often it was told by then
		listed      int    // listings to look over
	}{
		{models.NewDate(2026, time.January, 29), "", 0, 0, 0},
		{models.NewDate(2026, time.January, 30), "", 1, 0, 1},
		{models.NewDate(2026, time.February, 28), "", 1, 0, 1},
		{models.NewDate(2026, time.March, 1), "", 1, 1, 1},
		{models.NewDate(2026, time.March, 2), "security", 1, 1, 1}, // the rest is as old as it was told
		{models.NewDate(2026, time.June, 1), "", 1, 1, 1},
		{models.NewDate(2026, time.June, 2), "*", 1, 1, 0},
		{models.NewDate(2027, time.June, 3), "", 1, 2, 1}, // a year later
	} {
		h.at(tt.day)
		for _, section := range append([]string{catalogue.OfTexts, catalogue.OfPrices}, sectionIDs(h.schema)...) {
			if tt.confirm == section || tt.confirm == "*" {
				if _, err := h.confirm(h.editor, o, 1, section); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 2 {
			if _, err := publishing.Remind(t.Context(), h.DB, admin); err != nil {
				t.Fatal(err)
			}
		}
		if soon, stale := count("listing_stale_soon"), count("listing_stale"); soon != tt.soon || stale != tt.stale {
			t.Errorf("by %s it was told %d times before and %d times after, want %d and %d", tt.day, soon, stale, tt.soon, tt.stale)
		}
		list, err := publishing.StaleListings(t.Context(), h, h.vendor, tt.day)
		if err != nil || len(list) != tt.listed {
			t.Errorf("on %s %v is to be looked over (%v), want %d", tt.day, list, err, tt.listed)
		}
	}
}

func sectionIDs(s *catalogue.Schema) (ids []string) {
	for _, one := range s.Sections {
		ids = append(ids, one.ID)
	}
	return ids
}

// No question may be called as what else is confirmed.
func TestQuestionsAreNotCalledAsTextsOrPrices(t *testing.T) {
	s := loadSchema(t)
	for _, id := range []string{catalogue.OfTexts, catalogue.OfPrices} {
		if _, ok := s.Question(id); ok {
			t.Errorf("a question is called %s", id)
		}
	}
}
