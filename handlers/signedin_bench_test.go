package handlers

import (
	"net/http"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

// BenchmarkSignedIn measures what a page costs the server in CPU time when somebody has
// signed in, beside the same page for a visitor; see [BenchmarkServicePage].
func BenchmarkSignedIn(b *testing.B) {
	s := newSite(b)
	secret := ""
	s.write(func(tx *db.Tx) error {
		a := identity.Account{Mail: "mari@lakeside.example", Name: "Mari Tamm", Language: "en"}
		if err := identity.AddAccount(b.Context(), tx, &a); err != nil {
			return err
		}
		for _, org := range []int64{2, 1} {
			if _, err := identity.AddMember(b.Context(), tx, a.ID, org, identity.Powers{Roles: []models.Role{models.Buyer}}); err != nil {
				return err
			}
		}
		var err error
		secret, err = access.Begin(b.Context(), tx, a.ID, access.Device{From: "192.0.2.1", Agent: "Firefox, Linux"})
		return err
	})
	signedIn := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.AddCookie(&http.Cookie{Name: sessionName, Value: secret})
		s.handler.ServeHTTP(w, r)
	})
	for _, page := range []struct{ name, path string }{{"service", "/en" + journalPath}, {"search", "/en/services"}, {"vendors", "/en/vendors"}} {
		b.Run(page.name, func(b *testing.B) {
			of, base := newCost(b, signedIn, []string{page.path}, ""), newCost(b, s.handler, []string{page.path}, "")
			const block = 250
			for left := b.N; left > 0; left -= block {
				of.add(min(left, block))
				base.add(min(left, block))
			}
			b.ReportMetric(of.each(), "µs-cpu/op")
			b.ReportMetric(base.each(), "visitor-µs-cpu/op")
			b.ReportMetric(of.each()-base.each(), "more-µs-cpu/op")
		})
	}
	b.Run("session", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.findSession(b.Context(), secret, "192.0.2.1"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
