package main

import (
	"go/ast"
	"regexp"
	"strings"
	"testing"
)

// The largest that a file and a function may be, in lines.
const (
	maxFile     = 500
	maxFunction = 60
)

func TestFilesAndFunctionsStaySmall(t *testing.T) {
	for _, s := range goFiles(t) {
		if n := strings.Count(s.text, "\n"); n > maxFile {
			t.Errorf("%s has %d lines; want %d at most", s.path, n, maxFile)
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncDecl); ok {
				if lines := s.lines(f) - s.table(f); lines > maxFunction {
					t.Errorf("%s: %s has %d lines; want %d at most", s.at(n.Pos()), f.Name, lines, maxFunction)
				}
			}
			return true
		})
	}
}

func (s goFile) lines(n ast.Node) int {
	return s.fset.Position(n.End()).Line - s.fset.Position(n.Pos()).Line + 1
}

// table returns the lines of the largest table of cases in a test: a table is as long
// as its rule needs.
func (s goFile) table(f *ast.FuncDecl) (most int) {
	if !s.test() {
		return 0
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if c, ok := n.(*ast.CompositeLit); ok {
			most = max(most, s.lines(c))
		}
		return true
	})
	return most
}

// limits are the words by which a room says what is not in it.
var limits = regexp.MustCompile(`(?i)\b(?:not|no|nor|nothing|only|other\s+rooms)\b`)

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	docs := map[string]bool{}
	for _, s := range goFiles(t) {
		switch {
		case s.test():
		case strings.HasSuffix(s.path, "/doc.go"):
			docs[s.dir()] = s.file.Doc != nil && len(s.file.Decls) == 0
			if says := s.file.Doc.Text(); !limits.MatchString(says) {
				t.Errorf("%s says what lives there, but not what may not", s.path)
			}
		case s.file.Doc != nil:
			t.Errorf("%s: the comment of a package belongs into doc.go", s.path)
		}
	}
	for _, p := range packages(t) {
		if !docs[p.room()] {
			t.Errorf("%s has no doc.go with a comment and nothing else", p.room())
		}
	}
}

func TestEveryExportedNameIsDocumented(t *testing.T) {
	for _, s := range goFiles(t) {
		if s.test() {
			continue
		}
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && reachable(d) {
					t.Errorf("%s: %s has no comment", s.at(d.Pos()), d.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if name := undocumented(d, spec); name != "" {
						t.Errorf("%s: %s has no comment", s.at(spec.Pos()), name)
					}
				}
			}
		}
	}
}

// reachable is false for the methods of a type that other rooms cannot name.
func reachable(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	kind := f.Recv.List[0].Type
	if p, ok := kind.(*ast.StarExpr); ok {
		kind = p.X
	}
	if g, ok := kind.(*ast.IndexExpr); ok {
		kind = g.X
	}
	name, ok := kind.(*ast.Ident)
	return !ok || name.IsExported()
}

// undocumented returns the exported name of spec that neither it nor its group says
// anything about.
func undocumented(d *ast.GenDecl, spec ast.Spec) string {
	if d.Doc != nil {
		return ""
	}
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if spec.Doc == nil && spec.Name.IsExported() {
			return spec.Name.Name
		}
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			if spec.Doc == nil && spec.Comment == nil && name.IsExported() {
				return name.Name
			}
		}
	}
	return ""
}

// Words that are not for files of the house; spelled so that they are not found here.
var unwanted = map[string]*regexp.Regexp{
	"is left undone": regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b|(?i)coming\s+` + `soon`),
	"is a name that says nothing": regexp.MustCompile(`\b(?:type|package) (?:\w*(?:Mana` + `ger|Ser` + `vice|Reposi` + `tory|Hel` +
		`per|D` + `TO)|ut` + `il\w*|com` + `mon|hel` + `pers?)\b`),
	"is a message that fails to say what": regexp.MustCompile(`(?:errors\.New|fmt\.Errorf)\("(?:fai` + `led to|un` + `able to|er` + `ror )`),
}

func TestUnwantedWords(t *testing.T) {
	for path, text := range files(t, ".go", ".html", ".css", ".js", ".sql", ".md", ".json", ".jsonl", ".txt", ".ci/run", "Procfile") {
		for why, words := range unwanted {
			for _, at := range words.FindAllStringIndex(text, -1) {
				line := 1 + strings.Count(text[:at[0]], "\n")
				t.Errorf("%s:%d: %q %s", path, line, text[at[0]:at[1]], why)
			}
		}
	}
}
