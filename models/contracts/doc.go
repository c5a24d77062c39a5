// Package contracts knows the subscriptions of public bodies, from the request over the
// order to the end: who approves, the money that is reserved, what vendors answer, how a
// subscription runs, by when something has to be said about it, and how much is used.
//
// A [Subscription] goes only where the machine of [Steps] lets it, and the database
// refuses all else. Its price is fixed from a version of the listing when it is
// requested. Money is reserved on a [Budget] line in the transaction of the last
// approval, by a statement that finds no row where there is not enough: so two requests
// for the last money, or two approvers at once, never both win.
//
// An [Amendment] changes how much is subscribed to, or of which plan, from a day on; it
// has a machine of its own. An [Import] takes over contracts that run already, also with
// vendors who are not here.
//
// It owns the tables approval_rules, budget_lines, subscriptions, subscription_steps,
// approval_votes, amendments, amendment_votes, onboarding_steps, contract_imports,
// usage_months, notice_reminders and calendar_tokens.
package contracts
