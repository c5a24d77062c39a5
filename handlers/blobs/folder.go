package blobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"pilveturg/models/documents"
)

const (
	folderMode = 0o750
	unfinished = "new-"         // before the names of files that are being written
	giveUp     = 24 * time.Hour // after which nobody writes them any more
)

// Folder keeps contents as files below a folder, each under its hash. The folder is made
// when the first one comes.
type Folder struct{ path string }

// NewFolder keeps contents below path.
func NewFolder(path string) *Folder { return &Folder{path: path} }

var hashShape = regexp.MustCompile(`^[0-9a-f]{64}$`)

// place is where the content of a hash is: in one of 256 folders, which stay small.
func (f *Folder) place(hash string) (string, error) {
	if !hashShape.MatchString(hash) {
		return "", fmt.Errorf("content %q: %w", hash, documents.ErrNoBlob)
	}
	return filepath.Join(f.path, hash[:2], hash), nil
}

// Put implements [documents.Blobs]. The file is written beside the others, and takes its
// name once all of it is on disk.
func (f *Folder) Put(ctx context.Context, r io.Reader, most int64) (s documents.Stored, err error) {
	if err := os.MkdirAll(f.path, folderMode); err != nil {
		return s, fmt.Errorf("keep file: %w", err)
	}
	to, err := os.CreateTemp(f.path, unfinished)
	if err != nil {
		return s, fmt.Errorf("keep file: %w", err)
	}
	defer func() {
		_ = to.Close()           // again, when all went well
		_ = os.Remove(to.Name()) // it has another name by then
	}()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(to, sum), io.LimitReader(reader{ctx, r}, most+1))
	if err == nil && n > most {
		err = documents.ErrTooLarge
	}
	if err == nil {
		err = to.Sync()
	}
	if err == nil {
		err = to.Close()
	}
	if err != nil {
		return s, fmt.Errorf("keep file: %w", err)
	}
	s = documents.Stored{Hash: hex.EncodeToString(sum.Sum(nil)), Size: n}
	if err := f.name(to.Name(), s.Hash); err != nil {
		return documents.Stored{}, fmt.Errorf("keep file %s: %w", s.Hash, err)
	}
	return s, nil
}

// name gives a file that is written the name of its hash. One that has the name already is
// the same, or damaged, and then put right by this.
func (f *Folder) name(from, hash string) error {
	to, err := f.place(hash)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), folderMode); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	for _, dir := range []string{filepath.Dir(to), f.path} { // so that the names survive, too
		if err := syncFolder(dir); err != nil {
			return err
		}
	}
	return nil
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Open implements [documents.Blobs]. The bytes that are read later are those that were
// looked through, unless somebody writes into the file meanwhile.
func (f *Folder) Open(ctx context.Context, hash string) (documents.Content, error) {
	path, err := f.place(hash)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("content %s: %w", hash, documents.ErrNoBlob)
	}
	if err != nil {
		return nil, fmt.Errorf("content %s: %w", hash, err)
	}
	sum := sha256.New()
	_, err = io.Copy(sum, reader{ctx, file})
	if err == nil && hex.EncodeToString(sum.Sum(nil)) != hash {
		err = documents.ErrDamaged
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("content %s: %w", hash, err)
	}
	return file, nil
}

// Delete implements [documents.Blobs].
func (f *Folder) Delete(_ context.Context, hash string) error {
	path, err := f.place(hash)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("let go of content %s: %w", hash, err)
	}
	return nil
}

// List implements [documents.Blobs]. What a program that was stopped left half-written is
// cleared away.
func (f *Folder) List(ctx context.Context) iter.Seq2[documents.Stored, error] {
	return func(yield func(documents.Stored, error) bool) {
		err := filepath.WalkDir(f.path, func(path string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // it has gone meanwhile, or nothing ever came
			}
			if err != nil || e.IsDir() {
				return err
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			at, err := e.Info()
			switch {
			case errors.Is(err, fs.ErrNotExist):
			case err != nil:
				return err
			case strings.HasPrefix(e.Name(), unfinished):
				if time.Since(at.ModTime()) > giveUp {
					_ = os.Remove(path) // it is tried again the next time
				}
			case hashShape.MatchString(e.Name()) && !yield(documents.Stored{Hash: e.Name(), Size: at.Size()}, nil):
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(documents.Stored{}, err)
		}
	}
}

// reader ends when its context does.
type reader struct {
	ctx context.Context
	io.Reader
}

// Read implements [io.Reader].
func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
