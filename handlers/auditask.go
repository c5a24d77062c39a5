package handlers

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// The fields by which the log is searched, in an address.
const (
	auditWords        = "q"
	auditAccount      = "account"
	auditOrganisation = "organisation"
	auditGroup        = "group"
	auditFrom         = "from"
	auditTo           = "to"
)

const mostAuditWords = 8 // that are looked for

// The beginnings of the messages about actions.
const (
	auditActions = "audit.action."
	auditGroups  = "audit.group."
)

// auditAsk is what an address asks of the log.
type auditAsk struct {
	speaker
	filter audit.Filter
	kept   url.Values     // the fields, as they were typed
	wrong  models.Invalid // field to message
}

func (s *Site) askAudit(r *web.Request) (*auditAsk, error) {
	a := &auditAsk{speaker: s.speaker(r.Lang), kept: url.Values{}, wrong: models.Invalid{}}
	for _, name := range []string{auditWords, auditAccount, auditOrganisation, auditGroup, auditFrom, auditTo} {
		if text := strings.TrimSpace(clean(r.Query(name))); text != "" {
			a.kept.Set(name, text)
		}
	}
	a.words()
	a.filter.Account = a.number(auditAccount)
	a.filter.Since = a.DayStart(a.day(auditFrom))
	if last := a.day(auditTo); !last.IsZero() {
		a.filter.Before = a.DayStart(models.DateOf(last.Time().AddDate(0, 0, 1)))
	}
	if group := a.kept.Get(auditGroup); a.Has(auditGroups + group) {
		a.filter.Group = group
	}
	return a, a.organisation(r.Context(), s)
}

// words looks for each word in subjects, and in actions and what people read for them.
func (a *auditAsk) words() {
	for i, text := range strings.Fields(a.kept.Get(auditWords)) {
		if i == mostAuditWords {
			return
		}
		word := audit.Word{Text: text}
		for _, action := range a.Keys(auditActions) {
			if strings.Contains(strings.ToLower(a.T(auditActions+action)), strings.ToLower(text)) {
				word.Actions = append(word.Actions, audit.Action(action))
			}
		}
		a.filter.Words = append(a.filter.Words, word)
	}
}

func (a *auditAsk) number(field string) int64 {
	text := a.kept.Get(field)
	n, err := strconv.ParseInt(text, 10, 64)
	if text != "" && (err != nil || n < 1) {
		a.wrong[field] = "audit.wrong_number"
		return 0
	}
	return n
}

// day reads a day that is asked for.
func (a *auditAsk) day(field string) models.Date {
	text := a.kept.Get(field)
	if text == "" {
		return models.Date{}
	}
	day, ok := parseDay(text)
	if !ok {
		a.wrong[field] = "audit.wrong_day"
	}
	return day
}

// parseDay reads a day as browsers send it, or as people type it.
func parseDay(text string) (day models.Date, ok bool) {
	for _, layout := range []string{time.DateOnly, "2.1.2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return models.DateOf(t), true
		}
	}
	return day, false
}

// organisation reads the number of an organisation, "v-7" or "a-7" as in addresses, or
// a key.
func (a *auditAsk) organisation(ctx context.Context, s *Site) error {
	text := a.kept.Get(auditOrganisation)
	for _, prefix := range []string{vendorPrefix, agencyPrefix} {
		if id, ok := parseName(text, prefix); ok {
			a.filter.Organisation = id
			return nil
		}
	}
	key, err := models.ParseKey(text)
	if err != nil {
		a.filter.Organisation = a.number(auditOrganisation)
		return nil
	}
	a.filter.Organisation, err = identity.FindID(ctx, s.DB, key)
	if errors.Is(err, models.ErrNotFound) {
		a.wrong[auditOrganisation] = "audit.wrong_organisation"
		return nil
	}
	return err
}

// fillForm shows what was asked for, and what of it is wrong.
func (a *auditAsk) fillForm(p *views.AuditPage) {
	field := func(name, label, hint string) views.Field {
		f := views.Field{ID: "audit-" + name, Name: name, Label: a.T(label), Value: a.kept.Get(name)}
		if hint != "" {
			f.Hint = a.T(hint)
		}
		if key := a.wrong[name]; key != "" {
			f.Error = a.T(key)
			p.Errors = append(p.Errors, views.FieldError{Field: f.ID, Message: f.Error})
		}
		return f
	}
	p.Words = field(auditWords, "audit.words", "audit.words_hint")
	p.Account = field(auditAccount, "audit.account", "")
	p.Organisation = field(auditOrganisation, "audit.organisation", "audit.organisation_hint")
	p.From, p.To = field(auditFrom, "audit.from_day", ""), field(auditTo, "audit.to_day", "")
	p.Words.Width, p.Account.Width, p.Account.Mode, p.Organisation.Width = "w60", "w8", "numeric", "w12"
	p.From.Kind, p.To.Kind = "date", "date"
	chosen := a.filter.Group
	p.Group = views.Select{ID: "audit-group", Name: auditGroup, Label: a.T("audit.group"), Options: []views.Option{{Text: a.T("audit.any_group"), Chosen: chosen == ""}}}
	for _, group := range a.Keys(auditGroups) {
		p.Group.Options = append(p.Group.Options, views.Option{Value: group, Text: a.T(auditGroups + group), Chosen: group == chosen})
	}
}
