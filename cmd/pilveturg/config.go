package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"pilveturg/handlers"
	"pilveturg/handlers/blobs"
	"pilveturg/handlers/intake"
	post "pilveturg/handlers/mail"
	"pilveturg/handlers/oidc"
	"pilveturg/models/privacy"
)

// config is what an installation decides. The comments of settings say more.
type config struct {
	addr    string
	db      string
	demo    bool
	origin  string
	contact string
	log     slog.Level
	key     []byte // nil: the database keeps one
	before  []byte // the key before it; nil: there is none
	need    handlers.Need
	metrics string // the token that opens /metrics
	proxies []netip.Prefix
	keep    privacy.Keep

	mail         *post.Server // without sender and password, see mailServer; nil: none
	mailFrom     mail.Address
	mailPassword string
	zone         *time.Location // by whose clocks digests go out
	ocidPrefix   string         // "ocds-a1b2c3"; "": none is registered
	promise      int            // working days in which what vendors send is decided

	providers []oidc.Config // of identities

	files                 string // where those are kept that vendors bring; see filesAt
	filesKey, filesSecret string
	scanner               intake.Scanner

	sources []source // in the order of settings
	unknown []string // variables that look like ours and are not
}

// source tells where the value of a setting comes from.
type source struct {
	setting
	value string
	from  string // "-addr", "PILVETURG_ADDR", "default"
}

// setting is one thing that can be decided: by the flag -name, or else by the
// variable PILVETURG_NAME with _ for -, or else it is fallback.
type setting struct {
	name, fallback, about string
	truth                 bool // true or false
	secret                bool // never printed; no flag, because others may read those of a running program
	set                   func(c *config, value string) error
}

const (
	prefix    = "PILVETURG_"
	testsOnly = prefix + "TEST_" // and this is what the tests' own begin with
	keyBytes  = 32

	tokenLength = 16 // at least
)

func settings() []setting {
	return []setting{
		{name: "addr", fallback: "127.0.0.1:8080", about: "`host:port` to answer at; :8080 is port 8080 of every address", set: setAddr},
		{name: "db", fallback: "pilveturg.db", about: "`file` of a SQLite database, or the address of a PostgreSQL one: postgres://user:password@host/name",
			set: func(c *config, s string) error { return setText(&c.db, s, "the name of a file, or postgres://…") }},
		{name: "demo", fallback: "true", about: "fill an empty database with the demonstration", truth: true, set: setDemo},
		{name: "origin", about: "`address` under which visitors know the site, such as https://pilveturg.example; empty: as their browsers say", set: setOrigin},
		{name: "contact", about: "`address` to write to about the site and its safety: e-mail or https://…; empty: the contact page", set: setContact},
		{name: "trusted-proxies", about: "`networks` of those who pass requests on, such as 127.0.0.1/32,10.0.0.0/8: they are believed which address a request comes from and whether it came encrypted; empty: nobody is", set: setProxies},
		{name: "keep-sessions", fallback: "30", about: "for how many `days` sessions, links, invitations and tokens are kept after they end",
			set: days(func(c *config) *time.Duration { return &c.keep.Sessions }, 1)},
		{name: "keep-attempts", fallback: "1", about: "for how many `days` it is kept, as hashes, how often somebody tried to sign in; they count for one",
			set: days(func(c *config) *time.Duration { return &c.keep.Attempts }, 1)},
		{name: "keep-addresses", fallback: "365", about: "for how many `days` the audit log keeps network addresses; 0: for good",
			set: days(func(c *config) *time.Duration { return &c.keep.Addresses }, 0)},
		{name: settingOIDC, about: "`file` that lists the providers of identities by which people may sign in, in JSON; PILVETURG_OIDC may hold the list itself, and PILVETURG_OIDC_<ID>_SECRET the secret of one; empty: there are none",
			set: func(*config, string) error { return nil }}, // see readProviders
		{name: "log", fallback: "info", about: "what to log: `level` debug, info, warn or error", set: setLog},
		{name: "second-factor", fallback: string(handlers.OfAdministrators), about: "`who` needs more than a password to sign in: administrators, operator (those who moderate, too) or all", set: setNeed},
		{name: "key", about: "signs cookies, hides what providers of identities call people, and seals the secrets of authenticator apps: 32 bytes or more, hexadecimal or base64; empty: the database keeps one, beside what it protects", secret: true,
			set: func(c *config, s string) error { return setKey(&c.key, s) }},
		{name: "key-before", about: "the key before a change of PILVETURG_KEY, by which what is older is still read, and kept under the new one as it is used", secret: true,
			set: func(c *config, s string) error { return setKey(&c.before, s) }},
		{name: "metrics-token", about: "opens /metrics to whoever shows it (Authorization: Bearer …); empty: to programs on this machine, and so to everybody behind a proxy there that does not say for whom it asks",
			secret: true, set: setMetricsToken},
		{name: "mail-server", about: "`address` of the server that letters go by: smtp://user@host:587 or smtps://user@host:465; empty: no letters, people are told on the site only", set: setMailServer},
		{name: "mail-from", about: "`address` that letters come from, such as noreply@pilveturg.example", set: setMailFrom},
		{name: "mail-password", about: "opens the mail server to the user that -mail-server names", secret: true, set: setMailPassword},
		{name: "files", about: "where files are kept that vendors bring: a `folder`, or s3://bucket/prefix?endpoint=https://host&region=name; empty: beside the database, in FILE-files", set: setFiles},
		{name: "files-key", about: "names who opens the bucket that -files names", secret: true, set: func(c *config, s string) error { c.filesKey = s; return nil }},
		{name: "files-secret", about: "opens it", secret: true, set: func(c *config, s string) error { c.filesSecret = s; return nil }},
		{name: "clamd", about: "`address` of the clamd that looks through those files: host:port or unix:/path; empty: none does", set: setScanner},
		{name: "zone", fallback: "Europe/Tallinn", about: "time `zone` in which daily letters go out at 7 in the morning", set: setZone},
		{name: "ocid-prefix", about: "`prefix` that the register of open contracting gave this portal, such as ocds-a1b2c3; empty: none, what is published says so", set: setOCIDPrefix},
		{name: "moderation-days", fallback: "5", about: "in how many working `days` vendors are promised a decision about what they send", set: setPromise},
	}
}

func settingNames() []string {
	var names []string
	for _, s := range settings() {
		names = append(names, s.name)
	}
	return names
}

func (s setting) variable() string {
	return prefix + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

// readConfig decides every setting. A variable that is empty is as good as absent.
func readConfig(vars []string, flags map[string]*given) (config, error) {
	var c config
	env := ours(vars)
	for _, s := range settings() {
		from := source{s, s.fallback, "default"}
		if v := env[s.variable()]; v != "" {
			from.value, from.from = v, s.variable()
		}
		if g := flags[s.name]; g != nil && g.yes {
			from.value, from.from = g.value, "-"+s.name
		}
		if err := s.set(&c, from.value); err != nil {
			return config{}, from.wrong(err)
		}
		c.sources = append(c.sources, from)
		delete(env, s.variable())
	}
	if err := c.readProviders(env); err != nil {
		return config{}, err
	}
	if c.key == nil && c.before != nil {
		return config{}, wrongUsage("PILVETURG_KEY_BEFORE is worth nothing without PILVETURG_KEY")
	}
	for name := range env {
		c.unknown = append(c.unknown, name)
	}
	slices.Sort(c.unknown)
	return c, nil
}

// ours picks the variables that are meant for this program.
func ours(vars []string) map[string]string {
	m := map[string]string{}
	for _, v := range vars {
		if strings.HasPrefix(v, prefix) && !strings.HasPrefix(v, testsOnly) {
			name, value, _ := strings.Cut(v, "=")
			m[name] = value
		}
	}
	return m
}

func (s source) wrong(err error) error {
	if s.secret {
		return wrongUsage("%s: %w", s.from, err)
	}
	return wrongUsage("%s %q: %w", s.from, s.shown(), err)
}

func setAddr(c *config, s string) error {
	c.addr = s
	_, port, err := net.SplitHostPort(s)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return errors.New("want a host and a port, such as 127.0.0.1:8080 or :8080")
	}
	return nil
}

func setPromise(c *config, s string) (err error) {
	const most = 60
	if c.promise, err = strconv.Atoi(s); err != nil || c.promise < 1 || c.promise > most {
		return fmt.Errorf("want a number from 1 to %d", most)
	}
	return nil
}

var ocidPrefix = regexp.MustCompile(`^ocds-[a-z0-9]{6}$`)

func setOCIDPrefix(c *config, s string) error {
	if c.ocidPrefix = s; s != "" && !ocidPrefix.MatchString(s) {
		return errors.New("want ocds- and six small letters or digits, such as ocds-a1b2c3")
	}
	return nil
}

func setText(to *string, s, want string) error {
	*to = s
	if strings.TrimSpace(s) == "" {
		return errors.New("want " + want)
	}
	return nil
}

func setDemo(c *config, s string) (err error) {
	if c.demo, err = strconv.ParseBool(s); err != nil {
		return errors.New("want true or false")
	}
	return nil
}

func setOrigin(c *config, s string) error {
	c.origin = strings.TrimSuffix(s, "/")
	u, err := url.Parse(c.origin)
	web := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
	if s != "" && (!web || u.User != nil || u.Scheme+"://"+u.Host != c.origin) {
		return errors.New("want https:// and a host, and nothing after it")
	}
	return nil
}

func setContact(c *config, s string) error {
	c.contact = s
	u, err := url.Parse(s)
	web := err == nil && u.Scheme == "https" && u.Host != ""
	name, host, mail := strings.Cut(s, "@")
	mail = mail && name != "" && host != "" && !strings.ContainsAny(s, ": /<>")
	if s != "" && !web && !mail {
		return errors.New("want an e-mail address, or https:// and so on")
	}
	return nil
}

func setProxies(c *config, s string) error {
	c.proxies = nil
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(one)
		if addr, wrong := netip.ParseAddr(one); wrong == nil {
			p, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return fmt.Errorf("%q is no network: want such as 10.0.0.0/8, with commas between", one)
		}
		c.proxies = append(c.proxies, p.Masked())
	}
	return nil
}

func setFiles(c *config, s string) error {
	c.files = s
	if s == "" {
		return nil
	}
	return blobs.Check(s)
}

func setScanner(c *config, s string) (err error) {
	c.scanner, err = intake.ParseScanner(s)
	return err
}

func setLog(c *config, s string) error {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	level, ok := levels[s]
	if !ok {
		return errors.New("want debug, info, warn or error")
	}
	c.log = level
	return nil
}

func setNeed(c *config, s string) error {
	c.need = handlers.Need(s)
	if !slices.Contains(handlers.Needs(), c.need) {
		return errors.New("want administrators, operator or all")
	}
	return nil
}

func setKey(to *[]byte, s string) error {
	if s == "" {
		return nil
	}
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if b, err := decode(s); err == nil && len(b) >= keyBytes {
			*to = b
			return nil
		}
	}
	return fmt.Errorf("want %d bytes or more, hexadecimal or base64; openssl rand -hex %d makes such a key", keyBytes, keyBytes)
}

func setMetricsToken(c *config, s string) error {
	c.metrics = s
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return errors.New("want letters, digits and signs of ASCII, without spaces")
		}
	}
	if s != "" && len(s) < tokenLength {
		return fmt.Errorf("want %d characters or more; openssl rand -hex %d makes such a token", tokenLength, tokenLength)
	}
	return nil
}

// printConfig is the command config.
func printConfig(_ context.Context, e *env, l *line) error {
	c, _, err := l.config(0, 0)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "setting\tvalue\tfrom")
	for _, s := range c.sources {
		fmt.Fprintf(w, "%s\t%s\t%s\n", s.name, cmp.Or(s.shown(), "(empty)"), s.from)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	c.warn(e)
	return nil
}

// inForce are the settings as administrators may see them.
func (c config) inForce() []handlers.Setting {
	var all []handlers.Setting
	for _, s := range c.sources {
		all = append(all, handlers.Setting{Name: s.name, Value: s.shown(), From: s.from})
	}
	return all
}

// warn tells of variables that would have no effect.
func (c config) warn(e *env) {
	for _, name := range c.unknown {
		fmt.Fprintf(e.err, "%s is no setting of this program; pilveturg config lists them\n", name)
	}
}

var passwordPart = regexp.MustCompile(`(?i)(password=)('[^']*'|[^&\s]*)`)

// shown is the value without what must stay secret.
func (s source) shown() string {
	if s.secret && s.value != "" {
		return "(secret)"
	}
	if s.name == "db" || s.name == "mail-server" {
		return masked(s.value)
	}
	return s.value
}

// masked hides the password of a database's address. A password may hold a / or an @
// that ought to have been escaped: rather too much is hidden than too little.
func masked(dsn string) string {
	scheme, rest, found := strings.Cut(dsn, "://")
	if !found {
		return dsn
	}
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		if user, _, has := strings.Cut(rest[:at], ":"); has {
			rest = user + ":***" + rest[at:]
		}
	}
	return scheme + "://" + passwordPart.ReplaceAllString(rest, "${1}***")
}
