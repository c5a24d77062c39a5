package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"pilveturg/handlers/api"
	"pilveturg/handlers/web"
	"pilveturg/models"
)

// apiRest are all addresses at which programs are answered.
const apiRest = api.Path + "/*rest"

// who says who may use a route. What they may do inside, models decide. The zero who
// says nothing, and lets nobody in.
type who struct {
	said     bool
	signedIn bool
	roles    []models.Role // one of them is enough; none: whoever has signed in
	fresh    bool          // and has just shown who they are
	early    bool          // even who needs a second factor first
}

var (
	anyone = who{said: true}                 // visitors, too
	person = who{said: true, signedIn: true} // whoever has signed in
)

// only lets those in who hold one of the roles.
func only(roles ...models.Role) who { return who{said: true, signedIn: true, roles: roles} }

// freshly asks those who have not just done so to sign in again, before what is
// dangerous.
func (w who) freshly() who {
	w.fresh = true
	return w
}

// inAnyCase lets in even those who have to set up a second factor before anything else.
func (w who) inAnyCase() who {
	w.early = true
	return w
}

// lets reports whether the actor may come in, now or after signing in again.
func (w who) lets(a models.Actor) bool {
	return w.said && (!w.signedIn || a.SignedIn() && (len(w.roles) == 0 || a.IsAny(w.roles...)))
}

// route is one address. Its path is below /{lang} unless bare.
type route struct {
	method, path string
	who          who
	handler      web.Handler
	bare         bool
}

// routes is every address of the portal.
func (s *Site) routes() []route {
	return slices.Concat(s.catalogueRoutes(), s.peopleRoutes(), s.tokenRoutes(), s.teamRoutes(), s.vendorRoutes(), s.userRoutes(), s.adminRoutes(), s.moderationRoutes(), s.trustRoutes(), s.projectRoutes(), s.decisionRoutes(), s.contractRoutes(), s.ledgerRoutes(), s.billRoutes(), s.systemRoutes(), s.noticeRoutes(), s.releaseRoutes(), s.documentRoutes(), s.bareRoutes())
}

// catalogueRoutes are what visitors read.
func (s *Site) catalogueRoutes() []route {
	return []route{
		{"GET", "/", anyone, s.home, false},
		{"GET", "/services", anyone, s.listServices, false},
		{"GET", "/services.json", anyone, s.servicesJSON, false},
		{"GET", "/services.csv", anyone, s.servicesCSV, false},
		{"GET", "/services.xlsx", anyone, s.servicesXLSX, false},
		{"GET", "/services.atom", anyone, s.servicesAtom, false},
		{"GET", "/services/suggest", anyone, s.suggest, false},
		{"GET", "/services/:service", anyone, s.showService, false},
		{"GET", "/services/:service/price", anyone, s.showPrice, false},
		{"GET", "/services/:service/changes", anyone, s.showChanges, false},
		{"GET", "/services/:service/releases", anyone, s.showReleaseNotes, false},
		{"GET", "/services/:service/releases.atom", anyone, s.releaseNotesAtom, false},
		{"GET", "/compare", anyone, s.showCompare, false},
		{"GET", "/compare.csv", anyone, s.compareCSV, false},
		{"GET", "/compare.xlsx", anyone, s.compareXLSX, false},
		{"GET", "/categories", anyone, s.listCategories, false},
		{"GET", "/categories/:category", anyone, s.showCategory, false},
		{"GET", "/vendors", anyone, s.listVendors, false},
		{"GET", "/vendors/:vendor", anyone, s.showVendor, false},
		{"GET", "/agencies", anyone, s.listAgencies, false},
		{"GET", "/agencies/:agency", anyone, s.showAgency, false},
		{"GET", "/help", anyone, s.showHelp, false},
		{"GET", "/help/:topic", anyone.inAnyCase(), s.showArticle, false},
		{"GET", "/about", anyone, s.showArticle, false},
		{"GET", "/accessibility", anyone, s.showArticle, false},
		{"GET", "/privacy", anyone, s.showArticle, false},
		{"GET", "/terms", anyone, s.showArticle, false},
		{"GET", "/contact", anyone, s.showArticle, false},
		{"GET", apiPath, anyone, s.showAPI, false},
		{"GET", "/demo-data", anyone, s.showArticle, false},
		{"POST", "/preferences", anyone.inAnyCase(), s.savePreferences, false},
	}
}

// peopleRoutes are how people come in, and what is theirs.
func (s *Site) peopleRoutes() []route {
	return []route{
		{"GET", signInPath, anyone, s.showSignIn, false},
		{"POST", signInPath, anyone, s.signIn, false},
		{"POST", signInPath + "/demo", anyone, s.signInDemo, false},
		{"GET", codePath, anyone, s.showCode, false},
		{"POST", codePath, anyone, s.enterCode, false},
		{"POST", passkeyPath, anyone.inAnyCase(), s.signInByPasskey, false},
		{"POST", passkeyPath + "/challenge", anyone.inAnyCase(), s.askPasskey, false},
		{"GET", againPath, person.inAnyCase(), s.showAgain, false},
		{"POST", againPath, person.inAnyCase(), s.again, false},
		{"POST", "/sign-out", anyone.inAnyCase(), s.signOut, false},
		{"POST", "/oidc/:provider", anyone.inAnyCase(), s.startProvider, false},
		{"GET", "/oidc/:provider/problem", anyone.inAnyCase(), s.showProviderProblem, false},
		{"GET", arrivalPath, anyone, s.showArrival, false},
		{"POST", arrivalPath, anyone, s.takeArrival, false},
		{"GET", signUpPath, anyone, s.showSignUp, false},
		{"POST", signUpPath, anyone, s.signUp, false},
		{"GET", signUpPath + "/vendor", anyone, s.showVendorSignUp, false},
		{"POST", signUpPath + "/vendor", anyone, s.signUpVendor, false},
		{"GET", "/invite/:secret", anyone, s.showInvitation, false},
		{"POST", "/invite/:secret", anyone, s.takeInvitation, false},
		{"GET", forgotPath, anyone, s.showForgot, false},
		{"POST", forgotPath, anyone, s.forgot, false},
		{"GET", "/reset/:secret", anyone, s.showReset, false},
		{"POST", "/reset/:secret", anyone, s.reset, false},
		{"POST", "/acting-as", person, s.actAs, false},
		{"GET", accountPath, person, s.showAccount, false},
		{"GET", accountPath + "/profile", person, s.showProfile, false},
		{"POST", accountPath + "/profile", person, s.changeProfile, false},
		{"GET", mailPath, person.freshly(), s.showMail, false},
		{"POST", mailPath, person.freshly(), s.askMail, false},
		{"GET", changePath + ":secret", anyone.inAnyCase(), s.showMailChange, false},
		{"POST", changePath + ":secret", anyone.inAnyCase(), s.changeMail, false},
		{"GET", changePath + ":secret" + undoPath, anyone.inAnyCase(), s.showUndo, false},
		{"POST", changePath + ":secret" + undoPath, anyone.inAnyCase(), s.undoMail, false},
		{"GET", accountPath + "/security", person, s.showSecurity, false},
		{"POST", accountPath + "/password", person.freshly(), s.changePassword, false},
		{"GET", neededPath, person.inAnyCase(), s.showNeeded, false},
		{"GET", appPath, person.freshly().inAnyCase(), s.showApp, false},
		{"POST", appPath, person.freshly().inAnyCase(), s.addApp, false},
		{"POST", appPath + "/removal", person.freshly(), s.removeApp, false},
		{"GET", newPasskeyPath, person.freshly().inAnyCase(), s.showNewPasskey, false},
		{"POST", passkeysPath, person.freshly().inAnyCase(), s.addPasskey, false},
		{"POST", passkeysPath + "/challenge", person.freshly().inAnyCase(), s.askNewPasskey, false},
		{"POST", passkeysPath + "/removal", person.freshly(), s.removePasskey, false},
		{"POST", recoveryPath, person.freshly(), s.makeRecovery, false},
		{"POST", accountPath + "/identities/:provider", person.freshly(), s.connectProvider, false},
		{"POST", accountPath + "/identities/:provider/removal", person.freshly(), s.disconnectProvider, false},
		{"POST", accountPath + "/sessions/removal", person.freshly(), s.endSessions, false},
		{"GET", accountPath + "/preferences", person, s.showPreferences, false},
		{"GET", dataPath, person, s.showData, false},
		{"GET", dataPath + ".json", person, s.dataJSON, false},
		{"GET", erasurePath, person.freshly(), s.confirmErasure, false},
		{"POST", erasurePath, person.freshly(), s.eraseMyself, false},
		{"GET", "/applications/:application", person, s.showApplication, false},
		{"POST", "/applications/:application", person, s.answerApplication, false},
	}
}

// tokenRoutes are where people look after the tokens of their programs.
func (s *Site) tokenRoutes() []route {
	own, org, all := s.tokensOfPerson(), s.tokensOfOrg(), s.tokensOfAll()
	vendor, boss, admin := only(models.VendorManager, models.VendorEditor).freshly(), only(models.VendorManager), only(models.Administrator)
	const one = "/:token/revocation"
	return []route{
		{"GET", tokensPath, person, own.list, false},
		{"GET", tokensPath + "/new", vendor, s.showNewToken, false},
		{"POST", tokensPath + "/new", vendor, s.addToken, false},
		{"GET", tokensPath + one, person, own.confirm, false},
		{"POST", tokensPath + one, person, own.revoke, false},
		{"GET", orgTokensPath, boss, org.list, false},
		{"GET", orgTokensPath + ".csv", boss, org.csv, false},
		{"GET", orgTokensPath + one, boss, org.confirm, false},
		{"POST", orgTokensPath + one, boss, org.revoke, false},
		{"GET", adminTokensPath, admin, all.list, false},
		{"GET", adminTokensPath + ".csv", admin, all.csv, false},
		{"GET", adminTokensPath + one, admin, all.confirm, false},
		{"POST", adminTokensPath + one, admin, all.revoke, false},
	}
}

// teamRoutes are for those who keep the people of an organisation, and for
// administrators, who keep those of all.
func (s *Site) teamRoutes() []route {
	boss, admin := only(models.VendorManager), only(models.Administrator).freshly()
	own, all := s.ownTeam(), s.adminTeam()
	return []route{
		{"GET", peoplePath, boss, s.showPeople, false},
		{"GET", peoplePath + ".csv", boss, s.peopleCSV, false},
		{"GET", own.members + "/:membership", boss, own.showMember, false},
		{"POST", own.members + "/:membership", boss, own.changeMember, false},
		{"GET", own.members + "/:membership/end", boss, own.confirmEnd, false},
		{"POST", own.members + "/:membership/end", boss, own.endMember, false},
		{"GET", own.invitations + ".csv", boss, s.ownInvitationsCSV, false},
		{"GET", own.invitations + "/new", boss, own.showInvite, false},
		{"POST", own.invitations + "/new", boss, own.invite, false},
		{"GET", own.invitations + "/:invitation/renewal", boss, own.askInvitation("/renewal", "admin.renew.", false), false},
		{"POST", own.invitations + "/:invitation/renewal", boss, own.renewInvitation, false},
		{"GET", own.invitations + "/:invitation/revocation", boss, own.askInvitation("/revocation", "admin.revoke.", true), false},
		{"POST", own.invitations + "/:invitation/revocation", boss, own.revokeInvitation, false},
		{"GET", all.members + "/:membership", admin, all.showMember, false},
		{"POST", all.members + "/:membership", admin, all.changeMember, false},
		{"GET", all.members + "/:membership/end", admin, all.confirmEnd, false},
		{"POST", all.members + "/:membership/end", admin, all.endMember, false},
		{"GET", all.members + "/:membership/move", admin, s.showMove, false},
		{"POST", all.members + "/:membership/move", admin, s.move, false},
		{"GET", all.invitations, only(models.Administrator), s.listInvitations, false},
		{"GET", all.invitations + ".csv", only(models.Administrator), s.invitationsCSV, false},
		{"GET", all.invitations + "/new", admin, all.showInvite, false},
		{"POST", all.invitations + "/new", admin, all.invite, false},
		{"GET", all.invitations + "/:invitation/renewal", admin, all.askInvitation("/renewal", "admin.renew.", false), false},
		{"POST", all.invitations + "/:invitation/renewal", admin, all.renewInvitation, false},
		{"GET", all.invitations + "/:invitation/revocation", admin, all.askInvitation("/revocation", "admin.revoke.", true), false},
		{"POST", all.invitations + "/:invitation/revocation", admin, all.revokeInvitation, false},
	}
}

// userRoutes are how administrators look after people; what lets somebody in or keeps
// them out is asked for afresh.
func (s *Site) userRoutes() []route {
	admin := only(models.Administrator)
	return []route{
		{"GET", usersPath, admin, s.listUsers, false},
		{"GET", usersPath + ".csv", admin, s.usersCSV, false},
		{"GET", usersPath + "/:account", admin, s.showUser, false},
		{"GET", usersPath + "/:account/lock", admin.freshly(), s.askReason(lockDecision), false},
		{"POST", usersPath + "/:account/lock", admin.freshly(), s.decide(lockDecision), false},
		{"GET", usersPath + "/:account/unlock", admin.freshly(), s.askReason(unlockDecision), false},
		{"POST", usersPath + "/:account/unlock", admin.freshly(), s.decide(unlockDecision), false},
		{"GET", usersPath + "/:account/reset", admin.freshly(), s.confirmReset, false},
		{"POST", usersPath + "/:account/reset", admin.freshly(), s.giveReset, false},
		{"GET", usersPath + "/:account/factors", admin.freshly(), s.confirmFactors, false},
		{"POST", usersPath + "/:account/factors", admin.freshly(), s.removeFactors, false},
		{"GET", usersPath + "/:account/erasure", admin.freshly(), s.confirmUserErasure, false},
		{"POST", usersPath + "/:account/erasure", admin.freshly(), s.eraseUser, false},
		{"GET", usersPath + "/:account/memberships/new", admin.freshly(), s.showNewMember, false},
		{"POST", usersPath + "/:account/memberships/new", admin.freshly(), s.addMember, false},
		{"GET", usersPath + "/:account/sessions/removal", admin, s.confirmEndAll, false},
		{"POST", usersPath + "/:account/sessions/removal", admin, s.endAll, false},
		{"GET", sessionsPath, admin, s.listSessions, false},
		{"GET", sessionsPath + ".csv", admin, s.sessionsCSV, false},
		{"POST", sessionsPath + "/removal", admin, s.endSession, false},
	}
}

// adminRoutes are for those who run the portal.
func (s *Site) adminRoutes() []route {
	admin, decides := only(models.Administrator), only(models.Moderator, models.Administrator)
	return []route{
		{"GET", adminPath, admin, s.showAdmin, false},
		{"GET", orgsPath, admin, s.listOrganisations, false},
		{"GET", orgsPath + ".csv", admin, s.organisationsCSV, false},
		{"GET", orgsPath + "/new", admin, s.showNewOrganisation, false},
		{"POST", orgsPath + "/new", admin, s.addOrganisation, false},
		{"GET", orgsPath + "/:organisation", admin, s.showOrganisation, false},
		{"GET", orgsPath + "/:organisation/edit", admin, s.showOrganisationForm, false},
		{"POST", orgsPath + "/:organisation/edit", admin, s.changeOrganisation, false},
		{"GET", domainsPath, admin, s.listDomains, false},
		{"GET", domainsPath + ".csv", admin, s.domainsCSV, false},
		{"POST", domainsPath, admin, s.addDomain, false},
		{"GET", domainsPath + "/:domain/removal", admin, s.confirmDomainRemoval, false},
		{"POST", domainsPath + "/:domain/removal", admin, s.removeDomain, false},
		{"GET", applicationsPath, decides, s.listApplications, false},
		{"GET", applicationsPath + ".csv", decides, s.applicationsCSV, false},
		{"GET", applicationsPath + "/:application", decides, s.showDeciding, false},
		{"POST", applicationsPath + "/:application", decides, s.decideApplication, false},
		{"GET", settingsPath, admin, s.showSettings, false},
		{"GET", settingsPath + ".csv", admin, s.settingsCSV, false},
		{"GET", textsPath, admin, s.showTexts, false},
		{"POST", textsPath, admin, s.changeTexts, false},
		{"GET", "/admin/synonyms", only(models.Administrator), s.listSynonyms, false},
		{"POST", "/admin/synonyms", only(models.Administrator), s.addSynonyms, false},
		{"GET", "/admin/synonyms/:list", only(models.Administrator), s.showSynonyms, false},
		{"POST", "/admin/synonyms/:list", only(models.Administrator), s.changeSynonyms, false},
		{"GET", "/admin/synonyms/:list/removal", only(models.Administrator), s.confirmSynonymRemoval, false},
		{"POST", "/admin/synonyms/:list/removal", only(models.Administrator), s.removeSynonyms, false},
		{"GET", "/admin/audit", only(models.Administrator), s.showAudit, false},
		{"GET", "/admin/audit.csv", only(models.Administrator), s.auditCSV, false},
		{"GET", "/admin/audit.json", only(models.Administrator), s.auditJSON, false},
		{"POST", "/admin/audit/verification", only(models.Administrator), s.verifyAudit, false},
	}
}

// documentRoutes are for those who keep the documents of a vendor, and for those who look
// at them for the operator.
func (s *Site) documentRoutes() []route {
	writes, decides := only(models.VendorEditor, models.VendorManager), only(models.Moderator, models.Administrator)
	return []route{
		{"GET", documentsPath, writes, s.listDocuments, false},
		{"GET", documentsPath + ".csv", writes, s.documentsCSV, false},
		{"POST", documentsPath, writes, s.uploadDocument, false},
		{"GET", documentsPath + "/:document", writes, s.showDocument, false},
		{"POST", documentsPath + "/:document", writes, s.changeDocument, false},
		{"GET", documentsPath + "/:document/replacement", writes, s.showReplacement, false},
		{"POST", documentsPath + "/:document/replacement", writes, s.replaceDocument, false},
		{"GET", documentsPath + "/:document/removal", writes, s.confirmDocumentRemoval, false},
		{"POST", documentsPath + "/:document/removal", writes, s.removeDocument, false},
		{"GET", adminDocumentsPath, decides, s.listAllDocuments, false},
		{"GET", adminDocumentsPath + ".csv", decides, s.allDocumentsCSV, false},
		{"POST", adminDocumentsPath + "/:document/check", decides, s.checkDocument, false},
	}
}

// bareRoutes are the addresses without a language.
func (s *Site) bareRoutes() []route {
	return []route{
		{"GET", "/", anyone, s.chooseLanguage, true},
		{"GET", "/assets/:name", anyone, s.asset, true},
		{"GET", "/favicon.ico", anyone, s.favicon, true},
		{"GET", "/robots.txt", anyone, s.robots, true},
		{"GET", "/sitemap.xml", anyone, s.sitemapIndex, true},
		{"GET", "/sitemaps/:name", anyone, s.sitemap, true},
		{"GET", "/.well-known/security.txt", anyone, s.security, true},
		{"GET", "/files/:file/:slug", anyone, s.showFile, true},
		{"GET", "/healthz", anyone, s.healthy, true},
		{"GET", "/readyz", anyone, s.ready, true},
		{"GET", "/metrics", anyone, s.metrics, true},
		{"GET", openAPIPath, anyone, s.openAPI, true},
		{"GET", openAPI30Path, anyone, s.openAPI30, true},
		{"GET", "/oidc/:provider/callback", anyone, s.returnFromProvider, true},
		{"POST", "/oidc/:provider/backchannel-logout", anyone, s.logOutByProvider, true},
	}
}

// noticeRoutes are the addresses of what people are told, and how.
func (s *Site) noticeRoutes() []route {
	return []route{
		{"GET", "/inbox", person, s.listNotices, false},
		{"POST", "/inbox/read", person, s.readNotices, false},
		{"POST", "/inbox/:notice/read", person, s.readNotice, false},
		{"GET", "/account/notifications", person, s.showNotifications, false},
		{"POST", "/account/notifications", person, s.saveNotifications, false},
		{"GET", "/unsubscribe", anyone, s.confirmUnsubscribe, false},
		{"POST", "/unsubscribe", anyone, s.unsubscribe, false},
		{"GET", "/admin/mail", only(models.Administrator), s.listLetters, false},
		{"POST", "/admin/mail/test", only(models.Administrator), s.testLetters, false},
		{"POST", "/admin/mail/:letter/retry", only(models.Administrator), s.retryLetter, false},
		{"POST", "/admin/mail/:letter/drop", only(models.Administrator), s.dropLetter, false},
	}
}

// releaseRoutes are how vendors keep what is said of the releases of their services, and
// how those who run the portal remove it.
func (s *Site) releaseRoutes() []route {
	vendor, decides := only(models.VendorEditor, models.VendorManager), only(models.Moderator, models.Administrator)
	own, desk := vendorListingsPath+"/:listing"+releasesEnd, adminListingsPath+"/:listing"+releasesEnd
	return []route{
		{"GET", own, vendor, s.listOwnReleases, false},
		{"GET", own + "/new", vendor, s.showNewRelease, false},
		{"POST", own + "/new", vendor, s.addRelease, false},
		{"GET", own + "/:release", vendor, s.showRelease, false},
		{"POST", own + "/:release", vendor, s.changeRelease, false},
		{"GET", own + "/:release" + removalEnd, vendor, s.confirmReleaseRemoval, false},
		{"POST", own + "/:release" + removalEnd, vendor, s.removeRelease, false},
		{"GET", own + feedEnd, vendor, s.showReleaseFeed, false},
		{"POST", own + feedEnd, vendor, s.setReleaseFeed, false},
		{"GET", own + feedEnd + removalEnd, vendor, s.confirmFeedRemoval, false},
		{"POST", own + feedEnd + removalEnd, vendor, s.removeReleaseFeed, false},
		{"GET", desk + "/:release" + removalEnd, decides, s.confirmReleaseRemoval, false},
		{"POST", desk + "/:release" + removalEnd, decides, s.removeRelease, false},
	}
}

// paths are the paths that routes are known by, in all languages, and what each
// route is called.
func (s *Site) paths() map[string]string {
	paths := map[string]string{apiRest: api.Path}
	for _, rt := range s.routes() {
		if rt.bare {
			paths[rt.path] = rt.path
			continue
		}
		for _, lang := range s.Langs {
			paths["/"+lang+rt.path] = "/{lang}" + rt.path
		}
	}
	return paths
}

// Handler answers every request to the portal.
func (s *Site) Handler() http.Handler {
	gin.SetMode(gin.ReleaseMode) // or it would print every route
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.UseRawPath, e.UnescapePathValues = true, true
	e.Use(web.Named, web.Requests(s.meter, s.Log, slowRequest))
	for _, method := range apiMethods { // which bound what they take themselves, and look at no cookies
		e.Handle(method, apiRest, gin.WrapH(s.api))
	}
	e.Use(web.SameOrigin(&s.adapter), web.MaxBody(maxForm, s.uploads()))
	for _, rt := range s.routes() {
		h := s.guard(rt)
		if rt.bare {
			handle(e, rt.method, rt.path, s.adapter.Handle("", h))
			continue
		}
		for _, lang := range s.Langs {
			handle(e, rt.method, "/"+lang+rt.path, s.adapter.Handle(lang, h))
		}
	}
	e.NoRoute(func(c *gin.Context) {
		r := s.adapter.Request(c)
		s.adapter.Fail(r, fmt.Errorf("%s: %w", c.Request.URL.Path, models.ErrNotFound))
	})
	e.NoMethod(func(c *gin.Context) {
		r := s.adapter.Request(c)
		s.adapter.Fail(r, fmt.Errorf("%s %s: %w", c.Request.Method, c.Request.URL.Path, web.ErrMethod))
	})
	return s.adapter.Gate(e)
}

// handle adds a route; whoever may GET may HEAD.
func handle(e *gin.Engine, method, path string, h gin.HandlerFunc) {
	e.Handle(method, path, h)
	if method == http.MethodGet {
		e.Handle(http.MethodHead, path, h)
	}
}

// guard lets in whom the route is for. Visitors are asked to sign in and come back;
// for others, what is not theirs is not there.
func (s *Site) guard(rt route) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		var reply web.Reply
		var err error
		switch {
		case !rt.who.said:
			err = fmt.Errorf("nobody has said whom %s is for: %w", rt.path, models.ErrNotFound)
		case r.Session.Lacks && !rt.who.early && !rt.bare:
			reply = web.SeeOther(at(r.Lang, neededPath))
		case !rt.who.signedIn:
			reply, err = rt.handler(r)
		case !r.Actor.SignedIn():
			err = models.ErrSignIn
		case !rt.who.lets(r.Actor):
			err = fmt.Errorf("%s is for others: %w", rt.path, models.ErrNotFound)
		case rt.who.fresh && !r.Session.Fresh:
			reply, err = s.askAgain(r)
		default:
			reply, err = rt.handler(r)
		}
		if errors.Is(err, models.ErrSignIn) && !rt.bare {
			return askToSignIn(r), nil
		}
		return reply, err
	}
}
