package ocds

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestMergeMakesWhatTheFixturesWant(t *testing.T) {
	count := 0
	for _, name := range sharedFiles(t, "merge_fixtures") {
		base := strings.TrimSuffix(name, ".json")
		if strings.HasSuffix(base, "-compiled") || strings.HasSuffix(base, "-versioned") {
			continue
		}
		count++
		t.Run(base, func(t *testing.T) {
			compiled, versioned, err := Merge(list(t, sharedBytes(t, name)))
			if err != nil {
				t.Fatal(err)
			}
			same(t, compiled, sharedBytes(t, base+"-compiled.json"))
			same(t, versioned, sharedBytes(t, base+"-versioned.json"))
		})
	}
	if count != 9 {
		t.Errorf("%d fixtures, want 9", count)
	}
}

// Records that were published beside the releases that they were made from.
func TestMergeMakesWhatPublishedRecordsHave(t *testing.T) {
	const fictional, updates = "fictional_1.1/", "docs_examples/merging/updates/"
	tests := []struct {
		record   string
		releases []string // none: they are in the record
	}{
		{fictional + "record-ocds-213czf-000-00001.json", []string{fictional + "ocds-213czf-000-00001.json"}},
		{fictional + "record-ocds-213czf-000-00001-withversions.json", []string{fictional + "ocds-213czf-000-00001.json"}},
		{updates + "merged.json", []string{updates + "tender1.json", updates + "tender2.json", updates + "tender3.json", updates + "award1.json", updates + "award2.json"}},
		{updates + "versioned.json", []string{updates + "award2.json", updates + "tender3.json", updates + "tender2.json", updates + "award1.json", updates + "tender1.json"}},
		{"docs_examples/amendments/easy_releases.json", nil},
		{"docs_examples/amendments/tender.json", nil},
		{"docs_examples/merging/deletions/array_record.json", nil},
		{"docs_examples/merging/deletions/field_record.json", nil},
		{"docs_examples/merging/deletions/object_record.json", nil},
	}
	for _, tt := range tests {
		t.Run(tt.record, func(t *testing.T) {
			var p RecordPackage
			if err := json.Unmarshal(sharedBytes(t, tt.record), &p); err != nil {
				t.Fatal(err)
			}
			record := p.Records[0]
			releases := record.Releases
			if tt.releases != nil {
				releases = nil
			}
			for _, name := range tt.releases {
				var p struct{ Releases []json.RawMessage }
				if err := json.Unmarshal(sharedBytes(t, name), &p); err != nil {
					t.Fatal(err)
				}
				releases = append(releases, p.Releases...)
			}
			compiled, versioned, err := Merge(releases)
			if err != nil {
				t.Fatal(err)
			}
			same(t, compiled, record.CompiledRelease)
			if record.VersionedRelease != nil {
				same(t, versioned, record.VersionedRelease)
			}
		})
	}
}
