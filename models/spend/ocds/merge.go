package ocds

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Merge makes one release of all releases of a process, by the rules of the standard
// (https://standard.open-contracting.org/1.1/en/schema/merging/). The compiled release
// has the last value of each field; the versioned release has all values, each with the
// release that it came with.
//
// Releases are taken by date: as instants where all dates are dates, as texts otherwise,
// and in the order given where they are equal. Objects in lists are matched by id; the id
// 1 is another than "1", objects without an id are matched with none, and two of one id in
// one list become one. Lists of what the standard calls wholeListMerge, and lists with
// anything but objects, replace each other. null deletes a field, also one with objects
// in it; empty objects and empty lists of objects change nothing. The id, date and tag of
// the releases are left out; the compiled release has the id "{ocid}-{date}" with the last
// date, and the tag "compiled". Fields that the standard does not know are merged alike,
// and so are the details of parties, though the schema of versioned releases wants these
// as a whole. An object of which all fields were deleted by name stays as {}.
//
// It fails with an [*Error] that wraps [ErrMerge] when a release is no JSON object, when
// one has no ocid or another ocid than the rest, when one has no date, and when a field is
// an object here and a simple value there. releases are not changed.
func Merge(releases []json.RawMessage) (compiled, versioned json.RawMessage, err error) {
	sources, err := readSources(releases)
	if err != nil {
		return nil, nil, err
	}
	merged := &part{is: isObject}
	for _, s := range sources {
		if err := merged.take(s.node, theRelease, s, ""); err != nil {
			return nil, nil, err
		}
	}
	last := sources[len(sources)-1]
	return merged.compiled(last), merged.versioned(last), nil
}

// source is a release to merge.
type source struct {
	node          *node
	ocid          string
	id, date, tag []byte // as written
	dateText      string
}

func mergeError(code, path string, args ...string) error {
	return &Error{Problem: Problem{code, path, args}, Err: ErrMerge}
}

func readSources(releases []json.RawMessage) ([]*source, error) {
	if len(releases) == 0 {
		return nil, mergeError(NotOCDS, "")
	}
	var sources []*source
	for i, raw := range releases {
		path := "/" + strconv.Itoa(i)
		n, err := parse(raw)
		switch {
		case err != nil:
			return nil, mergeError(codeOf(err), path)
		case n.is != isObject:
			return nil, mergeError(NotOCDS, path)
		}
		s := &source{node: n, ocid: n.textOf("ocid"), dateText: n.textOf("date"), id: rawOf(n, "id"), date: rawOf(n, "date"), tag: rawOf(n, "tag")}
		switch {
		case s.ocid == "":
			return nil, mergeError(Required, path, "ocid")
		case s.dateText == "":
			return nil, mergeError(NoDate, path)
		case i > 0 && s.ocid != sources[0].ocid:
			return nil, mergeError(OtherProcess, path, sources[0].ocid, s.ocid)
		}
		sources = append(sources, s)
	}
	sortSources(sources)
	return sources, nil
}

// codeOf is the code of an error of parse.
func codeOf(err error) string {
	if err == errDepth {
		return TooDeep
	}
	return NotJSON
}

func rawOf(n *node, key string) []byte {
	if f := n.field(key); f != nil {
		return f.raw
	}
	return []byte("null")
}

func sortSources(sources []*source) {
	when := map[*source]time.Time{}
	for _, s := range sources {
		t, err := time.Parse(time.RFC3339, s.dateText)
		if err != nil {
			slices.SortStableFunc(sources, func(a, b *source) int { return strings.Compare(a.dateText, b.dateText) })
			return
		}
		when[s] = t
	}
	slices.SortStableFunc(sources, func(a, b *source) int { return when[a].Compare(when[b]) })
}

// part is a place in a merged release: an object, a list of objects, or a simple value
// with its history.
type part struct {
	is      kinds // isObject, isList, or 0 for a simple value
	gone    bool  // an object or a list that null has deleted
	keys    []string
	fields  map[string]*part
	items   []*part
	byID    map[string]*part
	id      *node // of an object in a list
	history []version
}

// version is a value with the release that it came with.
type version struct {
	value *node
	from  *source
}

// take merges an object into the part.
func (p *part) take(n *node, rules object, from *source, path string) error {
	p.gone = false
	for i, key := range n.keys {
		rule, v := rules[key], n.under[i]
		if rule.has(omitted) || path == "" && key == "ocid" || p.id != nil && key == "id" {
			continue
		}
		if err := p.takeField(key, v, rule, from, path+"/"+pointer(key)); err != nil {
			return err
		}
	}
	return nil
}

// takeField merges a field of an object.
func (p *part) takeField(key string, v *node, rule field, from *source, path string) error {
	var is kinds
	switch {
	case v.is == isObject && !rule.has(whole):
		is = isObject
	case v.is == isList && !rule.has(whole) && v.hasObjects():
		is = isList
	}
	if is != 0 && len(v.under) == 0 {
		return nil
	}
	f := p.fields[key]
	if f == nil {
		f = &part{is: is}
		if p.fields == nil {
			p.fields = map[string]*part{}
		}
		p.fields[key], p.keys = f, append(p.keys, key)
	}
	switch {
	case f.is != 0 && v.is == isNull:
		f.delete(v, from)
		return nil
	case f.is == 0 && is != 0 && f.onlyNulls():
		f.is, f.history = is, nil
	case f.is != is:
		return mergeError(Inconsistent, path, from.dateText)
	}
	var under object
	if rule.of != nil {
		under = rule.of
	}
	switch is {
	case isObject:
		return f.take(v, under, from, path)
	case isList:
		return f.takeItems(v, under, from, path)
	}
	f.add(v, from)
	return nil
}

// takeItems merges a list of objects by their ids.
func (p *part) takeItems(n *node, rules object, from *source, path string) error {
	p.gone = false
	for i, v := range n.under {
		id := v.field("id")
		if id != nil && id.is&(isText|isNumber) == 0 {
			id = nil
		}
		var item *part
		if id != nil {
			item = p.byID[id.canon()]
		}
		if item == nil {
			item = &part{is: isObject, id: id}
			p.items = append(p.items, item)
			if id != nil {
				if p.byID == nil {
					p.byID = map[string]*part{}
				}
				p.byID[id.canon()] = item
			}
		}
		if err := item.take(v, rules, from, path+"/"+strconv.Itoa(i)); err != nil {
			return err
		}
	}
	return nil
}

// delete takes away all that is below a part.
func (p *part) delete(null *node, from *source) {
	if p.is == 0 {
		p.add(null, from)
		return
	}
	p.gone = true
	for _, key := range p.keys {
		p.fields[key].delete(null, from)
	}
	for _, item := range p.items {
		item.delete(null, from)
	}
}

// add notes a value, where it is another than the last.
func (p *part) add(v *node, from *source) {
	if n := len(p.history); n > 0 && p.history[n-1].value.canon() == v.canon() {
		return
	}
	p.history = append(p.history, version{v, from})
}

func (p *part) onlyNulls() bool {
	return !slices.ContainsFunc(p.history, func(v version) bool { return v.value.is != isNull })
}

// pointer is a name in a JSON Pointer.
func pointer(key string) string {
	return strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1")
}
