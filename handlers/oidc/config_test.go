package oidc

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	secret := func(id string) string { return map[string]string{"b": "hush-b"}[id] }
	const pin = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	anchor := newAuthority(t).pem
	read := func(name string) ([]byte, error) { return []byte(map[string]string{"anchors.pem": anchor}[name]), nil }
	all, err := Parse(`[
		{"id": "tara", "names": {"en": "TARA"}, "issuer": "https://tara.example", "client_id": "c", "client_secret": "hush", "profile": "tara",
			"methods": ["idcard", "eidas:country:fi"], "scopes": ["email"], "second_factor": "substantial"},
		{"id": "b", "names": {"et": "Töökoht"}, "issuer": "http://127.0.0.1:8000", "client_id": "c", "scopes": ["email", "openid"], "trust": true, "link_by": "mail_verified", "ca": "anchors.pem", "pins": ["`+pin+`"]}]`, secret, read)
	if err != nil || len(all) != 2 || all[0].ACR != "substantial" || all[0].LinkBy != ByNothing || all[1].ClientSecret != "hush-b" || all[1].Profile != Standard ||
		all[0].CA != "" || all[1].CA != anchor || !reflect.DeepEqual(all[1].Pins, []string{pin}) {
		t.Fatalf("%+v, %v", all, err)
	}
	if got := [][]string{all[0].scopes(), all[1].scopes()}; !reflect.DeepEqual(got, [][]string{{"openid", "idcard", "eidas:country:fi", "email"}, {"openid", "email"}}) {
		t.Errorf("scopes %q", got)
	}
}

func TestWhatIsWrongIsToldWithItsField(t *testing.T) {
	const right = `"id": "a", "names": {"en": "A"}, "issuer": "https://a.example", "client_id": "c", "client_secret": "hush-hush"`
	for _, tt := range []struct{ from, to, want string }{
		{`"id": "a"`, `"id": "A b"`, `provider 1 "A b": id`},
		{`{"en": "A"}`, `{}`, `provider 1 "a": names`},
		{`https://a`, `http://a`, `provider 1 "a": issuer`},
		{`https://a.example`, `https://a.example/?x=1`, `provider 1 "a": issuer`},
		{`https://a.example`, `http://localhost:1`, `provider 1 "a": issuer`},
		{`"c"`, `""`, `provider 1 "a": client_id`},
		{`"hush-hush"`, `""`, `provider 1 "a": client_secret`},
		{`"hush-hush"`, `"hush-hush", "profile": "saml"`, `profile`},
		{`"hush-hush"`, `"hush-hush", "link_by": "mail"`, `link_by`},
		{`"hush-hush"`, `"hush-hush", "scopes": ["a b"]`, `scopes`},
		{`"hush-hush"`, `"hush-hush", "profile": "tara", "scopes": ["profile"]`, `scopes`},
		{`"hush-hush"`, `"hush-hush", "profile": "tara", "methods": ["pin"]`, `methods`},
		{`"hush-hush"`, `"hush-hush", "profile": "tara", "acr": "best"`, `acr`},
		{`"hush-hush"`, `"hush-hush", "profile": "tara", "second_factor": "best"`, `second_factor`},
		{`"hush-hush"`, `"hush-hush", "profile": "tara", "trust": true`, `trust`},
		{`"hush-hush"`, `"hush-hush", "profile": "tara", "link_by": "mail_verified"`, `link_by`},
		{`"hush-hush"`, `"hush-hush", "ca": "none.pem"`, `ca: want a file that can be read: there is no none.pem`},
		{`"hush-hush"`, `"hush-hush", "ca": "-----BEGIN CERTIFICATE-----"`, `ca: want certificates in PEM`},
		{`"hush-hush"`, `"hush-hush", "pins": ["sha256/AAAA"]`, `pins: want sha256/`},
		{`"hush-hush"`, `"hush-hush", "pins": ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]`, `pins`},
		{`"hush-hush"`, `"hush-hush", "secret": "x"`, `unknown field "secret"`},
		{`"hush-hush"`, `{"x": "hush-hush"}`, `client_secret`},
		{`"hush-hush"`, `"hush-hush"}, {` + right, `provider 2 "a": id`},
		{`"hush-hush"`, `"hush-hush"}] [{`, `nothing after it`},
	} {
		_, err := Parse(`[{`+strings.Replace(right, tt.from, tt.to, 1)+`}]`, func(string) string { return "" },
			func(name string) ([]byte, error) { return nil, errors.New("there is no " + name) })
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v, want %q", tt.to, err, tt.want)
		}
	}
}

func TestReaches(t *testing.T) {
	for _, tt := range []struct {
		got, wanted string
		want        bool
	}{
		{"", "", true}, {"low", "", true}, {"", "low", false}, {"low", "low", true}, {"low", "substantial", false}, {"high", "substantial", true},
		{"http://eidas.europa.eu/LoA/high", "substantial", true}, {"HIGH", "low", false}, {"highest", "high", false},
		{"urn:x:2", "urn:x:2", true}, {"urn:x:3", "urn:x:2", false}, {"high", "urn:x:2", false},
	} {
		if got := reaches(tt.got, tt.wanted); got != tt.want {
			t.Errorf("%q reaches %q: %t", tt.got, tt.wanted, got)
		}
	}
}
