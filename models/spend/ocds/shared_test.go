package ocds

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sharedDir is the folder of real files beside the project. Without it the test is skipped.
func sharedDir(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		below := filepath.Join(dir, "shared", "data", "spend", "ocds")
		if _, err := os.Stat(below); err == nil {
			return below
		}
	}
	t.Skip("shared/data/spend/ocds is not beside the project")
	return ""
}

// sharedFiles are the JSON files of a folder and those below it, without the oracles.
func sharedFiles(t testing.TB, folder string) (names []string) {
	t.Helper()
	dir := sharedDir(t)
	err := filepath.WalkDir(filepath.Join(dir, filepath.FromSlash(folder)), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".json") && !strings.HasSuffix(path, ".oracle.json") {
			name, err := filepath.Rel(dir, path)
			names = append(names, filepath.ToSlash(name))
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func sharedBytes(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(sharedDir(t), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// same compares two JSON values; the order of fields does not count.
func same(t testing.TB, got, want []byte) {
	t.Helper()
	g, err := parse(got)
	if err != nil {
		t.Fatalf("%v in %s", err, got)
	}
	w, err := parse(want)
	if err != nil {
		t.Fatalf("%v in %s", err, want)
	}
	if g.canon() != w.canon() {
		t.Errorf("got  %s\nwant %s", g.canon(), w.canon())
	}
}

func list(t testing.TB, raw []byte) (l []json.RawMessage) {
	t.Helper()
	if err := json.Unmarshal(raw, &l); err != nil {
		t.Fatal(err)
	}
	return l
}
