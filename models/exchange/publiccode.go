package exchange

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

const (
	maxPublicCode = 1 << 20 // bytes of one publiccode.yml
	maxFiles      = 20_000  // in one folder
)

// NewPublicCode reads publiccode.yml at name in fsys or, when that is a folder,
// every file called publiccode.yml or publiccode.yaml in and under it. It reads
// nothing else: addresses in the files are not visited. A file that cannot be read
// is refused when it was asked for by name, and left out of a folder.
func NewPublicCode(fsys fs.FS, name string, schema *catalogue.Schema) Reader {
	p := &publicCode{fsys: fsys, schema: schema, seen: keys{}, bad: Skipped}
	p.err = fs.WalkDir(fsys, name, func(at string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir() && at == name:
			p.bad = Refused
			p.files = append(p.files, at)
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && at != name:
			return fs.SkipDir
		case !d.IsDir() && (d.Name() == "publiccode.yml" || d.Name() == "publiccode.yaml"):
			p.files = append(p.files, at)
		}
		if len(p.files) > maxFiles {
			return fmt.Errorf("%s holds more than %d publiccode.yml files", name, maxFiles)
		}
		return nil
	})
	if p.err == nil && len(p.files) == 0 {
		p.waiting.add(&Problem{File: name, Effect: Stopped, Key: "exchange.no_publiccode"})
		p.err = io.EOF
	}
	return p
}

type publicCode struct {
	fsys    fs.FS
	schema  *catalogue.Schema
	files   []string
	bad     Effect // of a file that cannot be read
	waiting queue
	ready   []Record
	seen    keys
	tally   tally
	err     error
}

// Counts implements [Reader].
func (p *publicCode) Counts() []Count { return p.tally.counts }

// Next implements [Reader].
func (p *publicCode) Next() (Record, error) {
	for {
		if w := p.waiting.take(); w != nil {
			return Record{}, w
		}
		switch {
		case len(p.ready) > 0:
			r := p.ready[0]
			p.ready = p.ready[1:]
			p.tally.record(r)
			return r, nil
		case p.err != nil:
			return Record{}, p.err
		case len(p.files) == 0:
			return Record{}, io.EOF
		}
		name := p.files[0]
		p.files = p.files[1:]
		p.file(name)
	}
}

// file reads one file and makes its records ready.
func (p *publicCode) file(name string) {
	n, wrong, err := p.read(name)
	if err != nil {
		p.err = fmt.Errorf("%s: %w", name, err)
		return
	}
	s := software{node: n, schema: p.schema, file: name, bad: p.bad}
	if wrong != nil {
		s.problems = []fault{*wrong}
	} else {
		s.check()
	}
	if len(s.problems) == 0 {
		if before := p.seen.first("listing "+s.key.String(), name); before != "" {
			s.wrong("url", "exchange.duplicate_key", s.key.String(), before)
		}
	}
	if len(s.problems) > 0 {
		p.tally.left("publiccode.files")
	} else {
		p.tally.kept("publiccode.files")
		s.build()
		p.take(&s)
	}
	for _, f := range s.problems {
		if f.effect == "" {
			f.effect = p.bad
		}
		p.waiting.add(f.at(name, s.where(f.field)))
	}
}

func (p *publicCode) read(name string) (*node, *fault, error) {
	f, err := p.fsys.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	text, wrong := openText(name, f)
	if wrong != nil {
		return nil, &fault{key: wrong.Key}, nil
	}
	b, err := io.ReadAll(io.LimitReader(text, maxPublicCode+1))
	if err != nil {
		return nil, nil, err
	}
	if len(b) > maxPublicCode {
		return nil, &fault{key: "exchange.too_long", args: []any{maxPublicCode >> 20}}, nil
	}
	n, wrongYAML := parseYAML(b)
	return n, wrongYAML, nil
}

// take makes the records of a file ready; organisations that came before are not
// given again.
func (p *publicCode) take(s *software) {
	for _, o := range s.organisations {
		if p.seen.first("organisation "+o.Key.String(), s.file) == "" {
			p.ready = append(p.ready, Record{Where: s.file, Organisation: &o})
		}
	}
	p.ready = append(p.ready, Record{Where: s.file, Listing: s.listing()})
}

// software is one publiccode.yml being read.
type software struct {
	node          *node
	schema        *catalogue.Schema
	file          string
	bad           Effect
	key           models.Key
	page          string // where the source code is
	problems      []fault
	organisations []identity.Organisation
	vendor        models.Key
	uses          []catalogue.Use
	c             catalogue.Content
	taken         map[string]bool  // top members that the content says as well
	kept          map[string]*node // what is left of others, for Extra
}

var publicCodeVersions = regexp.MustCompile(`^0(\.[1-7](\.\d+)?)?$`)

// check looks at what a file cannot do without.
func (s *software) check() {
	switch v := s.node.at("publiccodeYmlVersion").string(); {
	case v == "":
		s.wrong("publiccodeYmlVersion", "exchange.missing")
	case !publicCodeVersions.MatchString(v):
		s.wrong("publiccodeYmlVersion", "exchange.publiccode_version", shorten(v))
	}
	if s.node.at("name").string() == "" {
		s.wrong("name", "exchange.missing")
	}
	if d := s.node.at("description"); d == nil || len(d.names) == 0 {
		s.wrong("description", "exchange.missing")
	}
	raw := s.node.at("url").string()
	s.page = site(strings.TrimPrefix(raw, "git+"))
	if s.page == "" || !takes(s.schema, catalogue.Content{Website: s.page}) {
		s.wrong("url", "exchange.bad_site", shorten(raw))
		return
	}
	_, code, _ := strings.Cut(s.page, "://")
	code = strings.TrimSuffix(strings.TrimRight(code, "/"), ".git")
	s.key = models.Key{Scheme: "publiccode", Code: code}
}

// wrong says what is wrong with a member, so that the file cannot be read.
func (s *software) wrong(field, key string, args ...any) {
	s.problems = append(s.problems, fault{field: field, key: key, args: args})
}

func (s *software) fault(effect Effect, field, key string, args ...any) {
	s.problems = append(s.problems, fault{field, effect, key, args})
}

// where names the line of a member such as "description.et".
func (s *software) where(field string) string {
	if field == "" {
		return ""
	}
	n := s.node.at(strings.Split(field, ".")...)
	if n == nil {
		return ""
	}
	return fmt.Sprintf("line %d", n.line)
}

// build makes the content of the listing and the organisations around it.
func (s *software) build() {
	s.taken = map[string]bool{"name": true, "url": true, "publiccodeYmlVersion": true}
	s.kept = map[string]*node{}
	s.c.Sources = []catalogue.Source{{Title: path.Base(s.file), URL: s.page}}
	s.words()
	s.website()
	s.categories()
	s.answers()
	s.maker()
	s.users()
	s.people()
	s.rest()
}

func (s *software) listing() *catalogue.Listing {
	return &catalogue.Listing{
		Key: s.key, Vendor: s.vendor, Unclaimed: true, Uses: s.uses,
		Versions: []catalogue.Version{{State: catalogue.Published, Content: s.c}},
	}
}

// publicCodeMembers are the members of the standard, up to version 0.7.
var publicCodeMembers = []string{"publiccodeYmlVersion", "name", "applicationSuite", "url", "landingURL", "isBasedOn", "softwareVersion",
	"releaseDate", "logo", "monochromeLogo", "inputTypes", "outputTypes", "platforms", "categories", "usedBy", "fundedBy", "roadmap",
	"developmentStatus", "softwareType", "supports", "organisation", "intendedAudience", "description", "legal", "maintenance",
	"localisation", "dependsOn", "IT", "it"}

// rest keeps in Extra what the content does not say.
func (s *software) rest() {
	extra := &node{form: object, of: map[string]*node{}}
	for _, name := range s.node.names {
		if !slices.Contains(publicCodeMembers, name) {
			s.fault(Noted, name, "exchange.member_unknown")
		}
		v := s.node.of[name]
		if rest := s.kept[name]; rest != nil {
			v = rest
		}
		if !s.taken[name] && v.form != free {
			extra.names = append(extra.names, name)
			extra.of[name] = v
		}
	}
	if len(extra.names) > 0 {
		s.c.Extra = []byte(encode(extra))
	}
}

// answer keeps an answer that the schema takes; otherwise the member stays in Extra.
func (s *software) answer(field string, a catalogue.Answer) bool {
	a.By, a.Proof, a.Source = catalogue.ByPublic, catalogue.Stated, s.page
	if err := s.schema.CheckAnswer(a); err != nil {
		s.fault(Partial, field, "exchange.answer_left", a.Question, firstLine(err))
		return false
	}
	s.c.Answers = append(s.c.Answers, a)
	return true
}

func firstLine(err error) string {
	var all catalogue.Problems
	if errors.As(err, &all) {
		return all[0].Error()
	}
	return err.Error()
}
