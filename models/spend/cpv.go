package spend

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
)

// vocabulary knows the codes of the Common Procurement Vocabulary. Where none was
// imported it knows how a code is checked, and nothing else.
type vocabulary struct {
	codes map[string]string // check digits by the eight digits before them; nil: none was imported
}

// readVocabulary returns what the catalogue has of the vocabulary.
func readVocabulary(ctx context.Context, r db.Reader) (*vocabulary, error) {
	var codes []string
	if err := r.Select(ctx, &codes, `/* spend.readVocabulary */ SELECT code FROM cpv_codes`); err != nil {
		return nil, fmt.Errorf("vocabulary: %w", err)
	}
	v := &vocabulary{}
	if len(codes) > 0 {
		v.codes = make(map[string]string, len(codes))
	}
	for _, code := range codes {
		digits, check, _ := strings.Cut(code, "-")
		v.codes[digits] = check
	}
	return v, nil
}

// isCPV reports whether a text is written as a code is: eight digits, mostly with a hyphen
// and a check digit behind them.
func isCPV(code string) bool {
	digits, check, hyphen := strings.Cut(code, "-")
	return len(digits) == 8 && strings.Trim(digits+check, "0123456789") == "" && (!hyphen || len(check) == 1)
}

// lacks reports whether there is no such code, as far as can be known.
func (v *vocabulary) lacks(code string) bool {
	code = strings.TrimSpace(code)
	if !isCPV(code) {
		return true
	}
	digits, check, _ := strings.Cut(code, "-")
	if v == nil || v.codes == nil {
		return check != "" && !checksCPV(digits, int(check[0]-'0'))
	}
	own, there := v.codes[digits]
	return !there || check != "" && check != own
}

// movedCPV are beginnings of codes that got other numbers when the vocabulary was revised
// in 2008 and kept their check digits, each with by how much those are off.
const movedCPV = "09:6 033:8 034:9 421:3 72212:5 72267:5 723:5 724:5 726:5 727:5 728:5 729:5 "

// oddCPV are single codes whose check digits are off in the regulation itself.
const oddCPV = "31711154-0 31711155-7 33141113-4 34211100-9 34211200-9 34211300-9 34421000-7 34422000-7 35113110-0 35125300-2 35331300-3 35642000-7 " +
	"37442100-8 37442200-8 37442300-8 37442400-8 37442500-8 37442600-8 37442700-8 37442800-8 37442900-8 38941000-7 38942000-7 38944000-7 38945000-7 38946000-7 38947000-7 " +
	"45233139-3 48628000-9 51000000-9 65122000-0 65123000-3 71351920-2 71351921-2 71351923-2 71351924-2 79342410-4 85210000-3 92225100-7 "

// checksCPV reports whether a code can have a check digit: the last digit of the sum of
// its digits times 3, 7 and 1 in turn.
func checksCPV(digits string, check int) bool {
	sum := 0
	for i := range len(digits) {
		sum += int(digits[i]-'0') * [3]int{3, 7, 1}[i%3]
	}
	if sum%10 == check || strings.Contains(oddCPV, fmt.Sprintf("%s-%d ", digits, check)) {
		return true
	}
	for _, moved := range strings.Fields(movedCPV) {
		begin, off, _ := strings.Cut(moved, ":")
		if strings.HasPrefix(digits, begin) && (sum+int(off[0]-'0'))%10 == check {
			return true
		}
	}
	return false
}
