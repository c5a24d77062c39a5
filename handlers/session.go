package handlers

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// seePatience is how long a page waits until its use of a session is written down;
// while an import holds the database, a later page does it.
const seePatience = 50 * time.Millisecond

// findSession finds who asks by the secret of a session.
func (s *Site) findSession(ctx context.Context, secret, from string) (web.Session, error) {
	now := models.Time{Time: s.DB.Now()}
	found, err := access.Find(ctx, s.DB, secret, now)
	if err != nil {
		return web.Session{}, err
	}
	out := web.Session{ID: found.ID, Actor: found.Actor(from), Name: found.Account.Name, Fresh: found.IsFresh(now)}
	if _, out.Unread, err = work.CountInbox(ctx, s.DB, found.Account.ID); err != nil {
		return web.Session{}, err
	}
	for _, m := range found.Memberships {
		a := web.Acting{Membership: m.ID, Org: m.Org, Roles: m.Roles}
		if m.ID == found.Acting.ID {
			out.Acting = a
		} else {
			out.Others = append(out.Others, a)
		}
	}
	if out.Lacks, err = s.lacks(ctx, found); err != nil {
		return web.Session{}, err
	}
	if out.Lacks { // and may do nothing before
		out.Actor, out.Acting, out.Others = models.Actor{AccountID: found.Account.ID, From: from}, web.Acting{}, nil
	}
	if found.IsUnseen(now) {
		s.see(ctx, found.ID, out.Actor)
	}
	return out, nil
}

// Need says who needs more than a password to sign in.
type Need string

// The needs. By the zero Need nobody does.
const (
	OfAdministrators Need = "administrators"
	OfOperator       Need = "operator" // who administers or moderates
	OfAll            Need = "all"
)

// Needs lists the needs from the least on.
func Needs() []Need { return []Need{OfAdministrators, OfOperator, OfAll} }

// of reports whether somebody with the memberships needs more than a password.
func (n Need) of(all []identity.Membership) bool {
	holds := func(roles ...models.Role) bool {
		return slices.ContainsFunc(all, func(m identity.Membership) bool {
			return slices.ContainsFunc(m.Roles, func(r models.Role) bool { return slices.Contains(roles, r) })
		})
	}
	switch n {
	case OfAdministrators:
		return holds(models.Administrator)
	case OfOperator:
		return holds(models.Administrator, models.Moderator)
	default:
		return n == OfAll
	}
}

// lacks reports whether the person needs more than the password by which they came.
// Invented people have none either.
func (s *Site) lacks(ctx context.Context, found access.Session) (bool, error) {
	if found.Account.Invented || !s.Need.of(found.Memberships) {
		return false, nil
	}
	has, err := access.HasFactor(ctx, s.DB, found.Account.ID)
	if err == nil && !has {
		has, err = access.IsStrong(ctx, s.DB, found.ID)
	}
	return !has, err
}

func (s *Site) see(ctx context.Context, id int64, actor models.Actor) {
	ctx, stop := context.WithTimeout(ctx, seePatience)
	defer stop()
	err := s.DB.Write(ctx, actor, func(tx *db.Tx) error { return access.See(ctx, tx, id) })
	if err != nil && ctx.Err() == nil {
		s.Log.Warn("session is seen", "err", err)
	}
}

type beginning func(context.Context, *db.Tx, int64, access.Device) (string, error)

// beginBy begins a session of who has shown who they are, and leads to an address of
// ours, or to the account.
func (s *Site) beginBy(r *web.Request, begin beginning, account int64, to string) (web.Reply, error) {
	var secret string
	err := s.DB.Write(r.Context(), models.Actor{From: r.Actor.From}, func(tx *db.Tx) (err error) {
		secret, err = s.come(r, tx, begin, account)
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	return web.SeeOther(ours(to, at(r.Lang, accountPath))).Begin(secret), nil
}

// come begins a session of who comes in, and tells them by letter when it is from where
// they never came before. Invented people, whom many become, are told nothing.
func (s *Site) come(r *web.Request, tx *db.Tx, begin beginning, account int64) (secret string, err error) {
	d := device(r)
	if secret, err = begin(r.Context(), tx, account, d); err != nil {
		return "", err
	}
	a, err := identity.FindAccount(r.Context(), tx, account)
	if err != nil || a.Invented {
		return secret, err
	}
	isNew, err := access.IsNewPlace(r.Context(), tx, account, d)
	if err != nil || !isNew {
		return secret, err
	}
	return secret, s.Notify(r.Context(), tx, identity.Notice{Kind: identity.NoticePlace, AccountID: a.ID, Mail: a.Mail, Name: a.Name,
		Language: a.Language, About: s.speaker(s.langFor(r, a.Language)).agent(d.Agent)})
}

// device is where a request comes from.
func device(r *web.Request) access.Device {
	return access.Device{From: r.Actor.From, Agent: agent(r.Header("User-Agent")), Replaces: r.Session.Secret}
}

// askToSignIn leads to where one signs in, and from there back to the page, or to
// where its form was.
func askToSignIn(r *web.Request) web.Reply {
	back := r.Came()
	if r.Reads() {
		back = r.Address()
	}
	query := ""
	if back != "" {
		query = url.Values{fieldReturn: {back}}.Encode()
	}
	return web.SeeOther(at(r.Lang, withQuery(signInPath, query)))
}

// signOut ends the session.
func (s *Site) signOut(r *web.Request) (web.Reply, error) {
	home := web.SeeOther(at(r.Lang, "/")).End().Say("done.signed_out")
	if r.Session.ID == 0 {
		return home, nil
	}
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return access.End(r.Context(), tx, r.Session.ID) })
	return home, err
}

// agents are what browsers call themselves, the more particular before what others
// say as well.
var agents = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"},
	{"Chrome/", "Chrome"}, {"Safari/", "Safari"}}

// platforms are what they say of what they run on.
var platforms = [][2]string{{"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}

// agent is what people know a browser by: "Firefox, Windows"; "" when it does not say.
func agent(header string) string {
	var words []string
	for _, list := range [][][2]string{agents, platforms} {
		for _, a := range list {
			if strings.Contains(header, a[0]) {
				words = append(words, a[1])
				break
			}
		}
	}
	return strings.Join(words, ", ")
}

// notify queues a letter about an account.
func (s *Site) notify(ctx context.Context, tx *db.Tx, kind identity.NoticeKind, a identity.Account, secret string) error {
	return s.Notify(ctx, tx, identity.Notice{Kind: kind, AccountID: a.ID, Mail: a.Mail, Name: a.Name, Language: a.Language, Secret: secret})
}
