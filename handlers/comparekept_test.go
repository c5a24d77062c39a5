package handlers

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// sent are the fields that the form of the page sends when nobody changes anything.
func sent(t *testing.T, page, action string) url.Values {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	q := url.Values{}
	for form := range doc.Descendants() {
		if form.Data != "form" || attr(form, "action") != action {
			continue
		}
		for n := range form.Descendants() {
			switch {
			case n.Data == "input" && (attr(n, "type") != "checkbox" || hasAttr(n, "checked")):
				q.Add(attr(n, "name"), attr(n, "value"))
			case n.Data == "select":
				for o := range n.Descendants() {
					if hasAttr(o, "selected") {
						q.Add(attr(n, "name"), attr(o, "value"))
					}
				}
			}
		}
	}
	clean, _ := withoutEmpty(q)
	return clean
}

func TestCompareFormSendsOnAllThatWasTyped(t *testing.T) {
	s := newCompareSite(t)
	for _, tt := range []struct {
		name, query string
		added       string // fields that the form has of its own
	}{
		{"a whole comparison", "id=sc-1&id=sc-6&n.pupil=2000&years=2&diff=1&known=1&w.notice_days=5&w.year=2", ""},
		{"with one service, what was asked before stays", "id=sc-1&n.pupil=2000&years=2&diff=1&w.year=5&w.price=1", ""},
		{"with none as well", "n.pupil=2000&years=4", ""},
		{"a quantity that these services do not ask for", "id=sc-6&id=sc-7&n.pupil=1&n.school=3&years=3", ""},
		{"a weight that waits for the price of another service", "id=sc-7&id=sc-5&w.year=5&years=3", ""},
		{"a weight of the price while a quantity is wrong", "id=sc-1&id=sc-6&n.pupil=many&w.year=5&years=3", ""},
		{"services that are not there", "id=sc-1&id=sc-6&id=sc-99,+journal&n.pupil=1&years=3", ""},
		{"the same with nothing to compare", "id=e-journal", ""},
		{"quantities that were taken are in their fields", "id=sc-1&id=sc-6", "n.pupil=1000&years=3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sub := *s
			sub.t = t
			want, err := url.ParseQuery(tt.query + "&" + tt.added)
			if err != nil {
				t.Fatal(err)
			}
			w := sub.do("GET", "/en/compare?"+tt.query)
			if got := sent(t, w.Body.String(), "/en/compare"); got.Encode() != want.Encode() {
				t.Errorf("status %d: the form sends %s\nwant %s", w.Code, got.Encode(), want.Encode())
			}
		})
	}
}

func TestCompareLeavesAsideWhatNobodyKnows(t *testing.T) {
	s := newCompareSite(t)
	for _, tt := range []struct {
		name, query, said string
	}{
		{"a quantity of nothing that is counted", "n.parrot=5", "There are no such quantities, so they were left aside: parrot."},
		{"several, in the order of the alphabet", "n.z=1&n.b=1&n.a=1", "left aside: a, b, z."},
		{"five at most", "n.1=1&n.2=1&n.3=1&n.4=1&n.5=1&n.6=1", "left aside: 1, 2, 3, 4, 5."},
		{"the weight of a row that is none", "w.luck=5", "There are no such rows to weigh, so they were left aside: luck."},
		{"the weight of a row of words", "w.data_countries=5", "left aside: Where data is kept."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sub := *s
			sub.t = t
			page := sub.want("GET", "/en/compare?id=sc-1&id=sc-6&"+tt.query, 200, tt.said)
			for name := range sent(t, page, "/en/compare") {
				if strings.Contains(tt.query, name+"=") {
					t.Errorf("the form sends %s on", name)
				}
			}
		})
	}
}

func TestWrongWeightsAreToldInTheOrderOfTheRows(t *testing.T) {
	s := newCompareSite(t)
	page := s.want("GET", "/en/compare?id=sc-6&id=sc-7&w.users=9&w.notice_days=x&w.year=-1&w.self_export=6", 422)
	var places []int
	for _, id := range []string{"w-year", "w-notice_days", "w-self_export", "w-users"} {
		places = append(places, strings.Index(page, `<a href="#`+id+`">`))
	}
	if slices.Contains(places, -1) || !slices.IsSorted(places) {
		t.Errorf("the summary has them at %v", places)
	}
}
