package spend

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"

	"pilveturg/models"
)

// A pack holds the sums of one body and year by kind, currency, category and month:
//
//	pack     = version { section }
//	section  = kind currency length { category }    texts with a length before them
//	category = distance length months { cell }      distance from the one before; a bit for each month
//	cell     = head rows [unconverted] amount [euros]
//
// Numbers are varints, and an amount in whole cents is one of them.

// packVersion stands first in a pack. Packs of another version are made anew.
const packVersion = 1

// The bits of the head of a cell.
const (
	inCents      = 1 << iota // the amount is one number, of cents
	eurosSame                // the euros are the amount
	eurosInCents             // the euros are one number
	allConverted             // no row is without euros
)

const (
	centNano  = 10_000_000 // 10^-9 in a cent
	mostCents = 1 << 50    // beyond it the whole part is not multiplied
)

// errPack is returned for a pack that this program did not write.
var errPack = errors.New("a pack of sums is broken")

// packCell is a sum in a pack.
type packCell struct {
	kind     Kind
	currency string
	category int64
	slot     int // 0: of the year, or of an unknown month; 1 to 12: of a month
	cell
}

// pack writes cells, which stand in the order of kind, currency, category and slot.
func pack(cells []packCell) []byte {
	b := []byte{packVersion}
	sameSection := func(x, y packCell) bool { return x.kind == y.kind && x.currency == y.currency }
	sameCategory := func(x, y packCell) bool { return x.category == y.category }
	for section := range runs(cells, sameSection) {
		var body []byte
		before := int64(0)
		for category := range runs(section, sameCategory) {
			body = binary.AppendUvarint(body, uint64(category[0].category-before))
			before = category[0].category
			body = appendSized(body, packMonths(category))
		}
		b = appendSized(b, []byte(section[0].kind))
		b = appendSized(b, []byte(section[0].currency))
		b = appendSized(b, body)
	}
	return b
}

// runs yields the longest parts of a slice whose neighbours are the same.
func runs[T any](all []T, same func(x, y T) bool) func(yield func([]T) bool) {
	return func(yield func([]T) bool) {
		for from, to := 0, 1; to <= len(all); to++ {
			if to == len(all) || !same(all[to-1], all[to]) {
				if !yield(all[from:to]) {
					return
				}
				from = to
			}
		}
	}
}

func appendSized(b, part []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(part))), part...)
}

func packMonths(cells []packCell) (b []byte) {
	var mask uint64
	for _, c := range cells {
		mask |= 1 << c.slot
	}
	b = binary.AppendUvarint(b, mask)
	for _, c := range cells {
		b = c.append(b)
	}
	return b
}

func (c *cell) append(b []byte) []byte {
	whole, nano, atto, ronto := c.amount.Parts()
	eurWhole, eurNano, eurAtto, _ := c.euros.Parts()
	amount, isCents := cents(whole, nano, atto|ronto)
	euros, eurosCents := cents(eurWhole, eurNano, eurAtto)
	var head byte
	for _, one := range []struct {
		bit byte
		is  bool
	}{{inCents, isCents}, {eurosSame, c.euros == c.amount}, {eurosInCents, eurosCents}, {allConverted, c.unconverted == 0}} {
		if one.is {
			head |= one.bit
		}
	}
	b = binary.AppendUvarint(append(b, head), uint64(c.rows))
	if head&allConverted == 0 {
		b = binary.AppendUvarint(b, uint64(c.unconverted))
	}
	if isCents {
		b = binary.AppendVarint(b, amount)
	} else {
		b = appendVarints(b, whole, nano, atto, ronto)
	}
	switch {
	case head&eurosSame != 0:
		return b
	case eurosCents:
		return binary.AppendVarint(b, euros)
	}
	return appendVarints(b, eurWhole, eurNano, eurAtto)
}

func appendVarints(b []byte, all ...int64) []byte {
	for _, n := range all {
		b = binary.AppendVarint(b, n)
	}
	return b
}

// cents are the parts of an amount as one number; ok is false where that is none of cents.
func cents(whole, nano, rest int64) (n int64, ok bool) {
	if rest != 0 || nano%centNano != 0 || whole > mostCents || whole < -mostCents {
		return 0, false
	}
	return whole*100 + nano/centNano, true
}

// unpacking reads a pack: its sections, their categories, and the sums of each.
type unpacking struct {
	rest, section, cells []byte
	kind, currency       []byte
	category             int64
	months               uint64 // a bit for each sum
	isBroken             bool
}

func unpack(b []byte) unpacking {
	if len(b) == 0 || b[0] != packVersion {
		return unpacking{isBroken: true}
	}
	return unpacking{rest: b[1:]}
}

// nextSection goes to the next kind and currency.
func (u *unpacking) nextSection() bool {
	if u.isBroken || len(u.rest) == 0 {
		return false
	}
	u.kind, u.currency, u.section = u.sized(&u.rest), u.sized(&u.rest), u.sized(&u.rest)
	u.category = 0
	return !u.isBroken
}

// nextCategory goes to the next category of a section.
func (u *unpacking) nextCategory() bool {
	if u.isBroken || len(u.section) == 0 {
		return false
	}
	u.category += int64(u.uvarint(&u.section))
	u.cells = u.sized(&u.section)
	u.months = u.uvarint(&u.cells)
	return !u.isBroken
}

// nextSum reads the next sum of a category into s, and returns its slot.
func (u *unpacking) nextSum(s *partsSum) (slot int, ok bool) {
	if u.isBroken || u.months == 0 || len(u.cells) == 0 {
		u.isBroken = u.isBroken || u.months != 0 || len(u.cells) > 0
		return 0, false
	}
	slot = bits.TrailingZeros64(u.months)
	u.months &= u.months - 1
	head := u.cells[0]
	u.cells = u.cells[1:]
	s.rows, s.unconverted = int64(u.uvarint(&u.cells)), 0
	if head&allConverted == 0 {
		s.unconverted = int64(u.uvarint(&u.cells))
	}
	s.Parts = Parts{}
	if head&inCents != 0 {
		n := u.varint(&u.cells)
		s.Whole, s.Nano = n/100, n%100*centNano
	} else {
		s.Whole, s.Nano, s.Atto, s.Ronto = u.varint(&u.cells), u.varint(&u.cells), u.varint(&u.cells), u.varint(&u.cells)
	}
	switch {
	case head&eurosSame != 0:
		s.EurWhole, s.EurNano, s.EurAtto = s.Whole, s.Nano, s.Atto
	case head&eurosInCents != 0:
		n := u.varint(&u.cells)
		s.EurWhole, s.EurNano = n/100, n%100*centNano
	default:
		s.EurWhole, s.EurNano, s.EurAtto = u.varint(&u.cells), u.varint(&u.cells), u.varint(&u.cells)
	}
	if slot > 12 {
		u.isBroken = true
	}
	return slot, !u.isBroken
}

func (u *unpacking) uvarint(from *[]byte) uint64 {
	b := *from
	if len(b) > 0 && b[0] < 0x80 { // most are short
		*from = b[1:]
		return uint64(b[0])
	}
	n, size := binary.Uvarint(b)
	if size <= 0 {
		u.isBroken = true
		return 0
	}
	*from = b[size:]
	return n
}

func (u *unpacking) varint(from *[]byte) int64 {
	n := u.uvarint(from)
	return int64(n>>1) ^ -int64(n&1)
}

func (u *unpacking) sized(from *[]byte) []byte {
	n := u.uvarint(from)
	if n > uint64(len(*from)) {
		u.isBroken = true
		return nil
	}
	part := (*from)[:n]
	*from = (*from)[n:]
	return part
}

// partsSum is a sum of which each part is added up by itself.
type partsSum struct {
	rows, unconverted int64
	Parts
}

// add adds a sum. It fails with [models.ErrOverflow].
func (s *partsSum) add(t *partsSum) error {
	whole, eurWhole := s.Whole+t.Whole, s.EurWhole+t.EurWhole
	if (whole < s.Whole) != (t.Whole < 0) || (eurWhole < s.EurWhole) != (t.EurWhole < 0) {
		return models.ErrOverflow
	}
	s.rows += t.rows
	s.unconverted += t.unconverted
	s.Whole, s.EurWhole = whole, eurWhole
	s.Nano, s.Atto, s.Ronto = s.Nano+t.Nano, s.Atto+t.Atto, s.Ronto+t.Ronto
	s.EurNano, s.EurAtto = s.EurNano+t.EurNano, s.EurAtto+t.EurAtto
	return nil
}

// unpackAll reads all sums of a pack. It fails with [errPack].
func unpackAll(b []byte) (all []packCell, err error) {
	u := unpack(b)
	for u.nextSection() {
		for u.nextCategory() {
			var s partsSum
			for slot, ok := u.nextSum(&s); ok; slot, ok = u.nextSum(&s) {
				amount, euros, err := s.Amounts()
				if err != nil {
					return nil, err
				}
				all = append(all, packCell{Kind(u.kind), string(u.currency), u.category, slot, cell{s.rows, s.unconverted, amount, euros}})
			}
		}
	}
	if u.isBroken {
		return nil, errPack
	}
	return slices.Clip(all), nil
}
