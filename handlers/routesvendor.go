package handlers

import "pilveturg/models"

// vendorRoutes are where people of vendors write what is said of their offerings.
// Administrators may, too.
func (s *Site) vendorRoutes() []route {
	writes, own := only(models.VendorEditor, models.VendorManager, models.Administrator), only(models.VendorEditor, models.VendorManager)
	one := vendorListingsPath + "/:listing"
	return []route{
		{"GET", vendorHome, own, s.showVendorHome, false},
		{"GET", marketPath, own, s.showMarket, false},
		{"GET", marketPath + ".csv", own, s.marketCSV, false},
		{"GET", reasonsPath, own, s.showReasons, false},
		{"GET", exportPath, own, s.showExport, false},
		{"GET", vendorListingsPath, own, s.listOfferings, false},
		{"POST", vendorListingsPath, own, s.beginOffering, false},
		{"GET", vendorListingsPath + "/new", own, s.showNewOffering, false},
		{"GET", one, writes, s.showTasks, false},
		{"GET", one + editEnd + ":section", writes, s.showEdit, false},
		{"POST", one + editEnd + ":section", writes, s.saveEdit, false},
		{"GET", one + previewEnd, writes, s.showPreview, false},
		{"GET", one + submitEnd, writes, s.showSubmit, false},
		{"POST", one + submitEnd, writes, s.submit, false},
		{"GET", one + "/history", writes, s.showHistory, false},
		{"POST", one + draftEnd, writes, s.putBack, false},
		{"POST", one + "/removal", writes, s.discardDraft, false},
		{"POST", one + "/restoration", writes, s.restoreDraft, false},
		{"POST", one + "/withdrawal", writes, s.takeBackSent, false},
	}
}

// moderationRoutes are for those who decide about listings, and for managers of vendors
// who end theirs.
func (s *Site) moderationRoutes() []route {
	decides, boss := only(models.Moderator, models.Administrator), only(models.VendorManager)
	staff, own := standing{s, adminListingsPath}, standing{s, vendorListingsPath}
	return []route{
		{"GET", moderationPath, decides, s.showModeration, false},
		{"GET", moderationPath + "/:submission", decides, s.showSubmission, false},
		{"POST", moderationPath + "/:submission", decides, s.decideSubmission, false},
		{"POST", moderationPath + "/:submission" + seenEnd, decides, s.seeSubmission, false},
		{"GET", adminListingsPath + "/:listing" + standingEnd, decides, staff.show, false},
		{"POST", adminListingsPath + "/:listing" + standingEnd, decides, staff.change, false},
		{"GET", vendorListingsPath + "/:listing" + standingEnd, boss, own.show, false},
		{"POST", vendorListingsPath + "/:listing" + standingEnd, boss, own.change, false},
	}
}

// trustRoutes are by what buyers can trust what is written: whose a listing is, whether
// it still holds, and what its vendor declares.
func (s *Site) trustRoutes() []route {
	decides := only(models.Moderator, models.Administrator)
	vendor := only(models.VendorManager, models.VendorEditor)
	return []route{
		{"GET", "/services/:service" + claimEnd, anyone, s.showClaim, false},
		{"POST", "/services/:service" + claimEnd, vendor, s.sendClaim, false},
		{"POST", "/services/:service" + claimEnd + "/withdrawal", vendor, s.withdrawClaim, false},
		{"GET", claimsPath, decides, s.listClaims, false},
		{"GET", claimsPath + "/:claim", decides, s.showClaimQueued, false},
		{"POST", claimsPath + "/:claim", decides, s.decideClaim, false},
		{"GET", vendorListingsPath + "/:listing" + confirmEnd, vendor, s.showConfirm, false},
		{"POST", vendorListingsPath + "/:listing" + confirmEnd, vendor, s.confirm, false},
		{"GET", "/vendors/:vendor" + declarationEnd, anyone, s.showVendorDeclaration, false},
		{"GET", declarationPath, vendor, s.showDeclaration, false},
		{"POST", declarationPath + signatureEnd, only(models.VendorManager), s.signDeclaration, false},
		{"GET", declarationPath + "/:section", vendor, s.showDeclared, false},
		{"POST", declarationPath + "/:section", vendor, s.saveDeclared, false},
		{"POST", declarationPath + "/:section" + reuseEnd, vendor, s.reuseDeclared, false},
		{"GET", declarationsPath, decides, s.listDeclarations, false},
		{"GET", declarationsPath + "/:declaration", decides, s.showDeclarationQueued, false},
		{"POST", declarationsPath + "/:declaration", decides, s.decideDeclaration, false},
	}
}
