// Package oidc asks providers of identities who somebody is: the relying party of
// OpenID Connect, by the authorisation code flow with PKCE.
//
// A [Client] is one provider. It is found when it is first needed, and looked for
// again while it does not answer: nothing here waits for it at the start of the
// program, and nobody waits longer than a few seconds. [Client.Begin] says where the
// browser is to go, [Client.Finish] what came of it, and [Client.LoggedOut] who a
// logout token of the provider is about.
//
// Of what a provider tells, only a [Person] goes on from here: no names, no date of
// birth. Errors hold none of it either, so that they may stand in a log. Who the
// person is on this site, and what is kept of them, is not known here; nor are
// cookies and pages.
//
// Whom to take for the provider is up to the installation, which may name the
// certificates that vouch for it and pin public keys; what others signed is then no
// better than no answer.
//
// Estonia's TARA differs from the standard, and so does its profile: other scopes than
// its own are refused, acr and amr have to be checked by who asks, and at_hash is not
// looked at, for it is written in another Base64 there, and a token that came straight
// from the provider does not need it.
package oidc
