package registers

import (
	"strings"

	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/systems"
)

// Brought are the rows that can be taken over, with the keys of their owners.
func (f *File) Brought() (all []systems.Brought) {
	for i := range f.Entries {
		e := &f.Entries[i]
		if e.Problem != "" {
			continue
		}
		one := systems.Brought{Line: e.Line, Owner: ownerKey(f.Kind, e), OwnerName: e.OwnerName, OwnerKind: identity.Agency, System: e.System, Costs: e.Costs, Product: e.Product}
		if f.Kind == RIHA && strings.HasPrefix(e.OwnerCode, "1") {
			one.OwnerKind = identity.Vendor // companies keep systems, too
		}
		if one.System.External == "" {
			one.System.External = one.Owner.String() + " " + strings.ToLower(e.System.Name)
		}
		all = append(all, one)
	}
	return all
}

// ownerKey tells the owner of a system apart: by the registry of Estonia, or by how the
// register calls it.
func ownerKey(kind Kind, e *Entry) models.Key {
	scheme := "ee-reg"
	if kind == USIT {
		scheme = "us-agency"
	}
	if e.OwnerCode == "" {
		return models.Key{Scheme: "owner", Code: models.Slug(e.OwnerName)}
	}
	return models.Key{Scheme: scheme, Code: e.OwnerCode}
}

// Bringing is how a file is brought before anything came of it.
func (f *File) Bringing(name, hash string) *systems.Bringing {
	c := f.Count()
	return &systems.Bringing{Kind: string(f.Kind), File: name, Hash: hash, Rows: c.Rows, Refused: c.Refused}
}
