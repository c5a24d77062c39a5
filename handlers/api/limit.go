package api

import (
	"sync"
	"time"
)

// What may be asked for within a window.
const (
	window     = time.Minute
	mostAsked  = 120 // requests by a token
	mostFailed = 20  // requests from an address without a token that works
	mostKeys   = 20_000
)

// limiter counts what is asked for by somebody within a window of time. It is for many
// goroutines, and keeps what it counts in memory only.
type limiter struct {
	most int
	mu   sync.Mutex
	keys map[string]*counted
}

type counted struct {
	n     int
	until time.Time // the end of the window
}

func newLimiter(most int) *limiter { return &limiter{most: most, keys: map[string]*counted{}} }

// quota is what is left of a limit.
type quota struct {
	most, left int
	reset      time.Duration // after which all of it is there again
	over       bool          // more was asked for than there was
}

// take takes n from what somebody may ask for.
func (l *limiter) take(key string, n int, now time.Time) quota {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.keys[key]
	if c == nil || !now.Before(c.until) {
		l.sweep(now)
		c = &counted{until: now.Add(window)}
		l.keys[key] = c
	}
	q := quota{most: l.most, reset: c.until.Sub(now), over: c.n+max(n, 1) > l.most}
	if !q.over {
		c.n += n
	}
	q.left = l.most - c.n
	return q
}

// sweep forgets those whose window is over when there are many, and everybody when they
// are too many even so.
func (l *limiter) sweep(now time.Time) {
	if len(l.keys) < mostKeys {
		return
	}
	for key, c := range l.keys {
		if !now.Before(c.until) {
			delete(l.keys, key)
		}
	}
	if len(l.keys) >= mostKeys {
		clear(l.keys)
	}
}

// Limits are how many requests a minute a token may be shown with, how many may come
// from an address without one that works, and how many bytes may be sent.
func Limits() (asked, failed, bytes int64) { return mostAsked, mostFailed, mostBody }
