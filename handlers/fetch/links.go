package fetch

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// How a [Checker] is polite.
const (
	atOnce      = 8                      // links that are looked at at the same time
	pause       = 200 * time.Millisecond // between two looks at the same host
	goodFor     = 24 * time.Hour         // that a link was found is believed for so long,
	badFor      = time.Hour              // and that it was not, so long
	mostKept    = 10_000                 // links that are remembered
	glance      = 32 << 10               // bytes of a page that are looked at
	glanceTime  = 10 * time.Second
	glanceSteps = 5
)

// Checker finds out whether links lead anywhere. Make one with [NewChecker]; many may
// use it at once.
type Checker struct {
	f     *Fetcher
	now   func() time.Time
	pause time.Duration
	room  chan struct{} // one for each link that may be looked at just now

	mu    sync.Mutex
	links map[string]*link
	hosts map[string]*host
}

// link is what is known of an address.
type link struct {
	done chan struct{} // closed when it was looked at
	err  error
	at   time.Time // when that was
}

// host is one that links lead to, while anybody looks at it.
type host struct {
	turn  chan struct{} // held by who looks
	users int
}

// NewChecker returns a checker that asks through f. now tells the time.
func NewChecker(f *Fetcher, now func() time.Time) *Checker {
	return &Checker{f: f, now: now, pause: pause, room: make(chan struct{}, atOnce), links: map[string]*link{}, hosts: map[string]*host{}}
}

// Check looks where the addresses lead: nil for those that lead somewhere, an [*Error]
// for the others. What answers that it is not for everybody, or not now, is there all the
// same. An address that could not be looked at before ctx was over is absent; it is
// looked at all the same, so that whoever comes later finds it.
//
// It asks for the head of the answer, and for its beginning where that is not given out;
// one address of a host after another. What it has found is remembered for a day, and for
// an hour what it has not.
func (c *Checker) Check(ctx context.Context, urls []string) map[string]error {
	asked := map[string]*link{}
	found := map[string]error{}
	for _, address := range urls {
		u, err := parse(address)
		if err != nil {
			found[address] = err
			continue
		}
		l, mine := c.claim(u.String())
		if mine {
			go c.look(context.WithoutCancel(ctx), l, u)
		}
		asked[address] = l
	}
	for address, l := range asked {
		select {
		case <-l.done:
			found[address] = l.err
		case <-ctx.Done():
		}
	}
	return found
}

// Broken returns what is wrong with those of the addresses that do not lead anywhere, or
// not before ctx is over.
func (c *Checker) Broken(ctx context.Context, urls []string) map[string]error {
	found, broken := c.Check(ctx, urls), map[string]error{}
	for _, address := range urls {
		if err, ok := found[address]; !ok {
			broken[address] = &Error{Kind: TooSlow, Err: ctx.Err()}
		} else if err != nil {
			broken[address] = err
		}
	}
	return broken
}

// claim returns what is known of an address, or being found out; it is mine when nobody
// knows and the caller has to look.
func (c *Checker) claim(address string) (l *link, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l := c.links[address]; l != nil && !c.stale(l) {
		return l, false
	}
	if len(c.links) >= mostKept {
		c.forget()
	}
	l = &link{done: make(chan struct{})}
	c.links[address] = l
	return l, true
}

// stale reports whether what is known is too old. Held: mu.
func (c *Checker) stale(l *link) bool {
	if l.at.IsZero() {
		return false // it is being looked at
	}
	age := c.now().Sub(l.at)
	return l.err == nil && age >= goodFor || l.err != nil && age >= badFor
}

// forget makes room: for what is stale first, and else for whatever is met first. Held:
// mu.
func (c *Checker) forget() {
	for address, l := range c.links {
		if c.stale(l) {
			delete(c.links, address)
		}
	}
	for address, l := range c.links {
		if len(c.links) < mostKept {
			return
		}
		if !l.at.IsZero() {
			delete(c.links, address)
		}
	}
}

// look looks at a claimed address when it is its turn, and tells those who wait for it.
func (c *Checker) look(ctx context.Context, l *link, u *url.URL) {
	leave := c.enter(u.Host)
	defer leave()
	err := c.glance(ctx, u.String())
	c.mu.Lock()
	defer c.mu.Unlock()
	l.err, l.at = err, c.now()
	close(l.done)
}

// glance asks for an address.
func (c *Checker) glance(ctx context.Context, address string) error {
	limits := Limits{Bytes: glance, Time: glanceTime, Steps: glanceSteps}
	_, err := c.f.Ask(ctx, Question{Method: http.MethodHead, URL: address}, limits)
	switch KindOf(err) {
	case Failed, NotFound, Gone, Denied, Unwanted, Unreachable: // some servers answer so to HEAD only
		_, err = c.f.Get(ctx, address, limits)
	}
	switch KindOf(err) {
	case Denied, Busy, TooBig, Unwanted:
		return nil
	}
	return err
}

// enter waits until the host may be looked at.
func (c *Checker) enter(name string) (leave func()) {
	h := c.host(name)
	h.turn <- struct{}{}
	c.room <- struct{}{}
	return func() {
		<-c.room
		time.AfterFunc(c.pause, func() { // the next one waits a little
			<-h.turn
			c.part(name, h)
		})
	}
}

func (c *Checker) host(name string) *host {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.hosts[name]
	if h == nil {
		h = &host{turn: make(chan struct{}, 1)}
		c.hosts[name] = h
	}
	h.users++
	return h
}

// part forgets the host when nobody looks at it any more.
func (c *Checker) part(name string, h *host) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h.users--; h.users == 0 {
		delete(c.hosts, name)
	}
}
