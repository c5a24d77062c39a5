package handlers

import (
	"pilveturg/handlers/web"
	"pilveturg/views"
)

// Setting is something that an installation has decided, as its operator may see it.
type Setting struct {
	Name  string
	Value string // never a secret; "" for nothing
	From  string // where it was decided: "PILVETURG_ADDR"
}

// showSettings shows the settings that are in force. They are changed where the
// program is started.
func (s *Site) showSettings(r *web.Request) (web.Reply, error) {
	f, g := s.settings(r)
	t, err := g.table(r, s.Settings, whole(len(s.Settings)))
	p := views.ListPage{Heading: f.T("admin.settings"), Text: []string{f.T("admin.settings_text")}, Table: t, Links: []views.Link{f.link(textsPath, "admin.texts")}}
	p.Table.Files = []views.Link{{URL: at(r.Lang, settingsPath+".csv"), Text: f.T("audit.file.csv")}}
	p.Shell = f.adminPage(p.Heading)
	return web.Page(p), err
}

// settingsCSV answers with the same as a file.
func (s *Site) settingsCSV(r *web.Request) (web.Reply, error) {
	_, g := s.settings(r)
	return g.csv(r, s.Settings)
}

func (s *Site) settings(r *web.Request) (*filled, *grid[Setting]) {
	f := s.fresh(r, nil)
	return f, &grid[Setting]{speaker: f.speaker, id: "settings", caption: f.T("admin.settings_caption"),
		empty: views.Empty{Title: f.T("admin.settings_none"), Text: f.T("admin.settings_text")},
		columns: []column[Setting]{
			{head: f.T("admin.setting"), cell: func(one Setting) views.Cell { return words(one.Name) }},
			{head: f.T("admin.setting_value"), cell: func(one Setting) views.Cell {
				if one.Value == "" {
					return words(f.T("admin.setting_empty"))
				}
				return words(one.Value)
			}, file: func(one Setting) string { return one.Value }},
			{head: f.T("admin.setting_from"), cell: func(one Setting) views.Cell { return words(one.From) }},
		}}
}
