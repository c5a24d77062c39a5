package handlers

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/views"
)

// usageColumns are those of a file of use.
var usageColumns = []linesColumn{{"contract", "usage.column.contract", true}, {"month", "usage.column.month", true}, {"assigned", "usage.column.assigned", true}, {"used", "usage.column.used", true}}

// showUsageFile asks for a file of how much was used.
func (s *Site) showUsageFile(r *web.Request) (web.Reply, error) {
	return s.usageFileForm(r, s.fresh(r, nil), http.StatusOK)
}

func (s *Site) usageFileForm(r *web.Request, f *filled, status int) (web.Reply, error) {
	if !contracts.Manages(r.Actor) {
		return web.Reply{}, models.ErrForbidden
	}
	page := views.FormPage{Heading: f.T("usage.file"), Text: []string{f.T("usage.file_text")}, Form: views.Form{Action: at(f.Tag, usageFilePath), Button: f.T("contracts.look"), Inputs: f.linesInputs()},
		Links: []views.Link{{URL: at(f.Tag, usageFilePath+"/template.csv"), Text: f.T("contracts.template")}, f.link(subscriptionsPath, "section.subscriptions")}}
	page.Shell = f.page(page.Heading, f.link(subscriptionsPath, "section.subscriptions"))
	page.Section = subscriptionsSection
	return web.Status(status, page), nil
}

// usageTemplate answers with an empty file of use.
func (s *Site) usageTemplate(r *web.Request) (web.Reply, error) {
	return web.Data(csvKind, []byte(s.speaker(r.Lang).template(usageColumns, map[string]string{"contract": "SUB-312", "month": models.DateOf(s.today()).String()[:7], "assigned": "120", "used": "96"})), 0), nil
}

// bringUsage shows what would become of a file of use, and notes it once that was seen.
func (s *Site) bringUsage(r *web.Request) (web.Reply, error) {
	if !contracts.Manages(r.Actor) {
		return web.Reply{}, models.ErrForbidden
	}
	text, file, err := s.broughtLines(r, usageColumns)
	if wrong, bad := invalid(err); bad {
		return s.usageFileForm(r, s.posted(r, wrong), http.StatusUnprocessableEntity)
	}
	if err != nil {
		return web.Reply{}, err
	}
	noted, faults := 0, []contracts.LineFault(nil)
	looked, err := s.takeLines(r, func(tx *db.Tx) error {
		noted, faults, err = contracts.NoteUsages(r.Context(), tx, usageLines(file))
		return err
	})
	f := s.posted(r, nil)
	if wrong, bad := invalid(err); bad {
		return s.usageFileForm(r, s.posted(r, wrong), http.StatusUnprocessableEntity)
	}
	if looked {
		return s.usagePreview(f, text, file, noted, faults), nil
	}
	return web.SeeOther(at(r.Lang, subscriptionsPath)).Say("usage.file_done", f.Number(int64(noted))), err
}

func (s *Site) usagePreview(f *filled, text string, file *linesFile, noted int, faults []contracts.LineFault) web.Reply {
	row := func(key string, n int) views.Row {
		return views.Row{Key: f.T(key), Value: views.Words{Text: f.Number(int64(n))}}
	}
	page := views.ProjectPage{Heading: f.T("usage.preview"), Facts: []views.Row{row("contracts.count.lines", len(file.lines)), row("usage.count.noted", noted), row("contracts.count.refused", len(faults))}}
	button := ""
	if noted > 0 {
		button = f.T("usage.confirm", f.Number(int64(noted)))
	}
	f.linesPreview(&page, usageFilePath, text, file, usageColumns, faults, button)
	page.Shell = f.page(page.Heading, f.link(subscriptionsPath, "section.subscriptions"), f.link(usageFilePath, "usage.file"))
	page.Section = subscriptionsSection
	return web.Page(page)
}

// usageLines are the lines of a file as it says them.
func usageLines(file *linesFile) []contracts.UsageLine {
	all := make([]contracts.UsageLine, 0, len(file.lines))
	for _, line := range file.lines {
		l := contracts.UsageLine{Line: line.number, Contract: line.cells["contract"], Wrong: models.Invalid{}, Month: contracts.Month{Month: lineMonth(line.cells["month"])}}
		for field, at := range map[string]*int64{"assigned": &l.Month.Assigned, "used": &l.Month.Used} {
			n, err := strconv.ParseInt(strings.NewReplacer(" ", "", "\u00a0", "").Replace(line.cells[field]), 10, 64)
			if *at = n; err != nil || n < 0 {
				l.Wrong[field] = "contracts.number_wrong"
			}
		}
		all = append(all, l)
	}
	return all
}

// lineMonth reads a month as spreadsheets write it: 2026-11, 11.2026 or 11/2026; what is
// none is left as it stands, and refused.
func lineMonth(cell string) string {
	var m, y int
	for _, form := range []string{"%d.%d", "%d/%d"} {
		if n, err := fmt.Sscanf(cell, form, &m, &y); err == nil && n == 2 && m <= 12 && y >= 1000 {
			return fmt.Sprintf("%04d-%02d", y, m)
		}
	}
	return cell
}
