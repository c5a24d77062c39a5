package catalogue

import (
	"encoding/json"

	"pilveturg/models"
	"pilveturg/models/pricing"
)

// State is where a version stands on its way to the buyers.
type State string

// The states of a version. At most one version of an offering is Published.
const (
	Draft      State = "draft"
	Waiting    State = "waiting" // for a moderator
	SentBack   State = "sent_back"
	Published  State = "published"
	Superseded State = "superseded" // by a later published version
)

// Life says whether an offering can be had.
type Life string

// The lives of an offering.
const (
	Open      Life = "open"
	Closed    Life = "closed"    // to new customers; may name a successor
	Suspended Life = "suspended" // by the operator, until something is put right
	Withdrawn Life = "withdrawn" // for good; its page answers 410
)

// Listing is everything the catalogue says of one cloud e-service, its history
// included: what a line of an import or export file holds.
type Listing struct {
	Key       models.Key  `json:"key"`            // who numbers it, and how: "fedramp:FR2425960757"
	Slug      string      `json:"slug,omitempty"` // in addresses, after the id; made from the name when empty
	Vendor    models.Key  `json:"vendor"`
	Life      Life        `json:"life,omitempty"`      // Open when empty
	LifeSince models.Date `json:"life_since,omitzero"` // when it was closed, suspended or withdrawn
	Reason    models.Text `json:"reason,omitempty"`    // why; needed unless Open
	Successor models.Key  `json:"successor,omitzero"`  // the offering to go to instead
	Unclaimed bool        `json:"unclaimed,omitempty"` // facts from public sources; no vendor has claimed it
	Invented  bool        `json:"invented,omitempty"`  // made up for the demonstration
	Versions  []Version   `json:"versions"`            // oldest first, at least one
	Uses      []Use       `json:"uses,omitempty"`      // who uses it
}

// Version is one immutable edition of what is said of an offering.
type Version struct {
	State     State       `json:"state"`
	Published models.Date `json:"published,omitzero"` // the day buyers first saw it
	Checked   models.Date `json:"checked,omitzero"`   // the day somebody last confirmed all of it
	Note      models.Text `json:"note,omitempty"`     // what changed, in a sentence
	Content
}

// Content is what a version says. Two versions with equal contents are never
// kept one after the other.
type Content struct {
	Language   string           `json:"language"`             // the vendor's own: BCP 47
	Words      map[string]Words `json:"words"`                // by language
	Categories []string         `json:"categories,omitempty"` // slugs, the first is the main one
	CPV        []string         `json:"cpv,omitempty"`        // codes like 48190000-6
	Website    string           `json:"website,omitempty"`    // absolute http(s) address
	Contact    string           `json:"contact,omitempty"`    // e-mail for buyers
	Sources    []Source         `json:"sources,omitempty"`    // where the facts come from
	Answers    []Answer         `json:"answers,omitempty"`    // in the order of the questions
	Documents  []Paper          `json:"documents,omitempty"`  // that prove or describe it
	Plans      []pricing.Plan   `json:"plans,omitempty"`      // empty: no price is known
	DemoPrice  bool             `json:"demo_price,omitempty"` // the plans are invented for the demonstration
	Extra      json.RawMessage  `json:"extra,omitempty"`      // what an import file said that no question asks, kept as it came
}

// Words are the texts of a listing in one language.
type Words struct {
	Name        string `json:"name"`
	Summary     string `json:"summary,omitempty"`     // one sentence
	Description string `json:"description,omitempty"` // Markdown
}

// Source is a public place that a fact was read in.
type Source struct {
	Title string      `json:"title" db:"title"`
	URL   string      `json:"url,omitempty" db:"url"`
	Seen  models.Date `json:"seen,omitzero" db:"seen"`
}

// Said tells who gives an answer.
type Said string

// Who may give an answer.
const (
	ByVendor   Said = "vendor"
	ByOperator Said = "operator"
	ByPublic   Said = "public" // read in a public source
	ByAssessor Said = "assessor"
	ByAgency   Said = "agency" // a body that uses it
)

// Proof tells how an answer is known to be true.
type Proof string

// The proofs, weakest first.
const (
	Stated   Proof = "stated"   // somebody says so
	Document Proof = "document" // a document was checked
	Tested   Proof = "tested"   // it was tried
)

// Answer is what is said to one question of the [Schema].
//
// Values holds the canonical text of each value: "yes" or "no"; an option's id;
// a number as decimal text; a country code; a date; "1200.00 EUR"; a web address;
// a certificate's number. No values at all means "unknown", which is an answer
// too. Words holds free text instead, by language, one entry a list item.
type Answer struct {
	Question string              `json:"q"`
	Values   []string            `json:"values,omitempty"`
	Words    map[string][]string `json:"words,omitempty"`
	Issuer   string              `json:"issuer,omitempty"` // who issued the certificate
	By       Said                `json:"by"`
	Proof    Proof               `json:"proof"`
	Source   string              `json:"source,omitempty"` // web address or title of the document
	Since    models.Date         `json:"since,omitzero"`   // since when it is so, or was last confirmed
	Until    models.Date         `json:"until,omitzero"`   // valid until
}

// Known reports whether the answer says more than "unknown".
func (a Answer) Known() bool { return len(a.Values) > 0 || len(a.Words) > 0 }

// Phase keeps planned, present and past use apart.
type Phase string

// The phases of use.
const (
	Planned Phase = "planned"
	InUse   Phase = "in_use"
	Ended   Phase = "ended"
)

// Use says that an organisation uses an offering.
type Use struct {
	Organisation models.Key  `json:"organisation" db:"organisation"`
	Part         string      `json:"part,omitempty" db:"part"` // which of its deployments, when it has several
	Phase        Phase       `json:"phase" db:"phase"`
	Since        models.Date `json:"since,omitzero" db:"since"`
	Until        models.Date `json:"until,omitzero" db:"until"`
	Quantity     int64       `json:"quantity,omitempty" db:"quantity"` // of Unit; 0 when not known
	Unit         string      `json:"unit,omitempty" db:"unit"`
	Source       Source      `json:"source,omitzero" db:"source"`
}
