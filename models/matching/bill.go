package matching

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
)

// State is whether it is known what a bill is for.
type State string

// The states.
const (
	Open    State = "open"    // nobody knows yet
	Matched State = "matched" // a subscription
	Outside State = "outside" // nothing that was subscribed to here
	Differs State = "differs" // only in a [Query]: it is matched, and not what was agreed
)

// States are all that a query may ask for.
func States() []State { return []State{Open, Matched, Differs, Outside} }

// How a bill was matched.
const (
	ByContract   = "contract"   // it names the contract
	ByBefore     = "before"     // somebody matched another one that names the same contract
	ByCorrection = "correction" // it corrects or shares out what is for that subscription
	ByPrice      = "price"      // vendor, period and price are those of one subscription
	ByHand       = "hand"
)

// Bill is what one vendor charges one body under one number.
type Bill struct {
	ID          int64       `db:"id"`
	BatchID     int64       `db:"batch_id"`
	DocumentID  int64       `db:"document_id"`     // 0: it is no document
	OrgID       int64       `db:"organisation_id"` // in whose books
	BuyerID     int64       `db:"buyer_id"`        // names of the ledger
	VendorID    int64       `db:"vendor_id"`
	Buyer       string      `db:"buyer"` // as the file calls it
	Vendor      string      `db:"vendor"`
	BodyID      int64       `db:"body_id"`   // organisation that pays
	SellerID    int64       `db:"seller_id"` // organisation that is paid; 0: not known
	Reference   string      `db:"reference"` // number of the invoice or transaction
	Contract    string      `db:"contract"`  // reference to a contract
	Order       string      `db:"orders"`    // reference to an order
	Currency    string      `db:"currency"`
	Month       string      `db:"month"` // in which it was billed; "" when that is unknown
	Invoiced    models.Date `db:"invoiced"`
	From        models.Date `db:"service_from"`
	To          models.Date `db:"service_to"` // the first day after it
	First       int         `db:"first_line"`
	Last        int         `db:"last_line"`
	Charges     int         `db:"charges"`
	Unconverted int         `db:"unconverted"` // charges without a rate
	SubID       int64       `db:"subscription_id"`
	IsOutside   bool        `db:"outside"`
	How         string      `db:"how"`
	Budget      string      `db:"budget"` // code of a line; "": that of the subscription
	Words       string      `db:"words"`
	DiffText    string      `db:"differs"`
	Account     int64       `db:"account_id"` // who decided; 0: nobody, or the portal
	DecidedAt   models.Time `db:"decided_at"`
	Revision    int64       `db:"revision"`
	Counts      bool        `db:"counts"`  // its file was not undone
	Written     bool        `db:"written"` // it was written here, and is no bill of a vendor: a correction, or a share
	sums
}

// sums are exact amounts as the database adds them. Those that it holds fit.
type sums struct{ spend.Parts }

// Net is what the bill comes to without VAT, in its currency.
func (s sums) Net() models.Exact {
	net, _, _ := s.Amounts()
	return net
}

// Euros is the same in euros, of what has a rate.
func (s sums) Euros() models.Exact {
	_, euros, _ := s.Amounts()
	return euros
}

// State is whether it is known what the bill is for.
func (b *Bill) State() State {
	switch {
	case b.IsOutside:
		return Outside
	case b.SubID != 0:
		return Matched
	}
	return Open
}

// Differences are how the bill differs from what was agreed, as far as that was looked
// for when it was matched.
func (b *Bill) Differences() (all []Difference) {
	if b.DiffText != "" {
		_ = json.Unmarshal([]byte(b.DiffText), &all) // written by this package
	}
	return all
}

// day is the day by which the terms of a contract are looked up.
func (b *Bill) day() models.Date {
	switch {
	case !b.From.IsZero():
		return b.From
	case !b.Invoiced.IsZero():
		return b.Invoiced
	case b.Month != "":
		day, _ := models.ParseDate(b.Month + "-01") // the database holds only months
		return day
	}
	return models.Date{}
}

const billList = `c.id, c.batch_id, COALESCE(c.document_id, 0) AS document_id, t.organisation_id, c.buyer_id, c.vendor_id, b.name AS buyer, v.name AS vendor, COALESCE(b.is_id, b.organisation_id) AS body_id, COALESCE(v.is_id, 0) AS seller_id,
	c.reference, c.contract, COALESCE(d.orders, '') AS orders, c.currency, c.month, c.invoiced, c.service_from, c.service_to, c.first_line, c.last_line, c.charges, c.unconverted, COALESCE(c.subscription_id, 0) AS subscription_id, c.outside, c.how, c.budget, c.words, c.differs,
	COALESCE(c.account_id, 0) AS account_id, c.decided_at, c.revision, CASE WHEN t.state = 'accepted' THEN 1 ELSE 0 END AS counts, CASE WHEN t.format IN ('correction', 'share') THEN 1 ELSE 0 END AS written, c.whole, c.nano, c.atto, c.ronto, c.eur_whole, c.eur_nano, c.eur_atto` + billFrom

const billFrom = ` FROM ledger_bills c JOIN ledger_batches t ON t.id = c.batch_id JOIN ledger_names b ON b.id = c.buyer_id JOIN ledger_names v ON v.id = c.vendor_id LEFT JOIN ledger_documents d ON d.id = c.document_id`

// Find returns a bill whose money the actor sees, or [models.ErrNotFound].
func Find(ctx context.Context, r db.Reader, a models.Actor, id int64) (*Bill, error) {
	seen, args, err := spend.Seen(ctx, r, a)
	if err != nil {
		return nil, err
	}
	q := `/* matching.Find */ SELECT ` + billList + ` WHERE c.id = ?`
	if seen != "" {
		q += ` AND ` + seen
	}
	b := &Bill{}
	if err := r.Get(ctx, b, q, append([]any{id}, args...)...); err != nil {
		return nil, fmt.Errorf("bill %d: %w", id, err)
	}
	return b, nil
}

// Query says which bills are asked for. What is empty asks for all.
type Query struct {
	State  State
	Year   int
	Vendor string // part of what the file calls it, in any case
	Number string // of the invoice, as it begins
	Sub    int64  // subscription
}

// conditions are those of a query for what the actor sees; bills of files that were
// undone are in none.
func (q Query) conditions(ctx context.Context, r db.Reader, a models.Actor) (string, []any, error) {
	seen, args, err := spend.Seen(ctx, r, a)
	if err != nil {
		return "", nil, err
	}
	text := ` WHERE t.state = 'accepted'`
	if seen != "" {
		text += ` AND ` + seen
	}
	switch q.State {
	case Open:
		text += ` AND c.subscription_id IS NULL AND c.outside = 0`
	case Matched:
		text += ` AND c.subscription_id IS NOT NULL`
	case Differs:
		text += ` AND c.subscription_id IS NOT NULL AND c.differs <> ''`
	case Outside:
		text += ` AND c.outside = 1`
	}
	if q.Year != 0 {
		text += ` AND c.month BETWEEN ? AND ?`
		args = append(args, fmt.Sprintf("%04d-01", q.Year), fmt.Sprintf("%04d-12", q.Year))
	}
	if q.Vendor != "" {
		text += ` AND LOWER(v.name) LIKE ? ESCAPE '!'`
		args = append(args, "%"+like(q.Vendor)+"%")
	}
	if q.Number != "" {
		text += ` AND LOWER(c.reference) LIKE ? ESCAPE '!'`
		args = append(args, like(q.Number)+"%")
	}
	if q.Sub != 0 {
		text += ` AND c.subscription_id = ?`
		args = append(args, q.Sub)
	}
	return text, args, nil
}

// List returns bills that the actor sees, those with the most money first; those of one
// subscription the newest first.
func List(ctx context.Context, r db.Reader, a models.Actor, q Query, p models.Page) (all []Bill, err error) {
	where, args, err := q.conditions(ctx, r, a)
	if err != nil {
		return nil, err
	}
	order := ` ORDER BY ABS(c.eur_whole) DESC, ABS(c.whole) DESC, c.id LIMIT ? OFFSET ?`
	if q.Sub != 0 {
		order = ` ORDER BY c.month DESC, c.invoiced DESC, c.id DESC LIMIT ? OFFSET ?`
	}
	if err := r.Select(ctx, &all, `/* matching.List */ SELECT `+billList+where+order, append(args, p.Size, p.Offset())...); err != nil {
		return nil, fmt.Errorf("bills: %w", err)
	}
	return all, nil
}

// Total is what bills come to.
type Total struct {
	N           int64 `db:"n"`
	Unconverted int64 `db:"unconverted"` // charges without a rate
	sums
}

const totalList = `COUNT(*) AS n, CAST(COALESCE(SUM(c.unconverted), 0) AS BIGINT) AS unconverted, CAST(COALESCE(SUM(c.eur_whole), 0) AS BIGINT) AS eur_whole, CAST(COALESCE(SUM(c.eur_nano), 0) AS BIGINT) AS eur_nano, CAST(COALESCE(SUM(c.eur_atto), 0) AS BIGINT) AS eur_atto`

// totalFrom is enough to know which bills count, and who is paid.
const totalFrom = ` FROM ledger_bills c JOIN ledger_batches t ON t.id = c.batch_id JOIN ledger_names v ON v.id = c.vendor_id`

// Sum returns what the bills of a query come to, in euros.
func Sum(ctx context.Context, r db.Reader, a models.Actor, q Query) (t Total, err error) {
	where, args, err := q.conditions(ctx, r, a)
	if err != nil {
		return t, err
	}
	if err := r.Get(ctx, &t, `/* matching.Sum */ SELECT `+totalList+totalFrom+where, args...); err != nil {
		return t, fmt.Errorf("bills: %w", err)
	}
	return t, nil
}

// Waiting returns how many batches that count are not matched to their end yet.
func Waiting(ctx context.Context, r db.Reader, a models.Actor) (n int, err error) {
	if !spend.Reads(a) {
		return 0, fmt.Errorf("bills: %w", models.ErrForbidden)
	}
	const q = `/* matching.Waiting */ SELECT COUNT(*) FROM ledger_batches t LEFT JOIN ledger_matchings m ON m.batch_id = t.id WHERE t.state = 'accepted' AND COALESCE(m.done, 0) = 0 AND t.organisation_id = ?`
	return n, r.Get(ctx, &n, q, a.OrgID)
}

// like makes a text a pattern that matches itself; the escape is "!".
func like(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.ToLower(s))
}
