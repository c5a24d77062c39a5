// Package catalogue holds what vendors offer, every version of it, and who uses
// it.
//
// It owns the tables offerings, offering_reasons, listing_changes, versions and
// the version_ tables (words, notes, categories, codes, sources, documents with
// their titles and questions), answers, answer_values, plans, uses, cpv_codes and
// cpv_names; no other package writes them. The questions, categories and units are
// data files under db/catalogue, read into a [Schema].
//
// An offering is the thing that lasts; a version is what is said of it, and never
// changes once buyers have seen it: whatever is decided on it can point at it.
// Files come and go in models/exchange, prices are worked out in models/pricing,
// organisations live in models/identity.
package catalogue
