package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
)

// line is the command line of a command. The command adds its own flags and then
// calls parse or config.
type line struct {
	*flag.FlagSet
	e    *env
	c    command
	args []string
	set  map[string]*given // the settings that are flags
}

// given is the value of a flag that is a setting.
type given struct {
	value string
	yes   bool // the flag was there
	truth bool // its value is true or false, and may be left out
}

// Set implements [flag.Value].
func (g *given) Set(s string) error {
	g.value, g.yes = s, true
	return nil
}

// String implements [flag.Value].
func (g *given) String() string { return g.value }

// IsBoolFlag tells package flag whether the value may be left out.
func (g *given) IsBoolFlag() bool { return g.truth }

func newLine(e *env, c command, args []string) *line {
	l := &line{FlagSet: flag.NewFlagSet(c.name, flag.ContinueOnError), e: e, c: c, args: args, set: map[string]*given{}}
	l.SetOutput(io.Discard)
	for _, s := range settings() {
		if !takes(c, s) {
			continue
		}
		g := &given{value: s.fallback, truth: s.truth}
		l.set[s.name] = g
		l.Var(g, s.name, s.about)
	}
	return l
}

func takes(c command, s setting) bool {
	for _, name := range c.settings {
		if name == s.name && !s.secret {
			return true
		}
	}
	return false
}

// parse reads the flags, wherever they stand, and returns the other words, of which
// there must be least or more, up to most; a negative most is no limit.
func (l *line) parse(least, most int) ([]string, error) {
	words, err := l.words()
	switch {
	case err == flag.ErrHelp:
		l.help()
		return nil, err
	case err != nil:
		return nil, usageError{err}
	case len(words) < least:
		return nil, wrongUsage("want %s", l.c.usage)
	case most >= 0 && len(words) > most:
		return nil, wrongUsage("%q is one word too many", words[most])
	}
	return words, nil
}

func (l *line) words() ([]string, error) {
	var words []string
	for args := l.args; ; {
		if err := l.Parse(args); err != nil {
			return nil, err
		}
		rest := l.Args()
		if len(rest) == 0 {
			return words, nil
		}
		if used := len(args) - len(rest); used > 0 && args[used-1] == "--" {
			return append(words, rest...), nil // no flag after it
		}
		words, args = append(words, rest[0]), rest[1:]
	}
}

// config is parse for a command that needs settings.
func (l *line) config(least, most int) (config, []string, error) {
	words, err := l.parse(least, most)
	if err != nil {
		return config{}, nil, err
	}
	c, err := readConfig(l.e.vars, l.set)
	return c, words, err
}

func (l *line) help() {
	w := l.e.out
	fmt.Fprintf(w, "pilveturg %s", l.c.name)
	some := false
	l.VisitAll(func(*flag.Flag) { some = true })
	if some {
		fmt.Fprint(w, " [flags]")
	}
	if l.c.usage != "" {
		fmt.Fprintf(w, " %s", l.c.usage)
	}
	fmt.Fprintf(w, "\n\nTo %s.\n%s", l.c.about, l.c.more)
	if some {
		fmt.Fprint(w, "\nFlags:\n")
		l.SetOutput(w)
		l.PrintDefaults()
	}
	if len(l.set) == 0 {
		return
	}
	fmt.Fprintf(w, "\nA setting may come from a variable instead: -db from %sDB.\n", prefix)
	for _, s := range settings() {
		if s.secret && slices.Contains(l.c.settings, s.name) {
			fmt.Fprintf(w, "From a variable only: %s %s.\n", s.variable(), s.about)
		}
	}
}
