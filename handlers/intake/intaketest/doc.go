// Package intaketest makes files for tests: PDF and OpenDocument as small as they come,
// whole or with something in them that is not wanted. No other code uses it.
package intaketest
