// Package procurement knows the projects in which public bodies buy: who works on one,
// what it asks of a service, what it finds, keeps and leaves out, and the evidence of
// that.
//
// A [Project] belongs to one organisation. It goes forward only: drafting, shortlisted
// once a service is kept, locked once its search is evidence, closed. The database
// knows which steps there are and refuses all others, and every change of what was
// locked. Who may read a project is told by [Find], which finds nothing for anybody
// else; who may change it is told by [Project.Editable] and [Project.Judging].
//
// A [Requirement] is either checked by what a listing answers, with an [Operator] over
// a [Subject], or by people. What the whole catalogue makes of requirements is counted
// by search ([Weigh]); what one version of a listing makes of them is told by
// [Requirement.Fit], by the same rules, so that both say the same. People may [Overrule]
// that for one service in one project; what they say never counts elsewhere.
//
// What follows the locked shortlist: a [Question] goes to vendors, who all read the
// answers once it is due; a [Criterion] tells services apart, by formula or by what
// people score, each alone and then together ([Rank]); a [Decision] goes to an approver
// and is sealed with a [Dossier], letters to vendors, a standstill and the award.
//
// Before anything is bought, [Reuse] tells what others use, and [OpenPool] invites those
// who need the same; who they are is known once they join.
//
// It owns the tables projects, project_people, requirements, shortlist, overrules,
// locked_searches, locked_results, project_questions, question_services,
// question_answers, clarifications, criteria, offers, score_sheets, scores, consensus, decisions,
// decision_steps, award_letters, pools and pool_bodies. What a search is lives in search, and what its
// address means is not known here: a saved search is a text that comes from outside
// together with what it found.
package procurement
