// Package ocds reads and writes contracting processes as the Open Contracting Data
// Standard 1.1.5 has them (https://standard.open-contracting.org/1.1/en/): releases,
// which tell what happened on one day, and records, which put the releases of one
// process together.
//
//   - [Read] streams the releases of a file of any of its shapes.
//   - [Charges] takes from a release what a ledger needs.
//   - [Merge] makes the compiled and the versioned release of a process.
//   - [Check] tells where a file departs from the standard.
//   - [PackageWriter] writes release packages and record packages.
//
// What the standard says of each field (its type, code list, how it merges) stands once,
// in rules.go, and both Check and Merge go by it.
//
// Here live the format and its rules. Not here: where files come from, what is kept of
// them, exchange rates, and words for people; a [Problem] is a code with arguments.
//
// Numbers are never floats: an amount is a [models.Exact], and Merge passes numbers on as
// they were written. A release may have [MaxRelease] bytes and be [MaxDepth] levels deep,
// a record [MaxRecord] bytes. Memory does not grow with the number of releases, neither
// in reading nor in writing.
package ocds
