package publishing

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// Proved is what the mail of a person proves about an unclaimed listing.
type Proved struct {
	Domain string // of the mail
	Public bool   // anybody gets a mailbox there, so it proves nothing
	By     string // the domain of the listing that it is under; "" when it proves nothing

	offering catalogue.Offering
}

// ProofOf returns what the mail of an account proves about a listing that buyers can
// see, or [models.ErrNotFound]. A mail proves that a listing is its vendor's when it is
// under the domain of the website or of the contact of the listing, or of the website
// of who is named as its vendor.
func ProofOf(ctx context.Context, r db.Reader, account, offering int64) (Proved, error) {
	o, err := catalogue.Find(ctx, r, offering)
	if err == nil && (o.Published == 0 || o.Life == catalogue.Withdrawn) {
		err = models.ErrNotFound
	}
	if err != nil {
		return Proved{}, err
	}
	e, err := catalogue.FindEdition(ctx, r, offering, o.Published)
	if err != nil {
		return Proved{}, err
	}
	v, err := identity.Find(ctx, r, o.VendorID)
	if err != nil {
		return Proved{}, err
	}
	who, err := identity.FindAccount(ctx, r, account)
	if err != nil {
		return Proved{}, err
	}
	_, contact, _ := strings.Cut(identity.FoldMail(e.Contact), "@")
	_, domain, _ := strings.Cut(identity.FoldMail(who.Mail), "@")
	p := Proved{Domain: domain, Public: slices.Contains(publicMail[:], domain), offering: o}
	p.By = proves(domain, hostOf(e.Website), contact, hostOf(v.Website))
	return p, nil
}

// proves returns the first of the hosts that mail under the domain belongs to; "" when
// it belongs to none.
func proves(domain string, hosts ...string) string {
	if slices.Contains(publicMail[:], domain) || !strings.Contains(domain, ".") {
		return ""
	}
	for _, host := range hosts {
		host = strings.TrimPrefix(host, "www.")
		shared := slices.ContainsFunc(sharedHosts[:], func(s string) bool { return host == s || strings.HasSuffix(host, "."+s) })
		switch {
		case host == "" || shared || slices.Contains(publicMail[:], host):
		case domain == host, strings.HasSuffix(domain, "."+host), strings.HasSuffix(host, "."+domain):
			return host
		}
	}
	return ""
}

// hostOf is the host of a web address in small letters; "" when it is none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// publicMail are providers where anybody gets a mailbox.
var publicMail = [...]string{
	"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "yahoo.co.uk", "ymail.com", "icloud.com",
	"me.com", "mac.com", "aol.com", "gmx.com", "gmx.de", "gmx.net", "web.de", "proton.me", "protonmail.com", "pm.me", "tutanota.com", "tuta.io",
	"fastmail.com", "zoho.com", "mail.com", "mail.ru", "bk.ru", "inbox.ru", "list.ru", "rambler.ru", "yandex.ru", "yandex.com", "ya.ru",
	"mail.ee", "hot.ee", "online.ee", "neti.ee", "suhtlus.ee", "solo.ee", "inbox.lv", "inbox.lt", "one.lt", "eesti.ee", "wp.pl", "o2.pl",
	"interia.pl", "seznam.cz", "centrum.cz", "azet.sk", "orange.fr", "free.fr", "laposte.net", "libero.it", "qq.com", "163.com", "126.com",
}

// sharedHosts hold pages of many: who has mail there is not who has the page.
var sharedHosts = [...]string{
	"github.com", "github.io", "gitlab.com", "gitlab.io", "bitbucket.org", "codeberg.org", "sourceforge.net", "sites.google.com", "docs.google.com", "play.google.com", "facebook.com",
	"linkedin.com", "wordpress.com", "blogspot.com", "azurewebsites.net", "herokuapp.com", "vercel.app", "netlify.app",
	"apps.apple.com", "apps.microsoft.com",
}
