package spend

import (
	"errors"
	"reflect"
	"testing"

	"pilveturg/models"
)

func exactOf(t *testing.T, text string) models.Exact {
	t.Helper()
	e, err := models.ParseExact(text)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestWhatIsPackedComesOutAsItWent(t *testing.T) {
	of := func(rows, unconverted int64, amount, euros string) cell {
		return cell{rows, unconverted, exactOf(t, amount), exactOf(t, euros)}
	}
	cells := []packCell{
		{"purchase", "EUR", 3, 0, of(1, 0, "0", "0")},
		{"purchase", "EUR", 3, 1, of(200, 0, "12.34", "12.34")},
		{"purchase", "EUR", 3, 12, of(1<<40, 0, "-0.01", "-0.01")},
		{"purchase", "EUR", 1 << 40, 2, of(2, 0, "0.123456789012345678901234567", "7.5")},
		{"purchase", "GBP", 1, 7, of(3, 2, "9223372036854775807.99", "-9223372036854775806.123456789012")},
		{"tax", "EUR", 1, 7, of(3, 3, "1.5", "0")},
	}
	got, err := unpackAll(pack(cells))
	if err != nil || !reflect.DeepEqual(got, cells) {
		t.Errorf("%+v, %v; want %+v", got, err, cells)
	}
	if got, err := unpackAll(pack(nil)); err != nil || len(got) != 0 {
		t.Errorf("nothing becomes %+v, %v", got, err)
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{2, 0})
	f.Add(pack([]packCell{{"purchase", "EUR", 3, 1, cell{rows: 1}}, {"tax", "GBP", 9, 12, cell{rows: 2, unconverted: 2}}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := unpackAll(b)
		if err != nil && !errors.Is(err, errPack) && !errors.Is(err, models.ErrOverflow) {
			t.Errorf("%x: %v", b, err)
		}
		if err != nil && all != nil {
			t.Errorf("%x: %+v beside %v", b, all, err)
		}
	})
}
