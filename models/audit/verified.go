package audit

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// The fields of [Verified].
const (
	eventsField   = "events"
	intactField   = "intact"
	hashField     = "hash"
	findingsField = "findings" // "altered 2 14, end 1 99": the fault, how often, and at which event first
)

// RecordReport keeps what a [Verify] found as an event. Only administrators verify.
func RecordReport(ctx context.Context, tx *db.Tx, report Report) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("record a verification: %w", models.ErrForbidden)
	}
	var c Changes
	c.Add(eventsField, "", strconv.FormatInt(report.Events, 10))
	c.Add(intactField, "", strconv.FormatInt(report.Intact, 10))
	c.Add(hashField, "", report.Hash)
	var findings []string
	for _, f := range report.Findings {
		findings = append(findings, fmt.Sprintf("%s %d %d", f.Fault, f.Count, f.First))
	}
	c.Add(findingsField, "", strings.Join(findings, ", "))
	return Record(ctx, tx, Verified, "audit log", c...)
}

// LastReport returns what the last recorded verification found, and when. It fails
// with [models.ErrNotFound] when there was none.
func LastReport(ctx context.Context, r db.Reader) (Report, models.Time, error) {
	last, err := Find(ctx, r, Filter{Action: Verified}, models.Page{Number: 1, Size: 1})
	if err == nil && len(last) == 0 {
		err = fmt.Errorf("verification: %w", models.ErrNotFound)
	}
	if err != nil {
		return Report{}, models.Time{}, err
	}
	return last[0].report(), last[0].At, nil
}

// report reads what [RecordReport] has written.
func (e Event) report() (report Report) {
	report.Hash = e.New(hashField)
	report.Events, _ = strconv.ParseInt(e.New(eventsField), 10, 64)
	report.Intact, _ = strconv.ParseInt(e.New(intactField), 10, 64)
	for text := range strings.SplitSeq(e.New(findingsField), ", ") {
		var f Finding
		if n, _ := fmt.Sscan(text, &f.Fault, &f.Count, &f.First); n == 3 {
			report.Findings = append(report.Findings, f)
		}
	}
	return report
}
