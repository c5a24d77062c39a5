package exchange

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
)

// form is what kind of JSON a shape takes.
type form int

const (
	object form = iota // with known names
	table              // an object with any names
	list               // an array
	text               // a string
	whole              // a number without a fraction
	truth              // true or false
	leaf               // whatever its Go type reads
	free               // any JSON
)

// shape is the JSON that a Go type is read from, worked out once.
type shape struct {
	form   form
	fields map[string]*field // of an object
	item   *shape            // of a table or list
	kind   reflect.Type      // of a leaf
}

type field struct {
	at    int // counts the fields of its object
	shape *shape
}

// shapeOf works out the shape of v's type. Types must not contain themselves.
func shapeOf(v any) *shape { return shapeOfType(reflect.TypeOf(v)) }

func shapeOfType(t reflect.Type) *shape {
	if t.Kind() == reflect.Pointer {
		return shapeOfType(t.Elem())
	}
	if t == reflect.TypeFor[json.RawMessage]() {
		return &shape{form: free}
	}
	if p := reflect.PointerTo(t); p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return &shape{form: leaf, kind: t}
	}
	switch t.Kind() {
	case reflect.Struct:
		s := &shape{form: object, fields: map[string]*field{}}
		s.addFields(t)
		return s
	case reflect.Map:
		return &shape{form: table, item: shapeOfType(t.Elem())}
	case reflect.Slice:
		return &shape{form: list, item: shapeOfType(t.Elem())}
	case reflect.String:
		return &shape{form: text}
	case reflect.Bool:
		return &shape{form: truth}
	case reflect.Int, reflect.Int64:
		return &shape{form: whole}
	default:
		return &shape{form: free}
	}
}

func (s *shape) addFields(t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			s.addFields(f.Type)
		case !f.IsExported() || name == "-":
		default:
			if name == "" {
				name = f.Name
			}
			s.fields[name] = &field{at: len(s.fields), shape: shapeOfType(f.Type)}
		}
	}
}

// names of the forms, as a message shows them.
func (f form) String() string {
	switch f {
	case object, table:
		return "an object {…}"
	case list:
		return "a list […]"
	case text:
		return "a text in quotes"
	case whole:
		return "a whole number"
	case truth:
		return "true or false"
	default:
		return "a value"
	}
}
