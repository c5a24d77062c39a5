package passkey

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// ErrAnswer says that what came from a device does not answer what was asked.
var ErrAnswer = errors.New("not the answer of a device that was asked")

// ErrOrigin says that there can be no passkeys where the site is: only at a name, and
// encrypted or on this machine.
var ErrOrigin = errors.New("there are no passkeys at this origin")

// Party is the site as devices know it.
type Party struct{ w *webauthn.WebAuthn }

// NewParty is the site called name at an origin: "https://pilveturg.example". It fails
// with [ErrOrigin].
func NewParty(name, origin string) (Party, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "https" && u.Hostname() != "localhost" {
		return Party{}, fmt.Errorf("%s: %w", origin, ErrOrigin)
	}
	if err := protocol.ValidateRPID(u.Hostname()); err != nil {
		return Party{}, fmt.Errorf("%s: %w: %w", origin, ErrOrigin, err)
	}
	w, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: name, RPOrigins: []string{origin}})
	if err != nil {
		return Party{}, fmt.Errorf("%s: %w: %w", origin, ErrOrigin, err)
	}
	return Party{w}, nil
}

// Key is what is known of a passkey.
type Key struct {
	ID         []byte
	Public     []byte // COSE
	Counter    uint32 // of signatures, as it was last
	Synced     bool   // it may be on several devices
	Transports []string
}

// Person is whose passkeys they are.
type Person struct {
	Handle     []byte // 1 to 64 bytes by which the devices know the person
	Mail, Name string
	Keys       []Key
}

// user is a person in the words of the protocol.
type user struct{ Person }

// WebAuthnID implements [webauthn.User].
func (u user) WebAuthnID() []byte { return u.Handle }

// WebAuthnName implements [webauthn.User].
func (u user) WebAuthnName() string { return u.Mail }

// WebAuthnDisplayName implements [webauthn.User].
func (u user) WebAuthnDisplayName() string { return u.Name }

// WebAuthnCredentials implements [webauthn.User].
func (u user) WebAuthnCredentials() []webauthn.Credential {
	var all []webauthn.Credential
	for _, k := range u.Keys {
		c := webauthn.Credential{ID: k.ID, PublicKey: k.Public, Authenticator: webauthn.Authenticator{SignCount: k.Counter}}
		c.Flags.BackupEligible = k.Synced
		for _, t := range k.Transports {
			c.Transport = append(c.Transport, protocol.AuthenticatorTransport(t))
		}
		all = append(all, c)
	}
	return all
}

// Asked is what a device is asked.
type Asked struct {
	Options []byte // JSON for the browser
	Kept    []byte // to compare the answer with; not for the browser
}

func asked(options any, kept *webauthn.SessionData) (a Asked, err error) {
	if a.Options, err = json.Marshal(options); err == nil {
		a.Kept, err = json.Marshal(kept)
	}
	return a, err
}

// AskNew asks for a new passkey of a person, from a device that holds none of theirs.
func (p Party) AskNew(one Person) (Asked, error) {
	u := user{one}
	options, kept, err := p.w.BeginRegistration(u,
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{UserVerification: protocol.VerificationRequired}),
		webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementRequired),
		webauthn.WithConveyancePreference(protocol.PreferNoAttestation),
		webauthn.WithExclusions(webauthn.Credentials(u.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return Asked{}, fmt.Errorf("ask for a new passkey: %w", err)
	}
	return asked(options, kept)
}

// New returns the passkey that a device made for the person. It fails with
// [ErrAnswer].
func (p Party) New(one Person, kept, answer []byte) (Key, error) {
	var session webauthn.SessionData
	if err := json.Unmarshal(kept, &session); err != nil {
		return Key{}, fmt.Errorf("new passkey: %w", err)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Key{}, wrong(err)
	}
	c, err := p.w.CreateCredential(user{one}, session, parsed)
	if err != nil {
		return Key{}, wrong(err)
	}
	k := Key{ID: c.ID, Public: c.PublicKey, Counter: c.Authenticator.SignCount, Synced: c.Flags.BackupEligible}
	for _, t := range c.Transport {
		k.Transports = append(k.Transports, string(t))
	}
	return k, nil
}

// wrong tells why, for the log: the library says it apart from its message.
func wrong(err error) error {
	var p *protocol.Error
	if errors.As(err, &p) {
		return fmt.Errorf("%w: %s: %s (%s)", ErrAnswer, p.Type, p.Details, p.DevInfo)
	}
	return fmt.Errorf("%w: %w", ErrAnswer, err)
}

// Ask asks any device to sign with any passkey for this site.
func (p Party) Ask() (Asked, error) {
	options, kept, err := p.w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return Asked{}, fmt.Errorf("ask for a passkey: %w", err)
	}
	return asked(options, kept)
}

// Signed checks what a device signed, with the passkey that find knows by its id, and
// returns the counter that came with it. Whether that has risen is for the caller to
// see. It fails with [ErrAnswer], or as find does.
func (p Party) Signed(kept, answer []byte, find func(id []byte) (Person, error)) (counter uint32, err error) {
	var session webauthn.SessionData
	if err := json.Unmarshal(kept, &session); err != nil {
		return 0, fmt.Errorf("signed by passkey: %w", err)
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return 0, wrong(err)
	}
	var unknown error
	_, _, err = p.w.ValidatePasskeyLogin(func(id, _ []byte) (webauthn.User, error) {
		one, err := find(id)
		unknown = err
		return user{one}, err
	}, session, parsed)
	if unknown != nil {
		return 0, unknown
	}
	if err != nil {
		return 0, wrong(err)
	}
	return parsed.Response.AuthenticatorData.Counter, nil
}
