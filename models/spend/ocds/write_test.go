package ocds

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"pilveturg/models"
)

func exact(s string) models.Exact {
	e, err := models.ParseExact(s)
	if err != nil {
		panic(err)
	}
	return e
}

var testMeta = Meta{
	URI: "https://example.org/releases.json", PublishedDate: "2026-03-01T12:00:00+02:00",
	Publisher: Publisher{Name: "Buying Agency", Scheme: "EE-RIK", UID: "70000001"},
	License:   "https://creativecommons.org/licenses/by/4.0/", PublicationPolicy: "https://example.org/policy",
}

// process is a whole process: planned, chosen, signed, changed, paid with a credit, ended.
func process(ocid string) []Release {
	buyer := OrganizationReference{ID: "EE-RIK-70000001", Name: "Buying Agency"}
	vendor := OrganizationReference{ID: "EE-RIK-10000001", Name: "Cloud Vendor & Sons"}
	parties := []Party{
		{ID: buyer.ID, Name: buyer.Name, Roles: []string{"buyer", "payer"}, Identifier: &Identifier{Scheme: "EE-RIK", ID: "70000001"},
			Address: &Address{Locality: "Town", CountryName: "Estonia"}, ContactPoint: &ContactPoint{Email: "buyer@example.org"}},
		{ID: vendor.ID, Name: vendor.Name, Roles: []string{"supplier", "payee"}},
	}
	release := func(id, date, tag string) Release {
		return Release{OCID: ocid, ID: ID(id), Date: date, Tag: []string{tag}, InitiationType: "tender", Language: "en", Parties: parties, Buyer: &buyer}
	}
	item := Item{ID: "1", Description: "Seats", Classification: &Classification{Scheme: "CPV", ID: "72000000-5"},
		Quantity: new(Known(exact("10.5"))), Unit: &Unit{Name: "month", Value: Money(exact("0.000000000000000000000000001"), "EUR")}}

	planning := release("1", "2026-01-01T10:00:00+02:00", "planning")
	planning.Planning = &Planning{Rationale: "People work together", Budget: &Budget{ID: "B-1", Amount: Money(exact("12000"), "EUR"), Project: "Work"},
		Milestones: []Milestone{{ID: "m", Status: "scheduled", DueDate: "2026-02-01T00:00:00Z"}}}
	tender := release("2", "2026-01-05T10:00:00+02:00", "tender")
	tender.Tender = &Tender{ID: "T", Status: "active", ProcurementMethod: "direct", MainProcurementCategory: "services", ProcuringEntity: &buyer,
		Items: []Item{item}, TenderPeriod: &Period{StartDate: "2026-01-05T10:00:00+02:00", DurationInDays: new(10)}, HasEnquiries: new(false)}
	award := release("3", "2026-01-15T10:00:00+02:00", "award")
	award.Awards = []Award{{ID: "A", Status: "active", Date: "2026-01-15T10:00:00+02:00", Value: Money(exact("9600"), "EUR"), Suppliers: []OrganizationReference{vendor}, Items: []Item{item}}}
	contract := release("4", "2026-01-20T10:00:00+02:00", "contract")
	contract.Contracts = []Contract{{ID: "C", AwardID: "A", Status: "active", Value: Money(exact("9600"), "EUR"), DateSigned: "2026-01-20T10:00:00+02:00",
		Period:    &Period{StartDate: "2026-02-01T00:00:00+02:00", EndDate: "2027-01-31T00:00:00+02:00"},
		Documents: []Document{{ID: "d", DocumentType: "contractSigned", URL: "https://example.org/c.pdf", DatePublished: "2026-01-20T10:00:00Z"}}}}
	amended := release("5", "2026-02-10T10:00:00+02:00", "contractAmendment")
	amended.Contracts = []Contract{{ID: "C", AwardID: "A", Value: Money(exact("10800"), "EUR"),
		Amendments: []Amendment{{ID: "1", Date: "2026-02-10T10:00:00+02:00", Rationale: "More seats", AmendsReleaseID: "4", ReleaseID: "5"}}}}
	paid := release("6", "2026-03-01T10:00:00+02:00", "implementation")
	paid.Contracts = []Contract{{ID: "C", AwardID: "A", Implementation: &Implementation{Transactions: []Transaction{
		{ID: "I-1", Source: "https://example.org/spend", Date: "2026-02-28T00:00:00+02:00", Value: Money(exact("800.10"), "EUR"), Payer: &buyer, Payee: &vendor},
		{ID: "I-2", Date: "2026-03-01T00:00:00+02:00", Value: Money(exact("-0.1"), "EUR"), Payer: &buyer, Payee: &vendor, URI: "https://example.org/spend/2",
			OldAmount: OldValue{*Money(exact("1"), "EUR")}, OldProvider: OldIdentifier{Identifier{ID: "1"}}},
	}, Milestones: []Milestone{{ID: "r", Type: "reporting", Status: "met"}}}}}
	ended := release("7", "2026-06-01T10:00:00+03:00", "contractTermination")
	ended.Contracts = []Contract{{ID: "C", AwardID: "A", Status: "terminated", Period: &Period{EndDate: "2026-06-01T00:00:00+03:00"}}}
	return []Release{planning, tender, award, contract, amended, paid, ended}
}

func packed(t testing.TB, releases []Release) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewPackageWriter(&b, testMeta)
	for _, r := range releases {
		if err := w.Release(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func packedRecord(t testing.TB, releases []Release) []byte {
	t.Helper()
	rec, err := NewRecord(releases, true)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := NewPackageWriter(&b, testMeta)
	if err := errors.Join(w.Record(rec), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAWholeProcessIsWrittenAsTheSchemaWants(t *testing.T) {
	releases := process("ocds-abc123-1")
	record := packedRecord(t, releases)
	releases[1].Tender.Value = &Value{} // an amount that nobody knows
	releases[1].Parties[0].Details = []byte(`{ "size": "small" }`)
	pack := packed(t, releases)
	for _, raw := range [][]byte{pack, record} {
		if problems := Check(raw); problems != nil {
			t.Errorf("%v in %s", problems, raw)
		}
	}
	if s := string(pack); strings.Contains(s, "providerOrganization") || !strings.Contains(s, `"amount":-0.1,`) ||
		!strings.Contains(s, `"amount":0.000000000000000000000000001,`) || !strings.Contains(s, `"amount":null}`) || !strings.Contains(s, "Vendor & Sons") {
		t.Error(s)
	}
	releaseSchema, recordSchema := schemas(t)
	if err := validate(t, releaseSchema, pack); err != nil {
		t.Errorf("%v\n%s", err, pack)
	}
	if err := validate(t, recordSchema, record); err != nil {
		t.Errorf("%v\n%s", err, record)
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	releases, i := process("ocds-abc123-1"), 0
	sum, err := Read(bytes.NewReader(packed(t, releases)), func(r Release) error {
		want, err := marshal(releases[i])
		if err != nil {
			return err
		}
		got, err := marshal(r)
		if string(got) != string(want) || string(r.Raw) != string(want) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		i++
		return err
	})
	if err != nil || i != 7 || sum.Meta.Version != "1.1" || sum.Meta.Publisher != testMeta.Publisher {
		t.Errorf("%d releases, %+v, %v", i, sum, err)
	}
}

func TestAPackageHasReleasesOrRecords(t *testing.T) {
	if err := NewPackageWriter(&bytes.Buffer{}, testMeta).Close(); !errors.Is(err, ErrEmpty) {
		t.Errorf("an empty package: %v", err)
	}
	w := NewPackageWriter(&bytes.Buffer{}, testMeta)
	if err := w.Release(Release{}); err != nil {
		t.Fatal(err)
	}
	if w.Record(Record{}) == nil || w.Close() == nil {
		t.Error("a record was written among releases")
	}
}
