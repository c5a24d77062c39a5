package identity

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// SiteTexts are what those who run the site say on every page.
type SiteTexts struct {
	Revision    int64       // of the texts that were read; every change raises it
	Operator    models.Text // who runs the site; empty: nothing is said
	Contact     string      // an e-mail or a web address; "" for the one that is configured
	Notice      models.Text // empty: there is none
	From, Until models.Date // the first and the last day of the notice; zero: no bound
	Changed     models.Time // zero when nobody has said anything yet
}

// SiteSubject is what the audit log calls the texts.
const SiteSubject = "texts of the site"

const siteTextsChanged audit.Action = "site_texts.changed"

const (
	longestNotice  = 300 // characters
	longestContact = 254
)

// SiteRevision returns the revision of the texts. It is one quick look, for programs
// that keep the texts.
func SiteRevision(ctx context.Context, r db.Reader) (n int64, err error) {
	if err := r.Get(ctx, &n, `/* identity.SiteRevision */ SELECT revision FROM site_texts WHERE one = 1`); err != nil {
		return 0, fmt.Errorf("revision of the texts of the site: %w", err)
	}
	return n, nil
}

// FindSiteTexts returns the texts as they are now.
func FindSiteTexts(ctx context.Context, r db.Reader) (SiteTexts, error) {
	const q = `/* identity.FindSiteTexts */
		SELECT t.revision, t.contact, t.notice_from, t.notice_until, t.changed_at,
			COALESCE(w.language, '') AS language, COALESCE(w.operator, '') AS operator, COALESCE(w.notice, '') AS notice
		FROM site_texts t
		LEFT JOIN site_words w ON t.one = 1`
	var rows []struct {
		Revision int64       `db:"revision"`
		Contact  string      `db:"contact"`
		From     models.Date `db:"notice_from"`
		Until    models.Date `db:"notice_until"`
		Changed  models.Time `db:"changed_at"`
		Language string      `db:"language"`
		Operator string      `db:"operator"`
		Notice   string      `db:"notice"`
	}
	if err := r.Select(ctx, &rows, q); err != nil {
		return SiteTexts{}, fmt.Errorf("texts of the site: %w", err)
	}
	var t SiteTexts
	for _, w := range rows {
		t.Revision, t.Contact, t.From, t.Until, t.Changed = w.Revision, w.Contact, w.From, w.Until, w.Changed
		t.Operator.Set(w.Language, w.Operator)
		t.Notice.Set(w.Language, w.Notice)
	}
	return t, nil
}

// InForce reports whether the notice is to be shown on a day.
func (t SiteTexts) InForce(day models.Date) bool {
	return len(t.Notice) > 0 && !day.Before(t.From) && (t.Until.IsZero() || !t.Until.Before(day))
}

// ChangeSiteTexts makes the texts be as t says when they are still of the revision
// that was seen, or else fails with [models.ErrConflict]; seen 0 takes them as they
// are. Only administrators change them.
func ChangeSiteTexts(ctx context.Context, tx *db.Tx, seen int64, t SiteTexts) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("change the texts of the site: %w", models.ErrForbidden)
	}
	if err := t.settle().Or(); err != nil {
		return err
	}
	const q = `UPDATE site_texts SET revision = revision + 1, changed_at = ? WHERE one = 1 AND (revision = ? OR ? = 0)`
	n, err := tx.Exec(ctx, q, tx.Now, seen, seen)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("change the texts of the site: %w", err)
	}
	before, err := FindSiteTexts(ctx, tx)
	if err != nil {
		return err
	}
	if err := t.write(ctx, tx); err != nil {
		return fmt.Errorf("change the texts of the site: %w", err)
	}
	return audit.Record(ctx, tx, siteTextsChanged, SiteSubject, t.changes(before)...)
}

func (t *SiteTexts) write(ctx context.Context, tx *db.Tx) error {
	const q = `UPDATE site_texts SET contact = ?, notice_from = ?, notice_until = ? WHERE one = 1`
	if _, err := tx.Exec(ctx, q, t.Contact, t.From, t.Until); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM site_words`); err != nil {
		return err
	}
	var words [][]any
	for _, lang := range models.Languages(t.Operator, t.Notice) {
		words = append(words, []any{lang, t.Operator[lang], t.Notice[lang]})
	}
	return tx.Insert(ctx, "site_words", []string{"language", "operator", "notice"}, words)
}

// changes are what became of the texts, for the audit log.
func (t *SiteTexts) changes(before SiteTexts) audit.Changes {
	var c audit.Changes
	c.AddText("operator", before.Operator, t.Operator)
	c.Add("contact", before.Contact, t.Contact)
	c.AddText("notice", before.Notice, t.Notice)
	c.Add("notice_from", before.From.String(), t.From.String())
	c.Add("notice_until", before.Until.String(), t.Until.String())
	return c
}

// settle puts the texts into the form they are kept in, and says what is wrong. A
// notice is for all readers, so it stands in every language in which the operator
// writes. What is wrong with a text is said of "notice_et" and so on.
func (t *SiteTexts) settle() models.Invalid {
	wrong := models.Invalid{}
	t.Operator, t.Notice = tidy(t.Operator), tidy(t.Notice)
	t.Contact = strings.TrimSpace(t.Contact)
	for lang, words := range t.Operator {
		if utf8.RuneCountInString(words) > 2*longestName {
			wrong["operator_"+lang] = "texts.operator_long"
		}
	}
	for lang, words := range t.Notice {
		if utf8.RuneCountInString(words) > longestNotice {
			wrong["notice_"+lang] = "texts.notice_long"
		}
	}
	for _, lang := range [...]string{"et", "en"} {
		if len(t.Notice) > 0 && t.Notice[lang] == "" {
			wrong["notice_"+lang] = "texts.notice_missing"
		}
	}
	if t.Contact != "" && (len(t.Contact) > longestContact || !IsMail(t.Contact) && !strings.HasPrefix(t.Contact, "https://")) {
		wrong["contact"] = "texts.contact_unclear"
	}
	if !t.From.IsZero() && !t.Until.IsZero() && t.Until.Before(t.From) {
		wrong["until"] = "texts.until_before_from"
	}
	return wrong
}

// tidy is the text with one space wherever there were others, or lines ended.
func tidy(t models.Text) models.Text {
	kept := models.Text{}
	for lang, words := range t {
		kept.Set(lang, strings.Join(strings.FieldsFunc(words, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " "))
	}
	return kept
}
