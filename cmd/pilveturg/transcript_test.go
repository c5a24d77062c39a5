package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pilveturg/db/dbtest"
)

// A transcript is a file of testdata: command lines, and what they must answer.
//
//	# a comment
//	$ NAME=value pilveturg export listings < in > out   run in an empty folder; out gets the standard output
//	out 2 listings         the standard output holds these words
//	out! 2 listings        … and must not hold these
//	err …, err! …          the same of the standard error; without words, that it is empty
//	exit 1                 the exit code, 0 unless told
//	file x.csv name.et     the file holds these words
//	same a b               the files are the same
//	gone a                 there is no such file
//	-- name                the lines until the next -- are a file, there from the beginning
//	== name                the same, with \n, \xff and so on written out, and the ends of lines left out
//
// Each transcript has an empty database of its own. {2} is the number of the second
// import that it made, for numbers are given out differently by each engine.
func TestTranscripts(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			play(t, string(b))
		})
	}
}

func play(t *testing.T, text string) {
	x := &transcript{t: t, vars: []string{"PILVETURG_DB=" + dbtest.EmptyDSN(t)}}
	lines := x.files(strings.Split(text, "\n"))
	for i, line := range lines {
		x.at = i + 1
		word, rest, _ := strings.Cut(x.numbered(line), " ")
		switch word {
		case "", "#":
		case "$":
			x.finish()
			x.run(strings.Fields(rest))
		case "exit":
			x.want, _ = strconv.Atoi(rest)
		default:
			x.expect(word, rest)
		}
	}
	x.finish()
}

type transcript struct {
	t         *testing.T
	at        int // line of the file
	vars      []string
	command   string
	out, err  string
	got, want int // exit codes
	imports   []string
}

var importNumber = regexp.MustCompile(`(?:is import |"import": )(\d+)`)

// numbered puts the numbers of imports into a line.
func (x *transcript) numbered(line string) string {
	for i, n := range x.imports {
		line = strings.ReplaceAll(line, fmt.Sprintf("{%d}", i+1), n)
	}
	return line
}

var fileHead = regexp.MustCompile(`^(--|==) (\S+)$`)

// files makes the files of the transcript and returns the lines before them.
func (x *transcript) files(lines []string) []string {
	end := len(lines)
	for i := len(lines) - 1; i >= 0; i-- {
		head := fileHead.FindStringSubmatch(lines[i])
		if head == nil {
			continue
		}
		text := strings.Join(lines[i+1:end], "\n") + "\n"
		if head[1] == "==" {
			var err error
			if text, err = strconv.Unquote(`"` + strings.ReplaceAll(strings.Join(lines[i+1:end], ""), `"`, `\"`) + `"`); err != nil {
				x.t.Fatalf("file %s: %v", head[2], err)
			}
		}
		if err := os.WriteFile(head[2], []byte(strings.TrimPrefix(text, "\n")), 0o600); err != nil {
			x.t.Fatal(err)
		}
		end = i
	}
	return lines[:end]
}

func (x *transcript) run(words []string) {
	x.command = strings.Join(words, " ")
	e, to := &env{in: strings.NewReader(""), vars: x.vars}, ""
	var out, wrong strings.Builder
	e.out, e.err = &out, &wrong
	var args []string
	for i := 0; i < len(words); i++ {
		switch w := words[i]; {
		case w == "<":
			i++
			e.in = strings.NewReader(x.read(words[i]))
		case w == ">":
			i++
			to = words[i]
		case w == "pilveturg" && args == nil:
			args = []string{}
		case args == nil:
			e.vars = append(e.vars[:len(e.vars):len(e.vars)], w)
		default:
			args = append(args, w)
		}
	}
	x.want = exitDone
	x.got = run(context.Background(), e, args)
	x.out, x.err = out.String(), wrong.String()
	for _, m := range importNumber.FindAllStringSubmatch(x.out, -1) {
		if !slices.Contains(x.imports, m[1]) {
			x.imports = append(x.imports, m[1])
		}
	}
	if to != "" {
		if err := os.WriteFile(to, []byte(x.out), 0o600); err != nil {
			x.t.Fatal(err)
		}
	}
}

func (x *transcript) expect(word, rest string) {
	name, words, _ := strings.Cut(rest, " ")
	ok := false
	switch word {
	case "out":
		ok = says(x.out, rest)
	case "out!":
		ok = !says(x.out, rest)
	case "err":
		ok = says(x.err, rest)
	case "err!":
		ok = !says(x.err, rest)
	case "file":
		ok = strings.Contains(x.read(name), words)
	case "same":
		ok = x.read(name) == x.read(words)
	case "gone":
		_, err := os.Stat(name)
		ok = os.IsNotExist(err)
	default:
		x.t.Fatalf("line %d: there is no check %q", x.at, word)
	}
	if !ok {
		x.t.Fatalf("line %d: %s %s: not so%s", x.at, word, rest, x.story())
	}
}

// says reports whether text, with one space between words, holds words; without
// words, whether it is empty.
func says(text, words string) bool {
	text = strings.Join(strings.Fields(text), " ")
	return words != "" && strings.Contains(text, words) || text == words
}

func (x *transcript) read(name string) string {
	b, err := os.ReadFile(name)
	if err != nil {
		x.t.Errorf("line %d: %v", x.at, err)
	}
	return string(b)
}

func (x *transcript) finish() {
	if x.got != x.want {
		x.t.Fatalf("before line %d: exit %d, want %d%s", x.at, x.got, x.want, x.story())
	}
}

func (x *transcript) story() string {
	return fmt.Sprintf("\n$ %s\n%s\n%s", x.command, x.out, x.err)
}
