package handlers

import (
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/handlers/api"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/contracts"
	"pilveturg/models/identity"
)

// A program of the vendor reports how much is used; others learn nothing.
func TestProgramsReportUse(t *testing.T) {
	buying := newPurchaser(t)
	buying.runningSubscription()
	p := &programs{peopleSite: buying.peopleSite}
	token := func(mail string, org int64, role models.Role, scope access.Scope) (token string) {
		account := p.person(mail)
		powers := identity.Powers{Roles: []models.Role{role}}
		p.peopleSite.write(func(tx *db.Tx) error { _, err := identity.AddMember(t.Context(), tx, account, org, powers); return err })
		p.writeAs(models.Actor{AccountID: account, OrgID: org, Roles: powers.Roles}, func(tx *db.Tx) (err error) {
			token, err = access.MakeToken(t.Context(), tx, "Meter", scope, 30)
			return err
		})
		return token
	}
	own, reader := token("meter@tahvel.example", 3, models.VendorManager, access.WritesUsage), token("reader@tahvel.example", 3, models.VendorManager, access.ReadsListings)
	rival, editor := token("meter@acme.example", 4, models.VendorManager, access.WritesUsage), token("words@tahvel.example", 3, models.VendorEditor, access.WritesUsage)
	month := buying.today()[:7]
	path, body := "/api/v1/orders/SUB-1/usage/"+month, `{"assigned": 800, "used": 640}`
	orders, _ := gets[api.Orders](p, 200, own, "GET", "/api/v1/orders", "")
	if len(orders.Orders) != 1 || orders.Orders[0].ID != "SUB-1" || orders.Orders[0].Service != "SC-1" || orders.Orders[0].Quantity != "1000" || orders.Orders[0].State != "active" {
		t.Errorf("the orders are %+v", orders)
	}
	if others, _ := gets[api.Orders](p, 200, rival, "GET", "/api/v1/orders", ""); len(others.Orders) != 0 {
		t.Errorf("a rival sees %+v", others)
	}
	p.refused(403, "scope", reader, "PUT", path, body)
	p.refused(404, "not_found", rival, "PUT", path, body)
	p.refused(404, "not_found", editor, "PUT", path, body)
	p.refused(404, "not_found", own, "PUT", strings.Replace(path, "SUB-1", "1", 1), body)
	p.refused(422, "invalid", own, "PUT", path, `{"assigned": 800}`)
	p.refused(422, "invalid", own, "PUT", path, `{"assigned": "many", "used": 1}`)
	p.refused(422, "invalid", own, "PUT", "/api/v1/orders/SUB-1/usage/2020-01", body)
	if problem := p.refused(422, "invalid", own, "PUT", path, `{"assigned": 800, "used": 801}`); len(problem.Errors) != 1 || problem.Errors[0].Pointer != "/used" || problem.Errors[0].Code != "usage.used_wrong" {
		t.Errorf("the problem is %+v", problem)
	}
	for range 2 {
		gets[api.Usage](p, 200, own, "PUT", path, body, "Idempotency-Key", "november")
	}
	p.refused(422, "name_reused", own, "PUT", path, `{"assigned": 1, "used": 1}`, "Idempotency-Key", "november")
	all, err := contracts.Usage(t.Context(), p.DB, 1)
	if err != nil || len(all) != 1 || all[0].Source != contracts.ByVendor || all[0].Used != 640 {
		t.Errorf("%+v, %v", all, err)
	}
}
