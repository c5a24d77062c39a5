package spend

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// UndoDays is how many days a batch can be undone after it was accepted.
const UndoDays = 30

// State is how far a batch has come.
type State string

// The states.
const (
	Uploaded  State = "uploaded"  // nobody has read it yet
	WasFound  State = "found"     // it is known how it is written; somebody says what its columns mean
	Loading   State = "loading"   // a worker reads it
	Staged    State = "staged"    // it can be looked at, and accepted
	Accepted  State = "accepted"  // it counts
	Undone    State = "undone"    // it counted once
	Discarded State = "discarded" // it never counted
	Failed    State = "failed"    // it cannot be read
)

// States are all of them, in the order in which a batch goes through them.
func States() []State {
	return []State{Uploaded, WasFound, Loading, Staged, Accepted, Undone, Discarded, Failed}
}

// Format is what a file is.
type Format string

// The formats.
const (
	FOCUS   Format = "focus"   // FinOps Open Cost and Usage Specification, CSV or JSON Lines
	UBL     Format = "ubl"     // EN 16931 invoice or credit note in UBL 2.1
	OCDS    Format = "ocds"    // releases or records of the Open Contracting Data Standard
	GCloud  Format = "gcloud"  // the sales file of the UK's G-Cloud
	UK25k   Format = "uk25k"   // what UK bodies publish of payments over 25,000 pounds
	Charges Format = "charges" // any other table with a heading
)

// Formats are all of them.
func Formats() []Format { return []Format{Charges, FOCUS, UBL, GCloud, UK25k, OCDS} }

// What stands in place of a format where people book by hand: no file is behind it.
const (
	ByCorrection Format = "correction" // what was wrong, and what is right
	ByShare      Format = "share"      // what one pays for several
)

// ByHand are all of them.
func ByHand() []Format { return []Format{ByCorrection, ByShare} }

// Total is what the charges of one currency come to.
type Total struct {
	Currency  string       `json:"currency"`
	Rows      int          `json:"rows"`
	Billed    models.Exact `json:"billed"` // with its tax rows
	Tax       models.Exact `json:"tax"`
	Effective models.Exact `json:"effective"`
}

// Notice is something that was noticed of a whole file.
type Notice struct {
	Code string   `json:"code"`
	Line int      `json:"line,omitempty"`
	Args []string `json:"args,omitempty"`
}

// Batch is a file on its way into the ledger.
type Batch struct {
	ID          int64       `db:"id"`
	OrgID       int64       `db:"organisation_id"` // in whose books
	Account     *int64      `db:"account_id"`
	State       State       `db:"state"`
	File        string      `db:"file"`
	Hash        string      `db:"hash"` // SHA-256 of its bytes, hexadecimal
	Bytes       int64       `db:"bytes"`
	Kept        bool        `db:"kept"` // the bytes are in the database
	Format      Format      `db:"format"`
	StyleText   string      `db:"style"`
	MappingText string      `db:"mapping"`
	Publisher   string      `db:"publisher"`
	Why         string      `db:"why"`
	Line        int         `db:"line"`   // up to which it is loaded
	Summed      int         `db:"summed"` // up to which its sums are kept
	Done        int64       `db:"done"`   // bytes that are read
	Rows        int         `db:"rows"`
	Taken       int         `db:"taken"`
	Rejected    int         `db:"rejected"`
	LeftOut     int         `db:"left_out"`
	Flagged     int         `db:"flagged"`
	Undated     int         `db:"undated"`
	Unconverted int         `db:"unconverted"`
	TotalsText  string      `db:"totals"`
	NoticesText string      `db:"notices"`
	Control     string      `db:"control"`
	Worker      string      `db:"worker"`
	CreatedAt   models.Time `db:"created_at"`
	AcceptedAt  models.Time `db:"accepted_at"`
	UndoneAt    models.Time `db:"undone_at"`
}

const batchColumns = `b.id, b.organisation_id, b.account_id, b.state, b.file, b.hash, b.bytes, b.kept, b.format, b.style, b.mapping, b.publisher, b.why, b.line, b.summed, b.done, b.rows, b.taken, b.rejected, b.left_out, b.flagged, b.undated, b.unconverted, b.totals, b.notices, b.control, b.worker, b.created_at, b.accepted_at, b.undone_at FROM ledger_batches b`

// Totals are the exact sums of the charges, by currency.
func (b *Batch) Totals() (all []Total) {
	read(b.TotalsText, &all)
	return all
}

// Notices are what was noticed of the whole file.
func (b *Batch) Notices() (all []Notice) {
	read(b.NoticesText, &all)
	return all
}

// read reads what this package wrote; what is not there is nothing.
func read(text string, into any) {
	if text != "" {
		_ = json.Unmarshal([]byte(text), into) // written by the same program
	}
}

func written(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // of types of this package
	}
	return string(text)
}

// Undoable reports whether a batch can be undone at a time.
func (b *Batch) Undoable(now time.Time) bool {
	return b.State == Accepted && now.Before(b.AcceptedAt.AddDate(0, 0, UndoDays))
}

// Moves reports whether a worker is expected to go on with a batch.
func (b *Batch) Moves() bool { return b.State == Uploaded || b.State == Loading }

// OffControl is by how much the sum of a batch misses the control total that somebody
// gave; known is false where nobody gave one, or where the batch has several currencies.
func (b *Batch) OffControl() (by models.Exact, known bool) {
	totals := b.Totals()
	want, err := models.ParseExact(b.Control)
	if err != nil || len(totals) != 1 {
		return by, false
	}
	by, err = totals[0].Billed.Sub(want)
	return by, err == nil
}

// The actions.
const (
	brought   audit.Action = "ledger.brought"
	mapped    audit.Action = "ledger.mapped"
	accepted  audit.Action = "ledger.accepted"
	undone    audit.Action = "ledger.undone"
	discarded audit.Action = "ledger.discarded"
	named     audit.Action = "ledger.named"
	rebuilt   audit.Action = "ledger.rebuilt"
	corrected audit.Action = "ledger.corrected"
)

func subject(id int64) string { return fmt.Sprintf("ledger batch %d", id) }

// Keeps reports whether the actor keeps the books of their organisation.
func Keeps(a models.Actor) bool { return a.OrgID != 0 && (a.Is(models.Finance) || a.Program != "") }

// Reads reports whether the actor sees what is spent.
func Reads(a models.Actor) bool {
	return Keeps(a) || a.OrgID != 0 && a.IsAny(models.Approver, models.Buyer, models.Analyst)
}

func keeps(a models.Actor) error {
	if !Keeps(a) {
		return fmt.Errorf("ledger: %w", models.ErrForbidden)
	}
	return nil
}

// Batches returns the batches of the actor's organisation, the newest first.
func Batches(ctx context.Context, r db.Reader, a models.Actor, p models.Page) ([]Batch, error) {
	if err := keeps(a); err != nil {
		return nil, err
	}
	var all []Batch
	q := `/* spend.Batches */ SELECT ` + batchColumns + ` WHERE b.organisation_id = ? ORDER BY b.id DESC LIMIT ? OFFSET ?`
	if err := r.Select(ctx, &all, q, a.OrgID, p.Size, p.Offset()); err != nil {
		return nil, fmt.Errorf("batches: %w", err)
	}
	return all, nil
}

// FindBatch returns a batch of the actor's organisation.
func FindBatch(ctx context.Context, r db.Reader, a models.Actor, id int64) (*Batch, error) {
	if err := keeps(a); err != nil {
		return nil, err
	}
	b := &Batch{}
	q := `/* spend.FindBatch */ SELECT ` + batchColumns + ` WHERE b.id = ? AND b.organisation_id = ?`
	if err := r.Get(ctx, b, q, id, a.OrgID); err != nil {
		return nil, fmt.Errorf("batch %d: %w", id, err)
	}
	return b, nil
}

// Same returns the batches of the actor's organisation that have the same bytes and
// count, or are on their way.
func Same(ctx context.Context, r db.Reader, a models.Actor, hash string) ([]Batch, error) {
	var all []Batch
	q := `/* spend.Same */ SELECT ` + batchColumns + ` WHERE b.organisation_id = ? AND b.hash = ? AND b.state IN ('uploaded', 'found', 'loading', 'staged', 'accepted') ORDER BY b.id`
	if err := r.Select(ctx, &all, q, a.OrgID, hash); err != nil {
		return nil, fmt.Errorf("batches of the same bytes: %w", err)
	}
	return all, nil
}

// in reports whether a batch is in one of the states.
func (b *Batch) in(states ...State) bool { return slices.Contains(states, b.State) }

// CountBatches returns how many batches the actor's organisation has.
func CountBatches(ctx context.Context, r db.Reader, a models.Actor) (n int, err error) {
	if err := keeps(a); err != nil {
		return 0, err
	}
	if err := r.Get(ctx, &n, `/* spend.CountBatches */ SELECT COUNT(*) FROM ledger_batches WHERE organisation_id = ?`, a.OrgID); err != nil {
		return 0, fmt.Errorf("batches: %w", err)
	}
	return n, nil
}

// FlagCount is how many charges of a batch have a flag.
type FlagCount struct {
	Flag string
	N    int
}

// CountFlags returns how many charges of a batch of the actor's books have which flag.
func CountFlags(ctx context.Context, r db.Reader, a models.Actor, batch int64) ([]FlagCount, error) {
	if _, err := FindBatch(ctx, r, a, batch); err != nil {
		return nil, err
	}
	var rows []struct {
		Flags string `db:"flags"`
		N     int    `db:"n"`
	}
	const q = `/* spend.CountFlags */ SELECT flags, COUNT(*) AS n FROM ledger_charges WHERE batch_id = ? AND flags <> '' GROUP BY flags`
	if err := r.Select(ctx, &rows, q, batch); err != nil {
		return nil, fmt.Errorf("flags of batch %d: %w", batch, err)
	}
	counts := map[string]int{}
	for _, row := range rows {
		for _, flag := range strings.Fields(row.Flags) {
			counts[flag] += row.N
		}
	}
	var all []FlagCount
	for _, flag := range Flags() {
		if counts[flag] > 0 {
			all = append(all, FlagCount{flag, counts[flag]})
		}
	}
	return all, nil
}
