// Package opendata tells what public bodies bought, from whom and for how much, as the
// Open Contracting Data Standard 1.1.5 has it: releases, each of what happened at one
// moment, and records, which put those of one process together.
//
// A process is a project with the subscriptions that it decided for, or a subscription
// without a project. What happened is told by these tags:
//
//	planning             the need of a project, with what it is expected to cost
//	tender               its search was locked; tenderCancellation: it was closed
//	award                it was decided, or something was ordered without a project
//	awardUpdate          the standstill is over, or the vendor took the order up
//	awardCancellation    the vendor declined, or the order was withdrawn
//	contract             the vendor took the order up
//	contractUpdate       it came into use, goes on for another term, or will end
//	contractAmendment    a change of how much, or of which plan, holds
//	implementation       charges of the ledger that name it counted, or a bill was matched
//	contractTermination  it ended
//
// A project is told of once its outcome was told to vendors, or it was closed: before
// that nothing of it is. The id and the words of a release come from what happened, never
// from when it is written, so the same facts make the same release; and a release says
// only what was so at its moment.
//
// What lives here: which facts become which release. What may not: how the format is
// written (that is spend/ocds), pages, and any table: it owns none.
package opendata
