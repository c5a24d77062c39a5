package db

import "context"

// pile is what a transaction has gathered of one type.
type pile interface {
	write(context.Context) (wrote bool, err error)
	size() int
	cut(n int)
}

// gathered is a pile of items of the type T.
type gathered[T any] struct {
	items []T
	flush func(context.Context, []T) error
}

// Gather keeps item until the function that was given to [DB.Write] has returned,
// and then has write take all items of the type T at once, in order, as the last
// thing before the commit: for rows that need a lock which everybody waits for, or
// that are written faster together. The write given with the first item is used; its
// error undoes the transaction. What was gathered in a part that [Tx.Try] undoes is
// undone with it.
//
// Types are written in the order in which they were first gathered.
func Gather[T any](t *Tx, item T, write func(context.Context, []T) error) error {
	if t.dead != nil {
		return t.dead
	}
	for _, p := range t.piles {
		if g, ok := p.(*gathered[T]); ok {
			g.items = append(g.items, item)
			return nil
		}
	}
	t.piles = append(t.piles, &gathered[T]{[]T{item}, write})
	return nil
}

func (g *gathered[T]) write(ctx context.Context) (bool, error) {
	if len(g.items) == 0 {
		return false, nil
	}
	items := g.items
	g.items = nil // writing them may gather more
	return true, g.flush(ctx, items)
}

func (g *gathered[T]) size() int { return len(g.items) }

func (g *gathered[T]) cut(n int) { g.items = g.items[:n] }

// writePiles writes what was gathered, and what is gathered while writing.
func (t *Tx) writePiles(ctx context.Context) error {
	for more := true; more; {
		more = false
		for i := 0; i < len(t.piles); i++ { // which may become more as well
			wrote, err := t.piles[i].write(ctx)
			if err != nil {
				return err
			}
			more = more || wrote
		}
	}
	return nil
}

// pileSizes remembers what has been gathered up to now.
func (t *Tx) pileSizes() []int {
	sizes := make([]int, len(t.piles))
	for i, p := range t.piles {
		sizes[i] = p.size()
	}
	return sizes
}

// cutPiles forgets what has been gathered since the piles had these sizes.
func (t *Tx) cutPiles(sizes []int) {
	for i, p := range t.piles {
		if i < len(sizes) {
			p.cut(sizes[i])
		} else {
			p.cut(0)
		}
	}
}
