package db

import "embed"

// Files holds the files that the program carries with it: migrations/*.sql,
// catalogue/*.json (the questions, units and categories) and seed/* (the
// demonstration).
//
//go:embed catalogue migrations seed
var Files embed.FS
