package registers_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pilveturg/models/registers"
	"pilveturg/models/systems"
)

// shared reads a file that lies beside the repository; without it the test is skipped.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../../shared/data", name))
	if err != nil {
		t.Skipf("no %s beside the repository: %v", name, err)
	}
	return b
}

func read(t testing.TB, content []byte) *registers.File {
	t.Helper()
	f, err := registers.Read(content)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// states counts systems by state.
func states(f *registers.File) map[systems.State]int {
	n := map[systems.State]int{}
	for i := range f.Entries {
		n[f.Entries[i].System.State]++
	}
	return n
}

func TestTheRegisterOf2021IsReadWhole(t *testing.T) {
	f := read(t, shared(t, "spend/estonia/riha_systems.json"))
	c, n := f.Count(), states(f)
	owners, names := map[string]bool{}, map[string]bool{}
	for i := range f.Entries {
		owners[f.Entries[i].OwnerCode], names[f.Entries[i].OwnerName] = true, true
	}
	if f.Kind != registers.RIHA || c.Rows != 1304 || c.Refused != 0 || len(owners) != 522 || len(names) != 520 {
		t.Errorf("%s: %+v, %d owners with %d names", f.Kind, c, len(owners), len(names))
	}
	if n[systems.InUse] != 1084 || n[systems.Closed] != 96 || n[systems.Establishing] != 89 || n[systems.NoState] != 35 || c.Flags[registers.FlagState] != 35 {
		t.Errorf("states %v, flags %v", n, c.Flags)
	}
}

func TestTheShortFormIsReadWithItsDirt(t *testing.T) {
	b := shared(t, "riha/riha_live_2016_short.json")
	var raw []struct {
		Shortname string
		Status    *struct{ Staatus *string }
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatal(err)
	}
	noState, noName := 0, 0
	for _, one := range raw {
		if one.Status == nil || one.Status.Staatus == nil {
			noState++
		}
		if strings.TrimSpace(one.Shortname) == "" {
			noName++
		}
	}
	c := read(t, b).Count()
	if c.Rows != len(raw) || c.Refused != 0 || c.Flags[registers.FlagState] != noState || c.Flags[registers.FlagShortName] != noName || noState == 0 || noName == 0 {
		t.Errorf("%+v; want %d rows, %d without a state, %d without a short name", c, len(raw), noState, noName)
	}
}

func TestCopiesOfProductsAreRecognised(t *testing.T) {
	b := shared(t, "riha/systems_2016_structured.json")
	var raw []struct {
		Product *json.Number `json:"standard_solution_id"`
		Status  *string      `json:"status_code"`
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	for _, one := range raw {
		if one.Product != nil {
			want[one.Product.String()]++
		}
	}
	f, got := read(t, b), map[string]int{}
	for i := range f.Entries {
		if p := f.Entries[i].Product; p != "" {
			got[p]++
		}
	}
	if len(f.Entries) != len(raw) || len(got) != len(want) || len(want) == 0 {
		t.Errorf("%d rows of %d products; want %d of %d", len(f.Entries), len(got), len(raw), len(want))
	}
	for product, n := range want {
		if got[product] != n {
			t.Errorf("product %s has %d copies, want %d", product, got[product], n)
		}
	}
}

func TestBusinessCasesComeToTheDollar(t *testing.T) {
	var oracle struct {
		Rows   int
		Totals map[string]string `json:"totals_usd_million"`
	}
	if err := json.Unmarshal(shared(t, "spend/us_it/businesscase_by2017.csv.oracle.json"), &oracle); err != nil {
		t.Fatal(err)
	}
	f := read(t, shared(t, "spend/us_it/businesscase_by2017.csv"))
	sums := map[int]*big.Rat{}
	shared, ended := 0, 0
	for i := range f.Entries {
		e := &f.Entries[i]
		if e.System.Shareable {
			shared++
		}
		if e.System.PlannedEnd.Time().Year() <= 2017 {
			ended++
		}
		for k := range e.Costs {
			cents, err := e.Costs[k].Period()
			if err != nil {
				t.Fatal(err)
			}
			year := e.Costs[k].Starts.Time().Year()
			if sums[year] == nil {
				sums[year] = new(big.Rat)
			}
			sums[year].Add(sums[year], big.NewRat(cents, 100_000_000))
		}
	}
	if c := f.Count(); f.Kind != registers.USIT || c.Rows != oracle.Rows || c.Refused != 0 || shared != 409 || ended != 24 {
		t.Errorf("%s: %+v, %d shared, %d ended", f.Kind, c, shared, ended)
	}
	for year, name := range map[int]string{2014: "Funding PY1 and Prior ($ M)", 2015: "Funding PY ($ M)", 2016: "Funding CY ($ M)", 2017: "Funding BY ($ M)"} {
		if got := sums[year].FloatString(6); got != oracle.Totals[name] {
			t.Errorf("%d: %s million, want %s", year, got, oracle.Totals[name])
		}
	}
}

func TestOurOwnTableIsRead(t *testing.T) {
	f := read(t, []byte("\uFEFFNimi;Omaniku kood;Olek;Teenindab;Ühik;Kasutusel alates;Arendus;Kasutusaastaid;Majutus aastas;Täiskohti;Töötasu aastas\nRegister;70000001;kasutusel;2 100;pupil;01.09.2014;412 000,50;7;9600;0,3;42000\nVana;70000001;suletud;;;;;;;;\n;70000001;;;;;;;;;\nHalb;70000001;;;;31.02.2014;;;x;;\n"))
	first := &f.Entries[0]
	if len(f.Entries) != 4 || first.System.State != systems.InUse || first.System.Served != "2100" || first.System.InUseSince.String() != "2014-09-01" || len(first.Costs) != 3 || first.Costs[0].Amount != "412000.5" || first.Costs[0].LifeMonths != 84 || first.Costs[2].FTE != "0.3" {
		t.Errorf("first %+v", first)
	}
	if f.Entries[1].System.State != systems.Closed || f.Entries[2].Problem != registers.NoName || f.Entries[3].Problem == "" {
		t.Errorf("others %+v", f.Entries[1:])
	}
}

func TestEveryShapeOfTheRegisterIsOne(t *testing.T) {
	detailed := `{"uuid":"a","name":"Register","short_name":"70000562-reg","owner":{"code":"70000562","name":"Office"},"purpose":"-","security":{"standard":"ISKE","class":"K1T3S0"},"meta":{"system_status":{"status":"IN_USE","timestamp":"2014-09-01T00:00:00Z"},"x_road_status":{"status":"JOINED"}}}`
	for name, text := range map[string]string{
		"an envelope": `{"totalElements":1,"content":[{"id":1,"details":` + detailed + `}]}`, "a list": `[{"details":` + detailed + `}]`, "bare": `[` + detailed + `]`, "one a line": detailed + "\n",
	} {
		f := read(t, []byte(text))
		if len(f.Entries) != 1 {
			t.Fatalf("%s: %+v", name, f)
		}
		s := &f.Entries[0].System
		if s.State != systems.InUse || s.SecurityLevel != "high" || s.External != "a" || len(s.Subsystems) != 1 || s.Subsystems[0] != "EE/GOV/70000562/reg" || s.Purpose != "" {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestWhatIsNoRegisterIsSaid(t *testing.T) {
	for name, text := range map[string]string{"nothing": "", "words": "hello", "another table": "a,b\n1,2\n", "broken": `{"content":[`, "no systems": `[1,2]`, "bytes": "\xff\xfe\x00"} {
		if _, err := registers.Read([]byte(text)); !errors.Is(err, registers.ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`[{"name":"Register","owner":{"code":"1"},"meta":{"system_status":{"status":null}}}]`))
	f.Add([]byte(`[{"owner_code":1,"status_code":"INFOSYS_STAATUS_KASUTUSEL","name":"x","standard_solution_id":3}]`))
	f.Add([]byte("name,owner,built,fte\nx,y,1,2\n"))
	f.Add([]byte("Unique Investment Identifier,Agency Name,Funding CY ($ M),Budget Year\n1,2,3.5,2017\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := registers.Read(b)
		if err != nil {
			return
		}
		if c := file.Count(); c.Taken+c.Refused != c.Rows {
			t.Errorf("%+v", c)
		}
	})
}
