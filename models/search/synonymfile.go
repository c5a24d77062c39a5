package search

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// longestLine is how long a line of a file of synonyms may be, in bytes.
const longestLine = 64 << 10

// SynonymLine is a line of a file of synonyms.
type SynonymLine struct {
	Number int // from 1
	Words  []string
}

// SynonymProblem says what is wrong with a line.
type SynonymProblem struct {
	SynonymLine
	Wrong models.Invalid // as of [AddSynonyms]
	Same  int            // the line before it that holds the same list; 0: none
}

// SynonymProblems is the error of a file with something wrong in it.
type SynonymProblems []SynonymProblem

// Error implements error.
func (p SynonymProblems) Error() string {
	return fmt.Sprintf("%d lines of synonyms are wrong, the first of them line %d: %v", len(p), p[0].Number, p[0].Wrong)
}

// ReadSynonyms reads a file in UTF-8 that has a list on each line, its words and
// phrases parted by commas. Lines that are empty or begin with # are stepped over.
func ReadSynonyms(r io.Reader) ([]SynonymLine, error) {
	var lines []SynonymLine
	in := bufio.NewScanner(r)
	in.Buffer(nil, longestLine)
	n := 0
	for in.Scan() {
		n++
		text := strings.TrimPrefix(in.Text(), "\ufeff")
		words := SplitSynonyms(text)
		if len(words) == 0 && strings.TrimSpace(text) == "" || strings.HasPrefix(strings.TrimSpace(text), "#") {
			continue
		}
		if len(lines) == mostLists {
			return nil, fmt.Errorf("line %d: there are more than %d lists; no more can be kept", n, mostLists)
		}
		lines = append(lines, SynonymLine{n, words})
	}
	switch err := in.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("line %d is longer than %d KB; no list needs that", n+1, longestLine>>10)
	case err != nil:
		return nil, fmt.Errorf("line %d: %w", n+1, err)
	}
	return lines, nil
}

// ImportSynonyms adds the lists of a file, all of them or, with [SynonymProblems],
// none; it returns how many were added. Lists that are there already stay as they
// are. It fails with a [models.Invalid] when there is no room for all, and only
// administrators and programs may.
func ImportSynonyms(ctx context.Context, tx *db.Tx, lines []SynonymLine) (added int, err error) {
	revision, err := reviseSynonyms(ctx, tx)
	if err != nil {
		return 0, err
	}
	fresh, err := checkLines(ctx, tx, lines)
	if err != nil {
		return 0, err
	}
	if err := refuseTooMany(ctx, tx, len(fresh)); err != nil {
		return 0, err
	}
	for _, words := range fresh {
		if _, err := insertSynonyms(ctx, tx, revision, words); err != nil {
			return 0, err
		}
	}
	return len(fresh), nil
}

// checkLines returns the lists that are not there yet.
func checkLines(ctx context.Context, r db.Reader, lines []SynonymLine) (fresh [][]string, err error) {
	var hashes []string
	if err := r.Select(ctx, &hashes, `/* search.checkLines */ SELECT hash FROM synonym_lists`); err != nil {
		return nil, fmt.Errorf("synonyms: %w", err)
	}
	known, before := map[string]bool{}, map[string]int{}
	for _, h := range hashes {
		known[h] = true
	}
	var problems SynonymProblems
	for _, line := range lines {
		words, err := settleSynonyms(line.Words)
		var wrong models.Invalid
		if errors.As(err, &wrong) {
			problems = append(problems, SynonymProblem{SynonymLine: line, Wrong: wrong})
			continue
		}
		hash := synonymsHash(words)
		if same := before[hash]; same != 0 {
			problems = append(problems, SynonymProblem{line, models.Invalid{"words": "synonym.same_line"}, same})
			continue
		}
		if before[hash] = line.Number; !known[hash] {
			fresh = append(fresh, words)
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return fresh, nil
}
