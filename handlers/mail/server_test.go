package mail

import (
	"strings"
	"testing"

	"pilveturg/handlers/mail/mailtest"
	"pilveturg/models/work"
)

func TestServersAreNamedByAddresses(t *testing.T) {
	for _, tt := range []struct {
		address, shown, user string
		guard                guard
	}{
		{"smtp://mail.example", "smtp://mail.example:587", "", startTLS},
		{"smtp://portal@mail.example:25", "smtp://mail.example:25", "portal", startTLS},
		{"smtp://portal%40agency.example@mail.example", "smtp://mail.example:587", "portal@agency.example", startTLS},
		{"smtps://mail.example", "smtps://mail.example:465", "", implicit},
		{"smtps://localhost", "smtps://localhost:465", "", implicit},
		{"smtp://localhost:25", "smtp://localhost:25", "", onlyHere},
		{"smtp://127.0.0.9", "smtp://127.0.0.9:587", "", onlyHere},
		{"smtp://[::1]:2525", "smtp://[::1]:2525", "", onlyHere},
		{"smtp://localhost.example", "smtp://localhost.example:587", "", startTLS},
	} {
		s, err := ParseServer(tt.address)
		if err != nil || s.String() != tt.shown || s.User != tt.user || s.guard != tt.guard {
			t.Errorf("%s: %v as %q, guard %d, %v; want %v as %q, guard %d", tt.address, s, s.User, s.guard, err, tt.shown, tt.user, tt.guard)
		}
	}
	for _, tt := range []struct{ address, want string }{
		{"mail.example:587", "want smtp"},
		{"mail.example", "want smtp://host:587"},
		{"http://mail.example", "want smtp:// or smtps://"},
		{"smtp://", "want smtp://host:587"},
		{"smtp://mail.example/box", "want smtp://host:587"},
		{"smtp://mail.example:0", "want a port"},
		{"smtp://mail.example:smtp", "want smtp://host:587"},
		{"smtp://portal:hush@mail.example", "without the password"},
	} {
		if _, err := ParseServer(tt.address); err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v; want %q", tt.address, err, tt.want)
		}
	}
}

// What is said to another machine is encrypted, or not said. Tests cannot have
// another machine, so they treat this one as if it were one.
func TestALetterIsNotReadOnTheWay(t *testing.T) {
	full, bare := mailtest.New(t), mailtest.NewBare(t)
	known := roots(t, full.Cert)
	far := func(s *Server) *Server {
		if s.guard == onlyHere {
			s.guard = startTLS
		}
		return s
	}
	trusting := func(s *Server) *Server {
		s.roots = known
		return s
	}
	wrongWord := serverAt(t, "smtps://portal@127.0.0.1:%d", full.TLSPort)
	wrongWord.Password = "another"
	for _, tt := range []struct {
		name   string
		server *Server
		to     string
		want   string // "" when it goes
	}{
		{"to a server that begins to encrypt", trusting(far(serverAt(t, "smtp://127.0.0.1:%d", full.Port))), "a@" + mailtest.Domain, ""},
		{"to one that always does", trusting(serverAt(t, "smtps://127.0.0.1:%d", full.TLSPort)), "b@" + mailtest.Domain, ""},
		{"to one on this machine that does not", serverAt(t, "smtp://127.0.0.1:%d", bare.Port), "c@" + mailtest.Domain, ""},
		{"to one elsewhere that does not", far(serverAt(t, "smtp://127.0.0.1:%d", bare.Port)), "d@" + mailtest.Domain, "STARTTLS"},
		{"to one that nobody vouches for", far(serverAt(t, "smtp://127.0.0.1:%d", full.Port)), "e@" + mailtest.Domain, "certificate"},
		{"the same, always encrypted", serverAt(t, "smtps://127.0.0.1:%d", full.TLSPort), "e@" + mailtest.Domain, "certificate"},
		{"as a user, encrypted", trusting(serverAt(t, "smtps://portal@127.0.0.1:%d", full.TLSPort)), mailtest.Member, ""},
		{"as a user, on this machine", serverAt(t, "smtp://portal@127.0.0.1:%d", full.Port), mailtest.Member, ""},
		{"as nobody, where a user is wanted", serverAt(t, "smtp://127.0.0.1:%d", full.Port), mailtest.Member, "sign in first"},
		{"as a user with another password", trusting(wrongWord), mailtest.Member, "SMTP AUTH failed"},
		{"as a user, where there are none", serverAt(t, "smtp://portal@127.0.0.1:%d", bare.Port), "a@" + mailtest.Domain, "AUTH"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := office(t, tt.server)
			l := work.Letter{MessageID: "M", Kind: work.Test, Mail: tt.to, Language: "en", Path: "/admin/mail"}
			if err := o.Compose(&l); err != nil {
				t.Fatal(err)
			}
			err := o.Send(t.Context(), &l)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%v; want %q", err, tt.want)
			}
		})
	}
	if n, m := full.Taken(), bare.Taken(); n != 4 || m != 1 {
		t.Errorf("%d and %d letters were taken; want 4 and 1", n, m)
	}
}
