package handlers

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/reports"
	"pilveturg/models/spend"
	"pilveturg/models/work"
)

// reportsAtOnce is how many reports are sent at a time; the others wait for the next.
const reportsAtOnce = 500

// SendReports tells people, by letter, what the reports come to that they want sent by
// now, and returns how many it told of. Several processes may do so: each report is sent
// once. Reports of those who no longer see the ledger are left until their next day, and
// one that cannot be sent does not keep others back.
func (s *Site) SendReports(ctx context.Context) (sent int, err error) {
	due, err := reports.Due(ctx, s.DB, models.DateOf(s.today()), reportsAtOnce)
	for i := range due {
		told, wrong := s.sendReport(ctx, &due[i])
		if wrong != nil {
			err = errors.Join(err, wrong)
		}
		if told {
			sent++
		}
	}
	return sent, err
}

// sendReport answers a report as its owner, before anything is written, and tells it.
func (s *Site) sendReport(ctx context.Context, one *reports.Report) (told bool, err error) {
	who, err := identity.FindAccount(ctx, s.DB, one.Account)
	if err != nil {
		return false, err
	}
	if who.Invented {
		who.Mail = ""
	}
	figures, reads, err := s.reportFigures(ctx, one, who.Language)
	if err != nil {
		return false, err
	}
	actor := models.Actor{Program: "job reports", Roles: []models.Role{models.Administrator}}
	err = s.DB.Write(ctx, actor, func(tx *db.Tx) error {
		told = false
		mine, err := reports.Sent(ctx, tx, one)
		if err != nil || !mine || !reads || who.State != identity.Active {
			return err
		}
		told = true
		return work.Tell(ctx, tx, work.Message{Kind: work.Report, AccountID: who.ID, Mail: who.Mail, Language: who.Language, Args: []string{one.Name, figures}, Path: reportsPath + "/" + strconv.FormatInt(one.ID, 10)})
	})
	return told, err
}

// reportFigures are what a report comes to, in words; reads is false where its owner may
// not read it any more.
func (s *Site) reportFigures(ctx context.Context, one *reports.Report, lang string) (words string, reads bool, err error) {
	members, err := identity.Memberships(ctx, s.DB, one.Account)
	if err != nil {
		return "", false, err
	}
	i := slices.IndexFunc(members, func(m identity.Membership) bool { return m.OrgID == one.Org })
	if i < 0 || !spend.Reads(members[i].Actor()) {
		return "", false, nil
	}
	a, err := s.keptQuestion(ctx, one, lang)
	if err != nil || len(a.wrong) > 0 {
		return "", false, notFound(err)
	}
	answer, err := a.Answer(ctx, s.DB, members[i].Actor(), a.ask)
	if errors.Is(err, models.ErrForbidden) {
		return "", false, nil
	}
	if err != nil {
		return "", false, notFound(err)
	}
	text := a.answerText(answer)[1:]
	text = append(text, a.N("report.rows", int64(len(answer.Rows)))+".")
	return strings.Join(append(text, a.besideText(answer)...), " "), true, nil
}

// notFound forgives that what a report asks for is there no longer: nothing is sent.
func notFound(err error) error {
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	return err
}

// keptQuestion is what a report asks.
func (s *Site) keptQuestion(ctx context.Context, one *reports.Report, lang string) (*questionAsk, error) {
	typed, err := url.ParseQuery(one.Query)
	if err != nil {
		return nil, models.ErrNotFound
	}
	f := &filled{speaker: s.speaker(lang), typed: typed.Get, chosen: func(string) []string { return nil }}
	known := url.Values{}
	for _, field := range questionFields() {
		if text := typed.Get(field); text != "" {
			known.Set(field, text)
		}
	}
	return s.questionOf(ctx, one.Question, f, known)
}
