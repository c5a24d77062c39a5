package market

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/search"
)

// Search is what somebody searched for: see [NewSearch].
type Search struct {
	Words    string // folded, with one space between; "" for none
	Filters  string // as in an address, sorted: "f.sign_in=eidas"; "" for none
	Category string // slug of the category searched in; "" for all
}

// NewSearch puts a search into the form in which the same is the same.
func NewSearch(words string, filters []string, category string) Search {
	filters = slices.Clone(filters)
	slices.Sort(filters)
	return Search{strings.Join(strings.Fields(search.Fold(words)), " "), strings.Join(filters, "&"), category}
}

// How much a search may say that is kept.
const (
	mostWords   = 8
	mostLetters = 80 // of all words
	mostDigits  = 3  // in a word: more may be somebody's number
	mostFilters = 300
	needed      = 3 // visitors, or days, before what was searched for is written down
	keptDays    = 400
)

// keepable reports whether the search says something, and nothing that may be about
// somebody: no mail addresses, web addresses or numbers of people and things.
func (s Search) keepable() bool {
	words := strings.Fields(s.Words)
	if len(words)+len(s.Filters) == 0 || len(words) > mostWords || utf8.RuneCountInString(s.Words) > mostLetters || len(s.Filters) > mostFilters {
		return false
	}
	return !strings.ContainsAny(s.Words, "@/\\:") && !slices.ContainsFunc(words, aboutSomebody)
}

// aboutSomebody reports whether a word looks like a number, a mail or web address, or
// something that was made by chance, such as a password.
func aboutSomebody(word string) bool {
	const longest = 30
	digits, turns, last := 0, 0, 0
	for _, r := range word {
		class := 0
		switch {
		case unicode.IsDigit(r):
			digits++
			class = 1
		case unicode.IsLetter(r):
			class = 2
		}
		if last != 0 && class != 0 && class != last {
			turns++
		}
		last = cmp.Or(class, last)
	}
	return digits > mostDigits || turns > 2 || utf8.RuneCountInString(word) > longest || strings.Count(word, ".") > 0 && digits == 0
}

// text is what a search is hashed by.
func (s Search) text() string { return s.Words + "\x00" + s.Filters + "\x00" + s.Category }

func (s Search) hash(key []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(s.text()))
	return h.Sum(nil)
}

// addMisses adds searches that found nothing. What they say is written down when so many
// visitors made them, on whichever days.
func addMisses(ctx context.Context, tx *db.Tx, key []byte, misses map[Search]int64) error {
	day := models.DateOf(tx.Now.Time)
	all := make([]Search, 0, len(misses))
	for s := range misses {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Search) int { return strings.Compare(a.text(), b.text()) })
	for _, s := range all {
		hash := s.hash(key)
		const add = `
			INSERT INTO search_miss_days (hash, day, visitors) VALUES (?, ?, ?)
			ON CONFLICT (hash, day) DO UPDATE SET visitors = search_miss_days.visitors + excluded.visitors`
		if _, err := tx.Exec(ctx, add, hash, day, misses[s]); err != nil {
			return fmt.Errorf("add a search: %w", err)
		}
		const keep = `
			INSERT INTO search_misses (hash, words, filters, category, seen_on)
			SELECT ?, ?, ?, ?, ? WHERE (SELECT sum(visitors) FROM search_miss_days WHERE hash = ?) >= ?
			ON CONFLICT (hash) DO UPDATE SET seen_on = excluded.seen_on`
		if _, err := tx.Exec(ctx, keep, hash, s.Words, s.Filters, s.Category, day, hash, needed); err != nil {
			return fmt.Errorf("keep a search: %w", err)
		}
	}
	return nil
}

// Missed is a search that several visitors made and that found nothing.
type Missed struct {
	Words    string      `db:"words"`
	Filters  string      `db:"filters"`
	Category string      `db:"category"`
	Visitors int64       `db:"visitors"` // since the day that was asked for
	Days     int         `db:"days"`     // on which they came
	Seen     models.Date `db:"seen_on"`  // the last day
}

// Misses returns the searches that found nothing since a day, the most frequent first,
// most of them at most.
func Misses(ctx context.Context, r db.Reader, since models.Date, most int) (all []Missed, err error) {
	const q = `/* market.Misses */
		SELECT m.words, m.filters, m.category, m.seen_on, CAST(sum(d.visitors) AS BIGINT) AS visitors, count(*) AS days
		FROM search_misses m
		JOIN search_miss_days d ON d.hash = m.hash
		WHERE d.day >= ?
		GROUP BY m.hash, m.words, m.filters, m.category, m.seen_on
		ORDER BY visitors DESC, m.seen_on DESC, m.words, m.filters, m.category
		LIMIT ?`
	if err := r.Select(ctx, &all, q, since, most); err != nil {
		return nil, fmt.Errorf("searches that found nothing: %w", err)
	}
	return all, nil
}
