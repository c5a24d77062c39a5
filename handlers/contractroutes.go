package handlers

import "pilveturg/models"

// contractRoutes are how services are requested, ordered, used and ended, and what is
// spent on them.
func (s *Site) contractRoutes() []route {
	buyer, reads, money, sells := only(models.Buyer), only(models.Buyer, models.Approver, models.Finance), only(models.Finance), only(models.VendorManager)
	const one, order = subscriptionsPath + "/:subscription", ordersPath + "/:subscription"
	return []route{
		{"GET", requestPath, buyer, s.showRequest, false},
		{"POST", requestPath, buyer, s.sendRequest, false},
		{"GET", subscriptionsPath, reads, s.listSubscriptions, false},
		{"GET", subscriptionsPath + ".csv", reads, s.subscriptionsCSV, false},
		{"GET", one, reads, s.showSubscription, false},
		{"POST", one + "/reminders", buyer, s.seeReminders, false},
		{"GET", one + "/usage", buyer, s.showUsage(false), false},
		{"POST", one + "/usage", buyer, s.saveUsage(false), false},
		{"GET", contractsImportPath, buyer, s.showContractImport, false},
		{"POST", contractsImportPath, buyer, s.importContracts, false},
		{"GET", contractsImportPath + "/template.csv", buyer, s.contractTemplate, false},
		{"POST", contractsImportPath + "/:import/undo", buyer, s.undoContracts, false},
		{"GET", usageFilePath, buyer, s.showUsageFile, false},
		{"POST", usageFilePath, buyer, s.bringUsage, false},
		{"GET", usageFilePath + "/template.csv", buyer, s.usageTemplate, false},
		{"GET", one + "/changes/new", buyer, s.showChange, false},
		{"POST", one + "/changes/new", buyer, s.sendChange, false},
		{"POST", one + "/changes/:change/withdrawal", buyer, s.withdrawChange, false},
		{"GET", one + "/onboarding", buyer, s.showOnboarding(false), false},
		{"POST", one + "/onboarding", buyer, s.addOnboarding(false), false},
		{"POST", one + "/onboarding/:task", buyer, s.tickOnboarding(false), false},
		{"GET", order + "/usage", sells, s.showUsage(true), false},
		{"POST", order + "/usage", sells, s.saveUsage(true), false},
		{"GET", order + "/changes/:change", sells, s.showChangeOrder, false},
		{"POST", order + "/changes/:change", sells, s.answerChange, false},
		{"GET", order + "/onboarding", sells, s.showOnboarding(true), false},
		{"POST", order + "/onboarding", sells, s.addOnboarding(true), false},
		{"POST", order + "/onboarding/:task", sells, s.tickOnboarding(true), false},
		{"GET", one + "/steps/:step", buyer, s.showStep(false), false},
		{"POST", one + "/steps/:step", buyer, s.makeStep(false), false},
		{"GET", savedPath, buyer, s.listSaved, false},
		{"GET", savedPath + "/new", buyer, s.showSave, false},
		{"POST", savedPath + "/new", buyer, s.keepSearch, false},
		{"POST", savedPath + "/:saved", buyer, s.openSaved, false},
		{"POST", savedPath + "/:saved/removal", buyer, s.removeSaved, false},
		{"GET", ordersPath, sells, s.listOrders, false},
		{"GET", order, sells, s.showOrder, false},
		{"GET", order + "/steps/:step", sells, s.showStep(true), false},
		{"POST", order + "/steps/:step", sells, s.makeStep(true), false},
		{"GET", budgetPath, reads, s.showBudget, false},
		{"GET", budgetPath + "/rules", money, s.showRules, false},
		{"POST", budgetPath + "/rules", money, s.saveRules, false},
		{"GET", budgetPath + "/lines/:line", money, s.showBudgetLine, false},
		{"POST", budgetPath + "/lines/:line", money, s.saveBudgetLine, false},
		{"GET", calendarPath, reads, s.showCalendar, false},
		{"POST", calendarPath, reads, s.makeCalendarToken, false},
		{"POST", calendarPath + "/removal", reads, s.endCalendarToken, false},
		{"GET", feedPath + ":feed", anyone, s.calendarFeed, false},
	}
}
