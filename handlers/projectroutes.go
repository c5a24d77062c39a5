package handlers

import "pilveturg/models"

// projectRoutes are how public bodies get from a need to a shortlist. Who may do what
// in a project is for the project to say.
func (s *Site) projectRoutes() []route {
	buyer, reads, judges := only(models.Buyer), only(models.Buyer, models.Evaluator, models.Approver), only(models.Buyer, models.Evaluator)
	const one = projectsPath + "/:project"
	return []route{
		{"GET", projectsPath, reads, s.listProjects, false},
		{"GET", projectsPath + ".csv", reads, s.projectsCSV, false},
		{"GET", projectsPath + "/new", buyer, s.showNewProject, false},
		{"POST", projectsPath + "/new", buyer, s.addProject, false},
		{"GET", addPath, buyer, s.showAdd, false},
		{"POST", addPath, buyer, s.addToProject, false},
		{"GET", one, reads, s.showProject, false},
		{"GET", one + "/edit", buyer, s.showProjectEdit, false},
		{"POST", one + "/edit", buyer, s.changeProject, false},
		{"GET", one + "/people", buyer, s.showProjectPeople, false},
		{"POST", one + "/people", buyer, s.changeProjectPeople, false},
		{"GET", one + "/close", buyer, s.confirmClose, false},
		{"POST", one + "/close", buyer, s.closeProject, false},
		{"GET", one + "/requirements", reads, s.showRequirements, false},
		{"POST", one + "/requirements/template", buyer, s.takeTemplate, false},
		{"GET", one + "/requirements/import", buyer, s.showImport, false},
		{"POST", one + "/requirements/import", buyer, s.importRequirements, false},
		{"GET", one + "/requirements/copy", buyer, s.showCopy, false},
		{"POST", one + "/requirements/copy", buyer, s.copyRequirements, false},
		{"GET", one + "/requirements/new", buyer, s.showNewRequirement, false},
		{"POST", one + "/requirements/new", buyer, s.addRequirement, false},
		{"GET", one + "/requirements/:requirement", buyer, s.showRequirement, false},
		{"POST", one + "/requirements/:requirement", buyer, s.changeRequirement, false},
		{"POST", one + "/requirements/:requirement/removal", buyer, s.removeRequirement, false},
		{"GET", one + "/fit", reads, s.showFit, false},
		{"POST", one + "/fit/keep", buyer, s.keepFitting, false},
		{"GET", one + "/fit/:requirement/:service", judges, s.showOverrule, false},
		{"POST", one + "/fit/:requirement/:service", judges, s.overrule, false},
		{"GET", one + "/shortlist", reads, s.showShortlist, false},
		{"POST", one + "/shortlist", buyer, s.addToShortlist, false},
		{"POST", one + "/shortlist/:service", buyer, s.keepInProject, false},
		{"GET", one + "/shortlist/:service/removal", buyer, s.confirmLeave, false},
		{"POST", one + "/shortlist/:service/removal", buyer, s.leaveOut, false},
		{"GET", one + "/lock", buyer, s.confirmLock, false},
		{"POST", one + "/lock", buyer, s.lockProject, false},
		{"GET", one + "/search", reads, s.showEvidence, false},
		{"GET", one + "/search.json", reads, s.evidenceJSON, false},
	}
}

// decisionRoutes are how a locked shortlist becomes a decision: questions to vendors,
// scores, approval, and the evidence of it all.
func (s *Site) decisionRoutes() []route {
	buyer, reads, judges, approves := only(models.Buyer), only(models.Buyer, models.Evaluator, models.Approver), only(models.Buyer, models.Evaluator), only(models.Approver)
	sells, reports := only(models.VendorEditor, models.VendorManager), only(models.Buyer, models.Approver, models.Analyst)
	const one = projectsPath + "/:project"
	return []route{
		{"GET", exceptionsPath, reports, s.listExceptions, false},
		{"GET", exceptionsPath + ".csv", reports, s.exceptionsCSV, false},
		{"GET", one + reusedEnd, reads, s.showReuse, false},
		{"GET", one + reusedEnd + ".csv", reads, s.reuseCSV, false},
		{"POST", one + "/shortlist/:service/reuse", buyer, s.keepReused, false},
		{"GET", one + poolEnd, reads, s.showProjectPool, false},
		{"POST", one + poolEnd, buyer, s.inviteToPool, false},
		{"POST", one + poolEnd + "/volume", buyer, s.takeJointVolume, false},
		{"GET", poolsPath, buyer, s.listPools, false},
		{"GET", poolsPath + "/:pool", buyer, s.showPool, false},
		{"POST", poolsPath + "/:pool", buyer, s.answerPool, false},
		{"GET", one + questionsEnd, reads, s.showQuestions, false},
		{"POST", one + questionsEnd, buyer, s.askVendors, false},
		{"POST", one + questionsEnd + clarificationsEnd + "/:clarification", buyer, s.clarify, false},
		{"GET", one + scoresEnd, reads, s.showScores, false},
		{"POST", one + scoresEnd, judges, s.saveScores, false},
		{"GET", one + criteriaEnd, buyer, s.showCriteria, false},
		{"POST", one + criteriaEnd, buyer, s.saveCriteria, false},
		{"POST", one + consensusEnd, buyer, s.saveConsensus, false},
		{"GET", one + scoresEnd + "/offers/:service", buyer, s.showOffer, false},
		{"POST", one + scoresEnd + "/offers/:service", buyer, s.saveOffer, false},
		{"GET", one + decisionEnd, reads, s.showDecision, false},
		{"POST", one + decisionEnd, buyer, s.saveDecision, false},
		{"POST", one + decisionEnd + "/send", buyer, s.decisionDeed("decision.done.sent", sendDecision), false},
		{"POST", one + decisionEnd + "/withdrawal", buyer, s.decisionDeed("decision.done.withdrawn", takeBackDecision), false},
		{"POST", one + decisionEnd + "/award", buyer, s.decisionDeed("decision.done.awarded", awardProject), false},
		{"GET", one + decisionEnd + "/letters", reads, s.showLetters, false},
		{"GET", one + dossierEnd, reads, s.showDossier, false},
		{"GET", one + dossierEnd + ".json", reads, s.dossierJSON, false},
		{"GET", one + dossierEnd + ".csv", reads, s.dossierCSV, false},
		{"GET", one + dossierEnd + ".ods", reads, s.dossierODS, false},
		{"GET", approvalsPath, approves, s.listApprovals, false},
		{"GET", approvalsPath + "/:approval", approves, s.showApproval, false},
		{"POST", approvalsPath + "/:approval", approves, s.recordApproval, false},
		{"GET", vendorQuestionsPath, sells, s.listVendorQuestions, false},
		{"GET", vendorQuestionsPath + "/:question/:service", sells, s.showVendorQuestion, false},
		{"POST", vendorQuestionsPath + "/:question/:service", sells, s.answerQuestion, false},
		{"POST", vendorQuestionsPath + "/:question/:service" + clarificationsEnd, sells, s.askBack, false},
		{"GET", vendorDecisionsPath + "/:project/:service", sells, s.showVendorDecision, false},
	}
}
