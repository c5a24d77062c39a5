// Package blobs keeps the bytes of files: in a folder of this machine, or with a server
// that speaks S3. Both are [documents.Blobs]; [Open] makes the one that an address names.
//
// What a file is, whose it is and who may read it is not known here. No other room knows
// paths of files, or how a server of files is spoken to.
package blobs
