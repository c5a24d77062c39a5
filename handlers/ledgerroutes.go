package handlers

import (
	"slices"

	"pilveturg/models"
	"pilveturg/models/opendata"
	"pilveturg/models/spend"
)

// ledgerRoutes are how money comes into the ledger, and how it is looked at.
func (s *Site) ledgerRoutes() []route {
	keeps, reads := only(models.Finance), only(models.Buyer, models.Approver, models.Finance, models.Analyst)
	const one = importsPath + "/:batch"
	return slices.Concat([]route{
		{"GET", importsPath, keeps, s.listImports, false},
		{"POST", importsPath, keeps, s.bringFile, false},
		{"GET", one, keeps, s.showBatch, false},
		{"GET", one + "/mapping", keeps, s.showMapping, false},
		{"POST", one + "/mapping", keeps, s.saveMapping, false},
		{"GET", one + "/file", keeps, s.importFile, false},
		{"POST", one + "/acceptance", keeps, s.stepImport(spend.Accept, "ledger.accepted_done", ""), false},
		{"POST", one + "/discard", keeps, s.stepImport(spend.Discard, "ledger.discarded_done", importsPath), false},
		{"POST", one + "/undo", keeps, s.stepImport(spend.Undo, "ledger.undone_done", ""), false},
		{"GET", spendPath, reads, s.showSpend, false},
		{"GET", spendPath + "/lines", reads, s.showLines, false},
		{"GET", questionsPath, reads, s.listQuestions, false},
		{"GET", questionsPath + "/:ask", reads, s.showQuestion, false},
		{"GET", spendPath + "/focus.csv", reads, s.focusFile, false},
		{"GET", ocdsPath, reads, s.showOpenData, false},
		{"GET", ocdsPath + "/releases.json", reads, s.openDataFile(opendata.WriteReleases), false},
		{"GET", ocdsPath + "/records.json", reads, s.openDataFile(opendata.WriteRecords), false},
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
		{"GET", spendPath + "/documents/:document", reads, s.showInvoice, false},
		{"GET", spendPath + "/names", keeps, s.showNames, false},
		{"GET", spendPath + "/names/:name", keeps, s.showName, false},
		{"POST", spendPath + "/names/:name", keeps, s.saveName, false},
	}, fileRoutes(spendPath, reads, s.sumsFile), fileRoutes(spendPath+"/lines", reads, s.chargesFile), fileRoutes(questionsPath+"/:ask/rows", reads, s.questionFile), s.reportRoutes(reads), fileRoutes(spendPath+"/names", keeps, s.namesFile),
		fileRoutes(importsPath, keeps, s.importsFile), fileRoutes(sharesPath+"/:share/working", reads, s.workingFile), fileRoutes(one+"/rejects", keeps, s.rejectsFile))
}
