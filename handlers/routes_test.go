package handlers

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"pilveturg/handlers/web"
	"pilveturg/models"
)

// examples fill in the fields of the routes' paths.
var examples = strings.NewReplacer(":service", "sc-1-e-journal-for-classes", ":category", "education", ":vendor", "v-3-tahvel-naidis-ou",
	":agency", "a-2-lakeside-schools-board", ":topic", "prices", ":list", "1", "/sitemaps/:name", "/sitemaps/1.xml", "/assets/:name", "/assets/none")

func TestEveryRouteAnswersWhoeverItsRoleNames(t *testing.T) {
	s := newSite(t)
	for _, rt := range s.routes() {
		path := examples.Replace(rt.path)
		if strings.Contains(path, ":") {
			t.Errorf("%s %s: the test has no example of a field", rt.method, rt.path)
		}
		if !rt.bare {
			path = "/en" + path
		}
		code := s.do(rt.method, path).Code
		refused := code == http.StatusUnauthorized || code == http.StatusForbidden
		if refused == (rt.role == anyone) {
			t.Errorf("%s %s is for %q and answers a visitor with %d", rt.method, path, rt.role, code)
		}
		if want := map[string]int{"/assets/none": 404, "/": 302, "/en/preferences": 303, "/metrics": 404}[path]; rt.role == anyone && code != 200 && code != want {
			t.Errorf("%s %s answers %d", rt.method, path, code)
		}
	}
}

func TestARouteWithARoleIsClosedToOthers(t *testing.T) {
	inside := func(*web.Request) (web.Reply, error) { return web.Data("text/plain", []byte("in"), 0), nil }
	h := guard(route{"GET", "/admin", models.Administrator, inside, false})
	for _, tt := range []struct {
		name  string
		actor models.Actor
		want  error
	}{
		{"a visitor has to sign in", models.Actor{}, models.ErrSignIn},
		{"another role is not enough", models.Actor{AccountID: 1, Roles: []models.Role{models.VendorEditor}}, models.ErrForbidden},
		{"the role opens it", models.Actor{AccountID: 1, Roles: []models.Role{models.Administrator}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := h(&web.Request{Actor: tt.actor}); err != tt.want {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	s := newSite(t)
	for _, rt := range s.routes() {
		if rt.method != http.MethodGet {
			continue
		}
		path := examples.Replace(rt.path)
		if !rt.bare {
			path = "/et" + path
		}
		get, head := s.do("GET", path), s.do("HEAD", path)
		get.Header().Del("X-Request-Id")
		head.Header().Del("X-Request-Id")
		if head.Code != get.Code || head.Body.Len() > 0 || !reflect.DeepEqual(head.Header(), get.Header()) {
			t.Errorf("HEAD %s: %d, %d bytes, %v\nGET: %d, %v", path, head.Code, head.Body.Len(), head.Header(), get.Code, get.Header())
		}
	}
}
