package procurement_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pilveturg/models/procurement"
)

func TestTablesOfRequirements(t *testing.T) {
	s := loadSchema(t)
	for _, tt := range []struct {
		name, table string
		want        []string // requirements, as "force way subject operator wanted: words"
		wrong       []string // problems, as "line field key"
	}{
		{"words are enough", "requirement\nA trial\n", []string{"should question   : A trial"}, nil},
		{"in Estonian with tabs, names for ids", "Nõue\tkohustuslikkus\tkontroll\ttunnus\ttehe\tväärtus\tkaal\nSisse\tkohustuslik\tvastus\tSisselogimine\tkõik\tMobiil-ID; ID-kaart\t10\n",
			[]string{"must answer sign_in has_all id_card;mobile_id: Sisse"}, nil},
		{"the usual operator, and a number with its unit", "requirement;subject;value\nNotice;Notice period;2 weeks\nCheap;price;9 000 €\n",
			[]string{"should answer notice_days at_most 14: Notice", "should answer price at_most 9000: Cheap"}, nil},
		{"a certificate is valid", "requirement,subject,value,force\nISO,iso_27001,yes,must\n", []string{"must answer iso_27001 is valid: ISO"}, nil},
		{"empty rows are stepped over", "requirement\n\n\"\"\nA\n", []string{"should question   : A"}, nil},
		{"nothing", "", nil, []string{"1  requirement.table_empty"}},
		{"a heading only", "requirement\n", nil, []string{"1  requirement.table_empty"}},
		{"a heading nobody knows", "requirement,colour\nA,red\n", nil, []string{"1  requirement.heading_unknown"}},
		{"a heading twice", "requirement,nõue\nA,B\n", nil, []string{"1  requirement.heading_unknown"}},
		{"no requirement", "force\nmust\n", nil, []string{"1 words requirement.heading_missing"}},
		{"every row is told", "requirement;force;weight;subject;value\nA;perhaps;7;;\n;must;;;\nC;must;heavy;;\nD;must;;sign_in;fax\nE;;;hat;x\n", nil,
			[]string{"2 force requirement.force_missing", "3 words requirement.words_missing", "4 weight requirement.weight_wrong", "5 wanted requirement.wanted_wrong", "6 subject requirement.subject_missing"}},
		{"the same twice", "requirement\nA\na\n", nil, []string{"3 words requirement.asked_already"}},
		{"a row that is too long", "requirement\nA,B\n", nil, []string{"2 words requirement.row_long"}},
		{"quotes that do not match", "requirement\n\"A\nB\n", nil, []string{"2  requirement.row_unreadable"}},
		{"too many", "requirement\n" + strings.Repeat("A\n", procurement.MostRows+1), nil, []string{"202  requirement.table_long"}},
	} {
		all, problems := procurement.ReadTable(s, tt.table)
		var got, wrong []string
		for _, q := range all {
			got = append(got, fmt.Sprintf("%s %s %s %s %s: %s", q.Force, q.Way, q.Subject, q.Operator, q.Wanted, q.Words))
		}
		for _, p := range problems {
			wrong = append(wrong, fmt.Sprintf("%d %s %s", p.Line, p.Field, p.Key))
		}
		if !reflect.DeepEqual(wrong, tt.wrong) || tt.wrong == nil && !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %q, wrong is %q; want %q, %q", tt.name, got, wrong, tt.want, tt.wrong)
		}
	}
}

func FuzzReadTable(f *testing.F) {
	s := loadSchema(f)
	for _, seed := range []string{"", "requirement\nA", "nõue;tunnus;väärtus\nx;sign_in;ID-kaart;\n", "requirement\t\"\n", "\uFEFFrequirement,subject,value\nA,price,-1\nB,exit_cost,1 €\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, table string) {
		all, problems := procurement.ReadTable(s, table)
		if len(problems) > 0 {
			return
		}
		for _, q := range all {
			before := q.Wanted
			if err := q.Check(s); err != nil || q.Wanted != before {
				t.Errorf("%q gives %+v, which is wrong: %v", table, q, err)
			}
			if d, ok := q.Demand(); ok && len(d.Values) == 0 && d.Min == nil && d.Max == nil {
				t.Errorf("%q gives %+v, which asks nothing", table, q)
			}
		}
	})
}
