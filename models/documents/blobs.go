package documents

import (
	"context"
	"errors"
	"io"
	"iter"
)

// MaxSize is the most bytes that a file may have: 5 MB.
const MaxSize = 5_000_000

// What may be wrong with files. What else fails is a fault of where they are kept, such
// as a disk that is full.
var (
	ErrTooLarge = errors.New("the file is too large")
	ErrNoBlob   = errors.New("the file is not where files are kept")
	ErrDamaged  = errors.New("the file is not as it was when it came")
)

// Stored is a content that is kept.
type Stored struct {
	Hash string // SHA-256, hexadecimal
	Size int64  // bytes
}

// Content are the bytes of a file, which are as they came. It must be closed.
type Content interface {
	io.ReadSeekCloser
}

// Blobs keeps contents by their hashes. All of it may be called at once.
type Blobs interface {
	// Put keeps what it reads, unless it has it already, and returns once it would
	// survive a loss of power. It fails with [ErrTooLarge] when there are more than most
	// bytes; then, and whenever else it fails, nothing is kept.
	Put(ctx context.Context, r io.Reader, most int64) (Stored, error)
	// Open returns the content of a hash. It fails with [ErrNoBlob], or with [ErrDamaged]
	// when the bytes do not have the hash.
	Open(ctx context.Context, hash string) (Content, error)
	// Delete lets go of a content; of one that is not there, too.
	Delete(ctx context.Context, hash string) error
	// List yields all there is, in no order. An error comes last.
	List(ctx context.Context) iter.Seq2[Stored, error]
}
