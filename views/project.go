package views

import "pilveturg/views/chart"

// ProjectPage is a page of a procurement project: its parts one below the other.
type ProjectPage struct {
	Shell
	Heading string
	Tags    []Tag
	Text    []string
	Notices []Notice
	Facts   []Row
	Links   []Link // to what can be done
	Parts   []ProjectPart
	Trail   *Trail
}

func (ProjectPage) template() string { return "project" }

// ProjectPart is a part of a [ProjectPage]. All of it but the heading may be missing.
type ProjectPart struct {
	Heading string
	Text    []string
	Facts   []Row
	Figures []chart.Chart // what the table shows, drawn
	Matrix  *CompareTable
	Table   *Table
	Pager   *Pager // of Matrix
	Ask     *Filter
	Links   []Link
	Forms   []Form
}
