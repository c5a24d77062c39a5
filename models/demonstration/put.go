package demonstration

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/models/spend"
	"pilveturg/models/spend/currency"
)

// once tells the contracts of the story apart from others of the same body.
const once = "demonstration-years"

// sample begins the names of the story's files.
const sample = "naidis-"

// program is who makes the demonstration.
func program() models.Actor {
	return models.Actor{Program: "demonstration", Roles: []models.Role{models.Administrator}}
}

// ReadRates reads rates of the European Central Bank that the story needs, see
// [currency.Read].
func ReadRates(r io.Reader) (all []currency.Quote, err error) {
	err = currency.Read(r, func(q currency.Quote) error {
		all = append(all, q)
		return nil
	})
	return all, err
}

// Put puts the contracts of a story where they belong and brings its files, all in one
// transaction, unless that was done before: what somebody took out since does not come
// back. A worker reads the files with [Accept].
func (s *Story) Put(ctx context.Context, d *db.DB, schema *catalogue.Schema, rates []currency.Quote) error {
	if done, err := contracts.HasRuns(ctx, d, once); err != nil || done {
		return err
	}
	err := d.Write(ctx, program(), func(tx *db.Tx) error { _, err := spend.KeepRates(ctx, tx, rates); return err })
	if err != nil {
		return err
	}
	t, err := s.tell(ctx, d, schema, models.DateOf(d.Now()))
	if err != nil {
		return err
	}
	bills, err := t.bills(ctx, d)
	if err != nil {
		return err
	}
	return d.Write(ctx, program(), func(tx *db.Tx) error {
		if done, err := contracts.HasRuns(ctx, tx, once); err != nil || done {
			return err // another program was faster
		}
		for _, b := range t.bodies {
			if err := t.putBody(ctx, tx, b, bills); err != nil {
				return fmt.Errorf("%s: %w", b.Organisation, err)
			}
		}
		for _, b := range bills {
			b.refer()
		}
		for _, b := range t.bodies {
			tx.Actor = b.finance
			if err := b.bring(ctx, tx, bills); err != nil {
				return fmt.Errorf("%s: %w", b.Organisation, err)
			}
		}
		return nil
	})
}

// putBody makes the budget of a body and brings its contracts.
func (t *tale) putBody(ctx context.Context, tx *db.Tx, b *bodyAt, bills []*bill) error {
	var own []*running
	var runs []*contracts.Run
	for _, one := range t.runs {
		if one.body == b {
			one.contract = t.contract(one, len(runs)+2)
			own, runs = append(own, one), append(runs, one.contract)
		}
	}
	tx.Actor = b.finance
	if err := t.budget(ctx, tx, b, own, bills); err != nil || len(runs) == 0 {
		return err
	}
	tx.Actor = b.buyer
	_, err := contracts.PutRuns(ctx, tx, once, runs)
	return err
}

const (
	lineCode, lineName       = "5525", "IT-teenused"
	ceilingCode, ceilingName = "5525-K", "Kaarditeenused"
)

// ceilingYear is the year whose line for maps is used up: the last one, once half of it
// is over.
func (t *tale) ceilingYear() int {
	if t.last.of() >= 6 {
		return t.last.year()
	}
	return t.last.year() - 1
}

// lineOf is the budget line on which a run is reserved: of the last year in which it ran.
func (t *tale) lineOf(one *running) (year int, code string) {
	if one.Mark == Ceiling {
		return t.ceilingYear(), ceilingCode
	}
	return one.over.year(), lineCode
}

// budget makes the lines of a body that are not there: in each year half as much again as
// what is billed and what is reserved, but for maps, in one year, less than what is billed.
func (t *tale) budget(ctx context.Context, tx *db.Tx, b *bodyAt, own []*running, bills []*bill) error {
	before, err := contracts.Budgets(ctx, tx, b.org.ID)
	if err != nil {
		return err
	}
	save := func(year int, code, name string, cents int64) error {
		if slices.ContainsFunc(before, func(l contracts.Budget) bool { return l.Year == year && l.Code == code }) {
			return nil
		}
		return contracts.SaveBudget(ctx, tx, contracts.Budget{Code: code, Name: name, Year: year, Cents: (cents + 9999) / 10000 * 10000})
	}
	for i := range 3 {
		year, months := t.january(i-2).year(), int64(12)
		if i == 2 {
			months = int64(t.last.of()) // so many are over
		}
		billed, held, maps := int64(0), int64(0), int64(0)
		for _, one := range bills {
			if one.body == b && one.issued.Time().Year() == year {
				billed += one.cents()
				if one.run != nil && one.run.Mark == Ceiling && one.copyOf == nil {
					maps += one.cents()
				}
			}
		}
		for _, one := range own {
			if at, code := t.lineOf(one); at == year && code == lineCode {
				held += one.year
			}
		}
		if err := save(year, lineCode, lineName, max(billed*12/months, held)*3/2); err != nil {
			return err
		}
		if maps == 0 {
			continue
		}
		cents := maps * 12 / months * 3 / 2
		if year == t.ceilingYear() {
			cents = maps * 93 / 100
		}
		if err := save(year, ceilingCode, ceilingName, cents); err != nil {
			return err
		}
	}
	return nil
}

// contract is a run as the line of a file of contracts.
func (t *tale) contract(one *running, line int) *contracts.Run {
	year, code := t.lineOf(one)
	r := &contracts.Run{Why: one.Why, Outside: contracts.Outside{Line: line, OfferingID: one.offering, Plan: one.plan, Unit: one.Unit, Year: one.year, Starts: one.begun, Renewal: one.Renewal, NoticeDays: one.Notice, Words: one.Words,
		Budget: fmt.Sprintf("%d %s", year, code)}}
	if one.Unit != "" {
		r.Quantity = one.Quantity.String()
	}
	if one.rank%2 == 0 { // half of the bodies' contracts have a number of their own
		r.Reference = fmt.Sprintf("7-2/%02d-%d", one.begun.Time().Year()%100, one.rank)
	}
	for terms := 1; r.Ends.IsZero() || one.Renewal != contracts.Tacit && r.Ends.Before(t.today); terms++ {
		r.Ends = one.begun.AddMonths(terms * one.Months).AddDays(-1)
	}
	if one.Ended != nil {
		r.Ended = one.over.last()
	}
	for m := max(monthOf(one.begun), t.last-11); m <= one.over; m++ {
		if used, ok := t.seats(one, m); ok {
			r.Used = append(r.Used, used)
		}
	}
	return r
}

// seats is how much of what was bought was given out and used in a month; false where
// that is not said: use that flows stands on the bill.
func (t *tale) seats(one *running, m month) (contracts.Month, bool) {
	out := contracts.Month{Month: m.String()}
	if len(one.Seats) == 2 {
		out.Assigned, out.Used = one.Seats[0], one.Seats[1]
		return out, true
	}
	u, _ := t.schema.Unit(one.Unit)
	if _, pays := one.Season.share(m.of()); one.Unit == "" || u.Flow || one.Elastic || !pays || one.Season == "exams" {
		return out, false
	}
	bought, _ := one.Quantity.Int64()
	out.Assigned = max(1, bought*(95+wobble(5, int64(one.rank), 0, 2))/100)
	out.Used = max(1, out.Assigned*(84+wobble(12, int64(one.rank), int64(t.last-m)/3, 3))/100)
	return out, true
}

// bring brings the bills of a body: what comes as a file of its own, and of the rest a
// table for each year.
func (b *bodyAt) bring(ctx context.Context, tx *db.Tx, bills []*bill) error {
	tables := map[int][]*bill{}
	var years []int
	for _, one := range bills {
		switch year := one.issued.Time().Year(); {
		case one.body != b:
		case one.document:
			name := one.number
			if one.copyOf != nil {
				name += "-2"
			}
			if err := bring(ctx, tx, sample+name+".xml", invoice(one)); err != nil {
				return err
			}
		default:
			if tables[year] == nil {
				years = append(years, year)
			}
			tables[year] = append(tables[year], one)
		}
	}
	for _, year := range years {
		if err := bring(ctx, tx, fmt.Sprintf("%sarved-%d.csv", sample, year), table(tables[year])); err != nil {
			return err
		}
	}
	return nil
}

func bring(ctx context.Context, tx *db.Tx, name string, content []byte) error {
	sum := sha256.Sum256(content)
	_, err := spend.Bring(ctx, tx, spend.File{Name: name, Hash: hex.EncodeToString(sum[:]), Bytes: int64(len(content)), Content: content})
	return err
}

// Accept has a worker read the files of a story that wait, and accepts them on behalf of
// who keeps the books of each body. What another program reads at the same moment is left
// to that one.
func (s *Story) Accept(ctx context.Context, d *db.DB, w *spend.Worker) error {
	for _, body := range s.Bodies {
		b, err := body.find(ctx, d)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		waiting, err := b.waiting(ctx, d)
		if err != nil {
			return err
		}
		for _, id := range waiting {
			if err := b.accept(ctx, d, w, id); err != nil && !errors.Is(err, spend.ErrGone) {
				return fmt.Errorf("file %d of %s: %w", id, b.Organisation, err)
			}
		}
	}
	return nil
}

// Waits reports whether anything of a story is still to be put or accepted.
func (s *Story) Waits(ctx context.Context, d *db.DB) (bool, error) {
	done, err := contracts.HasRuns(ctx, d, once)
	if err != nil || !done {
		return true, err
	}
	for _, body := range s.Bodies {
		b, err := body.find(ctx, d)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return true, err
		}
		if waiting, err := b.waiting(ctx, d); err != nil || len(waiting) > 0 {
			return true, err
		}
	}
	return false, nil
}

// waiting are the files of the story that do not count yet, the oldest first.
func (b *bodyAt) waiting(ctx context.Context, r db.Reader) (ids []int64, err error) {
	for number := 1; ; number++ {
		all, err := spend.Batches(ctx, r, b.finance, models.Page{Number: number, Size: 100})
		if err != nil || len(all) == 0 {
			slices.Reverse(ids)
			return ids, err
		}
		for _, one := range all {
			if strings.HasPrefix(one.File, sample) && slices.Contains([]spend.State{spend.Uploaded, spend.WasFound, spend.Loading, spend.Staged}, one.State) {
				ids = append(ids, one.ID)
			}
		}
	}
}

// accept reads a file to its end and accepts it.
func (b *bodyAt) accept(ctx context.Context, d *db.DB, w *spend.Worker, id int64) error {
	for {
		one, err := spend.FindBatch(ctx, d, b.finance, id)
		if err != nil {
			return err
		}
		switch one.State {
		case spend.Uploaded, spend.Loading:
			err = w.Kept(ctx, id)
		case spend.WasFound: // the first table of a body: what its columns mean is said once
			m := one.Mapping()
			m.Publisher, m.Decimal, m.ToIsLast = "Näidis: raamatupidamine", ",", true
			err = d.Write(ctx, b.finance, func(tx *db.Tx) error { return spend.Read(ctx, tx, id, one.Format, m) })
		case spend.Staged:
			return d.Write(ctx, b.finance, func(tx *db.Tx) error { return spend.Accept(ctx, tx, id) })
		default:
			return fmt.Errorf("it is %s %s: %w", one.State, one.Why, models.ErrConflict)
		}
		if err != nil {
			return err
		}
	}
}
