package sheet

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// dayFormat is what the format of a cell shows of a number.
type dayFormat byte

const (
	noDay    dayFormat = iota // a number
	dayOnly                   // a day, with a time where there is one
	timeOnly                  // a time of a day, or hours that went by
)

// write writes the number of a cell as a day or a time. It is not ok where the number is
// none that a day can have. A time is kept to the second, so the binary fraction that the
// workbook keeps is near enough.
func (f dayFormat) write(number string, y1904 bool) (text string, ok bool) {
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(n) || n < 0 || n >= 2_958_466 { // up to the end of the year 9999
		return "", false
	}
	seconds := int64(math.Round(n * 86_400))
	if f == timeOnly {
		return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60), true
	}
	days, seconds := seconds/86_400, seconds%86_400
	switch {
	case y1904:
		days += 1462
	case days == 0 || days == 60: // spreadsheets think that 1900 had a 29th of February
		return "", false
	case days < 60:
		days++
	}
	t := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days))
	if t.Year() > 9999 {
		return "", false
	}
	if seconds == 0 {
		return t.Format(time.DateOnly), true
	}
	return t.Add(time.Duration(seconds) * time.Second).Format("2006-01-02T15:04:05"), true
}

// readStyles finds out which formats of cells show days. A cell names the format by its
// place among the cellXfs; those name what they show by a number.
func (w *Workbook) readStyles(at string) error {
	p, err := w.part(at)
	if err != nil {
		return err
	}
	defer p.file.Close()
	own, inCells := map[string]dayFormat{}, false
	for {
		t, err := p.token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "numFmt":
				if len(own) < maxParts {
					own[attr(t, "numFmtId")] = formatOf(attr(t, "formatCode"))
				}
			case "cellXfs":
				inCells = true
			case "xf":
				if inCells && len(w.days) < 1<<20 {
					w.days = append(w.days, formatNamed(attr(t, "numFmtId"), own))
				}
			}
		case xml.EndElement:
			if t.Name.Local == "cellXfs" {
				inCells = false
			}
		}
	}
}

// formatNamed is a format of the workbook itself, or one that all have
// (ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are days in East Asia).
func formatNamed(id string, own map[string]dayFormat) dayFormat {
	if f, ok := own[id]; ok {
		return f
	}
	n, err := strconv.Atoi(id)
	switch {
	case err != nil:
		return noDay
	case n >= 18 && n <= 21, n >= 45 && n <= 47:
		return timeOnly
	case n >= 14 && n <= 22, n >= 27 && n <= 36, n >= 50 && n <= 58:
		return dayOnly
	}
	return noDay
}

// formatOf says what a format of somebody's own shows: words between quotation marks,
// single signs behind a backslash, and colours and conditions in brackets do not count.
func formatOf(code string) dayFormat {
	code, _, _ = strings.Cut(strings.ToLower(code), ";")
	day, clock := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			if end := strings.IndexByte(code[i+1:], '"'); end >= 0 {
				i += end + 1
			}
		case '\\', '_', '*':
			i++
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return noDay
			}
			if inner := code[i+1 : i+end]; inner != "" && strings.Trim(inner, "hms") == "" {
				clock = true
			}
			i += end
		case 'y', 'd':
			day = true
		case 'h', 's':
			clock = true
		case 'm':
			// a month or minutes: what stands beside it tells
			day = day || !strings.ContainsAny(code, "hs")
		case 'g': // General
			if strings.HasPrefix(code[i:], "general") {
				i += len("general") - 1
			}
		case '0', '#', '?':
			if !clock {
				return noDay
			}
		}
	}
	switch {
	case day:
		return dayOnly
	case clock:
		return timeOnly
	}
	return noDay
}
