package ubl

import (
	"fmt"
	"slices"
	"strings"
)

// Rules are the ids of all rules that [Check] knows, in alphabetical order, so that pages
// can have words for each.
var Rules = rules()

const (
	// The European norm: what must be there, sums, decimals, codes.
	normRules = `BR-01 BR-02 BR-03 BR-04 BR-05 BR-06 BR-07 BR-08 BR-09 BR-10 BR-11 BR-12 BR-13 BR-14 BR-15 BR-16 BR-17 BR-18 BR-19
		BR-20 BR-21 BR-22 BR-23 BR-24 BR-25 BR-26 BR-27 BR-28 BR-29 BR-30 BR-31 BR-32 BR-33 BR-36 BR-37 BR-38 BR-41 BR-42 BR-43 BR-44
		BR-45 BR-46 BR-47 BR-48 BR-49 BR-50 BR-51 BR-52 BR-53 BR-54 BR-55 BR-56 BR-57 BR-61 BR-62 BR-63 BR-64 BR-65
		BR-CO-03 BR-CO-04 BR-CO-09 BR-CO-10 BR-CO-11 BR-CO-12 BR-CO-13 BR-CO-14 BR-CO-15 BR-CO-16 BR-CO-17 BR-CO-18 BR-CO-19
		BR-CO-20 BR-CO-21 BR-CO-22 BR-CO-23 BR-CO-24 BR-CO-26
		BR-DEC-01 BR-DEC-02 BR-DEC-05 BR-DEC-06 BR-DEC-09 BR-DEC-10 BR-DEC-11 BR-DEC-12 BR-DEC-13 BR-DEC-14 BR-DEC-15 BR-DEC-16
		BR-DEC-17 BR-DEC-18 BR-DEC-19 BR-DEC-20 BR-DEC-23 BR-DEC-24 BR-DEC-25 BR-DEC-27 BR-DEC-28
		BR-IC-11 BR-IC-12 BR-O-11 BR-O-12 BR-O-13 BR-O-14 BR-B-01 BR-B-02
		BR-CL-01 BR-CL-03 BR-CL-04 BR-CL-05 BR-CL-06 BR-CL-14 BR-CL-17 BR-CL-18 BR-CL-19`
	// Peppol, without what it has for single countries.
	peppolRules = `F001 R001 R002 R003 R004 R005 R007 R008 R010 R020 R040 R041 R042 R043 R044 R046 R051 R053 R054 R055 R061 R080
		R100 R101 R110 R111 R120 R121 R130 P0100 P0101 P0104 P0105 P0106 P0107 P0108 P0109 P0110 P0111 P0112 CL002 CL006 CL007 CL008`
	commonRules = `R040 R041 R042 R043 R044 R045 R046 R047 R049 R050`
)

// warnings are the rules that do not make a document invalid.
var warnings = []string{"BR-51", "PEPPOL-COMMON-R044", "PEPPOL-COMMON-R045", "PEPPOL-COMMON-R046", "PEPPOL-COMMON-R047"}

func rules() []string {
	list := append(strings.Fields(normRules), RuleNumber)
	for _, g := range groups {
		for i := 1; i <= 10; i++ {
			list = append(list, fmt.Sprintf("%s%02d", g.rule, i))
		}
	}
	for _, r := range strings.Fields(peppolRules) {
		list = append(list, "PEPPOL-EN16931-"+r)
	}
	for _, r := range strings.Fields(commonRules) {
		list = append(list, "PEPPOL-COMMON-"+r)
	}
	slices.Sort(list)
	return list
}
