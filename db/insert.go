package db

import (
	"context"
	"fmt"
	"strings"
)

// chunk is how many parameters one INSERT has at most. Both engines take more
// (32,766 and 65,535), but beyond this it does not get faster.
const chunk = 1000

// Insert adds rows to a table, many with each statement. Each row holds one value
// for each of columns. See [Taken] and [Refused] for its errors.
func (t *Tx) Insert(ctx context.Context, table string, columns []string, rows [][]any) error {
	if len(columns) == 0 {
		return fmt.Errorf("insert into %s: no columns", table)
	}
	for i, r := range rows {
		if len(r) != len(columns) {
			return fmt.Errorf("insert into %s: row %d has %d values for %d columns", table, i, len(r), len(columns))
		}
	}
	head := `INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) VALUES `
	one := `(?` + strings.Repeat(`, ?`, len(columns)-1) + `)`
	size := max(1, chunk/len(columns))
	for len(rows) > 0 {
		n := min(size, len(rows))
		args := make([]any, 0, n*len(columns))
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if _, err := t.Exec(ctx, head+one+strings.Repeat(`, `+one, n-1), args...); err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
		rows = rows[n:]
	}
	return nil
}
