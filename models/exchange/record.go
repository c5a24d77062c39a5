package exchange

import (
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// Record is one thing that a file says: exactly one of Organisation and Listing
// is set.
type Record struct {
	Where        string                 `json:"-"` // as in [Problem]
	Organisation *identity.Organisation `json:"organisation,omitempty"`
	Listing      *catalogue.Listing     `json:"listing,omitempty"`
}

// Reader gives the records of one file in an order in which they can be applied:
// organisations before what refers to them.
type Reader interface {
	// Next returns the next record, or io.EOF after the last one. A *[Problem] tells
	// of something that is wrong or worth knowing; reading goes on after it. Any
	// other error ends the reading.
	Next() (Record, error)

	// Counts tells what has been read so far, table by table. After io.EOF all of
	// the file is accounted for in it.
	Counts() []Count
}

// Writer takes records and writes them to a file.
type Writer interface {
	// Write adds a record. It fails when the record cannot be written.
	Write(Record) error

	// Close writes what is still held back. It does not close the file.
	Close() error
}

// Count tells how much of one kind of thing was read, and what became of it:
// Read = Kept + Left.
type Count struct {
	Name string `json:"name"` // key of a message: "exchange.count.listings"
	Read int64  `json:"read"`
	Kept int64  `json:"kept"` // in the records given
	Left int64  `json:"left"` // out of them, each told in a problem or in the description of the format
}

// tally keeps counts in the order in which they were first asked for.
type tally struct{ counts []Count }

func (t *tally) of(name string) *Count {
	name = "exchange.count." + name
	for i := range t.counts {
		if t.counts[i].Name == name {
			return &t.counts[i]
		}
	}
	t.counts = append(t.counts, Count{Name: name})
	return &t.counts[len(t.counts)-1]
}

func (t *tally) kept(name string) {
	c := t.of(name)
	c.Read++
	c.Kept++
}

func (t *tally) left(name string) {
	c := t.of(name)
	c.Read++
	c.Left++
}

// keys notices a record that comes twice in one file.
type keys map[string]string

// first returns "" the first time it sees the key, and where that was ever after.
func (k keys) first(key, where string) string {
	if before, seen := k[key]; seen {
		return before
	}
	k[key] = where
	return ""
}
