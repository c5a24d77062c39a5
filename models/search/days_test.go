package search

import (
	"testing"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/search/searchtest"
)

// valueCounts returns the counts of a group.
func valueCounts(t *testing.T, x *Index, group string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, g := range x.Search(Request{Limit: 1}).Groups() {
		for _, v := range g.Counts {
			if g.Key == group && v.Count > 0 {
				counts[v.Value] = v.Count
			}
		}
	}
	return counts
}

func TestCertificatesRunOutAndConfirmationsGrowOld(t *testing.T) {
	src := namedSource(1, "Journal", "")
	src.Version.Published, src.Version.Checked = models.NewDate(2026, 1, 31), models.Date{}
	src.Version.Answers = []catalogue.Answer{
		{Question: "iso_27001", Values: []string{"C-1"}, Until: models.NewDate(2026, 3, 10)},
		{Question: "iso_9001", Values: []string{"C-2"}, Until: models.NewDate(2026, 3, 20)},
		{Question: "e_its", Values: []string{"C-3"}},
	}
	x := newIndex(t, testLayout().Document(src))
	for _, tt := range []struct {
		day             models.Date
		iso, confirmed  string
		certificate9001 string // of a hidden group
	}{
		{searchtest.Today, CertificateValid, catalogue.Yes, CertificateValid},
		{models.NewDate(2026, 3, 10), CertificateValid, catalogue.Yes, CertificateValid},
		{models.NewDate(2026, 3, 11), CertificateExpired, catalogue.Yes, CertificateValid},
		{models.NewDate(2026, 3, 21), CertificateExpired, catalogue.Yes, CertificateExpired},
		{models.NewDate(2026, 7, 31), CertificateExpired, catalogue.Yes, CertificateExpired},
		{models.NewDate(2026, 8, 1), CertificateExpired, catalogue.No, CertificateExpired},
		{searchtest.Today, CertificateValid, catalogue.Yes, CertificateValid}, // a clock may be set back
	} {
		x.SetDay(tt.day)
		for group, want := range map[string]string{"iso_27001": tt.iso, "e_its": CertificateValid, GroupConfirmed: tt.confirmed} {
			if got := valueCounts(t, x, group); len(got) != 1 || got[want] != 1 {
				t.Errorf("%s on %s: %v; want %s", group, tt.day, got, want)
			}
		}
		v := x.current.Load().views[0]
		if o, _ := x.layout.ordinal("iso_9001", tt.certificate9001); !v.column(o).has(0) {
			t.Errorf("iso_9001 on %s is not %s", tt.day, tt.certificate9001)
		}
	}
}

// An index that has lived through days is as one made on the last of them.
func TestDaysGoByAsIfTheIndexWereNew(t *testing.T) {
	var docs []*Document
	for id := int64(1); id <= 100; id++ {
		docs = append(docs, madeUp(id))
	}
	x := newIndex(t, docs...)
	for _, days := range []int{3, 40, 200, 150} {
		today := models.DateOf(searchtest.Today.Time().AddDate(0, 0, days))
		x.SetDay(today)
		o := newOracle(docs, today)
		for _, req := range []Request{{Limit: 1000}, {Limit: 1000, Filters: []Filter{{GroupConfirmed, []string{"yes"}}}},
			{Limit: 1000, Filters: []Filter{{"iso_27001", []string{CertificateExpired}}}}} {
			if wrong := compare(x.Search(req), o.answer(req), true); wrong != "" {
				t.Errorf("%d days later, %+v: %s", days, req, wrong)
			}
		}
	}
}
