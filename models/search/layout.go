package search

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// Mode says how the chosen values of a group work together.
type Mode int

// The modes of groups. Groups among themselves must all be met.
const (
	Any     Mode = iota // one of the chosen values must hold
	All                 // every chosen value must hold: answers of many values
	AtLeast             // the value or a better one must hold; of several, the least counts
)

// Unknown is the value of what is not known. It can be chosen like any other: in
// an [All] group it lets in those of which nothing is known.
const Unknown = "unknown"

// The groups that are no question of the schema, and their values.
const (
	GroupCategory   = "category"     // slugs; a service stands in those above its own too
	GroupPriceModel = "price_model"  // free, per_unit, usage, flat, request
	GroupPriceUnit  = "price_unit"   // units that a plan can be priced by; "flat": whatever the quantity
	GroupXRoad      = "x_road_ready" // yes, no
	GroupDataArea   = "data_area"    // eu, eea: all data is kept there
	GroupProof      = "proof"        // the best proof of any answer
	GroupConfirmed  = "confirmed"    // yes: within the last [ConfirmedMonths]; no
	GroupStale      = "stale"        // yes: something it says was not confirmed for [catalogue.FreshMonths]; no. Hidden
	GroupLife       = "life"         // open, closed, suspended
	GroupUsers      = "used_by"      // kinds of organisations that use it now; none
	GroupUserSizes  = "used_by_size" // kind_from: those of the kind in the class of sizes that begins so, see [SizeValue]
	GroupOrigin     = "origin"       // claimed, unclaimed, invented, demo_price
)

// ConfirmedMonths is how long what a service says counts as confirmed.
const ConfirmedMonths = 6

// Flat is the value of [GroupPriceUnit] for what costs the same whatever the quantity.
const Flat = "flat"

// The values of groups of certificates.
const (
	CertificateValid   = "valid" // today
	CertificateExpired = "expired"
)

// Sizes are where the classes of organisations by size begin.
var Sizes = []int64{1, 50, 250, 1000}

// SizeValue returns the value of [GroupUserSizes] for an organisation of a kind
// and size, "" when its size is not known.
func SizeValue(kind identity.Kind, size int64) string {
	for _, from := range slices.Backward(Sizes) {
		if size >= from {
			return fmt.Sprintf("%s_%d", kind, from)
		}
	}
	return ""
}

// Group is something that results can be narrowed by.
type Group struct {
	Key      string
	Mode     Mode
	Question string   // id in the schema; "" when it is no question
	Values   []string // in their order; of an Open group only those that are always there
	Open     bool     // further values are codes of countries or languages, as they come
	Hidden   bool     // only searched by the names of its values, never counted
}

// The columns that are no question of the schema.
const (
	ColumnUsers     = "users"     // organisations that use it now
	ColumnPublished = "published" // day, see [DayNumber]
	ColumnChecked   = "checked"   // day when all of it was last confirmed
)

// Column is a number that results can be narrowed by, from and to. It is kept as
// a whole number of units of the last decimal place.
type Column struct {
	Key      string
	Question string // id in the schema; "" when it is no question
	Places   int
}

// Layout is what the index needs to know of the catalogue's questions: which
// groups and columns there are. It never changes.
type Layout struct {
	Groups  []Group
	Columns []Column

	schema *catalogue.Schema
	group  map[string]int // key to place
	column map[string]int
	first  []int            // ordinal of each group's first value
	value  []map[string]int // of each group: value to ordinal
	shown  int              // ordinals of groups that are not hidden, which come first
	fixed  int              // ordinals that are always there
	form   string           // tells apart documents that were made otherwise
	labels *labels
}

// form changes when documents are made otherwise than before.
const form = "3"

// NewLayout makes the groups and columns for the questions that buyers may filter by.
func NewLayout(s *catalogue.Schema) *Layout {
	l := &Layout{schema: s, group: map[string]int{}, column: map[string]int{}}
	l.add(Group{Key: GroupCategory, Values: slugs(s.Categories)})
	for i := range s.Questions {
		if s.Questions[i].Filter {
			l.question(&s.Questions[i])
		}
	}
	l.others()
	for i := range s.Questions {
		if !s.Questions[i].Filter {
			l.hidden(&s.Questions[i])
		}
	}
	l.add(Group{Key: GroupStale, Hidden: true, Values: []string{catalogue.No, catalogue.Yes}})
	l.addColumn(Column{Key: ColumnUsers})
	l.addColumn(Column{Key: ColumnPublished})
	l.addColumn(Column{Key: ColumnChecked})
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %+v %+v", form, l.Groups, l.Columns))
	l.form = hex.EncodeToString(sum[:8])
	l.labels = newLabels(l)
	return l
}

func slugs(categories []catalogue.Category) []string {
	all := make([]string, len(categories))
	for i, c := range categories {
		all[i] = c.Slug
	}
	return all
}

func (l *Layout) add(g Group) {
	if !g.Hidden && g.Key != GroupLife && g.Key != GroupOrigin && g.Key != GroupUsers && g.Key != GroupUserSizes && g.Key != GroupConfirmed {
		g.Values = append(slices.Clone(g.Values), Unknown)
	}
	l.group[g.Key] = len(l.Groups)
	l.first = append(l.first, l.fixed)
	ordinals := make(map[string]int, len(g.Values))
	for i, v := range g.Values {
		ordinals[v] = l.fixed + i
	}
	l.value = append(l.value, ordinals)
	l.fixed += len(g.Values)
	if !g.Hidden {
		l.shown = l.fixed
	}
	l.Groups = append(l.Groups, g)
}

func (l *Layout) addColumn(c Column) {
	l.column[c.Key] = len(l.Columns)
	l.Columns = append(l.Columns, c)
}

// hidden makes a group of a question that is no filter but whose answers have names.
func (l *Layout) hidden(q *catalogue.Question) {
	switch q.Type {
	case catalogue.TypeYesNo, catalogue.TypeChoice, catalogue.TypeOrdered, catalogue.TypeMany, catalogue.TypeCertificate:
		l.question(q)
	}
}

// question makes the group or column of a question.
func (l *Layout) question(q *catalogue.Question) {
	g := Group{Key: q.ID, Question: q.ID, Hidden: !q.Filter}
	switch q.Type {
	case catalogue.TypeYesNo:
		g.Values = []string{catalogue.Yes, catalogue.No}
	case catalogue.TypeChoice:
		g.Values = options(q)
	case catalogue.TypeOrdered:
		g.Mode, g.Values = AtLeast, options(q)
	case catalogue.TypeMany:
		g.Mode, g.Values = All, options(q)
	case catalogue.TypeCountries, catalogue.TypeLanguages:
		g.Mode, g.Open = All, true
	case catalogue.TypeCertificate:
		g.Values = []string{CertificateValid, CertificateExpired, catalogue.No}
	case catalogue.TypeNumber, catalogue.TypePercent, catalogue.TypeDuration, catalogue.TypeMoney:
		l.addColumn(Column{Key: q.ID, Question: q.ID, Places: places(q)})
		return
	default: // a document or text: it is there or not
		g.Values = []string{catalogue.Yes}
	}
	l.add(g)
}

// bit returns which bit of a row stands for an ordinal; -1 for hidden ones, which
// are not in rows. Ordinals of codes come behind the fixed ones.
func (l *Layout) bit(ordinal int) int {
	switch {
	case ordinal < l.shown:
		return ordinal
	case ordinal < l.fixed:
		return -1
	}
	return ordinal - l.fixed + l.shown
}

// ofBit is the other way round.
func (l *Layout) ofBit(bit int) int {
	if bit < l.shown {
		return bit
	}
	return bit - l.shown + l.fixed
}

// options returns the options that say enough to be a filter. Of an ordered
// question all count, since one stands for those above it.
func options(q *catalogue.Question) []string {
	var ids []string
	for _, o := range q.Options {
		if !o.Weak || q.Type == catalogue.TypeOrdered {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

func places(q *catalogue.Question) int {
	if q.Type == catalogue.TypeMoney {
		return models.MinorPlaces(Currency)
	}
	return q.Places
}

// others adds the groups that are no question.
func (l *Layout) others() {
	units := make([]string, 0, len(l.schema.Units)+1)
	for _, u := range l.schema.Units {
		units = append(units, u.ID)
	}
	kinds := []string{"none"}
	var sizes []string
	for _, k := range identity.Kinds {
		kinds = append(kinds, string(k))
		for _, from := range Sizes {
			sizes = append(sizes, SizeValue(k, from))
		}
	}
	stated, document, tested := string(catalogue.Stated), string(catalogue.Document), string(catalogue.Tested)
	l.add(Group{Key: GroupPriceModel, Values: []string{"free", "per_unit", "usage", "flat", "request"}})
	l.add(Group{Key: GroupPriceUnit, Values: append(units, Flat)})
	l.add(Group{Key: GroupXRoad, Values: []string{catalogue.Yes, catalogue.No}})
	l.add(Group{Key: GroupDataArea, Values: []string{"eu", "eea"}})
	l.add(Group{Key: GroupProof, Mode: AtLeast, Values: []string{stated, document, tested}})
	l.add(Group{Key: GroupConfirmed, Values: []string{catalogue.Yes, catalogue.No}})
	l.add(Group{Key: GroupLife, Values: []string{string(catalogue.Open), string(catalogue.Closed), string(catalogue.Suspended)}})
	l.add(Group{Key: GroupUsers, Mode: All, Values: kinds})
	l.add(Group{Key: GroupUserSizes, Mode: All, Values: sizes})
	l.add(Group{Key: GroupOrigin, Values: []string{"claimed", "unclaimed", "invented", "demo_price"}})
}

// stale is the ordinal of the documents that are stale.
func (l *Layout) stale() int { return l.value[l.group[GroupStale]][catalogue.Yes] }

// Group returns the group with this key.
func (l *Layout) Group(key string) (Group, bool) {
	i, ok := l.group[key]
	if !ok {
		return Group{}, false
	}
	return l.Groups[i], true
}

// Column returns the column with this key.
func (l *Layout) Column(key string) (Column, bool) {
	i, ok := l.column[key]
	if !ok {
		return Column{}, false
	}
	return l.Columns[i], true
}

// DayNumber returns the number by which columns keep a day.
func DayNumber(d models.Date) int64 { return d.Time().Unix() / (24 * 60 * 60) }
