// Package feeds reads what vendors publish of the releases of their services: Atom, RSS
// and JSON Feed, as they are met in the wild.
//
// [Parse] makes entries of a feed, whatever it is written in and however it is broken,
// within limits: of its depth and of what is taken of it. Text that comes as HTML goes on
// as Markdown; what acts or shows pictures in it is left out. A [Reader] fetches the
// feeds that are due, for as long as the program runs, and may run in several programs
// on one database.
//
// What is kept of a feed, when it is read again and when it is given up is not known here
// but in models/releases; how an address is asked for without reaching inside, not here
// but in handlers/fetch.
package feeds
