package publishing_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/publishing"
)

func TestAPromiseIsKeptInWorkingDays(t *testing.T) {
	at := func(day int) models.Time { return models.Time{Time: time.Date(2026, 3, day, 15, 0, 0, 0, time.UTC)} } // 2 March is a Monday
	for _, tt := range []struct {
		sent, days, want int
	}{{2, 5, 9}, {2, 1, 3}, {6, 1, 9}, {7, 1, 9}, {8, 1, 9}, {8, 5, 13}, {2, 0, 2}, {4, 10, 18}} {
		if got := publishing.Due(at(tt.sent), tt.days); got != models.NewDate(2026, 3, tt.want) {
			t.Errorf("sent on the %d., %d days: %s, want the %d.", tt.sent, tt.days, got, tt.want)
		}
	}
}

func TestTheQueueIsCountedAndTimed(t *testing.T) {
	h := newHouse(t)
	begun := h.Now()
	later := func(d time.Duration) { h.DB.Now = func() time.Time { return begun.Add(d) } }
	var sent []publishing.Sent
	for i := range 3 {
		later(time.Duration(i) * time.Hour)
		sent = append(sent, h.send(h.editor, h.begin(h.editor, content(t, "Päevik"))))
	}
	later(26 * time.Hour)
	if err := h.approve(h.moderator, h.decision(sent[0].Submission, "")); err != nil {
		t.Fatal(err)
	}
	h.must(h.moderator, func(tx *db.Tx) error {
		return publishing.Refuse(t.Context(), tx, h.decision(sent[1].Submission, "No."))
	})
	tally, err := publishing.Count(t.Context(), h, models.Time{Time: h.Now()})
	if err != nil || tally.Waiting != 1 || tally.Decided != 2 || tally.Average != 25*time.Hour+30*time.Minute || !tally.WaitingSince.Equal(begun.Add(2*time.Hour)) {
		t.Errorf("counted: %+v, %v", tally, err)
	}
	queue := func(a models.Actor) []publishing.Submission {
		all, err := publishing.Queue(t.Context(), h, a, models.Page{Number: 1, Size: 10})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := queue(h.second); len(all) != 1 || all[0].ID != sent[2].Submission {
		t.Errorf("the queue: %+v", all)
	}
	if all := queue(h.manager); len(all) != 0 {
		t.Errorf("the vendor sees the queue: %+v", all)
	}
	if next, ok, err := publishing.Next(t.Context(), h, h.second); err != nil || !ok || next != sent[2].Submission {
		t.Errorf("next: %d, %v, %v", next, ok, err)
	}
	later(40 * 24 * time.Hour) // another month
	if tally, err := publishing.Count(t.Context(), h, models.Time{Time: h.Now()}); err != nil || tally.Decided != 0 || tally.Average != 0 {
		t.Errorf("in another month: %+v, %v", tally, err)
	}
}

func TestAVendorSeesWhereItsListingsStand(t *testing.T) {
	h := newHouse(t)
	live, waiting, draft := h.live("Elav"), h.begin(h.editor, content(t, "Ootel")), h.begin(h.editor, content(t, "Mustand"))
	gone := h.begin(h.editor, content(t, "Kadunud"))
	h.send(h.editor, waiting)
	bare := h.begin(h.editor, content(t, "Mustandita"))
	h.send(h.editor, bare)
	h.must(h.editor, func(tx *db.Tx) error {
		return errors.Join(publishing.Discard(t.Context(), tx, gone), publishing.Discard(t.Context(), tx, bare))
	})
	all, err := publishing.Listings(t.Context(), h, h.manager, h.vendor)
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		id    int64
		name  string
		draft bool
		state publishing.State
		seen  int
	}
	var got []line
	for _, o := range all {
		got = append(got, line{o.Offering, o.Names["et"], o.Draft, o.Sent, o.Published})
	}
	want := []line{{bare, "Mustandita", false, publishing.Waiting, 0}, {draft, "Mustand", true, "", 0}, {waiting, "Ootel", true, publishing.Waiting, 0}, {live, "Elav", false, publishing.Published, 1}}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if all, err := publishing.Listings(t.Context(), h, h.other, h.vendor); err != nil || len(all) != 0 {
		t.Errorf("another vendor sees %+v, %v", all, err)
	}
}

func TestOfTwoEditorsAtOnceOneIsToldOfTheOther(t *testing.T) {
	h := newHouse(t)
	id := h.begin(h.editor, content(t, "Päevik"))
	for revision := int64(1); revision <= 20; revision++ {
		errs := make([]error, 2)
		var all sync.WaitGroup
		for i, who := range []models.Actor{h.editor, h.manager} {
			all.Go(func() {
				errs[i] = h.Write(t.Context(), who, func(tx *db.Tx) error {
					_, err := publishing.Save(t.Context(), tx, id, revision, func(d *publishing.Draft) error {
						contact([]string{"first", "second"}[i] + string(rune('a'+revision)))(&d.Content)
						return nil
					})
					return err
				})
			})
		}
		all.Wait()
		lost := slices.IndexFunc(errs, func(err error) bool { return err != nil })
		var c *publishing.Conflict
		if lost < 0 || errs[1-lost] != nil || !errors.As(errs[lost], &c) || c.Kept.Revision != revision+1 {
			t.Fatalf("revision %d: %v", revision, errs)
		}
	}
}

func TestChecksThatNobodyHasToMake(t *testing.T) {
	schema, day := loadSchema(t), models.NewDate(2026, 3, 2)
	const site = "https://www.vendor.example/"
	c := content(t, "Päevik")
	if got := publishing.Automatic(schema, c, site, day); len(got.Prices)+len(got.Claims)+len(got.Languages)+len(got.Expired) > 0 || got.Contact != publishing.ContactOwn ||
		!slices.Equal(got.Links, []string{"https://vendor.example/journal"}) {
		t.Errorf("of a good listing: %+v", got)
	}
	c.Words["en"] = catalogue.Words{Name: "Journal", Description: "The **best** one"}
	c.Answers = append(c.Answers,
		catalogue.Answer{Question: "iso_27001", Values: []string{"C-1"}, Issuer: "Body", Until: day.AddMonths(-1), By: catalogue.ByVendor, Proof: catalogue.Stated},
		catalogue.Answer{Question: "iso_9001", Values: []string{"C-2"}, Issuer: "Body", Until: day, By: catalogue.ByVendor, Proof: catalogue.Stated},
		catalogue.Answer{Question: "status_page", Values: []string{"https://status.example/"}, By: catalogue.ByVendor, Proof: catalogue.Stated})
	c.Documents = []catalogue.Paper{{Code: "terms", Kind: catalogue.PaperTerms, URL: "https://vendor.example/terms.pdf", ValidUntil: day.AddMonths(-2)}}
	c.Plans[0].VAT, c.Contact = nil, "sales@mail.example"
	got := publishing.Automatic(schema, c, site, day)
	if !slices.Equal(got.Prices, []publishing.PriceGap{{Plan: "standard", Key: "checks.price.vat"}}) {
		t.Errorf("prices: %+v", got.Prices)
	}
	if len(got.Claims) != 1 || got.Claims[0].Word != "best" || got.Claims[0].Language != "en" {
		t.Errorf("claims: %+v", got.Claims)
	}
	if !slices.Equal(got.Languages, []publishing.Untold{{Field: catalogue.FieldSummary, Language: "en"}}) {
		t.Errorf("languages: %+v", got.Languages)
	}
	if want := []publishing.Expired{{Question: "iso_27001", Until: day.AddMonths(-1)}, {Document: "terms", Until: day.AddMonths(-2)}}; !slices.Equal(got.Expired, want) {
		t.Errorf("run out: %+v", got.Expired)
	}
	if !slices.Equal(got.Links, []string{"https://vendor.example/journal", "https://vendor.example/terms.pdf", "https://status.example/"}) {
		t.Errorf("links: %q", got.Links)
	}
	for mail, want := range map[string]publishing.ContactCheck{"": publishing.ContactNone, "a@vendor.example": publishing.ContactOwn, "a@shop.vendor.example": publishing.ContactOwn,
		"a@other.example": publishing.ContactOther, "a@notvendor.example": publishing.ContactOther} {
		c.Contact = mail
		if got := publishing.Automatic(schema, c, site, day).Contact; got != want {
			t.Errorf("contact %q: %s, want %s", mail, got, want)
		}
	}
	c.Contact = "a@vendor.example"
	if got := publishing.Automatic(schema, c, "", day).Contact; got != publishing.ContactOpen {
		t.Errorf("without a website: %s", got)
	}
}
