// Command pilveturg is the whole product: the server of the portal and the
// commands by which it is administered. Without a command it serves.
//
// What lives here: the command line, the settings and where they come from, the
// building of a site out of the other rooms, and what commands say to people. One
// file a group of commands; each command is a row of the table in main.go. What may
// not: a rule of the catalogue, a query, a page. The rules of the house itself are
// tests of this package, because it is the only one that sees all rooms.
//
// A command gets what is outside from its env, so that the tests run it in their
// own process: testdata/*.txt holds command lines and what they must answer.
package main
