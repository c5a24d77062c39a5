package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	keysFor   = time.Hour   // how long the keys of a provider are kept
	askedSpan = time.Minute // in which they are asked for …
	askedMost = 6           // … so often at most, however many tokens name others
)

// keys are the public keys of a provider. They are asked for when they are old, or
// when a token names one that is not among them: the provider may have new ones.
type keys struct {
	url  string
	http *http.Client
	now  func() time.Time

	mu    sync.Mutex
	set   jose.JSONWebKeySet
	at    time.Time   // when set was read; zero for never
	asked []time.Time // lately
}

// VerifySignature implements the KeySet of go-oidc, which has checked that the token is
// signed in a way that the provider uses.
func (k *keys) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	algs := make([]jose.SignatureAlgorithm, len(signatures))
	for i, alg := range signatures {
		algs[i] = jose.SignatureAlgorithm(alg)
	}
	jws, err := jose.ParseSigned(token, algs)
	if err != nil || len(jws.Signatures) != 1 {
		return nil, errors.New("the token has no signature that can be read")
	}
	named := jws.Signatures[0].Header.KeyID
	set, err := k.find(ctx, named)
	if err != nil {
		return nil, err
	}
	for _, key := range set {
		if payload, err := jws.Verify(key); err == nil {
			return payload, nil
		}
	}
	return nil, fmt.Errorf("none of %d keys named %.40q made the signature", len(set), named)
}

// find returns the keys of that name; all of them when the token names none.
func (k *keys) find(ctx context.Context, named string) ([]jose.JSONWebKey, error) {
	k.mu.Lock() // others wait for the same answer
	defer k.mu.Unlock()
	if k.now().Sub(k.at) >= keysFor || len(k.named(named)) == 0 {
		if err := k.ask(ctx); err != nil {
			return nil, err
		}
	}
	return k.named(named), nil
}

func (k *keys) named(name string) []jose.JSONWebKey {
	var fit []jose.JSONWebKey
	for _, key := range k.set.Keys {
		if (name == "" || key.KeyID == name) && key.Use != "enc" && key.IsPublic() && key.Valid() {
			fit = append(fit, key)
		}
	}
	return fit
}

// ask asks the provider, unless it was asked too often: anybody may send tokens.
func (k *keys) ask(ctx context.Context) error {
	now := k.now()
	for len(k.asked) > 0 && now.Sub(k.asked[0]) >= askedSpan {
		k.asked = k.asked[1:]
	}
	if len(k.asked) >= askedMost {
		return &Error{Down, errors.New("its keys were asked for too often")}
	}
	k.asked = append(k.asked, now)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, k.url, nil)
	if err != nil {
		return err
	}
	res, err := k.http.Do(r)
	if err != nil {
		return &Error{Down, short(err)}
	}
	defer res.Body.Close()
	var set jose.JSONWebKeySet
	if err := json.NewDecoder(res.Body).Decode(&set); err != nil || res.StatusCode != http.StatusOK {
		return &Error{Down, fmt.Errorf("its keys: status %d, %v", res.StatusCode, err)}
	}
	k.set, k.at = set, now
	return nil
}
