package handlers

import (
	"net/url"
	"strconv"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/views"
)

// slice is one page of a long list.
type slice struct {
	models.Page
	Total int // rows in all
	Pages int
}

// cut takes the page that the address asks for out of so many rows; it is not ok
// when there is no such page.
func cut(r *web.Request, total, size int) (slice, bool) {
	number, ok := r.PageNumber()
	s := slice{Page: models.Page{Number: number, Size: size}, Total: total}
	s.Pages = s.Count(total)
	return s, ok && number <= s.Pages
}

// title is the title of a page, with its number when there are several.
func (s slice) title(w speaker, title string) string {
	if s.Pages < 2 {
		return title
	}
	return w.T("list.page", title, w.Number(int64(s.Number)), w.Number(int64(s.Pages)))
}

// order says how a list is sorted, and which part of it this page is.
func (s slice) order(w speaker) string {
	if s.Pages < 2 {
		return w.T("list.order")
	}
	first := s.Offset() + 1
	last := min(s.Offset()+s.Size, s.Total)
	return w.T("list.order_part", w.Number(int64(first)), w.Number(int64(last)), w.Number(int64(s.Total)))
}

// pager leads through the pages of a list; address gives their paths.
func (s slice) pager(lang string, address func(n int) string) *views.Pager {
	return views.NewPager(s.Number, s.Pages, func(n int) string { return at(lang, address(n)) })
}

// pick returns the rows that are on the page.
func pick[T any](rows []T, s slice) []T {
	from := min(s.Offset(), len(rows))
	return rows[from:min(from+s.Size, len(rows))]
}

// pageAddress is the path of the n-th page of a list. Empty fields are left out,
// and so is the number of the first page.
func pageAddress(path string, query url.Values, n int) string {
	kept := url.Values{}
	for k, v := range query {
		if len(v) > 0 && v[0] != "" {
			kept[k] = v
		}
	}
	if n > 1 {
		kept.Set("page", strconv.Itoa(n))
	}
	return withQuery(path, kept.Encode())
}

// listed is a page of services, with their number as its heading.
func (s *Site) listed(r *web.Request, ids []int64, part slice, address func(n int) string) (views.Listed, error) {
	cards, err := catalogue.Cards(r.Context(), s.DB, ids)
	if err != nil {
		return views.Listed{}, err
	}
	w := s.speaker(r.Lang)
	l := views.Listed{Found: w.N("list.all", int64(part.Total)), Order: part.order(w), Pager: part.pager(r.Lang, address)}
	for _, c := range cards {
		card := w.card(c)
		card.Tick = w.tick(c.ID, card.Name)
		l.Tags = l.Tags || len(card.Tags) > 0
		l.Cards = append(l.Cards, card)
	}
	if len(l.Cards) > 0 {
		l.Compare = w.tickForm()
	}
	return l, nil
}

// tick is the box that chooses an offering for comparing.
func (w speaker) tick(id int64, name views.Words) views.Tick {
	return views.Tick{Name: fieldService, Value: lowerNumber(id), Label: w.T("search.tick"), For: name}
}

// tickForm is the form that takes what was ticked on a page to where it is set side
// by side.
func (w speaker) tickForm() *views.Ticks {
	return &views.Ticks{Action: at(w.Tag, comparePath), Name: fieldService, Label: w.T("search.tick"), Button: w.T("search.compare")}
}

// card is how a list shows an offering.
func (w speaker) card(c catalogue.Card) views.Card {
	vendor := views.In(c.Vendor, w.Tag)
	name, summary := w.nameAndSummary(c.Words)
	return views.Card{
		ID:      "s" + strconv.FormatInt(c.ID, 10),
		Name:    name,
		URL:     at(w.Tag, servicePath(c.ID, c.Slug)),
		Vendor:  views.Link{URL: at(w.Tag, vendorPath(c.VendorID, c.VendorURL)), Text: vendor.Text, Lang: vendor.Lang},
		Summary: summary,
		Tags:    w.tags(c.Offering, c.DemoPrice),
		Price:   w.priceLine(c.Plans),
		Users:   w.usedBy(c.Users),
	}
}

// nameAndSummary picks both in the language of the page, or each in what it is
// written in.
func (w speaker) nameAndSummary(words map[string]catalogue.Words) (name, summary views.Words) {
	var names, summaries models.Text
	for lang, t := range words {
		names.Set(lang, t.Name)
		summaries.Set(lang, t.Summary)
	}
	return views.In(names, w.Tag), views.In(summaries, w.Tag)
}

// tags are what a reader should know of an offering at first sight.
func (w speaker) tags(o catalogue.Offering, demoPrice bool) []views.Tag {
	var tags []views.Tag
	add := func(yes bool, kind, text string) {
		if yes {
			tags = append(tags, views.Tag{Kind: kind, Text: text})
		}
	}
	add(o.Life == catalogue.Closed, views.Warn, w.T("list.tag.closed"))
	add(o.Life == catalogue.Suspended, views.Err, w.T("list.tag.suspended"))
	add(o.Life == catalogue.Withdrawn, views.Err, w.T("list.tag.withdrawn"))
	add(o.Unclaimed, views.Info, w.T("list.tag.unclaimed"))
	add(o.Invented, views.Violet, w.T("list.tag.invented"))
	add(demoPrice, views.Violet, w.T("price.demo"))
	return tags
}

// usedBy says how many organisations use a service.
func (w speaker) usedBy(n int) string {
	if n == 0 {
		return w.T("list.users_none")
	}
	return w.N("list.users", int64(n))
}

// shell is what the pages of lists have around them.
func (w speaker) shell(section, title string, crumbs ...views.Link) views.Shell {
	return views.Shell{Section: section, Title: title, Crumbs: crumbs}
}

// home leads to the home page.
func (w speaker) home() views.Link { return w.link("/", "frame.home") }

// link leads to a path of ours under the words of a message.
func (w speaker) link(path, key string) views.Link {
	return views.Link{URL: at(w.Tag, path), Text: w.T(key)}
}
