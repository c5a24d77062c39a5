package handlers

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"iter"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/intake/intaketest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/documents"
)

// cellar keeps contents in memory, unless it is full.
type cellar struct {
	mu   sync.Mutex
	all  map[string][]byte
	full bool
}

type inMemory struct{ *bytes.Reader }

func (inMemory) Close() error { return nil }

func (c *cellar) Put(_ context.Context, r io.Reader, _ int64) (documents.Stored, error) {
	b, err := io.ReadAll(r)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.full {
		err = errors.New("no space left on device")
	}
	if err != nil {
		return documents.Stored{}, err
	}
	if c.all == nil {
		c.all = map[string][]byte{}
	}
	sum := sha256.Sum256(b)
	s := documents.Stored{Hash: hex.EncodeToString(sum[:]), Size: int64(len(b))}
	c.all[s.Hash] = b
	return s, nil
}

func (c *cellar) Open(_ context.Context, hash string) (documents.Content, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if b, ok := c.all[hash]; ok {
		return inMemory{bytes.NewReader(b)}, nil
	}
	return nil, documents.ErrNoBlob
}

func (c *cellar) Delete(_ context.Context, hash string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.all, hash)
	return nil
}

func (c *cellar) List(context.Context) iter.Seq2[documents.Stored, error] { return nil }

// multiparts is a form with a file, as browsers send it.
func multiparts(form url.Values) (body, kind string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range form {
		for _, v := range values {
			part, err := w.CreateFormField(name)
			if name == fieldFile {
				part, err = w.CreateFormFile(name, "../../evil\"name.exe")
			}
			if err == nil {
				_, err = io.WriteString(part, v)
			}
			if err != nil {
				panic(err) // memory takes all
			}
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String(), w.FormDataContentType()
}

func (w *walls) upload(*caller, string) url.Values {
	return url.Values{fieldFile: {string(intaketest.PDF(w.word(), ""))}, "title": {"Terms"}, "language": {"en"}, "kind": {"terms"}}
}

// aDocument is one of the owner's vendor.
func (w *walls) aDocument(owner *caller) string {
	org := owner.org
	if owner.role != models.VendorEditor && owner.role != models.VendorManager {
		org = 3
	}
	return strconv.FormatInt(w.bring(org, owner.account, wordOfPerson+owner.name).ID, 10)
}

// bring makes a document of the vendor.
func (s *peopleSite) bring(vendor, account int64, title string) documents.Document {
	s.t.Helper()
	content := intaketest.PDF(title+" "+rand.Text(), "")
	kept, err := s.Files.Blobs.Put(s.t.Context(), bytes.NewReader(content), documents.MaxSize)
	if err != nil {
		s.t.Fatal(err)
	}
	d := documents.Document{Hash: kept.Hash, Details: documents.Details{Title: title, Language: "en", Kind: catalogue.PaperTerms}}
	actor := models.Actor{AccountID: account, OrgID: vendor, Roles: []models.Role{models.VendorEditor}}
	if err := s.DB.Write(s.t.Context(), actor, func(tx *db.Tx) error {
		if err := documents.Expect(s.t.Context(), tx, kept, documents.PDF); err != nil {
			return err
		}
		return documents.Add(s.t.Context(), tx, &d, "the lighthouse of "+title, documents.Read, 0)
	}); err != nil {
		s.t.Fatal(err)
	}
	if d, err = documents.Find(s.t.Context(), s.DB, actor, d.ID); err != nil {
		s.t.Fatal(err)
	}
	return d
}

// aFile is one that everybody may read.
func (w *walls) aFile(*caller) string {
	d := w.bring(3, w.buyer, "Terms")
	w.put(w.listing(w.word(), func(_ *catalogue.Listing, v *catalogue.Version) { v.Documents = []catalogue.Paper{d.Paper()} }))
	return strconv.FormatInt(d.ID, 10)
}

// vendorSite is a site with files, and a caller who writes for the vendor 3.
func vendorSite(t *testing.T) (*walls, *caller) {
	t.Helper()
	w := newWalls(t)
	for _, c := range w.callers {
		if c.role == models.VendorEditor && c.org == 3 {
			return w, c
		}
	}
	t.Fatal("there is no editor")
	return nil, nil
}

// sends posts a form, and wants words in what follows.
func (w *walls) sends(c *caller, address string, form url.Values, code int, words ...string) *httptest.ResponseRecorder {
	w.t.Helper()
	a := w.ask(c, http.MethodPost, address, form)
	if a.Code != code {
		w.t.Fatalf("%s answers %d: %s", address, a.Code, a.Body)
	}
	for _, word := range words {
		if !strings.Contains(a.Body.String(), word) {
			w.t.Errorf("%s does not say %q", address, word)
		}
	}
	return a
}

func TestAVendorUploadsAFile(t *testing.T) {
	w, editor := vendorSite(t)
	w.Files.Text = func(context.Context, []byte) (string, documents.Reading, error) {
		return "what is said", documents.Read, nil
	}
	form := w.upload(editor, "")
	form.Set("title", "Teenuse <b>tingimused")
	form.Set("valid_until", "1.2.2199")
	a := w.sends(editor, "/en/vendor/documents", form, http.StatusSeeOther)
	page := w.ask(editor, http.MethodGet, a.Header().Get("Location"), nil).Body.String()
	for _, word := range []string{"Teenuse &lt;b&gt;tingimused", "was read, and is searched", "with none yet", `href="/files/`, "PDF, 1 kB", `value="2199-02-01"`} {
		if !strings.Contains(page, word) {
			t.Errorf("its page does not say %q", word)
		}
	}
	list := w.ask(editor, http.MethodGet, "/en/vendor/documents", nil).Body.String()
	if !strings.Contains(list, "1 document") || !strings.Contains(list, `enctype="multipart/form-data"`) {
		t.Error("it is not in the list, or the list has no form")
	}
	form.Set("title", "Another")
	w.sends(editor, "/en/vendor/documents", form, http.StatusUnprocessableEntity, "You have this very file already.", `value="Another"`)
}

func TestFilesThatAreRefusedSayWhy(t *testing.T) {
	w, editor := vendorSite(t)
	form := w.upload(editor, "")
	with := func(name, value string) url.Values {
		f := url.Values{}
		for k, v := range form {
			f[k] = v
		}
		f.Set(name, value)
		return f
	}
	for _, c := range []struct {
		name string
		form url.Values
		want string
	}{
		{"no file", with(fieldFile, ""), "Choose a file."},
		{"a page that says it is a PDF", with(fieldFile, "<html>"), "neither a PDF nor an OpenDocument"},
		{"half a file", with(fieldFile, form.Get(fieldFile)[:200]), "damaged or not whole"},
		{"JavaScript", with(fieldFile, string(intaketest.PDF("x", "/OpenAction << /S /JavaScript >>"))), "runs programs"},
		{"too large", with(fieldFile, strings.Repeat("x", 6_000_000)), "larger than 5 MB"},
		{"a title that is missing", with("title", " "), "Say what the document is called."},
		{"and then the file again", with("title", " "), "Choose the file again"},
		{"a day that is none", with("valid_until", "soon"), `value="soon"`},
	} {
		if a := w.sends(editor, "/en/vendor/documents", c.form, http.StatusUnprocessableEntity, c.want, `<option value="terms" selected>`); strings.Contains(a.Body.String(), "exe") {
			t.Errorf("%s: the name of the file is told", c.name)
		}
	}
	w.sends(editor, "/et/vendor/documents", with(fieldFile, "<html>"), http.StatusUnprocessableEntity, "ei ole PDF- ega OpenDocument-fail")
	w.sends(editor, "/en/vendor/documents", url.Values{"title": {"x"}}, http.StatusUnprocessableEntity, "Choose a file.")
	w.Files.Blobs.(*cellar).full = true
	w.sends(editor, "/en/vendor/documents", form, http.StatusServiceUnavailable, "Files cannot be kept just now", `value="Terms"`)
	w.Files.Blobs = nil
	w.sends(editor, "/en/vendor/documents", form, http.StatusServiceUnavailable, "Files cannot be kept just now")
	if a := w.ask(editor, http.MethodGet, "/en/vendor/documents", nil); a.Code != http.StatusOK || !strings.Contains(a.Body.String(), "Files cannot be kept just now") {
		t.Errorf("without a place for files the list answers %d", a.Code)
	}
}

func TestAFileIsHandedOn(t *testing.T) {
	w, editor := vendorSite(t)
	visitor := w.callers[0]
	d := w.bring(3, editor.account, "Price list")
	path := filePath(d)
	if a := w.ask(visitor, http.MethodGet, path, nil); a.Code != http.StatusNotFound {
		t.Errorf("before it is published a visitor gets %d", a.Code)
	}
	a := w.ask(editor, http.MethodGet, path, nil)
	if a.Code != http.StatusOK || a.Header().Get("Cache-Control") != "private, no-store" {
		t.Errorf("its vendor gets %d, %v", a.Code, a.Header())
	}
	id := w.put(w.listing("shows", func(_ *catalogue.Listing, v *catalogue.Version) { v.Documents = []catalogue.Paper{d.Paper()} }))
	w.follow()
	page := w.ask(visitor, http.MethodGet, "/en"+servicePath(id, "shows"), nil)
	if page.Code == http.StatusMovedPermanently {
		page = w.ask(visitor, http.MethodGet, page.Header().Get("Location"), nil)
	}
	for _, word := range []string{`href="` + path + `"`, "Download (PDF, 1 kB)", "the lighthouse of Price list", "Not checked"} {
		if !strings.Contains(page.Body.String(), word) {
			t.Errorf("the page of the service does not say %q", word)
		}
	}
	a = w.ask(visitor, http.MethodGet, path, nil)
	for name, want := range map[string]string{"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename=price-list.pdf", "X-Content-Type-Options": "nosniff",
		"Cache-Control": "public, no-cache", "Etag": `"` + d.Hash + `"`, "Accept-Ranges": "bytes", "Set-Cookie": ""} {
		if got := a.Header().Get(name); got != want {
			t.Errorf("%s is %q; want %q", name, got, want)
		}
	}
	if policy := a.Header().Get("Content-Security-Policy"); a.Code != http.StatusOK || !strings.Contains(policy, "sandbox") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("%d under %q", a.Code, policy)
	}
	whole := a.Body.String()
	for _, c := range []struct {
		name, header, value, body string
		code                      int
	}{
		{"the same again", "If-None-Match", `"` + d.Hash + `"`, "", http.StatusNotModified},
		{"a part", "Range", "bytes=1-3", whole[1:4], http.StatusPartialContent},
		{"a part that is not there", "Range", "bytes=999999-", "", http.StatusRequestedRangeNotSatisfiable},
	} {
		a := w.ask(visitor, http.MethodGet, path, nil, c.header, c.value)
		if a.Code != c.code || c.body != "" && a.Body.String() != c.body {
			t.Errorf("%s: %d %q", c.name, a.Code, a.Body)
		}
	}
	if a := w.ask(visitor, http.MethodHead, path, nil); a.Code != http.StatusOK || a.Body.Len() > 0 || a.Header().Get("Content-Length") != strconv.Itoa(len(whole)) {
		t.Errorf("HEAD: %d, %v", a.Code, a.Header())
	}
	if a := w.ask(visitor, http.MethodGet, "/files/"+strconv.FormatInt(d.ID, 10)+"/other.pdf", nil); a.Code != http.StatusFound || a.Header().Get("Location") != path {
		t.Errorf("by another name: %d to %q", a.Code, a.Header().Get("Location"))
	}
	w.Files.Blobs = &cellar{}
	if a := w.ask(visitor, http.MethodGet, path, nil, "Accept-Language", "et"); a.Code != http.StatusServiceUnavailable || !strings.Contains(a.Body.String(), "Faili ei saa praegu kätte") {
		t.Errorf("when it is not there: %d %s", a.Code, a.Body)
	}
}

func TestADocumentThatIsShownStays(t *testing.T) {
	w, editor := vendorSite(t)
	d := w.bring(3, editor.account, "Terms")
	w.put(w.listing("shows", func(_ *catalogue.Listing, v *catalogue.Version) { v.Documents = []catalogue.Paper{d.Paper()} }))
	path := "/en" + documentPath(d.ID)
	w.sends(editor, path+"/removal", nil, http.StatusConflict, "A listing shows the document, or waits")
	a := w.sends(editor, path+"/replacement", w.upload(editor, ""), http.StatusSeeOther)
	if to := a.Header().Get("Location"); to == path {
		t.Errorf("it leads to %s", to)
	}
	if a := w.ask(editor, http.MethodGet, path, nil); !strings.Contains(a.Body.String(), "Another document has come in the place of this one.") {
		t.Error("its page does not say that it was replaced")
	}
	if a := w.ask(w.callers[0], http.MethodGet, filePath(d), nil); a.Code != http.StatusOK {
		t.Errorf("what the listing shows answers %d", a.Code)
	}
}

func TestWhatIsCheckedIsSearched(t *testing.T) {
	w, editor := vendorSite(t)
	d := w.bring(3, editor.account, "Terms")
	w.put(w.listing("shows", func(_ *catalogue.Listing, v *catalogue.Version) { v.Documents = []catalogue.Paper{d.Paper()} }))
	w.follow()
	search := "/en/services?q=lighthouse"
	if a := w.ask(w.callers[0], http.MethodGet, search, nil); strings.Contains(a.Body.String(), "shows") {
		t.Error("it is found before anybody looked at it")
	}
	for _, c := range w.callers {
		if c.role == models.Moderator {
			w.sends(c, "/en/admin/documents/"+strconv.FormatInt(d.ID, 10)+"/check", nil, http.StatusSeeOther)
			break
		}
	}
	w.follow()
	if a := w.ask(w.callers[0], http.MethodGet, search, nil); !strings.Contains(a.Body.String(), "shows") {
		t.Errorf("it is not found once somebody looked at it: %s", a.Body)
	}
}

func TestADocumentIsAddedToAListing(t *testing.T) {
	p := newPeopleSite(t)
	p.Files.Blobs = &cellar{}
	b := p.seller("editor@tahvel.example", models.VendorEditor)
	var me int64
	if err := p.DB.Get(t.Context(), &me, `SELECT id FROM accounts WHERE mail = 'editor@tahvel.example'`); err != nil {
		t.Fatal(err)
	}
	d, spare, theirs := p.bring(3, me, "Terms"), p.bring(3, me, "Spare"), p.bring(4, me, "Theirs")
	id, _ := p.sent(p.admin, 3, testContent(t, "Tahvel"))
	own := listingPath(id)
	papers := "/en" + own + "/edit/documents"
	add := func(d documents.Document) string { return actAddFile + ":" + strconv.FormatInt(d.ID, 10) }
	b.open(papers, 200, "Add “Terms”", "Add “Spare”", "!Theirs", "Upload a document")
	b.saves(papers, add(d), nil, 200, "Document 1", "Your file: PDF", "!Add “Terms”", `value="Terms"`)
	b.open("/en"+own, 200, "1 document", "!problem")
	b.saves(papers, add(theirs), nil, 200, "!Document 2", "!Theirs")
	b.saves(papers, "save", url.Values{"d0.title": {"Terms of use"}}, 200, "!There is a problem")
	if got := p.lastDraft().Content.Documents; len(got) != 1 || got[0].File != d.Hash || got[0].URL != "" || got[0].Proof != catalogue.Stated {
		t.Fatalf("the draft has %+v", got)
	}
	send := func(code int, texts ...string) {
		t.Helper()
		b.post("/en"+own+"/submit", code, append([]string{"seen", b.fields(papers).Get("seen"), ""}, texts...)...)
	}
	forged := strings.Repeat("ab", 32)
	b.saves(papers, "save", url.Values{"d0.file": {forged}}, 200, "is one that was replaced or removed")
	b.open("/en"+own+"/submit", 200, "Documents: The file is not among your uploaded documents")
	send(422, "It cannot be sent yet")
	b.saves(papers, "save", url.Values{"d0.file": {"nonsense"}}, 422, "named wrongly")
	b.saves(papers, "save", url.Values{"d0.file": {theirs.Hash}}, 200)
	send(422, "It cannot be sent yet") // what another vendor brought
	b.saves(papers, "save", url.Values{"d0.file": {d.Hash}, "d0.kind": {"certificate"}}, 200)
	send(200, "It was sent and waits for a moderator")
	b.post("/en"+documentPath(d.ID)+"/removal", 409, "", "waits to be shown")
	b.send("POST", "/en"+documentPath(d.ID)+"/replacement", url.Values{fieldFile: {string(intaketest.PDF("newer", ""))}, "title": {"Newer terms"}, "language": {"en"}, "kind": {"terms"}})
	b.follow("replacement", "/en"+documentPath(d.ID), 200, "Newer terms")
	now := p.DB.Now()
	p.DB.Now = func() time.Time { return now.AddDate(0, 2, 0) }
	if _, err := documents.Sweep(t.Context(), p.DB, p.admin, p.Files.Blobs); err != nil {
		t.Fatal(err)
	}
	if _, err := documents.Find(t.Context(), p.DB, p.admin, d.ID); err != nil {
		t.Errorf("what a moderator is to look at was swept away: %v", err)
	}
	p.DB.Now = func() time.Time { return now }
	b.post("/en"+documentPath(spare.ID)+"/removal", 200)
}
