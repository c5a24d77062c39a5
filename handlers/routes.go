package handlers

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"pilveturg/handlers/web"
	"pilveturg/models"
)

// anyone may use a route whose role is empty.
const anyone models.Role = ""

// route is one address. Its path is below /{lang} unless bare.
type route struct {
	method, path string
	role         models.Role // who may come in; what they may do inside, models decide
	handler      web.Handler
	bare         bool
}

// routes is every address of the portal.
func (s *Site) routes() []route {
	return []route{
		{"GET", "/", anyone, s.home, false},
		{"GET", "/services", anyone, s.listServices, false},
		{"GET", "/services.json", anyone, s.servicesJSON, false},
		{"GET", "/services.csv", anyone, s.servicesCSV, false},
		{"GET", "/services.xlsx", anyone, s.servicesXLSX, false},
		{"GET", "/services.atom", anyone, s.servicesAtom, false},
		{"GET", "/services/suggest", anyone, s.suggest, false},
		{"GET", "/services/:service", anyone, s.showService, false},
		{"GET", "/services/:service/price", anyone, s.showPrice, false},
		{"GET", "/services/:service/changes", anyone, s.showChanges, false},
		{"GET", "/compare", anyone, s.showCompare, false},
		{"GET", "/compare.csv", anyone, s.compareCSV, false},
		{"GET", "/compare.xlsx", anyone, s.compareXLSX, false},
		{"GET", "/categories", anyone, s.listCategories, false},
		{"GET", "/categories/:category", anyone, s.showCategory, false},
		{"GET", "/vendors", anyone, s.listVendors, false},
		{"GET", "/vendors/:vendor", anyone, s.showVendor, false},
		{"GET", "/agencies", anyone, s.listAgencies, false},
		{"GET", "/agencies/:agency", anyone, s.showAgency, false},
		{"GET", "/help", anyone, s.showHelp, false},
		{"GET", "/help/:topic", anyone, s.showArticle, false},
		{"GET", "/about", anyone, s.showArticle, false},
		{"GET", "/accessibility", anyone, s.showArticle, false},
		{"GET", "/privacy", anyone, s.showArticle, false},
		{"GET", "/terms", anyone, s.showArticle, false},
		{"GET", "/contact", anyone, s.showArticle, false},
		{"GET", "/demo-data", anyone, s.showArticle, false},
		{"POST", "/preferences", anyone, s.savePreferences, false},
		{"GET", "/admin/audit", models.Administrator, s.showAudit, false},
		{"GET", "/admin/audit.csv", models.Administrator, s.auditCSV, false},
		{"GET", "/admin/audit.json", models.Administrator, s.auditJSON, false},
		{"POST", "/admin/audit/verification", models.Administrator, s.verifyAudit, false},

		{"GET", "/admin/synonyms", models.Administrator, s.listSynonyms, false},
		{"POST", "/admin/synonyms", models.Administrator, s.addSynonyms, false},
		{"GET", "/admin/synonyms/:list", models.Administrator, s.showSynonyms, false},
		{"POST", "/admin/synonyms/:list", models.Administrator, s.changeSynonyms, false},
		{"GET", "/admin/synonyms/:list/removal", models.Administrator, s.confirmSynonymRemoval, false},
		{"POST", "/admin/synonyms/:list/removal", models.Administrator, s.removeSynonyms, false},

		{"GET", "/", anyone, s.chooseLanguage, true},
		{"GET", "/assets/:name", anyone, s.asset, true},
		{"GET", "/favicon.ico", anyone, s.favicon, true},
		{"GET", "/robots.txt", anyone, s.robots, true},
		{"GET", "/sitemap.xml", anyone, s.sitemapIndex, true},
		{"GET", "/sitemaps/:name", anyone, s.sitemap, true},
		{"GET", "/.well-known/security.txt", anyone, s.security, true},
		{"GET", "/healthz", anyone, s.healthy, true},
		{"GET", "/readyz", anyone, s.ready, true},
		{"GET", "/metrics", anyone, s.metrics, true},
	}
}

// paths are the paths that routes are known by, in all languages, and what each
// route is called.
func (s *Site) paths() map[string]string {
	paths := map[string]string{}
	for _, rt := range s.routes() {
		if rt.bare {
			paths[rt.path] = rt.path
			continue
		}
		for _, lang := range s.Langs {
			paths["/"+lang+rt.path] = "/{lang}" + rt.path
		}
	}
	return paths
}

// Handler answers every request to the portal.
func (s *Site) Handler() http.Handler {
	gin.SetMode(gin.ReleaseMode) // or it would print every route
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.UseRawPath, e.UnescapePathValues = true, true
	e.Use(web.Headers, web.Requests(s.meter, s.Log, slowRequest), web.SameOrigin(&s.adapter), web.MaxBody(maxForm))
	for _, rt := range s.routes() {
		h := guard(rt)
		if rt.bare {
			handle(e, rt.method, rt.path, s.adapter.Handle("", h))
			continue
		}
		for _, lang := range s.Langs {
			handle(e, rt.method, "/"+lang+rt.path, s.adapter.Handle(lang, h))
		}
	}
	e.NoRoute(func(c *gin.Context) {
		r := s.adapter.Request(c)
		s.adapter.Fail(r, fmt.Errorf("%s: %w", c.Request.URL.Path, models.ErrNotFound))
	})
	e.NoMethod(func(c *gin.Context) {
		r := s.adapter.Request(c)
		s.adapter.Fail(r, fmt.Errorf("%s %s: %w", c.Request.Method, c.Request.URL.Path, web.ErrMethod))
	})
	return e
}

// handle adds a route; whoever may GET may HEAD.
func handle(e *gin.Engine, method, path string, h gin.HandlerFunc) {
	e.Handle(method, path, h)
	if method == http.MethodGet {
		e.Handle(http.MethodHead, path, h)
	}
}

func guard(rt route) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		switch {
		case rt.role == anyone || r.Actor.Is(rt.role):
			return rt.handler(r)
		case r.Actor.AccountID == 0:
			return web.Reply{}, models.ErrSignIn
		default:
			return web.Reply{}, models.ErrForbidden
		}
	}
}
