package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"pilveturg/models/exchange"
)

const problemsShown = 50 // those that are the same count once

// writeReport tells in words what an import did, or would do.
func writeReport(w io.Writer, r exchange.Report, dry bool) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, headline(r, dry))
	if r.Applied || dry && !refused(r) {
		fmt.Fprint(t, "new\tchanged\tas before\t\n")
		for _, k := range []struct {
			name string
			exchange.Tally
		}{{"organisations", r.Organisations}, {"listings", r.Listings}, {"codes", r.Codes}} {
			if k.Total() > 0 {
				fmt.Fprintf(t, "%d\t%d\t%d\t  %s\n", k.Created, k.Changed, k.Unchanged, k.name)
			}
		}
	}
	if len(r.Counts) > 0 {
		fmt.Fprint(t, "read\tkept\tleft out\t\n")
		for _, c := range r.Counts {
			fmt.Fprintf(t, "%d\t%d\t%d\t  %s\n", c.Read, c.Kept, c.Left, countName(c))
		}
	}
	writeProblems(t, r)
	return t.Flush()
}

func headline(r exchange.Report, dry bool) string {
	var sum exchange.Tally
	for _, t := range []exchange.Tally{r.Organisations, r.Listings, r.Codes} {
		sum.Created, sum.Changed, sum.Unchanged = sum.Created+t.Created, sum.Changed+t.Changed, sum.Unchanged+t.Unchanged
	}
	switch {
	case refused(r):
		return r.File + ": Nothing was changed."
	case dry && sum.Touched() == 0:
		return r.File + " was only tried. It would change nothing."
	case dry:
		return fmt.Sprintf("%s was only tried. It would change %s.", r.File, count(sum.Touched(), "record"))
	case r.ID == 0:
		return r.File + " changes nothing: all that it says is known."
	default:
		return fmt.Sprintf("%s is import %d: %s changed.", r.File, r.ID, count(sum.Touched(), "record"))
	}
}

// refused is true when the file has to be put right.
func refused(r exchange.Report) bool {
	for effect, n := range r.Effects {
		if effect.Grave() && n > 0 {
			return true
		}
	}
	return false
}

// countName is the English of a count: "exchange.count.blank_lines" are blank lines.
func countName(c exchange.Count) string {
	return strings.ReplaceAll(c.Name[strings.LastIndexByte(c.Name, '.')+1:], "_", " ")
}

// effects are the groups that problems are told in, gravest first.
func effects() []struct {
	exchange.Effect
	words string
} {
	return []struct {
		exchange.Effect
		words string
	}{
		{exchange.Stopped, "Where the reading stopped"},
		{exchange.Refused, "To be put right"},
		{exchange.Skipped, "Records left out"},
		{exchange.Partial, "Fields left out"},
		{exchange.Noted, "Worth knowing"},
	}
}

// writeProblems tells what is wrong, gravest first, and what is the same only once.
func writeProblems(w io.Writer, r exchange.Report) {
	shown, told, all := 0, 0, 0
	for _, e := range effects() {
		n := r.Effects[e.Effect]
		if n == 0 {
			continue
		}
		all += n
		fmt.Fprintf(w, "%s: %d\n", e.words, n)
		for _, s := range alike(r, e.Effect) {
			if shown == problemsShown {
				break
			}
			shown, told = shown+1, told+s.times
			fmt.Fprintln(w, "  "+s.text())
		}
	}
	if all > told {
		fmt.Fprintf(w, "… and %d more; -problems FILE writes them to a file\n", all-told)
	}
}

// same are problems that differ in their places only.
type same struct {
	times       int
	where, what string // of the first
}

func (s same) text() string {
	if s.times == 1 {
		return plain(s.where + s.what)
	}
	return plain(fmt.Sprintf("%d times, first at %s%s", s.times, s.where, s.what))
}

// alike gathers the problems of one effect, in the order of the file.
func alike(r exchange.Report, e exchange.Effect) []*same {
	var all []*same
	by := map[string]*same{}
	for _, p := range r.Problems {
		if p.Effect != e {
			continue
		}
		what := place(p.Field) + p.What()
		if do := p.Do(); do != "" {
			what += "; " + do
		}
		if s := by[what]; s != nil {
			s.times++
			continue
		}
		where := place(p.Where)
		if p.File != r.File {
			where = place(p.File) + where
		}
		by[what] = &same{1, where, what}
		all = append(all, by[what])
	}
	return all
}

func place(s string) string {
	if s == "" {
		return ""
	}
	return s + ": "
}

// plain keeps what a file says from breaking the lines of the report, or from giving
// orders to the terminal.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// writeJSON tells the same to programs.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// writeAll writes every problem that the reports hold, a line each.
func writeAll(path string, reports []exchange.Report) error {
	return writeFile(path, func(w io.Writer) error {
		for _, r := range reports {
			counted := 0
			for _, n := range r.Effects {
				counted += n
			}
			for _, p := range r.Problems {
				if _, err := fmt.Fprintf(w, "%s: %s\n", p.Effect, plain(p.Error())); err != nil {
					return err
				}
			}
			if rest := counted - len(r.Problems); rest > 0 {
				if _, err := fmt.Fprintf(w, "%s: %d more were counted, but not kept\n", r.File, rest); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
