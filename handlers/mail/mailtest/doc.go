// Package mailtest runs a real mail server for the tests of those who send: Exim, from
// a folder of its own, at ports of its own on loopback, as nobody in particular.
//
// Only tests import it. What letters say is not known here.
package mailtest
