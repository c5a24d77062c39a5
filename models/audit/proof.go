package audit

import (
	"context"
	"fmt"

	"pilveturg/db"
)

// Proof says whether what the log tells of some subjects is as it was written.
type Proof struct {
	Events int // of the subjects
	Bad    int // whose hash is not that of their content, or that the next event of the log does not follow
	Last   int64
}

// Intact reports whether nothing was found.
func (p Proof) Intact() bool { return p.Bad == 0 }

// Prove checks the events of subjects, each by its own hash and by the event after it,
// which holds that hash. It reads no more of the log; all of it is for [Verify].
func Prove(ctx context.Context, r db.Reader, subjects ...string) (p Proof, err error) {
	where, args := Filter{Subjects: subjects}.where()
	var rows []row
	if err := r.Select(ctx, &rows, `/* audit.Prove */ SELECT `+columns+where+` ORDER BY seq`, args...); err != nil {
		return p, fmt.Errorf("proof of %v: %w", subjects, err)
	}
	marks, places := db.In(followers(rows))
	var next []struct {
		Seq      int64  `db:"seq"`
		Previous string `db:"previous"`
	}
	if err := r.Select(ctx, &next, `/* audit.Prove */ SELECT seq, previous FROM audit_events WHERE seq IN `+marks, places...); err != nil {
		return p, fmt.Errorf("proof of %v: %w", subjects, err)
	}
	held := make(map[int64]string, len(next))
	for _, n := range next {
		held[n.Seq-1] = n.Previous
	}
	for i := range rows {
		one := &rows[i]
		p.Events, p.Last = p.Events+1, one.Seq
		if hash, followed := held[one.Seq]; one.sum() != one.Hash || followed && hash != one.Hash {
			p.Bad++
		}
	}
	return p, nil
}

// followers are the places of the events right after those of rows.
func followers(rows []row) []int64 {
	places := make([]int64, len(rows))
	for i := range rows {
		places[i] = rows[i].Seq + 1
	}
	return places
}
