package registers

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/models"
	"pilveturg/models/systems"
)

// Kind is what a file is.
type Kind string

// The kinds.
const (
	RIHA  Kind = "riha"        // Estonia's register of state information systems, JSON
	USIT  Kind = "itdashboard" // business cases of the IT Dashboard, CSV
	Table Kind = "table"       // our own table, CSV
)

// The ways a file cannot be read.
var (
	ErrUnknown = errors.New("no register that is known: RIHA in JSON, business cases of the IT Dashboard in CSV, or our own table in CSV")
	ErrLarge   = errors.New("the file has more than 200,000 rows or 100 MB")
)

const (
	mostBytes   = 100 << 20
	mostEntries = 200_000
)

// What is flagged: it is taken, but somebody should look at it.
const (
	FlagState     = "no_state"       // the register does not say where in its life it is
	FlagShortName = "no_short_name"  // it has none
	FlagOwner     = "no_owner_name"  // only the code of the owner is known
	FlagPurpose   = "no_purpose"     // nobody wrote what it is for
	FlagDate      = "bad_date"       // a day that is none was left out
	FlagTwice     = "twice_short"    // another row has the same short name
	FlagCut       = "cut"            // a text was too long, and is cut
	FlagYear      = "other_year"     // the row is of another budget year than the file
	FlagEnd       = "end_before_use" // the planned end is before the begin, and is left out
)

// What is wrong with rows that cannot be taken.
const (
	NoName   = "no_name"
	NoOwner  = "no_owner"
	SameID   = "same_id" // another row has the same identifier
	NoNumber = "no_number"
	NoDay    = "no_day"
)

// Entry is a row of a register.
type Entry struct {
	Line        int // row of a table, element of a list; from 1
	OwnerCode   string
	OwnerName   string
	System      systems.System // without ids; Source and External tell it apart
	Costs       []systems.Cost
	Product     string // by what the register tells the standard product that it is one of; "": none
	IsProduct   bool   // it is itself a product that others are copies of
	Flags       []string
	Problem     string // why it cannot be taken; "": it can
	ProblemWhat string // what stood there
}

func (e *Entry) flag(code string) {
	if !slices.Contains(e.Flags, code) {
		e.Flags = append(e.Flags, code)
	}
}

func (e *Entry) refuse(problem, what string) {
	if e.Problem == "" {
		e.Problem, e.ProblemWhat = problem, cutTo(what, 200)
	}
}

// File is a register that was read.
type File struct {
	Kind    Kind
	Entries []Entry
}

// Read reads a register; what it is, is told by its content. It fails with [ErrUnknown]
// and [ErrLarge].
func Read(content []byte) (*File, error) {
	if len(content) > mostBytes {
		return nil, ErrLarge
	}
	content = bytes.TrimPrefix(content, []byte("\uFEFF"))
	trimmed := bytes.TrimSpace(content)
	var f *File
	var err error
	switch {
	case len(trimmed) == 0 || !utf8.Valid(trimmed):
		return nil, ErrUnknown
	case trimmed[0] == '{' || trimmed[0] == '[':
		f, err = readRIHA(trimmed)
	default:
		f, err = readTable(content)
	}
	if err != nil {
		return nil, err
	}
	f.finish()
	return f, nil
}

// finish looks at all rows together.
func (f *File) finish() {
	ids, shorts := map[string]bool{}, map[string]int{}
	for i := range f.Entries {
		if s := strings.ToLower(f.Entries[i].System.ShortName); s != "" {
			shorts[s]++
		}
	}
	for i := range f.Entries {
		e := &f.Entries[i]
		s := &e.System
		if s.External != "" && ids[s.External] {
			e.refuse(SameID, s.External)
		}
		ids[s.External] = true
		if shorts[strings.ToLower(s.ShortName)] > 1 {
			e.flag(FlagTwice)
		}
		if !s.PlannedEnd.IsZero() && s.PlannedEnd.Before(s.InUseSince) {
			s.PlannedEnd = models.Date{}
			e.flag(FlagEnd)
		}
		for _, one := range []struct {
			text *string
			most int
		}{{&s.Name, 500}, {&s.NameEn, 500}, {&s.ShortName, 500}, {&s.Homepage, 500}, {&s.Department, 500}, {&s.SecurityStandard, 500}, {&s.SecurityClass, 500}, {&s.Purpose, 20_000}} {
			if utf8.RuneCountInString(*one.text) > one.most {
				*one.text = cutTo(*one.text, one.most)
				e.flag(FlagCut)
			}
		}
		if strings.TrimSpace(s.Name) == "" {
			e.refuse(NoName, "")
		}
		if e.OwnerCode == "" && e.OwnerName == "" {
			e.refuse(NoOwner, "")
		}
		if s.State == "" {
			s.State = systems.NoState
		}
	}
}

func cutTo(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// Counts are how a file was read.
type Counts struct {
	Rows, Taken, Refused, Flagged int
	Flags                         map[string]int // by code
	Problems                      map[string]int
	Totals                        map[string]*big.Rat // of all cost lines that are paid once, and of a year of the others, by currency
}

// Count counts the rows.
func (f *File) Count() Counts {
	c := Counts{Rows: len(f.Entries), Flags: map[string]int{}, Problems: map[string]int{}, Totals: map[string]*big.Rat{}}
	for i := range f.Entries {
		e := &f.Entries[i]
		if e.Problem != "" {
			c.Refused++
			c.Problems[e.Problem]++
			continue
		}
		c.Taken++
		if len(e.Flags) > 0 {
			c.Flagged++
		}
		for _, flag := range e.Flags {
			c.Flags[flag]++
		}
		for k := range e.Costs {
			cents, err := e.Costs[k].Period()
			if err != nil {
				continue
			}
			code := e.Costs[k].Currency
			if c.Totals[code] == nil {
				c.Totals[code] = new(big.Rat)
			}
			c.Totals[code].Add(c.Totals[code], big.NewRat(cents, 100))
		}
	}
	return c
}

// day reads a day as registers write it; what is none is flagged.
func (e *Entry) day(text string) models.Date {
	text = strings.TrimSpace(text)
	if text == "" {
		return models.Date{}
	}
	if len(text) >= len("2006-01-02") {
		if d, err := models.ParseDate(text[:len("2006-01-02")]); err == nil && d.Time().Year() >= 1900 && d.Time().Year() <= 2200 {
			return d
		}
	}
	var day, month, year int
	if n, err := fmt.Sscanf(text, "%d.%d.%d", &day, &month, &year); err == nil && n == 3 {
		if d, err := models.ParseDate(fmt.Sprintf("%04d-%02d-%02d", year, month, day)); err == nil {
			return d
		}
	}
	e.flag(FlagDate)
	return models.Date{}
}
