package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/saved"
)

// aBudget is a line of the budget of the owner's organisation.
func (w *walls) aBudget(owner *caller) string {
	w.t.Helper()
	code := w.word()
	money := models.Actor{Program: "test", OrgID: owner.org, Roles: []models.Role{models.Finance}}
	w.writeAs(money, func(tx *db.Tx) error {
		return contracts.SaveBudget(w.t.Context(), tx, contracts.Budget{Code: code, Name: wordOfPerson + owner.name, Year: 2026, Cents: 1_000_000_00})
	})
	all, err := contracts.Budgets(w.t.Context(), w.DB, owner.org)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, b := range all {
		if b.Code == code {
			return strconv.FormatInt(b.ID, 10)
		}
	}
	return ""
}

// buyerOf is the buyer of an organisation, with all rights.
func (w *walls) buyerOf(org int64) models.Actor {
	for _, c := range w.callers {
		if c.role == models.Buyer && c.org == org {
			return c.buying()
		}
	}
	return models.Actor{}
}

// aRequest is a request of a buyer of the owner's organisation, for nothing that costs.
func (w *walls) aRequest(owner *caller) string { return w.requestOf(w.buyerOf(owner.org), 1) }

func (w *walls) requestOf(buyer models.Actor, offering int64) string {
	w.t.Helper()
	budget, err := strconv.ParseInt(w.aBudget(&caller{org: buyer.OrgID}), 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	// A row of its own, because what it costs by its plan is not what this is about.
	var id int64
	w.writeAs(buyer, func(tx *db.Tx) error {
		const q = `INSERT INTO subscriptions (organisation_id, once, offering_id, version, plan, months, starts, renewal, notice_days, year_cents, once_cents, budget_id, words, needs, state, requester_id, requested_at)
			SELECT ?, ?, o.id, o.published, 'p', 12, '2026-01-01', 'none', 0, 1, 0, ?, ?, 1, 'requested', ?, ? FROM offerings o WHERE o.id = ? RETURNING id`
		return tx.Get(w.t.Context(), &id, q, buyer.OrgID, w.word(), budget, "", buyer.AccountID, tx.Now, offering)
	})
	return contracts.Prefix + strconv.FormatInt(id, 10)
}

// anOrder is a request that was approved.
func (w *walls) anOrder(owner *caller) string {
	name := w.aRequest(owner)
	w.orders(name, owner.org)
	return name
}

func (w *walls) orders(name string, org int64) {
	w.t.Helper()
	id, _ := parseName(name, contracts.Prefix)
	by := w.approverOf(org)
	a := by.actor()
	a.Limit = 1
	w.writeAs(a, func(tx *db.Tx) error {
		return contracts.Vote(w.t.Context(), tx, id, 1, contracts.Deed{Step: contracts.Approve})
	})
}

// aRunning is a subscription that is in use.
func (w *walls) aRunning(owner *caller) string {
	name := w.anOrder(owner)
	w.runs(name, w.buyerOf(owner.org))
	return name
}

// runs puts a subscription into use.
func (w *walls) runs(name string, who models.Actor) {
	w.t.Helper()
	id, _ := parseName(name, contracts.Prefix)
	w.writeAs(who, func(tx *db.Tx) error {
		today := models.DateOf(tx.Now.Time)
		for _, q := range []string{`UPDATE subscriptions SET state = 'accepted' WHERE id = ?`, `UPDATE subscriptions SET state = 'active', first_use = '` + today.String() + `', ends = '2099-01-01' WHERE id = ?`} {
			if _, err := tx.Exec(w.t.Context(), q, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// aChanging is a subscription of which a change was asked for.
func (w *walls) aChanging(owner *caller) string {
	name := w.aRunning(owner)
	w.changeOf(name, w.buyerOf(owner.org), contracts.ChangeRequested)
	return name
}

// aChange is the change that was asked for last, aTask what there is to do since last,
// anImport what was imported last.
func (w *walls) aChange(*caller) string { return w.last(`SELECT max(id) AS id FROM amendments`) }
func (w *walls) aTask(*caller) string   { return w.last(`SELECT max(id) AS id FROM onboarding_steps`) }

// anImport is an import of contracts of the owner's organisation.
func (w *walls) anImport(owner *caller) string {
	w.t.Helper()
	i := contracts.Imported{Hash: strings.Repeat("0", 64)}
	w.writeAs(w.buyerOf(owner.org), func(tx *db.Tx) error { return contracts.Import(w.t.Context(), tx, w.word(), &i, nil) })
	return strconv.FormatInt(i.ID, 10)
}

// aSaved is a search that the owner keeps.
func (w *walls) aSaved(owner *caller) string {
	w.t.Helper()
	i := saved.Item{Kind: saved.Search, Name: w.word(), Query: "q=journal"}
	w.writeAs(owner.actor(), func(tx *db.Tx) error { return saved.Keep(w.t.Context(), tx, &i, nil, false) })
	return strconv.FormatInt(i.ID, 10)
}

// aTasked is an order of the owner's organisation that is being set up, with something
// to do; aTaskedAt is the same for the owner's vendor.
func (w *walls) aTasked(owner *caller) string {
	name := w.anOrder(owner)
	w.tasks(name, contracts.Buying, w.buyerOf(owner.org))
	return name
}

func (w *walls) aTaskedAt(owner *caller) string {
	name := w.anOrderAt(owner)
	w.tasks(name, contracts.Selling, owner.actor())
	return name
}

func (w *walls) tasks(name string, side contracts.Side, who models.Actor) {
	w.t.Helper()
	id, _ := parseName(name, contracts.Prefix)
	w.writeAs(who, func(tx *db.Tx) error {
		if _, err := tx.Exec(w.t.Context(), `UPDATE subscriptions SET state = 'accepted' WHERE id = ?`, id); err != nil {
			return err
		}
		return contracts.AddTasks(w.t.Context(), tx, id, side, side, w.word(), models.Date{})
	})
}

// aChangingAt is what was ordered from the owner's vendor, with a change that waits for
// the vendor; aRunningAt the same in use.
func (w *walls) aChangingAt(owner *caller) string {
	name := w.anOrderAt(owner)
	w.changeOf(name, models.Actor{Program: "test"}, contracts.ChangeOrdered)
	return name
}

func (w *walls) aRunningAt(owner *caller) string {
	name := w.anOrderAt(owner)
	w.runs(name, models.Actor{Program: "test"})
	return name
}

// changeOf asks for a change of a subscription, in a row of its own.
func (w *walls) changeOf(name string, buyer models.Actor, state contracts.ChangeState) string {
	w.t.Helper()
	id, _ := parseName(name, contracts.Prefix)
	var change int64
	w.writeAs(buyer, func(tx *db.Tx) error {
		needs, ordered := 0, any(tx.Now)
		if state == contracts.ChangeRequested {
			needs, ordered = 1, nil
		}
		const q = `INSERT INTO amendments (subscription_id, once, state, version, plan, unit, quantity, year_cents, once_cents, settled, starts, extra_cents, needs, words, old_version, old_plan, old_unit, old_quantity, old_year_cents, requester_id, requested_at, ordered_at)
			SELECT s.id, ?, ?, s.version, s.plan, '', '', 1, 0, 1, '2099-01-01', 0, ?, 'Why.', s.version, s.plan, '', '', 1, s.requester_id, ?, ? FROM subscriptions s WHERE s.id = ? RETURNING id`
		return tx.Get(w.t.Context(), &change, q, w.word(), state, needs, tx.Now, ordered, id)
	})
	return strconv.FormatInt(change, 10)
}

// anOrderAt is what a buyer ordered from the owner's vendor.
func (w *walls) anOrderAt(owner *caller) string {
	w.t.Helper()
	offering, err := strconv.ParseInt(w.aPublished(owner), 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	var buyer *caller
	for _, c := range w.callers {
		if c.role == models.Buyer && c.side == owner.side {
			buyer = c
		}
	}
	name := w.requestOf(buyer.buying(), offering)
	w.orders(name, buyer.org)
	return name
}

// moving is the form of who has seen the subscription at the address.
func (w *walls) moving(_ *caller, address string) url.Values {
	name := strings.Split(address, "/")
	for i, part := range name {
		if part == "steps" {
			return url.Values{"words": {"Because."}, fieldSeen: {w.revisionOf(`SELECT revision FROM subscriptions WHERE id = ?`, strings.TrimPrefix(name[i-1], contracts.Prefix))}}
		}
	}
	return url.Values{}
}

// using is how much was used this month.
func (w *walls) using(*caller, string) url.Values {
	return url.Values{"month": {models.DateOf(w.DB.Now()).String()[:7]}, "assigned": {strconv.Itoa(w.rows)}, "used": {"0"}}
}

// answering is the form of who has seen the change that was asked for last.
func (w *walls) answering(*caller, string) url.Values {
	return url.Values{"answer": {"accept"}, fieldSeen: {w.last(`SELECT revision FROM amendments WHERE id = (SELECT max(id) FROM amendments)`)}}
}

// tasking is something to do.
func (w *walls) tasking(*caller, string) url.Values {
	return url.Values{"side": {"buyer"}, "tasks": {w.word()}}
}

// budgeting is a line of the budget, as it was seen in the address.
func (w *walls) budgeting(_ *caller, address string) url.Values {
	id := address[strings.LastIndex(address, "/")+1:]
	return url.Values{"code": {w.word()}, "name": {"IT"}, "year": {"2026"}, "amount": {"2000000"}, fieldSeen: {w.revisionOf(`SELECT revision FROM budget_lines WHERE id = ?`, id)}}
}

// ruling are rules of approval, as they were seen.
func (w *walls) ruling(c *caller, _ string) url.Values {
	form := url.Values{"free_below": {strconv.Itoa(w.rows)}}
	form.Set(fieldSeen, w.revisionOf(`SELECT revision FROM approval_rules WHERE organisation_id = ?`, strconv.FormatInt(c.org, 10)))
	if n, err := contracts.FindRules(w.t.Context(), w.DB, c.org); err == nil && n.Revision == 0 {
		form.Set(fieldSeen, "0")
	}
	return form
}

// aService is what a request is for.
func (w *walls) aService() url.Values { return url.Values{"service": {"sc-1"}} }

func init() {
	steps := subscriptionsPath + "/:subscription/steps/:step"
	orders := ordersPath + "/:subscription/steps/:step"
	for path, r := range map[string]row{
		":subscription": {make: (*walls).aRequest},
		":step":         {open: "withdraw"},
		":line":         {make: (*walls).aBudget},
		":feed":         {open: "none"},
		subscriptionsPath + "/:subscription/usage": {make: (*walls).aRunning},
		steps + " :subscription":                   {make: (*walls).anOrder},
		ordersPath + "/:subscription":              {make: (*walls).anOrderAt},
		orders + " :subscription":                  {make: (*walls).anOrderAt},
		orders + " :step":                          {open: "accept"},

		":change": {make: (*walls).aChange, shared: true},
		":task":   {make: (*walls).aTask, shared: true},
		":import": {make: (*walls).anImport},
		":saved":  {make: (*walls).aSaved},
		subscriptionsPath + "/:subscription/changes/new":                              {make: (*walls).aRunning},
		subscriptionsPath + "/:subscription/changes/:change/withdrawal :subscription": {make: (*walls).aChanging},
		subscriptionsPath + "/:subscription/onboarding":                               {make: (*walls).aTasked},
		subscriptionsPath + "/:subscription/onboarding/:task :subscription":           {make: (*walls).aTasked},
		ordersPath + "/:subscription/usage":                                           {make: (*walls).aRunningAt},
		ordersPath + "/:subscription/changes/:change :subscription":                   {make: (*walls).aChangingAt},
		ordersPath + "/:subscription/onboarding":                                      {make: (*walls).aTaskedAt},
		ordersPath + "/:subscription/onboarding/:task :subscription":                  {make: (*walls).aTaskedAt},
	} {
		rows[path] = r
	}
	for path, s := range map[string]sample{
		"GET " + requestPath:                      {query: (*walls).aService},
		"POST " + requestPath:                     {form: func(w *walls, _ *caller, _ string) url.Values { return w.once("service", "sc-1") }, code: 422}, // nothing is said of it yet
		"POST " + steps:                           {form: (*walls).moving},
		"POST " + orders:                          {form: (*walls).moving},
		"POST /subscriptions/:subscription/usage": {form: (*walls).using},
		"POST /vendor/orders/:subscription/usage": {form: (*walls).using},
		"POST /subscriptions/:subscription/changes/new": {form: func(w *walls, _ *caller, _ string) url.Values {
			return w.once("price", "5", "price_seen", "500", "plan", "p", "words", "Why.", "starts", "2098-01-01")
		}, code: 422}, // its plan is none
		"POST /subscriptions/:subscription/changes/:change/withdrawal": {form: (*walls).answering},
		"POST /vendor/orders/:subscription/changes/:change":            {form: (*walls).answering},
		"POST /subscriptions/:subscription/onboarding":                 {form: (*walls).tasking},
		"POST /vendor/orders/:subscription/onboarding":                 {form: (*walls).tasking},
		"POST /subscriptions/:subscription/onboarding/:task":           {form: formOf("done", "1")},
		"POST /vendor/orders/:subscription/onboarding/:task":           {form: formOf("done", "1")},
		"POST /subscriptions/import": {form: func(w *walls, _ *caller, _ string) url.Values {
			return w.once("confirm", "1", "lines", "service;vendor;year;starts;ends\n"+w.word()+";V;1;2026-01-01;2035-12-31\n")
		}},
		"POST /subscriptions/import/:import/undo":     {},
		"POST /subscriptions/usage":                   {form: formOf("lines", "contract;month;assigned;used\nSUB-0;2026-01;1;1\n"), code: 200}, // the line is refused, and that is shown
		"POST /subscriptions/:subscription/reminders": {},
		"GET /saved/new":                              {query: func(*walls) url.Values { return url.Values{"kind": {"search"}, "query": {"q=journal"}} }},
		"POST /saved/new": {form: func(w *walls, _ *caller, _ string) url.Values {
			return url.Values{"kind": {"search"}, "query": {"q=journal"}, "name": {w.word()}}
		}},
		"POST /saved/:saved":         {},
		"POST /saved/:saved/removal": {},
		"POST /budget/rules":         {form: (*walls).ruling},
		"POST /budget/lines/:line":   {form: (*walls).budgeting},
		"POST /calendar":             {code: 200},
		"POST /calendar/removal":     {},
		"GET /calendar/feed/:feed":   {code: 404},
	} {
		samples[path] = s
	}
}
