package handlers

import (
	"errors"
	"net/http"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/work"
	"pilveturg/views"
)

const (
	queuePath     = "/admin/mail"
	queueRetry    = "/retry" // after the path of a letter
	queueDrop     = "/drop"
	queueTest     = "/test" // after the path of the queue
	lettersOnPage = 50
)

const (
	fieldState = "state"
	fieldTo    = "to"
)

// notDone says in an address that a letter had moved on before anything was done.
const notDone = "none"

// listLetters shows the letters in the state that the address asks for.
func (s *Site) listLetters(r *web.Request) (web.Reply, error) {
	own, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	if err != nil {
		return web.Reply{}, err
	}
	p, ok, err := s.queuePage(r, own.Mail, "")
	if err == nil && !ok {
		return web.SeeOther(at(r.Lang, queueAddress(r, 1))), nil
	}
	return web.Page(p), err
}

// queueAddress is the path of the n-th page of the letters that the address asks for.
func queueAddress(r *web.Request, n int) string {
	return pageAddress(queuePath, url.Values{fieldState: {string(stateOf(r))}}, n)
}

// stateOf is the state that the address asks for, "" for all.
func stateOf(r *web.Request) work.State {
	if s := work.State(r.Query(fieldState)); slices.Contains(work.States(), s) {
		return s
	}
	return ""
}

// queuePage is the page of the queue, with the address typed for a test letter and
// what is wrong with it. It is not ok when there is no such page.
func (s *Site) queuePage(r *web.Request, typed, problem string) (p views.QueuePage, ok bool, err error) {
	counts, err := work.CountQueue(r.Context(), s.DB)
	if err != nil {
		return p, false, err
	}
	w, state := s.speaker(r.Lang), stateOf(r)
	part, ok := cut(r, total(counts, state), lettersOnPage)
	letters, err := work.Queue(r.Context(), s.DB, state, part.Page)
	if err != nil {
		return p, false, err
	}
	p = views.QueuePage{
		Shell:  w.adminShell(part.title(w, w.T("queue.title")), nil),
		Server: s.MailServer,
		States: w.letterStates(counts, state),
		Head: views.Head{ID: "queue", Caption: w.T("queue.caption"), Columns: []views.Column{
			{Text: w.T("queue.letter")}, {Text: w.T("queue.to")}, {Text: w.T("queue.when")}, {Text: w.T("queue.state")},
			{Text: w.T("queue.tries"), Number: true}, {Text: w.T("queue.error")}, {Text: w.T("queue.actions"), Hidden: true}}},
		Pager:  part.pager(r.Lang, func(n int) string { return queueAddress(r, n) }),
		Empty:  views.Empty{Title: w.T("queue.none"), Text: w.T("queue.none_text")},
		Action: at(r.Lang, queuePath+queueTest),
		To:     views.Field{ID: fieldTo, Name: fieldTo, Label: w.T("queue.test_to"), Hint: w.T("queue.test_hint"), Value: typed, Error: problem, Fill: "email", Width: "w30"},
	}
	if problem != "" {
		p.Errors = []views.FieldError{{Field: fieldTo, Message: problem}}
	}
	if s.MailServer == "" {
		p.Notices = append(p.Notices, views.Notice{Kind: views.Warn, Title: w.T("queue.no_server"), Text: w.T("queue.no_server_text")})
	}
	if r.Query(fieldDone) == notDone {
		p.Notices = append(p.Notices, views.Notice{Kind: views.Warn, Text: w.T("queue.changed"), Urgent: true})
	}
	for _, l := range letters {
		p.Rows = append(p.Rows, w.letterRow(l))
	}
	return p, ok, nil
}

// total is how many letters are in a state, "" for all.
func total(counts map[work.State]int, s work.State) (n int) {
	for state, m := range counts {
		if s == "" || s == state {
			n += m
		}
	}
	return n
}

// letterStates are links to the letters in each state.
func (w speaker) letterStates(counts map[work.State]int, chosen work.State) []views.Option {
	all := []views.Option{{Value: at(w.Tag, queuePath), Text: w.T("queue.all", w.Number(int64(total(counts, "")))), Chosen: chosen == ""}}
	for _, s := range work.States() {
		all = append(all, views.Option{Value: at(w.Tag, withQuery(queuePath, url.Values{fieldState: {string(s)}}.Encode())),
			Text: w.T("queue.state_count", w.T("queue.state."+string(s)), w.Number(int64(counts[s]))), Chosen: s == chosen})
	}
	return all
}

// letterKinds are the colours of the states.
var letterKinds = map[work.State]string{"failed": views.Err, "waiting": views.Info, "sending": views.Info, "sent": views.OK, "dropped": views.Plain}

func (w speaker) letterRow(l work.Entry) views.QueueRow {
	row := views.QueueRow{Letter: w.T("mail.kind." + string(l.Kind)), To: l.Mail, When: w.Time(l.Created), Tries: w.Number(int64(l.Tries)), Error: l.Error,
		State: views.Tag{Kind: letterKinds[l.State], Text: w.T("queue.state." + string(l.State))}, Note: w.Time(l.Ended)}
	switch {
	case l.Waits() && l.Next.IsZero():
		row.Note = w.T("queue.with_digest")
	case l.Waits():
		row.Note = w.T("queue.next", w.Time(l.Next))
	}
	path := at(w.Tag, queuePath+"/"+strconv.FormatInt(l.ID, 10))
	which := w.T("queue.number", strconv.FormatInt(l.ID, 10))
	retry, drop := l.May()
	if retry {
		row.Retry = &views.Post{Action: path + queueRetry, Text: w.T("queue.retry"), For: which, Class: "quiet tiny"}
	}
	if drop {
		row.Drop = &views.Post{Action: path + queueDrop, Text: w.T("queue.drop"), For: which, Class: "quiet tiny"}
	}
	return row
}

// retryLetter lets a letter go out at once.
func (s *Site) retryLetter(r *web.Request) (web.Reply, error) {
	return s.settleLetter(r, "queue.done.retry", func(tx *db.Tx, id int64) error { return work.Retry(r.Context(), tx, id) })
}

// dropLetter keeps a letter from going out.
func (s *Site) dropLetter(r *web.Request) (web.Reply, error) {
	return s.settleLetter(r, "queue.done.drop", func(tx *db.Tx, id int64) error { return work.Drop(r.Context(), tx, id) })
}

func (s *Site) settleLetter(r *web.Request, done string, f func(*db.Tx, int64) error) (web.Reply, error) {
	id, err := pathNumber(r, "letter")
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return f(tx, id) })
	if errors.Is(err, models.ErrConflict) {
		return web.SeeOther(at(r.Lang, withQuery(queuePath, url.Values{fieldDone: {notDone}}.Encode()))), nil
	}
	return web.SeeOther(at(r.Lang, queuePath)).Say(done), err
}

// testLetters has a letter sent that shows whether letters arrive.
func (s *Site) testLetters(r *web.Request) (web.Reply, error) {
	typed := strings.TrimSpace(r.Form(fieldTo))
	if a, err := mail.ParseAddress(typed); err != nil || a.Name != "" || a.Address != typed {
		p, _, err := s.queuePage(r, r.Form(fieldTo), s.speaker(r.Lang).T("queue.test_wrong"))
		return web.Status(http.StatusUnprocessableEntity, p), err
	}
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return work.Tell(r.Context(), tx, work.Message{Kind: work.Test, Mail: typed, Language: r.Lang, Path: queuePath})
	})
	return web.SeeOther(at(r.Lang, queuePath)).Say("queue.done.test"), err
}
