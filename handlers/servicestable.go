package handlers

import (
	"bytes"
	"encoding/csv"
	"strconv"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/search"
)

// servicesCSV answers a search with all its results as a table for spreadsheets.
func (s *Site) servicesCSV(r *web.Request) (web.Reply, error) {
	if err := s.searchable(); err != nil {
		return web.Reply{}, err
	}
	a := s.ask(r.Lang, r.Values())
	a.req.Limit = search.MostResults
	res := a.search(s.Index)
	var b bytes.Buffer
	b.WriteString("\uFEFF") // or some spreadsheets take it for another encoding
	out := csv.NewWriter(&b)
	out.UseCRLF = true
	err := out.Write(a.columnNames())
	for i := range res.Hits {
		if err == nil {
			err = out.Write(harmless(a.cells(&res.Hits[i], s.origin(r))))
		}
	}
	if out.Flush(); err == nil {
		err = out.Error()
	}
	return web.Data("text/csv; charset=utf-8", b.Bytes(), 0), err
}

func (a *ask) columnNames() []string {
	var names []string
	for _, key := range []string{"number", "name", "vendor", "summary", "price", "year", "year_to", "currency", "volume", "users", "published", "address"} {
		names = append(names, a.T("search.column."+key))
	}
	return names
}

func (a *ask) cells(h *search.Hit, origin string) []string {
	v := a.hitJSON(h, origin)
	year, volume := priceJSON{}, ""
	if v.YearlyPrice != nil {
		year = *v.YearlyPrice
	}
	if a.req.Volume != nil {
		volume = a.volume()
	}
	return []string{v.ID, v.Name, v.Vendor, v.Summary, v.Price, year.Amount, year.To, year.Currency, volume, strconv.Itoa(v.Users), v.Published, v.URL}
}

// servicesXLSX answers a search with all its results as a workbook.
func (s *Site) servicesXLSX(r *web.Request) (web.Reply, error) {
	if err := s.searchable(); err != nil {
		return web.Reply{}, err
	}
	a := s.ask(r.Lang, r.Values())
	a.req.Limit = search.MostResults
	res := a.search(s.Index)
	var b bytes.Buffer
	book := newSheet(&b, sheetForm{name: a.T("list.title"), widths: []int{9, 32, 28, 60, 34, 13, 13, 9, 18, 11, 13, 60}, rows: 1})
	var names []any
	for _, name := range a.columnNames() {
		names = append(names, name)
	}
	book.write(names...)
	for i := range res.Hits {
		v := a.cells(&res.Hits[i], s.origin(r))
		published, _ := models.ParseDate(v[10]) // of none the cell is empty
		book.write(v[0], v[1], v[2], v[3], v[4], amount(v[5]), amount(v[6]), v[7], v[8], number(v[9]), published, v[11])
	}
	err := book.end()
	return web.Data(xlsxKind, b.Bytes(), 0), err
}

// harmless keeps spreadsheets from taking a cell for a formula.
func harmless(cells []string) []string {
	for i, c := range cells {
		cells[i] = plainCell(c)
	}
	return cells
}
