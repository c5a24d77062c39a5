package web

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
)

const (
	maxUpload    = 64 << 20        // bytes that are received, so that who sends too much can be told
	maxFields    = 1 << 20         // bytes of all that is no file
	uploadWithin = 2 * time.Minute // it may take longer than other forms …
	lookWithin   = time.Minute     // … and then to look through it
)

// Uploads are the paths of routes that take files.
type Uploads []string

// MaxBody bounds what a form may hold, in bytes. Routes that take files receive more, see
// [Request.Upload].
func MaxBody(n int64, uploads Uploads) gin.HandlerFunc {
	return func(c *gin.Context) {
		if c.Request.Body == nil || c.Request.Body == http.NoBody {
			return
		}
		most := n
		if slices.Contains(uploads, c.FullPath()) {
			most = maxUpload
		}
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, most)
	}
}

// Upload is a file that was sent with a form.
type Upload struct {
	Name     string // as its owner calls it, without folders; it says nothing about the content
	Content  []byte
	TooLarge bool // there is more than was asked for, and Content is empty
}

// Upload reads a form of several parts: its fields, and the file of one of them, with at
// most so many bytes. When the
// file is too large the fields are there nevertheless, so that what was typed is not
// lost. It fails when the form cannot be read; in one without a file that is empty.
func (r *Request) Upload(name string, most int64) (u Upload, err error) {
	patience := http.NewResponseController(r.c.Writer)
	_ = patience.SetReadDeadline(time.Now().Add(uploadWithin)) // not all connections can
	_ = patience.SetWriteDeadline(time.Now().Add(uploadWithin + lookWithin))
	if r.c.ContentType() != gin.MIMEMultipartPOSTForm { // asking for its parts would make it unreadable
		return u, nil
	}
	parts, err := r.c.Request.MultipartReader()
	if err != nil {
		return u, fmt.Errorf("form with a file: %w", err)
	}
	form := url.Values{}
	for left := int64(maxFields); ; {
		p, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return u, tooLarge(&u, err)
		}
		if p.FormName() == name {
			if u, err = readFile(p, most); err != nil {
				return u, tooLarge(&u, err)
			}
			u.Name = p.FileName()
			continue
		}
		value, err := io.ReadAll(io.LimitReader(p, left+1))
		if err != nil {
			return u, tooLarge(&u, err)
		}
		if left -= int64(len(value)); left < 0 {
			return u, fmt.Errorf("form with a file: %w", &http.MaxBytesError{Limit: maxFields})
		}
		form.Add(p.FormName(), string(value))
	}
	// So that the fields are found as those of any other form.
	r.c.Request.Form, r.c.Request.PostForm = form, form
	r.c.Request.MultipartForm = &multipart.Form{Value: form}
	return u, nil
}

// tooLarge forgives that more came than is received.
func tooLarge(u *Upload, err error) error {
	var most *http.MaxBytesError
	if !errors.As(err, &most) {
		return fmt.Errorf("form with a file: %w", err)
	}
	*u = Upload{TooLarge: true}
	return nil
}

func readFile(r io.Reader, most int64) (u Upload, err error) {
	if u.Content, err = io.ReadAll(io.LimitReader(r, most+1)); err != nil {
		return u, err
	}
	if int64(len(u.Content)) > most {
		u = Upload{TooLarge: true}
		_, err = io.Copy(io.Discard, r) // the browser tells nothing before it has sent all
	}
	return u, err
}
