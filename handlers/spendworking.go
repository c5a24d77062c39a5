package handlers

import (
	"cmp"
	"math/big"
	"strconv"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/models/spend/share"
	"pilveturg/views"
)

const (
	mostWorkingShown = 500 // rows of a working on a page; the file has all
	quotaPlaces      = 6   // decimals of a quota on a page and in a file; it is split exactly
)

// workingRow is what one body gets of one group of charges.
type workingRow struct {
	group *spend.ShareGroup
	body  string
	part  share.Part
}

// workingRows are all parts of all groups.
func workingRows(p *spend.SharePlan, all *names, lang string) (rows []workingRow) {
	for i := range p.Groups {
		g := &p.Groups[i]
		for j, w := range p.Version.Weights {
			rows = append(rows, workingRow{g, all.organs.bodyName(w.OrgID, lang), g.Parts[j]})
		}
	}
	return rows
}

// workingGrid shows how the parts were worked out.
func (f *filled) workingGrid() *grid[workingRow] {
	amount := func(code, key string, of func(share.Part) models.Exact) column[workingRow] {
		return column[workingRow]{code: code, head: f.T(key), number: true, cell: func(w workingRow) views.Cell { return words(f.Exact(of(w.part), w.group.Charge.Currency)) }, file: func(w workingRow) string { return of(w.part).String() }}
	}
	fraction := func(code, key string, of func(share.Part) *big.Rat) column[workingRow] {
		text := func(w workingRow) (models.Exact, bool) {
			r := of(w.part)
			if r == nil {
				return models.Exact{}, false
			}
			e, err := models.RoundRat(r, quotaPlaces)
			return e, err == nil
		}
		return column[workingRow]{code: code, head: f.T(key), number: true, cell: func(w workingRow) views.Cell {
			e, ok := text(w)
			if !ok {
				return views.Cell{}
			}
			return words(f.Exact(e, ""))
		}, file: func(w workingRow) string {
			e, ok := text(w)
			if !ok {
				return ""
			}
			return e.String()
		}}
	}
	inFileText := func(code, key string, of func(spend.Charge) string) column[workingRow] {
		return inFile(column[workingRow]{code: code, head: f.T(key), cell: func(w workingRow) views.Cell { return words(of(w.group.Charge)) }})
	}
	return &grid[workingRow]{speaker: f.speaker, id: "working", caption: f.T("share.working"), columns: []column[workingRow]{
		{code: "charge", head: f.T("ledger.role.reference"), cell: f.workingCharge, file: func(w workingRow) string { return w.group.Charge.Reference }},
		inFileText("vendor", "ledger.role.vendor", func(c spend.Charge) string { return c.Vendor }), inFileText("category", "ledger.role.category", func(c spend.Charge) string { return c.Category }), inFileText("service", "ledger.role.service", serviceOf),
		inFileText("kind", "ledger.by.kind", func(c spend.Charge) string { return f.T("ledger.kind." + string(c.Kind)) }), inFileText("currency", "ledger.role.currency", func(c spend.Charge) string { return c.Currency }),
		{code: "shared", head: f.T("share.shared_amount"), number: true, cell: func(w workingRow) views.Cell { return words(f.Exact(w.group.Billed, w.group.Charge.Currency)) }, file: func(w workingRow) string { return w.group.Billed.String() }},
		{code: "body", head: f.T("share.body"), cell: func(w workingRow) views.Cell { return words(w.body) }},
		{code: "weight", head: f.T("share.weight"), number: true, cell: func(w workingRow) views.Cell { return words(f.Exact(w.part.Value, "")) }, file: func(w workingRow) string { return w.part.Value.String() }},
		fraction("quota", "share.quota", func(p share.Part) *big.Rat { return p.Quota }), amount("floor", "share.floor", func(p share.Part) models.Exact { return p.Floor }), fraction("remainder", "share.remainder", func(p share.Part) *big.Rat { return p.Remainder }),
		amount("unit", "share.unit", func(p share.Part) models.Exact { return p.Unit }), amount("surplus", "share.surplus", func(p share.Part) models.Exact { return p.Surplus }), amount("part", "share.part", func(p share.Part) models.Exact { return p.Amount }),
	}}
}

func (f *filled) workingCharge(w workingRow) views.Cell {
	c := w.group.Charge
	return views.Cell{Link: views.Link{URL: at(f.Tag, linePath(c.ID)), Text: f.lineName(c)}, Lines: []string{cmp.Or(serviceOf(c), c.Category), f.T("ledger.kind."+string(c.Kind)) + ", " + f.N("ledger.charges_n", int64(w.group.Charges))}}
}

// workingParts are what each body gets, and how that was worked out.
func (s *Site) workingParts(r *web.Request, f *filled, p *spend.SharePlan) ([]views.ProjectPart, error) {
	all, err := s.lists(r.Context())
	if err != nil {
		return nil, err
	}
	bodies := p.ByBody()
	g := &grid[spend.PartOf]{speaker: f.speaker, id: "bodies", caption: f.T("share.bodies"), columns: []column[spend.PartOf]{
		{code: "body", head: f.T("share.body"), cell: func(b spend.PartOf) views.Cell { return words(all.organs.bodyName(b.OrgID, f.Tag)) }},
		{code: "weight", head: f.T("share.weight"), number: true, cell: func(b spend.PartOf) views.Cell { return words(f.Exact(b.Weight, "")) }},
		{head: f.T("ledger.net"), number: true, cell: func(b spend.PartOf) views.Cell { return words(f.Exact(b.Net, b.Currency)) }},
		{head: f.T("ledger.vat"), number: true, cell: func(b spend.PartOf) views.Cell { return words(f.Exact(b.Tax, b.Currency)) }},
	}}
	table, err := g.table(r, bodies, whole(len(bodies)))
	if err != nil {
		return nil, err
	}
	rows := workingRows(p, all, f.Tag)
	shown := rows[:min(len(rows), mostWorkingShown)]
	working, err := f.workingGrid().table(r, shown, whole(len(shown)))
	if err != nil {
		return nil, err
	}
	text := []string{f.T("share.working_text")}
	if len(rows) > len(shown) {
		text = append(text, f.T("share.working_part", f.Number(int64(len(shown))), f.Number(int64(len(rows)))))
	}
	return []views.ProjectPart{{Heading: f.T("share.bodies"), Table: &table}, {Heading: f.T("share.working"), Text: text, Table: &working}}, nil
}

// keyFacts say by which key and of which day it is shared.
func (f *filled) keyFacts(p *spend.SharePlan) []views.Row {
	row := func(key, value string) views.Row {
		return views.Row{Key: f.T(key), Value: views.Words{Text: value}}
	}
	return []views.Row{row("share.key", p.Key.Name), row("share.measure", f.measureWords(&p.Key)), row("share.day", f.Date(p.Version.Day)), row("ledger.by.month", f.monthWords(p.Month)), row("ledger.charges", f.Number(int64(p.Charges)))}
}

// workingIn is the share-out that the address names.
func (s *Site) workingIn(r *web.Request) (*spend.Working, error) {
	id, err := numberIn(r, "share")
	if err != nil {
		return nil, err
	}
	return spend.FindWorking(r.Context(), s.DB, r.Actor, id)
}

// showWorking shows a share-out: by which key, who gets what, and how that was worked out.
func (s *Site) showWorking(r *web.Request) (web.Reply, error) {
	w, err := s.workingIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	parts, err := s.workingParts(r, f, &w.SharePlan)
	if err != nil {
		return web.Reply{}, err
	}
	parts[1].Table.Files = f.fileLinks(sharePath(w.Batch)+"/working", sharePath(w.Batch)+"/working")
	all, err := s.lists(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: f.T("share.heading", f.monthWords(w.Month), w.Key.Name), Tags: []views.Tag{f.batchTag(w.State)}, Facts: f.keyFacts(&w.SharePlan), Parts: parts}
	page.Facts = append(page.Facts, views.Row{Key: f.T("share.payer"), Value: views.Words{Text: all.organs.bodyName(w.Payer, f.Tag)}}, views.Row{Key: f.T("share.booked"), Value: views.Words{Text: f.Time(w.Booked)}})
	if w.State != spend.Accepted {
		page.Facts = append(page.Facts, views.Row{Key: f.T("ledger.undone_at"), Value: views.Words{Text: f.Time(w.Undone)}})
	}
	crumbs := []views.Link{f.link(spendPath, "ledger.title")}
	if spend.Keeps(r.Actor) && r.Actor.OrgID == w.Payer {
		page.Links = append(page.Links, f.link(importPath(w.Batch, ""), "share.batch"), f.link(keyPath(w.Key.ID, ""), "share.its_key"))
		crumbs = append(crumbs, f.link(sharesPath, "share.title"))
	}
	if w.Document != 0 {
		page.Links = append(page.Links, f.link(spendPath+"/documents/"+strconv.FormatInt(w.Document, 10), "ledger.document"))
	}
	page.Shell = f.page(page.Heading, crumbs...)
	page.Section = spendSection
	return web.Page(page), nil
}

// workingFile answers with the working as a file.
func (s *Site) workingFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		w, err := s.workingIn(r)
		if err != nil {
			return web.Reply{}, err
		}
		all, err := s.lists(r.Context())
		if err != nil {
			return web.Reply{}, err
		}
		return s.fresh(r, nil).workingGrid().file(r, workingRows(&w.SharePlan, all, r.Lang), kind)
	}
}
