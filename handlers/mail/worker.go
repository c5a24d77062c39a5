package mail

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/work"
)

// How often a worker looks after things.
const (
	pollEvery = 2 * time.Second
	tidyEvery = time.Hour
)

// batch is how many letters go over one connection: each has its [patience] twice
// within a lease.
const batch = 10

// Worker sends what is due, and gathers digests and forgets old letters in between.
// Make one with [NewWorker]; it is for one goroutine.
type Worker struct {
	Office
	DB   *db.DB
	Zone *time.Location // by whose clocks digests go out
	Log  *slog.Logger

	name   string
	tidied time.Time
}

// NewWorker returns a worker with a name of its own. Without a server it sends
// nothing, and drops what nobody could send in time.
func NewWorker(o Office, d *db.DB, zone *time.Location, log *slog.Logger) *Worker {
	return &Worker{Office: o, DB: d, Zone: zone, Log: log, name: rand.Text()}
}

// Run works until ctx is over; the letter that is on its way then is still seen off.
// What goes wrong is logged and tried again.
func (w *Worker) Run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		w.turn(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// turn does all that is to be done now.
func (w *Worker) turn(ctx context.Context) {
	if err := w.keep(ctx); err != nil && ctx.Err() == nil {
		w.Log.Error("outbox", "err", err)
	}
	for more := w.Server != nil; more && ctx.Err() == nil; {
		var err error
		if more, err = w.deliver(ctx); err != nil && ctx.Err() == nil {
			w.Log.Error("outbox", "err", err)
			return
		}
	}
}

// keep sends digests off at their hour, and tidies up now and then.
func (w *Worker) keep(ctx context.Context) error {
	hour := work.LastDigest(w.DB.Now(), w.Zone)
	some, err := work.Gathered(ctx, w.DB, hour)
	if err != nil {
		return err
	}
	if some {
		if err := w.write(ctx, func(tx *db.Tx) error { return work.SendDigests(ctx, tx, hour) }); err != nil {
			return err
		}
	}
	if now := w.DB.Now(); now.Sub(w.tidied) >= tidyEvery {
		if err := w.write(ctx, func(tx *db.Tx) error { return work.Tidy(ctx, tx) }); err != nil {
			return err
		}
		w.tidied = now
	}
	return nil
}

func (w *Worker) write(ctx context.Context, f func(*db.Tx) error) error {
	return w.DB.Write(ctx, models.Actor{Program: "mail"}, f)
}

// deliver sends some of what is due, and reports whether there may be more.
func (w *Worker) deliver(ctx context.Context) (more bool, err error) {
	due, err := work.Due(ctx, w.DB, models.Time{Time: w.DB.Now()})
	if err != nil || !due {
		return false, err
	}
	letters, err := w.claim(ctx)
	if err != nil || len(letters) == 0 {
		return false, err
	}
	// From here on it is finished, even when the program is told to stop.
	end := context.WithoutCancel(ctx)
	c, err := w.connect(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return false, w.giveBack(end)
		}
		return false, w.failAll(end, letters, err)
	}
	defer c.close()
	for i := range letters {
		if ctx.Err() != nil || w.late(letters[i]) {
			return false, w.giveBack(end)
		}
		if ok, err := w.send(end, c, letters[i], i == 0); err != nil || !ok {
			return i > 0 && err == nil, errors.Join(err, w.giveBack(end))
		}
	}
	return true, nil
}

// claim takes letters, and writes down what those say that are tried for the first
// time. A letter that cannot be written is given up, so that it holds up no other.
func (w *Worker) claim(ctx context.Context) (letters []work.Letter, err error) {
	err = w.write(ctx, func(tx *db.Tx) error {
		claimed, err := work.Claim(ctx, tx, w.name, batch)
		if err != nil {
			return err
		}
		letters = nil
		for _, l := range claimed {
			ok, err := w.compose(ctx, tx, &l)
			if err != nil {
				return err
			}
			if ok {
				letters = append(letters, l)
			}
		}
		return nil
	})
	return letters, err
}

// compose has the letter say something. It is not ok when that cannot be done.
func (w *Worker) compose(ctx context.Context, tx *db.Tx, l *work.Letter) (ok bool, err error) {
	if l.Text != "" {
		return true, nil
	}
	if err := w.Compose(l); err != nil {
		w.Log.Error("letter cannot be written", "letter", l.ID, "err", err)
		return false, work.Failed(ctx, tx, *l, w.name, err.Error(), true)
	}
	return true, work.Compose(ctx, tx, *l, w.name)
}

// late reports whether the letter might not be seen off before others take it over.
func (w *Worker) late(l work.Letter) bool {
	return !w.DB.Now().Add(2 * patience).Before(l.Until.Time)
}

// send sends a letter and notes what came of it. It is not ok when the next letter
// would fare no better over this connection. The error, if any, is of the database. A
// line that breaks off before a letter costs it no try, but for the first one.
func (w *Worker) send(ctx context.Context, c *connection, l work.Letter, first bool) (ok bool, err error) {
	var refused *RefusedError
	var later *laterError
	switch wrong := c.send(&l); {
	case wrong == nil:
		w.Log.Info("letter sent", "letter", l.ID, "kind", l.Kind, "try", l.Tries)
		return true, w.write(ctx, func(tx *db.Tx) error { return work.Sent(ctx, tx, l, w.name) })
	case errors.Is(wrong, errLine) && !first:
		return false, nil
	case errors.As(wrong, &refused):
		return true, w.fail(ctx, l, wrong, true)
	default:
		return errors.As(wrong, &later), w.fail(ctx, l, wrong, false)
	}
}

func (w *Worker) fail(ctx context.Context, l work.Letter, why error, forGood bool) error {
	w.Log.Warn("letter not sent", "letter", l.ID, "kind", l.Kind, "try", l.Tries, "refused", forGood, "err", why)
	return w.write(ctx, func(tx *db.Tx) error { return work.Failed(ctx, tx, l, w.name, why.Error(), forGood) })
}

func (w *Worker) failAll(ctx context.Context, letters []work.Letter, why error) (err error) {
	for _, l := range letters {
		err = errors.Join(err, w.fail(ctx, l, why, false))
	}
	return err
}

func (w *Worker) giveBack(ctx context.Context) error {
	return w.write(ctx, func(tx *db.Tx) error { return work.GiveBack(ctx, tx, w.name) })
}
