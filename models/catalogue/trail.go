package catalogue

import (
	"encoding/json"
	"strconv"

	"pilveturg/models/audit"
)

// versionField is the field of the audit log that tells how many versions there were
// and are: what they say otherwise is told by [Diff].
const versionField = "version"

// changesFrom tells the audit log what the listing says otherwise than what stood
// there before, with so many versions now.
func (p *put) changesFrom(before Snapshot, versions int) audit.Changes {
	var c audit.Changes
	b, l := before.Listing, p.l
	c.Add(versionField, count(len(before.States)), count(versions))
	c.Add("vendor", b.Vendor.String(), l.Vendor.String())
	c.Add("slug", b.Slug, l.Slug)
	c.Add("life", string(b.Life), string(l.Life))
	c.Add("life_since", b.LifeSince.String(), l.LifeSince.String())
	c.AddText("reason", b.Reason, l.Reason)
	c.Add("successor", b.Successor.String(), l.Successor.String())
	if len(before.States) == 0 { // it is new: who uses it is no change of it
		return c
	}
	c.AddFlag("unclaimed", b.Unclaimed, l.Unclaimed)
	c.AddFlag("invented", b.Invented, l.Invented)
	addUses(&c, b.Uses, l.Uses)
	return c
}

// count is the number of versions, "" for none.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// addUses notes each use that came, went or changed, as JSON.
func addUses(c *audit.Changes, before, after []Use) {
	old := make(map[string]string, len(before))
	for _, u := range before {
		old[u.field()] = u.text()
	}
	for _, u := range after {
		c.Add(u.field(), old[u.field()], u.text())
		delete(old, u.field())
	}
	for _, u := range before {
		if was, gone := old[u.field()]; gone {
			c.Add(u.field(), was, "")
		}
	}
}

// field names a use among those of its offering.
func (u Use) field() string {
	if u.Part == "" {
		return "uses." + u.Organisation.String()
	}
	return "uses." + u.Organisation.String() + "/" + u.Part
}

func (u Use) text() string {
	b, err := json.Marshal(u)
	if err != nil {
		return "" // a use is texts and numbers, which have JSON
	}
	return string(b)
}
