package handlers

import (
	"slices"

	"pilveturg/models"
)

// systemRoutes are how systems that bodies own are registered and looked at.
func (s *Site) systemRoutes() []route {
	keeps, reads := only(models.Buyer, models.Finance), only(models.Buyer, models.Approver, models.Finance, models.Analyst)
	brings := only(models.Buyer, models.Finance, models.Administrator)
	const one = systemsPath + "/:system"
	return slices.Concat([]route{
		{"GET", systemsPath, reads, s.listSystems, false},
		{"GET", systemsPath + "/new", keeps, s.showNewSystem, false},
		{"POST", systemsPath + "/new", keeps, s.saveNewSystem, false},
		{"GET", systemImportPath, brings, s.showSystemImport, false},
		{"POST", systemImportPath, brings, s.bringRegister, false},
		{"GET", systemImportPath + "/template.csv", brings, s.registerTemplate, false},
		{"GET", systemImportPath + "/:upload", brings, s.showUpload, false},
		{"POST", systemImportPath + "/:upload/acceptance", brings, s.acceptRegister, false},
		{"POST", systemImportPath + "/:upload/undo", brings, s.undoRegister, false},
		{"GET", one, reads, s.showSystem, false},
		{"GET", one + "/edit", keeps, s.showSystemEdit, false},
		{"POST", one + "/edit", keeps, s.saveSystem, false},
		{"GET", one + "/removal", keeps, s.confirmSystemRemoval, false},
		{"POST", one + "/removal", keeps, s.removeSystem, false},
		{"GET", one + "/costs", keeps, s.showCosts, false},
		{"POST", one + "/costs", keeps, s.addUsualCosts, false},
		{"GET", one + "/costs/:cost", keeps, s.showCost, false},
		{"POST", one + "/costs/:cost", keeps, s.saveCost, false},
		{"GET", one + "/costs/:cost/removal", keeps, s.confirmCostRemoval, false},
		{"POST", one + "/costs/:cost/removal", keeps, s.removeCost, false},
		{"GET", one + compareOwnEnd, reads, s.showOwnCompare, false},
		{"GET", one + comparisonsEnd + "/new", keeps, s.showKeepComparison, false},
		{"POST", one + comparisonsEnd + "/new", keeps, s.keepComparison, false},
		{"GET", one + comparisonsEnd + "/:comparison", reads, s.showComparison, false},
		{"POST", one + comparisonsEnd + "/:comparison/subscription", keeps, s.linkComparison, false},
		{"GET", discountRatesPath, only(models.Administrator), s.listDiscountRates, false},
		{"POST", discountRatesPath, only(models.Administrator), s.addDiscountRate, false},
		{"GET", replaceablePath, reads, s.listReplaceable, false},
		{"GET", reusePath, anyone, s.listShared, false},
	}, fileRoutes(systemsPath, reads, s.systemsFile), fileRoutes(systemImportPath+"/:upload/rejects", brings, s.rejectedFile), fileRoutes(one+"/years", reads, s.systemYearsFile), fileRoutes(reusePath, anyone, s.sharedFile), fileRoutes(replaceablePath, reads, s.replaceableFile), fileRoutes(one+compareOwnEnd, reads, s.ownCompareFile), fileRoutes(discountRatesPath, only(models.Administrator), s.discountRatesFile))
}
