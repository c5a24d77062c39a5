// Package intake looks through files that strangers bring, before anything else does:
// what they are, whether they are whole and harmless, and what text is in them.
//
// [Inspect] tells by what is in a file, never by its name, and runs in the server: it
// reads every part once, recurses no deeper than it says, and unpacks no more. Text is
// read by a library and in ways that a hostile file could still wear out, so that runs in
// a process of its own, which [Reader] starts without secrets, and ends: see [ReadText].
// [Scanner] asks a virus scanner.
//
// Nothing is kept here: files go to handlers/blobs, and what is known of them to
// models/documents. Only this package knows what is in a PDF or an OpenDocument.
package intake
