package ocds

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// ErrEmpty is a package without releases or records, which the standard does not allow.
var ErrEmpty = errors.New("ocds: a package must have at least one release or record")

// errMixed is a mistake of the program.
var errMixed = errors.New("ocds: a package has either releases or records")

// PackageWriter writes a release package or a record package as its releases or records
// come. It keeps none of them. An error stays: all later calls return it.
type PackageWriter struct {
	out  *bufio.Writer
	meta Meta
	list string // releases or records, once it is known
	err  error
}

// NewPackageWriter returns a writer of a package. The version is [Version], whatever meta
// says. URI, PublishedDate and the publisher's name are required by the standard.
func NewPackageWriter(w io.Writer, meta Meta) *PackageWriter {
	meta.Version = Version
	return &PackageWriter{out: bufio.NewWriterSize(w, 1<<16), meta: meta}
}

// Release writes a release of a release package. Raw is not written.
func (p *PackageWriter) Release(r Release) error { return p.write("releases", r) }

// Record writes a record of a record package.
func (p *PackageWriter) Record(r Record) error { return p.write("records", r) }

// Close writes the end of the package. The writer below it is not closed. It returns
// [ErrEmpty] when nothing was written.
func (p *PackageWriter) Close() error {
	if p.err == nil && p.list == "" {
		p.err = ErrEmpty
	}
	if p.err != nil {
		return p.err
	}
	p.text("\n]}\n")
	if p.err == nil {
		p.err = p.out.Flush()
	}
	return p.err
}

func (p *PackageWriter) write(list string, v any) error {
	switch {
	case p.err != nil:
		return p.err
	case p.list == "":
		p.list = list
		p.begin()
	case p.list != list:
		p.err = errMixed
	default:
		p.text(",\n")
	}
	if p.err != nil {
		return p.err
	}
	b, err := marshal(v)
	if err != nil {
		p.err = err
		return err
	}
	p.text(string(b))
	return p.err
}

// begin writes what the package says of itself, and the beginning of its list.
func (p *PackageWriter) begin() {
	b, err := marshal(p.meta)
	if err != nil {
		p.err = err
		return
	}
	p.text(string(b[:len(b)-1]) + `,"` + p.list + "\":[\n")
}

func (p *PackageWriter) text(s string) {
	if p.err == nil {
		_, p.err = p.out.WriteString(s)
	}
}

// NewRecord makes the record of a process from all its releases, in any order, with the
// compiled release. With versions it also has the versioned release. It fails as [Merge].
// Releases that were read are better merged as they were, from their Raw.
func NewRecord(releases []Release, versions bool) (Record, error) {
	var rec Record
	for _, r := range releases {
		b, err := marshal(r)
		if err != nil {
			return Record{}, err
		}
		rec.OCID = r.OCID
		rec.Releases = append(rec.Releases, b)
	}
	compiled, versioned, err := Merge(rec.Releases)
	if err != nil {
		return Record{}, err
	}
	rec.CompiledRelease = compiled
	if versions {
		rec.VersionedRelease = versioned
	}
	return rec, nil
}

// marshal writes JSON without the escapes that are for web pages.
func marshal(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
