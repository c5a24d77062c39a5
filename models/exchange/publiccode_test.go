package exchange

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

func TestPublicCodeFolder(t *testing.T) {
	schema := testSchema(t)
	r := NewPublicCode(os.DirFS("testdata"), "publiccode", schema)
	records, problems := readAll(t, r)
	var keys []string
	for _, rec := range records {
		keys = append(keys, recordKey(rec))
		if rec.Listing != nil {
			if err := schema.CheckListing(rec.Listing); err != nil {
				t.Errorf("%s: %v", rec.Where, err)
			}
		}
	}
	wantKeys := []string{
		"publiccode-org:agency-of-examples", "publiccode-user:näidislinn", "publiccode:code.example/agency/gate",
		"publiccode-org:näidislinna-raamatukogu", "publiccode-user:näidisvald", "publiccode:code.example/linn/raamaturiiul",
	}
	if !slices.Equal(keys, wantKeys) {
		t.Errorf("got %v, want %v", keys, wantKeys)
	}
	wantProblems := strings.Join([]string{
		"line 24|localisation.availableLanguages|partial|bad_language",
		"line 7|softwareType|noted|no_service",
		"line 25|madeUp|noted|member_unknown",
		"line 10|categories|noted|category_left",
		"line 52|maintenance.contacts|noted|people_left",
	}, "\n")
	if got := summary(problems); got != wantProblems {
		t.Errorf("got\n%s\nwant\n%s", got, wantProblems)
	}
	if c := count(r, "publiccode.files"); c.Kept != 2 || c.Left != 0 {
		t.Errorf("got %v", c)
	}
	roundTripCSV(t, records)
}

func TestPublicCodeListing(t *testing.T) {
	records, _ := readAll(t, NewPublicCode(os.DirFS("testdata/publiccode/raamatud"), "publiccode.yml", testSchema(t)))
	l := findListing(records, "publiccode:code.example/linn/raamaturiiul")
	v := l.Versions[0]
	answer := func(q string) string { return strings.Join(answerTo(l, q).Values, ",") }
	for _, c := range []struct{ rule, got, want string }{
		{"the first language is the listing's own", v.Language, "et"},
		{"the name of each language", v.Words["en"].Name, "Bookshelf"},
		{"a folded text is one line", v.Words["et"].Summary, "Raamatukogu kataloog ja laenutus väikestele raamatukogudele."},
		{"a description stays Markdown", v.Words["et"].Description, "Raamaturiiul peab kataloogi, laenutab ja teeb inventuuri.\n\n- otsing pealkirja, autori ja märksõna järgi\n- meeldetuletused lugejale"},
		{"the landing page is the website", v.Website, "https://raamaturiiul.example/"},
		{"categories that have ours", strings.Join(v.Categories, ","), "school-libraries,document-management"},
		{"the vendor is who owns the source code", l.Vendor.String(), "publiccode-org:näidislinna-raamatukogu"},
		{"open source", answer("open_source"), "yes"},
		{"licence", answer("open_source_licence"), "eupl_1_2"},
		{"source code", answer("source_code"), "https://code.example/linn/raamaturiiul.git"},
		{"development status", answer("development_status"), "stable"},
		{"last release", answer("last_release"), "2026-02-14"},
		{"maintenance", answer("maintenance"), "contract"},
		{"languages once each", answer("interface_languages"), "en,et"},
		{"a described interface is an interface", answer("api") + " " + answer("api_documentation"), "yes https://raamaturiiul.example/api"},
		{"features by language", fmt.Sprint(answerTo(l, "features").Words), "map[en:[Catalogue Loans and returns] et:[Kataloog Laenutus ja tagastus]]"},
		{"the rest stays, versions as written, without people", string(v.Extra), `{"softwareVersion":"1.10","platforms":["web"],` +
			`"categories":["integrated-library-system","knowledge-management","mind-mapping"],"softwareType":"standalone/web",` +
			`"intendedAudience":{"countries":["ee","fi"]},` +
			`"description":{"et":{"documentation":"https://raamaturiiul.example/juhend","apiDocumentation":"https://raamaturiiul.example/api"}},` +
			`"legal":{"license":"EUPL-1.2","repoOwner":"Näidislinna Raamatukogu"},` +
			`"maintenance":{"type":"contract","contractors":[{"name":"Näidishooldus OÜ","website":"https://hooldus.example","until":"2027-01-01"}]},` +
			`"localisation":{"localisationReady":true,"availableLanguages":["et","en","en-GB"]},"dependsOn":{"open":[{"name":"PostgreSQL","versionMin":"15"}]}}`},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.rule, c.got, c.want)
		}
	}
	if len(l.Uses) != 2 || l.Uses[0].Phase != catalogue.InUse || !l.Unclaimed {
		t.Errorf("got %+v", l)
	}
	if o := findOrganisation(records, "publiccode-user:näidisvald"); o.Kind != identity.Agency || !o.Names.Equal(models.Text{"et": "Näidisvald"}) {
		t.Errorf("got %+v", o)
	}
}

const goodSoftware = `publiccodeYmlVersion: "0"
name: Gate
url: https://code.example/gate
description:
  en:
    shortDescription: Signs people in.
legal:
  license: MIT
  repoOwner: Agency
`

func TestPublicCodeTraps(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'h'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9)+fmt.Sprintf("*%c", c-1))
	}
	cases := []struct{ rule, file, want string }{
		{"a short file is enough", goodSoftware, ""},
		{"YAML may use an alias", goodSoftware + "isBasedOn: &x https://a.example\nroadmap: *x\n", ""},
		{"a version of the future", strings.Replace(goodSoftware, `"0"`, `"2.0"`, 1), "line 1|publiccodeYmlVersion|refused|publiccode_version"},
		{"no version, no name, no url, no description", "legal: {}\n", "|publiccodeYmlVersion|refused|missing\n|name|refused|missing\n|description|refused|missing\n|url|refused|bad_site"},
		{"an address that is none", strings.Replace(goodSoftware, "https://code.example/gate", "gate", 1), "line 3|url|refused|bad_site"},
		{"a name that comes twice", goodSoftware + "name: Other\n", "||refused|bad_yaml"},
		{"a broken line", "name: [a\nurl: b\n", "||refused|bad_yaml"},
		{"a list is no description of software", "- a\n- b\n", "||refused|yaml_not_object"},
		{"an empty file", "", "||refused|yaml_documents"},
		{"two documents", goodSoftware + "---\n" + goodSoftware, "||refused|yaml_documents"},
		{"an alias without its anchor", goodSoftware + "roadmap: *nowhere\n", "||refused|yaml_alias"},
		{"an alias within itself", goodSoftware + "roadmap: &a [*a]\n", "||refused|yaml_too_much"},
		{"aliases that grow without end", bomb, "||refused|yaml_too_much"},
		{"a merge of members", goodSoftware + "x: &x {a: 1}\ny:\n  <<: *x\n", "||refused|yaml_merge"},
		{"nesting without end", "a: " + strings.Repeat("[", 10_000), "||refused|too_deep"},
		{"a list in a list in a list without end", strings.Repeat("- ", 10_000), "||refused|too_deep"},
		{"a file of more than 1 MB", goodSoftware + "roadmap: " + strings.Repeat("x", 1<<20), "||refused|too_long"},
		{"bytes that are not UTF-8", goodSoftware + "roadmap: \xF6\n", "||refused|not_utf8"},
		{"UTF-16", "\xFF\xFEn\x00", "||refused|utf16"},
		{"a language that is none stays with the other facts", strings.Replace(goodSoftware, "  en:", "  english!:", 1), "line 5|description.english!|partial|bad_language"},
		{"a licence that we have no word for", strings.Replace(goodSoftware, "MIT", "Beerware", 1), "line 8|legal.license|noted|licence_other"},
		{"a status that is new", goodSoftware + "developmentStatus: asleep\n", "line 10|developmentStatus|partial|answer_left"},
		{"a maintenance that is new", goodSoftware + "maintenance:\n  type: magic\n", "line 11|maintenance.type|partial|unknown_value"},
		{"a landing page that is none", goodSoftware + "landingURL: see below\n", "line 10|landingURL|partial|bad_site"},
		{"nobody's software is its address's", strings.Replace(goodSoftware, "  repoOwner: Agency\n", "", 1), "||noted|no_maker"},
		{"a user that comes twice", goodSoftware + "usedBy: [Linn, linn]\n", "line 10|usedBy|noted|user_twice"},
		{"a user without a letter", goodSoftware + "usedBy: ['?!']\n", "line 10|usedBy|partial|bad_name"},
		{"too many features", strings.Replace(goodSoftware, "legal:", "    features: ["+strings.Repeat("x, ", 11)+"x]\nlegal:", 1), "line 7|description.en.features|partial|features_left"},
		{"a feature too long", strings.Replace(goodSoftware, "legal:", "    features: ["+strings.Repeat("x ", 30)+"]\nlegal:", 1), "line 7|description.en.features|partial|feature_cut"},
		{"characters that cannot be seen", strings.Replace(goodSoftware, "people in.", "people\x7f in.", 1), "line 6|description.en.shortDescription|noted|characters_changed"},
		{"a name too long", strings.Replace(goodSoftware, "Gate", strings.Repeat("Gate ", 60), 1), "line 2|name|partial|text_cut"},
		{"a text too long", strings.Replace(goodSoftware, "Signs people in.", strings.Repeat("Signs people in. ", 30), 1), "line 6|description.en.shortDescription|partial|text_cut"},
	}
	schema := testSchema(t)
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			fsys := fstest.MapFS{"p.yml": {Data: []byte(c.file)}}
			records, problems := readAll(t, NewPublicCode(fsys, "p.yml", schema))
			if got := summary(problems); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			for _, r := range records {
				if r.Listing != nil {
					if err := schema.CheckListing(r.Listing); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
}

func TestPublicCodeLeavesBrokenFilesOutOfAFolder(t *testing.T) {
	fsys := fstest.MapFS{
		"a/publiccode.yml": {Data: []byte("name: [")}, "b/publiccode.yml": {Data: []byte(goodSoftware)},
		"c/publiccode.yml": {Data: []byte(goodSoftware)}, "c/other.yml": {Data: []byte("x")},
		".git/publiccode.yml": {Data: []byte("name: [")},
	}
	records, problems := readAll(t, NewPublicCode(fsys, ".", testSchema(t)))
	if got, want := summary(problems), "||skipped|bad_yaml\nline 3|url|skipped|duplicate_key"; got != want || len(records) != 2 {
		t.Errorf("got %d records and\n%s\nwant\n%s", len(records), got, want)
	}
	if problems[0].File != "a/publiccode.yml" {
		t.Errorf("got file %s", problems[0].File)
	}
	_, problems = readAll(t, NewPublicCode(fstest.MapFS{"x.txt": {}}, ".", testSchema(t)))
	if got, want := summary(problems), "||stopped|no_publiccode"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := NewPublicCode(fsys, "nowhere", testSchema(t)).Next(); err == nil {
		t.Error("a folder that is not there gives no error")
	}
}
