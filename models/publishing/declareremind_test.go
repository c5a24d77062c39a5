package publishing_test

import (
	"fmt"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/publishing"
)

func TestVendorsAreRemindedOfADeclarationThatEnds(t *testing.T) {
	h, q := newHouse(t), loadQuestionnaire(t)
	now := models.NewDate(2026, time.March, 5)
	h.DB.Now = func() time.Time { return now.Time() }
	h.declare(q, best(q, nil)) // until 4 March 2027
	date := func(lang string, d models.Date) string { return lang + " " + d.String() }
	remind := func() (n int) {
		t.Helper()
		err := h.Write(t.Context(), admin, func(tx *db.Tx) (err error) {
			n, err = publishing.RemindDeclarations(t.Context(), tx, date)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	ends, told := models.NewDate(2027, time.March, 4), []string{}
	for now.Before(ends.AddDays(5)) {
		if n := remind() + remind(); n > 0 {
			told = append(told, fmt.Sprint(int(ends.Time().Sub(now.Time()).Hours()/24), " ", n))
		}
		now = now.AddDays(1)
	}
	if fmt.Sprint(told) != "[90 1 30 1 7 1]" {
		t.Errorf("reminders came so many days before: %v", told)
	}
	var text string
	if err := h.Get(t.Context(), &text, `SELECT MAX(args) FROM notices WHERE kind = 'declaration_ending'`); err != nil || text == "" {
		t.Errorf("a notice says %q, %v", text, err)
	}
}
