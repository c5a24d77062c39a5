package oidc

import (
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"pilveturg/models"
)

// Config is a provider as an installation describes it.
type Config struct {
	ID           string      `json:"id"`            // in addresses: small letters, digits and hyphens
	Names        models.Text `json:"names"`         // what people know it by, by language
	Issuer       string      `json:"issuer"`        // its address
	ClientID     string      `json:"client_id"`     // what it knows this site by
	ClientSecret string      `json:"client_secret"` // shared with it
	Scopes       []string    `json:"scopes"`        // to ask for besides openid
	Profile      Profile     `json:"profile"`
	ACR          string      `json:"acr"`           // the least assurance that will do; "" for any
	Methods      []string    `json:"methods"`       // by which people may show who they are; none: by any
	Trust        bool        `json:"trust"`         // whoever comes from there with a verified mail may make an account
	LinkBy       Link        `json:"link_by"`       // by what an unknown identity is taken for that of an account
	SecondFactor string      `json:"second_factor"` // the assurance from which it counts as two factors; "": never
	CA           string      `json:"ca"`            // certificates in PEM, or the file of them, that alone vouch for it; "": those of the system
	Pins         []string    `json:"pins"`          // of public keys, one of which has to stand in the chain of its certificate: sha256/ and Base64
}

// Profile says how a provider differs from the standard.
type Profile string

// The profiles.
const (
	Standard Profile = "standard"
	TARA     Profile = "tara" // Estonia's authentication for the public sector
)

// Link says by what an identity that nobody has is taken for that of an account.
type Link string

// The links.
const (
	ByNothing      Link = "none"
	ByVerifiedMail Link = "mail_verified"
)

var (
	idForm      = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	scopeForm   = regexp.MustCompile(`^[\x21\x23-\x5b\x5d-\x7e]+$`) // RFC 6749, 3.3
	countryForm = regexp.MustCompile(`^eidas:country:[a-z]{2}$`)
)

const openid = "openid"

// taraMethods are the scopes of TARA that are methods, with the amr that they give.
var taraMethods = map[string]string{"idcard": "idcard", "mid": "mID", "smartid": "smartid", "eidas": "eIDAS", "eidasonly": "eIDAS"}

// Parse reads a list of providers in JSON. A secret that is not in it is asked for by
// the id of its provider, and files that it names are read by their names. What is
// wrong is told with the provider and the field, and without any secret.
func Parse(text string, secret func(id string) string, read func(name string) ([]byte, error)) ([]Config, error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	var all []Config
	if err := dec.Decode(&all); err != nil {
		return nil, fmt.Errorf("want a JSON list of providers: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("want a JSON list of providers, and nothing after it")
	}
	seen := map[string]bool{}
	for i := range all {
		c := &all[i]
		if c.ClientSecret == "" && c.ID != "" {
			c.ClientSecret = secret(c.ID)
		}
		field, want := c.settle()
		if field == "" {
			field, want = c.settleAnchors(read)
		}
		if field == "" && seen[c.ID] {
			field, want = "id", "another one for each provider"
		}
		if field != "" {
			return nil, fmt.Errorf("provider %d %q: %s: want %s", i+1, c.ID, field, want)
		}
		seen[c.ID] = true
	}
	return all, nil
}

// settle fills in what may be left out, and says which field is wrong and what is
// wanted there.
func (c *Config) settle() (field, want string) {
	if c.Profile == "" {
		c.Profile = Standard
	}
	if c.LinkBy == "" {
		c.LinkBy = ByNothing
	}
	name, _ := c.Names.Pick("en")
	switch {
	case !idForm.MatchString(c.ID):
		return "id", "small letters, digits and hyphens"
	case strings.TrimSpace(name) == "":
		return "names", `what it is called, such as {"en": "…", "et": "…"}`
	case !isAddress(c.Issuer):
		return "issuer", "https:// and so on, exactly as the provider writes it"
	case c.ClientID == "":
		return "client_id", "what the provider knows this site by"
	case c.ClientSecret == "":
		return "client_secret", "the secret, here or in the variable of the provider"
	case c.Profile != Standard && c.Profile != TARA:
		return "profile", "standard or tara"
	case c.LinkBy != ByNothing && c.LinkBy != ByVerifiedMail:
		return "link_by", "none or mail_verified"
	}
	if c.Profile == TARA {
		return c.settleTARA()
	}
	for _, s := range c.Scopes {
		if !scopeForm.MatchString(s) {
			return "scopes", "words without spaces"
		}
	}
	return "", ""
}

// settleAnchors puts the certificates themselves in place of the file with them.
func (c *Config) settleAnchors(read func(name string) ([]byte, error)) (field, want string) {
	if c.CA != "" && !strings.HasPrefix(strings.TrimSpace(c.CA), "-----BEGIN") {
		b, err := read(c.CA)
		if err != nil {
			return "ca", fmt.Sprintf("a file that can be read: %v", err)
		}
		c.CA = string(b)
	}
	if _, ok := anchors(c.CA); !ok {
		return "ca", "certificates in PEM, or a file of them"
	}
	for _, p := range c.Pins {
		if !isPin(p) {
			return "pins", pinStart + " and 44 characters of Base64: the SHA-256 hash of a public key"
		}
	}
	return "", ""
}

func (c *Config) settleTARA() (field, want string) {
	if c.ACR == "" {
		c.ACR = "substantial" // what TARA itself would take
	}
	for _, s := range c.Scopes {
		if s != openid && s != "email" && s != "phone" {
			return "scopes", "openid, email and phone only: TARA refuses others, and takes methods as such"
		}
	}
	for _, m := range c.Methods {
		if taraMethods[m] == "" && !countryForm.MatchString(m) {
			return "methods", "idcard, mid, smartid, eidas, eidasonly or eidas:country:xx"
		}
	}
	switch {
	case level(c.ACR) == 0:
		return "acr", "low, substantial or high"
	case c.SecondFactor != "" && level(c.SecondFactor) == 0:
		return "second_factor", "low, substantial or high"
	case c.Trust:
		return "trust", "false: TARA verifies no mail, by which an account could be made"
	case c.LinkBy != ByNothing:
		return "link_by", "none: TARA verifies no mail"
	}
	return "", ""
}

// isAddress reports whether others can be asked there without being overheard: it is
// encrypted, or on this machine.
func isAddress(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	at, _ := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && at.IsLoopback()
}

// isEndpoint is like isAddress; the address of an endpoint may have a query.
func isEndpoint(s string) bool {
	path, _, _ := strings.Cut(s, "?")
	return isAddress(path)
}

// scopes are those that are asked for. With TARA, methods are scopes, too.
func (c Config) scopes() []string {
	all := []string{openid}
	wanted := c.Scopes
	if c.Profile == TARA {
		wanted = slices.Concat(c.Methods, c.Scopes)
	}
	for _, s := range wanted {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// allows reports whether the person showed who they are by a method that will do.
func (c Config) allows(amr []string) bool {
	if len(c.Methods) == 0 {
		return true
	}
	return slices.ContainsFunc(c.Methods, func(m string) bool {
		if c.Profile == TARA {
			if m = taraMethods[m]; m == "" {
				m = taraMethods["eidas"] // of one country
			}
		}
		return slices.Contains(amr, m)
	})
}

// The levels of assurance of Regulation (EU) 910/2014, each with what is below it.
var levels = []string{"low", "substantial", "high"}

// level is the place of an acr in [levels], from 1; 0 for any other.
func level(acr string) int {
	return 1 + slices.Index(levels, strings.TrimPrefix(acr, "http://eidas.europa.eu/LoA/"))
}

// reaches reports whether an assurance is as high as the one wanted. Those that are
// none of [levels] can only be the same.
func reaches(got, wanted string) bool {
	if n := level(wanted); n > 0 {
		return level(got) >= n
	}
	return wanted == "" || got == wanted
}
