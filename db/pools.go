package db

import (
	"time"

	"github.com/jmoiron/sqlx"
)

// Pool tells how busy the connections of one kind are.
type Pool struct {
	Name              string // "read" and "write" on SQLite, "all" on PostgreSQL
	Open, InUse, Most int    // connections; no more than Most are open
	Waits             int64  // times that somebody waited for one since the start
	Waited            time.Duration
}

// Pools tells how busy the database's connections are.
func (d *DB) Pools() []Pool {
	if d.writer == nil {
		return []Pool{poolOf("all", d.pool)}
	}
	return []Pool{poolOf("read", d.pool), poolOf("write", d.writer.pool)}
}

func poolOf(name string, p *sqlx.DB) Pool {
	st := p.Stats()
	return Pool{Name: name, Open: st.OpenConnections, InUse: st.InUse, Most: st.MaxOpenConnections, Waits: st.WaitCount, Waited: st.WaitDuration}
}
