package assets

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

//go:embed app.css app.js favicon.svg
var files embed.FS

// Prefix is where the assets live on the site.
const Prefix = "/assets/"

// contentTypes says what may be served, by the end of the name.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// File is one asset, ready to be sent.
type File struct {
	Path string // with the content's hash: "/assets/app.0123456789ab.css"
	Type string // the Content-Type header
	Body []byte // must not be changed
	gzip func() []byte
}

// Gzip returns the body compressed as hard as gzip can. It is compressed at the
// first call and must not be changed.
func (f *File) Gzip() []byte { return f.gzip() }

// Path returns the address of the asset called name, "app.css" say, or "" when
// there is none.
func Path(name string) string {
	if f := all().byName[name]; f != nil {
		return f.Path
	}
	return ""
}

// Open returns the asset at an address that [Path] gave. An address with another
// hash is not found: what it names is no longer known.
func Open(address string) (*File, bool) {
	f, ok := all().byPath[address]
	return f, ok
}

type set struct {
	byName, byPath map[string]*File
}

// all reads the embedded files at the first use, once.
var all = sync.OnceValue(func() set {
	s := set{byName: map[string]*File{}, byPath: map[string]*File{}}
	entries, _ := files.ReadDir(".") // an embedded folder can always be read
	for _, e := range entries {
		body, _ := files.ReadFile(e.Name())
		f := newFile(e.Name(), body)
		s.byName[e.Name()], s.byPath[f.Path] = f, f
	}
	return s
})

func newFile(name string, body []byte) *File {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	return &File{
		Path: fmt.Sprintf("%s%s.%s%s", Prefix, strings.TrimSuffix(name, ext), hex.EncodeToString(sum[:6]), ext),
		Type: contentTypes[ext],
		Body: body,
		gzip: sync.OnceValue(func() []byte { return compress(body) }),
	}
}

func compress(body []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a valid one
	w.Write(body)                                         // a bytes.Buffer takes everything
	w.Close()
	return b.Bytes()
}
