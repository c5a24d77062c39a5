package handlers

import (
	"net/url"
	"strconv"

	"pilveturg/db"
	"pilveturg/models/reports"
)

// aReport is a report that the owner keeps.
func (w *walls) aReport(owner *caller) string {
	w.t.Helper()
	one := reports.Report{Name: wordOfOwn + owner.name + w.word(), Question: "spent", Query: "by=vendor", Schedule: reports.Weekly}
	w.writeAs(owner.actor(), func(tx *db.Tx) error { return reports.Keep(w.t.Context(), tx, &one) })
	return strconv.FormatInt(one.ID, 10)
}

func init() {
	rows[":report"] = row{make: (*walls).aReport}
	rows[":ask"] = row{open: "spent"}
	for path, s := range map[string]sample{
		"GET /reports/new": {query: func(*walls) url.Values { return url.Values{fieldQuestion: {"spent"}, fieldQuery: {"by=vendor"}} }},
		"POST /reports/new": {form: func(w *walls, _ *caller, _ string) url.Values {
			return url.Values{fieldQuestion: {"spent"}, fieldQuery: {"by=vendor"}, fieldSchedule: {"monthly"}, "name": {w.word()}}
		}},
		"GET /reports/:report":           {code: 303},
		"POST /reports/:report/schedule": {form: formOf(fieldSchedule, "monthly")},
		"POST /reports/:report/removal":  {},
	} {
		samples[path] = s
	}
}
