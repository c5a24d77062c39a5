package db

import "embed"

// Files holds the files that the program carries with it: migrations/*.sql,
// catalogue/*.json (the questions, units and categories), market/* (what is no visitor,
// and what buyers of other countries ask) and seed/* (the
// demonstration).
//
//go:embed catalogue market migrations seed
var Files embed.FS
