package handlers

import (
	"pilveturg/models"
	"pilveturg/models/spend"
)

// ledgerRoutes are how money comes into the ledger, and how it is looked at.
func (s *Site) ledgerRoutes() []route {
	keeps, reads := only(models.Finance), only(models.Buyer, models.Approver, models.Finance, models.Analyst)
	const one = importsPath + "/:batch"
	return []route{
		{"GET", importsPath, keeps, s.listImports, false},
		{"POST", importsPath, keeps, s.bringFile, false},
		{"GET", one, keeps, s.showBatch, false},
		{"GET", one + "/mapping", keeps, s.showMapping, false},
		{"POST", one + "/mapping", keeps, s.saveMapping, false},
		{"GET", one + "/rejects.csv", keeps, s.rejectsCSV, false},
		{"GET", one + "/file", keeps, s.importFile, false},
		{"POST", one + "/acceptance", keeps, s.stepImport(spend.Accept, "ledger.accepted_done", ""), false},
		{"POST", one + "/discard", keeps, s.stepImport(spend.Discard, "ledger.discarded_done", importsPath), false},
		{"POST", one + "/undo", keeps, s.stepImport(spend.Undo, "ledger.undone_done", ""), false},
		{"GET", spendPath, reads, s.showSpend, false},
		{"GET", spendPath + ".csv", reads, s.spendCSV, false},
		{"GET", spendPath + "/lines", reads, s.showLines, false},
		{"GET", spendPath + "/lines.csv", reads, s.linesCSV, false},
		{"GET", spendPath + "/lines/:line", reads, s.showLine, false},
		{"GET", spendPath + "/lines/:line" + correctionEnd, keeps, s.showCorrection, false},
		{"POST", spendPath + "/lines/:line" + correctionEnd, keeps, s.previewCorrection, false},
		{"POST", spendPath + "/lines/:line" + correctionEnd + "/confirmation", keeps, s.correctLine, false},
		{"GET", keysPath, keeps, s.listKeys, false},
		{"POST", keysPath, keeps, s.makeKey, false},
		{"GET", keysPath + "/:key", keeps, s.showKey, false},
		{"GET", keysPath + "/:key/version", keeps, s.showVersion, false},
		{"POST", keysPath + "/:key/version", keeps, s.saveVersion, false},
		{"GET", sharesPath, keeps, s.listShares, false},
		{"POST", sharesPath, keeps, s.bookSharing, false},
		{"GET", sharesPath + "/new", keeps, s.showSharing, false},
		{"POST", sharesPath + "/new", keeps, s.previewSharing, false},
		{"GET", sharesPath + "/:share", reads, s.showWorking, false},
		{"GET", sharesPath + "/:share/working.csv", reads, s.workingCSV, false},
		{"GET", spendPath + "/documents/:document", reads, s.showInvoice, false},
		{"GET", spendPath + "/names", keeps, s.showNames, false},
		{"GET", spendPath + "/names/:name", keeps, s.showName, false},
		{"POST", spendPath + "/names/:name", keeps, s.saveName, false},
	}
}
