package work

import "slices"

// Kind says what a message is about. Its words are messages of the languages:
// mail.subject.KIND, mail.text.KIND, mail.button.KIND and mail.why.KIND, each given
// the message's Args.
type Kind string

// The kinds, with what their words are given.
const (
	Invitation          Kind = "invitation"           // to act for an organisation: its name
	ApplicationBegun    Kind = "application_begun"    // to show whose mailbox an application comes from
	Known               Kind = "known"                // somebody registers with a mail that has an account
	Reset               Kind = "reset"                // the password was forgotten
	Password            Kind = "password"             // the password was changed
	Factors             Kind = "factors"              // an app or a passkey was added or removed
	MailAsked           Kind = "mail_asked"           // to show that a new mail of an account is one's own
	MailChanged         Kind = "mail_changed"         // the mail is another now: how to take that back
	FactorsReset        Kind = "factors_reset"        // the operator removed what the person had besides a password
	Connected           Kind = "connected"            // an identity of another provider was connected: what the provider is called
	Disconnected        Kind = "disconnected"         // the same was disconnected
	Recovery            Kind = "recovery"             // a recovery code was used, or new ones were made
	TokenMade           Kind = "token_made"           // a token for programs was made: its name
	Locked              Kind = "locked"               // sign-in was tried too often
	Place               Kind = "place"                // sign-in from a new place: the place
	Approval            Kind = "approval"             // somebody is to approve: what, for whom
	ApplicationReceived Kind = "application_received" // somebody is to decide on a company that wants to sell: the company
	ApplicationAsked    Kind = "application_asked"    // there is a question about an application: the company
	ApplicationAccepted Kind = "application_accepted" // the company
	ApplicationRefused  Kind = "application_refused"  // the company
	ListingWaiting      Kind = "listing_waiting"      // somebody is to decide on a listing: it, its vendor
	ListingPublished    Kind = "listing_published"    // a moderator approved: the listing
	ListingSentBack     Kind = "listing_sent_back"    // a moderator wants something put right: the listing
	ListingRefused      Kind = "listing_refused"      // the listing
	PriceUp             Kind = "price_up"             // a service that an organisation uses gets dearer: the service
	ClaimReceived       Kind = "claim_received"       // somebody is to decide on a claim: the listing, the vendor that claims it
	ClaimAccepted       Kind = "claim_accepted"       // the listing
	ClaimRefused        Kind = "claim_refused"        // the listing
	ClaimOvertaken      Kind = "claim_overtaken"      // another vendor got it: the listing
	DeclarationReceived Kind = "declaration_received" // somebody is to look at a declaration: the vendor
	DeclarationAccepted Kind = "declaration_accepted" // by a moderator: the vendor
	DeclarationRefused  Kind = "declaration_refused"  // by a moderator: the vendor
	DeclarationEnding   Kind = "declaration_ending"   // its last day
	ListingStaleSoon    Kind = "listing_stale_soon"   // what a listing says is soon to be confirmed: the listing
	ListingStale        Kind = "listing_stale"        // what a listing says was not confirmed in time: the listing
	FeedFailing         Kind = "feed_failing"         // the feed of releases of a service cannot be read: the listing
	DocumentExpiring    Kind = "document_expiring"    // a document of the vendor ends: what it is called, its last day
	FileInfected        Kind = "file_infected"        // a vendor brought a file with a virus: the vendor, the file and what was found
	QuestionAsked       Kind = "question_asked"       // a buyer asks about a service: the service, the buyer
	QuestionAnswered    Kind = "question_answered"    // a vendor answered a question: the project
	AskedBack           Kind = "asked_back"           // a vendor asks something about a question: the project
	Clarified           Kind = "clarified"            // the buyer answered what a vendor asked back: the service, the buyer
	DecisionApproved    Kind = "decision_approved"    // the project
	DecisionReturned    Kind = "decision_returned"    // the approver wants something changed: the project
	Chosen              Kind = "chosen"               // a buyer chose a service: the service, the buyer
	NotChosen           Kind = "not_chosen"           // a buyer did not: the service, the buyer
	PoolInvitation      Kind = "pool_invitation"      // to buy something together: the body that invites, the project
	PoolAnswered        Kind = "pool_answered"        // a body joined a project, or left it: the project
	RequestApproved     Kind = "request_approved"     // and ordered: the service
	RequestReturned     Kind = "request_returned"     // the approver refused, or wants something changed: the service
	OrderReceived       Kind = "order_received"       // a body orders: the service, the body
	OrderMoved          Kind = "order_moved"          // a body answers, suspends, resumes, ends or withdraws: the service, the body
	OrderAsked          Kind = "order_asked"          // the vendor has a question: the service
	OrderAccepted       Kind = "order_accepted"       // the service
	OrderDeclined       Kind = "order_declined"       // the service
	ChangeAsked         Kind = "change_asked"         // a body wants to change its subscription: the service, the body
	ChangeAnswered      Kind = "change_answered"      // an approver or the vendor answered a change: the service
	NoticeSoon          Kind = "notice_soon"          // something has to be said about the end of a term: the service, the last day
	BudgetPassed        Kind = "budget_passed"        // bills on a line of the budget pass a share of it: the line, percent
	BudgetForecast      Kind = "budget_forecast"      // the forecast for the end of the year does: the line, percent
	Report              Kind = "report"               // a report that somebody keeps: its name, what it comes to
	Digest              Kind = "digest"               // what is told daily; [Tell] makes it, and nobody else
	Test                Kind = "test"                 // whether letters arrive
)

// manner is how messages of a kind are told.
type manner struct {
	Kind
	args   int
	fixed  bool // by letter at once, whatever a person prefers: for the safety of an account, or because she asked
	secret bool // the link is for whoever reads the letter, so it is shown nowhere else and forgotten soon
}

var manners = []manner{
	{Invitation, 1, true, true},
	{ApplicationBegun, 0, true, true},
	{Known, 0, true, false},
	{Reset, 0, true, true},
	{Password, 0, true, false},
	{Factors, 0, true, false},
	{MailAsked, 0, true, true},
	{MailChanged, 0, true, true},
	{FactorsReset, 0, true, false},
	{Connected, 1, true, false},
	{Disconnected, 1, true, false},
	{Recovery, 0, true, false},
	{TokenMade, 1, true, false},
	{Locked, 0, true, false},
	{Place, 1, true, false},
	{Approval, 2, false, false},
	{ApplicationReceived, 1, false, false},
	{ApplicationAsked, 1, false, false},
	{ApplicationAccepted, 1, false, false},
	{ApplicationRefused, 1, false, false},
	{ListingWaiting, 2, false, false},
	{ListingPublished, 1, false, false},
	{ListingSentBack, 1, false, false},
	{ListingRefused, 1, false, false},
	{PriceUp, 1, false, false},
	{ClaimReceived, 2, false, false},
	{ClaimAccepted, 1, false, false},
	{ClaimRefused, 1, false, false},
	{ClaimOvertaken, 1, false, false},
	{DeclarationReceived, 1, false, false},
	{DeclarationAccepted, 1, false, false},
	{DeclarationRefused, 1, false, false},
	{DeclarationEnding, 1, false, false},
	{ListingStaleSoon, 1, false, false},
	{ListingStale, 1, false, false},
	{FeedFailing, 1, false, false},
	{DocumentExpiring, 2, false, false},
	{FileInfected, 2, false, false},
	{QuestionAsked, 2, false, false},
	{QuestionAnswered, 1, false, false},
	{AskedBack, 1, false, false},
	{Clarified, 2, false, false},
	{DecisionApproved, 1, false, false},
	{DecisionReturned, 1, false, false},
	{Chosen, 2, false, false},
	{NotChosen, 2, false, false},
	{PoolInvitation, 2, false, false},
	{PoolAnswered, 1, false, false},
	{RequestApproved, 1, false, false},
	{RequestReturned, 1, false, false},
	{OrderReceived, 2, false, false},
	{OrderMoved, 2, false, false},
	{OrderAsked, 1, false, false},
	{OrderAccepted, 1, false, false},
	{OrderDeclined, 1, false, false},
	{ChangeAsked, 2, false, false},
	{ChangeAnswered, 1, false, false},
	{NoticeSoon, 2, false, false},
	{BudgetPassed, 2, false, false},
	{BudgetForecast, 2, false, false},
	{Report, 2, false, false},
	{Digest, 0, false, false},
	{Test, 0, true, false},
}

func (k Kind) manner() (m manner, ok bool) {
	i := slices.IndexFunc(manners, func(m manner) bool { return m.Kind == k })
	if i < 0 {
		return manner{}, false
	}
	return manners[i], true
}

// Kinds lists all kinds.
func Kinds() []Kind {
	var all []Kind
	for _, m := range manners {
		all = append(all, m.Kind)
	}
	return all
}

// Choices lists the kinds for which people choose how often they want letters, in
// the order in which they are shown.
func Choices() []Kind {
	return slices.DeleteFunc(Kinds(), func(k Kind) bool { return k == Digest || !k.Optional() })
}

// Optional reports whether people can end letters of the kind: they carry a link that
// does so. Letters for the safety of an account have none.
func (k Kind) Optional() bool {
	m, ok := k.manner()
	return ok && !m.fixed
}

// Args is how many words the messages of the kind are given.
func (k Kind) Args() int {
	m, _ := k.manner()
	return m.args
}

// secrets lists the kinds whose links are secret.
func secrets() []Kind {
	return slices.DeleteFunc(Kinds(), func(k Kind) bool {
		m, _ := k.manner()
		return !m.secret
	})
}

// Frequency is how often a person wants letters of a kind.
type Frequency string

// The frequencies. The first is that of whoever chose none.
const (
	AtOnce Frequency = "at_once"
	Daily  Frequency = "daily" // in one letter a day, with all else that is told daily
	Never  Frequency = "never" // only in the inbox
)

// Frequencies lists the frequencies in the order in which they are shown.
func Frequencies() []Frequency { return []Frequency{AtOnce, Daily, Never} }
