package handlers

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// tell keeps what people are to be told about their accounts until it has reached
// them.
func (s *Site) tell(ctx context.Context, tx *db.Tx, n identity.Notice) error {
	m := work.Message{AccountID: n.AccountID, Mail: n.Mail, Language: n.Language, Path: accountPath + "/security"}
	switch n.Kind {
	case identity.NoticeInvitation:
		return tellInvitation(ctx, tx, m, n.Secret)
	case identity.NoticeApplication:
		return tellApplication(ctx, tx, m, n.Subject)
	case identity.NoticeKnown:
		m.Kind, m.Path = work.Known, signInPath
	case identity.NoticeReset:
		m.Kind, m.Path = work.Reset, "/reset/"+n.Secret
	case identity.NoticePassword:
		m.Kind = work.Password
	case identity.NoticeFactors:
		m.Kind = work.Factors
	case identity.NoticeMailAsked:
		m.Kind, m.Path = work.MailAsked, changePath+n.Secret
	case identity.NoticeMailChanged:
		m.Kind, m.Path = work.MailChanged, changePath+n.Secret+undoPath
	case identity.NoticeFactorsReset:
		m.Kind = work.FactorsReset
	case identity.NoticeConnected:
		m.Kind, m.Args = work.Connected, []string{n.About}
	case identity.NoticeDisconnected:
		m.Kind, m.Args = work.Disconnected, []string{n.About}
	case identity.NoticeRecovery:
		m.Kind = work.Recovery
	case identity.NoticePlace:
		m.Kind, m.Args = work.Place, []string{n.About}
	case identity.NoticeAttempts:
		m.Kind = work.Locked
	default:
		return fmt.Errorf("tell %q: there is no such notice", n.Kind)
	}
	return work.Tell(ctx, tx, m)
}

// tellInvitation tells what the link is for: to join an organisation, or to show that
// an application is one's own.
func tellInvitation(ctx context.Context, tx *db.Tx, m work.Message, secret string) error {
	i, err := identity.FindInvitation(ctx, tx, secret, tx.Now)
	if err != nil {
		return err
	}
	m.Path = "/invite/" + secret
	if i.ApplicationID != 0 {
		m.Kind = work.ApplicationBegun
		return work.Tell(ctx, tx, m)
	}
	name, _ := i.Org.Pick(m.Language)
	m.Kind, m.Args = work.Invitation, []string{name}
	return work.Tell(ctx, tx, m)
}

// toldOf is what is told of an application in a state.
var toldOf = map[identity.ApplicationState]work.Kind{
	identity.Sent:     work.ApplicationReceived,
	identity.Asked:    work.ApplicationAsked,
	identity.Accepted: work.ApplicationAccepted,
	identity.Refused:  work.ApplicationRefused,
}

// tellApplication tells what became of an application.
func tellApplication(ctx context.Context, tx *db.Tx, m work.Message, id int64) error {
	a, err := identity.FindApplication(ctx, tx, models.Actor{Roles: []models.Role{models.Administrator}}, id)
	if err != nil {
		return err
	}
	m.Kind, m.Args, m.Path = toldOf[a.State], []string{a.Name}, applicationPath(id)
	return work.Tell(ctx, tx, m)
}
