package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	post "pilveturg/handlers/mail"
	"pilveturg/models/work"
	"pilveturg/views"
	"pilveturg/views/locale"
)

func TestEveryLetterIsValidHTML(t *testing.T) {
	home, _ := os.UserHomeDir()
	validate := needed(t, "html-validate", "PILVETURG_HTML_VALIDATE", filepath.Join(home, ".cache/pilveturg-ci/node_modules/.bin/html-validate"))
	all, err := views.Load(views.Files, views.Site{})
	if err != nil {
		t.Fatal(err)
	}
	o, dir := post.Office{Views: all, Origin: "https://pilveturg.example", Key: make([]byte, keyBytes)}, t.TempDir()
	for _, lang := range locale.Tags() {
		for _, k := range work.Kinds() {
			l := work.Letter{AccountID: 1, Kind: k, Language: lang, Args: slices.Repeat([]string{"Päevik „Lite“ <&>"}, k.Args()), Path: "/x?a=1&b=2",
				Notices: []work.Notice{{Kind: work.Approval, Args: []string{"A <&>", "B"}}}}
			if err := o.Compose(&l); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%s.html", lang, k)), []byte(l.HTML), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	cmd := exec.Command(validate, "--formatter", "text", "--max-warnings", "0", "--rule", "long-title:off", ".")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("html-validate: %v\n%s", err, out)
	}
}
