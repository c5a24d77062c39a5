package api

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"pilveturg/db"
	"pilveturg/models/catalogue"
	"pilveturg/views/locale"
)

// Path is where the addresses of the API begin.
const Path = "/api/v1"

// version is that of the API, which moves when programs have to change.
const version = "1.0.0"

// Options are what an API needs.
type Options struct {
	DB      *db.DB
	Schema  *catalogue.Schema
	Locales []*locale.Locale // the first is for programs that accept none of them
	Origin  string           // scheme and host of absolute addresses; "" to use what the program says
	From    func(*http.Request) string
	Log     *slog.Logger
}

// API answers programs. Make one with [New].
type API struct {
	Options
	mux    *http.ServeMux
	huma   huma.API
	asked  *limiter // requests by token
	failed *limiter // requests without a token that works, by network address
	list   []Operation
}

// New returns an API that is ready to answer. It fails when what it says of itself cannot
// be written down.
func New(o Options) (*API, error) {
	a := &API{Options: o, mux: http.NewServeMux(), asked: newLimiter(mostAsked), failed: newLimiter(mostFailed)}
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	a.huma = humago.New(a.mux, huma.Config{
		OpenAPI: &huma.OpenAPI{OpenAPI: "3.1.0", Info: &huma.Info{Title: a.english("api.title"), Description: a.english("api.text"), Version: version},
			Components: &huma.Components{Schemas: registry, SecuritySchemes: map[string]*huma.SecurityScheme{
				"token": {Type: "http", Scheme: "bearer", Description: a.english("api.token_text")}}},
			Security: []map[string][]string{{"token": {}}}},
		Formats: map[string]huma.Format{jsonKind: huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}, DefaultFormat: jsonKind})
	a.operations()
	paths := map[string]bool{}
	for _, op := range a.list {
		if !paths[op.Path] {
			a.mux.HandleFunc(op.Path, a.refuse("method", http.StatusMethodNotAllowed))
		}
		paths[op.Path] = true
	}
	a.mux.HandleFunc("/", a.refuse("not_found", http.StatusNotFound))
	if _, err := a.OpenAPI(""); err != nil {
		return nil, fmt.Errorf("OpenAPI: %w", err)
	}
	_, err := a.OpenAPI30("")
	return a, err
}

// refuse answers what there is no operation for.
func (a *API) refuse(name string, status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a.write(w, a.problem(callOf(r.Context()), status, name))
	}
}

// Operation is something that programs can ask for.
type Operation struct {
	Method, Path string // "PUT", "/api/v1/listings/{id}/draft"
	ID           string // its words are messages: "api.op.ID" and "api.op.ID.text"
	Scope        string // that a token needs
	Matches      bool   // it has to name what it saw
}

// Operations lists what programs can ask for, in the order in which it is shown.
func (a *API) Operations() []Operation { return a.list }

// OpenAPI is the description of the API in OpenAPI 3.1.0, for programs that find it at
// the origin.
func (a *API) OpenAPI(origin string) ([]byte, error) {
	return json.MarshalIndent(a.described(origin), "", "  ")
}

// OpenAPI30 is the same in OpenAPI 3.0.3, for programs that know no later one.
func (a *API) OpenAPI30(origin string) ([]byte, error) {
	b, err := a.described(origin).Downgrade()
	if err != nil {
		return nil, err
	}
	var all any
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, err
	}
	return json.MarshalIndent(all, "", "  ")
}

func (a *API) described(origin string) *huma.OpenAPI {
	d := *a.huma.OpenAPI()
	if origin == "" {
		origin = "/"
	}
	d.Servers = []*huma.Server{{URL: origin}}
	return &d
}

// schemaOf is the schema of T, as other schemas refer to it.
func schemaOf[T any](a *API) *huma.Schema {
	return a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
}

// english is a message in English, as descriptions for programs are.
func (a *API) english(key string, args ...any) string {
	for _, l := range a.Locales {
		if l.Tag == "en" {
			return l.T(key, args...)
		}
	}
	return key
}
