package handlers

import (
	"cmp"
	"context"
	"io"
	"net/url"
	"strconv"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/opendata"
	"pilveturg/models/spend/ocds"
	"pilveturg/views"
)

const (
	ocdsPath = spendPath + "/ocds"
)

// askOpenData is what an address asks to be told as open data.
func (s *Site) askOpenData(r *web.Request) (o opendata.Options, err error) {
	o = opendata.Options{Prefix: s.OCIDPrefix, Origin: s.origin(r), Language: s.Langs[0]} // one language, or the same release would be there twice
	if text := r.Query(fieldBody); text != "" {
		if o.OrgID, err = strconv.ParseInt(text, 10, 64); err != nil || o.OrgID <= 0 {
			return o, models.ErrNotFound
		}
	}
	return o, nil
}

// showOpenData tells what there is as open contracting data.
func (s *Site) showOpenData(r *web.Request) (web.Reply, error) {
	o, err := s.askOpenData(r)
	if err != nil {
		return web.Reply{}, err
	}
	n, err := opendata.Each(r.Context(), s.DB, r.Actor, o, func(string, []ocds.Release) error { return nil })
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	page := views.ProjectPage{Heading: f.T("opendata.title"), Text: []string{f.T("opendata.text")}, Links: []views.Link{f.link(spendPath, "ledger.title")}, Facts: []views.Row{
		{Key: f.T("opendata.processes"), Value: views.Words{Text: f.Number(int64(n.Processes))}},
		{Key: f.T("opendata.releases"), Value: views.Words{Text: f.Number(int64(n.Releases))}},
		{Key: f.T("opendata.payments"), Value: views.Words{Text: f.Number(int64(n.Transactions))}},
		{Key: f.T("opendata.unnamed"), Value: views.Words{Text: f.Number(int64(n.Unnamed))}, Note: f.T("opendata.unnamed_text")},
		{Key: f.T("opendata.prefix"), Value: views.Words{Text: cmp.Or(s.OCIDPrefix, opendata.NoPrefix)}}}}
	if s.OCIDPrefix == "" {
		page.Notices = []views.Notice{{Kind: views.Warn, Title: f.T("opendata.unregistered"), Text: f.T("opendata.unregistered_text", opendata.NoPrefix)}}
	}
	part := views.ProjectPart{Heading: f.T("opendata.files")}
	if n.Releases > 0 {
		ask := ""
		if o.OrgID != 0 {
			ask = "?" + url.Values{fieldBody: {strconv.FormatInt(o.OrgID, 10)}}.Encode()
		}
		part.Links = []views.Link{f.link(ocdsPath+"/releases.json"+ask, "opendata.releases_file"), f.link(ocdsPath+"/records.json"+ask, "opendata.records_file")}
	} else {
		part.Text = []string{f.T("opendata.none")}
	}
	if own := strconv.FormatInt(r.Actor.OrgID, 10); o.OrgID == 0 && r.Actor.Is(models.Analyst) {
		part.Links = append(part.Links, f.link(ocdsPath+"?"+fieldBody+"="+own, "opendata.own"))
	}
	page.Parts = []views.ProjectPart{part}
	page.Shell = f.page(page.Heading, f.link(spendPath, "ledger.title"))
	page.Section = spendSection
	return web.Page(page), nil
}

// openDataFile answers with what there is as a package of the standard.
func (s *Site) openDataFile(write func(context.Context, io.Writer, db.Reader, models.Actor, opendata.Options, string, time.Time) (opendata.Counted, error)) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		o, err := s.askOpenData(r)
		if err != nil {
			return web.Reply{}, err
		}
		return web.Stream("application/json", func(w io.Writer) error {
			_, err := write(r.Context(), w, s.DB, r.Actor, o, o.Origin+r.Address(), s.DB.Now())
			return err
		}), nil
	}
}
