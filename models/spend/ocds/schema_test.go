package ocds

import (
	"bytes"
	"slices"
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

// Each value of a whole process is left out, and replaced by values of all types. Whatever
// the schema then says of the package, Check must say too.
func TestCheckAndSchemaAgreeOnEveryChange(t *testing.T) {
	releases, records := schemas(t)
	rec, err := NewRecord(process("ocds-abc123-1"), false)
	if err != nil {
		t.Fatal(err)
	}
	meta, err := marshal(testMeta)
	if err != nil {
		t.Fatal(err)
	}
	meta = bytes.Replace(meta, []byte(`"version":""`), []byte(`"version":"1.1","extensions":["https://example.org/x"]`), 1)
	full := bytes.Replace(rec.CompiledRelease, []byte(`"language":`), []byte(`"relatedProcesses":[{"id":"1","relationship":["prior"],"scheme":"ocid","uri":"https://example.org"}],"language":`), 1)
	full = bytes.Replace(full, []byte(`"title":`), []byte(`"title_et":"x","title":`), 1)
	link := `{"ocid":"ocds-abc123-1","releases":[{"url":"https://example.org","date":"2026-01-01T00:00:00Z","tag":["tender"]}]}`
	disagree, count, invalid := 0, 0, 0
	for _, p := range []struct {
		file   string
		schema *jsonschema.Schema
	}{
		{string(meta[:len(meta)-1]) + `,"releases":[` + string(full) + `]}`, releases},
		{string(meta[:len(meta)-1]) + `,"packages":["https://example.org/p"],"records":[` + link + `]}`, records},
	} {
		n, err := parse([]byte(p.file))
		if err != nil {
			t.Fatal(err)
		}
		if problems := Check([]byte(p.file)); problems != nil {
			t.Error(problems)
		}
		changes(n, func(file string) {
			count++
			err := validate(t, p.schema, []byte(file))
			bad := slices.ContainsFunc(Check([]byte(file)), Problem.Invalid)
			if bad {
				invalid++
			}
			if (err != nil) != bad {
				if disagree++; disagree < 20 {
					t.Errorf("the schema says %v; Check says %v", err, Check([]byte(file)))
				}
			}
		})
	}
	if t.Logf("%d changes, %d of them invalid, %d judged otherwise", count, invalid, disagree); invalid < count/2 {
		t.Error("the changes change too little")
	}
}

// changes calls do with the JSON of a tree once for each change of one of its values.
func changes(root *node, do func(file string)) {
	others := []string{"null", `""`, `"x"`, "7", "7.0", "1.5", "true", "[]", "{}", `["x"]`, "[{}]", `"2026-01-01T00:00:00Z"`, `"https://example.org"`, `"2026-13-01T00:00:00Z"`, `"a b:c"`}
	var visit func(n *node)
	visit = func(n *node) {
		was := n.raw
		for _, other := range others {
			n.raw = []byte(other)
			if string(was) != other {
				do(text(root, n))
			}
		}
		n.raw = nil
		do(text(root, n))
		n.raw = was
		for _, v := range n.under {
			visit(v)
		}
	}
	for _, v := range root.under {
		visit(v)
	}
}

// text is the JSON of a tree in which one value was changed, or left out with nil.
func text(n, changed *node) string {
	if n == changed || n.is != isObject && n.is != isList {
		return string(n.raw)
	}
	var parts []string
	for i, v := range n.under {
		s := text(v, changed)
		switch {
		case s == "":
		case n.is == isObject:
			parts = append(parts, string(appendText(nil, n.keys[i]))+":"+s)
		default:
			parts = append(parts, s)
		}
	}
	if n.is == isObject {
		return "{" + strings.Join(parts, ",") + "}"
	}
	return "[" + strings.Join(parts, ",") + "]"
}
