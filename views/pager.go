package views

// Pager leads through the pages of a long list. Make one with [NewPager].
type Pager struct {
	Pages          []PageLink
	Previous, Next string // addresses; "" at the ends
}

// PageLink is one page of a [Pager].
type PageLink struct {
	Number  int // from 1; 0 stands for pages left out
	URL     string
	Current bool
}

// NewPager returns the pager of a list that has so many pages, standing at page
// current (from 1), whose n-th page is at url(n). It shows the first, the last and
// those beside the current one. There is none for a single page.
func NewPager(current, pages int, url func(n int) string) *Pager {
	if pages < 2 {
		return nil
	}
	current = min(max(current, 1), pages)
	p := &Pager{}
	if current > 1 {
		p.Previous = url(current - 1)
	}
	if current < pages {
		p.Next = url(current + 1)
	}
	last := 0
	for n := 1; n <= pages; n = next(n, current, pages) {
		switch n - last {
		case 1:
		case 2: // one page takes no more room than the sign for pages left out
			p.Pages = append(p.Pages, PageLink{Number: n - 1, URL: url(n - 1)})
		default:
			p.Pages = append(p.Pages, PageLink{})
		}
		p.Pages = append(p.Pages, PageLink{n, url(n), n == current})
		last = n
	}
	return p
}

// next is the page that is shown behind the n-th.
func next(n, current, pages int) int {
	const beside = 2
	switch {
	case n < current-beside:
		return current - beside
	case n >= current+beside && n < pages:
		return pages
	}
	return n + 1
}
