package procurement_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"pilveturg/db"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
)

func loadSchema(t testing.TB) *catalogue.Schema {
	t.Helper()
	s, err := catalogue.LoadSchema(catalogueFiles(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func catalogueFiles(t testing.TB) fs.FS {
	t.Helper()
	files, err := fs.Sub(db.Files, "catalogue")
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestEveryCategoryAtTheTopHasATemplate(t *testing.T) {
	s := loadSchema(t)
	all, err := procurement.LoadTemplates(catalogueFiles(t), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Children("") {
		one, ok := procurement.TemplateFor(all, s, c.Slug)
		if !ok || len(one.Requirements) < 8 {
			t.Errorf("%s: %d requirements", c.Slug, len(one.Requirements))
			continue
		}
		answered := 0
		for _, q := range one.In("et") {
			if q.Way == procurement.ByAnswer {
				answered++
			}
		}
		if answered < 5 {
			t.Errorf("%s: listings answer only %d of its requirements", c.Slug, answered)
		}
	}
	if one, ok := procurement.TemplateFor(all, s, "school-journals"); !ok || one.Category != "education" {
		t.Errorf("the template for school journals is %q, want that of education", one.Category)
	}
	if _, ok := procurement.TemplateFor(all, s, "nowhere"); ok {
		t.Error("there is a template for no category")
	}
}

func TestATemplateThatIsWrongIsRefused(t *testing.T) {
	s := loadSchema(t)
	for name, tt := range map[string]struct{ file, says string }{
		"a field nobody knows":       {`{"templates":[{"kind":"education"}]}`, "kind"},
		"a category below the top":   {`{"templates":[{"category":"school-journals","requirements":[]}]}`, "school-journals"},
		"the same category twice":    {`{"templates":[{"category":"maps","requirements":[]},{"category":"maps","requirements":[]}]}`, "maps"},
		"words in one language only": {`{"templates":[{"category":"maps","requirements":[{"force":"must","words":{"en":"A"},"weight":1,"way":"question"}]}]}`, "no words in et"},
		"an option that is none":     {`{"templates":[{"category":"maps","requirements":[{"force":"must","words":{"en":"A","et":"A"},"weight":1,"way":"answer","subject":"sign_in","operator":"one_of","wanted":["fax"]}]}]}`, "requirement.wanted_wrong"},
		"values out of order":        {`{"templates":[{"category":"maps","requirements":[{"force":"must","words":{"en":"A","et":"A"},"weight":1,"way":"answer","subject":"sign_in","operator":"one_of","wanted":["saml","id_card"]}]}]}`, "requirement 1"},
		"the same asked twice":       {`{"templates":[{"category":"maps","requirements":[{"force":"must","words":{"en":"A","et":"A"},"weight":1,"way":"question"},{"force":"wish","words":{"en":"a","et":"a"},"weight":1,"way":"question"}]}]}`, "earlier one"},
	} {
		_, err := procurement.LoadTemplates(fstest.MapFS{"templates.json": {Data: []byte(tt.file)}}, s)
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v; want something about %q", name, err, tt.says)
		}
	}
}
