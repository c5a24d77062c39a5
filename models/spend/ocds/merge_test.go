package ocds

import (
	"encoding/json"
	"errors"
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

func TestMergeMakesWhatPublishedRecordsHave(t *testing.T) {
	for _, folder := range []string{"fictional_1.1", "docs_examples"} {
		for _, name := range sharedFiles(t, folder) {
			var p RecordPackage
			if err := json.Unmarshal(sharedBytes(t, name), &p); err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Records {
				compiled, versioned, err := Merge(r.Releases)
				if err != nil {
					t.Log(name, err)
					continue
				}
				t.Run(name, func(t *testing.T) {
					same(t, compiled, r.CompiledRelease)
					if r.VersionedRelease != nil {
						same(t, versioned, r.VersionedRelease)
					}
				})
			}
		}
	}
}

var _ = errors.Is
