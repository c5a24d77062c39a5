// Package publishing knows how a listing comes to the buyers: the [Draft] that people
// of a vendor write, what they send ([Send]), the [Risk] in what it changes, and what
// moderators decide about it.
//
// A draft is saved often and by several people; each saving names the revision that it
// saw, and is refused when there is another one since. What is sent is a [Submission],
// which stays as it was sent: harmless changes are published at once and shown to
// moderators afterwards, others wait, and what is approved is exactly what the
// moderator saw.
//
// Buyers can trust what is written because three more things are known here: whether it
// still holds ([Confirm], [Remind]), what a vendor declares about itself
// ([SaveDeclaration], [Questionnaire]), and whose a listing is that was gathered from
// public sources ([SendClaim]).
//
// It owns the tables drafts, draft_hands, submissions and submission_hands;
// answer_confirmations and staleness_reminders; declarations, declaration_sections and
// declaration_answers and declaration_reminders; and claims. Versions
// that buyers see do not belong here but to the catalogue, which appends them; see
// [catalogue.Publish].
package publishing
