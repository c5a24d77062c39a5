package blobs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"pilveturg/models/documents"
)

const (
	tries        = 3
	answerWithin = 10 * time.Second // a server of files, at each try
)

// Bucket keeps contents as objects of a server that speaks S3. A content is in memory
// while it travels.
type Bucket struct {
	server minio.Core
	name   string
	prefix string // of the names of objects: "" or with a "/" at its end
}

// BucketConfig says where a [Bucket] is, and how to be let in.
type BucketConfig struct {
	Endpoint    url.URL // scheme and host
	Region      string
	Name        string
	Prefix      string
	Key, Secret string
}

// NewBucket keeps contents as c says. Nothing travels yet.
func NewBucket(c BucketConfig) (*Bucket, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = answerWithin
	lookup := minio.BucketLookupPath
	if strings.HasSuffix(c.Endpoint.Hostname(), ".amazonaws.com") {
		lookup = minio.BucketLookupAuto
	}
	server, err := minio.NewCore(c.Endpoint.Host, &minio.Options{Creds: credentials.NewStaticV4(c.Key, c.Secret, ""), Secure: c.Endpoint.Scheme == "https",
		Region: c.Region, Transport: transport, BucketLookup: lookup, MaxRetries: tries})
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", c.Name, err)
	}
	prefix := strings.Trim(c.Prefix, "/")
	if prefix != "" {
		prefix += "/"
	}
	return &Bucket{*server, c.Name, prefix}, nil
}

// Put implements [documents.Blobs].
func (b *Bucket) Put(ctx context.Context, r io.Reader, most int64) (s documents.Stored, err error) {
	content, err := io.ReadAll(io.LimitReader(reader{ctx, r}, most+1))
	if err == nil && int64(len(content)) > most {
		err = documents.ErrTooLarge
	}
	if err != nil {
		return s, fmt.Errorf("keep file: %w", err)
	}
	sum := sha256.Sum256(content)
	s = documents.Stored{Hash: hex.EncodeToString(sum[:]), Size: int64(len(content))}
	_, err = b.server.Client.PutObject(ctx, b.name, b.prefix+s.Hash, bytes.NewReader(content), s.Size,
		minio.PutObjectOptions{ContentType: "application/octet-stream", DisableMultipart: true, SendContentMd5: true})
	if err != nil {
		return documents.Stored{}, fmt.Errorf("keep file %s: %w", s.Hash, err)
	}
	return s, nil
}

// memory is a content that was read.
type memory struct{ *bytes.Reader }

// Close implements [io.Closer].
func (memory) Close() error { return nil }

// Open implements [documents.Blobs].
func (b *Bucket) Open(ctx context.Context, hash string) (documents.Content, error) {
	if !hashShape.MatchString(hash) {
		return nil, fmt.Errorf("content %q: %w", hash, documents.ErrNoBlob)
	}
	content, err := b.read(ctx, hash)
	if err != nil {
		return nil, fmt.Errorf("content %s: %w", hash, err)
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != hash {
		return nil, fmt.Errorf("content %s: %w", hash, documents.ErrDamaged)
	}
	return memory{bytes.NewReader(content)}, nil
}

// read reads an object. Of one that is larger than any file of ours only the beginning is
// read, which is not what its hash says.
func (b *Bucket) read(ctx context.Context, hash string) ([]byte, error) {
	body, _, _, err := b.server.GetObject(ctx, b.name, b.prefix+hash, minio.GetObjectOptions{})
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return nil, documents.ErrNoBlob
	}
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(io.LimitReader(body, documents.MaxSize+1))
}

// Delete implements [documents.Blobs].
func (b *Bucket) Delete(ctx context.Context, hash string) error {
	if err := b.server.Client.RemoveObject(ctx, b.name, b.prefix+hash, minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("let go of content %s: %w", hash, err)
	}
	return nil
}

// List implements [documents.Blobs]. Objects that have other names are left out.
func (b *Bucket) List(ctx context.Context) iter.Seq2[documents.Stored, error] {
	return func(yield func(documents.Stored, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		for o := range b.server.Client.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix}) {
			if o.Err != nil {
				yield(documents.Stored{}, o.Err)
				return
			}
			hash, _ := strings.CutPrefix(o.Key, b.prefix)
			if hashShape.MatchString(hash) && !yield(documents.Stored{Hash: hash, Size: o.Size}, nil) {
				return
			}
		}
	}
}
