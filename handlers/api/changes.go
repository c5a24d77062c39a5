package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/catalogue"
	"pilveturg/models/exchange"
	"pilveturg/models/market"
	"pilveturg/models/publishing"
)

// change does what a request asks for, in one transaction with what it is answered: when
// it has a name and comes again, it is answered the same and not done again.
func change[T any](ctx context.Context, a *API, c *call, do func(tx *db.Tx) (told[T], error)) (*told[T], error) {
	var out told[T]
	err := a.DB.Write(ctx, c.actor, func(tx *db.Tx) (err error) {
		if c.once.Name != "" {
			kept, ok, err := access.Answered(ctx, tx, c.once, tx.Now)
			if err != nil || ok {
				return errors.Join(err, read(kept, &out))
			}
		}
		if out, err = do(tx); err != nil || c.once.Name == "" {
			return err
		}
		b, err := json.Marshal(out)
		if err != nil {
			return err
		}
		return access.KeepAnswer(ctx, tx, c.once, b)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

func read(b []byte, v any) error {
	if len(b) == 0 {
		return nil
	}
	return json.Unmarshal(b, v)
}

// content is what the request says of a listing.
func (a *API) content(c *call) (catalogue.Content, error) {
	content, wrong := exchange.ReadContent(c.body, a.Schema)
	if len(wrong) > 0 {
		return content, a.unreadable(c, wrong)
	}
	return content, nil
}

// beginListing makes a new listing of the vendor, with a draft.
func (a *API) beginListing(ctx context.Context, c *call, _ *newAsked) (*told[Listing], error) {
	content, err := a.content(c)
	if err != nil {
		return nil, err
	}
	return change(ctx, a, c, func(tx *db.Tx) (told[Listing], error) {
		id, err := publishing.Begin(ctx, tx, c.actor.OrgID, content)
		if err != nil {
			return told[Listing]{}, err
		}
		l, err := a.drafted(ctx, tx, c, id)
		return told[Listing]{Status: http.StatusCreated, ETag: l.ETag, Location: Path + "/listings/" + l.ID, Body: l}, err
	})
}

// drafted is a listing with its draft.
func (a *API) drafted(ctx context.Context, tx *db.Tx, c *call, id int64) (Listing, error) {
	item, err := market.FindItem(ctx, tx, c.actor, id)
	if err != nil {
		return Listing{}, err
	}
	d, err := publishing.FindDraft(ctx, tx, c.actor, id)
	return Listing{Summary: c.summary(item), Source: "draft", Content: d.Content}, err
}

// seen returns the listing, if it is as the request says it was seen.
func (a *API) seen(ctx context.Context, tx *db.Tx, c *call, number string) (market.Item, error) {
	id, err := numbered(number)
	if err != nil {
		return market.Item{}, err
	}
	item, err := market.FindItem(ctx, tx, c.actor, id)
	switch {
	case err != nil:
		return item, err
	case c.match == "":
		return item, a.problem(c, http.StatusPreconditionRequired, "no_match")
	case c.match != "*" && !slices.Contains(strings.Split(strings.ReplaceAll(c.match, " ", ""), ","), etagOf(item)):
		return item, a.differs(c, item)
	}
	return item, nil
}

// differs tells that somebody else changed the listing, and how it stands now.
func (a *API) differs(c *call, now market.Item) *Problem {
	p := a.problem(c, http.StatusPreconditionFailed, "differs")
	p.ETag = etagOf(now)
	return p
}

// saveDraft puts what was sent in the place of the draft of a listing; without a draft, it
// begins one from what buyers see.
func (a *API) saveDraft(ctx context.Context, c *call, in *changeAsked) (*told[Listing], error) {
	content, err := a.content(c)
	if err != nil {
		return nil, err
	}
	return change(ctx, a, c, func(tx *db.Tx) (told[Listing], error) {
		item, err := a.seen(ctx, tx, c, in.ID)
		if err != nil {
			return told[Listing]{}, err
		}
		d, err := publishing.Edit(ctx, tx, item.ID)
		if err == nil {
			_, err = publishing.Save(ctx, tx, item.ID, d.Revision, func(d *publishing.Draft) error {
				d.Content, d.Typed = content, nil
				return nil
			})
		}
		if err != nil {
			return told[Listing]{}, err
		}
		l, err := a.drafted(ctx, tx, c, item.ID)
		return told[Listing]{Status: http.StatusOK, ETag: l.ETag, Body: l}, err
	})
}

// submitListing sends the draft of a listing to the buyers: at once, or when a moderator
// has approved it, with what the vendor says that changes.
func (a *API) submitListing(ctx context.Context, c *call, in *sendAsked) (*told[Sent], error) {
	return change(ctx, a, c, func(tx *db.Tx) (told[Sent], error) {
		item, err := a.seen(ctx, tx, c, in.ID)
		if err != nil {
			return told[Sent]{}, err
		}
		if item.Revision == 0 {
			return told[Sent]{}, a.problem(c, http.StatusConflict, "no_draft")
		}
		revision, err := publishing.NoteDown(ctx, tx, item.ID, item.Revision, c.lang.Tag, in.Note)
		if err != nil {
			return told[Sent]{}, err
		}
		sent, err := publishing.Send(ctx, tx, a.Schema, item.ID, revision)
		if err != nil {
			return told[Sent]{}, a.unsent(ctx, tx, c, item.ID, err)
		}
		if item, err = market.FindItem(ctx, tx, c.actor, item.ID); err != nil {
			return told[Sent]{}, err
		}
		out := told[Sent]{Status: http.StatusAccepted, ETag: etagOf(item), Body: Sent{State: "waiting", Version: sent.Version, Risks: []Risk{}, ETag: etagOf(item)}}
		if sent.Live {
			out.Status, out.Body.State = http.StatusOK, "published"
		}
		for _, r := range sent.Risks {
			out.Body.Risks = append(out.Body.Risks, Risk{Kind: string(r.Kind), Detail: c.lang.T("risk." + string(r.Kind)), Plan: r.Plan, Charge: r.Charge,
				Question: r.Question, Document: r.Document, Word: r.Word})
		}
		return out, nil
	})
}

// unsent tells why a draft was not sent. Which answers are missing is told one by one.
func (a *API) unsent(ctx context.Context, tx *db.Tx, c *call, id int64, err error) error {
	var wrong models.Invalid
	if !errors.As(err, &wrong) {
		return err
	}
	p := a.incomplete(c, wrong)
	d, err := publishing.FindDraft(ctx, tx, c.actor, id)
	if err != nil {
		return err
	}
	for _, q := range a.Schema.Missing(d.Content) {
		label, _ := q.Label.Pick(c.lang.Tag)
		p.Errors = append(p.Errors, FieldError{Pointer: "/answers", Code: "answer.missing", Detail: c.lang.T("api.answer_missing", q.ID, label)})
	}
	return p
}
