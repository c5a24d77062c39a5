package publishing_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/publishing"
)

func loadQuestionnaire(t testing.TB) *publishing.Questionnaire {
	t.Helper()
	q, err := publishing.LoadQuestionnaire(os.DirFS("../../db/catalogue"))
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// best answers every question so that it passes, but for those that are given.
func best(q *publishing.Questionnaire, but map[string]publishing.Typed) map[string]publishing.Typed {
	typed := map[string]publishing.Typed{}
	for _, one := range q.Questions {
		typed[one.ID] = publishing.Typed{Words: "words"}
		for _, o := range one.Options {
			if o.Verdict == publishing.Pass && typed[one.ID].Value == "" {
				typed[one.ID] = publishing.Typed{Value: o.ID, Words: "words"}
			}
		}
	}
	for id, t := range but {
		typed[id] = t
	}
	return typed
}

// declare saves all sections and signs.
func (h *house) declare(q *publishing.Questionnaire, typed map[string]publishing.Typed) publishing.Declaration {
	h.t.Helper()
	for _, s := range q.Sections {
		h.saveSection(q, s.ID, typed)
	}
	var d publishing.Declaration
	h.must(h.manager, func(tx *db.Tx) (err error) {
		d, err = publishing.SignDeclaration(h.t.Context(), tx, q, publishing.Signature{As: "member of the board", Agreed: true})
		return err
	})
	return d
}

func (h *house) saveSection(q *publishing.Questionnaire, section string, typed map[string]publishing.Typed) (wrong models.Invalid) {
	h.t.Helper()
	d, err := publishing.OwnDeclaration(h.t.Context(), h, h.editor)
	if err != nil {
		h.t.Fatal(err)
	}
	h.must(h.editor, func(tx *db.Tx) (err error) {
		wrong, err = publishing.SaveDeclaration(h.t.Context(), tx, q, section, d.Saved[section].Revision, typed)
		return err
	})
	return wrong
}

func TestTheRulesJudgeADeclaration(t *testing.T) {
	q := loadQuestionnaire(t)
	yes := publishing.Typed{Value: "yes", Words: "words"}
	no := publishing.Typed{Value: "no", Words: "words"}
	for _, tt := range []struct {
		name string
		but  map[string]publishing.Typed
		want publishing.Verdict
	}{
		{"nothing is held against it", nil, publishing.Pass},
		{"convicted, and has mended its ways", map[string]publishing.Typed{"fraud": yes, "cleaned": yes}, publishing.Look},
		{"convicted, and has done nothing", map[string]publishing.Typed{"fraud": yes, "cleaned": no}, publishing.Fail},
		{"what is not asked does not count", map[string]publishing.Typed{"cleaned": no}, publishing.Pass},
		{"owes taxes and pays by a plan", map[string]publishing.Typed{"tax_debt": yes, "tax_settled": yes}, publishing.Look},
		{"owes taxes", map[string]publishing.Typed{"tax_debt": yes, "tax_settled": no}, publishing.Fail},
		{"under sanctions", map[string]publishing.Typed{"sanctioned": yes}, publishing.Fail},
		{"under sanctions, which no look mends", map[string]publishing.Typed{"sanctioned": yes, "conflict": yes}, publishing.Fail},
		{"a conflict of interest", map[string]publishing.Typed{"conflict": yes}, publishing.Look},
		{"no processing agreement", map[string]publishing.Typed{"processor": yes, "processing_contract": no}, publishing.Fail},
		{"no personal data, so no agreement", map[string]publishing.Typed{"processor": no, "processing_contract": no}, publishing.Pass},
		{"accessibility was never assessed", map[string]publishing.Typed{"en_301_549": {Value: "unknown", Words: "words"}}, publishing.Look},
	} {
		answers := map[string]publishing.Declared{}
		for id, typed := range best(q, tt.but) {
			answers[id] = publishing.Declared{Value: typed.Value, Words: typed.Words}
		}
		list, got := q.Judge(answers)
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		for _, j := range list {
			if (j.Verdict == publishing.Pass) != (len(j.Reason) == 0) {
				t.Errorf("%s: %s is %q for the reason %v", tt.name, j.Question.ID, j.Verdict, j.Reason)
			}
		}
	}
}

func TestSectionsAreSavedOneByOneAndNothingTypedIsLost(t *testing.T) {
	h, q := newHouse(t), loadQuestionnaire(t)
	half := map[string]publishing.Typed{"fraud": {Value: "yes"}, "corruption": {Value: "no"}, "terrorism": {Words: "kept, though nothing is chosen"}}
	wrong := h.saveSection(q, "crimes", half)
	for field, key := range map[string]string{"w_fraud": "declaration.words_missing", "a_terrorism": "declaration.missing", "a_cleaned": "declaration.missing", "a_corruption": ""} {
		if wrong[field] != key {
			t.Errorf("%s: %q, want %q", field, wrong[field], key)
		}
	}
	d, err := publishing.OwnDeclaration(t.Context(), h, h.manager) // a colleague goes on
	if err != nil || d.Answers["fraud"].Value != "yes" || d.Answers["terrorism"].Words != "kept, though nothing is chosen" || d.Saved["crimes"].By != h.editor.AccountID {
		t.Errorf("kept is %+v, %v", d, err)
	}
	err = h.Write(t.Context(), h.manager, func(tx *db.Tx) error {
		_, err := publishing.SaveDeclaration(t.Context(), tx, q, "crimes", 0, half) // as whoever did not see that
		return err
	})
	if !errors.Is(err, models.ErrConflict) {
		t.Errorf("two save the same section: %v", err)
	}
	err = h.Write(t.Context(), h.manager, func(tx *db.Tx) error {
		_, err := publishing.SignDeclaration(t.Context(), tx, q, publishing.Signature{})
		return err
	})
	var missing models.Invalid
	if !errors.As(err, &missing) || missing["sections"] == "" || missing["as"] == "" || missing["agreed"] == "" {
		t.Errorf("signed too early: %v", err)
	}
}

func TestADeclarationHoldsForAYear(t *testing.T) {
	h, q := newHouse(t), loadQuestionnaire(t)
	signed := models.NewDate(2026, time.March, 5)
	h.DB.Now = func() time.Time { return signed.Time() }
	state := func(day models.Date) publishing.Standing {
		t.Helper()
		s, err := publishing.DeclarationState(t.Context(), h, h.vendor, day)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if got := state(signed); got != publishing.DeclaredNothing {
		t.Errorf("before: %s", got)
	}
	h.declare(q, best(q, nil))
	for day, want := range map[models.Date]publishing.Standing{
		signed: publishing.DeclaredPassed, models.NewDate(2027, time.March, 4): publishing.DeclaredPassed, models.NewDate(2027, time.March, 5): publishing.DeclaredExpired} {
		if got := state(day); got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
}

func TestLastYearsAnswersAreUsedAgainBySectionAndConfirmed(t *testing.T) {
	h, q := newHouse(t), loadQuestionnaire(t)
	first := h.declare(q, best(q, map[string]publishing.Typed{"authority": {Value: "yes", Words: "Put right."}}))
	h.must(h.editor, func(tx *db.Tx) error { return publishing.ReuseDeclaration(t.Context(), tx, q, "data", 0) })
	d, err := publishing.OwnDeclaration(t.Context(), h, h.editor)
	if a := d.Answers["authority"]; err != nil || a.Value != "yes" || a.Words != "Put right." || !a.Reused {
		t.Fatalf("used again is %+v, %v", a, err)
	}
	if _, ok := d.Answers["fraud"]; ok || q.Done("data", d.Answers) {
		t.Error("another section is used again, or it is done without being confirmed")
	}
	same := map[string]publishing.Typed{}
	for _, one := range q.Of("data", d.Answers) {
		a := d.Answers[one.ID]
		same[one.ID] = publishing.Typed{Value: a.Value, Words: a.Words, Confirmed: true}
	}
	same["authority"] = publishing.Typed{Value: "yes", Words: "Put right."} // not confirmed
	same["outside_eea"] = publishing.Typed{Value: "yes", Words: "Norway."}  // changed, which needs no tick
	if wrong := h.saveSection(q, "data", same); len(wrong) != 1 || wrong["c_authority"] != "declaration.unconfirmed" {
		t.Errorf("still to be done: %v", wrong)
	}
	same["authority"] = publishing.Typed{Value: "yes", Words: "Put right.", Confirmed: true}
	if wrong := h.saveSection(q, "data", same); len(wrong) != 0 {
		t.Errorf("confirmed, and still to be done: %v", wrong)
	}
	second := h.declare(q, best(q, nil))
	if all, err := publishing.DeclarationsOf(t.Context(), h, h.vendor); err != nil || len(all) != 2 || all[0].ID != second.ID || all[1].ID != first.ID || all[1].State != "replaced" {
		t.Errorf("those of the vendor are %+v, %v", all, err)
	}
}

func TestModeratorsDecideWhatIsToBeLookedAt(t *testing.T) {
	h, q := newHouse(t), loadQuestionnaire(t)
	look := map[string]publishing.Typed{"conflict": {Value: "yes", Words: "A cousin."}}
	today := models.DateOf(h.Now())
	for _, tt := range []struct {
		accept bool
		want   publishing.Standing
		told   string
	}{{false, publishing.DeclaredFailed, "declaration_refused"}, {true, publishing.DeclaredLooked, "declaration_accepted"}} {
		d := h.declare(q, best(q, look))
		if got := h.toldKinds(h.moderator); len(got) == 0 || got[0] != "declaration_received" {
			t.Errorf("the moderator was told %v", got)
		}
		queue, err := publishing.Declarations(t.Context(), h, publishing.DeclarationsToLook)
		if err != nil || len(queue) != 1 || queue[0].ID != d.ID {
			t.Fatalf("what waits is %+v, %v", queue, err)
		}
		decide := func(a models.Actor, words string) error {
			return h.Write(t.Context(), a, func(tx *db.Tx) error { return publishing.DecideDeclaration(t.Context(), tx, d.ID, tt.accept, words) })
		}
		var wrong models.Invalid
		if err := decide(h.moderator, ""); !errors.As(err, &wrong) || wrong["words"] == "" {
			t.Errorf("without a reason: %v", err)
		}
		for _, a := range []models.Actor{h.manager, h.buyer, {}} {
			if err := decide(a, "Because."); !errors.Is(err, models.ErrForbidden) {
				t.Errorf("%+v decides: %v", a, err)
			}
		}
		if err := decide(h.moderator, "Because."); err != nil {
			t.Fatal(err)
		}
		if err := decide(h.second, "Otherwise."); !errors.Is(err, models.ErrConflict) {
			t.Errorf("it is decided twice: %v", err)
		}
		if got, err := publishing.DeclarationState(t.Context(), h, h.vendor, today); err != nil || got != tt.want {
			t.Errorf("it stands %s (%v), want %s", got, err, tt.want)
		}
		if got := h.toldKinds(h.manager); len(got) == 0 || got[0] != tt.told {
			t.Errorf("the vendor was told %v", got)
		}
	}
}

func TestWhoDeclares(t *testing.T) {
	h, q := newHouse(t), loadQuestionnaire(t)
	for name, a := range map[string]models.Actor{"a visitor": {}, "a buyer": h.buyer, "a moderator": h.moderator} {
		err := h.Write(t.Context(), a, func(tx *db.Tx) error {
			_, err := publishing.SaveDeclaration(t.Context(), tx, q, "crimes", 0, nil)
			return err
		})
		if !errors.Is(err, models.ErrForbidden) {
			t.Errorf("%s saves: %v", name, err)
		}
	}
	for name, a := range map[string]models.Actor{"an editor": h.editor, "a moderator": h.moderator} {
		err := h.Write(t.Context(), a, func(tx *db.Tx) error {
			_, err := publishing.SignDeclaration(t.Context(), tx, q, publishing.Signature{As: "x", Agreed: true})
			return err
		})
		if !errors.Is(err, models.ErrForbidden) {
			t.Errorf("%s signs: %v", name, err)
		}
	}
}

func TestAQuestionnaireSaysWhatIsWrongWithIt(t *testing.T) {
	const file = `{"sections":[{"id":"a","names":{"en":"A","et":"A"},"text":{"en":"A","et":"A"}}],"questions":[%]}`
	for question, want := range map[string]string{
		`{"id":"x","section":"b","type":"words","longest":1,"label":{"en":"X","et":"X"}}`:                                                                                       "in no section",
		`{"id":"x","section":"a","type":"words","longest":1,"label":{"en":"X"}}`:                                                                                                "lacks words",
		`{"id":"x","section":"a","type":"yes_no","label":{"en":"X","et":"X"}}`:                                                                                                  "do not go with",
		`{"id":"x","section":"a","type":"yes_no","label":{"en":"X","et":"X"},"options":[{"id":"y","names":{"en":"Y","et":"Y"},"verdict":"fail"}]}`:                              "has no reason",
		`{"id":"x","section":"a","type":"yes_no","label":{"en":"X","et":"X"},"options":[{"id":"y","names":{"en":"Y","et":"Y"},"verdict":"pass"}],"explain":["z"]}`:              "no option",
		`{"id":"x","section":"a","type":"words","longest":1,"label":{"en":"X","et":"X"},"when":{"questions":["y"],"is":["yes"]}}`:                                               "does not stand before",
		`{"id":"x","section":"a","type":"words","longest":1,"label":{"en":"X","et":"X"}},{"id":"x","section":"a","type":"words","longest":1,"label":{"en":"X","et":"X"}}`:       "comes twice",
		`{"id":"x","section":"a","type":"words","label":{"en":"X","et":"X"}}`:                                                                                                   "has no length",
		`{"id":"x","section":"a","type":"number","longest":1,"label":{"en":"X","et":"X"},"options":[{"id":"y","names":{"en":"Y","et":"Y"},"verdict":"pass"}],"colour":"green"}`: "unknown field",
	} {
		text := strings.Replace(file, "%", question, 1)
		_, err := publishing.LoadQuestionnaire(fstest.MapFS{"declaration.json": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", question, err, want)
		}
	}
}
