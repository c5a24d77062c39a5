package ocds

import "pilveturg/models"

// Kind is what a [Charge] is.
type Kind string

const (
	// Spent is a transaction: money that was paid, or that came back when it is negative.
	// Only these are spent money.
	Spent Kind = "transaction"
	// Signed is the value of a contract: money that may be paid.
	Signed Kind = "contract"
	// Awarded is the value of an award without a contract: money that may be signed for.
	Awarded Kind = "award"
)

// Charge is an amount of a release for a ledger. Dates are as written.
type Charge struct {
	Kind       Kind
	OCID       string
	ReleaseID  ID
	AwardID    ID
	ContractID ID     // of transactions and contracts
	ID         ID     // of the transaction
	Status     string // of the contract or the award
	Date       string // paid, signed or awarded; that of the release where that is not said
	Amount     models.Exact
	Currency   string // ISO 4217; "" where none is written
	Payer      OrganizationReference
	Payee      OrganizationReference
	// Suppliers are those of the award. Where there are several, a commitment has no payee.
	Suppliers []OrganizationReference
	Source    string
	URI       string
	// Old is true for a transaction whose amount, payer or payee stood in fields of 1.0.
	Old bool
}

// Key is equal for charges of different releases that are one and the same. Each release
// of a process may repeat what earlier ones said, so a ledger takes either the compiled
// release, or of each key the charge of the latest release.
func (c Charge) Key() [5]string {
	return [5]string{c.OCID, string(c.Kind), string(c.AwardID), string(c.ContractID), string(c.ID)}
}

// Charges takes from a release what a ledger needs, in the order of the release.
//
//   - Of a contract with transactions, each transaction of which the amount is known, be
//     it positive, negative or 0: value, else the amount of 1.0; payer and payee, else
//     providerOrganization and receiverOrganization; date, source and uri. Neither buyer
//     nor supplier fill in for a payer or payee that is not there.
//   - Of a contract without transactions, unless its status is cancelled, its value. The
//     date is dateSigned, the payer the buyer, else the procuring entity of the tender,
//     the payee the supplier of its award.
//   - Of an award that no contract of the release names, unless its status is cancelled or
//     unsuccessful, its value, alike, with its date.
//
// An amount that is unknown makes no charge. A contract with transactions has no charge for
// its value, as what was paid would count twice. Values of tenders, budgets, items and
// units are never taken.
func Charges(r Release) []Charge {
	l := ledger{release: r, base: Charge{OCID: r.OCID, ReleaseID: r.ID, Date: r.Date}, suppliers: map[ID][]OrganizationReference{}}
	for _, a := range r.Awards {
		l.suppliers[a.ID] = a.Suppliers
	}
	contracted := map[ID]bool{}
	for _, c := range r.Contracts {
		contracted[c.AwardID] = true
		l.contract(c)
	}
	for _, a := range r.Awards {
		if contracted[a.ID] || a.Status == "cancelled" || a.Status == "unsuccessful" {
			continue
		}
		l.commitment(Awarded, a.Value, Charge{AwardID: a.ID, Status: a.Status, Date: a.Date})
	}
	return l.charges
}

type ledger struct {
	release   Release
	base      Charge
	suppliers map[ID][]OrganizationReference // of awards
	charges   []Charge
}

func (l *ledger) contract(c Contract) {
	if c.Implementation != nil && len(c.Implementation.Transactions) > 0 {
		for _, t := range c.Implementation.Transactions {
			l.transaction(c, t)
		}
		return
	}
	if c.Status != "cancelled" {
		l.commitment(Signed, c.Value, Charge{AwardID: c.AwardID, ContractID: c.ID, Status: c.Status, Date: c.DateSigned})
	}
}

func (l *ledger) transaction(c Contract, t Transaction) {
	charge := l.base
	charge.Kind, charge.AwardID, charge.ContractID, charge.ID = Spent, c.AwardID, c.ID, t.ID
	charge.Status, charge.Source, charge.URI = c.Status, t.Source, t.URI
	charge.Suppliers = l.suppliers[c.AwardID]
	if t.Date != "" {
		charge.Date = t.Date
	}
	value := t.Value
	if value == nil || !value.Amount.Known {
		value, charge.Old = &t.OldAmount.Value, true
	}
	if !value.Amount.Known {
		return
	}
	charge.Amount, charge.Currency = value.Amount.Exact, value.Currency
	charge.Payer = organization(t.Payer, t.OldProvider, &charge.Old)
	charge.Payee = organization(t.Payee, t.OldReceiver, &charge.Old)
	l.charges = append(l.charges, charge)
}

// organization is who stands in a field, or in the field of 1.0.
func organization(now *OrganizationReference, before OldIdentifier, old *bool) OrganizationReference {
	if now != nil && !now.IsZero() {
		return *now
	}
	o := before.reference()
	*old = *old || !o.IsZero()
	return o
}

func (l *ledger) commitment(kind Kind, v *Value, c Charge) {
	if v == nil || !v.Amount.Known {
		return
	}
	c.Kind, c.OCID, c.ReleaseID = kind, l.base.OCID, l.base.ReleaseID
	c.Amount, c.Currency = v.Amount.Exact, v.Currency
	if c.Date == "" {
		c.Date = l.base.Date
	}
	switch r := l.release; {
	case r.Buyer != nil && !r.Buyer.IsZero():
		c.Payer = *r.Buyer
	case r.Tender != nil && r.Tender.ProcuringEntity != nil:
		c.Payer = *r.Tender.ProcuringEntity
	}
	c.Suppliers = l.suppliers[c.AwardID]
	if len(c.Suppliers) == 1 {
		c.Payee = c.Suppliers[0]
	}
	l.charges = append(l.charges, c)
}
