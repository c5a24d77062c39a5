package exchange

import (
	"bytes"
	"strings"
	"testing"

	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

const marketFile = "fedramp_marketplace_2025-01-30.json"

// The figures of the real file were counted with other means than this package.
func TestFedRAMPRealFile(t *testing.T) {
	schema := testSchema(t)
	r := NewFedRAMP(marketFile, shared(t, marketFile), schema)
	records, problems := readAll(t, r)
	f := figures{}
	for _, rec := range records {
		if rec.Listing == nil {
			f.organisation(rec.Organisation)
			continue
		}
		f.listing(rec.Listing)
		if err := schema.CheckListing(rec.Listing); err != nil {
			t.Errorf("%s: %v", rec.Where, err)
		}
	}
	for _, p := range problems {
		f["problem "+string(p.Effect)+" "+strings.TrimPrefix(p.Key, "exchange.")]++
	}
	for _, c := range r.Counts() {
		f[c.Name+" read"], f[c.Name+" left"] = c.Read, c.Left
	}
	want := figures{
		"listings": 436, "websites": 434, "contacts": 241, "categorised": 251,
		"organisations agency": 230 + 2 - 19, "organisations ministry": 19, "organisations vendor": 361, // 366 spellings
		"bodies below another": 143, "bodies with a website": 89,

		"fedramp_status authorized": 342, "fedramp_status in_process": 82, "fedramp_status ready": 12,
		"fedramp_impact_level moderate": 321, "fedramp_impact_level high": 61, "fedramp_impact_level li_saas": 46, "fedramp_impact_level low": 8,
		"service_model saas": 399, "service_model paas": 57, "service_model iaas": 25,
		"deployment_model community": 253, "deployment_model public": 155, "deployment_model hybrid": 28,
		"fedramp_path agency": 369, "fedramp_path jab": 65, "fedramp_path program": 2, "small_business yes": 145, "small_business no": 291,

		"exchange.count.fedramp.products read": 436, "exchange.count.fedramp.products left": 0,
		"exchange.count.fedramp.agencies read": 230, "exchange.count.fedramp.agencies left": 0,
		"exchange.count.fedramp.authorisations read": 342, "exchange.count.fedramp.authorisations left": 0,
		"exchange.count.fedramp.reuse read": 2221, "exchange.count.fedramp.reuse left": 43,
		"exchange.count.fedramp.assessors read": 44, "exchange.count.fedramp.assessors left": 44,
		"exchange.count.fedramp.reviews read": 72, "exchange.count.fedramp.reviews left": 0,
		"problem skipped fedramp_no_product": 43, // 41 of F1212191840, and two more

		"uses": 342 + 2221 - 43 + 72, "uses in parts": 118, "uses ended": 215, "uses planned": 72,
		"uses since no day": 4 + 72, "uses until no day": 1165 + 72, "sum of days since": 1857563975, "sum of days until": 1002215930,

		"problem partial unclear_date": 9, "problem noted odd_date_left": 2, "problem noted fedramp_agency_by_name": 6,
		"problem noted fedramp_names_differ": 1, "problem noted fedramp_parent_made": 2, "problem noted fedramp_spellings": 5,
		"problem noted fedramp_same_name": 2, "problem partial fedramp_no_partner": 3, "problem partial bad_mail": 1,
		"problem noted site_changed": 20, "problem noted spaces": 8, // 2 uses, 2 e-mails, 2 names of products, 2 of agencies
		"problem refused missing": 0, "problem noted figure_differs": 0, "problem partial answer_left": 0,
	}
	for name, n := range want {
		if f[name] != n {
			t.Errorf("%s: got %d, want %d", name, f[name], n)
		}
	}
	roundTripCSV(t, records)
	again, _ := readAll(t, NewFedRAMP(marketFile, shared(t, marketFile), schema))
	if !bytes.Equal(writeJSONL(t, records), writeJSONL(t, again)) {
		t.Error("reading the file again gives other records")
	}
}

// figures counts what records say, by name.
type figures map[string]int64

func (f figures) organisation(o *identity.Organisation) {
	f["organisations "+string(o.Kind)]++
	if !o.Parent.IsZero() {
		f["bodies below another"]++
	}
	if o.Website != "" {
		f["bodies with a website"]++
	}
}

func (f figures) listing(l *catalogue.Listing) {
	f["listings"]++
	v := l.Versions[0]
	for name, has := range map[string]bool{"websites": v.Website != "", "contacts": v.Contact != "", "categorised": len(v.Categories) > 0} {
		if has {
			f[name]++
		}
	}
	for _, a := range v.Answers {
		for _, value := range a.Values {
			f[a.Question+" "+value]++
		}
	}
	for _, u := range l.Uses {
		f["uses"]++
		f["uses "+string(u.Phase)]++
		if u.Part != "" {
			f["uses in parts"]++
		}
		if u.Since.IsZero() {
			f["uses since no day"]++
		} else {
			f["sum of days since"] += ordinal(u.Since.Time().Unix())
		}
		if u.Until.IsZero() {
			f["uses until no day"]++
		} else {
			f["sum of days until"] += ordinal(u.Until.Time().Unix())
		}
	}
}

// ordinal counts days from 1 January of the year 1, which is 1.
func ordinal(unix int64) int64 { return unix/86400 + 719163 }
