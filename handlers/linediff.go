package handlers

import (
	"strings"

	"pilveturg/views"
)

// mostCells bounds the table by which lines are matched; of texts that differ in
// more lines everything between the first and the last difference counts as changed.
const mostCells = 4_000_000

// lineDiff returns the lines of both texts in order: those taken out, those put in,
// and those left as they were.
func lineDiff(before, after string) []views.TextLine {
	a, b := lines(before), lines(after)
	var out []views.TextLine
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		out = append(out, views.TextLine{Text: a[start]})
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	out = append(out, middle(a[start:len(a)-end], b[start:len(b)-end])...)
	for _, text := range a[len(a)-end:] {
		out = append(out, views.TextLine{Text: text})
	}
	return out
}

// lines splits a text; no text has no lines.
func lines(s string) []string {
	s = strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// middle matches as many lines as can be, by the longest common subsequence.
func middle(a, b []string) []views.TextLine {
	var out []views.TextLine
	if len(a)*len(b) > mostCells {
		return append(marked(a, false), marked(b, true)...)
	}
	common := commonLines(a, b)
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			out = append(out, views.TextLine{Text: a[i]})
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			out = append(out, views.TextLine{Text: a[i], Out: true})
			i++
		default:
			out = append(out, views.TextLine{Text: b[j], In: true})
			j++
		}
	}
	return append(append(out, marked(a[i:], false)...), marked(b[j:], true)...)
}

// marked are lines that are all put in, or all taken out.
func marked(list []string, in bool) []views.TextLine {
	var out []views.TextLine
	for _, text := range list {
		out = append(out, views.TextLine{Text: text, In: in, Out: !in})
	}
	return out
}

// commonLines tells how many lines a[i:] and b[j:] have in common, in their order.
func commonLines(a, b []string) [][]int32 {
	table := make([][]int32, len(a)+1)
	for i := range table {
		table[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}
