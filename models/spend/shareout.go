package spend

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend/share"
)

// ShareOut says what is to be shared, and by which key: the charges of one document, or
// those of a vendor in a month.
type ShareOut struct {
	Key      int64
	Document int64
	Month    string // "2026-03"
	Vendor   string // key of a [Sum]
	Category string // the same; "": every category
	Service  string // "": every service
	Seen     string // [SharePlan.Seen] when it was shown; "": it was not
}

// Shared is a share-out that has charges already.
type Shared struct {
	Batch   int64 `db:"batch_id"`
	Charges int   `db:"n"`
}

// SharePlan is what a share-out would book, with its working.
type SharePlan struct {
	Key     Key
	Version KeyVersion
	Month   string
	Groups  []ShareGroup
	Already []Shared // charges that were chosen but are left out: they are shared already
	Charges int      // that are shared
}

// ShareGroup are charges that are the same but for their amounts: they are shared as one.
type ShareGroup struct {
	Line      int // of its rows
	Charge    Charge
	Charges   int
	Billed    models.Exact
	Effective Amount
	Parts     []share.Part // of Billed, one for each weight of the key
	Worth     []share.Part // of Effective, where that is known

	ids                     []int64
	buyer, vendor, category int64
}

// What a share-out cannot do. Each is a kind of [models.ErrConflict].
var (
	ErrAllShared  = fmt.Errorf("all of it is shared already: %w", models.ErrConflict)
	ErrShareMoved = fmt.Errorf("the charges or the key are not those that were shown: %w", models.ErrConflict)
)

// Limits of one share-out.
const (
	mostShared    = 20_000 // charges
	mostShareRows = 50_000 // rows that are booked
)

// shareRow is a charge that may be shared.
type shareRow struct {
	checkRow
	SharedBy int64 `db:"shared_by"`
	Part     int   `db:"part"`
}

const shareColumns = `c.buyer_id, c.vendor_id, c.category_id, COALESCE(h.batch_id, 0) AS shared_by, COALESCE(h.part, 0) AS part, `

// PlanShare says what a share-out would book, and books nothing. Only charges that the
// actor's own organisation pays are shared. It fails with [models.Invalid] where nothing
// was chosen or the key does not hold yet, with [ErrAllShared], whose plan says by what,
// and with [ErrShareMoved] where something else was seen.
func PlanShare(ctx context.Context, r db.Reader, a models.Actor, in ShareOut) (*SharePlan, error) {
	k, err := FindKey(ctx, r, a, in.Key)
	if err != nil {
		return nil, err
	}
	rows, err := in.charges(ctx, r, a)
	if err != nil {
		return nil, err
	}
	p := &SharePlan{Key: *k, Month: in.Month}
	if in.Document != 0 && len(rows) > 0 {
		p.Month = rows[0].Month
	}
	p.choose(rows)
	switch {
	case len(rows) == 0 || p.Month == "":
		return nil, models.Invalid{"month": "share.nothing"}
	case len(rows) > mostShared:
		return nil, models.Invalid{"month": "share.too_many"}
	case len(p.Groups) == 0:
		return p, ErrAllShared
	}
	v, err := versionIn(ctx, r, k.ID, p.Month)
	if errors.Is(err, models.ErrNotFound) {
		return nil, models.Invalid{"key": "share.no_version"}
	}
	if err != nil {
		return nil, err
	}
	p.Version = *v
	if 2*len(p.Groups)*len(v.Weights) > mostShareRows {
		return nil, models.Invalid{"month": "share.too_many"}
	}
	if err := p.split(); err != nil {
		return nil, err
	}
	if in.Seen != "" && in.Seen != p.Seen() {
		return p, ErrShareMoved
	}
	return p, nil
}

// charges are those that were chosen, whether they are shared already or not.
func (in *ShareOut) charges(ctx context.Context, r db.Reader, a models.Actor) (all []shareRow, err error) {
	w := where{}
	w.and(`c.batch_id IN (SELECT id FROM ledger_batches WHERE organisation_id = ? AND state = 'accepted' AND format <> 'share')`, a.OrgID)
	w.and(`c.buyer_id IN (SELECT id FROM ledger_names WHERE organisation_id = ? AND kind = 'buyer' AND is_id = ?)`, a.OrgID, a.OrgID)
	switch {
	case in.Document != 0:
		w.and(`c.document_id = ?`, in.Document)
	case in.Month == "" || in.Vendor == "":
		return nil, nil
	default:
		if err := w.common(Query{Month: in.Month, Vendor: in.Vendor, Category: in.Category, WithTax: true}); err != nil {
			return nil, err
		}
		if in.Service != "" {
			w.and(`c.service = ?`, in.Service)
		}
	}
	text := `/* spend.charges */ SELECT ` + shareColumns + chargeList + ` LEFT JOIN ledger_shared h ON h.charge_id = c.id AND h.undone = 0` + w.String() + ` ORDER BY c.month DESC, c.id LIMIT ` + strconv.Itoa(mostShared+1)
	if err := r.Select(ctx, &all, text, w.args...); err != nil {
		return nil, fmt.Errorf("charges to be shared: %w", err)
	}
	return all, nil
}

// choose puts the charges that are not shared yet into groups.
func (p *SharePlan) choose(rows []shareRow) {
	at, already := map[string]int{}, map[int64]int{}
	for i := range rows {
		row := &rows[i]
		if row.SharedBy != 0 {
			already[row.SharedBy]++
			continue
		}
		key := row.alike()
		n, ok := at[key]
		if !ok {
			n = len(p.Groups)
			at[key] = n
		}
		p.put(n, row)
	}
	for batch, n := range already {
		p.Already = append(p.Already, Shared{batch, n})
	}
	slices.SortFunc(p.Already, func(a, b Shared) int { return cmp.Compare(a.Batch, b.Batch) })
}

// put adds a charge to the n-th group.
func (p *SharePlan) put(n int, row *shareRow) {
	for len(p.Groups) <= n {
		p.Groups = append(p.Groups, ShareGroup{Line: len(p.Groups) + 1})
	}
	g := &p.Groups[n]
	if g.Charges == 0 {
		g.Charge, g.buyer, g.vendor, g.category = row.Charge, row.BuyerID, row.VendorID, row.CategoryID
	}
	g.Charges++
	p.Charges++
	g.ids = append(g.ids, row.ID)
	g.Billed, _ = g.Billed.Add(row.Billed) // what the ledger holds adds up, or split complains
	if row.Effective.Known {
		sum, _ := g.Effective.Exact.Add(row.Effective.Exact)
		g.Effective = Known(sum)
	}
}

// alike is the same for charges that are shared as one amount.
func (r *shareRow) alike() string {
	c := &r.Charge
	rate := ""
	if c.Rate.Known {
		rate = c.Rate.String()
	}
	vat := ""
	if c.VATRate.Known {
		vat = c.VATRate.String()
	}
	return fmt.Sprintf("%q", []string{text(r.BuyerID), text(r.VendorID), text(r.CategoryID), string(c.Kind), c.Frequency, c.Service, c.Reference, c.Contract, c.Month, c.Invoiced.String(), c.Due.String(), c.From.String(), c.To.String(), c.Currency, rate, c.RateDay.String(), c.VATCategory, vat, strconv.FormatBool(c.Effective.Known)})
}

// split shares every group by the weights of the key.
func (p *SharePlan) split() (err error) {
	var weights []share.Weight
	for _, w := range p.Version.Weights {
		weights = append(weights, share.Weight{Key: text(w.OrgID), Value: w.Weight})
	}
	for i := range p.Groups {
		g := &p.Groups[i]
		places := models.MinorPlaces(g.Charge.Currency)
		if g.Parts, err = share.Split(g.Billed, places, weights); err != nil {
			return fmt.Errorf("share %s: %w", g.Billed, err)
		}
		if !g.Effective.Known {
			continue
		}
		if g.Worth, err = share.Split(g.Effective.Exact, places, weights); err != nil {
			return fmt.Errorf("share %s: %w", g.Effective, err)
		}
	}
	return nil
}

// Seen tells a plan from one with other charges or another version of the key.
func (p *SharePlan) Seen() string {
	h := sha256.New()
	fmt.Fprintln(h, p.Version.ID, len(p.Already))
	for i := range p.Groups {
		fmt.Fprintln(h, p.Groups[i].ids)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// PartOf is what a body gets of a currency, VAT included.
type PartOf struct {
	OrgID    int64
	Weight   models.Exact
	Currency string
	Net, Tax models.Exact
}

// ByBody adds the parts of all groups up, by body and currency.
func (p *SharePlan) ByBody() (all []PartOf) {
	for i, w := range p.Version.Weights {
		for _, g := range p.Groups {
			n := slices.IndexFunc(all, func(o PartOf) bool { return o.OrgID == w.OrgID && o.Currency == g.Charge.Currency })
			if n < 0 {
				n = len(all)
				all = append(all, PartOf{OrgID: w.OrgID, Weight: w.Weight, Currency: g.Charge.Currency})
			}
			sum := &all[n].Net
			if g.Charge.Kind == Tax {
				sum = &all[n].Tax
			}
			*sum, _ = sum.Add(g.Parts[i].Amount) // parts of what the ledger holds
		}
	}
	return all
}
