package mail

import (
	"crypto/x509"
	"fmt"
	"log/slog"
	"net/mail"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/handlers/mail/mailtest"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/work"
	"pilveturg/views"
)

var (
	noon = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) // in Tallinn, in winter
	key  = []byte(strings.Repeat("k", 32))
)

// serverAt is the server that an address names, with a sender and a user's password.
func serverAt(t testing.TB, format string, args ...any) *Server {
	t.Helper()
	s, err := ParseServer(fmt.Sprintf(format, args...))
	if err != nil {
		t.Fatal(err)
	}
	s.From, s.Password = mail.Address{Name: "Pilveturg", Address: "noreply@pilveturg.example"}, mailtest.Password
	return s
}

// office sends by the server, or writes letters only.
func office(t testing.TB, s *Server) Office {
	t.Helper()
	all, err := views.Load(views.Files, views.Site{})
	if err != nil {
		t.Fatal(err)
	}
	return Office{Views: all, Server: s, Origin: "https://pilveturg.example", Key: key}
}

// outbox is a database with a clock that tests set.
type outbox struct {
	*db.DB
	t   testing.TB
	now time.Time
}

// newOutbox has five people, whose accounts are 1 to 5.
func newOutbox(t testing.TB) *outbox {
	o := &outbox{dbtest.New(t), t, noon}
	o.Now = func() time.Time { return o.now }
	admin := models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}
	dbtest.Write(t, o.DB, admin, func(tx *db.Tx) error {
		for i := range 5 {
			a := identity.Account{Mail: fmt.Sprintf("person%d@agency.example", i), Name: "Person", Language: "et"}
			if err := identity.AddAccount(t.Context(), tx, &a); err != nil {
				return err
			}
		}
		return nil
	})
	return o
}

func (o *outbox) write(f func(*db.Tx) error) {
	o.t.Helper()
	dbtest.Write(o.t, o.DB, models.Actor{Program: "test"}, f)
}

func (o *outbox) tell(all ...work.Message) {
	o.t.Helper()
	o.write(func(tx *db.Tx) error {
		for _, m := range all {
			if err := work.Tell(o.t.Context(), tx, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// queue returns the letters, the oldest first.
func (o *outbox) queue() []work.Entry {
	o.t.Helper()
	all, err := work.Queue(o.t.Context(), o.DB, "", models.Page{Number: 1, Size: 1000})
	if err != nil {
		o.t.Fatal(err)
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all
}

func (o *outbox) worker(s *Server) *Worker {
	o.t.Helper()
	zone, err := time.LoadLocation("Europe/Tallinn")
	if err != nil {
		o.t.Fatal(err)
	}
	return NewWorker(office(o.t, s), o.DB, zone, slog.New(slog.DiscardHandler))
}

// approval is a message that people may end, to a mailbox.
func approval(account int64, mail string) work.Message {
	return work.Message{Kind: work.Approval, AccountID: account, Mail: mail, Language: "et", Args: []string{"Päevik Lite", "Järveääre Koolivalitsus"}, Path: "/approvals/7"}
}

func roots(t testing.TB, cert []byte) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(cert) {
		t.Fatal("no certificate")
	}
	return pool
}
