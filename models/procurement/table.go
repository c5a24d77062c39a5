package procurement

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// MostRows is how many rows a table of requirements may have.
const MostRows = 200

// RowProblem is what is wrong with a row of a table.
type RowProblem struct {
	Line  int    // from 1, the heading included
	Field string // name of the column; "" when it is about the whole row
	Key   string // of the message
}

// columns are the headings that a table may have, by the field they are for.
func columns() map[string][]string {
	return map[string][]string{
		"words":    {"requirement", "nõue"},
		"force":    {"force", "kohustuslikkus"},
		"weight":   {"weight", "kaal"},
		"way":      {"check", "kontroll"},
		"subject":  {"subject", "tunnus"},
		"operator": {"operator", "tehe"},
		"wanted":   {"value", "väärtus"},
		"why":      {"why", "põhjus"},
	}
}

// spellings are the words by which people name what a cell may hold.
func spellings() map[string]string {
	return map[string]string{
		"kohustuslik": string(Must), "soovituslik": string(Should), "soov": string(Wish),
		"vastus": string(ByAnswer), "dokument": string(ByDocument), "küsimus": string(ByQuestion), "näitamine": string(ByDemonstration),
		"on": string(Is), "one of": string(OneOf), "üks neist": string(OneOf), "has all": string(HasAll), "kõik": string(HasAll),
		"at least": string(AtLeast), "vähemalt": string(AtLeast), "at most": string(AtMost), "kuni": string(AtMost),
	}
}

// ReadTable reads requirements from a table: commas, semicolons or tabs between cells,
// whichever the heading has most of, the first row naming the columns in Estonian or
// English, in any order. Only a requirement's words are needed: what is not said is a
// "should", checked by a question to vendors or, when there is a subject, by an answer.
// Whatever is wrong is told by row; then no requirement is to be taken.
func ReadTable(s *catalogue.Schema, text string) ([]Requirement, []RowProblem) {
	text = strings.TrimPrefix(text, "\uFEFF")
	first, _, _ := strings.Cut(text, "\n")
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = separator(first), -1, true
	head, err := r.Read()
	if err != nil {
		return nil, []RowProblem{{1, "", "requirement.table_empty"}}
	}
	fields, problems := heading(head)
	if len(problems) > 0 {
		return nil, problems
	}
	var all []Requirement
	for {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return nil, append(problems, RowProblem{bad.StartLine, "", "requirement.row_unreadable"})
		}
		line, _ := r.FieldPos(0)
		if len(all) == MostRows {
			return nil, append(problems, RowProblem{line, "", "requirement.table_long"})
		}
		if blank(cells) {
			continue
		}
		q, wrong := readRow(s, fields, cells)
		q.Position = line
		all = append(all, q)
		for _, field := range wrong.Fields() {
			problems = append(problems, RowProblem{line, field, wrong[field]})
		}
	}
	if len(all) == 0 && len(problems) == 0 {
		problems = append(problems, RowProblem{1, "", "requirement.table_empty"})
	}
	return all, append(problems, twice(all)...)
}

func separator(first string) rune {
	best := ','
	for _, c := range ";\t" {
		if strings.Count(first, string(c)) > strings.Count(first, string(best)) {
			best = c
		}
	}
	return best
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// heading says which field each column is for.
func heading(head []string) (fields []string, problems []RowProblem) {
	for _, cell := range head {
		name, field := strings.ToLower(strings.TrimSpace(cell)), ""
		for one, names := range columns() {
			if slices.Contains(names, name) {
				field = one
			}
		}
		if field == "" || slices.Contains(fields, field) {
			problems = append(problems, RowProblem{1, "", "requirement.heading_unknown"})
		}
		fields = append(fields, field)
	}
	if !slices.Contains(fields, "words") && len(problems) == 0 {
		problems = append(problems, RowProblem{1, "words", "requirement.heading_missing"})
	}
	return fields, problems
}

func readRow(s *catalogue.Schema, fields, cells []string) (q Requirement, wrong models.Invalid) {
	row := map[string]string{}
	for i, cell := range cells {
		switch cell = strings.TrimSpace(strings.TrimPrefix(cell, "'")); {
		case i < len(fields):
			row[fields[i]] = cell
		case cell != "":
			return q, models.Invalid{"words": "requirement.row_long"}
		}
	}
	spelt := func(field string) string {
		text := strings.ToLower(row[field])
		if id := spellings()[text]; id != "" {
			return id
		}
		return text
	}
	q = Requirement{Words: row["words"], Why: row["why"], Force: Force(spelt("force")), Way: Way(spelt("way")),
		Subject: subjectNamed(s, row["subject"]), Operator: Operator(spelt("operator")), Wanted: row["wanted"]}
	if q.Force == "" {
		q.Force = Should
	}
	if q.Way == "" && q.Subject != "" {
		q.Way = ByAnswer
	} else if q.Way == "" {
		q.Way = ByQuestion
	}
	if subject, ok := FindSubject(s, q.Subject); ok && q.Operator == "" && q.Way == ByAnswer {
		q.Operator = subject.Operators[0]
	}
	n, err := strconv.Atoi(row["weight"])
	if q.Weight = n; err != nil && row["weight"] != "" {
		q.Weight = -1
	}
	wrong, _ = q.Check(s).(models.Invalid)
	return q, wrong
}

// subjectNamed is the id of a subject that is named by it, or by its label.
func subjectNamed(s *catalogue.Schema, name string) string {
	for _, one := range Subjects(s) {
		for _, label := range one.Question.Label {
			if strings.EqualFold(label, name) {
				return one.ID
			}
		}
	}
	return strings.ToLower(name)
}

// twice tells of rows that ask what an earlier one does.
func twice(all []Requirement) (problems []RowProblem) {
	seen := map[string]bool{}
	for i := range all {
		if seen[all[i].asks()] {
			problems = append(problems, RowProblem{all[i].Position, "words", "requirement.asked_already"})
		}
		seen[all[i].asks()] = true
	}
	return problems
}
