package identity

import (
	"context"

	"pilveturg/db"
)

// NoticeKind says what a letter is about.
type NoticeKind string

// The kinds of notice.
const (
	NoticeInvitation   NoticeKind = "invitation"    // Secret opens /invite/
	NoticeKnown        NoticeKind = "known"         // somebody tried to register with a mail that has an account
	NoticeReset        NoticeKind = "reset"         // Secret opens /reset/
	NoticePassword     NoticeKind = "password"      // the password was changed
	NoticeAttempts     NoticeKind = "attempts"      // sign-in was tried too often and has to wait
	NoticeFactors      NoticeKind = "factors"       // a second factor was added or removed
	NoticeMailAsked    NoticeKind = "mail_asked"    // another mail is asked for; it goes there, and Secret opens /mail/
	NoticeMailChanged  NoticeKind = "mail_changed"  // it is changed; it goes to the one before, and Secret opens /mail/…/undo
	NoticePlace        NoticeKind = "place"         // somebody signed in from a new place; About is the browser
	NoticeFactorsReset NoticeKind = "factors_reset" // the operator removed the second factors of who lost them
	NoticeConnected    NoticeKind = "connected"     // an identity of another provider was connected; About is what it is called
	NoticeDisconnected NoticeKind = "disconnected"  // and the opposite
	NoticeRecovery     NoticeKind = "recovery"      // somebody signed in with a recovery code, or made new ones
	NoticeApplication  NoticeKind = "application"   // something was said about an application to become a vendor
)

// Notice is something that a person is to be told by letter.
type Notice struct {
	Kind      NoticeKind
	AccountID int64  // 0: there is none yet
	Mail      string // where to
	Name      string // "" when not known
	Language  string
	Secret    string // of the link in the letter; "" when there is none
	Subject   int64  // the id of the application
	About     string // what else its words are given; "" for nothing
}

// Notify queues a letter in the transaction of what it tells about.
type Notify func(ctx context.Context, tx *db.Tx, n Notice) error
