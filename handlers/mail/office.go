package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"pilveturg/models/work"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// Office writes letters and hands them to the mail server.
type Office struct {
	Views  map[string]*views.Views // by language
	Server *Server
	Origin string // scheme and host of the links in letters
	Key    []byte // signs the links that end letters
}

// ServerName says by which server letters go, "" when there is none.
func (o *Office) ServerName() string {
	if o.Server == nil {
		return ""
	}
	return o.Server.String()
}

// RefusedError says that the mail server will not take a letter, now or later.
type RefusedError struct{ Answer string }

// Error is what the server answered.
func (e *RefusedError) Error() string { return e.Answer }

// laterError says that the server will not take a letter now, but listens on.
type laterError struct{ answer string }

func (e *laterError) Error() string { return e.answer }

// closing is what a server answers that has taken enough over one line.
const closing = 421

// errLine says that the letter was not even begun.
var errLine = errors.New("the mail server has hung up")

// Compose writes what the letter says, in the language of its reader.
func (o *Office) Compose(l *work.Letter) (err error) {
	v := o.view(l)
	m := v.NewMail(string(l.Kind), l.Args)
	for _, n := range l.Notices {
		m.Items = append(m.Items, v.About(string(n.Kind), n.Args))
	}
	m.Button.URL = o.Origin + "/" + v.Locale.Tag + l.Path
	m.Unsubscribe.URL = o.end(l)
	l.Subject = views.OneLine(m.Subject)
	l.Text, l.HTML, err = v.Mail(m)
	return err
}

// view is that of the reader's language, or of the first of ours.
func (o *Office) view(l *work.Letter) *views.Views {
	if v := o.Views[l.Language]; v != nil {
		return v
	}
	return o.Views[locale.Tags()[0]]
}

// end is the address at which the reader ends such letters, "" when she cannot.
func (o *Office) end(l *work.Letter) string {
	if l.AccountID == 0 || !l.Kind.Optional() {
		return ""
	}
	token := url.Values{"token": {work.Token(o.Key, l.AccountID, l.Kind)}}
	return o.Origin + "/" + o.view(l).Locale.Tag + "/unsubscribe?" + token.Encode()
}

// Send hands one composed letter to the mail server. It fails with [*RefusedError]
// when there is no use in trying again.
func (o *Office) Send(ctx context.Context, l *work.Letter) error {
	c, err := o.connect(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	return c.send(l)
}

// connection is a line to the mail server over which letters go one after another.
type connection struct {
	office *Office
	client *gomail.Client
	line   net.Conn
}

func (o *Office) connect(ctx context.Context) (*connection, error) {
	c := &connection{office: o}
	var err error
	c.client, err = o.Server.client(func(ctx context.Context, network, address string) (net.Conn, error) {
		line, err := o.Server.dial(ctx, network, address)
		if err == nil {
			c.line = line
		}
		return line, err
	})
	if err != nil {
		return nil, err
	}
	if err := c.client.DialWithContext(ctx); err != nil {
		if c.line != nil {
			c.line.Close() // which the client leaves open when they do not come to terms
		}
		return nil, fmt.Errorf("%s: %w", o.Server, err)
	}
	return c, nil
}

// close parts with the server. All is said; how they part is no matter.
func (c *connection) close() {
	_ = c.client.Close()
	_ = c.line.Close()
}

// send hands a letter over. It is done as soon as the server has taken the letter,
// even if they do not understand each other afterwards.
func (c *connection) send(l *work.Letter) error {
	m, err := c.office.message(l)
	if err != nil {
		return &RefusedError{err.Error()}
	}
	err = c.client.Send(m)
	var e *gomail.SendError
	switch {
	case err == nil, m.IsDelivered():
		return nil
	case !errors.As(err, &e):
		return err
	case e.Reason == gomail.ErrConnCheck, e.Reason == gomail.ErrSMTPMailFrom && (e.ErrorCode() == 0 || e.ErrorCode() == closing):
		return errLine
	case e.ErrorCode() >= 500:
		return &RefusedError{answer(e)}
	case e.ErrorCode() >= 400:
		return &laterError{answer(e)}
	}
	return errors.New(answer(e))
}

// answer is what was said, without what we know ourselves.
func answer(e *gomail.SendError) string {
	words, _, _ := strings.Cut(e.Error(), ", affected ")
	return views.OneLine(words)
}

// message puts a letter into the form in which it goes.
func (o *Office) message(l *work.Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&o.Server.From)
	if err := m.To(l.Mail); err != nil {
		return nil, err
	}
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(l.MessageID + "@" + o.Server.domain())
	m.SetGenHeader("Auto-Submitted", "auto-generated") // so that nobody's absence is told to us
	m.SetGenHeader(gomail.HeaderContentLang, o.view(l).Locale.Tag)
	if to := o.end(l); to != "" && m.SetListUnsubscribeOneClick(to) != nil {
		m.SetListUnsubscribe(to) // one click is for https only
	}
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	return m, nil
}
