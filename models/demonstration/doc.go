// Package demonstration tells what invented bodies subscribed to in three years and what
// they were billed for it: contracts as they ran, and the invoices as files that are
// brought into the ledger like those of anybody else, so that every sum can be followed to
// a file that can be downloaded.
//
// All days are told from the day on which the demonstration is made, so that it never
// looks old; only the prices of listings change when their lists say so. Nothing is left
// to chance: the same day tells the same story.
//
// What lives here: the story, and the order in which its parts are put where they belong.
// What may not: rows of other domains, which are written by their own doors, and real
// companies as anybody's suppliers.
package demonstration
