package locale

import (
	"fmt"
	"time"

	"pilveturg/models"
)

// Date writes a day in full: "5. märts 2026", "5 March 2026"; "" for no day.
func (l *Locale) Date(d models.Date) string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.Time().Date()
	return l.format.date(day, int(m), y)
}

// DateShort writes a day for a table: "05.03.2026", "5 Mar 2026"; "" for no day.
func (l *Locale) DateShort(d models.Date) string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.Time().Date()
	return l.format.short(day, int(m), y)
}

// Month writes the month of a day: "märts 2026", "March 2026"; "" for no day.
func (l *Locale) Month(d models.Date) string {
	if d.IsZero() {
		return ""
	}
	y, m, _ := d.Time().Date()
	return l.MonthName(m) + " " + year(y)
}

// MonthName names a month of the year: "märts", "March"; "" when there is no
// such month.
func (l *Locale) MonthName(m time.Month) string {
	if m < time.January || m > time.December {
		return ""
	}
	return l.format.months[m-1]
}

// Time writes a moment as the clocks in Tallinn show it: "05.03.2026 14:07",
// "5 Mar 2026 14:07"; "" for no moment.
func (l *Locale) Time(t models.Time) string {
	if t.IsZero() {
		return ""
	}
	local := t.In(l.zone)
	y, m, d := local.Date()
	return fmt.Sprintf("%s %02d:%02d", l.format.short(d, int(m), y), local.Hour(), local.Minute())
}

// DayStart returns the moment at which a day begins in Tallinn; no moment for no day.
func (l *Locale) DayStart(d models.Date) models.Time {
	if d.IsZero() {
		return models.Time{}
	}
	y, m, day := d.Time().Date()
	return models.Time{Time: time.Date(y, m, day, 0, 0, 0, 0, l.zone).UTC()}
}
