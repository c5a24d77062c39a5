package privacy

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

// Data is what is kept about a person, as it is told to them. No secret is in it, and
// no hash of one.
type Data struct {
	Made         models.Time   `json:"made"`
	Account      Account       `json:"account"`
	Password     models.Time   `json:"password_changed,omitzero"` // zero: there is none
	Factors      []Factor      `json:"factors"`                   // how the person signs in besides
	Memberships  []Membership  `json:"memberships"`               // ended ones, too
	Sessions     []Session     `json:"sessions"`                  // ended ones, too
	Identities   []Identity    `json:"identities"`                // of other providers
	Places       []models.Time `json:"places"`                    // when each kind of browser and network was last signed in from; which they are is a hash
	MailChanges  []MailChange  `json:"mail_changes"`              // that were asked for, and can be taken back
	Tokens       []Token       `json:"tokens"`                    // for programs, those that are over for a while, too
	Links        []Link        `json:"links"`                     // that were sent
	Invitations  []Invitation  `json:"invitations"`               // to the mail
	Notices      []Notice      `json:"notices"`
	Letters      []Letter      `json:"letters"`
	Preferences  []Preference  `json:"letter_preferences"`
	Applications []Application `json:"vendor_applications"`
	Claims       []Claim       `json:"listing_claims"`
	Listings     []Listing     `json:"listings"`      // on which the person wrote for a vendor
	Projects     []Project     `json:"projects"`      // that name the person, or that the person locked
	Judgements   []Judgement   `json:"judgements"`    // in projects
	Subscribed   []Subscribed  `json:"subscriptions"` // what the person did to subscriptions
	Purchases    []Written     `json:"purchases"`     // what the person asked, answered and scored in them
	Events       []audit.Event `json:"audit_events"`  // what the person did, and what was done to the account
}

// Notice is something that the person was told on the site, and Letter one by mail.
// What a letter says is not told here, because links that open something stand in it.
type Notice struct {
	Kind string      `json:"kind" db:"kind"`
	Args string      `json:"about" db:"args"` // JSON: what its words are given
	At   models.Time `json:"at" db:"created_at"`
	Read models.Time `json:"read,omitzero" db:"read_at"`
}

// Letter is one that was sent, or is to be.
type Letter struct {
	Kind  string      `json:"kind" db:"kind"`
	Mail  string      `json:"mail" db:"mail"`
	State string      `json:"state" db:"state"`
	At    models.Time `json:"at" db:"created_at"`
}

// Preference is how often the person wants letters of a kind.
type Preference struct {
	Kind      string `json:"kind" db:"kind"`
	Frequency string `json:"frequency" db:"frequency"`
}

// Account is who the person is.
type Account struct {
	ID       int64          `json:"id" db:"id"`
	Mail     string         `json:"mail" db:"mail"`
	Name     string         `json:"name" db:"name"`
	Language string         `json:"language" db:"language"`
	State    identity.State `json:"state" db:"state"`
	Created  models.Time    `json:"created" db:"created_at"`
}

// Factor is an authenticator app, a passkey, or the recovery codes that are left.
type Factor struct {
	Kind  string      `json:"kind" db:"kind"` // "app", "passkey" or "recovery_codes"
	Name  string      `json:"name,omitempty" db:"name"`
	Added models.Time `json:"added,omitzero" db:"created_at"`
	Used  models.Time `json:"used,omitzero" db:"used_at"`
	Left  int64       `json:"left,omitempty" db:"remaining"` // recovery codes
}

// Membership is a person in an organisation.
type Membership struct {
	Organisation string      `json:"organisation" db:"organisation"` // its key
	Roles        string      `json:"roles" db:"roles"`               // with spaces between
	Rights       string      `json:"rights,omitempty" db:"rights"`
	Limit        int64       `json:"limit_cents,omitempty" db:"limit_cents"`
	Reach        string      `json:"reach,omitempty" db:"reach"`
	Since        models.Time `json:"since" db:"since"`
	Ended        models.Time `json:"ended,omitzero" db:"ended_at"`
}

// Session is one that the person began.
type Session struct {
	Begun   models.Time `json:"begun" db:"created_at"`
	Seen    models.Time `json:"seen" db:"seen_at"`
	Ended   models.Time `json:"ended,omitzero" db:"ended_at"`
	Address string      `json:"address" db:"address"`
	Agent   string      `json:"agent" db:"agent"`
}

// Identity is one of another provider, without the hash of what that calls the person.
type Identity struct {
	Provider  string      `json:"provider" db:"provider"`
	Assurance string      `json:"assurance" db:"acr"` // the last time
	Methods   string      `json:"methods" db:"amr"`   // with spaces between
	Added     models.Time `json:"added" db:"added_at"`
	Used      models.Time `json:"used" db:"used_at"`
}

// MailChange is another address for the account.
type MailChange struct {
	Before string      `json:"before" db:"mail_before"`
	After  string      `json:"after" db:"mail_after"`
	Asked  models.Time `json:"asked" db:"asked_at"`
	Done   models.Time `json:"done,omitzero" db:"done_at"`
}

// Token is one by which programs act as the person, without the token itself.
type Token struct {
	Name         string      `json:"name" db:"name"`
	Organisation string      `json:"organisation" db:"organisation"` // its key
	Scope        string      `json:"scope" db:"scope"`
	Made         models.Time `json:"made" db:"created_at"`
	Expires      models.Time `json:"expires" db:"expires_at"`
	Used         models.Date `json:"used,omitzero" db:"used_on"` // the day of its last use
	UsedFrom     string      `json:"used_from,omitempty" db:"used_from"`
	Revoked      models.Time `json:"revoked,omitzero" db:"revoked_at"`
}

// Link is one that works once.
type Link struct {
	Purpose string      `json:"purpose" db:"purpose"`
	Given   models.Time `json:"given" db:"created_at"`
	Expires models.Time `json:"expires" db:"expires_at"`
	Used    models.Time `json:"used,omitzero" db:"used_at"`
}

// Invitation is one to the person's mail.
type Invitation struct {
	Mail    string      `json:"mail" db:"mail"`
	Name    string      `json:"name" db:"name"`
	Created models.Time `json:"created" db:"created_at"`
	Expires models.Time `json:"expires" db:"expires_at"`
	Used    models.Time `json:"used,omitzero" db:"used_at"`
}

// Application is a company's, sent by the person, with what was said.
type Application struct {
	Company string      `json:"company"`
	Country string      `json:"country"`
	Code    string      `json:"code"`
	State   string      `json:"state"`
	Sent    models.Time `json:"sent"`
	Said    []Said      `json:"said"`
}

// Claim is one that the person made to a listing, for a vendor.
type Claim struct {
	Offering int64       `json:"offering" db:"offering_id"` // the number of SC-142
	Domain   string      `json:"mail_domain" db:"domain"`   // the person's, at that time
	Link     string      `json:"link,omitempty" db:"link"`
	Words    string      `json:"words,omitempty" db:"words"`
	State    string      `json:"state" db:"state"`
	Sent     models.Time `json:"sent" db:"sent_at"`
}

// Listing is one of a vendor on which the person wrote.
type Listing struct {
	Offering int64       `json:"offering" db:"offering_id"`  // the number of SC-142
	Sent     models.Time `json:"sent,omitzero" db:"sent_at"` // zero: it is a draft
}

// Said is something that was said about an application.
type Said struct {
	By    string      `json:"by"` // "you" or "operator"
	At    models.Time `json:"at"`
	Words string      `json:"words"`
}

// Export returns what is kept about the actor, who has to be a person. Pass it a
// moment that [db.DB.Read] holds still.
func Export(ctx context.Context, r db.Reader, actor models.Actor, now models.Time) (d Data, err error) {
	d = Data{Made: now, Factors: []Factor{}, Memberships: []Membership{}, Sessions: []Session{}, Identities: []Identity{}, Places: []models.Time{}, MailChanges: []MailChange{}, Tokens: []Token{}, Links: []Link{}, Invitations: []Invitation{}, Notices: []Notice{}, Letters: []Letter{}, Preferences: []Preference{}, Applications: []Application{}, Claims: []Claim{}, Listings: []Listing{}, Projects: []Project{}, Judgements: []Judgement{}, Events: []audit.Event{}}
	if !actor.SignedIn() {
		return d, models.ErrForbidden
	}
	id := actor.AccountID
	err = r.Get(ctx, &d.Account, `/* privacy.Export */ SELECT id, mail, name, language, state, created_at FROM accounts WHERE id = ?`, id)
	if err == nil {
		err = d.rows(ctx, r, id)
	}
	if err == nil {
		err = d.told(ctx, r, id)
	}
	if err == nil {
		err = d.applications(ctx, r, actor)
	}
	if err == nil {
		if err = d.projects(ctx, r, id); err == nil {
			err = d.subscriptions(ctx, r, id)
		}
	}
	if err == nil {
		err = d.events(ctx, r, id)
	}
	if err != nil {
		return Data{}, fmt.Errorf("export account %d: %w", id, err)
	}
	return d, nil
}

// rows reads what stands in the rows of the account alone.
func (d *Data) rows(ctx context.Context, r db.Reader, id int64) error {
	var passwords []models.Time // one, or none
	if err := r.Select(ctx, &passwords, `/* privacy.Export */ SELECT changed_at FROM passwords WHERE account_id = ?`, id); err != nil {
		return err
	}
	for _, at := range passwords {
		d.Password = at
	}
	const factors = `/* privacy.Export */
		SELECT 'app' AS kind, '' AS name, created_at, used_at, 0 AS remaining FROM authenticators WHERE account_id = ?
		UNION ALL SELECT 'passkey', name, created_at, used_at, 0 FROM passkeys WHERE account_id = ?
		UNION ALL SELECT 'recovery_codes', '', NULL, NULL, COUNT(*) FROM recovery_codes WHERE account_id = ? AND used_at IS NULL HAVING COUNT(*) > 0`
	if err := r.Select(ctx, &d.Factors, factors, id, id, id); err != nil {
		return err
	}
	const memberships = `/* privacy.Export */ SELECT o.scheme || ':' || o.code AS organisation, m.limit_cents, m.reach, m.since, m.ended_at,
		COALESCE((SELECT string_agg(x.role, ' ') FROM membership_roles x WHERE x.membership_id = m.id), '') AS roles,
		COALESCE((SELECT string_agg(x.granted, ' ') FROM membership_rights x WHERE x.membership_id = m.id), '') AS rights
		FROM memberships m JOIN organisations o ON o.id = m.organisation_id WHERE m.account_id = ? ORDER BY m.id`
	if err := r.Select(ctx, &d.Memberships, memberships, id); err != nil {
		return err
	}
	const sessions = `/* privacy.Export */ SELECT created_at, seen_at, ended_at, address, agent FROM sessions WHERE account_id = ? ORDER BY id`
	if err := r.Select(ctx, &d.Sessions, sessions, id); err != nil {
		return err
	}
	const identities = `/* privacy.Export */ SELECT provider, acr, amr, added_at, used_at FROM identities WHERE account_id = ? ORDER BY id`
	if err := r.Select(ctx, &d.Identities, identities, id); err != nil {
		return err
	}
	if err := r.Select(ctx, &d.Places, `/* privacy.Export */ SELECT seen_at FROM places WHERE account_id = ? ORDER BY seen_at`, id); err != nil {
		return err
	}
	const mails = `/* privacy.Export */ SELECT mail_before, mail_after, asked_at, done_at FROM mail_changes WHERE account_id = ? ORDER BY id`
	if err := r.Select(ctx, &d.MailChanges, mails, id); err != nil {
		return err
	}
	const tokens = `/* privacy.Export */ SELECT t.name, o.scheme || ':' || o.code AS organisation, t.scope, t.created_at, t.expires_at, t.used_on, t.used_from, t.revoked_at
		FROM tokens t JOIN memberships m ON m.id = t.membership_id JOIN organisations o ON o.id = m.organisation_id WHERE t.account_id = ? ORDER BY t.id`
	if err := r.Select(ctx, &d.Tokens, tokens, id); err != nil {
		return err
	}
	const links = `/* privacy.Export */ SELECT purpose, created_at, expires_at, used_at FROM tickets WHERE account_id = ? ORDER BY created_at`
	if err := r.Select(ctx, &d.Links, links, id); err != nil {
		return err
	}
	const invitations = `/* privacy.Export */ SELECT mail, name, created_at, expires_at, used_at FROM invitations WHERE folded = ? ORDER BY id`
	return r.Select(ctx, &d.Invitations, invitations, identity.FoldMail(d.Account.Mail))
}

// told reads what the person was told, and wants to be.
func (d *Data) told(ctx context.Context, r db.Reader, id int64) error {
	const notices = `/* privacy.Export */ SELECT kind, args, created_at, read_at FROM notices WHERE account_id = ? ORDER BY id`
	if err := r.Select(ctx, &d.Notices, notices, id); err != nil {
		return err
	}
	const letters = `/* privacy.Export */ SELECT kind, mail, state, created_at FROM outbox WHERE account_id = ? ORDER BY id`
	if err := r.Select(ctx, &d.Letters, letters, id); err != nil {
		return err
	}
	const preferences = `/* privacy.Export */ SELECT kind, frequency FROM notice_preferences WHERE account_id = ? ORDER BY kind`
	if err := r.Select(ctx, &d.Preferences, preferences, id); err != nil {
		return err
	}
	const claims = `/* privacy.Export */ SELECT offering_id, domain, link, words, state, sent_at FROM claims WHERE account_id = ? ORDER BY id`
	if err := r.Select(ctx, &d.Claims, claims, id); err != nil {
		return err
	}
	const listings = `/* privacy.Export */ SELECT offering_id, NULL AS sent_at FROM draft_hands WHERE account_id = ?
		UNION ALL SELECT s.offering_id, s.sent_at FROM submission_hands h JOIN submissions s ON s.id = h.submission_id WHERE h.account_id = ?
		ORDER BY 1, 2`
	return r.Select(ctx, &d.Listings, listings, id, id)
}

func (d *Data) applications(ctx context.Context, r db.Reader, actor models.Actor) error {
	all, err := identity.ApplicationsOf(ctx, r, actor.AccountID)
	for _, a := range all {
		if a, err = identity.FindApplication(ctx, r, actor, a.ID); err != nil {
			return err
		}
		one := Application{Company: a.Name, Country: a.Country, Code: a.Key.Code, State: string(a.State), Sent: a.Created}
		for _, m := range a.Said {
			said := Said{By: "you", At: m.At, Words: m.Words}
			if m.ByOperator {
				said.By = "operator"
			}
			one.Said = append(one.Said, said)
		}
		d.Applications = append(d.Applications, one)
	}
	return err
}

// events reads what the person did, and what was done to the account. What in it is
// about others is left out, and so is from where others did it.
func (d *Data) events(ctx context.Context, r db.Reader, id int64) error {
	seen := map[int64]bool{}
	for _, f := range []audit.Filter{{Account: id}, {Subjects: []string{fmt.Sprintf("account %d", id)}}} {
		err := audit.All(ctx, r, f, func(e audit.Event) error {
			if !seen[e.Seq] {
				seen[e.Seq] = true
				d.Events = append(d.Events, own(e, id))
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func own(e audit.Event, id int64) audit.Event {
	if e.Account != id {
		e.From = ""
	}
	for i, c := range e.Changes {
		if c.Person != 0 && c.Person != id {
			e.Changes[i].Old, e.Changes[i].New = "", ""
		}
	}
	return e
}
