package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"pilveturg/db"
	"pilveturg/models"
)

// statusGone is what a browser gets that has gone away; nobody reads it, the log does.
const statusGone = 499

// ErrNotReady says that the site is still starting.
var ErrNotReady = errors.New("not ready yet")

// ErrMethod says that an address is there, but not for this method.
var ErrMethod = errors.New("method not allowed")

var statuses = []struct {
	kind error
	code int
}{
	{models.ErrNotFound, http.StatusNotFound},
	{models.ErrForbidden, http.StatusForbidden},
	{models.ErrConflict, http.StatusConflict},
	{models.ErrSignIn, http.StatusUnauthorized},
	{ErrMethod, http.StatusMethodNotAllowed},
	{context.Canceled, statusGone},
	{context.DeadlineExceeded, http.StatusServiceUnavailable},
	{db.ErrBusy, http.StatusServiceUnavailable},
	{ErrNotReady, http.StatusServiceUnavailable},
}

// StatusOf is the HTTP status that tells err. A fault of ours is 500.
func StatusOf(err error) int {
	for _, s := range statuses {
		if errors.Is(err, s.kind) {
			return s.code
		}
	}
	if v := (models.Invalid)(nil); errors.As(err, &v) {
		return http.StatusUnprocessableEntity
	}
	return http.StatusInternalServerError
}

// errCrossSite makes a request from another site one that is forbidden.
func errCrossSite(err error) error { return fmt.Errorf("%w: %w", models.ErrForbidden, err) }
