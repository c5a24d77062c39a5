package handlers

import (
	"net/url"
	"strings"

	"pilveturg/models/matching"
)

// aBill is a bill of which nobody knows what it is for.
func (w *walls) aBill(owner *caller) string {
	w.t.Helper()
	w.aCounted(owner)
	for worker := (&matching.Worker{DB: w.DB}); ; {
		did, err := worker.Next(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if !did {
			return w.last(`SELECT max(id) AS id FROM ledger_bills`)
		}
	}
}

// billForm is a form about a bill as it stands.
func billForm(field, value string) func(*walls, *caller, string) url.Values {
	return func(w *walls, _ *caller, address string) url.Values {
		form := url.Values{field: {value}}
		if parts := strings.Split(address, "/"); len(parts) > 4 {
			form.Set(fieldSeen, w.revisionOf(`SELECT revision FROM ledger_bills WHERE id = ?`, parts[4]))
		}
		return form
	}
}

func init() {
	const one = billsPath + "/:bill"
	rows[":bill"] = row{make: (*walls).aBill}
	rows[forecastPath+"/:line"] = row{make: (*walls).aBudget, wide: true}
	rows[one] = row{make: (*walls).aBill, wide: true}
	for path, s := range map[string]sample{
		"POST " + unmatchedPath:    {},
		"POST " + one + "/match":   {form: billForm(fieldSubscription, "999999"), code: 422},
		"POST " + one + "/outside": {form: billForm(fieldReason, "A lunch")},
		"POST " + one + "/reopen":  {form: billForm(fieldBack, "1")},
		"POST " + one + "/budget":  {form: billForm(fieldBudget, "")},
	} {
		samples[path] = s
	}
}
