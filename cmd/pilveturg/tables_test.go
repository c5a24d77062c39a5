package main

import (
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var writes = regexp.MustCompile(`(?i)\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([a-z_]+)`)

// Each table is written by one package: read widely, write narrowly.
func TestOneWriterPerTable(t *testing.T) {
	known := tables(t)
	owners := map[string]map[string]string{} // table to room to where
	for _, s := range goFiles(t) {
		if s.test() || s.dir() == "db" { // db writes what it is told, and its own migrations
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			for _, table := range written(n, known) {
				if owners[table] == nil {
					owners[table] = map[string]string{}
				}
				owners[table][s.dir()] = s.at(n.Pos())
			}
			return true
		})
	}
	for _, table := range known {
		switch rooms := owners[table]; {
		case len(rooms) == 0:
			t.Errorf("table %s is written by nobody", table)
		case len(rooms) > 1:
			t.Errorf("table %s is written by %v", table, rooms)
		case !strings.HasPrefix(slices.Collect(maps.Keys(rooms))[0], "models/"):
			t.Errorf("table %s is written outside models: %v", table, rooms)
		}
		delete(owners, table)
	}
	for table, rooms := range owners {
		t.Errorf("there is no table %s: %v", table, rooms)
	}
}

// written returns the tables that a statement, or a call of Insert, writes to.
func written(n ast.Node, known []string) (tables []string) {
	switch n := n.(type) {
	case *ast.BasicLit:
		for _, m := range writes.FindAllStringSubmatch(text(n), -1) {
			if table := strings.ToLower(m[1]); table != "set" { // ON CONFLICT … DO UPDATE SET
				tables = append(tables, table)
			}
		}
	case *ast.CallExpr: // Tx.Insert, or a function that passes a table on to it
		f, ok := n.Fun.(*ast.SelectorExpr)
		if !ok || !strings.EqualFold(f.Sel.Name, "insert") {
			break
		}
		for _, arg := range n.Args {
			if lit, ok := arg.(*ast.BasicLit); ok && slices.Contains(known, text(lit)) {
				return []string{text(lit)}
			}
		}
	}
	return tables
}

func text(lit *ast.BasicLit) string {
	s, err := strconv.Unquote(lit.Value)
	if lit.Kind != token.STRING || err != nil {
		return ""
	}
	return s
}

// tables returns the names of the tables that the migrations make.
func tables(t *testing.T) []string {
	t.Helper()
	made, moved := regexp.MustCompile(`(?m)^CREATE TABLE ([a-z_]+)`), regexp.MustCompile(`(?m)^ALTER TABLE ([a-z_]+) RENAME TO`)
	var names []string
	for _, text := range files(t, ".sql") {
		for _, m := range made.FindAllStringSubmatch(text, -1) {
			names = append(names, m[1])
		}
		for _, m := range moved.FindAllStringSubmatch(text, -1) { // what was made anew under another name
			names = slices.DeleteFunc(names, func(name string) bool { return name == m[1] })
		}
	}
	slices.Sort(names) // a table may be made anew
	return slices.Compact(names)
}
