package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "pilveturg"

// pkg is a package of ours, as the go command lists it.
type pkg struct {
	ImportPath, Dir string
	Imports, Deps   []string
	TestImports     []string
}

// room is the path of the package within the module.
func (p pkg) room() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

var listed = sync.OnceValues(func() ([]pkg, error) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,Deps,TestImports", module+"/...")
	out, err := cmd.Output()
	if err != nil {
		var e *exec.ExitError
		if errors.As(err, &e) {
			err = errors.New(string(e.Stderr))
		}
		return nil, err
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		switch err := dec.Decode(&p); {
		case err == io.EOF:
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, p)
	}
})

func packages(t *testing.T) []pkg {
	t.Helper()
	all, err := listed()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// door says what a room may import of ours and of others, and what must not be
// reached from it, even through others.
type door struct {
	rooms  []string // paths; "models/*" is any room right below models
	ours   []string // nil: any room
	others []string // beyond the standard library, with what is below; nil: anything
	never  []string
	why    string
}

// doors are the rules of the house. The first that names a room is its door.
var doors = []door{
	{[]string{"assets"}, []string{}, []string{"github.com/klauspost/compress"}, []string{"database/sql", "github.com/gin-gonic/gin"},
		"assets are files and know nothing of the portal"},
	{[]string{"models"}, []string{}, []string{}, []string{"net/http", "database/sql"},
		"the kernel is words that all rooms share: the standard library only"},
	{[]string{"db/dbtest"}, []string{"models", "db"}, nil, nil, "test databases know no domain"},
	{[]string{"db"}, []string{"models"}, []string{"github.com/jmoiron/sqlx", "github.com/mattn/go-sqlite3", "github.com/jackc/pgx/v5"}, []string{"net/http"},
		"the database knows neither domains nor pages"},
	{[]string{"models/search/searchtest"}, []string{"models", "models/*"}, []string{}, []string{"net/http"}, "test data are made of what the domains say"},
	{[]string{"models/lifecycle", "models/spend/outlook", "models/spend/share"}, []string{"models"}, []string{}, []string{"net/http", "database/sql"},
		"what is reckoned from amounts alone needs neither a database nor a clock"},
	{[]string{"models/spend/*"}, []string{"models", "models/spend/*"}, []string{"golang.org/x/text", "github.com/xuri/excelize/v2"}, []string{"net/http", "database/sql"},
		"formats of money are read and written without a database"},
	{[]string{"models/*"}, []string{"models", "db", "models/*", "models/spend/*"}, nil, []string{"net/http"},
		"domains know neither requests nor pages"},
	{[]string{"views/locale"}, []string{"models"}, []string{"golang.org/x/text"}, []string{"net/http", "database/sql"}, "languages know the kernel only"},
	{[]string{"views/chart"}, []string{"models", "views/locale"}, []string{}, []string{"net/http", "database/sql", "html/template"},
		"figures are drawn of values that are decided already"},
	{[]string{"views"}, []string{"models", "views/locale", "views/chart", "assets"}, nil, []string{"net/http", "database/sql", module + "/db"},
		"a page is drawn without a database and without a request"},
	{[]string{"handlers/web"}, []string{"models", "db", "views", "views/locale"}, nil, nil, "what is HTTP knows no domain"},
	{[]string{"handlers/mail/mailtest"}, []string{}, []string{}, nil, "a mail server knows nothing of ours"},
	{[]string{"handlers/mail"}, []string{"models", "models/*", "db", "views", "views/locale"}, []string{"github.com/wneessen/go-mail"}, []string{"github.com/gin-gonic/gin"},
		"how letters go knows neither requests nor pages"},
	{[]string{"handlers/passkey"}, []string{}, []string{"github.com/go-webauthn/webauthn"}, nil, "what devices sign is judged without knowing whose it is"},
	{[]string{"handlers/oidc"}, []string{"models"}, nil, []string{"database/sql", "github.com/gin-gonic/gin"}, "who asks providers of identities knows no pages, and keeps nothing"},
	{[]string{"handlers/fetch"}, []string{}, []string{}, []string{"database/sql", "github.com/gin-gonic/gin"}, "who asks for addresses of strangers knows nothing of what is in them"},
	{[]string{"handlers/feeds"}, []string{"models", "models/*", "db", "handlers/fetch"}, []string{"github.com/mmcdole/gofeed", "golang.org/x/net/html", "golang.org/x/text/encoding"}, []string{"github.com/gin-gonic/gin"},
		"who reads feeds knows neither requests nor pages"},
	{[]string{"handlers/api"}, []string{"models", "models/*", "db", "views/locale"}, []string{"github.com/danielgtaylor/huma/v2", "golang.org/x/text"}, []string{"github.com/gin-gonic/gin"},
		"programs are answered without pages, cookies and sessions"},
	{[]string{"handlers/blobs"}, []string{"models/documents"}, []string{"github.com/minio/minio-go/v7"}, []string{"github.com/gin-gonic/gin"}, "where bytes are kept knows neither requests nor whose they are"},
	{[]string{"handlers/intake/intaketest"}, []string{}, []string{}, nil, "files for tests know nothing of ours"},
	{[]string{"handlers/intake"}, []string{"models/documents", "models/catalogue"}, []string{"github.com/ledongthuc/pdf"}, []string{"github.com/gin-gonic/gin"}, "what is in a file is told without knowing whose it is"},
	{[]string{"handlers"}, []string{"models", "models/*", "models/spend/*", "db", "views", "views/locale", "views/chart", "assets", "handlers/web", "handlers/passkey", "handlers/oidc", "handlers/fetch", "handlers/feeds", "handlers/api", "handlers/intake"}, nil, nil,
		"handlers join models to views, and nobody but cmd uses them"},
	{[]string{"cmd/*"}, nil, []string{}, nil, "commands only put the rooms together"},
}

func TestRoomsKeepTheirDoors(t *testing.T) {
	for _, p := range packages(t) {
		i := slices.IndexFunc(doors, func(d door) bool { return fits(d.rooms, p.room()) })
		if i < 0 {
			t.Errorf("%s is a room without a door: add it to doors", p.room())
			continue
		}
		d := doors[i]
		for _, dep := range p.Imports {
			room, own := strings.CutPrefix(dep, module+"/")
			switch {
			case own && d.ours != nil && !fits(d.ours, room):
				t.Errorf("%s must not import %s: %s", p.room(), dep, d.why)
			case !own && d.others != nil && strings.Contains(dep, ".") && !below(d.others, dep):
				t.Errorf("%s must not import %s: %s", p.room(), dep, d.why)
			}
		}
		for _, dep := range p.Deps {
			if slices.Contains(d.never, dep) {
				t.Errorf("%s must not reach %s, not even through others: %s", p.room(), dep, d.why)
			}
		}
	}
}

// fits reports whether room is one of rooms.
func fits(rooms []string, room string) bool {
	return slices.ContainsFunc(rooms, func(r string) bool {
		if above, any := strings.CutSuffix(r, "/*"); any {
			rest, ok := strings.CutPrefix(room, above+"/")
			return ok && !strings.Contains(rest, "/")
		}
		return r == room
	})
}

// below reports whether path is one of paths or below one.
func below(paths []string, path string) bool {
	return slices.ContainsFunc(paths, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
}

// storeys put the domains in order: each may import those of lower storeys only.
var storeys = map[string]int{
	"models/audit": 1, "models/lifecycle": 1, "models/pricing": 1,
	// What is read and written, without a database.
	"models/spend/currency": 1, "models/spend/focus": 1, "models/spend/ocds": 1,
	"models/spend/outlook": 1, "models/spend/share": 1, "models/spend/sheet": 1, "models/spend/ubl": 1,
	"models/work":          2,
	"models/saved":         2,
	"models/systems":       6,
	"models/registers":     7,
	"models/spend":         5,
	"models/identity":      3,
	"models/access":        4,
	"models/catalogue":     4,
	"models/documents":     5,
	"models/procurement":   6,
	"models/contracts":     7,
	"models/matching":      8,
	"models/demonstration": 8,
	"models/opendata":      8,
	"models/privacy":       10,
	"models/publishing":    6,
	"models/market":        7,
	"models/search":        5,
	"models/exchange":      8,
	"models/releases":      5,
	"models/reports":       9,
}

func TestDomainsImportOnlyWhatIsBelowThem(t *testing.T) {
	for _, p := range packages(t) {
		if !fits([]string{"models/*", "models/spend/*"}, p.room()) {
			continue
		}
		own, ok := storeys[p.room()]
		if !ok {
			t.Errorf("%s has no storey: add it to storeys", p.room())
		}
		for _, dep := range p.Imports {
			room, _ := strings.CutPrefix(dep, module+"/")
			if at, ok := storeys[room]; ok && at >= own {
				t.Errorf("%s must not import %s, which is not below it", p.room(), room)
			}
		}
	}
}

// homes say which packages of others are used in which rooms only.
var homes = []struct {
	path  string
	rooms []string
	why   string
}{
	{"github.com/gin-gonic/gin", []string{"handlers", "handlers/web"}, "gin stops at the handlers"},
	{"github.com/gorilla/sessions", []string{"handlers/web"}, "what a cookie is stays in handlers/web"},
	{"github.com/go-webauthn/webauthn", []string{"handlers/passkey"}, "how devices are asked stays in one place"},
	{"github.com/boombuler/barcode", []string{"handlers"}, "pictures for phones are drawn where they are shown"},
	{"github.com/jmoiron/sqlx", []string{"db"}, "only db knows how queries are run"},
	{"github.com/mattn/go-sqlite3", []string{"db"}, "only db knows the engines"},
	{"github.com/jackc/pgx", []string{"db"}, "only db knows the engines"},
	{"database/sql", []string{"db", "db/dbtest"}, "other rooms ask db"},
	{"github.com/coreos/go-oidc", []string{"handlers/oidc"}, "what a token is stays in handlers/oidc"},
	{"github.com/go-jose/go-jose", []string{"handlers/oidc"}, "what a token is stays in handlers/oidc"},
	{"golang.org/x/oauth2", []string{"handlers/oidc"}, "what a token is stays in handlers/oidc"},
	{"golang.org/x/crypto", []string{"models/access"}, "passwords are hashed in one place"},
	{"html/template", []string{"views"}, "HTML is made in views"},
	{"github.com/yuin/goldmark", []string{"views"}, "HTML is made in views"},
	{"github.com/microcosm-cc/bluemonday", []string{"views"}, "HTML is made in views"},
	{"github.com/xuri/excelize", []string{"models/spend/sheet"}, "what a workbook is is known in one place"},
	{"github.com/mmcdole/gofeed", []string{"handlers/feeds"}, "what a feed looks like is known in one place"},
	{"github.com/danielgtaylor/huma", []string{"handlers/api"}, "how programs are answered is known in one place"},
	{"github.com/minio/minio-go", []string{"handlers/blobs"}, "how files are kept is known in one place"},
	{"github.com/ledongthuc/pdf", []string{"handlers/intake"}, "what is in a file is known in one place"},
	{"github.com/wneessen/go-mail", []string{"handlers/mail"}, "how letters go is known in one place"},
	{"testing", []string{"db/dbtest", "handlers/mail/mailtest"}, "the program carries no tests"},
}

func TestPackagesOfOthersStayAtHome(t *testing.T) {
	for _, p := range packages(t) {
		for _, h := range homes {
			for _, dep := range p.Imports {
				if below([]string{h.path}, dep) && !slices.Contains(h.rooms, p.room()) && dep != "database/sql/driver" {
					t.Errorf("%s must not import %s: %s", p.room(), dep, h.why)
				}
			}
		}
		for _, dep := range p.Deps {
			if strings.HasPrefix(dep, module) && strings.HasSuffix(dep, "test") && !strings.HasSuffix(p.room(), "test") {
				t.Errorf("%s must not import %s: it is for tests", p.room(), dep)
			}
		}
	}
}

func TestTheTopLevelIsKept(t *testing.T) {
	allowed := []string{"cmd", "handlers", "models", "views", "assets", "db", "go.mod", "go.sum", "Procfile", "README.md"}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		made := strings.HasPrefix(e.Name(), "pilveturg.db") // by running the program here
		if !slices.Contains(allowed, e.Name()) && !strings.HasPrefix(e.Name(), ".") && !made {
			t.Errorf("%s does not belong to the top level", e.Name())
		}
	}
}

func TestModulesComeFromWhereTheySay(t *testing.T) {
	out, err := exec.Command("go", "mod", "edit", "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var mod struct {
		Module           struct{ Path string }
		Replace, Exclude []any
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	if mod.Module.Path != module || len(mod.Replace) > 0 || len(mod.Exclude) > 0 {
		t.Errorf("go.mod of %s: %d replaced, %d excluded; want %s and none", mod.Module.Path, len(mod.Replace), len(mod.Exclude), module)
	}
}
