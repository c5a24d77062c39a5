package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/contracts"
)

// aBudget is a line of the budget of the owner's organisation.
func (w *walls) aBudget(owner *caller) string {
	w.t.Helper()
	code := w.word()
	money := models.Actor{Program: "test", OrgID: owner.org, Roles: []models.Role{models.Finance}}
	w.writeAs(money, func(tx *db.Tx) error {
		return contracts.SaveBudget(w.t.Context(), tx, contracts.Budget{Code: code, Name: wordOfOwn + owner.name, Year: 2026, Cents: 1_000_000_00})
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
	id, _ := parseName(name, contracts.Prefix)
	w.writeAs(w.buyerOf(owner.org), func(tx *db.Tx) error {
		today := models.DateOf(tx.Now.Time)
		for _, q := range []string{`UPDATE subscriptions SET state = 'accepted' WHERE id = ?`, `UPDATE subscriptions SET state = 'active', first_use = '` + today.String() + `', ends = '2099-01-01' WHERE id = ?`} {
			if _, err := tx.Exec(w.t.Context(), q, id); err != nil {
				return err
			}
		}
		return nil
	})
	return name
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
	} {
		rows[path] = r
	}
	for path, s := range map[string]sample{
		"GET " + requestPath:  {query: (*walls).aService},
		"POST " + requestPath: {form: func(w *walls, _ *caller, _ string) url.Values { return w.once("service", "sc-1") }, code: 422}, // nothing is said of it yet
		"POST " + steps:       {form: (*walls).moving},
		"POST " + orders:      {form: (*walls).moving},
		"POST /subscriptions/:subscription/usage": {form: func(w *walls, _ *caller, _ string) url.Values {
			return url.Values{"month": {models.DateOf(w.DB.Now()).String()[:7]}, "assigned": {"0"}, "used": {"0"}}
		}},
		"POST /subscriptions/:subscription/reminders": {},
		"POST /budget/rules":                          {form: (*walls).ruling},
		"POST /budget/lines/:line":                    {form: (*walls).budgeting},
		"POST /calendar":                              {code: 200},
		"POST /calendar/removal":                      {},
		"GET /calendar/feed/:feed":                    {code: 404},
	} {
		samples[path] = s
	}
}
