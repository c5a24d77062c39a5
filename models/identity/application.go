package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// ApplicationState says whose turn it is.
type ApplicationState string

// The states of an application.
const (
	Sent     ApplicationState = "sent"  // the operator is to decide
	Asked    ApplicationState = "asked" // the company is to answer
	Accepted ApplicationState = "accepted"
	Refused  ApplicationState = "refused"
)

// Application is a company's wish to become a vendor.
type Application struct {
	ID        int64            `db:"id"`
	AccountID int64            `db:"applicant"` // 0 until the mailbox of the applicant is known to be theirs
	Key       models.Key       `db:"key"`       // in the register of companies
	Name      string           `db:"name"`      // of the company
	Country   string           `db:"country"`   // ISO 3166-1 alpha-2
	Class     SizeClass        `db:"size_class"`
	Website   string           `db:"website"`
	State     ApplicationState `db:"state"`
	OrgID     int64            `db:"organisation"` // what became of it; 0 unless accepted
	Created   models.Time      `db:"created_at"`
	Decided   models.Time      `db:"decided_at"`
	Markets   []string         // countries it sells to
	Said      []Message        // the oldest first
}

// Message is something that was said about an application.
type Message struct {
	ByOperator bool        `db:"operator"`
	AccountID  int64       `db:"author"` // 0 when not known
	Words      string      `db:"words"`
	At         models.Time `db:"created_at"`
}

const (
	applicationSent     audit.Action = "vendor_application.sent"
	applicationAnswered audit.Action = "vendor_application.answered"
	applicationAsked    audit.Action = "vendor_application.asked"
	applicationAccepted audit.Action = "vendor_application.accepted"
	applicationRefused  audit.Action = "vendor_application.refused"
)

const longestWords = 5000 // characters of a message

const applicationQuery = ` SELECT id, COALESCE(account_id, 0) AS applicant, scheme AS "key.scheme", code AS "key.code", name, country, size_class,
	website, state, COALESCE(organisation_id, 0) AS organisation, created_at, decided_at
	FROM vendor_applications `

// RegistryKey is how a company is known by its number in the register of its country.
func RegistryKey(country, code string) models.Key {
	country, code = strings.ToUpper(strings.TrimSpace(country)), strings.ToUpper(strings.TrimSpace(code))
	return models.Key{Scheme: strings.ToLower(country) + "-reg", Code: code}
}

// decides reports whether the actor decides about applications.
func decides(a models.Actor) bool { return a.IsAny(models.Administrator, models.Moderator) }

// FindApplication returns an application of the actor's own, or any to those who
// decide about them. All others get [models.ErrNotFound].
func FindApplication(ctx context.Context, r db.Reader, actor models.Actor, id int64) (Application, error) {
	var a Application
	err := r.Get(ctx, &a, `/* identity.FindApplication */`+applicationQuery+`WHERE id = ? AND account_id IS NOT NULL`, id)
	if err == nil && a.AccountID != actor.AccountID && !decides(actor) {
		err = models.ErrNotFound
	}
	if err == nil {
		const q = `/* identity.FindApplication */ SELECT country FROM application_markets WHERE application_id = ? ORDER BY country`
		err = r.Select(ctx, &a.Markets, q, id)
	}
	if err == nil {
		const q = `/* identity.FindApplication */
			SELECT said_by = 'operator' AS operator, COALESCE(account_id, 0) AS author, words, created_at
			FROM application_messages WHERE application_id = ? ORDER BY id`
		err = r.Select(ctx, &a.Said, q, id)
	}
	if err != nil {
		return Application{}, fmt.Errorf("vendor application %d: %w", id, err)
	}
	return a, nil
}

// Applications returns the applications in the state, the oldest first, without
// what was said. They are for those who decide.
func Applications(ctx context.Context, r db.Reader, s ApplicationState) ([]Application, error) {
	return applications(ctx, r, `/* identity.Applications */`+applicationQuery+`WHERE state = ? AND account_id IS NOT NULL ORDER BY id`, s)
}

// ApplicationsOf returns the applications of an account, the newest first, without
// what was said.
func ApplicationsOf(ctx context.Context, r db.Reader, account int64) ([]Application, error) {
	return applications(ctx, r, `/* identity.ApplicationsOf */`+applicationQuery+`WHERE account_id = ? ORDER BY id DESC`, account)
}

func applications(ctx context.Context, r db.Reader, q string, args ...any) ([]Application, error) {
	var all []Application
	if err := r.Select(ctx, &all, q, args...); err != nil {
		return nil, fmt.Errorf("vendor applications: %w", err)
	}
	return all, nil
}

// settle puts the application into the form it is kept in, or says what is wrong.
func (a *Application) settle(words string) models.Invalid {
	wrong := models.Invalid{}
	a.Country, a.Name, a.Website = strings.ToUpper(strings.TrimSpace(a.Country)), strings.TrimSpace(a.Name), strings.TrimSpace(a.Website)
	a.Key = RegistryKey(a.Country, a.Key.Code)
	if !isCountry(a.Country) {
		wrong["country"] = "application.country_missing"
	}
	if !isRegistryCode(a.Country, a.Key.Code) {
		wrong["code"] = "application.code_unclear"
	}
	if n := utf8.RuneCountInString(a.Name); n == 0 || n > 2*longestName {
		wrong["company"] = "application.company_missing"
	}
	if a.Class != "" && !slices.Contains(SizeClasses, a.Class) {
		wrong["size_class"] = "organisation.size_class_unknown"
	}
	if a.Website != "" && !strings.HasPrefix(a.Website, "https://") && !strings.HasPrefix(a.Website, "http://") {
		wrong["website"] = "organisation.website_not_http"
	}
	for _, c := range a.Markets {
		if !isCountry(c) {
			wrong["markets"] = "application.markets_unclear"
		}
	}
	slices.Sort(a.Markets)
	a.Markets = slices.Compact(a.Markets)
	if key := wordsProblem(words); key != "" {
		wrong["words"] = key
	}
	return wrong
}

func isCountry(s string) bool {
	return len(s) == 2 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// isRegistryCode reports whether a register could have given the number; of Estonia's
// the form is known.
func isRegistryCode(country, code string) bool {
	const digits, most = "0123456789", 20
	if country == "EE" {
		return len(code) == 8 && strings.Trim(code, digits) == ""
	}
	return code != "" && len(code) <= most && strings.Trim(code, digits+"ABCDEFGHIJKLMNOPQRSTUVWXYZ-./ ") == ""
}

func wordsProblem(words string) string {
	switch n := utf8.RuneCountInString(words); {
	case strings.TrimSpace(words) == "":
		return "application.words_missing"
	case n > longestWords:
		return "application.words_long"
	}
	return ""
}
