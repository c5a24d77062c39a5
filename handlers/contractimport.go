package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/models/search"
	"pilveturg/views"
	"pilveturg/views/locale"
)

const (
	contractsImportPath = subscriptionsPath + "/import"
	usageFilePath       = subscriptionsPath + "/usage"
)

// contractColumns are those of a file of contracts.
var contractColumns = []linesColumn{{"service", "contracts.column.service", true}, {"vendor", "contracts.column.vendor", false}, {"reference", "contracts.column.reference", false}, {"plan", "contracts.column.plan", false},
	{"quantity", "contracts.column.quantity", false}, {"unit", "contracts.column.unit", false}, {"year", "contracts.column.year", true}, {"currency", "contracts.column.currency", false}, {"starts", "contracts.column.starts", true}, {"ends", "contracts.column.ends", true},
	{"renewal", "contracts.column.renewal", false}, {"notice_days", "contracts.column.notice_days", false}, {"budget", "contracts.column.budget", false}, {"words", "contracts.column.words", false}}

// showContractImport asks for a file of contracts, and lists the imports so far.
func (s *Site) showContractImport(r *web.Request) (web.Reply, error) {
	return s.contractImportForm(r, s.fresh(r, nil), http.StatusOK)
}

func (s *Site) contractImportForm(r *web.Request, f *filled, status int) (web.Reply, error) {
	if !contracts.Manages(r.Actor) {
		return web.Reply{}, models.ErrForbidden
	}
	all, err := contracts.Imports(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: f.T("contracts.import"), Text: []string{f.T("contracts.import_text")},
		Links: []views.Link{{URL: at(f.Tag, contractsImportPath+"/template.csv"), Text: f.T("contracts.template")}, f.link(subscriptionsPath, "section.subscriptions")},
		Parts: []views.ProjectPart{{Heading: f.T("contracts.bring"), Forms: []views.Form{{Action: at(f.Tag, contractsImportPath), Button: f.T("contracts.look"), Inputs: f.linesInputs()}}}}}
	for i := range all {
		one := &all[i]
		part := views.ProjectPart{Heading: f.T("contracts.imported_at", f.Time(one.At)), Facts: f.importCounts(one)}
		switch {
		case !one.Undone.IsZero():
			part.Text = []string{f.T("contracts.undone_at", f.Time(one.Undone))}
		case one.Undoable(s.today()):
			part.Text = []string{f.T("contracts.undo_until", f.Date(models.DateOf(one.At.Time).AddDays(contracts.UndoDays-1)))}
			part.Forms = []views.Form{{Action: at(f.Tag, contractsImportPath+"/"+strconv.FormatInt(one.ID, 10)+"/undo"), Button: f.T("contracts.undo"), Stop: true}}
		}
		page.Parts = append(page.Parts, part)
	}
	page.Shell = f.page(page.Heading, f.link(subscriptionsPath, "section.subscriptions"))
	page.Section = subscriptionsSection
	return web.Status(status, page), nil
}

func (f *filled) importCounts(i *contracts.Imported) []views.Row {
	row := func(key string, n int) views.Row {
		return views.Row{Key: f.T(key), Value: views.Words{Text: f.Number(int64(n))}}
	}
	return []views.Row{row("contracts.count.lines", i.Lines), row("contracts.count.added", i.Added), row("contracts.count.known", i.Known), row("contracts.count.refused", i.Refused)}
}

// contractTemplate answers with an empty file of contracts.
func (s *Site) contractTemplate(r *web.Request) (web.Reply, error) {
	w, year := s.speaker(r.Lang), strconv.Itoa(s.today().Year())
	return web.Data(csvKind, []byte(w.template(contractColumns, map[string]string{"service": w.T("contracts.example.service"), "vendor": w.T("contracts.example.vendor"), "reference": "7-1/26-12", "quantity": "120", "unit": w.unitName("user", models.Whole(5)),
		"year": "4320.00", "currency": search.Currency, "starts": year + "-01-01", "ends": year + "-12-31", "renewal": string(contracts.Tacit), "notice_days": "60"})), 0), nil
}

// importContracts shows what would become of a file, and imports it once that was seen.
func (s *Site) importContracts(r *web.Request) (web.Reply, error) {
	if !contracts.Manages(r.Actor) {
		return web.Reply{}, models.ErrForbidden
	}
	text, file, err := s.broughtLines(r, contractColumns)
	if wrong, bad := invalid(err); bad {
		return s.contractImportForm(r, s.posted(r, wrong), http.StatusUnprocessableEntity)
	}
	if err != nil {
		return web.Reply{}, err
	}
	lines := s.contractLines(file)
	sum := sha256.Sum256([]byte(text))
	found := contracts.Imported{Hash: hex.EncodeToString(sum[:])}
	once := r.Form(fieldOnce)
	if isLook(r) {
		once = "look"
	}
	looked, err := s.takeLines(r, func(tx *db.Tx) error { return contracts.Import(r.Context(), tx, once, &found, lines) })
	f := s.posted(r, nil)
	if wrong, bad := invalid(err); bad {
		return s.contractImportForm(r, s.posted(r, wrong), http.StatusUnprocessableEntity)
	}
	if looked {
		return s.contractPreview(f, text, file, &found), nil
	}
	return web.SeeOther(at(r.Lang, contractsImportPath)).Say("contracts.done", f.Number(int64(found.Added))), err
}

// mostPreviewed is how many contracts are shown before they are imported.
const mostPreviewed = 100

// contractPreview shows what would become of a file.
func (s *Site) contractPreview(f *filled, text string, file *linesFile, found *contracts.Imported) web.Reply {
	page := views.ProjectPage{Heading: f.T("contracts.preview"), Facts: append(f.importCounts(found), views.Row{Key: f.T("contracts.count.year"), Value: views.Words{Text: f.cents(found.Year)}})}
	button := ""
	if found.Added > 0 {
		button = f.T("contracts.confirm", f.Number(int64(found.Added)))
		page.Parts = append(page.Parts, f.addedPart(found))
	}
	f.linesPreview(&page, contractsImportPath, text, file, contractColumns, found.Faults, button)
	page.Shell = f.page(page.Heading, f.link(subscriptionsPath, "section.subscriptions"), f.link(contractsImportPath, "contracts.import"))
	page.Section = subscriptionsSection
	return web.Page(page)
}

// addedPart shows the contracts that a file would add, as they would stand.
func (f *filled) addedPart(found *contracts.Imported) views.ProjectPart {
	part := views.ProjectPart{Heading: f.T("contracts.added")}
	for _, c := range found.New[:min(len(found.New), mostPreviewed)] {
		name := c.Service + ", " + c.Vendor
		if c.OfferingID != 0 {
			name = catalogue.Number(c.OfferingID)
		}
		row := views.Row{Key: name, Value: views.Words{Text: f.T("amendment.terms", f.quantityWords(c), f.cents(c.Year))}, Note: f.T("contracts.runs", f.Date(c.Starts), f.Date(c.Ends), f.Date(c.NoticeBy))}
		part.Facts = append(part.Facts, row)
	}
	if more := len(found.New) - mostPreviewed; more > 0 {
		part.Text = []string{f.T("contracts.more", f.Number(mostPreviewed), f.Number(int64(more)))}
	}
	return part
}

// contractLines are contracts as the lines of a file say them.
func (s *Site) contractLines(file *linesFile) []contracts.Outside {
	units, listed := s.unitCodes(), map[string]int64{}
	all := make([]contracts.Outside, 0, len(file.lines))
	for _, line := range file.lines {
		cell := func(field string) string { return line.cells[field] }
		o := contracts.Outside{Line: line.number, Service: cell("service"), Vendor: cell("vendor"), Reference: cell("reference"), Plan: cell("plan"), Budget: cell("budget"), Words: cell("words"), Renewal: contracts.NoRenewal, Wrong: models.Invalid{}}
		o.Starts, o.Ends = lineDay(cell("starts"), "starts", o.Wrong), lineDay(cell("ends"), "ends", o.Wrong)
		if year, ok := typedCents(cell("year")); ok {
			o.Year = year
		} else {
			o.Wrong["year"] = "contracts.number_wrong"
		}
		if c := cell("currency"); c != "" && !strings.EqualFold(c, search.Currency) && c != "€" {
			o.Wrong["currency"] = "request.not_euro"
		}
		if q := cell("quantity"); q != "" {
			n, err := locale.ParseDecimal(q)
			if o.Quantity = n.String(); err != nil || n.Sign() <= 0 {
				o.Wrong["quantity"] = "contracts.number_wrong"
			}
		}
		if o.Unit = cell("unit"); units[headingKey(o.Unit)] != "" {
			o.Unit = units[headingKey(o.Unit)]
		}
		if d := cell("notice_days"); d != "" {
			if n, err := strconv.Atoi(d); err == nil {
				o.NoticeDays = n
			} else {
				o.Wrong["notice_days"] = "contracts.number_wrong"
			}
		}
		o.Renewal = s.renewalOf(cell("renewal"))
		o.OfferingID = s.listedAs(&o, listed)
		all = append(all, o)
	}
	return all
}

// lineDay reads a day as spreadsheets write it: 2026-12-31 or 31.12.2026.
func lineDay(cell, field string, wrong models.Invalid) models.Date {
	if cell == "" {
		return models.Date{}
	}
	var d, m, y int
	if n, err := fmt.Sscanf(cell, "%d.%d.%d", &d, &m, &y); err == nil && n == 3 {
		cell = fmt.Sprintf("%04d-%02d-%02d", y, m, d)
	}
	day, err := models.ParseDate(cell)
	if err != nil {
		wrong[field] = "contracts.day_wrong"
	}
	return day
}

// renewalOf reads a renewal, by its code or by its words in any language; nothing is none.
func (s *Site) renewalOf(cell string) contracts.Renewal {
	if cell == "" {
		return contracts.NoRenewal
	}
	for _, one := range contracts.Renewals() {
		if strings.EqualFold(cell, string(one)) {
			return one
		}
		for _, lang := range s.Langs {
			if headingKey(cell) == headingKey(s.speaker(lang).T("subscription.renewal."+string(one))) {
				return one
			}
		}
	}
	return contracts.Renewal(cell) // that is refused
}

// undoContracts takes an import back.
func (s *Site) undoContracts(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "import")
	if err != nil {
		return web.Reply{}, err
	}
	gone := 0
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		gone, err = contracts.Undo(r.Context(), tx, id)
		return err
	})
	if isConflict(err) {
		return web.SeeOther(at(r.Lang, contractsImportPath)).Say("contracts.not_undone"), nil
	}
	return web.SeeOther(at(r.Lang, contractsImportPath)).Say("contracts.undone", s.speaker(r.Lang).Number(int64(gone))), err
}
