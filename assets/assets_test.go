package assets

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

func TestEveryAssetIsServedWhereItsPathSays(t *testing.T) {
	for name, contentType := range map[string]string{
		"app.css":     "text/css; charset=utf-8",
		"app.js":      "text/javascript; charset=utf-8",
		"favicon.svg": "image/svg+xml",
	} {
		p := Path(name)
		if !regexp.MustCompile(`^/assets/[a-z]+\.[0-9a-f]{12}\.[a-z]+$`).MatchString(p) {
			t.Errorf("Path(%q) = %q; want a hash in it", name, p)
		}
		f, ok := Open(p)
		if !ok || f.Type != contentType || len(f.Body) == 0 {
			t.Errorf("Open(%q) = %v, %t; want a %s", p, f, ok, contentType)
		}
	}
}

func TestWhatIsNoAssetIsNotFound(t *testing.T) {
	if p := Path("nothing.css"); p != "" {
		t.Errorf("Path of nothing = %q; want none", p)
	}
	for _, p := range []string{
		"", "/assets/", "/assets/app.css", "/assets/app.000000000000.css",
		"/assets/../assets.go", "app.css", strings.ToUpper(Path("app.css")),
	} {
		if _, ok := Open(p); ok {
			t.Errorf("Open(%q) found a file", p)
		}
	}
}

func TestTheHashFollowsTheContent(t *testing.T) {
	a, b, c := newFile("a.css", []byte("x")), newFile("a.css", []byte("y")), newFile("a.css", []byte("x"))
	if a.Path == b.Path || a.Path != c.Path {
		t.Errorf("paths %s, %s, %s; want the first and third equal, the second not", a.Path, b.Path, c.Path)
	}
}

func TestGzipUnpacksToTheSameBytes(t *testing.T) {
	for _, name := range []string{"app.css", "app.js", "favicon.svg"} {
		f, _ := Open(Path(name))
		r, err := gzip.NewReader(bytes.NewReader(f.Gzip()))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, f.Body) {
			t.Errorf("%s does not unpack to itself: %v", name, err)
		}
		if len(f.Gzip()) >= len(f.Body) {
			t.Errorf("%s: %d bytes compressed, %d plain", name, len(f.Gzip()), len(f.Body))
		}
	}
}

// The pages' Content-Security-Policy allows nothing from elsewhere.
func TestAssetsFetchNothingFromElsewhere(t *testing.T) {
	for _, name := range []string{"app.css", "app.js"} {
		f, _ := Open(Path(name))
		for _, bad := range []string{"@import", "url(", "//cdn", "eval(", "innerHTML", ".style."} {
			if bytes.Contains(f.Body, []byte(bad)) {
				t.Errorf("%s contains %q", name, bad)
			}
		}
	}
}

func TestTheThreeAssetsStaySmall(t *testing.T) {
	for name, most := range map[string]int{"app.css": 6_000, "app.js": 3_000, "favicon.svg": 600} {
		f, _ := Open(Path(name))
		if n := len(f.Gzip()); n > most {
			t.Errorf("%s is %d bytes compressed; want at most %d", name, n, most)
		}
	}
}
