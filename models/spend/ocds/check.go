package ocds

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxProblems is how many problems Check tells of.
const maxProblems = 1000

// Check tells where a release, an array of releases, a record, a release package or a
// record package departs from the standard, in the order of the file: fields that are
// missing, of a wrong type, without a proper date or address, with a code outside of its
// list, given up by the standard, unknown to it, or empty; ids twice in one list; an ocid
// without a prefix as registered (https://www.open-contracting.org/guidance/prefix: six
// letters or digits after "ocds-"); amounts without a currency; contracts whose award, and
// organizations whose party is not in the release (looked for where the release has awards
// or parties at all, as a later release may leave out what has not changed).
//
// [Problem.Invalid] parts what breaks the schema from advice. Of fields that the standard
// does not know only the outermost is told of, versioned releases are passed over, and
// after 1000 problems there is one of the code [TooManyIssues] more.
func Check(raw []byte) []Problem {
	n, err := parse(raw)
	if err != nil {
		return []Problem{{Code: codeOf(err)}}
	}
	c := &checker{}
	if n.is == isList {
		for i, v := range n.under {
			c.document(v, "/"+strconv.Itoa(i))
		}
	} else {
		c.document(n, "")
	}
	if len(c.problems) > maxProblems {
		found := strconv.Itoa(len(c.problems) + c.more)
		c.problems = append(c.problems[:maxProblems], Problem{Code: TooManyIssues, Args: []string{found}})
	}
	return c.problems
}

type checker struct {
	problems []Problem
	more     int
}

func (c *checker) add(code, path string, args ...string) {
	if len(c.problems) > maxProblems {
		c.more++
		return
	}
	for i, a := range args {
		args[i] = clip(a)
	}
	c.problems = append(c.problems, Problem{code, path, args})
}

// clip shortens what is shown of a file.
func clip(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// document checks whatever n is.
func (c *checker) document(n *node, path string) {
	switch shapeOf(n.keys) {
	case releasesShape:
		c.object(n, theReleasePackage, path)
	case recordsShape:
		c.object(n, theRecordPackage, path)
	case recordShape:
		c.object(n, theRecord, path)
	case releaseShape:
		c.object(n, theRelease, path)
	default:
		c.add(NotOCDS, path)
	}
}

// shape is what an object of OCDS is.
type shape int

const (
	noShape shape = iota
	releaseShape
	recordShape
	releasesShape // a release package
	recordsShape  // a record package
)

// shapeOf tells what an object is by its fields.
func shapeOf(keys []string) shape {
	has := func(key string) bool { return slices.Contains(keys, key) }
	switch {
	case has("records"):
		return recordsShape
	case has("compiledRelease"), has("releases") && has("ocid"):
		return recordShape
	case has("releases"):
		return releasesShape
	case has("ocid"):
		return releaseShape
	}
	return noShape
}

// object checks an object that is one by its type.
func (c *checker) object(n *node, rules object, path string) {
	for i, key := range n.keys {
		at := path + "/" + pointer(key)
		rule, known := rules[key]
		if !known {
			rule, known = rules.translation(key)
		}
		if !known {
			c.add(Extra, at, key)
			continue
		}
		c.value(n.under[i], rule, key, at)
	}
	for _, key := range requiredOf(rules) {
		if n.field(key) == nil {
			c.add(Required, path, key)
		}
	}
	c.special(n, rules, path)
}

// languageTag is what a language may look like behind a field's name.
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

// translation is the rule of a field in another language, as title_et.
func (o object) translation(key string) (field, bool) {
	base, tag, _ := strings.Cut(key, "_")
	if !o[base].has(languages) || !languageTag.MatchString(tag) {
		return field{}, false
	}
	return words, true
}

func requiredOf(rules object) (keys []string) {
	for key, rule := range rules {
		if rule.has(required) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// value checks what stands in a field.
func (c *checker) value(v *node, rule field, key, path string) {
	if v.is&rule.is == 0 {
		c.add(WrongType, path, rule.is.String(), v.is.String())
		return
	}
	if rule.has(old) {
		c.add(Deprecated, path, key)
	}
	switch {
	case v.is == isText:
		c.text(v.text, rule, path)
	case v.is == isList:
		c.list(v, rule, key, path)
	case v.is == isObject && len(v.keys) == 0 && rule.of == nil:
		c.add(Empty, path)
	case v.is == isObject && rule.of != nil:
		if len(v.keys) == 0 {
			c.add(Empty, path)
		}
		c.object(v, rule.of, path)
	case v.is&isNumber != 0 && key == "amount":
		var a Amount
		if a.UnmarshalJSON(v.raw) == nil && a.Unread != "" {
			c.add(BadAmount, path, a.Unread)
		}
	}
}

// text checks a text, or one of a list of texts.
func (c *checker) text(s string, rule field, path string) {
	switch {
	case s == "" && rule.has(filled) && rule.is&isList == 0:
		c.add(Blank, path)
	case rule.codes != nil && !slices.Contains(rule.codes, s):
		c.add(UnknownCode, path, s)
	case rule.form == asDate && !isDate(s):
		c.add(BadDate, path, s)
	case rule.form == asAddress && !isAddress(s):
		c.add(BadAddress, path, s)
	case rule.form == asVersion && !versionForm.MatchString(s):
		c.add(BadVersion, path, s)
	case strings.TrimSpace(s) == "":
		c.add(Empty, path)
	case rule.known != nil && !slices.Contains(rule.known, s):
		c.add(ExtraCode, path, s)
	}
}

var versionForm = regexp.MustCompile(`^\d+\.\d+$`)

func isDate(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

func isAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.IsAbs()
}

// list checks a list and what is in it.
func (c *checker) list(v *node, rule field, key, path string) {
	if len(v.under) == 0 {
		if rule.has(filled) {
			c.add(Blank, path)
			return
		}
		c.add(Empty, path)
		return
	}
	switch {
	case rule.of == nil:
		c.texts(v, rule, path)
	case key == "releases" && linked(v):
		c.objects(v, theLink, path)
	default:
		c.objects(v, rule.of, path)
		c.ids(v, rule, path)
	}
	if rule.has(unique) {
		c.repeats(v, path)
	}
}

func (c *checker) texts(v *node, rule field, path string) {
	for i, item := range v.under {
		at := path + "/" + strconv.Itoa(i)
		if item.is != isText {
			c.add(WrongType, at, isText.String(), item.is.String())
			continue
		}
		c.text(item.text, rule, at)
	}
}

func (c *checker) objects(v *node, rules object, path string) {
	for i, item := range v.under {
		at := path + "/" + strconv.Itoa(i)
		switch {
		case item.is != isObject:
			c.add(WrongType, at, isObject.String(), item.is.String())
		case len(item.keys) == 0:
			c.add(Empty, at)
			c.object(item, rules, at)
		default:
			c.object(item, rules, at)
		}
	}
}

// linked reports whether the releases of a record are links to them.
func linked(v *node) bool {
	return slices.ContainsFunc(v.under, func(item *node) bool { return item.field("url") != nil && item.field("ocid") == nil })
}

// ids checks that no id is twice in a list: that of a record is its ocid, and that of a
// release goes with its ocid. Lists of identifiers and classifications have ids of many
// schemes.
func (c *checker) ids(v *node, rule field, path string) {
	key := "id"
	if _, record := rule.of["compiledRelease"]; record {
		key = "ocid"
	}
	if rule.has(whole) {
		return
	}
	seen := map[string]int{}
	for i, item := range v.under {
		id := item.field(key)
		if id == nil || id.is&(isText|isNumber) == 0 {
			continue
		}
		full := id.canon()
		if _, release := rule.of["initiationType"]; release {
			full += item.textOf("ocid")
		}
		if before, twice := seen[full]; twice {
			c.add(Duplicate, path+"/"+strconv.Itoa(i), strings.Trim(string(id.raw), `"`), strconv.Itoa(before))
			continue
		}
		seen[full] = i
	}
}

func (c *checker) repeats(v *node, path string) {
	seen := map[string]int{}
	for i, item := range v.under {
		text := item.canon()
		if before, twice := seen[text]; twice {
			c.add(Repeated, path+"/"+strconv.Itoa(i), strconv.Itoa(before))
			continue
		}
		seen[text] = i
	}
}

// String is how the types are called in JSON Schema, with | between them.
func (k kinds) String() string {
	var names []string
	for i, name := range [...]string{"string", "number", "integer", "boolean", "array", "object", "null"} {
		if k&(1<<i) != 0 && !(name == "number" && k&isWhole != 0) {
			names = append(names, name)
		}
	}
	return strings.Join(names, "|")
}
