package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/search"
	"pilveturg/views"
)

const (
	synonymsPath    = "/admin/synonyms"
	synonymsRemoval = "/removal" // after the path of a list
	synonymsOnPage  = 100
	synonymRows     = 6 // lines of the field that are seen at once
)

// The fields of the forms and addresses of synonyms.
const (
	fieldSynonyms = "words"
	fieldSeen     = "seen" // the revision that the form was made from
	fieldDone     = "done" // in the address: what has just been done …
	fieldList     = "list" // … to which list
)

// What may have been done to a list.
const (
	doneAdded   = "added"
	doneChanged = "changed"
	doneRemoved = "removed"
)

// listSynonyms shows the lists of words that mean the same, and the form for a new
// one.
func (s *Site) listSynonyms(r *web.Request) (web.Reply, error) {
	p, ok, err := s.synonymsPage(r, "", nil)
	if err == nil && !ok {
		return web.SeeOther(at(r.Lang, synonymsAddress(r, 1))), nil
	}
	return web.Page(p), err
}

// addSynonyms adds a list.
func (s *Site) addSynonyms(r *web.Request) (web.Reply, error) {
	typed := r.Form(fieldSynonyms)
	words := search.SplitSynonyms(typed)
	var id int64
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		id, err = search.AddSynonyms(r.Context(), tx, words)
		return err
	})
	if problems := s.speaker(r.Lang).synonymProblems(err, words); problems != nil {
		return s.synonymsAgain(r, http.StatusUnprocessableEntity, typed, problems)
	}
	return s.synonymsDone(r, doneAdded, id), err
}

// synonymsAgain shows the list with what was typed for a new one, and what is to be
// done about it.
func (s *Site) synonymsAgain(r *web.Request, status int, typed string, problems []string) (web.Reply, error) {
	p, _, err := s.synonymsPage(r, typed, problems)
	return web.Status(status, p), err
}

// synonymsDone leads to the list, which says what was done.
func (s *Site) synonymsDone(r *web.Request, what string, id int64) web.Reply {
	done := url.Values{fieldDone: {what}, fieldList: {strconv.FormatInt(id, 10)}}
	return web.SeeOther(at(r.Lang, withQuery(synonymsPath, done.Encode())))
}

// showSynonyms shows the form in which a list is changed.
func (s *Site) showSynonyms(r *web.Request) (web.Reply, error) {
	l, err := s.findSynonyms(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Page(s.speaker(r.Lang).synonymPage(l, strings.Join(l.Words, "\n"), nil)), nil
}

// changeSynonyms makes a list hold what was typed. Whoever changed or removed it
// meanwhile is told of, and what was typed is kept.
func (s *Site) changeSynonyms(r *web.Request) (web.Reply, error) {
	w, typed := s.speaker(r.Lang), r.Form(fieldSynonyms)
	words, seen := search.SplitSynonyms(typed), seenRevision(r)
	id, err := synonymsID(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return search.ChangeSynonyms(r.Context(), tx, id, seen, words)
	})
	problems, conflict := w.synonymProblems(err, words), errors.Is(err, models.ErrConflict)
	if problems == nil && !conflict && !errors.Is(err, models.ErrNotFound) {
		return s.synonymsDone(r, doneChanged, id), err
	}
	l, err := s.findSynonyms(r)
	switch {
	case errors.Is(err, models.ErrNotFound):
		return s.synonymsAgain(r, http.StatusConflict, typed, []string{w.T("synonym.gone")})
	case err != nil:
		return web.Reply{}, err
	}
	p := w.synonymPage(l, typed, problems)
	if !conflict {
		p.Seen.Value = r.Form(fieldSeen) // what others did since is told when the rest is right
		return web.Status(http.StatusUnprocessableEntity, p), nil
	}
	p.Notices = []views.Notice{{Kind: views.Warn, Title: w.T("synonym.differs"), Text: w.T("synonym.differs_text", l.String()), Urgent: true}}
	return web.Status(http.StatusConflict, p), nil
}

// confirmSynonymRemoval asks whether a list is really to be removed.
func (s *Site) confirmSynonymRemoval(r *web.Request) (web.Reply, error) {
	l, err := s.findSynonyms(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Page(s.speaker(r.Lang).synonymRemovalPage(l)), nil
}

// removeSynonyms removes a list, unless it has changed since it was shown.
func (s *Site) removeSynonyms(r *web.Request) (web.Reply, error) {
	id, err := synonymsID(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return search.RemoveSynonyms(r.Context(), tx, id, seenRevision(r))
	})
	switch {
	case errors.Is(err, models.ErrNotFound): // somebody else did it, which is as good
		return s.synonymsDone(r, doneRemoved, id), nil
	case !errors.Is(err, models.ErrConflict):
		return s.synonymsDone(r, doneRemoved, id), err
	}
	l, err := s.findSynonyms(r)
	if err != nil {
		return web.Reply{}, err
	}
	w := s.speaker(r.Lang)
	p := w.synonymRemovalPage(l)
	p.Notices = []views.Notice{{Kind: views.Warn, Title: w.T("synonym.differs"), Text: w.T("synonym.differs_remove"), Urgent: true}}
	return web.Status(http.StatusConflict, p), nil
}

// findSynonyms finds the list that the address names.
func (s *Site) findSynonyms(r *web.Request) (search.SynonymList, error) {
	id, err := synonymsID(r)
	if err != nil {
		return search.SynonymList{}, err
	}
	return search.FindSynonyms(r.Context(), s.DB, id)
}

func synonymsID(r *web.Request) (int64, error) {
	id, err := strconv.ParseInt(r.Param(fieldList), 10, 64)
	if err != nil || r.Param(fieldList) != strconv.FormatInt(id, 10) {
		return 0, fmt.Errorf("synonyms %q: %w", r.Param(fieldList), models.ErrNotFound)
	}
	return id, nil
}

// seenRevision is the revision that a form was made from. A form that does not tell
// has seen none.
func seenRevision(r *web.Request) int64 {
	n, err := strconv.ParseInt(r.Form(fieldSeen), 10, 64)
	if err != nil || n <= 0 {
		return -1
	}
	return n
}

// synonymProblems says what is to be done about the words that were typed; nil when
// err is of another kind.
func (w speaker) synonymProblems(err error, words []string) []string {
	var wrong models.Invalid
	if !errors.As(err, &wrong) {
		return nil
	}
	var problems []string
	if key := wrong[fieldSynonyms]; key != "" {
		problems = append(problems, w.T(key))
	}
	for i, word := range words {
		if key := wrong[fieldSynonyms+"."+strconv.Itoa(i)]; key != "" {
			problems = append(problems, w.T(key, clip(strings.ToValidUTF8(word, "�"))))
		}
	}
	return problems
}
