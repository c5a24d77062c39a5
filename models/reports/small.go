package reports

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
)

// What the money of small firms is told apart by, beside years.
const (
	bySize   = "size"
	bySector = "sector"
)

// The sizes: those that count as small and medium enterprises together, large ones, and
// vendors of which nobody says.
const (
	sizeSmall   = "sme"
	sizeLarge   = "large"
	sizeUnknown = "undeclared"
)

// sizeOf reads what a vendor says of itself, or a file of it.
func sizeOf(words string) string {
	switch spend.Fold(words) {
	case "micro", "small", "medium", "sme", "yes", "y", "true", "msme", "vke", "väike", "mikro", "keskmine":
		return sizeSmall
	case "large", "no", "n", "false", "non-sme", "suur", "suurettevõte":
		return sizeLarge
	}
	return sizeUnknown
}

// Headings under which files say how large a vendor is, and of what sector a body, as
// [spend.Fold] has them.
var (
	sizeHeadings   = []string{"smeorlarge", "sme", "sme or large", "enterprise size", "supplier size", "size of supplier", "ettevõtte suurus"}
	sectorHeadings = []string{"sector", "customer sector", "valdkond"}
)

// said are what files say of names in columns that have no other use: of each name what
// stands in its last charge.
func said(ctx context.Context, r db.Reader, kind spend.NameKind, headings []string) (map[int64]string, error) {
	column := string(kind) + `_id`
	q := `/* reports.said */ SELECT n.id, COALESCE((SELECT c.more FROM ledger_charges c WHERE c.` + column + ` = n.id AND c.more <> '' ORDER BY c.month DESC LIMIT 1), '') AS more FROM ledger_names n WHERE n.kind = ?`
	all := map[int64]string{}
	for row, err := range db.Each[struct {
		ID   int64  `db:"id"`
		More string `db:"more"`
	}](ctx, r, q, string(kind)) {
		if err != nil {
			return nil, fmt.Errorf("what files say of a %s: %w", kind, err)
		}
		var more map[string]any
		if row.More == "" || json.Unmarshal([]byte(row.More), &more) != nil {
			continue
		}
		for heading, value := range more {
			if words, ok := value.(string); ok && slices.Contains(headings, spend.Fold(heading)) {
				all[row.ID] = strings.Join(strings.Fields(words), " ")
			}
		}
	}
	return all, nil
}

// told is what is known of names, by their keys: what an organisation says of itself comes
// before what a file says of it.
func told(ctx context.Context, r db.Reader, kind spend.NameKind, headings []string, own func(body) string) (map[string]string, error) {
	files, err := said(ctx, r, kind, headings)
	if err != nil {
		return nil, err
	}
	orgs, err := bodies(ctx, r)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for id, b := range orgs {
		if words := own(b); words != "" {
			all[fmt.Sprintf("o%d", id)] = words
		}
	}
	ids := make([]int64, 0, len(files))
	for id := range files {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	labels, err := spend.Labels(ctx, r, ids)
	for _, id := range ids {
		if key := labels[id].Key; all[key] == "" {
			all[key] = files[id]
		}
	}
	return all, err
}

// sizes are the sizes of vendors, by key.
func sizes(ctx context.Context, r db.Reader) (map[string]string, error) {
	all, err := told(ctx, r, spend.VendorName, sizeHeadings, func(b body) string { return b.Class })
	for key, words := range all {
		all[key] = sizeOf(words)
	}
	return all, err
}

// answerSmall tells what reaches small and medium enterprises.
func answerSmall(ctx context.Context, q *asking) (*Answer, error) {
	sizes, err := sizes(ctx, q.r)
	if err != nil {
		return nil, err
	}
	switch q.By {
	case bySize:
		return q.smallBySize(ctx, sizes)
	case bySector:
		return q.smallBySector(ctx, sizes)
	}
	years, err := q.years(ctx)
	if err != nil {
		return nil, err
	}
	a := smallTable(Column{"year", Year})
	a.Draw = Draw{As: "stacks", Label: 0, Values: []int{1, 2, 3}}
	var all parted
	for _, year := range years {
		one := q.ofYear(year)
		rows, err := one.sums(ctx, spend.ByVendor)
		if err != nil {
			return nil, err
		}
		var p parted
		for i := range rows {
			p.add(sizes[rows[i].Of[0].Key], one.of(&rows[i].Sum))
		}
		all.addAll(p)
		a.Rows = append(a.Rows, Row{Values: p.values(text(q.YearName(year))), Below: &Below{Question: "small", By: bySize, Year: year}})
	}
	a.Figures = all.figures()
	return q.answered(ctx, a)
}

// parted is money by the size of who is paid.
type parted struct{ small, large, unknown models.Exact }

func (p *parted) add(size string, e models.Exact) {
	switch size {
	case sizeSmall:
		p.small = add(p.small, e)
	case sizeLarge:
		p.large = add(p.large, e)
	default:
		p.unknown = add(p.unknown, e)
	}
}

func (p *parted) addAll(o parted) {
	p.small, p.large, p.unknown = add(p.small, o.small), add(p.large, o.large), add(p.unknown, o.unknown)
}

func (p *parted) all() models.Exact { return add(add(p.small, p.large), p.unknown) }

// values are those of a row: the share is of what is declared, so that what is not says
// nothing for either.
func (p *parted) values(name Value) []Value {
	return []Value{name, amount(p.small), amount(p.large), amount(p.unknown), amount(p.all()), share(p.small, add(p.small, p.large))}
}

func (p *parted) figures() []Figure {
	return []Figure{{"small_share", Percent, share(p.small, add(p.small, p.large))}, {"undeclared_share", Percent, share(p.unknown, p.all())}}
}

// smallTable is a table of money by size.
func smallTable(first ...Column) *Answer {
	n := len(first)
	return &Answer{Columns: append(first, Column{"small", Money}, Column{"large", Money}, Column{"undeclared", Money}, Column{"amount", Money}, Column{"small_share", Percent}), Sums: n + 3}
}

// smallBySize tells which vendors are of which size.
func (q *asking) smallBySize(ctx context.Context, sizes map[string]string) (*Answer, error) {
	rows, err := q.sums(ctx, spend.ByVendor)
	if err != nil {
		return nil, err
	}
	a := &Answer{Columns: []Column{{"vendor", Name}, {"size", Name}, {"amount", Money}}, Sums: 2}
	all := make([]side, len(rows))
	var p parted
	for i := range rows {
		all[i] = side{Label: rows[i].Of[0], name: named(rows[i].Of[0]), amount: q.of(&rows[i].Sum)}
		p.add(sizes[all[i].Key], all[i].amount)
	}
	mostMoney(all)
	for i := range all {
		a.Rows = append(a.Rows, Row{Values: []Value{text(all[i].name), code(cmp.Or(sizes[all[i].Key], sizeUnknown)), amount(all[i].amount)}, Below: &Below{Question: "spent", By: byBuyer, Vendor: all[i].Key}})
	}
	a.Figures = p.figures()
	return q.answered(ctx, a)
}

// sectorPart is the money of one sector for one category.
type sectorPart struct{ sector, kind, category string }

// smallBySector tells the same by the sector of who pays, and by category.
func (q *asking) smallBySector(ctx context.Context, sizes map[string]string) (*Answer, error) {
	sectors, err := told(ctx, q.r, spend.BuyerName, sectorHeadings, func(body) string { return "" })
	if err != nil {
		return nil, err
	}
	orgs, err := bodies(ctx, q.r)
	if err != nil {
		return nil, err
	}
	rows, err := q.sums(ctx, spend.ByBuyer, spend.ByCategory, spend.ByVendor)
	if err != nil {
		return nil, err
	}
	found := map[sectorPart]*parted{}
	names := map[sectorPart]spend.Label{}
	for i := range rows {
		buyer, category := rows[i].Of[0], rows[i].Of[1]
		at := sectorPart{sector: sectors[buyer.Key], category: category.Key}
		if at.sector == "" {
			at.kind = cmp.Or(orgs[buyer.Is].Kind, sizeUnknown)
		}
		if found[at] == nil {
			found[at], names[at] = &parted{}, category
		}
		found[at].add(sizes[rows[i].Of[2].Key], q.of(&rows[i].Sum))
	}
	a := smallTable(Column{"sector", Name}, Column{"category", Name})
	keys := make([]sectorPart, 0, len(found))
	for at := range found {
		keys = append(keys, at)
	}
	slices.SortFunc(keys, func(x, y sectorPart) int {
		return cmp.Or(cmp.Compare(x.sector, y.sector), cmp.Compare(x.kind, y.kind), cmp.Compare(named(names[x]), named(names[y])), cmp.Compare(x.category, y.category))
	})
	var all parted
	for _, at := range keys {
		values := found[at].values(text(named(names[at])))
		a.Rows = append(a.Rows, Row{Values: append([]Value{{Text: at.sector, Code: at.kind}}, values...), Below: &Below{Question: "small", By: bySize, Category: at.category}})
		all.addAll(*found[at])
	}
	a.Figures = all.figures()
	return q.answered(ctx, a)
}
