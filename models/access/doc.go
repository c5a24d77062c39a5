// Package access knows how people show who they are and what their browsers hold
// after that: passwords, sessions, one-time links, and the waiting that answers
// guessing.
//
// A way to sign in is a function By…, which says whose it is: [ByPassword], and for
// who has [Factors] besides, [ByCode] after it or [ByPasskey] instead of both. Between
// password and code a browser holds a ticket for the [SecondStep], which opens nothing
// else. [Begin] then begins a session. A session lives [Idle] after it was last used and
// [Life] after it began, as long as its account is active and of the same generation,
// and as long as the membership that is acted for lasts: what [identity] ends is over
// at once, without a word from here. The secret of a session is random, changes when
// somebody signs in or acts for another organisation, and is kept as a hash only.
//
// Whether somebody has an account is told to nobody: neither by the words of an
// answer nor by the time it takes. Attempts are counted before they are made, so that
// many at once are no more than one after another.
//
// Passwords are argon2id. They have 8 to 128 characters of any kind and are not
// refused for what they are made of, but for being easy to guess; see [Acceptable].
//
// What has to be read again of a second factor is encrypted under a [Seal]; what has
// only to be recognised is kept as a hash. A code works once. What a device signed is
// judged elsewhere, by who speaks its protocol; what is kept of it, here.
//
// Another mail is an account's once a letter to it has been answered ([AskMail],
// [ChangeMail]); a letter to the one before can take it back ([UndoMail]).
//
// Programs show a [Token] instead of a person. It is kept as a hash only, acts for one
// organisation, and holds at every use what the person who made it may do at that
// moment, as far as its [Scope] goes.
//
// What a provider of identities calls somebody is kept as a [Blind] hash only.
//
// It owns the tables passwords, sessions, tickets, attempts, authenticators, passkeys,
// recovery_codes, challenges, identities, session_identities, mail_changes, places,
// tokens and token_answers. Who people are and what they may do is not known here but in
// identity; what a cookie is, nor here.
package access
