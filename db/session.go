package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
)

var (
	errOver = errors.New("the transaction is over")
	errEach = errors.New("a query inside an Each over the same transaction: read all rows first")
)

// session runs statements on the one connection of a transaction.
type session struct {
	q      querier
	engine string
	conn   *sqlx.Conn // of a transaction that writes on SQLite
	inEach bool
	dead   error // why nothing more may be asked
}

// querier is what sqlx's Conn and Tx have in common.
type querier interface {
	sqlx.QueryerContext
	sqlx.ExecerContext
	GetContext(ctx context.Context, dest any, query string, args ...any) error
	SelectContext(ctx context.Context, dest any, query string, args ...any) error
}

// Get implements [Reader].
func (s *session) Get(ctx context.Context, dest any, query string, args ...any) error {
	ctx, err := s.ready(ctx)
	if err != nil {
		return err
	}
	return s.check(found(s.q.GetContext(ctx, dest, bind(s.engine, query), args...)))
}

// ready returns the context to run a statement in. SQLite would undo the whole
// transaction, the work of others included, if it were interrupted; so there we
// look at ctx between statements only.
func (s *session) ready(ctx context.Context) (context.Context, error) {
	switch {
	case s.dead != nil:
		return ctx, s.dead
	case s.inEach:
		return ctx, errEach
	case s.engine != SQLite:
		return ctx, nil
	}
	return context.WithoutCancel(ctx), ctx.Err()
}

// check notices when SQLite has given up the whole transaction (a full disk,
// RAISE(ROLLBACK)): every later statement would be committed by itself.
func (s *session) check(err error) error {
	if err == nil || s.conn == nil || s.dead != nil || inTransaction(s.conn) {
		return err
	}
	s.dead = fmt.Errorf("the database has undone the transaction: %w", err)
	return s.dead
}

func inTransaction(c *sqlx.Conn) (yes bool) {
	err := c.Raw(func(driver any) error {
		yes = !driver.(*sqlite3.SQLiteConn).AutoCommit()
		return nil
	})
	return yes && err == nil
}

// Select implements [Reader].
func (s *session) Select(ctx context.Context, dest any, query string, args ...any) error {
	ctx, err := s.ready(ctx)
	if err != nil {
		return err
	}
	return s.check(s.q.SelectContext(ctx, dest, bind(s.engine, query), args...))
}

func (s *session) rows(ctx context.Context, query string, args []any) (*rows, error) {
	ctx, err := s.ready(ctx)
	if err != nil {
		return nil, err
	}
	x, err := s.q.QueryxContext(ctx, bind(s.engine, query), args...)
	if err != nil {
		return nil, s.check(err)
	}
	s.inEach = true
	return &rows{x, func() { s.inEach = false }}, nil
}

// exec runs a statement that has no parameters, or several.
func (s *session) exec(ctx context.Context, text string) error {
	ctx, err := s.ready(ctx)
	if err != nil {
		return err
	}
	_, err = s.q.ExecContext(ctx, text)
	return s.check(err)
}

func (s *session) end() { s.dead = errOver }
