package ocds

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

const (
	// MaxRelease is how many bytes a release may have.
	MaxRelease = 20 << 20
	// MaxRecord is how many bytes a record may have, with all its releases.
	MaxRecord = 64 << 20
	// maxMeta is how many bytes what a package says of itself may have.
	maxMeta = 1 << 20
	// maxTold is how many problems a summary tells of.
	maxTold = 1000
)

// Summary is what [Read] found in a file.
type Summary struct {
	Meta     Meta // of the first package
	Packages int
	Records  int
	Releases int // handed on: compiled ones, and those of records without one
	Linked   int // of records, only linked to
	Skipped  int // where a release should be was none
	Problems []Problem
	More     int // problems that Problems has no room for
}

func (s *Summary) problem(code, path string, args ...string) {
	if len(s.Problems) >= maxTold {
		s.More++
		return
	}
	for i, a := range args {
		args[i] = clip(a)
	}
	s.Problems = append(s.Problems, Problem{code, path, args})
}

// wrongType tells of a field that could not be read. Places in lists are not known.
func (s *Summary) wrongType(path string, e *json.UnmarshalTypeError) {
	want := "string"
	switch e.Type.Kind() {
	case reflect.Slice:
		want = "array"
	case reflect.Struct:
		want = "object"
	case reflect.Bool:
		want = "boolean"
	case reflect.Int:
		want = "integer"
	}
	found, _, _ := strings.Cut(e.Value, " ")
	s.problem(WrongType, path+"/"+strings.ReplaceAll(e.Field, ".", "/"), want, found)
}

// Read calls each with every release of a file, in their order. The file is a release, a
// release package, a record, a record package, a list of any of them, or JSON Lines of any
// of them. Of a record its compiled release is taken, and its releases where it has none;
// releases that are only linked to are counted. Nothing is remembered between releases.
// An object whose releases come before an ocid is taken for a release package as it comes:
// when it shows to be a record after all, its releases have been taken already, and its
// compiled release is passed over.
//
// A release is read as far as it can be: a field of a wrong type is left out, with a
// problem [WrongType] for the first of them. Names of fields are read in capitals too,
// which Check does not let pass. Amounts that cannot be read are unknown ([BadAmount]). The fields
// amount, providerOrganization and receiverOrganization of transactions in 1.0 are read,
// with a problem [Deprecated]. An object without an ocid where a release should be is left
// out ([SkippedThing]). [Check] finds much more.
//
// It fails with an [*Error] that wraps [ErrNotOCDS] where nothing of OCDS is, [ErrBroken]
// where the file stops being JSON, or [ErrTooBig]; with the errors of r; and with what each
// returns. The summary is good up to there.
func Read(r io.Reader, each func(Release) error) (Summary, error) {
	rd := &reader{scanner: newScanner(r), each: each}
	for i := 0; ; i++ {
		c, err := rd.peek()
		switch {
		case errors.Is(err, io.EOF) && i > 0:
			return rd.sum, nil
		case errors.Is(err, io.EOF), err == nil && c != '{' && c != '[':
			if i > 0 {
				return rd.sum, rd.fail(ErrBroken, NotJSON)
			}
			return rd.sum, rd.fail(ErrNotOCDS, NotOCDS)
		case err != nil:
			return rd.sum, err
		}
		path := ""
		if i > 0 {
			path = "/" + strconv.Itoa(i)
		}
		if err := rd.document(path, true); err != nil {
			return rd.sum, err
		}
	}
}

type reader struct {
	*scanner
	each func(Release) error
	sum  Summary
}

// document reads a release, record or package; at the top also a list of them.
func (rd *reader) document(path string, top bool) error {
	c, err := rd.peek()
	switch {
	case err != nil:
		return rd.broken(err)
	case c == '[' && top:
		return rd.list(path, func(path string) error { return rd.document(path, false) })
	case c != '{':
		return rd.fail(ErrNotOCDS, NotOCDS)
	}
	return rd.objectHere(path)
}

// list calls item at the beginning of each value of a list.
func (rd *reader) list(path string, item func(path string) error) error {
	if _, err := rd.punctuation("["); err != nil {
		return err
	}
	if c, err := rd.peek(); err == nil && c == ']' {
		rd.next(1)
		return nil
	}
	rd.depth++
	for i := 0; ; i++ {
		if err := item(path + "/" + strconv.Itoa(i)); err != nil {
			return err
		}
		c, err := rd.punctuation(",]")
		if err != nil {
			return err
		}
		if c == ']' {
			rd.depth--
			return nil
		}
	}
}

// telling are the fields that tell what an object is, see shapeOf.
var telling = [...]string{"ocid", "releases", "records", "compiledRelease"}

// objectHere reads an object of which it is not yet known what it is. It is kept as it
// comes; when it shows to be a package, its releases or records are read one by one.
func (rd *reader) objectHere(path string) error {
	rd.begin(MaxRecord)
	defer func() { rd.keep = false }()
	if _, err := rd.punctuation("{"); err != nil {
		return err
	}
	var keys []string
	c, err := rd.peek()
	for first := true; err == nil && c != '}'; c, err = rd.peek() {
		if !first {
			if _, err := rd.punctuation(","); err != nil {
				return err
			}
		}
		first = false
		key, err := rd.key()
		if err != nil {
			return err
		}
		if slices.Contains(telling[:], key) && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
		if shape := shapeOf(keys); key == "records" || key == "releases" && shape == releasesShape {
			if c, err := rd.peek(); err == nil && c == '[' {
				return rd.pack(path, key)
			}
		}
		if err := rd.skip(); err != nil {
			return err
		}
	}
	if err != nil {
		return rd.broken(err)
	}
	if _, err := rd.punctuation("}"); err != nil {
		return err
	}
	rd.keep = false
	return rd.whole(rd.buf, keys, path)
}

// key reads the name of a field, and its colon.
func (rd *reader) key() (string, error) {
	if c, err := rd.peek(); err != nil || c != '"' {
		return "", rd.broken(err)
	}
	from, kept := len(rd.buf), rd.keep
	if !kept {
		rd.begin(maxMeta)
		from = 0
	}
	if err := rd.skipText(); err != nil {
		return "", err
	}
	rd.keep = kept
	if !json.Valid(rd.buf[from:]) {
		return "", rd.fail(ErrBroken, NotJSON)
	}
	key := unquote(rd.buf[from:])
	_, err := rd.punctuation(":")
	return key, err
}

// whole takes an object that was read as a whole.
func (rd *reader) whole(raw []byte, keys []string, path string) error {
	switch shapeOf(keys) {
	case releaseShape:
		return rd.release(raw, path)
	case recordShape:
		return rd.record(raw, path)
	}
	if !json.Valid(raw) {
		return rd.fail(ErrBroken, NotJSON)
	}
	if s := rd.sum; s.Packages+s.Records+s.Releases > 0 {
		rd.skipped(path)
		return nil
	}
	return rd.fail(ErrNotOCDS, NotOCDS)
}

// pack reads a package from the list of its releases or records on. What came before is in
// the buffer, without the value of the last field.
func (rd *reader) pack(path, key string) error {
	rd.keep = false
	meta := append(bytes.Clone(rd.buf), "null"...)
	if len(meta) > maxMeta {
		return rd.tooBig()
	}
	rd.depth++
	if err := rd.things(path, key); err != nil {
		return err
	}
	for {
		c, err := rd.punctuation(",}")
		if err != nil {
			return err
		}
		if c == '}' {
			break
		}
		next, err := rd.key()
		if err != nil {
			return err
		}
		if c, err := rd.peek(); err == nil && c == '[' && (next == "releases" || next == "records") {
			if err := rd.things(path, next); err != nil {
				return err
			}
			continue
		}
		value, err := rd.value(MaxRecord)
		if err != nil {
			return err
		}
		if !json.Valid(value) {
			return rd.fail(ErrBroken, NotJSON)
		}
		if len(meta)+len(next)+len(value) < maxMeta {
			meta = append(append(meta, ','), appendText(nil, next)...)
			meta = append(append(meta, ':'), value...)
		}
	}
	rd.depth--
	return rd.meta(append(meta, '}'))
}

// things reads the releases or the records of a package.
func (rd *reader) things(path, key string) error {
	take, most := rd.release, MaxRelease
	if key == "records" {
		take, most = rd.record, MaxRecord
	}
	return rd.list(path+"/"+key, func(path string) error {
		raw, err := rd.value(most)
		if err != nil {
			return err
		}
		return take(raw, path)
	})
}

func (rd *reader) meta(raw []byte) error {
	rd.sum.Packages++
	var m Meta
	err := json.Unmarshal(raw, &m)
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong):
		rd.sum.wrongType("", wrong)
	case err != nil:
		return rd.fail(ErrBroken, NotJSON)
	}
	if rd.sum.Packages == 1 {
		rd.sum.Meta = m
	}
	return nil
}

// record takes the compiled release of a record, or its releases.
func (rd *reader) record(raw []byte, path string) error {
	var r struct {
		Releases        json.RawMessage `json:"releases"`
		CompiledRelease json.RawMessage `json:"compiledRelease"`
	}
	if !json.Valid(raw) {
		return rd.fail(ErrBroken, NotJSON)
	}
	if json.Unmarshal(raw, &r) != nil {
		rd.skipped(path)
		return nil
	}
	rd.sum.Records++
	var releases []json.RawMessage
	if json.Unmarshal(r.Releases, &releases) != nil && len(r.Releases) > 0 && string(r.Releases) != "null" {
		rd.skipped(path + "/releases")
	}
	if compiled := bytes.TrimSpace(r.CompiledRelease); len(compiled) > 0 && string(compiled) != "null" {
		return rd.release(compiled, path+"/compiledRelease")
	}
	for i, raw := range releases {
		var link struct{ OCID, URL any }
		if json.Unmarshal(raw, &link) == nil && link.OCID == nil && link.URL != nil {
			rd.sum.Linked++
			continue
		}
		if err := rd.release(raw, path+"/releases/"+strconv.Itoa(i)); err != nil {
			return err
		}
	}
	return nil
}

func (rd *reader) skipped(path string) {
	rd.sum.Skipped++
	rd.sum.problem(SkippedThing, path)
}

// release hands a release on.
func (rd *reader) release(raw []byte, path string) error {
	if len(raw) > MaxRelease {
		return rd.tooBig()
	}
	if deep(raw) {
		return rd.fail(ErrTooBig, TooDeep, strconv.Itoa(MaxDepth))
	}
	var r Release
	err := json.Unmarshal(raw, &r)
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return rd.fail(ErrBroken, NotJSON)
	case r.OCID == "":
		rd.skipped(path)
		return nil
	case errors.As(err, &wrong):
		rd.sum.wrongType(path, wrong)
	case err != nil:
		rd.sum.problem(WrongType, path, "object", "")
	}
	r.Raw = bytes.Clone(raw)
	rd.lookAt(&r, path)
	rd.sum.Releases++
	return rd.each(r)
}

// lookAt notes what is wrong with the money of a release.
func (rd *reader) lookAt(r *Release, path string) {
	amount := func(v *Value, path string) {
		if v != nil && v.Amount.Unread != "" {
			rd.sum.problem(BadAmount, path+"/value/amount", v.Amount.Unread)
		}
	}
	for i, a := range r.Awards {
		amount(a.Value, path+"/awards/"+strconv.Itoa(i))
	}
	for i, c := range r.Contracts {
		at := path + "/contracts/" + strconv.Itoa(i)
		amount(c.Value, at)
		if c.Implementation == nil {
			continue
		}
		for j, t := range c.Implementation.Transactions {
			at := at + "/implementation/transactions/" + strconv.Itoa(j)
			amount(t.Value, at)
			if t.OldAmount != (OldValue{}) {
				rd.sum.problem(Deprecated, at+"/amount", "amount")
				if t.OldAmount.Amount.Unread != "" {
					rd.sum.problem(BadAmount, at+"/amount/amount", t.OldAmount.Amount.Unread)
				}
			}
			if t.OldProvider != (OldIdentifier{}) {
				rd.sum.problem(Deprecated, at+"/providerOrganization", "providerOrganization")
			}
			if t.OldReceiver != (OldIdentifier{}) {
				rd.sum.problem(Deprecated, at+"/receiverOrganization", "receiverOrganization")
			}
		}
	}
}
