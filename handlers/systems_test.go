package handlers

import (
	"testing"

	"pilveturg/models"
)

// A buyer registers a system, says what it costs, and sees it in reports at once: answers
// that were kept are worked out anew when what is owned changes.
func TestReportsTellOfASystemAsSoonAsItIsChanged(t *testing.T) {
	p := newPurchaser(t)
	b, _ := p.colleague("owner@lakeside.example", models.Finance)
	question := "/en/spend/questions/together?by=thing"
	b.open(question, 200, "Subscribed: €0.00")
	b.post("/en/systems/new", 422, "name", "", fieldState, "in_use", "", "Write what it is called")
	b.post("/en/systems/new", 200, "name", "School register", fieldState, "in_use", "served", "800", "unit", "pupil", fieldCategory, "education", "", "Now say what it costs")
	b.post("/en/systems/1/costs", 422, fieldSeen, "1", "hosting", "many", "from", "01.01.2020", "life", "5", "", "Write a number", `value="many"`)
	b.post("/en/systems/1/costs", 200, fieldSeen, "1", "hosting", "9 600,00", "from", "01.01.2020", "life", "5", "", "The costs were saved", "€9,600.00")
	b.open(question, 200, "Owned: €9,600.00", "School register")
	b.post("/en/systems/1/costs/new", 200, fieldSeen, "2", fieldKind, "maintenance", "words", "Upkeep", "amount", "400", "currency", "EUR", "every", "year", "starts", "01.01.2020", "", "The costs were saved")
	b.open(question, 200, "Owned: €10,000.00")
	b.post("/en/systems/1/removal", 409, fieldSeen, "1", "", "Somebody changed this system meanwhile")
	b.post("/en/systems/1/removal", 200, fieldSeen, "3", "", "was taken out of the register")
	b.open(question, 200, "Owned: €0.00")
}
