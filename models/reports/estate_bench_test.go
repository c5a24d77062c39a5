package reports_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/reports"
	"pilveturg/models/systems"
)

// How large the estate is that questions are timed over.
const (
	manySystems = 10_000
	manyOwners  = 2_000
)

// BenchmarkEstate times the questions about owned systems: 10,000 of 2,000 bodies, each
// with five lines of costs.
func BenchmarkEstate(b *testing.B) {
	o := newOffice(b)
	categories := []string{"education", "maps", "documents", "identity", "contact", "health"}
	var all []systems.Brought
	for i := range manySystems {
		costs := []systems.Cost{bought(strconv.Itoa(10_000 + i)), yearly(systems.Hosting, strconv.Itoa(100+i%900)), yearly(systems.Maintenance, strconv.Itoa(1000+i%5000)), yearly(systems.Licences, strconv.Itoa(i%700)), {Words: "Staff", Kind: systems.Staff, Every: systems.Yearly, Starts: models.NewDate(2020, 1, 1), FTE: "0.3", Pay: "40000"}}
		all = append(all, systems.Brought{Line: i + 1, Owner: models.Key{Scheme: "test", Code: fmt.Sprintf("owner-%d", i%manyOwners)}, OwnerName: fmt.Sprintf("Owner %d", i%manyOwners), OwnerKind: identity.Agency, Costs: costs,
			System: systems.System{Source: "table", External: strconv.Itoa(i), Name: fmt.Sprintf("System %d", i), State: systems.InUse, Category: categories[i%len(categories)], PlannedEnd: models.NewDate(2024+i%9, 12, 31), Shareable: i%50 == 0}})
	}
	did := &systems.Bringing{Kind: "table", File: "many", Hash: strings.Repeat("0", 64), Rows: len(all)}
	o.write(admin, func(ctx context.Context, tx *db.Tx) error { return systems.Bring(ctx, tx, did, all) })
	for _, one := range []struct{ code, by string }{{"together", "ministry"}, {"together", "owner"}, {"together", "year"}, {"run_change", "owner"}, {"run_change", "ministry"}, {"system_cost", "owner"}, {"one_purpose", ""}, {"could_share", ""}, {"investments", "owner"}, {"investments", "rating"}} {
		b.Run(one.code+"/"+one.by, func(b *testing.B) {
			q, err := reports.Find(one.code)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := q.Answer(b.Context(), o.DB, o.analyst, reports.Ask{Year: 2026, By: one.by}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
