package handlers

import (
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/models/search"
	"pilveturg/models/work"
)

// row is what may stand in an address: the same for all, or something that is made to
// be the caller's, or, when shared, of all whom the route is for.
type row struct {
	open   string
	make   func(w *walls, owner *caller) string
	shared bool
	staff  bool // administrators may go to what is anybody's
	wide   bool // analysts who see everybody's money may too
}

// rows are what stands in the parts of addresses that routes name: by the path of the
// route and the name of the part, by the path, or by the name.
var rows = map[string]row{
	":service":        {open: "sc-1-e-journal-for-classes"},
	":category":       {open: "education"},
	":vendor":         {open: "v-3-tahvel-naidis-ou"},
	":agency":         {open: "a-2-lakeside-schools-board"},
	":topic":          {open: "prices"},
	"/sitemaps/:name": {open: "1.xml"},
	"/assets/:name":   {open: "none"},
	":notice":         {make: (*walls).aNotice},
	":letter":         {make: (*walls).aLetter, shared: true},
	":provider":       {open: "tara"},
	":application":    {make: (*walls).anApplication},
	":list":           {make: (*walls).aList, shared: true},
	"/invite/:secret": {make: (*walls).anInvitation, shared: true},
	"/reset/:secret":  {make: (*walls).aReset, shared: true},

	changePath + ":secret":                        {make: (*walls).aMailChange, shared: true},
	changePath + ":secret" + undoPath:             {make: (*walls).anUndo, shared: true},
	declarationPath + "/:section":                 {open: "crimes"},
	declarationPath + "/:section/reuse":           {open: "taxes"},
	vendorListingsPath + "/:listing" + confirmEnd: {make: (*walls).aListing},
	claimsPath + "/:claim":                        {make: (*walls).aClaim, shared: true},
	declarationsPath + "/:declaration":            {make: (*walls).aDeclaration, shared: true},
	":token":                                      {make: (*walls).aPass, shared: true},
	tokensPath + "/:token/revocation":             {make: (*walls).aPass},
	orgTokensPath + "/:token/revocation":          {make: (*walls).aPass},

	":account":      {make: (*walls).anAccount, shared: true},
	":membership":   {make: (*walls).aMember, shared: true},
	":invitation":   {make: (*walls).aGuest, shared: true},
	":organisation": {make: (*walls).anOrganisation, shared: true},
	":domain":       {make: (*walls).aDomain, shared: true},
	":project":      {make: (*walls).aProject},
	":requirement":  {make: (*walls).aRequirement, shared: true},

	projectsPath + "/:project/search":      {make: (*walls).aLockedProject},
	projectsPath + "/:project/search.json": {make: (*walls).aLockedProject},

	":submission": {make: (*walls).aSubmission, shared: true},
	moderationPath + "/:submission" + seenEnd: {make: (*walls).aLiveChange, shared: true},
	":listing":                       {make: (*walls).anOfferingOfOwn},
	vendorListingsPath + "/:listing": {make: (*walls).aDraft, staff: true},
	vendorListingsPath + "/:listing" + previewEnd:                    {make: (*walls).aDraft, staff: true},
	vendorListingsPath + "/:listing" + submitEnd:                     {make: (*walls).aDraft, staff: true},
	vendorListingsPath + "/:listing/history":                         {make: (*walls).aPublished, staff: true},
	vendorListingsPath + "/:listing" + draftEnd:                      {make: (*walls).aPublished, staff: true},
	vendorListingsPath + "/:listing/removal":                         {make: (*walls).aDraft, staff: true},
	vendorListingsPath + "/:listing/restoration":                     {make: (*walls).aThrownDraft, staff: true},
	vendorListingsPath + "/:listing/withdrawal":                      {make: (*walls).aWaitingOffering, staff: true},
	vendorListingsPath + "/:listing" + editEnd + ":section :listing": {make: (*walls).aDraft, staff: true},
	vendorListingsPath + "/:listing" + editEnd + ":section :section": {open: editBasics},
	adminListingsPath + "/:listing/standing":                         {make: (*walls).anOffering, shared: true},

	":release": {make: (*walls).aRelease},
	vendorListingsPath + "/:listing/releases/feed/removal":                  {make: (*walls).aFedOffering},
	adminListingsPath + "/:listing/releases/:release/removal" + " :listing": {make: (*walls).anOffering, shared: true},
	adminListingsPath + "/:listing/releases/:release/removal" + " :release": {make: (*walls).aReleaseOfAny, shared: true},

	usersPath + "/:account/factors":         {make: (*walls).aFactor, shared: true},
	":document":                             {make: (*walls).aDocument},
	":file":                                 {make: (*walls).aFile, shared: true},
	":slug":                                 {open: "terms.pdf"},
	adminDocumentsPath + "/:document/check": {make: (*walls).aDocument, shared: true},

	usersPath + "/:account/unlock":                     {make: (*walls).aLocked, shared: true},
	applicationsPath + "/:application":                 {make: (*walls).anApplication, shared: true},
	peoplePath + "/:membership":                        {make: (*walls).aColleague},
	peoplePath + "/:membership/end":                    {make: (*walls).aColleague},
	peoplePath + "/invitations/:invitation/renewal":    {make: (*walls).aGuestOfOwn},
	peoplePath + "/invitations/:invitation/revocation": {make: (*walls).aGuestOfOwn},
}

// sample is a valid form of a route, and what comes of it.
type sample struct {
	form    func(w *walls, c *caller, address string) url.Values
	code    int                       // status for those whom the route is for, when it is not 200 for GET and 303 for POST
	query   func(w *walls) url.Values // of the address
	visitor int                       // the same for visitors, when theirs is another
	nobody  int                       // the same for who acts for no organisation
	opens   bool                      // visitors are to change something by it
	anew    bool                      // who posts it is not the same person afterwards
}

// samples are the forms of all POST routes, and the GET routes that answer something
// else than a page.
var samples = map[string]sample{
	"bare GET /":                                {code: 302},
	"bare GET /assets/:name":                    {code: 404},
	"bare GET /metrics":                         {code: 404},
	"POST /preferences":                         {form: formOf("theme", "dark", "lang", "en")},
	"POST /sign-in":                             {form: formOf("mail", "mari@lakeside.example", "password", rightPassword), opens: true, anew: true},
	"POST /sign-in/demo":                        {form: formOf("person", "1"), code: 403},
	"GET /unsubscribe":                          {query: (*walls).aToken},
	"POST /unsubscribe":                         {query: (*walls).aToken, code: 200, opens: true},
	"POST /inbox/read":                          {form: formOf("last", "1")},
	"POST /inbox/:notice/read":                  {},
	"POST /account/notifications":               {},
	"POST /admin/mail/test":                     {form: formOf("to", "boss@office.example")},
	"POST /admin/mail/:letter/retry":            {},
	"POST /admin/mail/:letter/drop":             {},
	"POST /account/erasure":                     {form: (*walls).ownMail, anew: true},
	"POST /sign-out":                            {},
	"POST /sign-up":                             {form: (*walls).newcomer, code: 200, opens: true},
	"POST /sign-up/vendor":                      {form: (*walls).company, visitor: 200, opens: true},
	"POST /invite/:secret":                      {form: formOf("name", "Guest", "password", "viis kollast kaelkirjakut"), code: 303, opens: true, anew: true},
	"POST /forgot":                              {form: formOf("mail", "mari@lakeside.example"), code: 200, opens: true},
	"POST /reset/:secret":                       {form: formOf("password", "viis kollast kaelkirjakut"), opens: true},
	"POST /account/mail":                        {form: (*walls).newcomer, code: 200},
	"POST /mail/:secret":                        {opens: true},
	"POST /mail/:secret/undo":                   {form: formOf("password", "viis kollast kaelkirjakut"), opens: true},
	"POST /sign-in/code":                        {code: 422}, // nobody has shown a password just before
	"POST /sign-in/passkey":                     {code: 422}, // nor was a device asked
	"POST /sign-in/again":                       {form: formOf("password", rightPassword)},
	"POST /sign-in/passkey/challenge":           {code: 200, opens: true},
	"POST /account/security/app":                {form: (*walls).appCode, code: 200},
	"POST /account/security/app/removal":        {},
	"POST /account/security/passkeys":           {form: formOf("name", "Key"), code: 422}, // no device was asked
	"POST /account/security/passkeys/challenge": {code: 200},
	"POST /account/security/passkeys/removal":   {form: formOf("passkey", "1"), code: 404}, // they have none
	"POST /account/security/recovery-codes":     {code: 409},                               // for nothing
	"POST /acting-as": {form: func(_ *walls, c *caller, _ string) url.Values {
		return url.Values{"membership": {strconv.FormatInt(c.place, 10)}}
	}, nobody: 404},
	"POST /account/profile": {form: func(_ *walls, c *caller, _ string) url.Values {
		return url.Values{"name": {wordOfPerson + c.name}, "language": {"en"}}
	}},
	"POST /account/password":             {form: formOf("current", rightPassword, "password", "viis kollast kaelkirjakut")},
	"POST /account/sessions/removal":     {form: formOf("session", "others")},
	"POST /applications/:application":    {form: formOf("words", "More words.")},
	"POST /admin/synonyms":               {form: (*walls).words},
	"POST /admin/synonyms/:list":         {form: (*walls).wordsAgain},
	"POST /admin/synonyms/:list/removal": {form: (*walls).seen},
	"POST /admin/audit/verification":     {},

	// The provider does not answer, and nobody has arrived from it or connected it.
	"POST /oidc/:provider":                         {},
	"GET /sign-up/identity":                        {code: 404},
	"POST /sign-up/identity":                       {code: 404},
	"POST /account/identities/:provider":           {},
	"POST /account/identities/:provider/removal":   {code: 404},
	"bare GET /oidc/:provider/callback":            {code: 303},
	"bare POST /oidc/:provider/backchannel-logout": {code: 400},

	// The service of the test is claimed, and nothing can be signed or used again before it is done.
	"POST /services/:service/claim":                                      {form: formOf("words", "It is ours."), code: 422},
	"POST /services/:service/claim/withdrawal":                           {},
	"POST /admin/moderation/claims/:claim":                               {form: formOf("decision", "refuse", "words", "No.")},
	"POST /vendor/listings/:listing/confirm":                             {form: formOf("seen", "1", "section", "texts")},
	"POST /vendor/declaration/signature":                                 {form: formOf("as", "board", "agreed", "yes"), code: 422},
	"POST /vendor/declaration/:section":                                  {form: (*walls).declared, code: 422},
	"POST /vendor/declaration/:section/reuse":                            {form: formOf("seen", "0"), code: 404},
	"POST /admin/moderation/declarations/:declaration":                   {form: formOf("decision", "refuse", "words", "No.")},
	"POST " + vendorListingsPath + "/:listing/releases/new":              {form: formOf("day", "2026-03-01", "title_en", "Release")},
	"POST " + vendorListingsPath + "/:listing/releases/:release":         {form: formOf("seen", "1", "day", "2026-03-01", "title_en", "Again")},
	"POST " + vendorListingsPath + "/:listing/releases/:release/removal": {},
	"POST " + vendorListingsPath + "/:listing/releases/feed":             {form: formOf("address", "https://vendor.example/feed", "language", "en")},
	"POST " + vendorListingsPath + "/:listing/releases/feed/removal":     {form: formOf("forget", "yes")},
	"POST " + adminListingsPath + "/:listing/releases/:release/removal":  {},

	"POST /account/tokens/new":                                        {form: formOf("name", "Pipeline", "scope", "listings:write", "days", "30"), code: 200},
	"POST /account/tokens/:token/revocation":                          {},
	"POST /organisation/tokens/:token/revocation":                     {},
	"POST /admin/tokens/:token/revocation":                            {},
	"POST " + peoplePath + "/:membership":                             {form: formOf("seen", "vendor_editor|||", "roles", "vendor_editor")},
	"POST " + peoplePath + "/:membership/end":                         {},
	"POST " + peoplePath + "/invitations/new":                         {form: (*walls).guest},
	"POST " + peoplePath + "/invitations/:invitation/renewal":         {},
	"POST " + peoplePath + "/invitations/:invitation/revocation":      {},
	"POST /admin/memberships/:membership":                             {form: formOf("seen", "vendor_editor|||", "roles", "vendor_editor")},
	"POST /admin/memberships/:membership/end":                         {},
	"POST /admin/memberships/:membership/move":                        {form: formOf("organisation", "4", "roles", "vendor_editor")},
	"POST /admin/invitations/new":                                     {form: (*walls).guest},
	"POST /admin/invitations/:invitation/renewal":                     {},
	"POST /admin/invitations/:invitation/revocation":                  {},
	"POST /admin/users/:account/lock":                                 {form: formOf("reason", "Left.")},
	"POST /admin/users/:account/unlock":                               {form: formOf("reason", "Came back.")},
	"POST /admin/users/:account/reset":                                {},
	"POST /admin/users/:account/factors":                              {},
	"POST /admin/users/:account/erasure":                              {form: (*walls).mailOfAnother},
	"POST /admin/users/:account/memberships/new":                      {form: formOf("organisation", "4", "roles", "vendor_editor")},
	"POST /admin/users/:account/sessions/removal":                     {},
	"POST /admin/sessions/removal":                                    {form: formOf("session", "1")},
	"POST /admin/organisations/new":                                   {form: (*walls).organisation},
	"POST /admin/organisations/:organisation/edit":                    {form: (*walls).organisationAgain},
	"POST /admin/domains":                                             {form: (*walls).domain},
	"POST /admin/domains/:domain/removal":                             {},
	"POST /admin/applications/:application":                           {form: formOf("seen", "1", "decision", "ask", "words", "Why?")},
	"POST " + moderationPath + "/:submission":                         {form: (*walls).sendBack},
	"POST " + moderationPath + "/:submission" + seenEnd:               {},
	"POST " + adminListingsPath + "/:listing/standing":                {form: formOf("seen", "open", "life", "closed", "reason_en", "We close.")},
	"POST " + vendorListingsPath + "/:listing/standing":               {form: formOf("seen", "open", "life", "closed", "reason_en", "We close.")},
	"POST " + vendorListingsPath:                                      {},
	"POST " + vendorListingsPath + "/:listing" + editEnd + ":section": {form: (*walls).basics},
	"POST " + vendorListingsPath + "/:listing" + submitEnd:            {form: formOf("seen", "1")},
	"POST " + vendorListingsPath + "/:listing" + draftEnd:             {form: formOf("version", "1")},
	"POST " + vendorListingsPath + "/:listing/removal":                {},
	"POST " + vendorListingsPath + "/:listing/restoration":            {},
	"POST " + vendorListingsPath + "/:listing/withdrawal":             {},
	"POST /admin/texts":                                               {form: (*walls).texts},

	"POST /projects/new":                                        {form: (*walls).facts},
	"POST /projects/add":                                        {form: (*walls).adding},
	"POST /projects/:project/edit":                              {form: (*walls).facts},
	"POST /projects/:project/people":                            {form: (*walls).named},
	"POST /projects/:project/close":                             {form: formOf("reason", "No money.")},
	"POST /projects/:project/requirements/template":             {form: formOf("once", "x"), code: 404}, // there is no template for the whole catalogue
	"POST /projects/:project/requirements/import":               {form: (*walls).askingTable},
	"POST /projects/:project/requirements/copy":                 {form: (*walls).copying},
	"GET /projects/:project/requirements/new":                   {query: (*walls).aSubject},
	"POST /projects/:project/requirements/new":                  {form: (*walls).asking},
	"POST /projects/:project/requirements/:requirement":         {form: (*walls).changing},
	"POST /projects/:project/requirements/:requirement/removal": {},
	"POST /projects/:project/fit/keep":                          {},
	"POST /projects/:project/fit/:requirement/:service":         {form: (*walls).judging},
	"POST /projects/:project/shortlist":                         {form: formOf("id", "SC-1")},
	"POST /projects/:project/shortlist/:service":                {},
	"POST /projects/:project/shortlist/:service/removal":        {form: formOf("reason", "Too dear.")},
	"POST /projects/:project/lock":                              {form: formOf("sure", "1")},
	"POST " + documentsPath:                                     {form: (*walls).upload},
	"POST " + documentsPath + "/:document":                      {form: formOf("title", "Terms", "language", "en", "kind", "terms")},
	"POST " + documentsPath + "/:document/replacement":          {form: (*walls).upload},
	"POST " + documentsPath + "/:document/removal":              {},
	"POST " + adminDocumentsPath + "/:document/check":           {},
}

// formOf is a form that is the same for all: name, value, name, value …
func formOf(pairs ...string) func(*walls, *caller, string) url.Values {
	return func(*walls, *caller, string) url.Values {
		form := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			form.Add(pairs[i], pairs[i+1])
		}
		return form
	}
}

// word is one that nothing else holds.
func (w *walls) word() string {
	w.rows++
	return fmt.Sprintf("word%d", w.rows)
}

// appCode is the first code of an app that the caller sets up.
func (w *walls) appCode(c *caller, _ string) url.Values {
	o := w.seal.NewOffer(c.account, w.DB.Now())
	secret, err := base32.StdEncoding.DecodeString(o.Secret)
	if err != nil {
		w.t.Fatal(err)
	}
	return url.Values{"offer": {o.Sealed}, "code": {phone(secret).code(w.DB.Now())}}
}

func (w *walls) newcomer(*caller, string) url.Values {
	return url.Values{"mail": {w.word() + "@lakeside.example"}}
}

func (w *walls) ownMail(c *caller, _ string) url.Values {
	return url.Values{"mail": {wordOfPerson + c.name + "@lakeside.example"}}
}

func (w *walls) company(*caller, string) url.Values {
	w.rows++
	return url.Values{"country": {"EE"}, "code": {fmt.Sprintf("%08d", 20000000+w.rows)}, "company": {"Firma"}, "words": {"Tere."}, "name": {"Juht"}, "mail": {w.word() + "@firma.example"}}
}

func (w *walls) words(*caller, string) url.Values {
	return url.Values{"words": {w.word() + "\n" + w.word()}}
}

func (w *walls) wordsAgain(c *caller, address string) url.Values {
	form := w.seen(c, address)
	form.Set("words", w.word()+"\n"+w.word())
	return form
}

// seen is the form of who has seen the list at the address as it is now.
func (w *walls) seen(_ *caller, address string) url.Values {
	var revision int64
	id := strings.Split(address, "/")[4]
	err := w.DB.Get(w.t.Context(), &revision, `SELECT revision FROM synonym_lists WHERE id = ?`, id)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		w.t.Fatal(err)
	}
	return url.Values{"seen": {strconv.FormatInt(revision, 10)}}
}

func (w *walls) anApplication(owner *caller) string {
	w.rows++
	a := identity.Application{Key: models.Key{Code: fmt.Sprintf("%08d", 10000000+w.rows)}, Name: wordOfOwn + owner.name, Country: "EE"}
	if err := w.DB.Write(w.t.Context(), owner.actor(), func(tx *db.Tx) error {
		_, err := identity.Apply(w.t.Context(), tx, &a, identity.Applicant{}, wordOfOwn+owner.name)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return strconv.FormatInt(a.ID, 10)
}

func (w *walls) aNotice(owner *caller) string {
	w.write(func(tx *db.Tx) error {
		return work.Tell(w.t.Context(), tx, work.Message{Kind: work.Approval, AccountID: owner.account, Language: "en", Args: []string{wordOfOwn + owner.name, "x"}, Path: "/account"})
	})
	notices, err := work.Inbox(w.t.Context(), w.DB, owner.account, models.Page{Number: 1, Size: 1})
	if err != nil {
		w.t.Fatal(err)
	}
	return strconv.FormatInt(notices[0].ID, 10)
}

func (w *walls) aToken() url.Values {
	return url.Values{"token": {work.Token(letterKey, w.buyer, work.Approval)}}
}

func (w *walls) aLetter(*caller) string {
	w.write(func(tx *db.Tx) error {
		return work.Tell(w.t.Context(), tx, work.Message{Kind: work.Known, Mail: "x@elsewhere.example", Language: "en", Path: "/sign-in"})
	})
	var id int64
	if err := w.DB.Get(w.t.Context(), &id, `SELECT max(id) FROM outbox`); err != nil {
		w.t.Fatal(err)
	}
	return strconv.FormatInt(id, 10)
}

func (w *walls) aList(*caller) string {
	var id int64
	w.write(func(tx *db.Tx) (err error) {
		id, err = search.AddSynonyms(w.t.Context(), tx, []string{w.word(), w.word()})
		return err
	})
	return strconv.FormatInt(id, 10)
}

func (w *walls) anInvitation(*caller) string {
	var secret string
	w.write(func(tx *db.Tx) (err error) {
		secret, err = identity.Invite(w.t.Context(), tx, &identity.Invitation{OrgID: 3, Mail: w.word() + "@elsewhere.example", Language: "en",
			Powers: identity.Powers{Roles: []models.Role{models.VendorEditor}}})
		return err
	})
	return secret
}

func (w *walls) aReset(*caller) string {
	account := w.person(w.word() + "@elsewhere.example")
	var secret string
	w.write(func(tx *db.Tx) (err error) {
		secret, err = access.Give(w.t.Context(), tx, access.SetsPassword, account, time.Hour)
		return err
	})
	return secret
}

func (w *walls) aMailChange(*caller) string {
	account := w.person(w.word() + "@elsewhere.example")
	var secret string
	if err := w.DB.Write(w.t.Context(), models.Actor{AccountID: account}, func(tx *db.Tx) (err error) {
		secret, err = access.AskMail(w.t.Context(), tx, w.word()+"@elsewhere.example")
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return secret
}

func (w *walls) anUndo(c *caller) string {
	secret := w.aMailChange(c)
	w.write(func(tx *db.Tx) (err error) {
		_, secret, err = access.ChangeMail(w.t.Context(), tx, secret, 0)
		return err
	})
	return secret
}
