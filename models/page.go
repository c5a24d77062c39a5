package models

// Page says which part of a long list is wanted.
type Page struct {
	Number int // from 1
	Size   int // rows on a page
}

// Offset is how many rows come before the page.
func (p Page) Offset() int { return (max(p.Number, 1) - 1) * p.Size }

// Count is how many pages total rows make, at least 1.
func (p Page) Count(total int) int { return max(1, (total+p.Size-1)/p.Size) }
