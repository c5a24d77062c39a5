package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/models/identity"
)

// Order is a subscription that a public body has ordered from the vendor.
type Order struct {
	ID       string      `json:"id" example:"SUB-312" doc:"The number of the subscription"`
	Service  string      `json:"service" example:"SC-31"`
	Body     string      `json:"body" doc:"What the public body is called"`
	State    string      `json:"state" enum:"ordered,asked,accepted,declined,withdrawn,active,suspended,ending,ended"`
	Plan     string      `json:"plan" doc:"Code of the price plan"`
	Unit     string      `json:"unit,omitempty" doc:"What is counted; none when nothing is"`
	Quantity string      `json:"quantity,omitempty" doc:"How many are bought, as a decimal number"`
	FirstUse models.Date `json:"first_use,omitzero"`
	Ends     models.Date `json:"ends,omitzero" doc:"Last day"`
}

// Orders are those of the vendor.
type Orders struct {
	Orders []Order `json:"orders"`
}

// Usage is how much of what was bought was used in a month.
type Usage struct {
	Assigned int64 `json:"assigned" minimum:"0" doc:"How many were given to people, or set up; not more than were bought"`
	Used     int64 `json:"used" minimum:"0" doc:"How many of these were used"`
}

type usageAsked struct {
	ID    string `path:"id" example:"SUB-312" doc:"The number of the subscription"`
	Month string `path:"month" example:"2026-11" doc:"The month"`
	Name  string `header:"Idempotency-Key" doc:"A name of the request: when one of the same name comes again within a day, it is answered the same and not done twice"`
}

// listOrders lists what was ordered from the vendor.
func (a *API) listOrders(ctx context.Context, c *call, _ *struct{}) (*told[Orders], error) {
	all, err := contracts.Orders(ctx, a.DB, c.actor)
	if err != nil {
		return nil, err
	}
	var bodies []int64
	for i := range all {
		bodies = append(bodies, all[i].OrgID)
	}
	names, err := identity.Briefs(ctx, a.DB, bodies)
	if err != nil {
		return nil, err
	}
	out := told[Orders]{Status: http.StatusOK, Body: Orders{Orders: []Order{}}}
	for i := range all {
		s := &all[i]
		name, _ := names[s.OrgID].Names.Pick(c.lang.Tag)
		out.Body.Orders = append(out.Body.Orders, Order{ID: s.Code(), Service: catalogue.Number(s.OfferingID), Body: name, State: string(s.State), Plan: s.Plan, Unit: s.Unit, Quantity: s.Quantity, FirstUse: s.FirstUse, Ends: s.Ends})
	}
	return &out, nil
}

// reportUsage notes how much was used in a month, in the place of what the vendor said
// of it before.
func (a *API) reportUsage(ctx context.Context, c *call, in *usageAsked) (*told[Usage], error) {
	digits, ok := strings.CutPrefix(strings.ToLower(in.ID), contracts.Prefix)
	id, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil {
		return nil, models.ErrNotFound
	}
	var said struct{ Assigned, Used *int64 }
	if err := json.Unmarshal(c.body, &said); err != nil || said.Assigned == nil || said.Used == nil {
		return nil, a.wrongUsage(c, models.Invalid{"": "usage.body_wrong"})
	}
	out, err := change(ctx, a, c, func(tx *db.Tx) (told[Usage], error) {
		u := Usage{*said.Assigned, *said.Used}
		return told[Usage]{Status: http.StatusOK, Body: u}, contracts.ReportUsage(ctx, tx, id, contracts.Month{Month: in.Month, Assigned: u.Assigned, Used: u.Used})
	})
	var wrong models.Invalid
	if errors.As(err, &wrong) && wrong["name"] == "" {
		return nil, a.wrongUsage(c, wrong)
	}
	return out, err
}

// wrongUsage says what is wrong with what was said of a month.
func (a *API) wrongUsage(c *call, wrong models.Invalid) *Problem {
	p := a.problem(c, http.StatusUnprocessableEntity, "invalid")
	for _, field := range wrong.Fields() {
		e := FieldError{Code: wrong[field], Detail: c.lang.T(wrong[field])}
		if field != "" && field != "month" { // which stands in the address
			e.Pointer = "/" + field
		}
		p.Errors = append(p.Errors, e)
	}
	return p
}
