package lifecycle_test

import (
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pilveturg/models"
	"pilveturg/models/lifecycle"
)

func exact(t testing.TB, s string) models.Exact {
	t.Helper()
	e, err := models.ParseExact(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// shown is a fraction as it is printed.
func shown(t testing.TB, r *big.Rat, places int) string {
	t.Helper()
	if r == nil {
		return "never"
	}
	e, err := lifecycle.Round(r, places)
	if err != nil {
		t.Fatal(err)
	}
	text := e.String()
	if places == 0 {
		return text
	}
	whole, part, _ := strings.Cut(text, ".")
	return whole + "." + part + strings.Repeat("0", places-len(part))
}

func number(t testing.TB, code, value string) lifecycle.Number {
	return lifecycle.Number{Code: code, Value: exact(t, value)}
}

func line(code string, class lifecycle.Class, parts ...lifecycle.Part) lifecycle.Line {
	return lifecycle.Line{Code: code, Class: class, Parts: parts}
}

func in(years []int, of ...string) lifecycle.Part { return lifecycle.Part{Of: of, Years: years} }

func staff(p lifecycle.Part) lifecycle.Part {
	p.Times = big.NewRat(12, 1)
	return p
}

func each(of ...string) lifecycle.Part { return lifecycle.Part{Of: of, From: 1, To: 5} }

// journal is a school's journal: its own system, or a service for each pupil.
func journal(t testing.TB) *lifecycle.Case {
	t.Helper()
	n := func(code, value string) lifecycle.Number { return number(t, code, value) }
	exit := in([]int{5}, "price", "users")
	exit.Times = big.NewRat(2, 12)
	residual := in([]int{5}, "refresh", "residual_share")
	residual.Income, residual.Left = true, &lifecycle.LeftOfAsset{Bought: 4, LifeYears: 4}
	return &lifecycle.Case{Years: 5, Discount: lifecycle.Flat(exact(t, "0.035")), Users: "users",
		Owned: lifecycle.Side{Numbers: []lifecycle.Number{n("development", "180000"), n("hardware", "24000"), n("refresh", "26000"), n("residual_share", "0.5"), n("project_fte", "0.8"), n("project_pay", "3000"), n("on_cost", "1.338"),
			n("maintenance_rate", "0.2"), n("hosting", "9600"), n("operations_fte", "0.5"), n("operations_pay", "2600"), n("security_test", "7500"), n("decommissioning", "8000")},
			Lines: []lifecycle.Line{line("development", lifecycle.Change, in([]int{0}, "development")), line("hardware", "", in([]int{0}, "hardware"), in([]int{4}, "refresh")),
				line("project_staff", lifecycle.Change, staff(in([]int{0}, "project_fte", "project_pay", "on_cost"))), line("maintenance", lifecycle.Run, each("maintenance_rate", "development")), line("hosting", lifecycle.Run, each("hosting")),
				line("operations_staff", lifecycle.Run, staff(each("operations_fte", "operations_pay", "on_cost"))), line("security_test", lifecycle.Run, in([]int{2, 4}, "security_test")), line("residual_value", "", residual), line("decommissioning", "", in([]int{5}, "decommissioning"))}},
		Service: lifecycle.Side{Numbers: []lifecycle.Number{n("price", "2.15"), n("users", "21400"), n("support", "3600"), n("onboarding", "14500"), n("integration", "12000"), n("training_fte", "0.1"), n("training_pay", "3000"), n("manager_fte", "0.15"), n("manager_pay", "2600"), n("on_cost", "1.338"), n("exit", "9500")},
			Lines: []lifecycle.Line{line("onboarding_and_integration", lifecycle.Change, in([]int{0}, "onboarding"), in([]int{0}, "integration")), line("training_staff", lifecycle.Change, staff(in([]int{0}, "training_fte", "training_pay", "on_cost"))),
				line("subscription", lifecycle.Run, each("price", "users")), line("support", lifecycle.Run, each("support")), line("contract_manager", lifecycle.Run, staff(each("manager_fte", "manager_pay", "on_cost"))), line("exit_and_parallel_run", "", in([]int{5}, "exit"), exit)}}}
}

// oracleSide is a side as another program reckoned it.
type oracleSide struct {
	Cash     []string `json:"cash_by_year"`
	Together []string `json:"cumulative_cash"`
	Presents []string `json:"cumulative_present_value"`
	Lines    map[string]struct {
		Cash         []string
		Total        string
		PresentValue string `json:"present_value"`
	}
	Total    string `json:"total_cash"`
	Present  string `json:"present_value"`
	Yearly   string `json:"equivalent_annual_cost"`
	EachUser string `json:"cost_per_user_year_discounted"`
}

func texts(t testing.TB, all []*big.Rat, places int) (out []string) {
	for _, r := range all {
		out = append(out, shown(t, r, places))
	}
	return out
}

func (o *oracleSide) check(t *testing.T, name string, s *lifecycle.SideResult) {
	t.Helper()
	for what, c := range map[string][2][]string{"cash": {texts(t, s.Cash, 2), o.Cash}, "cumulative cash": {texts(t, s.Together, 2), o.Together}, "cumulative present value": {texts(t, s.Presents, 2), o.Presents},
		"sums": {{shown(t, s.Total, 2), shown(t, s.Present, 2), shown(t, s.Yearly, 2), shown(t, s.EachUser, 2)}, {o.Total, o.Present, o.Yearly, o.EachUser}}} {
		if !slices.Equal(c[0], c[1]) {
			t.Errorf("%s, %s: %s; want %s", name, what, c[0], c[1])
		}
	}
	if len(s.Lines) != len(o.Lines) {
		t.Errorf("%s has %d lines, want %d", name, len(s.Lines), len(o.Lines))
	}
	for _, l := range s.Lines {
		want := o.Lines[l.Code]
		if !slices.Equal(texts(t, l.Cash, 2), want.Cash) || shown(t, l.Total, 2) != want.Total || shown(t, l.Present, 2) != want.PresentValue {
			t.Errorf("%s, %s: %s, %s, %s; want %+v", name, l.Code, texts(t, l.Cash, 2), shown(t, l.Total, 2), shown(t, l.Present, 2), want)
		}
	}
}

// shared reads a file that lies beside the repository; without it the test is skipped.
func shared(t testing.TB, name string, to any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../../shared/data/spend/tco", name))
	if err != nil {
		t.Skipf("no %s beside the repository: %v", name, err)
	}
	if err := json.Unmarshal(b, to); err != nil {
		t.Fatal(err)
	}
}

func TestTheJournalCostsWhatAnotherProgramSays(t *testing.T) {
	var o struct {
		Outputs struct {
			Factors   []string `json:"discount_factors"`
			Annuity   string   `json:"annuity_factor"`
			Owned     oracleSide
			Service   oracleSide
			Saving    string `json:"present_value_saving_of_service"`
			Percent   string `json:"saving_percent_of_owned"`
			BreakEven struct {
				Cash        *int        `json:"first_year_owned_cumulative_cash_below_service"`
				Present     *int        `json:"first_year_owned_cumulative_present_value_below_service"`
				Price       string      `json:"price_per_user_year"`
				Users       json.Number `json:"users_at_current_price"`
				Development string      `json:"development_cost"`
			} `json:"break_even"`
			Sensitivity []struct{ Case, Owned, Service, Saving string }
			RunChange   struct {
				Run, Change string
				Share       string `json:"run_share_percent"`
			} `json:"owned_run_vs_change"`
		}
	}
	shared(t, "example1_ejournal.json", &o)
	c := journal(t)
	r, err := lifecycle.Compare(c)
	if err != nil {
		t.Fatal(err)
	}
	want := &o.Outputs
	want.Owned.check(t, "owned", &r.Owned)
	want.Service.check(t, "service", &r.Service)
	if got := texts(t, r.Factors, 12); !slices.Equal(got, want.Factors) {
		t.Errorf("factors %s, want %s", got, want.Factors)
	}
	price, err := c.BreakEven(lifecycle.ServiceSide, "price")
	if err != nil {
		t.Fatal(err)
	}
	users, _ := c.BreakEven(lifecycle.ServiceSide, "users")
	development, _ := c.BreakEven(lifecycle.OwnedSide, "development")
	for what, pair := range map[string][2]string{"annuity": {shown(t, r.Annuity, 12), want.Annuity}, "saving": {shown(t, r.Saving, 2), want.Saving}, "percent": {shown(t, r.Percent, 2), want.Percent}, "price": {shown(t, price, 4), want.BreakEven.Price},
		"users": {shown(t, users, 0), want.BreakEven.Users.String()}, "development": {shown(t, development, 2), want.BreakEven.Development}, "run": {shown(t, r.Owned.Run, 2), want.RunChange.Run}, "change": {shown(t, r.Owned.Changes, 2), want.RunChange.Change}, "run share": {shown(t, r.Owned.RunShare, 2), want.RunChange.Share}} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s, want %s", what, pair[0], pair[1])
		}
	}
	if r.OwnedBelow != want.BreakEven.Cash || r.OwnedPresentBelow != want.BreakEven.Present || r.Undecided {
		t.Errorf("lines cross in %v and %v; undecided %t", r.OwnedBelow, r.OwnedPresentBelow, r.Undecided)
	}
	for _, s := range want.Sensitivity {
		owned, service := variedAs(t, c, r, s.Case)
		if owned != s.Owned || service != s.Service {
			t.Errorf("%s: %s and %s, want %s and %s", s.Case, owned, service, s.Owned, s.Service)
		}
	}
}

// variedAs finds the case that another program names otherwise.
func variedAs(t *testing.T, c *lifecycle.Case, r *lifecycle.Result, name string) (owned, service string) {
	t.Helper()
	names := map[string][2]string{"service.price_per_user_year": {"service", "price"}, "service.users": {"service", "users"}, "owned.development": {"owned", "development"}, "owned.operations_staff_fte": {"owned", "operations_fte"}}
	if rate, ok := strings.CutPrefix(name, "discount_rate="); ok {
		for _, v := range r.Cases {
			if v.Side == "" && v.Rate == exact(t, rate) {
				return shown(t, v.Owned, 2), shown(t, v.Other, 2)
			}
		}
	}
	what, by, _ := strings.Cut(name, " x ")
	by, _, _ = strings.Cut(by, " ")
	v, err := c.Times(names[what][0], names[what][1], exact(t, by).Rat())
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, one := range r.Cases {
		if one.Side == v.Side && one.Code == v.Code && one.Factor.Cmp(v.Factor) == 0 && one.Saving.Cmp(v.Saving) != 0 {
			t.Errorf("%s is in the table with another saving", name)
		}
	}
	return shown(t, v.Owned, 2), shown(t, v.Other, 2)
}
