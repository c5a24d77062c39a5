package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/spend"
	"pilveturg/models/spend/currency"
	"pilveturg/models/spend/sheet"
)

const (
	ledgerKind = "ledger"
	fxKind     = "fx"
)

// ledgerKinds are the kinds of file that the ledger takes.
func ledgerKinds() (all []string) {
	for _, f := range spend.Formats() {
		all = append(all, string(f))
	}
	return append(all, fxKind)
}

func isLedgerKind(kind string) bool { return slices.Contains(ledgerKinds(), kind) }

// bookkeeping reads files into the ledger.
type bookkeeping struct {
	e         *env
	d         *db.DB
	worker    *spend.Worker
	actor     models.Actor
	json, dry bool
	problems  string // name of a file; "" for none
	books     string // key of the organisation
	m         spend.Mapping
	control   string
	order     string
	columns   roles
}

// roles are columns by what they are for: "amount=Net sum".
type roles map[spend.Role]string

// String and Set implement [flag.Value].
func (r roles) String() string { return "" }

// Set takes one more column.
func (r roles) Set(text string) error {
	role, heading, ok := strings.Cut(text, "=")
	if !ok || !slices.Contains(spend.Roles(), spend.Role(role)) {
		return fmt.Errorf("want one of %v, = and a heading", spend.Roles())
	}
	r[spend.Role(role)] = heading
	return nil
}

func (b *bookkeeping) flags(f *flag.FlagSet) {
	b.columns = roles{}
	f.StringVar(&b.books, "books", "", "ledger: whose books they are, the `key` or number of an organisation; the operator's when nothing is said")
	f.StringVar(&b.m.Publisher, "publisher", "", "ledger: whose files these are")
	f.StringVar(&b.m.Currency, "currency", "", "ledger: ISO 4217 `code` of amounts that do not say theirs")
	f.StringVar(&b.m.Scale, "scale", "", "ledger: what amounts are multiplied by: 1, 1000 or 1000000")
	f.StringVar(&b.m.Decimal, "decimal", "", "ledger: what stands before decimals, where both . and , are possible")
	f.StringVar(&b.order, "order", "", "ledger: dmy or mdy, where days can be read both ways")
	f.StringVar(&b.control, "control", "", "ledger: what the charges should come to")
	f.Var(b.columns, "column", "ledger: what a column is for, such as `amount=Net sum`; may be given several times")
}

// bring reads files of a kind in turn.
func (b *bookkeeping) bring(ctx context.Context, c config, kind string, words []string) error {
	var err error
	if b.d, err = openNewest(ctx, c); err != nil {
		return err
	}
	defer b.d.Close()
	schema, err := loadSchema()
	if err != nil {
		return err
	}
	b.worker = spend.NewWorker(b.d, schema)
	b.actor = models.Actor{Program: "command import", Roles: []models.Role{models.Administrator, models.Finance}}
	if kind == fxKind {
		return b.each(ctx, words, b.rates)
	}
	if b.actor.OrgID, err = b.whose(ctx); err != nil {
		return err
	}
	if !b.e.collectsAsTold() {
		defer debug.SetGCPercent(debug.SetGCPercent(importGCPercent))
	}
	return b.each(ctx, words, func(ctx context.Context, in *input) error { return b.file(ctx, in, spend.Format(kind)) })
}

func (b *bookkeeping) each(ctx context.Context, words []string, f func(context.Context, *input) error) error {
	for _, word := range words {
		in, err := openInput(ctx, b.e, word)
		if err != nil {
			return err
		}
		if in.folder {
			err = fmt.Errorf("%s is a folder: name a file in it", word)
		} else {
			err = f(ctx, in)
		}
		in.close()
		if err != nil {
			return err
		}
	}
	return nil
}

// importGCPercent is how much garbage there may be beside what is needed while files are
// read: less than usual, so that a file of any size is read in 200 MB.
const importGCPercent = 40

// whose is the organisation in whose books the files go: the one that was named, or the
// operator, who is made where there is none.
func (b *bookkeeping) whose(ctx context.Context) (id int64, err error) {
	if n, err := strconv.ParseInt(b.books, 10, 64); err == nil {
		o, err := identity.Find(ctx, b.d, n)
		return o.ID, err
	}
	if b.books != "" {
		key, err := models.ParseKey(b.books)
		if err != nil {
			return 0, wrongUsage("books: %w", err)
		}
		return identity.FindID(ctx, b.d, key)
	}
	if id, err = identity.OperatorID(ctx, b.d); !errors.Is(err, models.ErrNotFound) {
		return id, err
	}
	o := identity.Organisation{Key: models.Key{Scheme: "local", Code: "operator"}, Kind: identity.Operator, Names: models.Text{"en": "Operator of this portal", "et": "Selle portaali pidaja"}}
	err = b.d.Write(ctx, b.actor, func(tx *db.Tx) error { _, _, err := identity.Put(ctx, tx, &o); return err })
	return o.ID, err
}

// rates reads reference rates.
func (b *bookkeeping) rates(ctx context.Context, in *input) error {
	r, err := in.reader(ctx, &progress{e: b.e})
	if err != nil {
		return err
	}
	var all []currency.Quote
	if err := currency.Read(r, func(q currency.Quote) error { all = append(all, q); return nil }); err != nil {
		return fmt.Errorf("%s: %w", in.name, err)
	}
	changed := 0
	if !b.dry {
		err = b.d.Write(ctx, b.actor, func(tx *db.Tx) error { changed, err = spend.KeepRates(ctx, tx, all); return err })
		if err != nil {
			return fmt.Errorf("%s: %w", in.name, err)
		}
	}
	if b.json {
		return writeJSON(b.e.out, map[string]any{"file": in.name, "rates": len(all), "changed": changed})
	}
	_, err = fmt.Fprintf(b.e.out, "%s: %s, %d new or changed\n", in.name, count(len(all), "rate"), changed)
	return err
}

// file brings a file, reads it and accepts it.
func (b *bookkeeping) file(ctx context.Context, in *input, format spend.Format) error {
	f := spend.File{Name: in.name, Bytes: in.size, Control: b.control}
	p := &progress{e: b.e, name: in.name, total: 4 * in.size} // hashed, looked at twice, read
	var at *spend.Batch
	err := p.during(func() (err error) {
		open := b.opener(ctx, in, p)
		if f.Hash, err = hashOf(open); err != nil {
			return err
		}
		at, err = b.batch(ctx, f)
		if err != nil || at.State == spend.Accepted {
			return err
		}
		return b.read(ctx, at, format, open)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", in.name, err)
	}
	before := at.State
	if at, err = b.end(ctx, at.ID); err != nil {
		return fmt.Errorf("%s: %w", in.name, err)
	}
	if err := b.writeRejects(ctx, at); err != nil {
		return err
	}
	return b.tell(at, before == spend.Accepted)
}

// opener opens a file anew, and counts what is read of it.
func (b *bookkeeping) opener(ctx context.Context, in *input, p *progress) spend.Open {
	return func() (io.ReadCloser, error) {
		f, err := os.Open(in.path)
		if err != nil {
			return nil, err
		}
		return struct {
			io.Reader
			io.Closer
		}{p.more(ctx, f), f}, nil
	}
}

func hashOf(open spend.Open) (string, error) {
	f, err := open()
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// batch is the batch of a file: a new one, or the one that it already is.
func (b *bookkeeping) batch(ctx context.Context, f spend.File) (at *spend.Batch, err error) {
	err = b.d.Write(ctx, b.actor, func(tx *db.Tx) error { at, err = spend.Bring(ctx, tx, f); return err })
	var same spend.ErrSame
	if errors.As(err, &same) {
		return &same.Batch, nil
	}
	return at, err
}

// read reads a batch up to where it can be accepted.
func (b *bookkeeping) read(ctx context.Context, at *spend.Batch, format spend.Format, open spend.Open) error {
	if at.State == spend.Uploaded || at.State == spend.Loading {
		if err := b.work(ctx, at.ID, open); err != nil {
			return err
		}
	}
	now, err := spend.FindBatch(ctx, b.d, b.actor, at.ID)
	if err != nil {
		return err
	}
	switch {
	case now.State == spend.Failed:
		return fmt.Errorf("cannot be read: %s", now.Why)
	case format != spend.Charges && now.Format != format:
		return errors.Join(fmt.Errorf("is a file of kind %s, not %s", now.Format, format), b.discard(ctx, now.ID))
	case now.State != spend.WasFound && !b.asks():
		return nil
	}
	m, err := b.mapping(now)
	if err != nil {
		return errors.Join(err, b.discard(ctx, now.ID))
	}
	err = b.d.Write(ctx, b.actor, func(tx *db.Tx) error { return spend.Read(ctx, tx, now.ID, now.Format, m) })
	var wrong models.Invalid
	if errors.As(err, &wrong) {
		return errors.Join(fmt.Errorf("say more: %w; see -column and -currency", err), b.discard(ctx, now.ID))
	}
	if err != nil {
		return err
	}
	return b.work(ctx, now.ID, open)
}

// asks reports whether the command line says what columns mean.
func (b *bookkeeping) asks() bool {
	return len(b.columns) > 0 || b.m.Currency != "" || b.m.Scale != "" || b.m.Decimal != "" || b.order != ""
}

// work reads a batch. Where another worker died over it, it waits until the batch is free.
func (b *bookkeeping) work(ctx context.Context, id int64, open spend.Open) error {
	for tries := 0; ; tries++ {
		err := b.worker.Work(ctx, id, open)
		if !errors.Is(err, spend.ErrGone) || tries == 70 {
			return err
		}
		if tries == 0 {
			fmt.Fprintln(b.e.err, "another program reads this file, or broke off; waiting until it is free")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// mapping is what the columns mean, as was found and as the command line says.
func (b *bookkeeping) mapping(at *spend.Batch) (*spend.Mapping, error) {
	m, columns := at.Mapping(), at.Found().Columns
	if m.Columns == nil && at.Format != spend.FOCUS {
		m.Columns = map[spend.Role]int{}
	}
	for role, heading := range b.columns {
		i := slices.IndexFunc(columns, func(c sheet.Column) bool { return strings.EqualFold(c.Heading, heading) })
		if i < 0 {
			return nil, fmt.Errorf("there is no column %q", heading)
		}
		for other, at := range m.Columns {
			if at == i {
				delete(m.Columns, other)
			}
		}
		m.Columns[role] = i
	}
	for into, said := range map[*string]string{&m.Publisher: b.m.Publisher, &m.Currency: b.m.Currency, &m.Scale: b.m.Scale, &m.Decimal: b.m.Decimal} {
		if said != "" {
			*into = said
		}
	}
	if b.order != "" {
		m.Order = sheet.Order(b.order)
	}
	for role, i := range m.Columns {
		if c := columns[i]; role.IsNumber() && c.AskDecimal && m.Decimal == "" || role.IsDay() && c.AskOrder && m.Order == "" {
			return nil, fmt.Errorf("column %q can be read in two ways (%s): say -decimal or -order", c.Heading, strings.Join(c.Samples, ", "))
		}
	}
	return m, nil
}

func (b *bookkeeping) discard(ctx context.Context, id int64) error {
	return b.d.Write(ctx, b.actor, func(tx *db.Tx) error { return spend.Discard(ctx, tx, id) })
}

// end accepts what was read, or discards it where it was only tried, and returns the
// batch as it was read.
func (b *bookkeeping) end(ctx context.Context, id int64) (*spend.Batch, error) {
	at, err := spend.FindBatch(ctx, b.d, b.actor, id)
	if err != nil || at.State != spend.Staged {
		return at, err
	}
	if b.dry {
		return at, b.discard(ctx, id)
	}
	err = b.d.Write(ctx, b.actor, func(tx *db.Tx) error { return spend.Accept(ctx, tx, id) })
	at.State = spend.Accepted
	return at, err
}
