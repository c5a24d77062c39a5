package sheet

import (
	"strconv"
	"strings"
	"time"

	"pilveturg/models"
)

// Order is in which order a column writes the parts of days.
type Order string

// The orders.
const (
	YMD   Order = "ymd"   // 2026-03-04, also with a time behind it
	YDM   Order = "ydm"   // the same with day and month in the wrong places
	DMY   Order = "dmy"   // 04/03/2026
	MDY   Order = "mdy"   // 3/4/2026
	Named Order = "named" // 04-Mar-26: the month is a word
	Count Order = "count" // 46085: days since 1899-12-30, as spreadsheets count
)

// Orders are all of them.
func Orders() []Order { return []Order{YMD, DMY, MDY, YDM, Named, Count} }

// readDay reads a cell as a day in every order that it can be read in.
func readDay(cell string) map[Order]models.Date {
	s := trimSpaces(cell)
	if len(s) < 6 || len(s) > 40 {
		return nil
	}
	if t := strings.IndexAny(s, "T"); t == 10 || t == 8 {
		s = s[:t]
	} else if i := strings.IndexByte(s, ' '); i >= 6 && strings.Contains(s[i:], ":") {
		s = s[:i]
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "."), " a") // 14. märts 2026. a.
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' || r == ' ' || r == ',' })
	if len(parts) == 2 {
		return monthOnly(s, parts)
	}
	if len(parts) != 3 {
		return nil
	}
	if all := namedDay(parts); all != nil {
		return all
	}
	var n [3]int
	for i, part := range parts {
		v, err := strconv.Atoi(part)
		if err != nil || v < 0 || len(part) > 4 || len(part) == 3 {
			return nil
		}
		n[i] = v
	}
	all := map[Order]models.Date{}
	if len(parts[0]) == 4 {
		put(all, YMD, n[0], n[1], n[2])
		put(all, YDM, n[0], n[2], n[1])
		return all
	}
	if len(parts[2]) == 3 || len(parts[0]) > 2 || len(parts[1]) > 2 || len(parts[2]) < 2 {
		return nil
	}
	year := fullYear(n[2], len(parts[2]))
	put(all, DMY, year, n[1], n[0])
	put(all, MDY, year, n[0], n[1])
	return all
}

func put(all map[Order]models.Date, o Order, year, month, day int) {
	if d, ok := calendarDay(year, month, day); ok {
		all[o] = d
	}
}

func calendarDay(year, month, day int) (models.Date, bool) {
	if year < 1970 || year > 2100 || month < 1 || month > 12 || day < 1 {
		return models.Date{}, false
	}
	d := models.NewDate(year, time.Month(month), day)
	return d, d.Time().Day() == day
}

// fullYear reads years of two digits: from 70 on they are of the last century.
func fullYear(year, digits int) int {
	switch {
	case digits > 2:
		return year
	case year >= 70:
		return 1900 + year
	}
	return 2000 + year
}

// monthNames are the months in English and Estonian, by which they are told apart.
func monthNames() [12][2]string {
	return [12][2]string{{"january", "jaanuar"}, {"february", "veebruar"}, {"march", "märts"}, {"april", "aprill"}, {"may", "mai"}, {"june", "juuni"},
		{"july", "juuli"}, {"august", "august"}, {"september", "september"}, {"october", "oktoober"}, {"november", "november"}, {"december", "detsember"}}
}

// monthOnly reads Mar-26, March 2026, 2026-03 and 03/2026 as the first day of the month.
// What could be a day of no year, such as 12-Mar or Mar 26, is none.
func monthOnly(s string, parts []string) map[Order]models.Date {
	all := map[Order]models.Date{}
	first, err1 := strconv.Atoi(parts[0])
	second, err2 := strconv.Atoi(parts[1])
	switch {
	case err2 == nil && monthOf(parts[0]) > 0 && (len(parts[1]) == 4 || len(parts[1]) == 2 && strings.Contains(s, "-")):
		put(all, Named, fullYear(second, len(parts[1])), monthOf(parts[0]), 1)
	case err1 != nil || err2 != nil || !strings.ContainsAny(s, "-/"):
	case len(parts[0]) == 4 && len(parts[1]) <= 2:
		put(all, YMD, first, second, 1)
		put(all, YDM, first, second, 1)
	case len(parts[1]) == 4 && len(parts[0]) <= 2 && strings.Contains(s, "/"):
		put(all, DMY, second, first, 1)
		put(all, MDY, second, first, 1)
	}
	return all
}

// namedDay reads 07-Apr-10, 7 April 2010 and April 7, 2010.
func namedDay(parts []string) map[Order]models.Date {
	at, month := -1, 0
	for i, part := range parts {
		if m := monthOf(part); m > 0 {
			at, month = i, m
		}
	}
	if at < 0 || at == 2 {
		return nil
	}
	day, year := parts[0], parts[2]
	if at == 0 {
		day = parts[1]
	} else if len(parts[0]) == 4 {
		day, year = parts[2], parts[0]
	}
	d, err1 := strconv.Atoi(day)
	y, err2 := strconv.Atoi(year)
	if err1 != nil || err2 != nil || len(year) != 2 && len(year) != 4 {
		return nil
	}
	all := map[Order]models.Date{}
	put(all, Named, fullYear(y, len(year)), month, d)
	return all
}

// monthOf is the month that a word is, or begins with three letters or more; 0 for none.
func monthOf(word string) int {
	if len(word) < 3 || word[0] <= '9' {
		return 0
	}
	w := strings.ToLower(word)
	if w == "juu" {
		return 0
	}
	for i, names := range monthNames() {
		if strings.HasPrefix(names[0], w) || strings.HasPrefix(names[1], w) || i == 8 && w == "sept" {
			return i + 1
		}
	}
	return 0
}

// countedDay reads the number by which spreadsheets count days; what stands behind a
// point is the time.
func countedDay(cell string) (models.Date, bool) {
	whole, _, _ := strings.Cut(trimSpaces(cell), ".")
	n, err := strconv.Atoi(whole)
	if err != nil || n < 25569 || n > 73415 { // 1970 to 2100
		return models.Date{}, false
	}
	return models.NewDate(1899, time.December, 30).AddDays(n), true
}

// compactDay reads 20260314.
func compactDay(cell string) (models.Date, bool) {
	n, err := strconv.Atoi(cell)
	if err != nil || len(cell) != 8 {
		return models.Date{}, false
	}
	return calendarDay(n/10_000, n/100%100, n%100)
}
