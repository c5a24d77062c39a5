// Package identity knows the organisations: public bodies, vendors and the
// operator of the portal.
//
// It owns the tables organisations, organisation_words, organisation_markets and
// organisation_revision. What organisations offer, use or pay stands in other
// rooms, which know them by id.
package identity
