package ocds

import (
	"bytes"
	"encoding/json"
)

// compiled writes the last values of the merged release.
func (p *part) compiled(last *source) json.RawMessage {
	b := []byte(`{"ocid":`)
	b = append(b, rawOf(last.node, "ocid")...)
	b = append(b, `,"id":`...)
	b = appendText(b, last.ocid+"-"+last.dateText)
	b = append(append(b, `,"date":`...), last.date...)
	b = append(b, `,"tag":["compiled"]`...)
	return append(p.appendFields(b, true, (*part).appendLast), '}')
}

// versioned writes the history of the merged release.
func (p *part) versioned(last *source) json.RawMessage {
	b := append([]byte(`{"ocid":`), rawOf(last.node, "ocid")...)
	return append(p.appendFields(b, true, (*part).appendHistory), '}')
}

// appendFields writes the fields of an object, without the brackets around it. A field for
// which value writes nothing is left out.
func (p *part) appendFields(b []byte, comma bool, value func(*part, []byte) []byte) []byte {
	for _, key := range p.keys {
		from := len(b)
		if comma {
			b = append(b, ',')
		}
		b = append(appendText(b, key), ':')
		named := len(b)
		if b = value(p.fields[key], b); len(b) == named {
			b = b[:from]
			continue
		}
		comma = true
	}
	return b
}

// appendItems writes a list of objects, each with its id first.
func (p *part) appendItems(b []byte, shown func(*part) bool, value func(*part, []byte) []byte) []byte {
	b = append(b, '[')
	comma := false
	for _, item := range p.items {
		if !shown(item) {
			continue
		}
		if comma {
			b = append(b, ',')
		}
		comma = true
		b = append(b, '{')
		if item.id != nil {
			b = appendCompact(append(b, `"id":`...), item.id.raw)
		}
		b = append(item.appendFields(b, item.id != nil, value), '}')
	}
	return append(b, ']')
}

// appendLast writes the last value of a part, and nothing for what was deleted.
func (p *part) appendLast(b []byte) []byte {
	switch {
	case p.gone:
		return b
	case p.is == isObject:
		return append(p.appendFields(append(b, '{'), false, (*part).appendLast), '}')
	case p.is == isList:
		return p.appendItems(b, func(item *part) bool { return !item.gone }, (*part).appendLast)
	}
	if v := p.history[len(p.history)-1].value; v.is != isNull {
		return appendCompact(b, v.raw)
	}
	return b
}

// appendHistory writes all values of a part.
func (p *part) appendHistory(b []byte) []byte {
	switch p.is {
	case isObject:
		return append(p.appendFields(append(b, '{'), false, (*part).appendHistory), '}')
	case isList:
		return p.appendItems(b, func(*part) bool { return true }, (*part).appendHistory)
	}
	b = append(b, '[')
	for i, v := range p.history {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCompact(append(b, `{"releaseID":`...), v.from.id)
		b = append(append(b, `,"releaseDate":`...), v.from.date...)
		b = appendCompact(append(b, `,"releaseTag":`...), v.from.tag)
		b = append(appendCompact(append(b, `,"value":`...), v.value.raw), '}')
	}
	return append(b, ']')
}

func appendText(b []byte, s string) []byte {
	text, err := json.Marshal(s)
	if err != nil { // texts can always be written
		return append(b, `""`...)
	}
	return append(b, text...)
}

// appendCompact writes a JSON value without spaces.
func appendCompact(b, raw []byte) []byte {
	buf := bytes.NewBuffer(b)
	if json.Compact(buf, raw) != nil { // raw was parsed before
		return append(b, raw...)
	}
	return buf.Bytes()
}
