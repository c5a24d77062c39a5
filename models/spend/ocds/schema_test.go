package ocds

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemas are the official ones, for packages of releases and of records.
func schemas(t testing.TB) (releases, records *jsonschema.Schema) {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.DefaultDraft(jsonschema.Draft4)
	const base = "https://standard.open-contracting.org/schema/1__1__5/"
	for _, name := range []string{"release-schema.json", "release-package-schema.json", "record-package-schema.json", "versioned-release-validation-schema.json"} {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(sharedBytes(t, "schema_1.1.5/"+name)))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource(base+name, doc); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if releases, err = c.Compile(base + "release-package-schema.json"); err != nil {
		t.Fatal(err)
	}
	if records, err = c.Compile(base + "record-package-schema.json"); err != nil {
		t.Fatal(err)
	}
	return releases, records
}

func validate(t testing.TB, s *jsonschema.Schema, raw []byte) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

// All files that there are: what breaks the schema is what Check calls invalid.
func TestCheckFindsInvalidWhatTheSchemaFindsInvalid(t *testing.T) {
	releases, records := schemas(t)
	good, bad := 0, 0
	for _, folder := range []string{"fictional_1.1", "docs_examples", "invalid_and_checks"} {
		for _, name := range sharedFiles(t, folder) {
			raw := sharedBytes(t, name)
			schema := releases
			if strings.Contains(string(raw), `"records"`) {
				schema = records
			}
			err := validate(t, schema, raw)
			var invalid []Problem
			for _, p := range Check(raw) {
				if p.Invalid() {
					invalid = append(invalid, p)
				}
			}
			if (err != nil) != (invalid != nil) {
				t.Errorf("%s: the schema says %v; Check says %v", name, err, invalid)
			}
			if err == nil {
				good++
			} else {
				bad++
			}
		}
	}
	t.Logf("%d valid, %d invalid", good, bad)
}
