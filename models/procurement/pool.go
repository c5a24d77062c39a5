package procurement

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// PoolState says what became of an invitation to buy together.
type PoolState string

// The states. Who joined may leave until the project is locked.
const (
	PoolInvited  PoolState = "invited"
	PoolJoined   PoolState = "joined"
	PoolDeclined PoolState = "declined"
	PoolLeft     PoolState = "left"
)

// PoolReason says why a body is invited.
type PoolReason string

// The reasons.
const (
	SameNeed  PoolReason = "project"  // it has an open project in the same category
	EndsSoon  PoolReason = "contract" // what it uses in the category ends within [SoonMonths]
	mostPools            = 200        // bodies that are invited at once
)

// PoolBody is a body that was invited.
type PoolBody struct {
	ProjectID int64       `db:"project_id"`
	OrgID     int64       `db:"organisation_id"` // 0 for who invites, unless it joined
	Reason    PoolReason  `db:"reason"`
	State     PoolState   `db:"state"`
	Volume    string      `db:"volume"` // decimal; "" unless it joined
	Invited   models.Time `db:"invited_at"`
	Answered  models.Time `db:"answered_at"`
}

const (
	poolOpened   audit.Action = "pool.opened"
	poolJoined   audit.Action = "pool.joined"
	poolDeclined audit.Action = "pool.declined"
	poolLeft     audit.Action = "pool.left"
)

// candidates are the bodies that may want to buy the same, and why. They are not told
// to who invites.
func candidates(ctx context.Context, r db.Reader, s *catalogue.Schema, p *Project, day models.Date) (map[int64]PoolReason, error) {
	if p.Category == "" {
		return nil, nil // everybody needs something of the whole catalogue
	}
	found := map[int64]PoolReason{}
	marks, args := db.In(s.Below(p.Category))
	var same []int64
	q := `/* procurement.candidates */ SELECT DISTINCT organisation_id FROM projects WHERE state IN ('drafting', 'shortlisted') AND organisation_id <> ? AND category IN ` + marks
	if err := r.Select(ctx, &same, q, append([]any{p.OrgID}, args...)...); err != nil {
		return nil, fmt.Errorf("who needs the same as project %d: %w", p.ID, err)
	}
	where, inCategory := within(s, p)
	var ending []int64
	q = `/* procurement.candidates */ SELECT DISTINCT u.organisation_id FROM uses u JOIN offerings o ON o.id = u.offering_id
		WHERE u.phase = 'in_use' AND u.until >= ? AND u.until <= ? AND u.organisation_id <> ?` + where
	if err := r.Select(ctx, &ending, q, append([]any{day, day.AddMonths(SoonMonths), p.OrgID}, inCategory...)...); err != nil {
		return nil, fmt.Errorf("whose use ends soon in the category of project %d: %w", p.ID, err)
	}
	var leaving []int64
	q = `/* procurement.candidates */ SELECT DISTINCT u.organisation_id FROM subscriptions u JOIN offerings o ON o.id = u.offering_id
		WHERE u.state IN ('active', 'suspended', 'ending') AND u.ends >= ? AND u.ends <= ? AND u.organisation_id <> ?` + where
	if err := r.Select(ctx, &leaving, q, append([]any{day, day.AddMonths(SoonMonths), p.OrgID}, inCategory...)...); err != nil {
		return nil, fmt.Errorf("whose subscription ends soon in the category of project %d: %w", p.ID, err)
	}
	for _, id := range append(ending, leaving...) {
		found[id] = EndsSoon
	}
	for _, id := range same {
		found[id] = SameNeed
	}
	return found, nil
}

// PoolCount says how many bodies may want to buy the same, by reason, without names.
func PoolCount(ctx context.Context, r db.Reader, s *catalogue.Schema, p *Project, day models.Date) (map[PoolReason]int, error) {
	found, err := candidates(ctx, r, s, p, day)
	counts := map[PoolReason]int{}
	for _, reason := range found {
		counts[reason]++
	}
	return counts, err
}

// OpenPool invites all bodies that may want to buy the same to a project that is open;
// those who were invited are not invited again. Their buyers are told who invites. It
// returns how many bodies are new.
func OpenPool(ctx context.Context, tx *db.Tx, s *catalogue.Schema, project int64, words string) (invited int, err error) {
	p, err := held(ctx, tx, project)
	words = strings.TrimSpace(words)
	switch {
	case err != nil:
		return 0, err
	case !p.Sending(tx.Actor):
		return 0, fmt.Errorf("invite to project %d: %w", project, models.ErrForbidden)
	case !p.Open():
		return 0, fmt.Errorf("invite to project %d, which is %s: %w", project, p.Stage(), models.ErrConflict)
	case p.Unit == "":
		return 0, models.Invalid{"": "pool.no_volume"}
	case words == "":
		return 0, models.Invalid{"words": "pool.words_missing"}
	case utf8.RuneCountInString(words) > MaxReason:
		return 0, models.Invalid{"words": "project.reason_long"}
	}
	found, err := candidates(ctx, tx, s, &p, models.DateOf(tx.Now.Time))
	if err != nil {
		return 0, err
	}
	const open = `INSERT INTO pools (project_id, words, volume, account_id, opened_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (project_id) DO UPDATE SET words = excluded.words`
	if _, err := tx.Exec(ctx, open, project, words, p.Volume, tx.Actor.AccountID, tx.Now); err != nil {
		return 0, err
	}
	for _, id := range sortedIDs(found) {
		const insert = `INSERT INTO pool_bodies (project_id, organisation_id, reason, state, invited_at) VALUES (?, ?, ?, 'invited', ?) ON CONFLICT DO NOTHING`
		n, err := tx.Exec(ctx, insert, project, id, found[id], tx.Now)
		if err != nil {
			return 0, err
		}
		if n == 0 || invited == mostPools {
			continue
		}
		invited++
		if err := tellBuyers(ctx, tx, id, &p); err != nil {
			return 0, err
		}
	}
	return invited, audit.Record(ctx, tx, poolOpened, subject(project), audit.Change{Field: "words", New: words}, audit.Change{Field: "bodies", New: fmt.Sprint(invited)})
}

func sortedIDs(found map[int64]PoolReason) []int64 {
	var ids []int64
	for id := range found {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// tellBuyers tells the buyers of a body that they are invited.
func tellBuyers(ctx context.Context, tx *db.Tx, org int64, p *Project) error {
	members, err := identity.Members(ctx, tx, org)
	if err != nil {
		return err
	}
	from, err := identity.Find(ctx, tx, p.OrgID)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.State != identity.Active || !m.Actor().May(models.Draft) {
			continue
		}
		who, err := identity.FindAccount(ctx, tx, m.AccountID)
		if err != nil {
			return err
		}
		name, _ := from.Names.Pick(who.Language)
		if err := tellAccount(ctx, tx, m.AccountID, work.PoolInvitation, fmt.Sprintf("/pools/p-%d", p.ID), name, p.Name); err != nil {
			return err
		}
	}
	return nil
}

// PoolBodies returns the bodies that were invited to a project; only those that joined
// are named. Who may read the project is for the caller to ask.
func PoolBodies(ctx context.Context, r db.Reader, project int64) ([]PoolBody, error) {
	const q = `/* procurement.PoolBodies */ SELECT project_id, CASE WHEN state = 'joined' THEN organisation_id ELSE 0 END AS organisation_id, reason, state, volume, invited_at, answered_at
		FROM pool_bodies WHERE project_id = ? ORDER BY state, invited_at, organisation_id`
	var all []PoolBody
	if err := r.Select(ctx, &all, q, project); err != nil {
		return nil, fmt.Errorf("bodies invited to project %d: %w", project, err)
	}
	return all, nil
}

// Pool is an invitation as the body reads it that was invited.
type Pool struct {
	PoolBody
	Inviter  int64       `db:"inviter"` // organisation
	Name     string      `db:"name"`    // of the project
	Words    string      `db:"words"`
	Category string      `db:"category"`
	Unit     string      `db:"unit"`
	Joint    string      `db:"own_volume"` // of who invites, decimal
	Years    int         `db:"years"`
	Needed   models.Date `db:"needed"`
	Project  State       `db:"project_state"`
}

const poolColumns = `b.project_id, b.organisation_id, b.reason, b.state, b.volume, b.invited_at, b.answered_at, p.organisation_id AS inviter, p.name, o.words, p.category, p.unit,
	o.volume AS own_volume, p.years, p.needed, p.state AS project_state
	FROM pool_bodies b JOIN pools o ON o.project_id = b.project_id JOIN projects p ON p.id = b.project_id WHERE b.organisation_id = ?`

// Pools returns the invitations of the actor's organisation, the newest first.
func Pools(ctx context.Context, r db.Reader, a models.Actor) ([]Pool, error) {
	var all []Pool
	if a.OrgID == 0 || !a.Is(models.Buyer) {
		return nil, nil
	}
	if err := r.Select(ctx, &all, `/* procurement.Pools */ SELECT `+poolColumns+` ORDER BY b.invited_at DESC, b.project_id DESC`, a.OrgID); err != nil {
		return nil, fmt.Errorf("invitations of organisation %d: %w", a.OrgID, err)
	}
	return all, nil
}

// FindPool returns one of them, or [models.ErrNotFound].
func FindPool(ctx context.Context, r db.Reader, a models.Actor, project int64) (Pool, error) {
	var p Pool
	if !a.Is(models.Buyer) {
		return p, fmt.Errorf("invitation to project %d: %w", project, models.ErrForbidden)
	}
	if err := r.Get(ctx, &p, `/* procurement.FindPool */ SELECT `+poolColumns+` AND b.project_id = ?`, a.OrgID, project); err != nil {
		return p, fmt.Errorf("invitation to project %d: %w", project, err)
	}
	return p, nil
}

// AnswerPool joins with a volume, declines, or leaves again. Joining tells who invites
// which body it is; nothing else does. After the project is locked nobody joins or
// leaves.
func AnswerPool(ctx context.Context, tx *db.Tx, project int64, to PoolState, volume string) error {
	p, err := FindPool(ctx, tx, tx.Actor, project)
	switch {
	case err != nil:
		return err
	case !tx.Actor.May(models.Draft):
		return fmt.Errorf("answer the invitation to project %d: %w", project, models.ErrForbidden)
	case p.Project != Drafting && p.Project != Shortlisted:
		return fmt.Errorf("answer the invitation to project %d, which is %s: %w", project, p.Project, models.ErrConflict)
	case to == PoolDeclined && p.State == PoolJoined:
		to = PoolLeft
	case to != PoolJoined && to != PoolDeclined:
		return models.Invalid{"answer": "pool.answer_missing"}
	}
	if to != PoolJoined {
		volume = ""
	} else if n, err := models.ParseDecimal(volume); err != nil || n.Sign() <= 0 || n.Cmp(models.Whole(MaxVolume)) > 0 {
		return models.Invalid{"volume": "project.volume_wrong"}
	} else {
		volume = n.String()
	}
	if p.State == to && p.Volume == volume {
		return nil
	}
	const q = `UPDATE pool_bodies SET state = ?, volume = ?, account_id = ?, answered_at = ? WHERE project_id = ? AND organisation_id = ?`
	if _, err := tx.Exec(ctx, q, to, volume, tx.Actor.AccountID, tx.Now, project, tx.Actor.OrgID); err != nil {
		return fmt.Errorf("answer the invitation to project %d: %w", project, err)
	}
	action := map[PoolState]audit.Action{PoolJoined: poolJoined, PoolDeclined: poolDeclined, PoolLeft: poolLeft}[to]
	// What a body declines is nobody else's to know, so it stands in the log of the body.
	on := fmt.Sprintf("invitation to project %d", project)
	if to != PoolDeclined {
		on = subject(project)
	}
	if err := audit.Record(ctx, tx, action, on, audit.Change{Field: "volume", Old: p.Volume, New: volume}); err != nil || to == PoolDeclined {
		return err
	}
	return tellLead(ctx, tx, project, work.PoolAnswered, "/pool")
}

// JointVolume adds up what the body that invited to a project needed alone and what
// those need who joined.
func JointVolume(ctx context.Context, r db.Reader, project int64, bodies []PoolBody) (models.Decimal, error) {
	var own string
	if err := r.Get(ctx, &own, `/* procurement.JointVolume */ SELECT volume FROM pools WHERE project_id = ?`, project); err != nil {
		return models.Decimal{}, fmt.Errorf("joint volume of project %d: %w", project, err)
	}
	sum, err := models.ParseDecimal(own)
	if err != nil {
		return sum, err
	}
	for _, b := range bodies {
		if b.State != PoolJoined {
			continue
		}
		n, err := models.ParseDecimal(b.Volume)
		if err != nil {
			return sum, err
		}
		if sum, err = sum.Add(n); err != nil {
			return sum, err
		}
	}
	return sum, nil
}
