package identity_test

import (
	"errors"
	"reflect"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

// find returns an organisation and its revision.
func (w *town) find(id int64) (identity.Organisation, int64) {
	w.t.Helper()
	o, err := identity.Find(w.t.Context(), w, id)
	if err != nil {
		w.t.Fatal(err)
	}
	revision, err := identity.Revision(w.t.Context(), w, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return o, revision
}

// list gives a vendor a listing.
func (w *town) list(vendor int64) {
	w.must(admin, func(tx *db.Tx) error {
		_, err := tx.Exec(w.t.Context(), `INSERT INTO offerings (vendor_id, scheme, code, slug, life, unclaimed, invented, facts, created_at) VALUES (?, 'test', 'l', 'l', 'open', 0, 0, '', ?)`, vendor, tx.Now)
		return err
	})
}

func TestAnOrganisationIsAddedOnce(t *testing.T) {
	w := newTown(t)
	for _, tt := range []struct {
		name string
		by   models.Actor
		o    identity.Organisation
		want error
	}{
		{"who may not", models.Actor{AccountID: 1}, identity.Organisation{}, models.ErrForbidden},
		{"nothing is told", admin, identity.Organisation{}, models.Invalid{"key": "organisation.key_missing", "names": "organisation.name_missing", "kind": "organisation.kind_unknown"}},
		{"a key that another has", admin, identity.Organisation{Key: models.Key{Scheme: "test", Code: "a"}, Kind: identity.Agency, Names: models.Text{"et": "A"}}, models.Invalid{"key": "org.key_taken"}},
		{"a code that no register gives", admin, identity.Organisation{Key: models.Key{Scheme: "ee-reg", Code: "12"}, Kind: identity.Vendor, Names: models.Text{"et": "A"}}, models.Invalid{"key": "application.code_unclear"}},
		{"a good one", admin, identity.Organisation{Key: models.Key{Scheme: "ee-reg", Code: "10000001"}, Kind: identity.Vendor, Names: models.Text{"et": "A"}}, nil},
	} {
		if err := w.as(tt.by, func(tx *db.Tx) error { return identity.Add(t.Context(), tx, &tt.o) }); !failsWith(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestAnOrganisationIsChanged(t *testing.T) {
	w := newTown(t)
	o, seen := w.find(w.agency)
	o.Names, o.Parent, o.Key.Code = models.Text{"en": "Board", "et": "Amet"}, models.Key{Scheme: "test", Code: "m"}, "a2"
	change := func(seen int64) error {
		return w.as(admin, func(tx *db.Tx) error { return identity.Change(t.Context(), tx, w.agency, seen, &o) })
	}
	if err := change(seen); err != nil {
		t.Fatal(err)
	}
	if got, now := w.find(w.agency); !reflect.DeepEqual(got, o) || now == seen {
		t.Errorf("it is %+v of revision %d, want %+v", got, now, o)
	}
	if err := change(seen); !errors.Is(err, models.ErrConflict) {
		t.Errorf("who saw it before: %v", err)
	}
	events, err := audit.Of(t.Context(), w, 1, "test:a2")
	want := []audit.Change{{Field: "key", Old: "test:a", New: "test:a2"}, {Field: "parent", New: "test:m"}, {Field: "names.en", Old: "Org a", New: "Board"}, {Field: "names.et", Old: "Asutus a", New: "Amet"}}
	if err != nil || len(events) != 1 || !reflect.DeepEqual(events[0].Changes, want) {
		t.Errorf("the log tells %+v, %v", events, err)
	}
	if _, now := w.find(w.agency); change(now) != nil {
		t.Error("what changes nothing is refused")
	}
	if events, _ := audit.Of(t.Context(), w, 9, "test:a2"); len(events) != 1 {
		t.Errorf("what changed nothing is in the log: %+v", events)
	}
}

func TestWhatMayNotBecomeOfAnOrganisation(t *testing.T) {
	w := newTown(t)
	w.list(w.vendor)
	w.person("boss@other.example", w.other, manages)
	w.must(admin, func(tx *db.Tx) error {
		ministry, _ := w.find(w.ministry)
		o, seen := w.find(w.agency)
		o.Parent = ministry.Key
		if err := identity.Change(t.Context(), tx, w.agency, seen, &o); err != nil {
			return err
		}
		return identity.AddDomain(t.Context(), tx, "board.example", w.agency)
	})
	for _, tt := range []struct {
		name string
		id   int64
		edit func(*identity.Organisation)
		want error
	}{
		{"another code for a vendor with listings", w.vendor, func(o *identity.Organisation) { o.Key.Code = "v2" }, models.Invalid{"key": "org.key_has_listings"}},
		{"another kind for it", w.vendor, func(o *identity.Organisation) { o.Kind = identity.Agency }, models.Invalid{"kind": "org.kind_has_listings"}},
		{"its other facts may change", w.vendor, func(o *identity.Organisation) { o.Class = "small" }, nil},
		{"another code for one without", w.other, func(o *identity.Organisation) { o.Key.Code = "w2" }, nil},
		{"the code of another", w.other, func(o *identity.Organisation) { o.Key.Code = "a" }, models.Invalid{"key": "org.key_taken"}},
		{"a kind that its people's roles do not go with", w.other, func(o *identity.Organisation) { o.Kind = identity.Agency }, models.Invalid{"kind": "org.kind_has_members"}},
		{"a body whose mail domains let buyers in", w.agency, func(o *identity.Organisation) { o.Kind = identity.Vendor }, models.Invalid{"kind": "org.kind_has_domains"}},
		{"a body above itself", w.agency, func(o *identity.Organisation) { o.Parent = o.Key }, models.Invalid{"parent": "org.parent_circle"}},
		{"a body above what is above it", w.ministry, func(o *identity.Organisation) { o.Parent = models.Key{Scheme: "test", Code: "a"} }, models.Invalid{"parent": "org.parent_circle"}},
	} {
		o, seen := w.find(tt.id)
		tt.edit(&o)
		if err := w.as(admin, func(tx *db.Tx) error { return identity.Change(t.Context(), tx, tt.id, seen, &o) }); !failsWith(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	o, seen := w.find(w.agency)
	if err := w.as(models.Actor{AccountID: 1}, func(tx *db.Tx) error { return identity.Change(t.Context(), tx, w.agency, seen, &o) }); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("who may not: %v", err)
	}
}

func TestTheTextsOfTheSite(t *testing.T) {
	w := newTown(t)
	texts := identity.SiteTexts{Operator: models.Text{"en": " The  Office ", "et": "Amet"}, Contact: "help@office.example",
		Notice: models.Text{"en": "Closed\non Monday.", "et": "Esmaspäeval suletud."}, From: models.NewDate(2026, 3, 1), Until: models.NewDate(2026, 3, 4)}
	change := func(by models.Actor, seen int64, t identity.SiteTexts) error {
		return w.as(by, func(tx *db.Tx) error { return identity.ChangeSiteTexts(w.t.Context(), tx, seen, t) })
	}
	first, err := identity.FindSiteTexts(t.Context(), w)
	if err != nil || first.Revision != 1 || len(first.Notice)+len(first.Operator) != 0 || first.InForce(texts.From) {
		t.Fatalf("at first %+v, %v", first, err)
	}
	if err := change(admin, first.Revision, texts); err != nil {
		t.Fatal(err)
	}
	now, err := identity.FindSiteTexts(t.Context(), w)
	if err != nil || now.Operator["en"] != "The Office" || now.Notice["en"] != "Closed on Monday." || now.Contact != texts.Contact || now.From != texts.From || now.Until != texts.Until {
		t.Errorf("kept %+v, %v", now, err)
	}
	if n, err := identity.SiteRevision(t.Context(), w); err != nil || n != now.Revision || n == first.Revision {
		t.Errorf("revision %d, %v; want %d", n, err, now.Revision)
	}
	for day, want := range map[models.Date]bool{models.NewDate(2026, 2, 28): false, texts.From: true, texts.Until: true, models.NewDate(2026, 3, 5): false} {
		if now.InForce(day) != want {
			t.Errorf("on %s it is in force: %t", day, !want)
		}
	}
	for _, tt := range []struct {
		name string
		by   models.Actor
		seen int64
		t    identity.SiteTexts
		want error
	}{
		{"who may not", models.Actor{AccountID: 1}, now.Revision, texts, models.ErrForbidden},
		{"who saw what was before", admin, first.Revision, texts, models.ErrConflict},
		{"a notice in one language", admin, now.Revision, identity.SiteTexts{Notice: models.Text{"en": "x"}}, models.Invalid{"notice_et": "texts.notice_missing"}},
		{"a contact that is neither", admin, now.Revision, identity.SiteTexts{Contact: "javascript:alert(1)"}, models.Invalid{"contact": "texts.contact_unclear"}},
		{"an end before the beginning", admin, now.Revision, identity.SiteTexts{From: texts.Until, Until: texts.From}, models.Invalid{"until": "texts.until_before_from"}},
		{"nothing any more", admin, now.Revision, identity.SiteTexts{}, nil},
	} {
		if err := change(tt.by, tt.seen, tt.t); !failsWith(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestTheListOfOrganisations(t *testing.T) {
	w := newTown(t)
	w.person("a@board.example", w.agency, buys())
	o, seen := w.find(w.agency)
	o.Parent = models.Key{Scheme: "test", Code: "m"}
	w.must(admin, func(tx *db.Tx) error { return identity.Change(t.Context(), tx, w.agency, seen, &o) })
	for _, tt := range []struct {
		name string
		f    identity.OrganisationFilter
		want []int64
	}{
		{"all", identity.OrganisationFilter{}, []int64{w.ministry, w.agency, w.vendor, w.other, w.operator}},
		{"none of none", identity.OrganisationFilter{IDs: []int64{}}, nil},
		{"some", identity.OrganisationFilter{IDs: []int64{w.vendor, w.agency}}, []int64{w.agency, w.vendor}},
		{"of a kind", identity.OrganisationFilter{Kind: identity.Vendor}, []int64{w.vendor, w.other}},
		{"of a ministry", identity.OrganisationFilter{Parent: w.ministry}, []int64{w.ministry, w.agency}},
		{"all at once", identity.OrganisationFilter{Kind: identity.Agency, Parent: w.ministry, IDs: []int64{w.vendor}}, nil},
	} {
		all, err := identity.Organisations(t.Context(), w, tt.f)
		var ids []int64
		for _, o := range all {
			ids = append(ids, o.ID)
		}
		if err != nil || !reflect.DeepEqual(ids, tt.want) {
			t.Errorf("%s: %v, %v; want %v", tt.name, ids, err, tt.want)
		}
	}
	all, err := identity.Organisations(t.Context(), w, identity.OrganisationFilter{Kind: identity.Agency})
	want := identity.Listed{Brief: identity.Brief{ID: w.agency, Slug: "org-a", Kind: identity.Agency, Names: models.Text{"en": "Org a", "et": "Asutus a"}},
		Key: models.Key{Scheme: "test", Code: "a"}, ParentID: w.ministry, Members: 1}
	if err != nil || len(all) != 1 || !reflect.DeepEqual(all[0], want) {
		t.Errorf("got %+v, %v\nwant %+v", all, err, want)
	}
}
