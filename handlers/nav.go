package handlers

import (
	"slices"

	"pilveturg/models"
)

// mostSections is how many links the main navigation has at most.
const mostSections = 6

// sectionsOf says where the main navigation leads the holders of a role; see
// [views.Sections].
var sectionsOf = map[models.Role][]string{
	models.Buyer:         {"services", projectsSection, subscriptionsSection, systemsSection, spendSection, "help"},
	models.Evaluator:     {"services", projectsSection, "vendors", "agencies", "help"},
	models.Approver:      {"services", approvalsSection, projectsSection, subscriptionsSection, spendSection, "help"},
	models.Finance:       {"services", subscriptionsSection, systemsSection, spendSection, "help"},
	models.VendorManager: {vendorSection, vendorListingsPath[1:], peopleSection, "services", "agencies", "help"},
	models.VendorEditor:  {vendorSection, vendorListingsPath[1:], "services", "agencies", "help"},
	models.Analyst:       {spendSection, replaceablePath[1:], systemsSection, "services", exceptionsPath[1:], "agencies", "help"},
	models.Moderator:     {"services", "vendors", "agencies", queuesSection, "help"},
	models.Administrator: {"services", "vendors", "agencies", adminSection, "help"},
}

// fillers are sections that others go before, where there is no room for all.
var fillers = []string{"vendors", "agencies", "help"}

// navOf is the main navigation of an actor, that of visitors for who acts for nobody.
func navOf(a models.Actor) []string {
	var nav, rest []string
	add := func(to *[]string, section string) {
		if !slices.Contains(*to, section) {
			*to = append(*to, section)
		}
	}
	for _, role := range slices.Backward(models.Roles) { // what few do comes first
		if !a.Is(role) {
			continue
		}
		for _, section := range sectionsOf[role] {
			if slices.Contains(fillers, section) {
				add(&rest, section)
				continue
			}
			add(&nav, section)
		}
	}
	nav = append(nav, rest...)
	return nav[:min(len(nav), mostSections)]
}
