package ocds

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestCheckTellsOfEachDeparture(t *testing.T) {
	const fine = `"ocid":"ocds-abc123-1","id":"1","date":"2026-01-01T00:00:00+02:00","tag":["tender"],"initiationType":"tender"`
	with := func(fields string) string { return "{" + fine + "," + fields + "}" }
	tests := []struct {
		name, file string
		want       []string
	}{
		{"nothing", "{" + fine + "}", nil},
		{"no JSON", "{", []string{"json"}},
		{"too many levels", strings.Repeat("[", 70), []string{"deep"}},
		{"something else", `{"a":1}`, []string{"ocds"}},
		{"an array of releases", "[{" + fine + "}," + with(`"language":1`) + ",3]", []string{"type /1/language string|null integer", "ocds /2"}},
		{"fields that are missing", `{"ocid":"ocds-abc123-1"}`, []string{"required  date", "required  id", "required  initiationType", "required  tag"}},
		{"an id that is no text", strings.Replace("{"+fine+"}", `"id":"1"`, `"id":1`, 1), []string{"type /id string integer"}},
		{"an empty ocid", strings.Replace("{"+fine+"}", "ocds-abc123-1", "", 1), []string{"blank /ocid"}},
		{"an ocid without a prefix", strings.Replace("{"+fine+"}", "ocds-abc123-1", "1", 1), []string{"prefix /ocid 1"}},
		{"a date without a time", strings.Replace("{"+fine+"}", "T00:00:00+02:00", "", 1), []string{"date /date 2026-01-01"}},
		{"a date without an offset", strings.Replace("{"+fine+"}", "+02:00", "", 1), []string{"date /date 2026-01-01T00:00:00"}},
		{"a tag of no list", strings.Replace("{"+fine+"}", `["tender"]`, `["tender","other"]`, 1), []string{"code /tag/1 other"}},
		{"no tag", strings.Replace("{"+fine+"}", `["tender"]`, `[]`, 1), []string{"blank /tag"}},
		{"an initiation type of no list", strings.Replace("{"+fine+"}", `"initiationType":"tender"`, `"initiationType":"ppp"`, 1), []string{"code /initiationType ppp"}},
		{"closed lists", with(`"tender":{"id":1,"status":"open","procurementMethod":"","mainProcurementCategory":"goods","milestones":[{"id":"1","status":"done"}]}`),
			[]string{"code /tender/status open", "code /tender/procurementMethod", "code /tender/milestones/0/status done"}},
		{"open lists", with(`"parties":[{"id":"1","roles":["buyer","friend"]}],"planning":{"documents":[{"id":"1","documentType":"photo"}]}`),
			[]string{"open_code /parties/0/roles/1 friend", "open_code /planning/documents/0/documentType photo"}},
		{"a currency that is none", with(`"awards":[{"id":"1","value":{"amount":1,"currency":"euro"}}]`), []string{"code /awards/0/value/currency euro"}},
		{"an amount without a currency", with(`"awards":[{"id":"1","value":{"amount":1.50}}]`), []string{"currency /awards/0/value 1.50"}},
		{"an amount as a text", with(`"awards":[{"id":"1","value":{"amount":"1","currency":"EUR"}}]`), []string{"type /awards/0/value/amount number|null string"}},
		{"an amount that no ledger holds", with(`"awards":[{"id":"1","value":{"amount":1e99,"currency":"EUR"}}]`), []string{"amount /awards/0/value/amount 1e99"}},
		{"an unknown amount", with(`"awards":[{"id":"1","value":{"amount":null}}]`), nil},
		{"an address that is none", with(`"planning":{"documents":[{"id":"1","url":"paper.pdf"}]}`), []string{"address /planning/documents/0/url paper.pdf"}},
		{"fields given up", with(`"contracts":[{"id":"1","awardID":"1","implementation":{"transactions":[{"id":"1","amount":{"amount":1,"currency":"EUR"},"providerOrganization":{"id":"1"}}]}}]`),
			[]string{"deprecated /contracts/0/implementation/transactions/0/amount amount", "deprecated /contracts/0/implementation/transactions/0/providerOrganization providerOrganization"}},
		{"what is empty", with(`"parties":[],"planning":{},"tender":{"id":"1","title":" ","description":"","tenderPeriod":{}}`),
			[]string{"empty /parties", "empty /planning", "empty /tender/title", "empty /tender/description", "empty /tender/tenderPeriod"}},
		{"what must not be empty", with(`"awards":[{"id":"","items":[]}]`), []string{"blank /awards/0/id", "blank /awards/0/items"}},
		{"an id twice", with(`"awards":[{"id":"1"},{"id":1},{"id":"1","title":"x"}]`), []string{"duplicate /awards/2 1 0"}},
		{"equal things", with(`"awards":[{"id":"1","title":"x"},{"title":"x","id":"1"}]`), []string{"duplicate /awards/1 1 0", "repeated /awards/1 0"}},
		{"fields of others", with(`"a/b":{"c":1},"tender":{"id":"1","Title":"x","title_et":"x","title_?":"x","status_et":"x"}`),
			[]string{"extra /a~1b a/b", "extra /tender/Title Title", "extra /tender/title_? title_?", "extra /tender/status_et status_et"}},
		{"another language in a wrong type", with(`"tender":{"id":"1","title_et":7}`), []string{"type /tender/title_et string|null integer"}},
		{"an award that is not there", with(`"awards":[{"id":"1"}],"contracts":[{"id":"1","awardID":1},{"id":"2","awardID":"1"}]`), []string{"no_award /contracts/0/awardID 1"}},
		{"awards that are elsewhere", with(`"contracts":[{"id":"1","awardID":"1"}]`), nil},
		{"organizations that are no parties", with(`"parties":[{"id":"1"}],"buyer":{"id":"1"},"tender":{"id":"1","procuringEntity":{"id":"2"},"tenderers":[{"id":"3"}]},
			"awards":[{"id":"1","suppliers":[{"id":"4"}]}],"contracts":[{"id":"1","awardID":"1","implementation":{"transactions":[{"id":"1","payer":{"id":"1"},"payee":{"id":"5"}}]}}]`),
			[]string{"no_party /tender/procuringEntity/id 2", "no_party /tender/tenderers/0/id 3", "no_party /awards/0/suppliers/0/id 4", "no_party /contracts/0/implementation/transactions/0/payee/id 5"}},
		{"a package", `{"version":"one","extensions":["x"],"publisher":{},"releases":[]}`, []string{"version /version one", "address /extensions/0 x", "empty /publisher",
			"required /publisher name", "blank /releases", "required  publishedDate", "required  uri"}},
		{"a record", `{"ocid":"ocds-abc123-1","releases":[{"url":"https://example.org"},{"url":null,"date":"2026-01-01T00:00:00Z","tag":["x"]}],"compiledRelease":{` + fine + `}}`,
			[]string{"required /releases/0 date", "code /releases/1/tag/0 x"}},
		{"a record twice", `{"uri":"https://example.org","version":"1.1","publishedDate":"2026-01-01T00:00:00Z","publisher":{"name":"x"},"records":[
			{"ocid":"ocds-abc123-1","releases":[{` + fine + `}]},{"ocid":"ocds-abc123-1","releases":[{` + fine + `,"language":"en"}]}]}`, []string{"duplicate /records/1 ocds-abc123-1 0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, p := range Check([]byte(tt.file)) {
				got = append(got, p.String())
				if !slices.Contains(Codes, p.Code) {
					t.Errorf("code %s is not among Codes", p.Code)
				}
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestCheckStopsAtAThousand(t *testing.T) {
	got := Check([]byte("[" + strings.Repeat("1,", 4999) + "1]"))
	if last := got[len(got)-1]; len(got) != 1001 || last.Code != TooManyIssues || last.Args[0] != "5000" {
		t.Errorf("%d problems, %v", len(got), got[len(got)-1])
	}
}

// The files are named for what is in them.
func TestKnownFilesHaveTheirProblems(t *testing.T) {
	tests := []struct {
		file string
		want []string // problems but for prefixes and open lists, without their arguments
	}{
		{"basic_1", nil},
		{"releases_no_validation_errors", nil},
		{"records_no_validation_errors", nil},
		{"dupe_ids_1", []string{"duplicate /releases/1", "duplicate /releases/3", "repeated /releases/1", "repeated /releases/3"}},
		{"get_additional_codelist_values_replaced", []string{"code /releases/0/initiationType"}},
		{"releases_unique", []string{"required /releases/0", "required /releases/1"}},
		{"releases_unique_ocids_but_not_ids", nil},
		{"releases_non_unique", []string{"duplicate /releases/1", "duplicate /releases/3", "duplicate /releases/4", "repeated /releases/1", "repeated /releases/3"}},
		{"releases_non_unique_no_id", []string{"required /releases/0", "required /releases/1", "repeated /releases/1"}},
		{"records_unique", []string{"required /records/0", "required /records/1"}},
		{"records_non_unique", []string{"duplicate /records/1", "duplicate /records/3", "duplicate /records/4", "repeated /records/1", "repeated /records/3"}},
		{"records_non_unique_no_ocid", []string{"required /records/0", "required /records/1", "repeated /records/1"}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			var got []string
			for _, p := range Check(sharedBytes(t, "invalid_and_checks/common_checks__"+tt.file+".json")) {
				if p.Code != BadPrefix && p.Code != ExtraCode {
					got = append(got, p.Code+" "+p.Path)
				}
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// Releases of records are releases, links to them, or nothing of the kind.
func TestReleasesOfRecordsThatAreNone(t *testing.T) {
	for _, version := range []string{"", "1-0__"} {
		seen := map[string]bool{}
		for _, p := range Check(sharedBytes(t, "invalid_and_checks/common_checks__"+version+"records_invalid_releases.json")) {
			if p.Invalid() {
				seen[strings.Join(strings.Split(p.Path, "/")[:3], "/")] = true
			}
		}
		if len(seen) != 9 {
			t.Errorf("%d of 9 records are invalid: %v", len(seen), seen)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(`{"ocid":"a","parties":[{"id":1}],"awards":[{"id":1}],"contracts":[{"awardID":2,"value":{"amount":1e5}}]}`)
	f.Add(`{"records":[{"ocid":"a","releases":[{"url":1}],"compiledRelease":{}}]}`)
	f.Fuzz(func(t *testing.T, file string) {
		for _, p := range Check([]byte(file)) {
			if !slices.Contains(Codes, p.Code) || len(p.Args) > 2 {
				t.Errorf("%#v", p)
			}
		}
	})
}
