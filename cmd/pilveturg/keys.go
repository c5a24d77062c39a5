package main

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models/access"
	"pilveturg/models/exchange"
	"pilveturg/models/identity"
)

// given are the keys that the installation keeps itself: the one to use, and the one
// before it.
func (c config) given() (keys [][]byte) {
	for _, key := range [][]byte{c.key, c.before} {
		if key != nil {
			keys = append(keys, key)
		}
	}
	return keys
}

// keys are those by which cookies are signed and identities are hashed: the first, and
// those of before. That of the database is the last of them, so that an installation
// may begin without a key of its own.
func (c config) keys(ctx context.Context, d *db.DB) ([][]byte, error) {
	kept, err := identity.Key(ctx, d, "preferences")
	return append(c.given(), kept), err
}

// seal is the seal of what is kept of second factors.
func (c config) seal(ctx context.Context, d *db.DB) (*access.Seal, error) {
	kept, err := identity.Key(ctx, d, "factors")
	if err != nil {
		return nil, err
	}
	return access.NewSeal(kept, c.given()...)
}

const keyWarning = `
WARNING: PILVETURG_KEY is not set, and there are people in this database. The keys of this
site therefore lie in the database, beside what they protect: whoever gets hold of a copy
of it, a backup perhaps, can make the codes of authenticator apps, find out whose
identities are connected, and sign cookies. Make a key (openssl rand -hex 32), keep it
elsewhere, and start the program with it in PILVETURG_KEY. Nobody loses anything by that.
More about it: /en/help/security

`

const demoWarning = `The people of the demonstration cannot be become by a button: others have accounts in this database.
`

// warnOfPeople tells the operator of what is not safe, or not open, in a database with
// real people in it.
func warnOfPeople(ctx context.Context, e *env, c config, d *db.DB) error {
	some, err := identity.HasPeople(ctx, d)
	if err != nil || !some {
		return err
	}
	if c.key == nil {
		fmt.Fprint(e.err, keyWarning)
	}
	shown, err := exchange.HasDemo(ctx, d)
	if err == nil && shown && c.demo {
		fmt.Fprint(e.err, demoWarning)
	}
	return err
}
