package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"pilveturg/db"
)

// pages are the addresses that the browser looks at, below /{lang}: at least one
// of every template, and those with most on them.
var pages = []string{
	"/", "/services", "/services?q=kaart", "/services?q=zzzz", "/services?page=2",
	"/compare", "/compare?id=1", "/compare?id=1&id=2&id=3&id=4&w.year=5&w.notice_days=3",
	"/categories", "/categories/education", "/vendors", "/agencies",
	"/help", "/help/prices", "/help/data", "/help/glossary", "/about", "/accessibility", "/privacy", "/terms", "/contact", "/demo-data",
	"/sign-in", "/sign-up", "/sign-up/vendor", "/forgot", "/reset/none", "/nowhere",
}

// things are pages whose address holds a number, found by following links.
var things = []struct{ from, link string }{
	{"/services?q=e-kool", `main a[href*="/services/sc-"]`},
	{"/services?q=nutiteq", `main a[href*="/services/sc-"]`},
	{"/services?q=arhiivik", `main a[href*="/services/sc-"]`},
	{"/vendors", `main a[href*="/vendors/v-"]`},
	{"/agencies", `main a[href*="/agencies/a-"]`},
}

// browser is a headless Chromium looking at a portal with the demonstration data.
type browser struct {
	t    *testing.T
	ctx  context.Context
	base string // address of the portal, without a slash at the end
	axe  string // the accessibility checker's script
}

// needed tells where something that the tests need is. Without it they are skipped,
// but not where it has been promised to be.
func needed(t *testing.T, what, variable string, places ...string) string {
	t.Helper()
	if p := os.Getenv(variable); p != "" {
		places = []string{p}
	}
	for _, p := range places {
		if found, err := exec.LookPath(p); err == nil {
			return found
		}
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not at %v; set %s", what, places, variable)
	}
	t.Skipf("%s is not at %v; set %s to run this test", what, places, variable)
	return ""
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser is not short")
	}
	chromium := needed(t, "Chromium", "PILVETURG_CHROMIUM")
	home, _ := os.UserHomeDir()
	path := needed(t, "axe-core's axe.min.js", "PILVETURG_AXE", filepath.Join(home, ".cache/pilveturg-ci/node_modules/axe-core/axe.min.js"))
	axe, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.NoSandbox,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop := chromedp.NewContext(alloc)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, patience)
	t.Cleanup(stop)
	return &browser{t: t, ctx: ctx, base: demoPortal(t), axe: string(axe)}
}

// demoPortal starts a portal with the demonstration data and returns its address.
func demoPortal(t *testing.T) string {
	t.Helper()
	return portal(t, config{demo: true, contact: "portal@pilveturg.example"})
}

// portal starts a portal and returns its address.
func portal(t *testing.T, c config) string {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "demonstration.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	e := &env{out: io.Discard, err: io.Discard}
	ctx, stop := context.WithCancel(t.Context())
	h, follow, err := site(ctx, e, c, d, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var following sync.WaitGroup
	following.Go(func() { _ = follow() }) // which ends when it is told to
	t.Cleanup(func() {
		stop()
		following.Wait()
	})
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	for code, _ := get(t, s.URL+"/readyz"); code != http.StatusOK; code, _ = get(t, s.URL+"/readyz") {
		time.Sleep(10 * time.Millisecond)
	}
	if c.demo {
		waitForYears(t, d)
	}
	return s.URL
}

// waitForYears waits until the demonstration has its three years, which come after the
// first page.
func waitForYears(t *testing.T, d *db.DB) {
	t.Helper()
	story, err := demonstratedYears()
	if err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		waits, err := story.Waits(t.Context(), d)
		if err == nil && !waits { // for bills, which find out meanwhile what they are for
			err = d.Get(t.Context(), &waits, `SELECT COUNT(*) > 0 FROM ledger_batches t LEFT JOIN ledger_matchings m ON m.batch_id = t.id WHERE t.state = 'accepted' AND COALESCE(m.done, 0) = 0`)
		}
		if err != nil || time.Now().After(until) {
			t.Fatalf("three years of the demonstration do not come: %v", err)
		}
		if !waits {
			return
		}
	}
}

// eval runs a script in the page.
func eval[T any](b *browser, script string) T {
	b.t.Helper()
	v, err := tryEval[T](b, script)
	if err != nil {
		b.t.Fatalf("%s: %v", shortScript(script), err)
	}
	return v
}

func tryEval[T any](b *browser, script string) (T, error) {
	return chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

func shortScript(s string) string { return s[:min(len(s), 80)] }

// open shows an address in a window of the given width and in a theme.
func (b *browser) open(address string, width int64, theme string) {
	b.t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, media); err != nil {
		b.t.Fatal(err)
	}
	if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(b.base+address)); err != nil {
		b.t.Fatalf("%s: %v", address, err)
	}
}

// addresses are all the addresses to look at, things included, in one language.
func (b *browser) addresses(lang string) []string {
	b.t.Helper()
	var all []string
	for _, p := range pages {
		all = append(all, "/"+lang+p)
	}
	for _, th := range things {
		b.open("/"+lang+th.from, 1280, "light")
		href := eval[string](b, fmt.Sprintf(`document.querySelector(%q)?.getAttribute("href") ?? ""`, th.link))
		if href == "" {
			b.t.Errorf("/%s%s has no link %s", lang, th.from, th.link)
			continue
		}
		all = append(all, href)
		if strings.Contains(href, "/services/") {
			all = append(all, href+"/price", href+"/changes")
		}
	}
	return all
}

// looks are what pages are looked at in: wide and light, narrow and dark.
var looks = []struct {
	width int64
	theme string
}{{1280, "light"}, {320, "dark"}}

// patience bounds one test with a browser, on a machine that is busy.
const patience = 8 * time.Minute

// axeTags are the rules that pages are held to: WCAG 2.2 AA and good practice.
const axeTags = `["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]`

func (b *browser) check(address string) {
	b.t.Helper()
	found := eval[[]string](b, b.axe+`;axe.run(document,{runOnly:{type:"tag",values:`+axeTags+`}}).then(r =>
		r.violations.map(v => v.id+": "+v.nodes.map(n => n.target.join(" ")).slice(0,3).join(" | ")))`)
	for _, f := range found {
		b.t.Errorf("%s: %s", address, f)
	}
	wide := eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
	if wide > 0 {
		b.t.Errorf("%s: scrolls sideways by %d px", address, wide)
	}
}

func TestEveryPageIsAccessible(t *testing.T) {
	b := newBrowser(t)
	for _, lang := range []string{"et", "en"} {
		for _, address := range b.addresses(lang) {
			for _, look := range looks {
				b.open(address, look.width, look.theme)
				b.check(fmt.Sprintf("%s (%d px, %s)", address, look.width, look.theme))
			}
		}
	}
}

// spacing is the text spacing of WCAG 1.4.12; nothing may be cut off by it.
const spacing = `(() => {
	const s = new CSSStyleSheet();
	s.replaceSync("*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}");
	document.adoptedStyleSheets = [s];
	return [...document.querySelectorAll("main *, header *, footer *")].filter(e => {
		const c = getComputedStyle(e);
		return !e.closest(".vh") && ["hidden","clip"].includes(c.overflowX) && e.scrollWidth > e.clientWidth + 1;
	}).map(e => e.tagName + "." + e.className);
})()`

func TestTextMayBeSpacedOut(t *testing.T) {
	b := newBrowser(t)
	for _, address := range b.addresses("et") {
		b.open(address, 320, "light")
		for _, cut := range eval[[]string](b, spacing) {
			t.Errorf("%s: %s is cut off", address, cut)
		}
	}
}

// focus describes the element that has the focus: "" for none.
const focus = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body) return {};
	const c = getComputedStyle(e), r = e.getBoundingClientRect();
	return {name: e.tagName + " " + (e.textContent || e.name || "").trim().slice(0, 30),
		ring: c.outlineStyle === "solid" && parseFloat(c.outlineWidth) >= 3,
		seen: r.bottom > 0 && r.top < innerHeight && r.width > 0};
})()`

func TestTheKeyboardReachesEverything(t *testing.T) {
	b := newBrowser(t)
	for _, address := range b.addresses("en") {
		b.open(address, 1280, "light")
		stops := eval[int](b, `[...document.querySelectorAll("a[href],button,input,select,textarea,summary,[tabindex='0']")]
			.filter(e => !e.disabled && e.checkVisibility() && !e.closest("details:not([open]) > :not(summary)")).length`)
		reached := 0
		for range stops + 5 {
			if err := chromedp.Do(b.ctx, chromedp.KeyEvent(kb.Tab)); err != nil {
				t.Fatal(err)
			}
			at := eval[struct {
				Name string `json:"name"`
				Ring bool   `json:"ring"`
				Seen bool   `json:"seen"`
			}](b, focus)
			if at.Name == "" {
				break
			}
			reached++
			if !at.Ring || !at.Seen {
				t.Errorf("%s: %q has focus with ring %t, in sight %t", address, at.Name, at.Ring, at.Seen)
			}
		}
		if reached < stops {
			t.Errorf("%s: Tab reached %d of %d", address, reached, stops)
		}
	}
}

func TestPagesWorkWithoutScript(t *testing.T) {
	b := newBrowser(t)
	b.open("/en/services?q=paevik+lite", 1280, "light") // sold by the pupil
	service := eval[string](b, `document.querySelector('main a[href*="/services/sc-"]').getAttribute("href")`)
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.open(service, 1280, "light")
	field := `main input[name="n.pupil"]`
	err := chromedp.Do(b.ctx, chromedp.SetValue(field, "2000"), chromedp.Focus(field), chromedp.KeyEvent("\r"))
	if err != nil {
		t.Fatal(err)
	}
	at := ""
	for range 100 { // a form takes its time
		if at, err = chromedp.Run(b.ctx, chromedp.Location()); err != nil || strings.Contains(at, "n.pupil") {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err != nil || !strings.Contains(at, "n.pupil=2000") {
		t.Errorf("the calculator led to %s, %v; want the quantity in the address", at, err)
	}
	if err := chromedp.Do(b.ctx, chromedp.WaitReady("footer")); err != nil {
		t.Fatal(err)
	}
	if text := eval[string](b, `document.querySelector("main").textContent.replaceAll("\u00a0", " ")`); !strings.Contains(text, "2,000 pupils") {
		t.Error("the page does not tell the price for 2,000 pupils")
	}
}

// until waits for an expression to be true, a few seconds at most.
func (b *browser) until(what, expression string) {
	b.t.Helper()
	var err error
	for range 80 {
		var is bool
		// A page that is being left can answer nothing: that is "not yet", not a failure.
		if is, err = tryEval[bool](b, expression); is {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Errorf("%s: never true: %s (last error: %v)", what, expression, err)
}

func TestResultsFollowTheFiltersWithoutLeavingThePage(t *testing.T) {
	b := newBrowser(t)
	b.open("/en/services?q=school", 1280, "light")
	eval[bool](b, `window.stayed = true`)
	before := eval[string](b, `document.querySelector("#found").textContent`)
	eval[bool](b, `document.querySelector("input[form=ticks]").click() ?? true`)
	ticked := eval[string](b, `document.querySelector("input[form=ticks]").value`)
	box := `[...document.querySelectorAll("#facets input[name='f.sign_in']")].find(i => !i.disabled)`
	eval[bool](b, `(i => { i.closest("details").open = true; i.focus(); i.click(); return true })(`+box+`)`)
	b.until("a ticked filter is in the address", `location.search.includes("f.sign_in=")`)
	b.until("the results are others", fmt.Sprintf(`document.querySelector("#found").textContent !== %q`, before))
	b.until("what was done is said", `document.querySelector("#live")?.textContent === document.querySelector("#found").textContent`)
	for what, expression := range map[string]string{
		"the page was not left":                      `window.stayed === true`,
		"the box keeps the focus":                    `document.activeElement.name === "f.sign_in"`,
		"the filter can be removed by a link":        `document.querySelectorAll("#results ul.bar a.btn").length === 1`,
		"the count of the box is that of the list":   `document.activeElement.parentNode.querySelector("small").textContent === "(" + document.querySelector("#found").textContent.match(/\d+/)[0] + ")"`,
		"a service that is still found stays ticked": fmt.Sprintf(`(i => !i || i.checked)(document.querySelector("input[form=ticks][value='%s']"))`, ticked),
	} {
		if !eval[bool](b, expression) {
			t.Errorf("%s: not so", what)
		}
	}
	if err := chromedp.Do(b.ctx, chromedp.Focus("#s-q"), chromedp.KeyEvent(kb.End+" -school")); err != nil {
		t.Fatal(err)
	}
	b.until("typing searches", `document.querySelector("#found").textContent.startsWith("0 ")`)
	b.until("a filter that offers nothing is hidden", `document.querySelectorAll("#facets .facet[hidden]").length > 0`)
	eval[bool](b, `history.back() ?? true`)
	b.until("back leads to the results before", `document.readyState === "complete" && location.search.includes("f.sign_in=") && !location.search.includes("-school")`)
}

func TestWhatIsTypedIsCompleted(t *testing.T) {
	b := newBrowser(t)
	b.open("/en/services", 1280, "light")
	if err := chromedp.Do(b.ctx, chromedp.Focus("#s-q"), chromedp.KeyEvent("e-ko")); err != nil {
		t.Fatal(err)
	}
	b.until("services are suggested", `[...document.querySelectorAll("#suggested option")].some(o => o.value.startsWith("e-Kool"))`)
}
