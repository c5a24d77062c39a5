package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
)

// root is where the module begins, as seen from this package.
const root = "../.."

// goFile is a Go file of the module.
type goFile struct {
	path string // within the module
	fset *token.FileSet
	file *ast.File
	text string
}

// at tells a place in the file.
func (s goFile) at(p token.Pos) string {
	where := s.fset.Position(p)
	where.Filename = s.path
	return where.String()
}

func (s goFile) test() bool { return strings.HasSuffix(s.path, "_test.go") }

func (s goFile) dir() string { return path.Dir(s.path) }

// goFiles reads all Go files of the module.
func goFiles(t *testing.T) []goFile {
	t.Helper()
	fset := token.NewFileSet()
	var all []goFile
	for name, text := range files(t, ".go") {
		s := goFile{path: name, fset: fset, text: text}
		var err error
		if s.file, err = parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

// files reads the files of the module whose names end so, by their paths.
func files(t *testing.T, ends ...string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if p != "." && strings.HasPrefix(d.Name(), ".") && d.Name() != ".ci" {
				return fs.SkipDir
			}
			return nil
		}
		for _, end := range ends {
			if strings.HasSuffix(p, end) {
				b, err := os.ReadFile(path.Join(root, p))
				all[p] = string(b)
				return err
			}
		}
		return nil
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("no files that end in %v: %v", ends, err)
	}
	return all
}
