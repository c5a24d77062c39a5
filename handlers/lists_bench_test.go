package handlers

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// BenchmarkLists asks for the lists of a catalogue of 20,000 services by 1,000
// vendors, with 40,000 uses by 500 bodies.
func BenchmarkLists(b *testing.B) {
	if testing.Short() {
		b.Skip("makes 20,000 services first")
	}
	s := emptySite(b)
	s.fill(20_000, 1_000, 500)
	if err := s.DB.Analyze(b.Context()); err != nil {
		b.Fatal(err)
	}
	ask := func(b *testing.B, address string) {
		if w := s.do("GET", address); w.Code != 200 {
			b.Fatalf("%s: status %d", address, w.Code)
		}
	}
	b.Run("first_request", func(b *testing.B) {
		for b.Loop() {
			s.names.kept = nil
			ask(b, "/en/categories")
		}
	})
	b.Run("after_a_change", func(b *testing.B) {
		cpu, l := cpuOf(b), s.service(7, 1_000, 500)
		for b.Loop() {
			b.StopTimer()
			cpu.stop()
			l.Uses[0].Unit = "pupil"
			l.Uses[0].Quantity++
			s.write(func(tx *db.Tx) error { _, err := catalogue.Put(b.Context(), tx, &l, 0); return err })
			cpu.start()
			b.StartTimer()
			ask(b, "/en/categories")
		}
		cpu.report()
	})
	for _, page := range []struct{ name, address string }{
		{"home", "/en/"},
		{"categories", "/en/categories"},
		{"category", "/en/categories/education"},
		{"sub-category", "/en/categories/school-journals"},
		{"vendors", "/en/vendors"},
		{"vendor", fmt.Sprintf("/en/vendors/v-%d-vendor-0", 501)},
		{"agencies", "/en/agencies"},
		{"agency", "/en/agencies/a-2-body-1"},
		{"ministry", "/en/agencies/a-1-body-0"},
		{"sitemap", "/sitemaps/1.xml"},
	} {
		b.Run(page.name, func(b *testing.B) {
			cpu := cpuOf(b)
			for b.Loop() {
				ask(b, page.address)
			}
			cpu.report()
		})
	}
}

// cpu measures the time that the processors work, which others on the machine do
// not lengthen as they do the time of the clock.
type cpu struct {
	b           *testing.B
	spent, from time.Duration
}

func cpuOf(b *testing.B) *cpu {
	c := &cpu{b: b}
	c.start()
	return c
}

func (c *cpu) now() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		c.b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func (c *cpu) start() { c.from = c.now() }

func (c *cpu) stop() { c.spent += c.now() - c.from }

func (c *cpu) report() {
	c.stop()
	c.b.ReportMetric(float64(c.spent.Microseconds())/float64(c.b.N), "µs-cpu/op")
}

// fill makes a catalogue: bodies, of which every 50th is a ministry over those that
// follow it, vendors and services.
func (s *testSite) fill(services, vendors, bodies int) {
	s.t.Helper()
	put := func(tx *db.Tx) error {
		for i := range bodies {
			o := identity.Organisation{Key: testKey(fmt.Sprint("b", i)), Kind: identity.Ministry, Names: models.Text{"en": fmt.Sprint("Body ", i), "et": fmt.Sprint("Asutus ", i)}}
			if i%50 != 0 {
				o.Kind, o.Parent = identity.Agency, testKey(fmt.Sprint("b", i-i%50))
			}
			if _, _, err := identity.Put(s.t.Context(), tx, &o); err != nil {
				return err
			}
		}
		for i := range vendors {
			o := identity.Organisation{Key: testKey(fmt.Sprint("v", i)), Kind: identity.Vendor, Names: models.Text{"en": fmt.Sprint("Vendor ", i)}}
			if _, _, err := identity.Put(s.t.Context(), tx, &o); err != nil {
				return err
			}
		}
		for i := range services {
			l := s.service(i, vendors, bodies)
			if _, err := catalogue.Put(s.t.Context(), tx, &l, 0); err != nil {
				return err
			}
		}
		return nil
	}
	if err := s.DB.WriteAlone(s.t.Context(), admin, put); err != nil {
		s.t.Fatal(err)
	}
}

func (s *testSite) service(i, vendors, bodies int) catalogue.Listing {
	v := testJournal(s.t, "0.45", models.NewDate(2026, 1, 1+i%28))
	v.Categories = []string{s.Schema.Categories[i%len(s.Schema.Categories)].Slug}
	v.Words = map[string]catalogue.Words{
		"en": {Name: fmt.Sprint("Cloud service number ", i), Summary: "Does what the others do, but for somebody else."},
		"et": {Name: fmt.Sprint("Pilveteenus number ", i), Summary: "Teeb sama mis teised, aga kellelegi teisele."},
	}
	l := catalogue.Listing{Key: testKey(fmt.Sprint("s", i)), Vendor: testKey(fmt.Sprint("v", i%vendors)), Invented: true, Versions: []catalogue.Version{v}}
	for n := range i % 5 {
		l.Uses = append(l.Uses, catalogue.Use{Organisation: testKey(fmt.Sprint("b", (i+n*7)%bodies)), Phase: catalogue.InUse, Since: models.NewDate(2025, 1, 1)})
	}
	return l
}
