package main

import (
	"regexp"
	"strings"
	"testing"
)

// The page about security says by which test each requirement is kept: all those are
// there, in both languages the same.
func TestTheTestsOfTheSecurityPageAreThere(t *testing.T) {
	there := map[string]bool{}
	made := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	for name, text := range files(t, ".go") {
		if !strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, m := range made.FindAllStringSubmatch(text, -1) {
			there[m[1]] = true
		}
	}
	named := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")
	rows := map[string]string{}
	for name, text := range files(t, ".md") {
		if !strings.HasSuffix(name, "help/security.md") {
			continue
		}
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			rows[name] += m[1] + " "
			if !there[m[1]] {
				t.Errorf("%s names %s, which is not there", name, m[1])
			}
		}
	}
	if len(rows) < 2 {
		t.Fatalf("the page is there as %v", rows)
	}
	for name, tests := range rows {
		if first := rows["views/content/en/help/security.md"]; tests != first || len(strings.Fields(tests)) < 30 {
			t.Errorf("%s names the tests %s; in English %s", name, tests, first)
		}
	}
}
