// Package documents knows the files that vendors bring to their listings: whose they
// are, what they are called, until when they hold, and who may read them.
//
// A content is kept once, by its SHA-256, however many documents have it: bytes are in
// [Blobs], the rest in the table blobs. A file comes in three steps, so that no row is
// ever without its bytes, whenever the program stops: [Expect] says that the content is
// about to come, [Blobs.Put] keeps it, [Add] makes a document of it. [Sweep] lets go of
// contents that no document has, [Compare] finds what rows and bytes say differently.
//
// A version of a listing names files by their content, see [catalogue.Paper]: what
// buyers saw of it never changes. A document is for everybody once the published version
// of a listing of its vendor names it, and until then for its vendor and those who
// decide on listings: see [Readable].
//
// It owns the tables blobs, documents and document_reminders. What is in a file, where
// bytes are kept and how they travel is not known here but in handlers/intake and
// handlers/blobs; what a version says stands in catalogue.
package documents
