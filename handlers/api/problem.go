package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/exchange"
)

// Problem is what is told when a request was not done: RFC 9457.
type Problem struct {
	Type   string       `json:"type" format:"uri" doc:"Address of the words about this kind of problem; it ends in #problem- and its name"`
	Title  string       `json:"title" doc:"The kind of problem, in the language of the answer"`
	Status int          `json:"status"`
	Detail string       `json:"detail,omitempty" doc:"What to do"`
	Errors []FieldError `json:"errors,omitempty" doc:"What is wrong with the listing, field by field"`
	ETag   string       `json:"etag,omitempty" doc:"What stands there now, when something else was expected"`
}

// FieldError is what is wrong with one field.
type FieldError struct {
	Pointer string `json:"pointer" doc:"JSON Pointer (RFC 6901) into what was sent; empty for all of it"`
	Code    string `json:"code" doc:"The rule that is broken; it stays the same in all languages"`
	Detail  string `json:"detail" doc:"What is wrong, in the language of the answer"`
}

// Error makes it an error that the library passes on.
func (p *Problem) Error() string { return p.Title }

// GetStatus implements [huma.StatusError].
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements [huma.ContentTypeFilter].
func (p *Problem) ContentType(string) string { return problemKind }

// Names of problems, with their usual status. Their words are messages:
// "api.problem.NAME" and "api.problem.NAME.do".
var problems = []struct {
	name   string
	status int
}{
	{"bad_name", http.StatusBadRequest}, {"bad_page", http.StatusBadRequest}, {"broken", http.StatusBadRequest}, {"token", http.StatusUnauthorized},
	{"scope", http.StatusForbidden}, {"not_found", http.StatusNotFound}, {"method", http.StatusMethodNotAllowed}, {"no_draft", http.StatusConflict},
	{"conflict", http.StatusConflict}, {"differs", http.StatusPreconditionFailed}, {"too_large", http.StatusRequestEntityTooLarge},
	{"media_type", http.StatusUnsupportedMediaType}, {"invalid", http.StatusUnprocessableEntity}, {"incomplete", http.StatusUnprocessableEntity},
	{"name_reused", http.StatusUnprocessableEntity}, {"no_match", http.StatusPreconditionRequired}, {"too_many", http.StatusTooManyRequests},
	{"fault", http.StatusInternalServerError}, {"busy", http.StatusServiceUnavailable},
}

// Named is a kind of problem: its name, and the status it comes with.
type Named struct {
	Name   string
	Status int
}

// Problems lists the kinds of problems in the order of their status.
func Problems() []Named {
	var all []Named
	for _, p := range problems {
		all = append(all, Named{p.name, p.status})
	}
	return all
}

func (a *API) problem(c *call, status int, name string, args ...any) *Problem {
	key := "api.problem." + name
	return &Problem{Type: c.origin + "/" + c.lang.Tag + "/api#problem-" + name, Title: c.lang.T(key), Status: status, Detail: c.lang.T(key+".do", args...)}
}

// write answers with a problem.
func (a *API) write(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", problemKind)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a program that has gone is nobody to tell
}

// problemOf tells what an error of the models is. What is a fault of ours stays in the
// log.
func (a *API) problemOf(ctx context.Context, c *call, err error) *Problem {
	var told *Problem
	var found catalogue.Problems
	var wrong models.Invalid
	switch {
	case errors.As(err, &told):
		return told
	case errors.As(err, &found):
		p := a.problem(c, http.StatusUnprocessableEntity, "invalid")
		for _, f := range found {
			p.Errors = append(p.Errors, c.fieldError(f.Path, f.Key, f.Args))
		}
		return p
	case errors.As(err, &wrong):
		return a.incomplete(c, wrong)
	case errors.Is(err, models.ErrNotFound), errors.Is(err, models.ErrForbidden):
		return a.problem(c, http.StatusNotFound, "not_found")
	case errors.Is(err, models.ErrConflict):
		return a.problem(c, http.StatusConflict, "conflict")
	case errors.Is(err, db.ErrBusy), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return a.problem(c, http.StatusServiceUnavailable, "busy")
	}
	a.Log.ErrorContext(ctx, "api", "err", err)
	return a.problem(c, http.StatusInternalServerError, "fault")
}

func (a *API) incomplete(c *call, wrong models.Invalid) *Problem {
	if wrong["name"] == "token.name_reused" {
		return a.problem(c, http.StatusUnprocessableEntity, "name_reused")
	}
	p := a.problem(c, http.StatusUnprocessableEntity, "incomplete")
	for _, field := range wrong.Fields() {
		p.Errors = append(p.Errors, c.fieldError(field, wrong[field], nil))
	}
	return p
}

// unreadable tells what is wrong with what was sent as a listing.
func (a *API) unreadable(c *call, found []*exchange.Problem) *Problem {
	p := a.problem(c, http.StatusUnprocessableEntity, "invalid")
	for _, f := range found {
		e := c.fieldError(f.Field, f.Key, f.Args)
		if !c.lang.Has(problemWords + f.Key) {
			e.Detail = f.What()
		}
		p.Errors = append(p.Errors, e)
	}
	return p
}

// problemWords begins the messages about what is wrong with a listing.
const problemWords = "problem."

// fieldError words a problem, in English when there are no words in the language.
func (c *call) fieldError(path, key string, args []any) FieldError {
	e := FieldError{Pointer: pointer(path), Code: key}
	switch {
	case c.lang.Has(problemWords + key):
		e.Detail = c.lang.T(problemWords+key, texts(args)...)
	case c.lang.Has(key) && len(args) == 0:
		e.Detail = c.lang.T(key)
	default:
		e.Detail = catalogue.Problem{Key: key, Args: args}.Error()
	}
	return e
}

// texts are arguments as messages take them.
func texts(args []any) []any {
	all := make([]any, len(args))
	for i, arg := range args {
		all[i] = fmt.Sprint(arg)
	}
	return all
}

// pointer makes "answers[3].values[0]" a JSON Pointer: "/answers/3/values/0".
func pointer(path string) string {
	if path == "" {
		return ""
	}
	path = strings.NewReplacer("~", "~0", "/", "~1").Replace(path)
	return "/" + strings.NewReplacer("[", "/", "]", "", ".", "/").Replace(path)
}
