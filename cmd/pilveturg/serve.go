package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"pilveturg/db"
	"pilveturg/handlers"
	"pilveturg/handlers/feeds"
	"pilveturg/handlers/fetch"
	post "pilveturg/handlers/mail"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/market"
	"pilveturg/models/matching"
	"pilveturg/models/procurement"
	"pilveturg/models/publishing"
	"pilveturg/models/search"
	"pilveturg/models/spend"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// patiences are how long the server waits for others.
type patiences struct {
	head   time.Duration // of a request
	body   time.Duration // of a request, with its head
	answer time.Duration // to be taken by a reader
	idle   time.Duration // between requests
}

const stopPatience = 10 * time.Second // for requests in flight when told to stop

const maxHead = 64 << 10 // bytes of the head of a request, its address included

// server answers by h, and cuts off who takes longer.
func (p patiences) server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: p.head,
		ReadTimeout:       p.body,
		WriteTimeout:      p.answer,
		IdleTimeout:       p.idle,
		MaxHeaderBytes:    maxHead,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// serve answers visitors until ctx is over.
func serve(ctx context.Context, e *env, l *line) error {
	c, _, err := l.config(0, 0)
	if err != nil {
		return err
	}
	c.warn(e)
	if _, err := c.mailServer(); err != nil {
		return err
	}
	ln, err := listen(ctx, c.addr) // first: when it fails, no database is made
	if err != nil {
		return err
	}
	defer ln.Close()
	d, err := openNewest(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	log := slog.New(slog.NewTextHandler(e.err, &slog.HandlerOptions{Level: c.log}))
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	h, follow, err := site(ctx, e, c, d, log)
	if err != nil {
		return err
	}
	var following sync.WaitGroup
	defer following.Wait() // before the database is closed
	defer stop(nil)
	following.Go(func() { stop(follow()) })
	following.Go(func() { tidyUp(ctx, d, c, log) })
	if err := warnOfPeople(ctx, e, c, d); err != nil {
		return err
	}
	if err := greet(ctx, e, d, ln.Addr()); err != nil {
		return err
	}
	patience := patiences{head: 5 * time.Second, body: 30 * time.Second, answer: time.Minute, idle: 2 * time.Minute}
	err = answer(ctx, patience.server(h, log), ln)
	if why := context.Cause(ctx); err == nil && !errors.Is(why, context.Canceled) {
		err = why
	}
	return err
}

// greet tells where the site is, and how the first administrator comes in.
func greet(ctx context.Context, e *env, d *db.DB, at net.Addr) error {
	n, err := identity.CountAdministrators(ctx, d)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "Pilveturg is at %s\n", address(at))
	if n == 0 {
		fmt.Fprintf(e.out, "Nobody administers it yet. Make the first administrator: pilveturg user add MAIL\n")
	}
	return nil
}

// tidyEvery is how often what is kept no longer is forgotten.
const tidyEvery = time.Hour

// tidyUp forgets what is kept no longer, and reminds vendors of what ends and of what
// grows stale, from time to time. Several processes over one database may all do so.
func tidyUp(ctx context.Context, d *db.DB, c config, log *slog.Logger) {
	for {
		if _, err := tidyOnce(ctx, d, "job tidy", c); err != nil && ctx.Err() == nil {
			log.Warn("tidy", "err", err)
		}
		if err := remindOnce(ctx, d, "job remind"); err != nil && ctx.Err() == nil {
			log.Warn("remind", "err", err)
		}
		select {
		case <-time.After(tidyEvery):
		case <-ctx.Done():
			return
		}
	}
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	why, do := err, "choose another with -addr"
	switch {
	case err == nil:
		return ln, nil
	case errors.Is(err, syscall.EADDRINUSE):
		why, do = errors.New("the port is taken"), "stop the program that has it, or choose another with -addr"
	case errors.Is(err, syscall.EACCES):
		why = errors.New("this user may not use the port")
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		why = errors.New("this machine has no such address")
	}
	return nil, fmt.Errorf("listen at %s: %w; %s", addr, why, do)
}

// site builds what answers requests, and fills an empty database if asked.
// follow keeps its search index as the catalogue is, and what all pages say as the
// operator has it, sends letters, and reads feeds of releases, until ctx is over.
func site(ctx context.Context, e *env, c config, d *db.DB, log *slog.Logger) (h http.Handler, follow func() error, err error) {
	schema, declaration, templates, err := loadQuestions()
	if err != nil {
		return nil, nil, err
	}
	demo, err := demonstrate(ctx, e, c, d, schema)
	if err != nil {
		return nil, nil, err
	}
	all, err := views.Load(views.Files, views.Site{Origin: c.origin})
	if err != nil {
		return nil, nil, fmt.Errorf("load pages: %w", err)
	}
	keys, err := c.keys(ctx, d)
	if err != nil {
		return nil, nil, err
	}
	office, err := newOffice(ctx, c, d, all)
	if err != nil {
		return nil, nil, err
	}
	seal, err := c.seal(ctx, d)
	if err != nil {
		return nil, nil, err
	}
	index, err := search.New(search.NewLayout(schema), models.DateOf(d.Now()))
	if err != nil {
		return nil, nil, fmt.Errorf("search index: %w", err)
	}
	counter, markets, err := newMarket(ctx, d, schema)
	if err != nil {
		return nil, nil, err
	}
	files, err := c.handling()
	if err != nil {
		return nil, nil, err
	}
	fetcher := fetch.New(fetch.Options{Agent: "Pilveturg" + about(c.origin)})
	s := handlers.NewSite(handlers.Options{
		Market: counter, Markets: markets, Files: files,
		DB: d, Schema: schema, Declaration: declaration, Index: index, Templates: templates, Views: all, Langs: locale.Tags(), Log: log,
		Origin: c.origin, Contact: c.contact, Demo: demo, Key: keys[0], MetricsToken: c.metrics, Proxies: c.proxies, OneClick: demo && c.demo, Settings: c.inForce(),
		Providers: clients(c.providers, d), IdentityKeys: keys, Need: c.need, Hasher: access.NewHasher(access.Strong(), runtime.GOMAXPROCS(0)), Seal: seal,
		MailServer: office.ServerName(), LetterKey: office.Key, Promise: c.promise, OCIDPrefix: c.ocidPrefix, CheckLinks: fetch.NewChecker(fetcher, d.Now).Broken, Fetch: fetcher.Bytes,
		People: peopleOf(d),
	})
	ready := func() {
		s.Searchable()
		spareMemory(e, index.Stats())
	}
	if err := s.ReadTexts(ctx); err != nil {
		return nil, nil, err
	}
	jobs := []func(context.Context){post.NewWorker(office, d, cmp.Or(c.zone, time.UTC), log).Run, s.FollowTexts, feeds.NewReader(d, fetcher, log).Run, counting(counter, log), keepingBooks(s.LedgerWorker(), log, tellingYears(demo && c.demo, d, schema)), matchingBills(d, schema, log), sendingReports(s, log)}
	return s.Handler(), func() error {
		return beside(ctx, jobs, func(ctx context.Context) error {
			return index.Follow(ctx, d, ready, func(err error) { log.Error("search index", "err", err) })
		})
	}, nil
}

// peopleOf knows what people are called.
func peopleOf(d *db.DB) handlers.PeopleNames {
	return func(ctx context.Context, accounts []int64) (map[int64]string, error) {
		return identity.Names(ctx, d, accounts)
	}
}

// tellingYears has the demonstration, where it is shown, tell of three years.
func tellingYears(shown bool, d *db.DB, schema *catalogue.Schema) func(context.Context, *spend.Worker) error {
	return func(ctx context.Context, w *spend.Worker) error {
		if !shown {
			return nil
		}
		return yearsDemonstration(ctx, d, schema, w)
	}
}

// keepingBooks reads files that wait for the ledger, after what is done before.
func keepingBooks(w *spend.Worker, log *slog.Logger, before func(context.Context, *spend.Worker) error) func(context.Context) {
	return func(ctx context.Context) {
		if err := before(ctx, w); err != nil && ctx.Err() == nil {
			log.Error("demonstration", "err", err)
		}
		w.Run(ctx, func(err error) { log.Error("file for the ledger", "err", err) })
	}
}

// matchingBills finds out what bills are for.
func matchingBills(d *db.DB, schema *catalogue.Schema, log *slog.Logger) func(context.Context) {
	return func(ctx context.Context) {
		(&matching.Worker{DB: d, Flows: matching.FlowsOf(schema)}).Run(ctx, func(err error) { log.Error("bills", "err", err) })
	}
}

// reportsEvery is how often it is looked for reports that are to be sent.
const reportsEvery = 15 * time.Minute

// sendingReports sends reports on their days.
func sendingReports(s *handlers.Site, log *slog.Logger) func(context.Context) {
	return func(ctx context.Context) {
		for {
			if _, err := s.SendReports(ctx); err != nil && ctx.Err() == nil {
				log.Error("reports", "err", err)
			}
			select {
			case <-time.After(reportsEvery):
			case <-ctx.Done():
				return
			}
		}
	}
}

// counting writes down what was counted, from time to time and at the end.
func counting(c *market.Counter, log *slog.Logger) func(context.Context) {
	return func(ctx context.Context) {
		c.Run(ctx, func(err error) { log.Warn("figures of the market", "err", err) })
	}
}

// beside runs f, and jobs until it is over.
func beside(ctx context.Context, jobs []func(context.Context), f func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	var working sync.WaitGroup
	defer working.Wait()
	defer stop()
	for _, job := range jobs {
		working.Go(func() { job(ctx) })
	}
	return f(ctx)
}

// about says in requests to others where they find who asks.
func about(origin string) string {
	if origin == "" {
		return ""
	}
	return " (+" + origin + ")"
}

// newOffice sends letters, by the mail server of the configuration.
func newOffice(ctx context.Context, c config, d *db.DB, all map[string]*views.Views) (post.Office, error) {
	server, err := c.mailServer()
	if err != nil {
		return post.Office{}, err
	}
	office := post.Office{Views: all, Server: server, Origin: c.origin}
	office.Key, err = identity.Key(ctx, d, "letters")
	return office, err
}

// newMarket counts how buyers meet offerings, and knows what they ask elsewhere. What
// they search for in vain is hashed under a key that the database keeps, so that what is
// counted on one day is known on the next.
func newMarket(ctx context.Context, d *db.DB, schema *catalogue.Schema) (*market.Counter, *market.Markets, error) {
	key, err := identity.Key(ctx, d, "market")
	if err != nil {
		return nil, nil, err
	}
	files, err := fs.Sub(db.Files, "market")
	if err != nil {
		return nil, nil, err
	}
	markets, err := market.LoadMarkets(files, schema)
	if err != nil {
		return nil, nil, err
	}
	counter, err := market.NewCounter(d, key, files)
	return counter, markets, err
}

// spareMemory has garbage collected before there is as much of it as of the index:
// Go lets the heap double, and of a large index that would be as much memory again
// for what a few requests leave behind. Whoever runs the program may know better,
// and says so by GOGC.
func spareMemory(e *env, st search.Stats) {
	if e.collectsAsTold() {
		return
	}
	debug.SetGCPercent(st.GCPercent())
	debug.FreeOSMemory() // what loading took besides
}

// collectsAsTold reports whether somebody said by GOGC when garbage is collected.
func (e *env) collectsAsTold() bool {
	return slices.ContainsFunc(e.vars, func(v string) bool {
		value, ok := strings.CutPrefix(v, "GOGC=")
		return ok && value != ""
	})
}

func loadSchema() (*catalogue.Schema, error) {
	files, err := fs.Sub(db.Files, "catalogue")
	if err != nil {
		return nil, err
	}
	return catalogue.LoadSchema(files)
}

// loadQuestions reads what is asked about services, what about their vendors, and what
// bodies usually require.
func loadQuestions() (*catalogue.Schema, *publishing.Questionnaire, []procurement.Template, error) {
	schema, err := loadSchema()
	if err != nil {
		return nil, nil, nil, err
	}
	declaration, err := loadDeclaration()
	if err != nil {
		return nil, nil, nil, err
	}
	files, err := fs.Sub(db.Files, "catalogue")
	if err != nil {
		return nil, nil, nil, err
	}
	templates, err := procurement.LoadTemplates(files, schema)
	return schema, declaration, templates, err
}

// loadDeclaration reads what vendors are asked about themselves.
func loadDeclaration() (*publishing.Questionnaire, error) {
	files, err := fs.Sub(db.Files, "catalogue")
	if err != nil {
		return nil, err
	}
	return publishing.LoadQuestionnaire(files)
}

// address is what to type into a browser on this machine.
func address(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		return "http://" + net.JoinHostPort("localhost", port) + "/ and at every address of this machine"
	}
	return "http://" + net.JoinHostPort(host, port) + "/"
}

// answer serves until ctx is over, and then lets requests in flight finish.
func answer(ctx context.Context, s *http.Server, ln net.Listener) error {
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ln) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	wait, stop := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer stop()
	if err := s.Shutdown(wait); err != nil {
		s.Close()
		return fmt.Errorf("serve: requests were cut off, for they took longer than %s: %w", stopPatience, os.ErrDeadlineExceeded)
	}
	return nil
}
