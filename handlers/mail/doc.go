// Package mail sends what the outbox holds.
//
// An [Office] turns letters of work into mail, in the words of views, and hands them
// to a mail server ([Server]). A [Worker] does so for as long as the program runs,
// and may run in several programs on one database.
//
// SMTP is known in this room and in no other. What is to be told, to whom, when it is
// tried again and when it is given up is not known here but in work.
package mail
