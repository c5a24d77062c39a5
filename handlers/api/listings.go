package api

import (
	"fmt"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/market"
)

// Summary is a listing of the vendor, without what it says.
type Summary struct {
	ID        string            `json:"id" example:"SC-31" doc:"The number of the service"`
	URL       string            `json:"url,omitempty" format:"uri" doc:"Its page, when buyers see it"`
	Names     map[string]string `json:"names" doc:"What it is called, by language"`
	Life      string            `json:"life" enum:"open,closed,suspended,withdrawn"`
	State     string            `json:"state" enum:"draft,published,changed,waiting,sent_back,refused" doc:"Where it is on its way to the buyers: changed is published with a draft besides"`
	Version   int               `json:"version,omitempty" doc:"Number of the version that buyers see"`
	Revision  int64             `json:"revision,omitempty" doc:"Of the draft; none when there is no draft"`
	Edited    models.Time       `json:"edited,omitzero" doc:"When the draft was last saved"`
	Submitted *Submitted        `json:"submitted,omitempty" doc:"What became of what was last submitted"`
	ETag      string            `json:"etag" doc:"What to name in If-Match to change it"`
}

// Submitted is what became of what was submitted.
type Submitted struct {
	State   string      `json:"state" enum:"waiting,published,sent_back,refused,withdrawn"`
	At      models.Time `json:"at"`
	Decided models.Time `json:"decided,omitzero"`
	Message string      `json:"message,omitempty" doc:"From the moderator"`
}

// Listing is a listing of the vendor with what it says.
type Listing struct {
	Summary
	Source  string            `json:"source" enum:"draft,published" doc:"Whether the content is that of the draft or what buyers see"`
	Content catalogue.Content `json:"content"`
}

// Page is a part of the listings of the vendor.
type Page struct {
	Listings []Summary `json:"listings"`
	Next     string    `json:"next,omitempty" doc:"What to ask for in after= to get the next part; none: that was the last one"`
}

// Sent is what became of a submission.
type Sent struct {
	State   string `json:"state" enum:"published,waiting" doc:"Whether buyers see it now, or it waits for a moderator"`
	Version int    `json:"version,omitempty" doc:"Number of the version that it became"`
	Risks   []Risk `json:"risks" doc:"Why it waits"`
	ETag    string `json:"etag" doc:"Of the listing, after this"`
}

// Risk is a reason why a change waits.
type Risk struct {
	Kind     string `json:"kind"`
	Detail   string `json:"detail" doc:"The same in words, in the language of the answer"`
	Plan     string `json:"plan,omitempty" doc:"Code of a price plan"`
	Charge   string `json:"charge,omitempty" doc:"Code of one of its charges"`
	Question string `json:"question,omitempty"`
	Document string `json:"document,omitempty" doc:"Code of a document"`
	Word     string `json:"word,omitempty" doc:"That claims something"`
}

// etagOf tells the states of a listing apart: the revision of its draft, and the version
// that buyers see.
func etagOf(i market.Item) string { return fmt.Sprintf(`"r%d-v%d"`, i.Revision, i.Published) }

// stateOf says where a listing is on its way to the buyers.
func stateOf(i market.Item) string {
	switch {
	case i.Sent == "waiting" || i.Revision != 0 && (i.Sent == "sent_back" || i.Sent == "refused"):
		return string(i.Sent)
	case i.Published == 0:
		return "draft"
	case i.Revision != 0:
		return "changed"
	default:
		return "published"
	}
}

func (c *call) summary(i market.Item) Summary {
	s := Summary{ID: catalogue.Number(i.ID), Names: i.Names, Life: string(i.Life), State: stateOf(i), Version: i.Published, Revision: i.Revision, ETag: etagOf(i)}
	if i.Published != 0 {
		s.URL = fmt.Sprintf("%s/%s/services/sc-%d-%s", c.origin, c.lang.Tag, i.ID, i.Slug)
	}
	if i.Revision != 0 {
		s.Edited = i.EditedAt
	}
	if i.Sent != "" {
		s.Submitted = &Submitted{State: string(i.Sent), At: i.SentAt, Decided: i.DecidedAt, Message: i.Message}
	}
	return s
}
