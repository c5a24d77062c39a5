package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/publishing"
	"pilveturg/views"
)

const (
	adminListingsPath  = adminPath + "/listings"
	vendorListingsPath = "/vendor/listings"
	standingEnd        = "/standing" // after the path of a listing
)

// standing are the pages on which it is decided whether an offering can be had: those
// of managers of vendors for their own, or those of who runs the portal for all.
type standing struct {
	*Site
	listings string // the path of the listings
}

func (s standing) path(id int64) string {
	return s.listings + "/" + strconv.FormatInt(id, 10) + standingEnd
}

// find returns the offering that the address names, if the actor can make it stand
// otherwise. What buyers never saw, and what is not the actor's, is not found.
func (s standing) find(r *web.Request) (catalogue.Offering, error) {
	id, err := numberIn(r, "listing")
	if err != nil {
		return catalogue.Offering{}, err
	}
	o, err := catalogue.Find(r.Context(), s.DB, id)
	if err == nil && (o.Published == 0 || !publishing.Decides(r.Actor) && o.VendorID != r.Actor.OrgID) {
		err = models.ErrNotFound
	}
	return o, err
}

// show asks how an offering is to stand.
func (s standing) show(r *web.Request) (web.Reply, error) {
	o, err := s.find(r)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.page(r, s.fresh(r, nil), o)
	return web.Page(p), err
}

func (s standing) page(r *web.Request, f *filled, o catalogue.Offering) (views.FormPage, error) {
	cards, err := catalogue.Cards(r.Context(), s.DB, []int64{o.ID})
	if err != nil || len(cards) == 0 {
		return views.FormPage{}, errors.Join(err, models.ErrNotFound)
	}
	name, _ := f.nameAndSummary(cards[0].Words)
	reason, err := catalogue.Reason(r.Context(), s.DB, o.ID)
	if err != nil {
		return views.FormPage{}, err
	}
	now := views.Row{Key: f.T("standing.now"), Value: views.Words{Text: f.T("standing.life." + string(o.Life))}}
	if words := views.In(reason, f.Tag); words.Text != "" {
		now.More = []views.Words{words}
	}
	if !o.LifeSince.IsZero() {
		now.Note = f.Date(o.LifeSince)
	}
	p := views.FormPage{Heading: f.T("standing.title", name.Text), Facts: []views.Row{now}, Links: []views.Link{f.link(servicePath(o.ID, o.Slug), "moderation.service")}}
	if lives := publishing.Lives(r.Actor, o); len(lives) > 0 {
		p.Form = s.form(f, o, lives)
	} else {
		p.Text = []string{f.T("standing.staff_only")}
	}
	p.Shell = f.page(p.Heading)
	if publishing.Decides(r.Actor) {
		p.Shell = f.decidingPage(r, p.Heading, f.link(moderationPath, "moderation.title"))
	}
	return p, nil
}

func (s standing) form(f *filled, o catalogue.Offering, lives []catalogue.Life) views.Form {
	c := views.Choices{ID: "life", Name: "life", Legend: f.T("standing.life"), One: true, Error: f.problem("life")}
	for _, life := range lives {
		c.Options = append(c.Options, views.Option{Value: string(life), Text: f.T("standing.make." + string(life)), Chosen: f.typed("life") == string(life)})
	}
	sure := views.Choices{ID: "sure", Name: "sure", Legend: f.T("standing.sure_legend"), Error: f.problem("sure"),
		Options: []views.Option{{Value: "yes", Text: f.T("standing.sure"), Chosen: f.typed("sure") == "yes"}}}
	return views.Form{Action: at(f.Tag, s.path(o.ID)), Button: f.T("standing.button"), Stop: true, Hidden: []views.Hidden{{Name: fieldSeen, Value: string(o.Life)}}, Inputs: []views.Input{
		{Choices: &c},
		f.area(views.Area{Name: "reason_et", Label: f.T("standing.reason_et"), Hint: f.T("standing.reason_hint"), Rows: reasonRows}),
		f.area(views.Area{Name: "reason_en", Label: f.T("standing.reason_en"), Rows: reasonRows}),
		f.field(views.Field{Name: "successor", Label: f.T("standing.successor"), Hint: f.T("standing.successor_hint"), Width: "w12"}),
		{Choices: &sure},
	}}
}

// change makes an offering stand as it was typed.
func (s standing) change(r *web.Request) (web.Reply, error) {
	o, err := s.find(r)
	if err != nil {
		return web.Reply{}, err
	}
	to, wrong := typedStanding(r)
	if len(wrong) == 0 {
		err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
			return publishing.ChangeLife(r.Context(), tx, o.ID, catalogue.Life(r.Form(fieldSeen)), to)
		})
		var found models.Invalid
		switch {
		case err == nil:
			return web.SeeOther(at(r.Lang, s.path(o.ID))).Say("standing.done." + string(to.Life)), nil
		case errors.As(err, &found):
			wrong = standingFields(found)
		case errors.Is(err, models.ErrConflict):
			if o, err = s.find(r); err != nil {
				return web.Reply{}, err
			}
			p, err := s.page(r, s.posted(r, models.Invalid{"seen": "standing.changed_meanwhile"}), o)
			return web.Status(http.StatusConflict, p), err
		default:
			return web.Reply{}, err
		}
	}
	p, err := s.page(r, s.posted(r, wrong), o)
	return web.Status(http.StatusUnprocessableEntity, p), err
}

// typedStanding reads the form, and says what of it cannot be read.
func typedStanding(r *web.Request) (catalogue.Standing, models.Invalid) {
	s, wrong := catalogue.Standing{Life: catalogue.Life(r.Form("life"))}, models.Invalid{}
	switch s.Life {
	case catalogue.Open, catalogue.Closed, catalogue.Suspended, catalogue.Withdrawn:
	default:
		wrong["life"] = "standing.life_missing"
	}
	for _, lang := range [...]string{"et", "en"} {
		s.Reason.Set(lang, strings.TrimSpace(clean(r.Form("reason_"+lang))))
	}
	if typed := strings.TrimSpace(r.Form("successor")); typed != "" {
		id, ok := catalogue.ParseNumber(typed)
		if !ok {
			wrong["successor"] = "listing.successor_unknown"
		}
		s.Successor = id
	}
	if s.Life == catalogue.Withdrawn && r.Form("sure") != "yes" {
		wrong["sure"] = "standing.sure_missing"
	}
	return s, wrong
}

// standingFields puts what is wrong with a reason to the first of its fields.
func standingFields(wrong models.Invalid) models.Invalid {
	fields := models.Invalid{}
	for field, key := range wrong {
		if field == "reason" {
			field = "reason_et"
		}
		fields[field] = key
	}
	return fields
}
