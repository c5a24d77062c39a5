package handlers

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// auditJSON answers with the newest of the events that the address asks for, and how
// many there are.
func (s *Site) auditJSON(r *web.Request) (web.Reply, error) {
	total, events, err := s.auditEvents(r)
	if err != nil {
		return web.Reply{}, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err = e.Encode(struct {
		Total  int           `json:"total"`
		Events []audit.Event `json:"events"`
	}{total, events})
	return web.Data("application/json", b.Bytes(), 0), err
}

// auditCSV answers with the same as a table for spreadsheets.
func (s *Site) auditCSV(r *web.Request) (web.Reply, error) {
	_, events, err := s.auditEvents(r)
	if err != nil {
		return web.Reply{}, err
	}
	w := s.speaker(r.Lang)
	var head []string
	for _, key := range []string{"audit.number", "audit.when", "audit.who", "audit.account", "audit.organisation", "audit.action",
		"audit.what", "audit.subject", "audit.changes", "audit.from"} {
		head = append(head, w.T(key))
	}
	lines := [][]string{head}
	for _, e := range events {
		lines = append(lines, w.auditCells(e))
	}
	return csvReply(lines)
}

// auditEvents reads what the address asks for, up to a number that a file may hold.
func (s *Site) auditEvents(r *web.Request) (total int, events []audit.Event, err error) {
	a, err := s.askAudit(r)
	if err == nil {
		err = a.wrong.Or()
	}
	if err != nil {
		return 0, nil, err
	}
	err = s.DB.Read(r.Context(), func(moment db.Reader) (err error) {
		if total, err = audit.Count(r.Context(), moment, a.filter); err != nil {
			return err
		}
		events, err = audit.Find(r.Context(), moment, a.filter, models.Page{Number: 1, Size: mostEvents})
		return err
	})
	return total, events, err
}

func (w speaker) auditCells(e audit.Event) []string {
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	what := ""
	if key := auditActions + string(e.Action); w.Has(key) {
		what = w.T(key)
	}
	from := e.From
	if e.FromErased {
		from = w.T("audit.erased")
	}
	return []string{number(e.Seq), e.At.UTC().Format(time.RFC3339), e.Actor, number(e.Account), number(e.Organisation),
		string(e.Action), what, e.Subject, w.changesCell(e), from}
}

// changesCell has a line for each field: "website: old → new".
func (w speaker) changesCell(e audit.Event) string {
	var lines []string
	for _, c := range e.Changes {
		value := c.Old + " → " + c.New
		if isErased(e, c.Field) {
			value = w.T("audit.erased")
		}
		lines = append(lines, c.Field+": "+value)
	}
	return strings.Join(lines, "\n")
}
