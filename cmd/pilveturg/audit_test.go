package main

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/views/locale"
)

func TestAnAuditLogThatWasTamperedWithIsTold(t *testing.T) {
	dsn := dbtest.EmptyDSN(t)
	if code, _, wrong := quietly(t.Context(), "import", "listings", many(t, 5), "-db", dsn); code != exitDone {
		t.Fatal(wrong)
	}
	d, err := db.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	unguard := map[string][]string{
		db.SQLite:   {`DROP TRIGGER audit_events_kept`, `DROP TRIGGER audit_events_stay`},
		db.Postgres: {`ALTER TABLE audit_events DISABLE TRIGGER USER`},
	}[d.Engine()]
	dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error {
		for _, q := range append(unguard, `UPDATE audit_events SET actor = 'x' WHERE seq = 2`, `DELETE FROM audit_events WHERE seq > 4`,
			`INSERT INTO audit_events (at, actor, action, subject) VALUES ('2026-01-01T00:00:00Z', 'x', 'x.y', 'z')`) {
			if _, err := tx.Exec(t.Context(), q); err != nil {
				return err
			}
		}
		return nil
	})
	code, out, wrong := quietly(t.Context(), "audit", "verify", "-db", dsn)
	for _, want := range []string{
		"altered: 1 time, first at event 2: it says something else than what was recorded\n",
		"end: 2 times, first at event 5: the chain does not end where its head says: events were removed or altered there\n",
		"outside: 1 time: it stands beside the chain", "4 events, chain intact up to event 1, ",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("it says %q; want %q", out, want)
		}
	}
	if code != exitWrong || !strings.Contains(wrong, "not as it was written") {
		t.Errorf("exit %d, %q; want %d", code, wrong, exitWrong)
	}
	if code, out, _ := quietly(t.Context(), "migrate", "-db", dsn); code != exitDone || !strings.Contains(out, "1 event taken into the chain of the audit log") {
		t.Errorf("migrate: %d, %q", code, out)
	}
}

// Every action that is recorded has a sentence and a group in every language, and is
// declared as one.
func TestEveryActionHasWords(t *testing.T) {
	actions := map[string]string{} // to where it stands
	for _, s := range goFiles(t) {
		if s.test() || !strings.HasPrefix(s.dir(), "models/") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && isAction(v.Type) {
				for _, value := range v.Values {
					if lit, ok := value.(*ast.BasicLit); ok {
						actions[text(lit)] = s.at(lit.Pos())
					}
				}
			}
			return true
		})
	}
	if len(actions) < 10 {
		t.Fatalf("only %d actions were found: %v", len(actions), actions)
	}
	for _, tag := range locale.Tags() {
		l, err := locale.Load(tag)
		if err != nil {
			t.Fatal(err)
		}
		for action, at := range actions {
			noun, _, _ := strings.Cut(action, ".")
			for _, key := range []string{"audit.action." + action, "audit.group." + noun} {
				if !l.Has(key) {
					t.Errorf("%s: %s has no %s", at, tag, key)
				}
			}
		}
	}
}

func isAction(kind ast.Expr) bool {
	return slices.Contains([]string{"Action", "audit.Action"}, fmt.Sprint(typeName(kind)))
}

// typeName is how a type is written.
func typeName(kind ast.Expr) string {
	switch k := kind.(type) {
	case *ast.Ident:
		return k.Name
	case *ast.SelectorExpr:
		return typeName(k.X) + "." + k.Sel.Name
	}
	return ""
}
