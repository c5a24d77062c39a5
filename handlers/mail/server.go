package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// patience is how long the mail server has for each step of a delivery.
const patience = 30 * time.Second

// Server says by which server mail goes, and how. Make one with [ParseServer].
type Server struct {
	User     string // "" when the server asks for nobody
	Password string
	From     mail.Address // the sender of all letters

	host  string
	port  int
	guard guard
	roots *x509.CertPool // who vouches for the server; nil: whom the machine trusts
}

// guard says how a connection is kept from being read by others.
type guard int

const (
	startTLS guard = iota // encrypted before anything is said, or not used
	implicit              // encrypted from the beginning
	onlyHere              // not at all, for it stays on this machine
)

// ParseServer reads the address of a mail server: smtp://user@host:587 or
// smtps://user@host:465, without user@ where the server asks for nobody. A server on
// another machine must take encrypted mail.
func ParseServer(address string) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("want smtp://host:587 or smtps://host:465, with user@ before the host if the server wants one")
	}
	s := &Server{User: u.User.Username(), host: u.Hostname()}
	if _, has := u.User.Password(); has {
		return nil, errors.New("want it without the password, which others would see")
	}
	switch u.Scheme {
	case "smtp":
		s.port = 587
		if loopback(s.host) {
			s.guard = onlyHere
		}
	case "smtps":
		s.port, s.guard = 465, implicit
	default:
		return nil, errors.New("want smtp:// or smtps://")
	}
	if port := u.Port(); port != "" {
		if s.port, err = strconv.Atoi(port); err != nil || s.port < 1 || s.port > 65535 {
			return nil, errors.New("want a port from 1 to 65535")
		}
	}
	return s, nil
}

// loopback reports whether what is said to the host stays on this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// String is the address of the server without the user.
func (s *Server) String() string {
	scheme := "smtp"
	if s.guard == implicit {
		scheme = "smtps"
	}
	return scheme + "://" + net.JoinHostPort(s.host, strconv.Itoa(s.port))
}

// domain is that of the sender; letters are named under it.
func (s *Server) domain() string {
	return s.From.Address[strings.LastIndexByte(s.From.Address, '@')+1:]
}

// dial opens a line to the server.
func (s *Server) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if s.guard == implicit {
		return (&tls.Dialer{Config: s.tls()}).DialContext(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

func (s *Server) tls() *tls.Config {
	return &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12, RootCAs: s.roots}
}

// client is what speaks SMTP over a line that dial opens.
func (s *Server) client(dial gomail.DialContextFunc) (*gomail.Client, error) {
	policy := gomail.NoTLS // there is none, or it was begun by dial
	if s.guard == startTLS {
		policy = gomail.TLSMandatory
	}
	options := []gomail.Option{
		gomail.WithPort(s.port),
		gomail.WithTimeout(patience),
		gomail.WithHELO(s.domain()), // rather than the name of this machine
		gomail.WithoutNoop(),        // servers count what is no mail, and hang up when it is much
		gomail.WithoutRset(),
		gomail.WithTLSConfig(s.tls()),
		gomail.WithTLSPolicy(policy),
		gomail.WithDialContextFunc(dial),
	}
	if s.User != "" {
		ways := []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin}
		if s.guard == onlyHere {
			ways = []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc}
		}
		options = append(options, gomail.WithOpportunisticSMTPAuth(ways...), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	return gomail.NewClient(s.host, options...)
}
