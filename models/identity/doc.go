// Package identity knows the organisations, public bodies, vendors and the operator
// of the portal, and the people: who has an account, which organisations each acts
// for and with what powers, and how they come in.
//
// An account is a person. A [Membership] is a person in an organisation, with
// [Powers]; which roles an organisation gives depends on its kind, see [RolesOf].
// People come by an [Invitation], by the mail [Domain] of their organisation, or with
// an [Application] of a company to become a vendor; each ends in [Take]. What was on
// record stays: memberships end, accounts are locked or erased, and triggers refuse
// the rest.
//
// It owns the tables organisations, organisation_words, organisation_markets,
// organisation_revision, keys, accounts, memberships, membership_roles,
// membership_rights, invitations, invitation_roles, invitation_rights, mail_domains,
// vendor_applications, application_markets and application_messages; and site_texts and
// site_words, what the operator says on every page. How a person shows who they are, and what a browser holds after that, is not known here but in
// access; what organisations offer, use or pay stands in other rooms, which know them
// by id.
package identity
