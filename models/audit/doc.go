// Package audit keeps the record of who changed what.
//
// It owns the table audit_events: rows are added inside the transaction that
// makes the change, and nothing changes or removes them. What a change means is
// not known here; the domains name their own actions.
package audit
