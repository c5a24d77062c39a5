package web

import (
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// smallest is the size in bytes from which compressing pays.
const smallest = 1024

const pageType = "text/html; charset=utf-8"

// html answers with a page.
func html(r *Request, status int, b []byte) {
	r.c.Writer.Header()["Cache-Control"] = noCache
	if r.private {
		r.c.Writer.Header()["Cache-Control"] = noStore
	}
	write(r, status, pageType, b, nil)
}

var (
	noCache = []string{"no-cache"}
	noStore = []string{"private, no-store"}
	vary    = []string{"Accept-Encoding, Cookie"}
)

// write sends the whole body at once, compressed as the browser likes it best, or
// as it was compressed before.
func write(r *Request, status int, kind string, b, zipped []byte) {
	c := r.c
	encoding := encodingOf(c)
	switch {
	case encoding == "" || len(b) < smallest || r.private && zipped == nil && !r.asked():
		encoding = ""
	case zipped != nil && takes(c.Request.Header.Get("Accept-Encoding"), "gzip"):
		encoding, b = "gzip", zipped
	default:
		b = compress(encoding, b)
	}
	send(c, status, kind, encoding, b)
}

// send answers with a body that is in the encoding, "" for none.
func send(c *gin.Context, status int, kind, encoding string, b []byte) {
	h := c.Writer.Header()
	h["Content-Type"] = []string{kind}
	if h["Vary"] == nil {
		h["Vary"] = vary
	}
	if encoding != "" {
		h["Content-Encoding"] = []string{encoding}
	}
	h["Content-Length"] = []string{strconv.Itoa(len(b))}
	c.Writer.WriteHeader(status)
	if c.Request.Method != http.MethodHead {
		_, _ = c.Writer.Write(b) // a browser that has gone is nobody to tell
	}
}

// encodingOf is the encoding that the browser likes best of ours, "" for none.
func encodingOf(c *gin.Context) string {
	accepts := c.Request.Header.Get("Accept-Encoding")
	for _, encoding := range [...]string{"zstd", "gzip"} {
		if accepts != "" && takes(accepts, encoding) {
			return encoding
		}
	}
	return ""
}

func compress(encoding string, b []byte) []byte {
	if encoding == "zstd" {
		return zstdWriter().EncodeAll(b, make([]byte, 0, len(b)/4))
	}
	return gzipped(b)
}

// takes reports whether an Accept-Encoding names the encoding, and does not refuse
// it by a weight of 0.
func takes(accepts, encoding string) bool {
	_, rest, found := strings.Cut(accepts, encoding)
	if !found {
		return false
	}
	weight, _, _ := strings.Cut(strings.ReplaceAll(rest, " ", ""), ",")
	return !strings.HasPrefix(weight, ";q=0") || strings.Trim(weight[len(";q=0"):], ".0") != ""
}

// zstdWriter is one encoder for all; its EncodeAll may be called at once.
var zstdWriter = sync.OnceValue(func() *zstd.Encoder {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic(err) // only wrong options are refused, and these are ours
	}
	return w
})

var gzips = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // as above
	}
	return w
}}

func gzipped(b []byte) []byte {
	w := gzips.Get().(*gzip.Writer)
	defer gzips.Put(w)
	out := sink(make([]byte, 0, len(b)/4))
	w.Reset(&out)
	_, _ = w.Write(b) // a sink takes all
	_ = w.Close()
	return out
}

// sink gathers what is written.
type sink []byte

func (s *sink) Write(b []byte) (int, error) {
	*s = append(*s, b...)
	return len(b), nil
}

func stack() string { return string(debug.Stack()) }
