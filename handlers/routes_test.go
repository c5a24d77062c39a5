package handlers

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"pilveturg/handlers/web"
	"pilveturg/models"
)

// examples fill in the fields of the routes' paths.
var examples = strings.NewReplacer("/sitemaps/:name", "/sitemaps/1.xml", "/assets/:name", "/assets/none", ":service", "sc-1-e-journal-for-classes", ":category", "education", ":vendor", "v-3-tahvel-naidis-ou",
	":agency", "a-2-lakeside-schools-board", ":topic", "prices", ":secret", "none", ":provider", "none", ":application", "1", ":claim", "1", ":declaration", "1", ":section", "crimes", ":document", "1", ":file", "1", ":slug", "none", ":listing", "1", ":release", "1", ":token", "1", ":submission", "1", ":list", "1", ":project", "p-1", ":approval", "p-1", ":subscription", "sub-1", ":change", "1", ":task", "1", ":import", "1", ":batch", "1", ":bill", "1", ":system", "1", ":cost", "1", ":comparison", "1", ":upload", "1", ":key", "1", ":share", "1", ":name", "1", ":saved", "1", ":clarification", "1", ":step", "withdraw", ":line", "1", ":feed", "none", ":pool", "p-1", ":question", "q-1", ":ask", "spent", ":report", "1", ":requirement", "1", ":membership", "1", ":invitation", "1", ":account", "1", ":organisation", "2", ":domain", "lakeside.example", ":notice", "1", ":letter", "1")

// toVisitors is what routes that are for anyone answer a visitor who sends nothing,
// where it is not 200.
var toVisitors = map[string]int{"/assets/none": 404, "/": 302, "/en/preferences": 303, "/en/sign-out": 303, "/en/invite/none": 404, "/en/reset/none": 404, "/en/mail/none": 404, "/en/mail/none/undo": 404,
	"/en/oidc/none": 404, "/en/oidc/none/problem": 404, "/en/sign-up/identity": 404, "/oidc/none/callback": 404, "/files/1/none": 404, "/oidc/none/backchannel-logout": 404,
	"/en/calendar/feed/none": 404, "/en/sign-in/demo": 404, "/en/sign-in/passkey": 404, "/en/sign-in/passkey/challenge": 404, "/metrics": 404, "/en/unsubscribe": 404}

func TestEveryRouteAnswersWhomItIsFor(t *testing.T) {
	s := newSite(t)
	for _, rt := range s.routes() {
		path := examples.Replace(rt.path)
		if strings.Contains(path, ":") {
			t.Errorf("%s %s: the test has no example of a field", rt.method, rt.path)
		}
		if !rt.bare {
			path = "/en" + path
		}
		w := s.do(rt.method, path)
		refused := w.Code == http.StatusUnauthorized || strings.HasPrefix(w.Header().Get("Location"), "/en/sign-in")
		if refused != rt.who.signedIn {
			t.Errorf("%s %s is for %+v and answers a visitor with %d", rt.method, path, rt.who, w.Code)
		}
		empty := rt.method == http.MethodPost && w.Code == http.StatusUnprocessableEntity // nothing was filled in
		if want := toVisitors[path]; !rt.who.signedIn && w.Code != 200 && w.Code != want && !empty {
			t.Errorf("%s %s answers %d", rt.method, path, w.Code)
		}
	}
}

func TestARouteIsClosedToOthers(t *testing.T) {
	inside := func(*web.Request) (web.Reply, error) { return web.Data("text/plain", []byte("in"), 0), nil }
	asks := func(*web.Request) (web.Reply, error) { return web.Reply{}, models.ErrSignIn }
	admin := models.Actor{AccountID: 1, Roles: []models.Role{models.Administrator}}
	for _, tt := range []struct {
		name  string
		who   who
		ask   web.Handler
		actor models.Actor
		fresh bool
		code  int
		to    string
	}{
		{"a visitor has to sign in, and comes back", only(models.Administrator), inside, models.Actor{}, false, 303, "/en/sign-in?return=%2Fen%2Fadmin%2Fsynonyms%3Fq%3D1"},
		{"a page of persons, too", person, inside, models.Actor{}, false, 303, "/en/sign-in?return=%2Fen%2Fadmin%2Fsynonyms%3Fq%3D1"},
		{"a command is no person", person, inside, models.Actor{Program: "x", Roles: admin.Roles}, false, 303, "/en/sign-in?return=%2Fen%2Fadmin%2Fsynonyms%3Fq%3D1"},
		{"for who has another role it is not there", only(models.Administrator), inside, models.Actor{AccountID: 1, Roles: []models.Role{models.VendorEditor}}, true, 404, ""},
		{"any person", person, inside, models.Actor{AccountID: 1}, false, 200, ""},
		{"the role opens it", only(models.Administrator), inside, admin, false, 200, ""},
		{"one of several roles opens it", only(models.Moderator, models.Administrator), inside, admin, false, 200, ""},
		{"what is dangerous asks again", only(models.Administrator).freshly(), inside, admin, false, 303, "/en/sign-in/again?return=%2Fen%2Fadmin%2Fsynonyms%3Fq%3D1"},
		{"and not those who have no business there", only(models.Administrator).freshly(), inside, models.Actor{AccountID: 1}, false, 404, ""},
		{"who has just shown who she is may go on", only(models.Administrator).freshly(), inside, admin, true, 200, ""},
		{"a model may ask to sign in", anyone, asks, models.Actor{}, false, 303, "/en/sign-in?return=%2Fen%2Fadmin%2Fsynonyms%3Fq%3D1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := emptySite(t)
			s.adapter.Who = func(*http.Request) (web.Session, error) {
				return web.Session{ID: 1, Actor: tt.actor, Fresh: tt.fresh}, nil
			}
			e := gin.New()
			e.GET("/en/admin/synonyms", s.adapter.Handle("en", s.guard(route{"GET", "/admin/synonyms", tt.who, tt.ask, false})))
			w := httptest.NewRecorder()
			e.ServeHTTP(w, httptest.NewRequest("GET", "/en/admin/synonyms?q=1", nil))
			if w.Code != tt.code || w.Header().Get("Location") != tt.to {
				t.Errorf("got %d to %q, want %d to %q", w.Code, w.Header().Get("Location"), tt.code, tt.to)
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
