package market

import (
	"context"
	"errors"
	"hash/maphash"
	"io/fs"
	"strings"
	"sync"
	"time"

	"pilveturg/db"
	"pilveturg/models"
)

// Kind is a way in which buyers meet an offering.
type Kind int

// The kinds.
const (
	Shown    Kind = iota // in results
	Opened               // its page
	Compared             // set beside others
	Asked                // its price was worked out for a quantity
	kinds
)

const (
	every   = 5 * time.Second  // what was gathered is written
	again   = 30 * time.Minute // within which the same of the same visitor counts once
	mostNew = 200_000          // of visitors and what they did that are told apart at a time
)

// Visit is a request of a visitor. From and Agent tell visitors apart while they are
// here; neither is kept.
type Visit struct {
	From  string // network address
	Agent string // what the browser calls itself
}

// Counter counts how often buyers meet offerings, and what they search for in vain. It
// gathers in memory, for many requests at once, and [Counter.Run] writes it. Make one
// with [NewCounter]; a nil one counts nothing.
type Counter struct {
	db   *db.DB
	key  []byte   // by which searches are hashed before several made them
	bots []string // parts of what programs call themselves

	mu     sync.Mutex
	seed   maphash.Seed // changes every day, so that nobody is told apart for longer
	day    models.Date
	seen   map[uint64]time.Time // until when what a visitor did counts as done
	agents map[string]bool      // whether what calls itself so is a program
	days   map[models.Date]tally
	misses map[Search]int64
}

// tally is how often offerings were met on a day.
type tally map[int64]*[kinds]int64

// of is the place of an offering.
func (t tally) of(id int64) *[kinds]int64 {
	n := t[id]
	if n == nil {
		n = new([kinds]int64)
		t[id] = n
	}
	return n
}

// NewCounter returns a counter. key hashes searches; files hold bots.txt.
func NewCounter(d *db.DB, key []byte, files fs.FS) (*Counter, error) {
	b, err := fs.ReadFile(files, "bots.txt")
	if err != nil {
		return nil, err
	}
	c := &Counter{db: d, key: key}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			c.bots = append(c.bots, line)
		}
	}
	c.renew(models.DateOf(d.Now()))
	c.empty()
	return c, nil
}

// renew forgets who was who. The caller holds the lock, or is alone.
func (c *Counter) renew(day models.Date) {
	c.seed, c.day, c.seen, c.agents = maphash.MakeSeed(), day, map[uint64]time.Time{}, map[string]bool{}
}

func (c *Counter) empty() { c.days, c.misses = map[models.Date]tally{}, map[Search]int64{} }

// IsBot reports whether what a visitor calls itself is the name of a program.
func (c *Counter) IsBot(agent string) bool {
	agent = strings.ToLower(agent)
	for _, b := range c.bots {
		if strings.Contains(agent, b) {
			return true
		}
	}
	return strings.TrimSpace(agent) == ""
}

// Count counts that a visitor met offerings. What is the same of a visitor, such as the
// address of the page, counts once within half an hour.
func (c *Counter) Count(v Visit, k Kind, same string, offerings ...int64) {
	if c == nil || len(offerings) == 0 {
		return
	}
	now := c.db.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isBot(v.Agent) || !c.fresh(v, byte(k), same, now) {
		return
	}
	day := c.days[c.day]
	if day == nil {
		day = tally{}
		c.days[c.day] = day
	}
	for _, id := range offerings {
		day.of(id)[k]++
	}
}

// isBot is [Counter.IsBot], remembered. The caller holds the lock.
func (c *Counter) isBot(agent string) bool {
	const most = 2000
	bot, known := c.agents[agent]
	if !known {
		if len(c.agents) >= most {
			clear(c.agents)
		}
		bot = c.IsBot(agent)
		c.agents[agent] = bot
	}
	return bot
}

// Miss counts that a visitor searched for something and found nothing.
func (c *Counter) Miss(v Visit, s Search) {
	if c == nil || !s.keepable() {
		return
	}
	now := c.db.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	// Once a day, because the number of visitors decides whether it is kept.
	if c.isBot(v.Agent) || !c.fresh(v, 'm', s.text(), now) {
		return
	}
	c.seen[c.hash(v, 'm', s.text())] = now.Add(24 * time.Hour)
	c.misses[s]++
}

// fresh reports whether what a visitor does is new, and remembers it.
func (c *Counter) fresh(v Visit, kind byte, same string, now time.Time) bool {
	if day := models.DateOf(now); day != c.day || len(c.seen) >= mostNew {
		c.renew(day)
	}
	h := c.hash(v, kind, same)
	if until, ok := c.seen[h]; ok && now.Before(until) {
		return false
	}
	c.seen[h] = now.Add(again)
	return true
}

func (c *Counter) hash(v Visit, kind byte, same string) uint64 {
	var h maphash.Hash
	h.SetSeed(c.seed)
	for _, s := range [...]string{v.From, v.Agent, same} {
		_, _ = h.WriteString(s) // never fails
		_ = h.WriteByte(0)
	}
	_ = h.WriteByte(kind)
	return h.Sum64()
}

// take takes what was gathered.
func (c *Counter) take() (map[models.Date]tally, map[Search]int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	days, misses := c.days, c.misses
	c.empty()
	return days, misses
}

// giveBack adds what could not be written to what has come since.
func (c *Counter) giveBack(days map[models.Date]tally, misses map[Search]int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for day, t := range days {
		if c.days[day] == nil {
			c.days[day] = tally{}
		}
		for id, n := range t {
			for k := range n {
				c.days[day].of(id)[k] += n[k]
			}
		}
	}
	for s, n := range misses {
		c.misses[s] += n
	}
}

// Run writes what is gathered every few seconds, until ctx is over, and then the rest.
func (c *Counter) Run(ctx context.Context, failed func(error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := c.Flush(ctx); err != nil && !errors.Is(err, context.Canceled) {
				failed(err)
			}
		case <-ctx.Done():
			const patience = 5 * time.Second
			last, stop := context.WithTimeout(context.WithoutCancel(ctx), patience)
			defer stop()
			if err := c.Flush(last); err != nil {
				failed(err)
			}
			return
		}
	}
}

// Flush writes what was gathered, in one transaction. When that fails, it is gathered
// still.
func (c *Counter) Flush(ctx context.Context) error {
	days, misses := c.take()
	if len(days) == 0 && len(misses) == 0 {
		return nil
	}
	err := c.db.Write(ctx, models.Actor{Program: "market"}, func(tx *db.Tx) error {
		if err := addDays(ctx, tx, days); err != nil {
			return err
		}
		return addMisses(ctx, tx, c.key, misses)
	})
	if err != nil {
		c.giveBack(days, misses)
	}
	return err
}
