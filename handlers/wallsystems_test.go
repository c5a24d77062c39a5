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
	o := &systems.System{Name: wordOfPerson + owner.name, Purpose: wordOfPerson + owner.name, State: systems.InUse, Category: "education", Served: "800", Unit: "pupil"}
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

// aComparison is one of the system that was made last.
func (w *walls) aComparison(owner *caller) string {
	w.t.Helper()
	id, err := strconv.ParseInt(w.last(`SELECT max(id) AS id FROM owned_systems`), 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	c := systems.Comparison{SystemID: id, Name: wordOfPerson + owner.name, Result: `{"owned_present_value":"1","service_present_value":"1","saving":"0"}`, Words: wordOfPerson + owner.name}
	actor := models.Actor{AccountID: owner.account, OrgID: owner.org, Roles: []models.Role{models.Buyer}}
	w.writeAs(actor, func(tx *db.Tx) error { return systems.KeepComparison(w.t.Context(), tx, &c) })
	return strconv.FormatInt(c.ID, 10)
}

// anUpload is a register that the caller's organisation sent; where accept is, it was
// taken over.
func (w *walls) anUpload(owner *caller, accept bool) string {
	w.t.Helper()
	actor := models.Actor{AccountID: owner.account, OrgID: owner.org, Roles: []models.Role{models.Buyer}}
	if owner.role == models.Administrator {
		actor.Roles = []models.Role{models.Administrator}
	}
	text := []byte("name,owner_code\n" + wordOfPerson + owner.name + ",70000001\n")
	u := systems.Upload{File: wordOfPerson + owner.name, Hash: strings.Repeat("0", 64), Content: text, Preview: `{"Kind":"table","Problems":[]}`}
	w.writeAs(actor, func(tx *db.Tx) error {
		if err := systems.KeepUpload(w.t.Context(), tx, &u); err != nil || !accept {
			return err
		}
		return systems.AcceptUpload(w.t.Context(), tx, u.ID, &systems.Bringing{Kind: "table", File: u.File, Hash: u.Hash}, nil)
	})
	return strconv.FormatInt(u.ID, 10)
}

// anOffer is a service that a system is compared with.
func anOffer(*walls) url.Values { return url.Values{fieldOffer: {"sc-1"}} }

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
	rows[":upload"] = row{make: func(w *walls, owner *caller) string { return w.anUpload(owner, false) }, staff: true}
	rows[systemImportPath+"/:upload/undo"] = row{make: func(w *walls, owner *caller) string { return w.anUpload(owner, true) }, staff: true}
	rows[":comparison"] = row{make: (*walls).aComparison, shared: true} // of the system before it
	for _, path := range []string{one + compareOwnEnd, one + comparisonsEnd + "/:comparison", one + compareOwnEnd + ".csv", one + compareOwnEnd + ".xlsx", one + compareOwnEnd + ".json", one, one + "/years.csv", one + "/years.xlsx", one + "/years.json"} {
		rows[path+" :system"] = row{make: (*walls).aSystem, wide: true}
	}
	for path, s := range map[string]sample{
		"POST " + systemsPath + "/new":                               {form: formOf("name", "Register", fieldState, "in_use")},
		"POST " + one + "/edit":                                      {form: systemForm("name", "Register", fieldState, "in_use")},
		"POST " + one + "/removal":                                   {form: systemForm()},
		"POST " + one + "/costs":                                     {form: systemForm("hosting", "12", "from", "01.01.2026", "life", "5")},
		"POST " + one + "/costs/:cost":                               {form: systemForm("words", "Hosting", "amount", "12", "every", "year", "starts", "01.01.2026", "currency", "EUR")},
		"GET " + one + comparisonsEnd + "/new":                       {query: anOffer},
		"POST " + one + comparisonsEnd + "/new":                      {query: anOffer, form: formOf("name", "Journal")},
		"GET " + one + compareOwnEnd + ".csv":                        {query: anOffer},
		"GET " + one + compareOwnEnd + ".xlsx":                       {query: anOffer},
		"GET " + one + compareOwnEnd + ".json":                       {query: anOffer},
		"POST " + one + comparisonsEnd + "/:comparison/subscription": {form: formOf(fieldSubscription, "")},
		"POST " + systemImportPath: {form: func(w *walls, _ *caller, _ string) url.Values {
			return url.Values{fieldFile: {"name,owner_code\n" + w.word() + ",70000001\n"}}
		}},
		"POST " + systemImportPath + "/:upload/acceptance": {},
		"POST " + systemImportPath + "/:upload/undo":       {},
		"POST " + discountRatesPath:                        {form: formOf("jurisdiction", "Estonia", "rate", "4", "nature", "real", "valid_from", "01.01.2026", "from_year", "0", "to_year", "30", "source", "Somebody")},
		"POST " + one + "/costs/:cost/removal":             {form: systemForm()},
	} {
		samples[path] = s
	}
}
