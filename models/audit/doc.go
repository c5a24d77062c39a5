// Package audit keeps the log of who changed what: who, acting for whom, what, when,
// from where, and what stood there before and after.
//
// It owns the tables audit_events, audit_personal and audit_head: rows are added
// inside the transaction that makes the change, and nothing changes or removes them.
// What a change means is not known here; the domains name their own actions and
// fields. What is no change, such as a page that was read, is not recorded, and no
// secret ever is: neither a password nor a key, nor a hash of one.
//
// # The chain
//
// Events are numbered from 1 without gaps, and each holds the hash of the one before
// it (64 zeros for the first). The hash of an event is the SHA-256 of these ten texts
// one after the other, each written as its length in bytes in decimal, ":" and
// itself:
//
//	"pilveturg audit 1", previous, at, actor, action, subject,
//	account_id, organisation_id, origin, changes
//
// as the columns of audit_events hold them, numbers in decimal. Whoever changes an
// event has to change all that follow, and then the hash at the end is another one:
// who has noted an earlier one down, outside of the database, can tell ([Verify]).
//
// # What is personal
//
// The chain holds numbers of accounts and organisations, and neither names nor
// addresses of people: subjects must not hold them either. A value that is about a
// person ([Change].Person), and the network address of a request, stand in
// audit_personal with a random salt; the chain holds the SHA-256 of salt and value.
// [Erase] and [Forget] blank both, which breaks no hash. How many values they blanked
// is an event itself, so that a value that somebody else blanked is missed.
package audit
