// Package privacy knows what the portal keeps about a person in all its rooms: it
// tells them ([Export]), erases them ([Erase]) and forgets in time what nobody needs
// any more ([Tidy]).
//
// It owns no table. Each domain forgets what is its own; here is only that all of
// them do, in one transaction. A table with people in it that nobody erases or tells
// of is found by the tests of this package.
//
// What stays of an erased person is a number: the account, that it was a member of
// organisations and when, and that it did what the audit log says. The log keeps its
// chain, because what is personal in it was never part of the chain but a hash of it;
// see audit. What a person wrote for a company, such as an application to become a
// vendor, is the company's and stays.
package privacy
