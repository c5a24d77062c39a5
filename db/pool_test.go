package db_test

import (
	"testing"

	"github.com/jmoiron/sqlx"
)

type poolOf struct{ *sqlx.DB }

// ask puts a query to every connection of the pool.
func (p *poolOf) ask(t testing.TB, query string) []string {
	t.Helper()
	n := p.Stats().MaxOpenConnections
	answers := make([]string, n)
	for i := range n {
		c, err := p.Connx(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close() // not before all are taken
		if err := c.GetContext(t.Context(), &answers[i], query); err != nil {
			t.Fatal(err)
		}
	}
	return answers
}
