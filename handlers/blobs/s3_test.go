package blobs_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pilveturg/handlers/blobs"
)

// s3 is a server with one bucket, as far as the bucket needs it. It takes no request that
// is not signed by the key, see "Signature Version 4" in the reference of Amazon S3.
type s3 struct {
	t       *testing.T
	server  *httptest.Server
	mu      sync.Mutex
	objects map[string][]byte
}

const (
	s3Bucket = "bucket"
	s3Key    = "key"
	s3Secret = "secret"
	s3Region = "eu-test-1"
)

func newS3(t *testing.T) *s3 {
	s := &s3{t: t, objects: map[string][]byte{}}
	s.server = httptest.NewServer(s)
	t.Cleanup(s.server.Close)
	return s
}

func (s *s3) config() blobs.BucketConfig {
	at, err := url.Parse(s.server.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	return blobs.BucketConfig{Endpoint: *at, Region: s3Region, Name: s3Bucket, Prefix: "/kept/in/", Key: s3Key, Secret: s3Secret}
}

func (s *s3) put(name string, content []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects[name] = content
}

// ServeHTTP implements [http.Handler].
func (s *s3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.URL.Path, "/"+s3Bucket+"/")
	if !ok || !s.signed(r) {
		s.fail(w, http.StatusForbidden, "SignatureDoesNotMatch")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	content, there := s.objects[name]
	switch {
	case r.Method == http.MethodPut:
		b, err := body(r)
		if err != nil {
			s.fail(w, http.StatusBadRequest, "BadDigest")
			return
		}
		s.objects[name] = b
		w.Header().Set("ETag", `"etag"`)
	case r.Method == http.MethodDelete:
		delete(s.objects, name)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet && name == "":
		s.list(w, r.URL.Query().Get("prefix"))
	case r.Method == http.MethodGet && there:
		w.Header().Set("ETag", `"etag"`)
		w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
		_, _ = w.Write(content)
	default:
		s.fail(w, http.StatusNotFound, "NoSuchKey")
	}
}

func (s *s3) fail(w http.ResponseWriter, code int, what string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(code)
	fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", what)
}

func (s *s3) list(w http.ResponseWriter, prefix string) {
	type object struct {
		Key          string
		LastModified time.Time
		ETag         string
		Size         int
	}
	var all struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		Name     string
		Contents []object
	}
	all.Name = s3Bucket
	for name, content := range s.objects {
		if strings.HasPrefix(name, prefix) {
			all.Contents = append(all.Contents, object{name, time.Now().UTC(), "etag", len(content)})
		}
	}
	w.Header().Set("Content-Type", "application/xml")
	_ = xml.NewEncoder(w).Encode(all)
}

// body reads what is sent, in one piece or in chunks that are each signed.
func body(r *http.Request) ([]byte, error) {
	b, err := io.ReadAll(r.Body)
	if err != nil || !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return b, err
	}
	var all []byte
	for len(b) > 0 {
		head, rest, _ := bytes.Cut(b, []byte("\r\n"))
		digits, _, _ := bytes.Cut(head, []byte(";"))
		n, err := strconv.ParseUint(string(digits), 16, 31)
		if err != nil || int(n) > len(rest) {
			return nil, fmt.Errorf("chunk %q: %v", head, err)
		}
		all = append(all, rest[:n]...)
		if b = bytes.TrimPrefix(rest[n:], []byte("\r\n")); n == 0 {
			break
		}
	}
	return all, nil
}

// signed works out the signature of a request, and compares.
func (s *s3) signed(r *http.Request) bool {
	fields := map[string]string{}
	auth, _ := strings.CutPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ")
	for _, part := range strings.Split(auth, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[name] = value
	}
	key, scope, _ := strings.Cut(fields["Credential"], "/")
	at := r.Header.Get("X-Amz-Date")
	if key != s3Key || len(at) < 8 || scope != at[:8]+"/"+s3Region+"/s3/aws4_request" {
		return false
	}
	canonical := []string{r.Method, r.URL.EscapedPath(), strings.ReplaceAll(r.URL.Query().Encode(), "+", "%20")}
	names := strings.Split(fields["SignedHeaders"], ";")
	slices.Sort(names)
	for _, name := range names {
		value := strings.Join(r.Header.Values(name), ",")
		if name == "host" {
			value = r.Host
		}
		if name == "content-length" {
			value = strconv.FormatInt(r.ContentLength, 10)
		}
		canonical = append(canonical, name+":"+strings.TrimSpace(value))
	}
	canonical = append(canonical, "", strings.Join(names, ";"), r.Header.Get("X-Amz-Content-Sha256"))
	hash := sha256.Sum256([]byte(strings.Join(canonical, "\n")))
	sign := []byte("AWS4" + s3Secret)
	for _, part := range append(strings.Split(scope, "/"), strings.Join([]string{"AWS4-HMAC-SHA256", at, scope, hex.EncodeToString(hash[:])}, "\n")) {
		mac := hmac.New(sha256.New, sign)
		mac.Write([]byte(part))
		sign = mac.Sum(nil)
	}
	return hex.EncodeToString(sign) == fields["Signature"]
}
