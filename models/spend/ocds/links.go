package ocds

import (
	"regexp"
	"strconv"
	"strings"
)

// registered is an ocid with a prefix as they are registered.
var registered = regexp.MustCompile(`^ocds-[a-z0-9]{6}-`)

// Registered reports whether an ocid begins as those of registered publishers do: "ocds-"
// with six small letters or digits, and a hyphen. Whether the prefix is registered, only
// the register knows.
func Registered(ocid string) bool { return registered.MatchString(ocid) }

// special checks what holds between the fields of an object.
func (c *checker) special(n *node, rules object, path string) {
	if ocid := n.field("ocid"); ocid != nil && ocid.text != "" && !Registered(ocid.text) {
		c.add(BadPrefix, path+"/ocid", ocid.text)
	}
	if amount := n.field("amount"); amount != nil && amount.is&isNumber != 0 && n.textOf("currency") == "" {
		if _, value := rules["currency"]; value {
			c.add(NoCurrency, path, string(amount.raw))
		}
	}
	if _, release := rules["awards"]; release {
		c.awards(n, path)
		c.parties(n, path)
	}
}

// awards checks that contracts have their awards.
func (c *checker) awards(n *node, path string) {
	awards := idsOf(n.field("awards"))
	if awards == nil {
		return
	}
	each(n.field("contracts"), path+"/contracts", func(contract *node, at string) {
		if id := contract.field("awardID"); id != nil && !awards[id.canon()] {
			c.add(NoAward, at+"/awardID", strings.Trim(string(id.raw), `"`))
		}
	})
}

// parties checks that organizations are among the parties.
func (c *checker) parties(n *node, path string) {
	parties := idsOf(n.field("parties"))
	if parties == nil {
		return
	}
	check := func(org *node, at string) {
		if org == nil {
			return
		}
		if id := org.field("id"); id != nil && id.is&(isText|isNumber) != 0 && !parties[id.canon()] {
			c.add(NoParty, at+"/id", strings.Trim(string(id.raw), `"`))
		}
	}
	check(n.field("buyer"), path+"/buyer")
	if tender := n.field("tender"); tender != nil {
		check(tender.field("procuringEntity"), path+"/tender/procuringEntity")
		each(tender.field("tenderers"), path+"/tender/tenderers", check)
	}
	each(n.field("awards"), path+"/awards", func(award *node, at string) {
		each(award.field("suppliers"), at+"/suppliers", check)
	})
	each(n.field("contracts"), path+"/contracts", func(contract *node, at string) {
		done := contract.field("implementation")
		if done == nil {
			return
		}
		each(done.field("transactions"), at+"/implementation/transactions", func(paid *node, at string) {
			check(paid.field("payer"), at+"/payer")
			check(paid.field("payee"), at+"/payee")
		})
	})
}

// idsOf are the ids in a list, or nil.
func idsOf(l *node) map[string]bool {
	var ids map[string]bool
	each(l, "", func(v *node, _ string) {
		if id := v.field("id"); id != nil {
			if ids == nil {
				ids = map[string]bool{}
			}
			ids[id.canon()] = true
		}
	})
	return ids
}

// each calls do with what is in a list; l may be nil.
func each(l *node, path string, do func(v *node, path string)) {
	if l == nil || l.is != isList {
		return
	}
	for i, v := range l.under {
		do(v, path+"/"+strconv.Itoa(i))
	}
}
