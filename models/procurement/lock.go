package procurement

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
)

// Evidence is a search that was locked, with its results as they were seen.
type Evidence struct {
	Query     string      `db:"query"`
	Record    string      `db:"record"` // JSON of a [Record]
	Hash      string      `db:"hash"`   // SHA-256 of Record, hexadecimal
	AccountID int64       `db:"account_id"`
	At        models.Time `db:"locked_at"`
}

// Record is all that is locked. Its JSON never changes, so its fields do not either.
type Record struct {
	Project      string           `json:"project"` // "P-14"
	Query        string           `json:"query"`
	Category     string           `json:"category"`
	Volume       string           `json:"volume"`
	Unit         string           `json:"unit"`
	At           string           `json:"locked_at"` // RFC 3339, UTC
	Account      int64            `json:"account"`
	Requirements []RecordedDemand `json:"requirements"`
	Results      []RecordedResult `json:"results"` // in the order in which they were found, then those added by number
}

// RecordedDemand is a requirement in a [Record].
type RecordedDemand struct {
	ID       int64  `json:"id"`
	Force    Force  `json:"force"`
	Words    string `json:"words"`
	Weight   int    `json:"weight"`
	Way      Way    `json:"way"`
	Subject  string `json:"subject,omitempty"`
	Operator string `json:"operator,omitempty"`
	Wanted   string `json:"wanted,omitempty"`
	Why      string `json:"why,omitempty"`
}

// RecordedResult is a service in a [Record].
type RecordedResult struct {
	Service  string   `json:"service"`  // "SC-31"
	Version  int      `json:"version"`  // which buyers saw
	Hash     string   `json:"hash"`     // of what the version says
	Revision int64    `json:"revision"` // of all that the page of the service showed
	Standing Standing `json:"standing"`
	ByHand   bool     `json:"by_hand,omitempty"`
	Reason   string   `json:"reason,omitempty"`
	Missed   []int64  `json:"missed,omitempty"` // ids of requirements
}

// Lock makes what a search has found, in its order, evidence: with the version of each
// service that buyers see now, with the requirements, and with what was decided about
// each and why. Nothing of that changes afterwards. It fails with [models.Invalid] when
// not every service that was found is decided about, or nothing is kept, or too much
// was found; locking twice is no failure.
func Lock(ctx context.Context, tx *db.Tx, project int64, found []int64) error {
	p, err := held(ctx, tx, project)
	switch {
	case err != nil:
		return err
	case !p.Editable(tx.Actor):
		return fmt.Errorf("lock project %d: %w", project, models.ErrForbidden)
	case p.State == Locked:
		return nil
	case p.State == Closed:
		return fmt.Errorf("lock project %d: it is closed: %w", project, models.ErrConflict)
	case p.State != Shortlisted:
		return models.Invalid{"lock": "project.nothing_kept"}
	case len(found) > MostFound:
		return models.Invalid{"lock": "project.too_many_found"}
	}
	results, err := recordResults(ctx, tx, project, found)
	if err != nil {
		return err
	}
	record := Record{Project: p.Code(), Query: p.Search, Category: p.Category, Volume: p.Volume, Unit: p.Unit,
		At: tx.Now.UTC().Format("2006-01-02T15:04:05Z"), Account: tx.Actor.AccountID, Results: results}
	all, err := Requirements(ctx, tx, project)
	if err != nil {
		return err
	}
	for _, q := range all {
		record.Requirements = append(record.Requirements, RecordedDemand{q.ID, q.Force, q.Words, q.Weight, q.Way, q.Subject, string(q.Operator), q.Wanted, q.Why})
	}
	return record.keep(ctx, tx, &p)
}

// recordResults reads what is to be kept of each service.
func recordResults(ctx context.Context, tx *db.Tx, project int64, found []int64) ([]RecordedResult, error) {
	decided, err := Shortlist(ctx, tx, project)
	if err != nil {
		return nil, err
	}
	ids := slices.Clone(found)
	for _, d := range decided {
		if !slices.Contains(ids, d.OfferingID) {
			ids = append(ids, d.OfferingID)
		}
	}
	var results []RecordedResult
	for _, id := range ids {
		i := slices.IndexFunc(decided, func(d Decided) bool { return d.OfferingID == id })
		if i < 0 {
			return nil, models.Invalid{"lock": "project.undecided"}
		}
		d := decided[i]
		o, err := catalogue.Find(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		e, err := catalogue.FindEdition(ctx, tx, id, o.Published)
		if err != nil {
			return nil, err
		}
		hash, err := e.Hash()
		if err != nil {
			return nil, err
		}
		results = append(results, RecordedResult{catalogue.Number(id), o.Published, hash, o.Revision, d.Standing, d.ByHand, d.Reason, d.Misses()})
	}
	return results, nil
}

// keep writes the record down and locks the project.
func (r *Record) keep(ctx context.Context, tx *db.Tx, p *Project) error {
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("record of project %d: %w", p.ID, err)
	}
	hash := hashOf(string(text))
	const q = `INSERT INTO locked_searches (project_id, query, record, hash, account_id, locked_at) VALUES (?, ?, ?, ?, ?, ?)`
	if _, err := tx.Exec(ctx, q, p.ID, p.Search, string(text), hash, tx.Actor.AccountID, tx.Now); err != nil {
		return fmt.Errorf("lock project %d: %w", p.ID, err)
	}
	var rows [][]any
	for i, one := range r.Results {
		id, _ := catalogue.ParseNumber(one.Service)
		rows = append(rows, []any{p.ID, i + 1, id, one.Version})
	}
	if err := tx.Insert(ctx, "locked_results", []string{"project_id", "position", "offering_id", "version"}, rows); err != nil {
		return fmt.Errorf("lock project %d: %w", p.ID, err)
	}
	const lock = `UPDATE projects SET state = 'locked', locked_at = ?, revision = revision + 1 WHERE id = ? AND state = 'shortlisted'`
	if n, err := tx.Exec(ctx, lock, tx.Now, p.ID); err != nil || n == 0 {
		return fmt.Errorf("lock project %d: %w", p.ID, orConflict(err))
	}
	return audit.Record(ctx, tx, projectLocked, p.Subject(), audit.Change{Field: "hash", New: hash}, audit.Change{Field: "results", New: number(int64(len(r.Results)))})
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// FindEvidence returns the locked search of a project, or [models.ErrNotFound] when
// none is locked. Who may read the project is for the caller to ask.
func FindEvidence(ctx context.Context, r db.Reader, project int64) (Evidence, error) {
	const q = `/* procurement.FindEvidence */ SELECT query, record, hash, account_id, locked_at FROM locked_searches WHERE project_id = ?`
	var e Evidence
	if err := r.Get(ctx, &e, q, project); err != nil {
		return e, fmt.Errorf("locked search of project %d: %w", project, err)
	}
	return e, nil
}

// Replay reads what was locked, and whether it is what it was then: the record by its
// hash, and every version by its own. versions are the kept ones, in the order of the
// results.
func (e *Evidence) Replay(ctx context.Context, r db.Reader) (record Record, versions []Seen, intact bool, err error) {
	if err := json.Unmarshal([]byte(e.Record), &record); err != nil {
		return record, nil, false, fmt.Errorf("record of a locked search: %w", err)
	}
	intact = hashOf(e.Record) == e.Hash
	for _, one := range record.Results {
		id, _ := catalogue.ParseNumber(one.Service)
		o, err := catalogue.Find(ctx, r, id)
		if err != nil {
			return record, nil, false, err
		}
		edition, err := catalogue.FindEdition(ctx, r, id, one.Version)
		if err != nil {
			return record, nil, false, err
		}
		hash, err := edition.Hash()
		if err != nil {
			return record, nil, false, err
		}
		intact = intact && hash == one.Hash
		versions = append(versions, Seen{o, edition})
	}
	return record, versions, intact, nil
}
