package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/catalogue"
	"pilveturg/models/market"
	"pilveturg/models/publishing"
)

// pageSize is how many listings a page holds.
const (
	pageSize     = 50
	mostPageSize = 200
)

type (
	listAsked struct {
		After string `query:"after" doc:"The next of the page before"`
		Limit string `query:"limit" doc:"How many: 1 to 200, 50 when it is not said"`
	}
	oneAsked struct {
		ID string `path:"id" example:"SC-31" doc:"The number of the service"`
	}
	changeAsked struct {
		ID    string `path:"id" example:"SC-31" doc:"The number of the service"`
		Match string `header:"If-Match" doc:"The ETag of the listing as it was seen"`
		Name  string `header:"Idempotency-Key" doc:"A name of the request: when one of the same name comes again within a day, it is answered the same and not done twice"`
	}
	sendAsked struct {
		ID    string `path:"id" example:"SC-31" doc:"The number of the service"`
		Match string `header:"If-Match" doc:"The ETag of the listing as it was seen"`
		Name  string `header:"Idempotency-Key" doc:"A name of the request: when one of the same name comes again within a day, it is answered the same and not done twice"`
		Note  string `query:"note" doc:"What changes, for buyers and the moderator, in the language of the request: kept with the version"`
	}
	newAsked struct {
		Name string `header:"Idempotency-Key" doc:"A name of the request: when one of the same name comes again within a day, it is answered the same and not done twice"`
	}
	told[T any] struct {
		Status   int
		ETag     string `header:"ETag" doc:"What to name in If-Match to change it"`
		Location string `header:"Location"`
		Body     T
	}
)

// operations registers what programs can ask for.
func (a *API) operations() {
	read, write, usage := string(access.ReadsListings), string(access.WritesListings), string(access.WritesUsage)
	content := &huma.RequestBody{Description: a.english("api.content"), Content: map[string]*huma.MediaType{jsonKind: {Schema: schemaOf[catalogue.Content](a)}}}
	month := &huma.RequestBody{Description: a.english("api.usage"), Content: map[string]*huma.MediaType{jsonKind: {Schema: schemaOf[Usage](a)}}}
	register(a, Operation{"GET", Path + "/listings", "list_listings", read, false}, nil, a.listListings)
	register(a, Operation{"POST", Path + "/listings", "begin_listing", write, false}, content, a.beginListing)
	register(a, Operation{"GET", Path + "/listings/{id}", "show_listing", read, false}, nil, a.showListing)
	register(a, Operation{"PUT", Path + "/listings/{id}/draft", "save_draft", write, true}, content, a.saveDraft)
	register(a, Operation{"POST", Path + "/listings/{id}/submission", "submit_listing", write, true}, nil, a.submitListing)
	register(a, Operation{"GET", Path + "/orders", "list_orders", usage, false}, nil, a.listOrders)
	register(a, Operation{"PUT", Path + "/orders/{id}/usage/{month}", "report_usage", usage, false}, month, a.reportUsage)
	responses := a.huma.OpenAPI().Paths[Path+"/listings/{id}/submission"].Post.Responses
	live := *responses[strconv.Itoa(http.StatusAccepted)]
	live.Description = http.StatusText(http.StatusOK)
	responses[strconv.Itoa(http.StatusOK)] = &live
}

// register adds an operation; body is what it is sent, nil for nothing.
func register[I, O any](a *API, o Operation, body *huma.RequestBody, do func(context.Context, *call, *I) (*O, error)) {
	a.list = append(a.list, o)
	op := huma.Operation{Method: o.Method, Path: o.Path, OperationID: o.ID, Summary: a.english("api.op." + o.ID), Description: a.english("api.op." + o.ID + ".text"),
		Security: []map[string][]string{{"token": {}}}, Responses: map[string]*huma.Response{}, SkipValidateParams: true}
	problem := schemaOf[Problem](a)
	for _, p := range problems {
		code := strconv.Itoa(p.status)
		if !a.mayEnd(o, p.name) {
			continue
		}
		if op.Responses[code] == nil {
			op.Responses[code] = &huma.Response{Content: map[string]*huma.MediaType{problemKind: {Schema: problem}}}
		} else {
			op.Responses[code].Description += "; "
		}
		op.Responses[code].Description += a.english("api.problem." + p.name)
	}
	switch o.ID {
	case "begin_listing":
		op.DefaultStatus = http.StatusCreated
	case "submit_listing":
		op.DefaultStatus = http.StatusAccepted
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		c := callOf(ctx)
		if !c.holder.Scope.Allows(access.Scope(o.Scope)) {
			return nil, huma.ErrorWithHeaders(a.problem(c, http.StatusForbidden, "scope", o.Scope),
				http.Header{"WWW-Authenticate": {`Bearer realm="pilveturg", error="insufficient_scope", scope="` + o.Scope + `"`}})
		}
		out, err := do(ctx, c, in)
		if err != nil {
			return nil, a.withETag(a.problemOf(ctx, c, err))
		}
		return out, nil
	})
	if body != nil { // told only now, or the library would read and judge it itself
		path := a.huma.OpenAPI().Paths[o.Path]
		for _, op := range []*huma.Operation{path.Post, path.Put} {
			if op != nil {
				op.RequestBody = body
				op.RequestBody.Required = true
			}
		}
	}
}

// mayEnd reports whether an operation may end with the problem.
func (a *API) mayEnd(o Operation, name string) bool {
	changes := o.Method != http.MethodGet
	switch name {
	case "method":
		return false
	case "no_draft", "incomplete":
		return o.ID == "submit_listing"
	case "no_match", "differs":
		return o.Matches
	case "invalid", "media_type", "conflict", "name_reused", "bad_name", "too_large", "broken":
		return changes
	case "bad_page":
		return o.ID == "list_listings"
	case "not_found":
		return o.Path != Path+"/listings" && o.Path != Path+"/orders"
	default:
		return true
	}
}

// withETag puts what stands there now into the header, too.
func (a *API) withETag(p *Problem) error {
	if p.ETag == "" {
		return p
	}
	return huma.ErrorWithHeaders(p, http.Header{"ETag": {p.ETag}})
}

// numbered reads the number of a service.
func numbered(id string) (int64, error) {
	n, ok := catalogue.ParseNumber(id)
	if !ok {
		return 0, models.ErrNotFound
	}
	return n, nil
}

// listListings lists what the vendor has, the oldest first.
func (a *API) listListings(ctx context.Context, c *call, in *listAsked) (*told[Page], error) {
	after, limit := int64(0), pageSize
	var err error
	if in.After != "" {
		if after, err = numbered(in.After); err != nil {
			return nil, a.problem(c, http.StatusBadRequest, "bad_page", strconv.Itoa(mostPageSize))
		}
	}
	if in.Limit != "" {
		if limit, err = strconv.Atoi(in.Limit); err != nil || limit < 1 || limit > mostPageSize {
			return nil, a.problem(c, http.StatusBadRequest, "bad_page", strconv.Itoa(mostPageSize))
		}
	}
	items, err := market.Items(ctx, a.DB, c.actor, c.actor.OrgID, after, limit+1)
	if err != nil {
		return nil, err
	}
	p := Page{Listings: []Summary{}}
	if len(items) > limit {
		items = items[:limit]
		p.Next = catalogue.Number(items[limit-1].ID)
	}
	for _, i := range items {
		p.Listings = append(p.Listings, c.summary(i))
	}
	return &told[Page]{Status: http.StatusOK, Body: p}, nil
}

// showListing shows the draft of a listing, or what buyers see when there is none.
func (a *API) showListing(ctx context.Context, c *call, in *oneAsked) (*told[Listing], error) {
	id, err := numbered(in.ID)
	if err != nil {
		return nil, err
	}
	item, err := market.FindItem(ctx, a.DB, c.actor, id)
	if err != nil {
		return nil, err
	}
	l := Listing{Summary: c.summary(item), Source: "draft"}
	switch {
	case item.Revision != 0:
		var d publishing.Draft
		d, err = publishing.FindDraft(ctx, a.DB, c.actor, id)
		l.Content = d.Content
	case item.Published != 0:
		var e catalogue.Edition
		e, err = catalogue.FindEdition(ctx, a.DB, id, item.Published)
		l.Source, l.Content = "published", e.Content
	default: // the draft was thrown away before anybody saw it
		err = models.ErrNotFound
	}
	return &told[Listing]{Status: http.StatusOK, ETag: l.ETag, Body: l}, err
}
