package handlers

import (
	"cmp"
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/api"
	"pilveturg/handlers/oidc"
	"pilveturg/handlers/web"
	"pilveturg/models/access"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/market"
	"pilveturg/models/procurement"
	"pilveturg/models/publishing"
	"pilveturg/models/search"
	"pilveturg/views"
)

const (
	slowRequest = 500 * time.Millisecond // from which a request is worth a warning
	maxForm     = 1 << 20                // bytes
	keepPages   = 64 << 20               // bytes of rendered parts that are kept
	keepHits    = 64 << 20               // the same of services in results, in each language
)

// Site answers the portal's pages. Make one with [NewSite].
type Site struct {
	DB        *db.DB
	Schema    *catalogue.Schema
	Index     *search.Index
	Templates []procurement.Template  // of requirements
	Views     map[string]*views.Views // by language
	Langs     []string                // the first is for readers who want neither
	Log       *slog.Logger
	Origin    string // scheme and host of absolute addresses; "" to use what the browser says
	Contact   string // whom to write to: an e-mail or a web address; "" for the contact page
	People    PeopleNames

	Providers    []*oidc.Client // of identities, in the order in which they are shown
	IdentityKeys [][]byte       // by which what they call people is hashed: the first, and those of before

	Hasher   *access.Hasher
	Need     Need            // who needs more than a password
	Notify   identity.Notify // keeps what people are to be told; never nil
	OneClick bool            // whoever comes may become one of the invented people

	MailServer string    // by which letters go, for administrators; "" when none is set
	LetterKey  []byte    // signs the links that end letters
	Settings   []Setting // that are in force, for administrators

	Files Files // that vendors bring

	OCIDPrefix string // registered for what is published of contracts: "ocds-a1b2c3"; "" while none is

	Promise    int                    // working days in which what vendors send is decided
	CheckLinks publishing.LinkChecker // nil: nobody asks for the links of listings
	Fetch      Fetch

	Market  *market.Counter // counts how buyers meet offerings; nil: nobody does
	Markets *market.Markets // what buyers of other countries ask

	seal        *access.Seal
	adapter     web.Adapter
	declaration *publishing.Questionnaire
	kept        *shelf[pageKey, *keptPage]
	answers     *shelf[answerKey, keptRows]
	names       *nameList
	facets      map[string]*facetWords // by language
	indexed     atomic.Bool            // the index holds all there is
	texts       atomic.Pointer[identity.SiteTexts]
	meter       *web.Meter
	api         *api.API

	metricsToken string // "" lets in those on this machine
}

// Options are what an installation decides.
type Options struct {
	DB        *db.DB
	Schema    *catalogue.Schema
	Index     *search.Index          // see [Site.Searchable]
	Templates []procurement.Template // of requirements
	Views     map[string]*views.Views
	Langs     []string
	Log       *slog.Logger
	Origin    string
	Contact   string      // whom to write to: an e-mail or a web address; "" for the contact page
	Demo      bool        // the catalogue holds demonstration data
	Key       []byte      // signs cookies; 32 bytes or more
	Proxies   web.Proxies // whose word about requests is taken
	People    PeopleNames // nil: as the accounts have them

	// Declaration is what vendors are asked about themselves; nil asks nothing.
	Declaration *publishing.Questionnaire

	Providers    []*oidc.Client // of identities, in the order in which they are shown
	IdentityKeys [][]byte       // by which what they call people is hashed, 32 bytes or more: the first, and those of before

	Hasher *access.Hasher
	Seal   *access.Seal    // of what is kept of second factors
	Need   Need            // who needs more than a password; "": nobody
	Notify identity.Notify // keeps what people are to be told; nil: in the room work

	// OneClick lets whoever comes become one of the invented people, where the
	// database holds the demonstration.
	OneClick bool

	MailServer string    // by which letters go, for administrators; "" when none is set
	LetterKey  []byte    // signs the links that end letters; 32 bytes or more
	Settings   []Setting // that are in force, for administrators

	Files Files // how those are kept that vendors bring

	OCIDPrefix string                 // registered for what is published of contracts; "" while none is
	Promise    int                    // working days in which what vendors send is decided; 5 when 0
	CheckLinks publishing.LinkChecker // asks for the links of listings; nil: nobody does
	Fetch      Fetch                  // brings listings from addresses of vendors

	Market  *market.Counter // counts how buyers meet offerings; nil: nobody does
	Markets *market.Markets // what buyers of other countries ask

	MetricsToken string // whoever shows it may see the metrics; "" for those on this machine
}

// PeopleNames returns what the people with these accounts are called, by account;
// those who are erased are called "", those who are not known are absent. A nil one knows nobody.
type PeopleNames func(ctx context.Context, accounts []int64) (map[int64]string, error)

// Fetch returns what an address of the whole Internet answers with, at most max bytes of
// it. It fails like [fetch.Fetcher.Bytes].
type Fetch func(ctx context.Context, url string, max int64) ([]byte, error)

// NewSite returns a site that is ready to answer.
func NewSite(o Options) *Site {
	s := &Site{DB: o.DB, Schema: o.Schema, Index: o.Index, Templates: o.Templates, Views: o.Views, Langs: o.Langs, Log: o.Log, Origin: o.Origin, Contact: o.Contact, People: o.People,
		Providers: o.Providers, IdentityKeys: o.IdentityKeys, Hasher: o.Hasher, Need: o.Need, seal: o.Seal, Notify: o.Notify, Settings: o.Settings, OneClick: o.OneClick, Files: o.Files,
		MailServer: o.MailServer, LetterKey: o.LetterKey, Market: o.Market, Markets: o.Markets, Promise: cmp.Or(o.Promise, defaultPromise), OCIDPrefix: o.OCIDPrefix, CheckLinks: o.CheckLinks, Fetch: o.Fetch,
		kept: newShelf[pageKey, *keptPage](keepPages), answers: newShelf[answerKey, keptRows](keptAnswers), names: &nameList{}, facets: map[string]*facetWords{}, metricsToken: o.MetricsToken}
	s.meter = web.NewMeter(s.paths())
	for _, lang := range s.Langs {
		s.facets[lang] = newFacetWords(s.speaker(lang), s.Views[lang], s.Index.Layout())
	}
	if s.People == nil {
		s.People = func(ctx context.Context, accounts []int64) (map[int64]string, error) {
			return identity.NamesOf(ctx, s.DB, accounts)
		}
	}
	if s.declaration = o.Declaration; s.declaration == nil {
		s.declaration = &publishing.Questionnaire{}
	}
	if s.Notify == nil {
		s.Notify = s.tell
	}
	sessions := web.NewSessionStore(s.findSession, o.Proxies, o.Origin)
	s.adapter = web.Adapter{Views: o.Views, Langs: o.Langs, Origin: o.Origin, Demo: o.Demo, Prefs: web.NewPrefStore(o.Key), Log: o.Log,
		Sessions: sessions, Proxies: o.Proxies, Who: sessions.Who, Nav: navOf, Signs: s.signs}
	s.api = s.newAPI()
	return s
}

// Searchable says that the index holds all there is; until then the site is not
// ready.
func (s *Site) Searchable() { s.indexed.Store(true) }

// origin is the scheme and host of absolute addresses in the answer to r.
func (s *Site) origin(r *web.Request) string {
	if s.Origin != "" {
		return s.Origin
	}
	return r.Origin()
}

// today is the day by which validity is judged.
func (s *Site) today() time.Time { return s.DB.Now() }
