package mailtest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What the server knows.
const (
	Domain   = "agency.example"      // it takes letters to mailboxes there …
	Nobody   = "nobody@" + Domain    // … but for this one, for good …
	Later    = "later@" + Domain     // … and this one, for now
	Member   = "member@" + Domain    // this one is for those who signed in
	User     = "portal"              // who may
	Password = "a word, and another" // by which
	patience = 20 * time.Second      // for what the server does
	nobody   = 65534                 // who runs it when the tests are run by root, as Exim will not be
	config   = "exim.conf"           // in the folder
	box      = "box"                 // the same
	mainLog  = "log/main"            // the same
)

// Server is a mail server. It runs until the test ends, or [Server.Stop].
type Server struct {
	Port    int    // where mail is taken, encrypted or not
	TLSPort int    // where it is taken encrypted from the beginning; 0 for a bare server
	Cert    []byte // PEM of who vouches for it

	t    testing.TB
	exim string
	dir  string
	run  *exec.Cmd
}

// New starts a server. Without Exim on the machine, the test is skipped; it fails
// where CI=true promises that it is there.
func New(t testing.TB) *Server { return start(t, false) }

// NewBare starts a server that encrypts nothing and knows no users.
func NewBare(t testing.TB) *Server { return start(t, true) }

func start(t testing.TB, bare bool) *Server {
	t.Helper()
	s := &Server{t: t, exim: find(t), Port: freePort(t)}
	var err error
	if s.dir, err = os.MkdirTemp("", "pilveturg-mail-"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(s.dir) })
	if !bare {
		s.TLSPort = freePort(t)
		s.certify()
	}
	s.write(config, []byte(s.config(bare)))
	if os.Getuid() == 0 {
		s.own()
	}
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

func find(t testing.TB) string {
	t.Helper()
	places := []string{"exim4", "/usr/sbin/exim4", "exim", "/usr/sbin/exim"}
	if p := os.Getenv("PILVETURG_EXIM"); p != "" {
		places = []string{p}
	}
	for _, p := range places {
		if found, err := exec.LookPath(p); err == nil {
			return found
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("Exim is not at %v; set PILVETURG_EXIM", places)
	}
	t.Skipf("Exim is not at %v; set PILVETURG_EXIM to run this test", places)
	return ""
}

func freePort(t testing.TB) int {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port
}

// config is what Exim reads. It delivers to one mailbox, a file a letter.
func (s *Server) config(bare bool) string {
	ports, tls, users := strconv.Itoa(s.Port), "tls_advertise_hosts =", ""
	if !bare {
		ports += " : " + strconv.Itoa(s.TLSPort)
		tls = fmt.Sprintf("tls_advertise_hosts = *\ntls_certificate = %[1]s/cert.pem\ntls_privatekey = %[1]s/key.pem\ntls_on_connect_ports = %[2]d", s.dir, s.TLSPort)
		users = fmt.Sprintf("plain:\n driver = plaintext\n public_name = PLAIN\n server_condition = ${if and{{eq{$auth2}{%s}}{eq{$auth3}{%s}}}}\n server_set_id = $auth2\n", User, Password)
	}
	name := func(mail string) string { return strings.TrimSuffix(mail, "@"+Domain) }
	uid, gid := s.runAs()
	return fmt.Sprintf(template, s.dir, uid, gid, ports, tls, name(Nobody), name(Later), name(Member), Domain, users)
}

const template = `primary_hostname = mail.example
spool_directory = %[1]s/spool
log_file_path = %[1]s/log/%%s
pid_file_path = %[1]s/pid
exim_user = %[2]d
exim_group = %[3]d
never_users =
deliver_drop_privilege = true
keep_environment =
local_interfaces = 127.0.0.1
daemon_smtp_ports = %[4]s
%[5]s
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max_per_connection = 7
acl_smtp_rcpt = rcpt
acl_smtp_data = accept

begin acl
rcpt:
  deny   local_parts = %[6]s
         message = there is no such mailbox
  defer  local_parts = %[7]s
         message = come again later
  deny   local_parts = %[8]s
         !authenticated = *
         message = sign in first
  accept domains = %[9]s
  deny   message = mail for others is not taken

begin routers
all:
  driver = accept
  transport = box

begin transports
box:
  driver = appendfile
  directory = %[1]s/box
  maildir_format
  create_directory
  envelope_to_add
  return_path_add

begin retry

begin rewrite

begin authenticators
%[10]s`

func (s *Server) runAs() (uid, gid int) {
	if os.Getuid() == 0 {
		return nobody, nobody
	}
	return os.Getuid(), os.Getgid()
}

func (s *Server) write(name string, b []byte) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), b, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// own gives the folder to whom Exim runs as.
func (s *Server) own() {
	s.t.Helper()
	entries, err := os.ReadDir(s.dir)
	for _, e := range entries {
		err = errors.Join(err, os.Chown(filepath.Join(s.dir, e.Name()), nobody, nobody))
	}
	if err := errors.Join(err, os.Chown(s.dir, nobody, nobody)); err != nil {
		s.t.Fatal(err)
	}
}

// Start starts a server that was stopped, at the same ports.
func (s *Server) Start() {
	s.t.Helper()
	s.run = exec.Command(s.exim, "-bdf", "-C", filepath.Join(s.dir, config))
	s.run.Dir = "/"
	if os.Getuid() == 0 {
		s.run.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	if err := s.run.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.await("an answer", func() bool {
		c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)))
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// Stop stops the server. Nobody answers at its ports then.
func (s *Server) Stop() {
	if s.run == nil {
		return
	}
	_ = s.run.Process.Signal(syscall.SIGTERM)
	_ = s.run.Wait()
	s.run = nil
}

func (s *Server) await(what string, done func() bool) {
	s.t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			log, _ := os.ReadFile(filepath.Join(s.dir, mainLog))
			s.t.Fatalf("%s of the mail server did not come; its log:\n%s", what, log)
		}
	}
}
