package focus

import (
	"fmt"
	"time"

	"pilveturg/models"
)

// Differences calls f with the columns in which a charge differs from another one, in the
// order of the alphabet, with the cell that [Writer] would write of it; null where it is
// null. Texts are not guarded against spreadsheets.
func (c *Charge) Differences(other *Charge, f func(name, cell string, null bool)) {
	for i := range columns {
		d := columns[i]
		switch {
		case d.text != nil:
			if s := *d.text(c); s != *d.text(other) {
				f(d.name, s, s == "")
			}
		case d.number != nil:
			if n := *d.number(c); n != *d.number(other) {
				f(d.name, n.text(), !n.Known)
			}
		case d.moment != nil:
			if t := *d.moment(c); !t.Equal(*d.moment(other)) {
				f(d.name, momentText(t), t.IsZero())
			}
		default:
			if s := d.write(c); s != d.write(other) {
				f(d.name, s, s == "")
			}
		}
	}
}

func (n Number) text() string {
	if !n.Known {
		return ""
	}
	return n.Value.String()
}

func momentText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Set puts a cell, as [Writer] writes it but for what guards against spreadsheets, into
// the column of a name; "" is null. known is false where FOCUS has no such column, and it
// fails where the column cannot hold the cell.
func (c *Charge) Set(name, cell string) (known bool, err error) {
	for i := range columns {
		if columns[i].name == name {
			return true, columns[i].set(c, cell)
		}
	}
	return false, nil
}

func (d *column) set(c *Charge, cell string) error {
	switch {
	case d.text != nil:
		*d.text(c) = cell
	case d.number != nil && cell == "":
		*d.number(c) = Number{}
	case d.number != nil:
		n, err := models.ParseExact(cell)
		if err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		*d.number(c) = Number{n, true}
	case d.moment != nil && cell == "":
		*d.moment(c) = time.Time{}
	case d.moment != nil:
		t, ok := standard(cell)
		if !ok {
			return fmt.Errorf("%s: %q is no time", d.name, cell)
		}
		*d.moment(c) = t
	case cell == "":
		d.clear(c)
	default:
		h := &Heading{}
		d.own(h, d.name, cell, c)
		if len(h.problems) > 0 {
			return fmt.Errorf("%s: %s", d.name, h.problems[0])
		}
	}
	return nil
}

// clear makes a column null that is read in a way of its own.
func (d *column) clear(c *Charge) {
	switch d.name {
	case "BillingCurrency":
		c.Currency = ""
	case "ChargeCategory":
		c.Category = ""
	case "ChargeClass":
		c.Correction = false
	case "ChargeFrequency":
		c.Frequency = ""
	case "SkuPriceDetails":
		c.SKUDetails = ""
	case "Tags":
		c.Tags = ""
	}
}
