package catalogue

import (
	"bufio"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/pricing"
)

// seed is the demonstration: invented but for four vendors, of whom only public
// facts are told.
type seed struct {
	organisations map[models.Key]identity.Organisation
	listings      []Listing
}

func readSeed(t *testing.T) seed {
	t.Helper()
	s := seed{organisations: map[models.Key]identity.Organisation{}}
	for _, name := range []string{"organisations.jsonl", "listings.jsonl"} {
		f, err := os.Open("../../db/seed/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for n := 1; lines.Scan(); n++ {
			s.read(t, name, n, lines.Text())
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s *seed) read(t *testing.T, name string, n int, line string) {
	t.Helper()
	var record struct {
		Organisation *identity.Organisation `json:"organisation"`
		Listing      *Listing               `json:"listing"`
	}
	dec := json.NewDecoder(strings.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&record); err != nil {
		t.Fatalf("%s: line %d: %v", name, n, err)
	}
	switch o := record.Organisation; {
	case o != nil && record.Listing == nil:
		if _, twice := s.organisations[o.Key]; twice {
			t.Errorf("%s: line %d: %s is there twice", name, n, o.Key)
		}
		s.organisations[o.Key] = *o
	case o == nil && record.Listing != nil:
		s.listings = append(s.listings, *record.Listing)
	default:
		t.Errorf("%s: line %d: want one organisation or one listing", name, n)
	}
}

// latest returns the newest version, and published the one buyers see, if any.
func (l *Listing) latest() Version { return l.Versions[len(l.Versions)-1] }

func (l *Listing) published() (Version, bool) {
	i := slices.IndexFunc(l.Versions, func(v Version) bool { return v.State == Published })
	if i < 0 {
		return Version{}, false
	}
	return l.Versions[i], true
}

func TestSeedIsWhatTheSchemaWants(t *testing.T) {
	schema, seed := realSchema(t), readSeed(t)
	keys := map[models.Key]bool{}
	for _, l := range seed.listings {
		keys[l.Key] = true
	}
	for _, l := range seed.listings {
		if err := schema.CheckListing(&l); err != nil {
			t.Errorf("%s:\n%v", l.Key, err)
		}
		if o, ok := seed.organisations[l.Vendor]; !ok || o.Kind != identity.Vendor {
			t.Errorf("%s: there is no vendor %s", l.Key, l.Vendor)
		}
		for _, u := range l.Uses {
			if o, ok := seed.organisations[u.Organisation]; !ok || o.Kind != identity.Agency {
				t.Errorf("%s: there is no agency %s", l.Key, u.Organisation)
			}
		}
		if !l.Successor.IsZero() && !keys[l.Successor] {
			t.Errorf("%s: there is no successor %s", l.Key, l.Successor)
		}
		if len(keys) != len(seed.listings) || l.Slug == "" {
			t.Errorf("%s: a key is there twice, or a slug is missing", l.Key)
		}
	}
}

func TestSeedCounts(t *testing.T) {
	seed, got := readSeed(t), map[string]int{}
	for _, o := range seed.organisations {
		got[string(o.Kind)]++
	}
	for _, l := range seed.listings {
		got["listing"]++
		state := string(l.latest().State)
		if l.Life != Open {
			state = string(l.Life)
		}
		got[state]++
		if l.Invented {
			got["in "+strings.Join(languages(l.latest().Words), " and ")]++
		}
		if len(l.Versions) > 1 {
			got["with history"]++
		}
		for _, u := range l.Uses {
			got["use "+string(u.Phase)]++
		}
	}
	want := map[string]int{
		"vendor": 28, "ministry": 4, "agency": 12, "operator": 1, "listing": 66,
		"published": 58, "draft": 3, "waiting": 2, "closed": 1, "withdrawn": 1, "suspended": 1,
		"in en and et": 50, "in et": 6, "in en": 4,
		"with history": 20, "use in_use": 58, "use planned": 6, "use ended": 8,
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if got[key] != want[key] {
			t.Errorf("%s: %d, want %d", key, got[key], want[key])
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v, want no other kinds", got)
	}
}

// Real companies appear with public facts only: no certificate, no customer, no
// claim of their own, and prices that are marked as a demonstration.
func TestSeedIsHonest(t *testing.T) {
	schema, seed := realSchema(t), readSeed(t)
	realOnes := 0
	for _, l := range seed.listings {
		if l.Invented == l.Unclaimed || l.Invented != seed.organisations[l.Vendor].Invented {
			t.Errorf("%s: want either invented, vendor and all, or unclaimed", l.Key)
		}
		for _, v := range l.Versions {
			if !v.DemoPrice || len(v.Plans) == 0 {
				t.Errorf("%s: want prices, marked as a demonstration", l.Key)
			}
		}
		if l.Invented {
			continue
		}
		realOnes++
		if len(l.Uses) > 0 || len(l.Versions) != 1 || l.latest().Contact != "" {
			t.Errorf("%s: a real company has no invented uses, history or contact", l.Key)
		}
		honestSources(t, schema, &l)
	}
	if realOnes != 6 {
		t.Errorf("%d listings of real companies, want 6", realOnes)
	}
	for _, o := range seed.organisations {
		name := o.Names["en"]
		if o.Kind != identity.Vendor || !o.Invented {
			continue
		}
		if !strings.Contains(name, "Näidis") && !strings.Contains(name, "Sample") || !strings.HasSuffix(o.Website, ".example/") || !strings.HasPrefix(o.Key.Code, "000000") {
			t.Errorf("%s: an invented vendor says so in its name, number and address", name)
		}
	}
}

// honestSources checks that what is said of a real company was read somewhere.
func honestSources(t *testing.T, schema *Schema, l *Listing) {
	t.Helper()
	v := l.latest()
	if len(v.Sources) == 0 {
		t.Errorf("%s: no sources", l.Key)
	}
	for _, s := range v.Sources {
		if s.Seen.IsZero() {
			t.Errorf("%s: source %q: the day it was seen is missing", l.Key, s.Title)
		}
	}
	for _, a := range v.Answers {
		q, _ := schema.Question(a.Question)
		if a.By != ByPublic || a.Proof != Stated || a.Known() && a.Source == "" || q.Type == TypeCertificate {
			t.Errorf("%s: %s: want a public source, and nothing about certificates", l.Key, a.Question)
		}
	}
}

// Documents are invented with their services, say so where they say anything, and are
// no younger than the version that has them.
func TestSeedDocuments(t *testing.T) {
	services, unchecked := 0, 0
	for _, l := range readSeed(t).listings {
		for _, v := range l.Versions {
			if len(v.Documents) > 0 {
				services++
			}
			for _, p := range v.Documents {
				if !l.Invented || p.URL != "" && !strings.Contains(p.URL, ".example/") || v.Published.Before(p.Issued) {
					t.Errorf("%s: document %s is of a real company, or younger than its version", l.Key, p.Code)
				}
				if p.Text != "" && !strings.Contains(p.Text, "made up for a demonstration") && !strings.Contains(p.Text, "näidise jaoks välja mõeldud") {
					t.Errorf("%s: document %s does not say that it is made up", l.Key, p.Code)
				}
				if !p.Checked() {
					unchecked++
				}
			}
		}
	}
	if services < 4 || unchecked == 0 {
		t.Errorf("%d services have documents, %d of which nobody has looked at; want 4 or more, and some", services, unchecked)
	}
}

// What invented vendors tell is complete, and nothing in a version is younger than
// the version.
func TestSeedIsComplete(t *testing.T) {
	schema, seed := realSchema(t), readSeed(t)
	for _, l := range seed.listings {
		for i, v := range l.Versions {
			if missing := schema.Missing(v.Content); l.Invented && len(missing) > 0 {
				t.Errorf("%s: version %d does not answer %s", l.Key, i+1, missing[0].ID)
			}
			if n := len(v.Answers); n < 15 || n > 35 {
				t.Errorf("%s: version %d has %d answers, want 15 to 35", l.Key, i+1, n)
			}
			for lang, w := range v.Words {
				if n := len(strings.Fields(w.Description)); n < 60 || n > 150 || w.Summary == "" {
					t.Errorf("%s: version %d: description in %s has %d words, want 60 to 150, and a summary", l.Key, i+1, lang, n)
				}
			}
			if i > 0 && len(v.Note) == 0 {
				t.Errorf("%s: version %d does not say what changed", l.Key, i+1)
			}
			if len(schema.Children(v.Categories[0])) > 0 || len(v.CPV) == 0 {
				t.Errorf("%s: version %d: want a leaf category and a CPV code", l.Key, i+1)
			}
			notYounger(t, schema, &l, v)
		}
		checkHistory(t, &l)
	}
}

func notYounger(t *testing.T, schema *Schema, l *Listing, v Version) {
	t.Helper()
	for _, a := range v.Answers {
		q, _ := schema.Question(a.Question)
		late := !v.Published.IsZero() && v.Published.Before(a.Since)
		if q.Type == TypeDate && len(a.Values) > 0 {
			late = late || !v.Published.IsZero() && v.Published.Before(day(a.Values[0]))
		}
		if late {
			t.Errorf("%s: %s is younger than the version of %s", l.Key, a.Question, v.Published)
		}
	}
}

// checkHistory checks that versions follow each other in time and differ.
func checkHistory(t *testing.T, l *Listing) {
	t.Helper()
	for i := 1; i < len(l.Versions); i++ {
		before, after := l.Versions[i-1], l.Versions[i]
		if len(Diff(before.Content, after.Content)) == 0 {
			t.Errorf("%s: version %d says what version %d said", l.Key, i+1, i)
		}
		if !after.Published.IsZero() && !before.Published.Before(after.Published) {
			t.Errorf("%s: version %d is not younger than version %d", l.Key, i+1, i)
		}
	}
}

func TestSeedPriceChanges(t *testing.T) {
	got := map[string][]string{}
	for _, l := range readSeed(t).listings {
		for i := 1; i < len(l.Versions); i++ {
			before, after := l.Versions[i-1], l.Versions[i]
			if slices.EqualFunc(before.Plans, after.Plans, samePrice) {
				continue
			}
			year := "waiting"
			if !after.Published.IsZero() {
				year = after.Published.String()[:4]
			}
			got[year] = append(got[year], l.Key.Code)
		}
	}
	for year, want := range map[string]string{
		"2025": "kaardikoda-tiles sonumipost-sms", "2026": "paevik-lite personaal-hr", "waiting": "vaktsiin",
	} {
		if joined := strings.Join(slices.Sorted(slices.Values(got[year])), " "); joined != want {
			t.Errorf("%s: prices of %q changed, want %q", year, joined, want)
		}
	}
	if len(got) != 3 {
		t.Errorf("prices changed in %v", got)
	}
}

// samePrice compares the charges of two plans as they are written.
func samePrice(a, b pricing.Plan) bool {
	x, errX := json.Marshal(a.Charges)
	y, errY := json.Marshal(b.Charges)
	return errX == nil && errY == nil && string(x) == string(y)
}

// Some certificates have run out, or soon will, so that the pages can show it.
func TestSeedCertificatesRunOut(t *testing.T) {
	today, soon := day("2026-11-22"), day("2027-02-01")
	expired, ending, unknown := 0, 0, 0
	for _, l := range readSeed(t).listings {
		v, ok := l.published()
		if !ok {
			continue
		}
		for _, a := range v.Answers {
			switch {
			case !a.Known() && l.Invented:
				unknown++
			case a.Issuer == "":
			case a.Until.Before(today):
				expired++
			case a.Until.Before(soon):
				ending++
			}
		}
	}
	if expired < 3 || ending < 3 || unknown < 5 {
		t.Errorf("%d expired, %d ending soon, %d unknown; want at least 3, 3 and 5", expired, ending, unknown)
	}
}
