// Package passkey speaks WebAuthn: it asks the devices of people to make key pairs and
// to sign, and judges what they answer.
//
// A [Party] asks; what it asked is kept by the caller until the answer comes, and
// compared with it. User verification is always required and credentials are
// discoverable, so that a passkey alone says who somebody is. Who people are, what is
// kept of them and for how long is not known here, and nothing is written.
package passkey
