package handlers

import (
	"io"

	"pilveturg/handlers/web"
	"pilveturg/models/spend"
	"pilveturg/views"
)

// focusFile answers with all charges that an address asks for as a bill in FOCUS 1.2.
func (s *Site) focusFile(r *web.Request) (web.Reply, error) {
	a, err := s.askLedger(r)
	if err != nil {
		return web.Reply{}, err
	}
	if _, err := s.countLines(r, a); err != nil {
		return web.Reply{}, err
	}
	return web.Stream(csvKind, func(w io.Writer) error {
		_, err := spend.WriteBill(r.Context(), w, s.DB, r.Actor, a.Query)
		return err
	}), nil
}

// focusLink leads from charges to the same as a bill, and tells what is not in it.
func (s *Site) focusLink(r *web.Request, a *ledgerAsk) (link views.Link, text []string, err error) {
	n, err := spend.NotInBills(r.Context(), s.DB, r.Actor, a.Query)
	if n > 0 {
		text = []string{a.N("ledger.not_in_focus", int64(n))}
	}
	return views.Link{URL: at(a.Tag, a.linkTo(spendPath+"/focus.csv")), Text: a.T("ledger.focus_file")}, text, err
}
