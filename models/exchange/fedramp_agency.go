package exchange

import (
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/identity"
)

const (
	agencyScheme = "fedramp-agency" // keys of public bodies: "fedramp-agency:22-008-02"
	vendorScheme = "fedramp-csp"    // keys of vendors: "fedramp-csp:cisco-systems"
	listScheme   = "fedramp"        // keys of listings: "fedramp:FR2425960757"
)

// readAgency keeps a body of the table Agencies.
func (f *fedramp) readAgency(where string, it *item) {
	id, parent, sub := it.text("id"), oneLine(it.exact("parent")), oneLine(it.exact("sub"))
	where += " " + id
	if id == "" || parent == "" {
		f.leave("Agencies", where, fault{key: "exchange.fedramp_no_id"})
		return
	}
	if before := f.seen.first("agency "+id, where); before != "" {
		f.leave("Agencies", where, fault{field: "id", key: "exchange.duplicate_key", args: []any{id, before}})
		return
	}
	f.tally.kept("fedramp.agencies")
	for _, member := range []string{"parent", "sub"} {
		if raw := it.exact(member); oneLine(raw) != raw {
			it.fault(Noted, member, "exchange.spaces", raw)
		}
	}
	o := f.addAgency(id, parent, sub)
	if raw := it.text("website"); raw != "" {
		if o.Website = site(raw); o.Website == "" {
			it.fault(Partial, "website", "exchange.bad_site", shorten(raw))
		}
	}
	if m := it.text("email"); !saysNothing(m) {
		f.tally.left("fedramp.agency_mail") // some are a person's
	}
	f.noteNew("Agencies", it, agencyMembers)
	f.tell(where, it.faults)
	f.readReviews(o.Key, id, it)
}

// agencyMembers are the members of an agency that are read, or that the marketplace
// works out from its other tables.
var agencyMembers = []string{"id", "parent", "sub", "sub_id", "website", "email", "csp", "logo", "authorization", "reuse", "auths",
	"reuses", "procs", "filter_classes"}

// noteNew tells of members that no edition of the file had when this was written.
func (f *fedramp) noteNew(table string, it *item, known []string) {
	for _, n := range it.names {
		if !slices.Contains(known, n) {
			f.note(table, n, "exchange.member_left")
		}
	}
}

func (f *fedramp) addAgency(id, parent, sub string) *identity.Organisation {
	name := sub
	if sub == "" {
		name = parent
	}
	o := &identity.Organisation{
		Key: models.Key{Scheme: agencyScheme, Code: id}, Kind: identity.Agency, Country: "US", Names: models.Text{"en": name},
	}
	f.agencies[id] = o
	f.order = append(f.order, id)
	full := fullName(parent, sub)
	f.fullNames[id] = full
	if f.byName[full].IsZero() {
		f.byName[full] = o.Key
	}
	if sub != "" {
		o.Parent = models.Key{Scheme: agencyScheme, Code: parentID(id)}
		f.parents = append(f.parents, under{o, parent})
	}
	return o
}

// under is a body below another that is known by name until all are read.
type under struct {
	o      *identity.Organisation
	parent string
}

func fullName(parent, sub string) string {
	return strings.ToLower(parent) + "\n" + strings.ToLower(sub)
}

// parentID is the id of a top body: "22-008" of "22-008-02"; "" when id is not of
// that form.
func parentID(id string) string {
	if i := strings.LastIndexByte(id, '-'); i > 0 && strings.IndexByte(id[:i], '-') > 0 {
		return id[:i]
	}
	return ""
}

// makeParents links every body to the one above it, making those that have no
// record, and calls those ministries that are named departments or have others
// under them.
func (f *fedramp) makeParents() {
	for _, u := range f.parents {
		top, ok := f.agencies[u.o.Parent.Code]
		if named := f.byName[fullName(u.parent, "")]; (!ok || top.Names["en"] != u.parent) && !named.IsZero() {
			top, ok = f.agencies[named.Code], true
		}
		if !ok {
			top = f.makeParent(u)
		}
		if top == u.o {
			u.o.Parent = models.Key{}
			continue
		}
		u.o.Parent = top.Key
		top.Kind = identity.Ministry
	}
	for _, o := range f.agencies {
		if o.Parent.IsZero() && strings.HasPrefix(o.Names["en"], "Department of ") {
			o.Kind = identity.Ministry
		}
	}
}

func (f *fedramp) makeParent(u under) *identity.Organisation {
	id := u.o.Parent.Code
	if id == "" {
		id = code(u.parent)
	}
	f.tally.kept("fedramp.parents_made")
	f.note("agency "+id, "", "exchange.fedramp_parent_made", u.parent)
	return f.addAgency(id, u.parent, "")
}
