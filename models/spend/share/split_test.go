package share

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pilveturg/models"
)

// shared opens a file of the data that lies beside the project, and skips the test where
// it is not.
func shared(t *testing.T, name string) *os.File {
	t.Helper()
	dir, err := filepath.Abs(".")
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if f, err := os.Open(filepath.Join(dir, "shared", "data", "spend", filepath.FromSlash(name))); err == nil {
			t.Cleanup(func() { f.Close() })
			return f
		}
	}
	t.Skipf("shared/data/spend/%s is not beside the project", name)
	return nil
}

func exact(t testing.TB, s string) models.Exact {
	t.Helper()
	e, err := models.ParseExact(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// weights are keys a, b, c … with the weights of a text.
func weights(t testing.TB, text string) (all []Weight) {
	t.Helper()
	for i, w := range strings.Fields(text) {
		all = append(all, Weight{string(rune('a' + i)), exact(t, w)})
	}
	return all
}

// amounts are those of the parts, as a text.
func amounts(parts []Part) string {
	var all []string
	for _, p := range parts {
		all = append(all, p.Amount.String())
	}
	return strings.Join(all, " ")
}

func TestTheLargestRemaindersGetTheCentsThatAreLeft(t *testing.T) {
	for _, c := range []struct {
		what, total string
		decimals    int
		weights     string
		want        string
	}{
		{"three equal parts", "100", 2, "1 1 1", "33.34 33.33 33.33"},
		{"a credit takes back the same", "-100", 2, "1 1 1", "-33.34 -33.33 -33.33"},
		{"two cents for three", "0.02", 2, "1 1 1", "0.01 0.01 0"},
		{"the largest remainder is not the first", "100", 2, "3 5 7", "20 33.33 46.67"},
		{"a weight of 0 gets nothing", "0.01", 2, "0 1 0", "0 0.01 0"},
		{"all at zero decimals", "10", 0, "1 1 1", "4 3 3"},
		{"three decimals", "1", 3, "1 1 1", "0.334 0.333 0.333"},
		{"a total of 0", "0", 2, "2 1", "0 0"},
		{"weights with many decimals", "1", 2, "0.000000000000000000000000001 0.000000000000000000000000002", "0.33 0.67"},
		{"one part", "12.34", 2, "7", "12.34"},
		{"the largest amount", "9223372036854775807.99", 2, "1 1", "4611686018427387904 4611686018427387903.99"},
		{"a surplus goes to the first that gets a cent", "100.005", 2, "1 1 1", "33.345 33.33 33.33"},
		{"the first that gets a cent may be the last", "100.001", 2, "3 5 7", "20 33.33 46.671"},
		{"a surplus without a remainder", "100.005", 2, "1 1", "50.005 50"},
		{"a surplus without a remainder never goes to a weight of 0", "-0.005", 2, "0 1 1", "0 -0.005 0"},
		{"a surplus of whole crowns", "7.25", 0, "1 2", "2 5.25"},
	} {
		parts, err := Split(exact(t, c.total), c.decimals, weights(t, c.weights))
		if err != nil || amounts(parts) != c.want {
			t.Errorf("%s: %s by %s is %s, %v; want %s", c.what, c.total, c.weights, amounts(parts), err, c.want)
		}
	}
}

func TestTheWorkingOfAPartIsThere(t *testing.T) {
	parts, err := Split(exact(t, "-100.005"), 2, weights(t, "7 5 3"))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"a 7: -140/3 is -46.66 and -1/150; -0.01 more, -0.005 over, -46.675",
		"b 5: -100/3 is -33.33 and -1/300; 0 more, 0 over, -33.33",
		"c 3: -20 is -20 and 0; 0 more, 0 over, -20",
	} {
		p := parts[i]
		got := fmt.Sprintf("%s %s: %s is %s and %s; %s more, %s over, %s", p.Key, p.Value, p.Quota.RatString(), p.Floor, p.Remainder.RatString(), p.Unit, p.Surplus, p.Amount)
		if got != want {
			t.Errorf("%s; want %s", got, want)
		}
	}
}

func TestWhatCannotBeSplitSaysWhy(t *testing.T) {
	for _, c := range []struct {
		decimals int
		weights  string
		want     error
	}{
		{2, "", ErrNoWeight}, {2, "0 0", ErrNoWeight}, {2, "1 -1", ErrNegative}, {2, "2 -1", ErrNegative},
		{-1, "1", ErrDecimals}, {28, "1", ErrDecimals},
	} {
		if parts, err := Split(exact(t, "1"), c.decimals, weights(t, c.weights)); !errors.Is(err, c.want) || parts != nil {
			t.Errorf("%d decimals by %q: %v, %v; want %v", c.decimals, c.weights, parts, err, c.want)
		}
	}
}

func TestPercentagesAddUpToAHundred(t *testing.T) {
	parts, err := Percent(exact(t, "10.01"), 2, weights(t, "33.4 33.3 33.3"))
	if err != nil || amounts(parts) != "3.35 3.33 3.33" {
		t.Errorf("%s, %v; want 3.35 3.33 3.33", amounts(parts), err)
	}
	for text, want := range map[string]error{
		"33.3 33.3 33.3": ErrNotHundred, "60 41": ErrNotHundred, "100.000000000000000000000000001": ErrNotHundred, "110 -10": ErrNegative, "": ErrNoWeight,
	} {
		if _, err := Percent(exact(t, "10"), 2, weights(t, text)); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

func TestSplittingAgreesWithAnotherProgram(t *testing.T) {
	var oracle struct {
		Vectors struct {
			Rows []struct {
				Amount         string
				Weights, Parts []string
			} `json:"largest_remainder"`
		}
	}
	if err := json.NewDecoder(shared(t, "tco/building_blocks.json")).Decode(&oracle); err != nil {
		t.Fatal(err)
	}
	if len(oracle.Vectors.Rows) == 0 {
		t.Error("no vectors of largest remainders")
	}
	for _, row := range oracle.Vectors.Rows {
		var want []string
		for _, p := range row.Parts {
			want = append(want, exact(t, p).String())
		}
		parts, err := Split(exact(t, row.Amount), 2, weights(t, strings.Join(row.Weights, " ")))
		if err != nil || amounts(parts) != strings.Join(want, " ") {
			t.Errorf("%s by %v is %s, %v; want %v", row.Amount, row.Weights, amounts(parts), err, want)
		}
	}
}

// hold checks what is true of all parts, and returns what is not.
func hold(total models.Exact, decimals int, keys []Weight, parts []Part) error {
	unit := new(big.Rat).SetFrac(big.NewInt(1), minorPerMajor(decimals))
	sum, surplus, quotas := new(big.Rat), new(big.Rat), new(big.Rat)
	for i, p := range parts {
		sum.Add(sum, p.Amount.Rat())
		surplus.Add(surplus, p.Surplus.Rat())
		quotas.Add(quotas, p.Quota)
		whole := new(big.Rat).Sub(p.Amount.Rat(), p.Surplus.Rat())
		off := new(big.Rat).Sub(whole, p.Quota)
		switch {
		case p.Weight != keys[i]:
			return fmt.Errorf("part %d is of %v, want %v", i, p.Weight, keys[i])
		case off.Abs(off).Cmp(unit) >= 0:
			return fmt.Errorf("part %d is %s off its quota %s", i, off.RatString(), p.Quota.RatString())
		case !new(big.Rat).Quo(whole, unit).IsInt():
			return fmt.Errorf("part %d is %s without its surplus, which is not in minor units", i, whole.RatString())
		case p.Value.IsZero() && !p.Amount.IsZero():
			return fmt.Errorf("part %d gets %s for nothing", i, p.Amount)
		case p.Amount.Sign()*total.Sign() < 0:
			return fmt.Errorf("part %d is %s of %s", i, p.Amount, total)
		}
	}
	if sum.Cmp(total.Rat()) != 0 || quotas.Add(quotas, surplus).Cmp(total.Rat()) != 0 {
		return fmt.Errorf("the parts are %s and the quotas with the surplus %s of %s", sum.RatString(), quotas.RatString(), total)
	}
	if surplus.Abs(surplus).Cmp(unit) >= 0 {
		return fmt.Errorf("the surplus is %s", surplus.RatString())
	}
	return nil
}

func TestPartsAddUpAndStayWithinACentOfTheirQuotas(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var keys []Weight
		for range 1 + random.IntN(12) {
			keys = append(keys, Weight{"k", exact(t, fmt.Sprintf("%de-%d", random.IntN(200), random.IntN(6)))})
		}
		keys = append(keys, Weight{"last", exact(t, "0.5")})
		total, decimals := exact(t, fmt.Sprintf("%de-%d", random.IntN(2_000_000)-1_000_000, random.IntN(8))), random.IntN(5)
		parts, err := Split(total, decimals, keys)
		if err == nil {
			err = hold(total, decimals, keys, parts)
		}
		if err != nil {
			t.Fatalf("%s to %d decimals by %v: %v", total, decimals, keys, err)
		}
		negated, err := Split(total.Neg(), decimals, keys)
		if err != nil {
			t.Fatal(err)
		}
		for i := range parts {
			if negated[i].Amount != parts[i].Amount.Neg() {
				t.Fatalf("%s by %v: part %d is %s, and of the negative total %s", total, keys, i, parts[i].Amount, negated[i].Amount)
			}
		}
	}
}

func TestMultiplyingAllWeightsChangesNothing(t *testing.T) {
	for _, text := range []string{"1 2 4", "0.5 0.25 0.25", "7 5 3 0 11"} {
		var times []Weight
		for _, k := range weights(t, text) {
			by, err := models.RoundRat(new(big.Rat).Mul(k.Value.Rat(), big.NewRat(37, 8)), 27)
			if err != nil {
				t.Fatal(err)
			}
			times = append(times, Weight{k.Key, by})
		}
		one, err := Split(exact(t, "1000.01"), 2, weights(t, text))
		if err != nil {
			t.Fatal(err)
		}
		if other, err := Split(exact(t, "1000.01"), 2, times); err != nil || amounts(one) != amounts(other) {
			t.Errorf("%s: %s, and for multiples %s, %v", text, amounts(one), amounts(other), err)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("100.00", 2, "1 1 1")
	f.Add("-0.019", 2, "0 1e-27 3.5")
	f.Add("9223372036854775807.999999999999999999999999999", 27, "1 9223372036854775807")
	f.Fuzz(func(t *testing.T, amount string, decimals int, text string) {
		total, err := models.ParseExact(amount)
		if err != nil {
			return
		}
		var keys []Weight
		for _, w := range strings.Fields(text) {
			e, err := models.ParseExact(w)
			if err != nil {
				return
			}
			keys = append(keys, Weight{w, e})
		}
		parts, err := Split(total, decimals, keys)
		if err != nil {
			if !errors.Is(err, ErrDecimals) && !errors.Is(err, ErrNegative) && !errors.Is(err, ErrNoWeight) {
				t.Errorf("%s to %d decimals by %s: %v", total, decimals, text, err)
			}
			return
		}
		if err := hold(total, decimals, keys, parts); err != nil {
			t.Errorf("%s to %d decimals by %s: %v", total, decimals, text, err)
		}
	})
}
