package releases

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"

	"pilveturg/db"
	"pilveturg/models"
)

// How much of a feed is taken.
const (
	mostRead = 200   // entries of one answer, the newest
	MostKept = 1_000 // entries read in the feed of one service, the newest
	maxRead  = 5_000 // bytes of the text of an entry
)

// Entry is what a feed says of one release.
type Entry struct {
	GUID    string      // how the feed names it; "" leaves it out
	Day     models.Date // zero, or after today: the day when it was read
	Version string
	Title   string // "" leaves it out
	Text    string // Markdown; a long one is cut
	Link    string
}

// take keeps the entries of the feed: new ones, and what was changed in those that are
// known. What was removed here stays away.
func (f Feed) take(ctx context.Context, tx *db.Tx, entries []Entry) (added, changed int, err error) {
	today := models.DateOf(tx.Now.Time)
	known, err := f.known(ctx, tx)
	if err != nil {
		return 0, 0, err
	}
	for _, e := range newest(entries, today) {
		guid := e.key()
		now := e.release(f, today)
		if guid == "" || now.settle(today) != nil {
			continue
		}
		before, ok := known.named[guid]
		if ok && !e.dated(today) {
			now.Day = before.Day
		}
		switch {
		case ok && (before.hidden || now.says(before.Release)):
		case ok:
			now.ID = before.ID
			err = now.update(ctx, tx)
			changed++
		case known.full() && !known.oldest.Before(now.Day):
		default:
			err = now.insert(ctx, tx, guid)
			known.named[guid] = kept{Release: now} // a feed may name two entries alike
			added++
		}
		if err != nil {
			return 0, 0, err
		}
	}
	return added, changed, f.trim(ctx, tx, known, added)
}

// key is the name under which an entry is kept; "" for none.
func (e Entry) key() string {
	if e.GUID == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(e.GUID))
	return hex.EncodeToString(sum[:])
}

// dated reports whether the entry tells a day that has come. Otherwise it is of the day
// when it was first read.
func (e Entry) dated(today models.Date) bool { return !e.Day.IsZero() && !today.Before(e.Day) }

// newest returns the newest entries, the newest first.
func newest(entries []Entry, today models.Date) []Entry {
	day := func(e Entry) models.Date {
		if !e.dated(today) {
			return today
		}
		return e.Day
	}
	all := slices.Clone(entries)
	slices.SortStableFunc(all, func(a, b Entry) int { return day(b).Time().Compare(day(a).Time()) })
	return all[:min(len(all), mostRead)]
}

// release is the entry as it is kept.
func (e Entry) release(f Feed, today models.Date) Release {
	r := Release{Offering: f.Offering, Day: e.Day, Version: cleaned(e.Version, MaxVersion), Link: e.Link, Read: true}
	if !e.dated(today) {
		r.Day = today
	}
	if r.Link != "" && !isLink(r.Link) {
		r.Link = ""
	}
	r.Titles.Set(f.Language, cleaned(e.Title, MaxTitle))
	if r.Titles[f.Language] != "" {
		r.Texts.Set(f.Language, cleanedText(e.Text))
	}
	return r
}

// cleaned is a line without signs that hide something, cut to a number of characters.
func cleaned(words string, most int) string {
	line := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case hides(r) || r == unicode.ReplacementChar:
			return -1
		case !unicode.IsGraphic(r):
			return ' '
		}
		return r
	}, words)), " ")
	if runes := []rune(line); len(runes) > most {
		return strings.TrimSpace(string(runes[:most-1])) + "…"
	}
	return line
}

// cleanedText is a text without signs that hide something, cut at the end of a paragraph,
// or else of a word.
func cleanedText(text string) string {
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if hides(r) || unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "")))
	if len(text) <= maxRead {
		return text
	}
	text = text[:maxRead]
	for _, end := range []string{"\n\n", " "} {
		if at := strings.LastIndex(text, end); at > maxRead/2 {
			text = text[:at]
			break
		}
	}
	return strings.TrimSpace(strings.ToValidUTF8(text, "")) + " …"
}

// kept is an entry that is known.
type kept struct {
	Release
	hidden bool
}

// entries are those of a feed that are known.
type entries struct {
	named  map[string]kept // by the hash of their names
	shown  int
	oldest models.Date // of those that are shown
}

func (e entries) full() bool { return e.shown >= MostKept }

func (f Feed) known(ctx context.Context, tx *db.Tx) (entries, error) {
	all := entries{named: map[string]kept{}}
	const q = `/* releases.known */
		SELECT r.id, r.offering_id, r.released_on, r.version, r.link, r.revision, r.guid, r.hidden <> 0 AS hidden,
			COALESCE(w.language, '') AS language, COALESCE(w.title, '') AS title, COALESCE(w.text, '') AS text
		FROM releases r LEFT JOIN release_words w ON w.release_id = r.id
		WHERE r.offering_id = ? AND r.guid IS NOT NULL`
	var rows []struct {
		Release
		GUID     string `db:"guid"`
		Hidden   bool   `db:"hidden"`
		Language string `db:"language"`
		Title    string `db:"title"`
		Text     string `db:"text"`
	}
	if err := tx.Select(ctx, &rows, q, f.Offering); err != nil {
		return all, err
	}
	for _, w := range rows {
		k, ok := all.named[w.GUID]
		if !ok {
			k = kept{Release: w.Release, hidden: w.Hidden}
			if !w.Hidden {
				all.shown++
				if all.oldest.IsZero() || w.Day.Before(all.oldest) {
					all.oldest = w.Day
				}
			}
		}
		k.Titles.Set(w.Language, w.Title)
		k.Texts.Set(w.Language, w.Text)
		all.named[w.GUID] = k
	}
	return all, nil
}

// trim forgets the oldest entries when there are more than are kept.
func (f Feed) trim(ctx context.Context, tx *db.Tx, known entries, added int) error {
	if known.shown+added <= MostKept {
		return nil
	}
	const q = `
		DELETE FROM releases WHERE offering_id = ? AND guid IS NOT NULL AND hidden = 0 AND id NOT IN (
			SELECT id FROM releases WHERE offering_id = ? AND guid IS NOT NULL AND hidden = 0 ORDER BY released_on DESC, id DESC LIMIT ?)`
	_, err := tx.Exec(ctx, q, f.Offering, f.Offering, MostKept)
	return err
}
