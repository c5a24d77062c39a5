package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/systems"
)

// aSystem is a system that the caller's organisation owns, with a line of what it costs.
func (w *walls) aSystem(owner *caller) string {
	w.t.Helper()
	o := &systems.System{Name: wordOfPerson + owner.name, Purpose: wordOfPerson + owner.name, State: systems.InUse, Category: "education"}
	actor := models.Actor{AccountID: owner.account, OrgID: owner.org, Roles: []models.Role{models.Buyer}}
	w.writeAs(actor, func(tx *db.Tx) error {
		if err := systems.Save(w.t.Context(), tx, o); err != nil {
			return err
		}
		line := systems.Cost{Words: wordOfPerson + owner.name, Kind: systems.Hosting, Every: systems.Yearly, Starts: models.NewDate(2020, 1, 1), Amount: "1.50"}
		return systems.SaveCosts(w.t.Context(), tx, o.ID, o.Revision, []systems.Cost{line})
	})
	return strconv.FormatInt(o.ID, 10)
}

// aCost is the line of the system that was made last.
func (w *walls) aCost(*caller) string { return w.last(`SELECT max(id) AS id FROM owned_costs`) }

// systemForm is a form about a system as it stands.
func systemForm(pairs ...string) func(*walls, *caller, string) url.Values {
	return func(w *walls, _ *caller, address string) url.Values {
		form := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		if parts := strings.Split(address, "/"); len(parts) > 4 {
			form.Set(fieldSeen, w.revisionOf(`SELECT revision FROM owned_systems WHERE id = ?`, parts[3]))
		}
		return form
	}
}

func init() {
	const one = systemsPath + "/:system"
	rows[":system"] = row{make: (*walls).aSystem}
	rows[":cost"] = row{make: (*walls).aCost, shared: true} // of the system before it
	for _, path := range []string{one, one + "/years.csv", one + "/years.xlsx", one + "/years.json"} {
		rows[path] = row{make: (*walls).aSystem, wide: true}
	}
	for path, s := range map[string]sample{
		"POST " + systemsPath + "/new":         {form: formOf("name", "Register", fieldState, "in_use")},
		"POST " + one + "/edit":                {form: systemForm("name", "Register", fieldState, "in_use")},
		"POST " + one + "/removal":             {form: systemForm()},
		"POST " + one + "/costs":               {form: systemForm("hosting", "12", "from", "01.01.2026", "life", "5")},
		"POST " + one + "/costs/:cost":         {form: systemForm("words", "Hosting", "amount", "12", "every", "year", "starts", "01.01.2026", "currency", "EUR")},
		"POST " + one + "/costs/:cost/removal": {form: systemForm()},
	} {
		samples[path] = s
	}
}
