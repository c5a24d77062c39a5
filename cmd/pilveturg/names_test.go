package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Tests in the browser run by their names, apart from all others: another test of the
// same name would run with none of them.
func TestNoOtherTestHasTheNameOfOneInTheBrowser(t *testing.T) {
	named := regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9_]*)\(`)
	inBrowser, where := map[string]bool{}, map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			where[m[1]] = append(where[m[1]], path)
			if strings.HasPrefix(filepath.Base(path), "browser") {
				inBrowser[m[1]] = true
			}
		}
		return err
	})
	if err != nil || len(inBrowser) == 0 {
		t.Fatalf("%d tests in the browser, %v", len(inBrowser), err)
	}
	for name := range inBrowser {
		if len(where[name]) > 1 {
			t.Errorf("%s is in %v", name, where[name])
		}
	}
}
