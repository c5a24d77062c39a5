// Package saved keeps the searches and comparisons of people under names, each for one
// organisation, and what a search found when it was looked at last, so that what is new
// since can be told.
//
// It owns the table saved_items. What an address asks for is not known here: that is
// for the pages.
package saved
