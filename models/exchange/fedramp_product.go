package exchange

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

const marketplace = "FedRAMP Marketplace"

// pageOf is the address of a product's page on the marketplace.
func pageOf(id string) string {
	return "https://marketplace.fedramp.gov/products/" + url.PathEscape(id)
}

// product is a record of Products until its uses are known.
type product struct {
	where, id string
	vendor    string // sameName of it
	it        *item
}

// vendor is one maker of products, by whatever spellings of its name.
type vendor struct {
	key       models.Key
	spellings map[string]int // how often each is used
	name      string
}

// readProduct keeps a product until all mappings are read.
func (f *fedramp) readProduct(where string, it *item) {
	p := product{id: it.text("id"), it: it}
	p.where = where + " " + p.id
	name, csp := oneLine(it.exact("cso")), oneLine(it.exact("csp"))
	switch before := f.seen["product "+p.id]; {
	case p.id == "" || name == "" || code(csp) == "":
		f.leave("Products", p.where, fault{key: "exchange.fedramp_no_id"})
		return
	case before != "":
		f.leave("Products", p.where, fault{field: "id", key: "exchange.duplicate_key", args: []any{p.id, before}})
		return
	}
	f.seen["product "+p.id] = p.where
	if other := f.names.first(strings.ToLower(name), p.where); other != "" {
		f.note(p.where, "cso", "exchange.fedramp_same_name", other)
	}
	f.tally.kept("fedramp.products")
	p.vendor = sameName(csp)
	v := f.vendors[p.vendor]
	if v == nil {
		v = &vendor{key: models.Key{Scheme: vendorScheme, Code: code(csp)}, spellings: map[string]int{}}
		f.vendors[p.vendor] = v
	}
	v.spellings[csp]++
	f.products = append(f.products, p)
}

// readyVendors makes the vendors ready, by key.
func (f *fedramp) readyVendors() {
	all := make([]*vendor, 0, len(f.vendors))
	for _, v := range f.vendors {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b *vendor) int { return strings.Compare(a.key.Code, b.key.Code) })
	for _, v := range all {
		names := make([]string, 0, len(v.spellings))
		for n := range v.spellings {
			names = append(names, n)
		}
		slices.SortFunc(names, func(a, b string) int {
			if n := v.spellings[b] - v.spellings[a]; n != 0 {
				return n
			}
			return strings.Compare(b, a) // of two as frequent, the longer of those that begin alike
		})
		v.name = names[0]
		if len(names) > 1 {
			f.note("vendor "+v.key.Code, "csp", "exchange.fedramp_spellings", strings.Join(names, " | "))
		}
		f.tally.kept("fedramp.vendors")
		f.ready = append(f.ready, Record{Where: "vendor " + v.key.Code, Organisation: &identity.Organisation{
			Key: v.key, Kind: identity.Vendor, Names: models.Text{"en": v.name},
		}})
	}
}

// listing makes a product ready as a listing, and tells what was noticed in it.
func (f *fedramp) listing(p product) {
	b := building{item: p.it, schema: f.schema, taken: map[string]bool{}, page: pageOf(p.id)}
	b.c.Language = "en"
	b.c.Sources = []catalogue.Source{{Title: marketplace, URL: b.page}}
	v := f.vendors[p.vendor]
	b.words()
	b.places()
	b.categories(f)
	b.answers()
	b.dropDoubles(v.name)
	b.c.Extra = b.extra()
	f.tell(p.where, b.faults)
	l := &catalogue.Listing{
		Key: models.Key{Scheme: listScheme, Code: p.id}, Vendor: v.key, Unclaimed: true,
		Versions: []catalogue.Version{{State: catalogue.Published, Checked: f.changed, Content: b.c}},
		Uses:     f.sortedUses(p.id),
	}
	f.ready = append(f.ready, Record{Where: p.where, Listing: l})
}

// building makes the content of a listing from a product. Members that the content
// says as well, or better, are taken; the rest is kept in Extra as it came.
type building struct {
	*item
	schema *catalogue.Schema
	c      catalogue.Content
	page   string
	taken  map[string]bool
}

func (b *building) words() {
	raw := b.exact("cso")
	w := catalogue.Words{Name: oneLine(raw)}
	if w.Name != raw {
		b.fault(Noted, "cso", "exchange.spaces", raw)
	}
	plain, changed, odd := clean(b.exact("service_desc"))
	w.Summary, w.Description = firstSentences(plain), markdown(plain)
	if len(changed) > 0 {
		b.fault(Noted, "service_desc", "exchange.characters_changed", strings.Join(changed, ", "))
	}
	if len(odd) > 0 {
		b.fault(Noted, "service_desc", "exchange.characters_odd", strings.Join(odd, ", "))
	}
	b.taken["cso"], b.taken["service_desc"] = true, true
	if len([]rune(w.Name)) > catalogue.MaxName {
		w.Name, b.taken["cso"] = cut(w.Name, catalogue.MaxName), false
		b.fault(Partial, "cso", "exchange.text_cut", catalogue.MaxName)
	}
	if len([]rune(w.Description)) > catalogue.MaxDescription {
		w.Description, b.taken["service_desc"] = cut(w.Description, catalogue.MaxDescription), false
		b.fault(Partial, "service_desc", "exchange.text_cut", catalogue.MaxDescription)
	}
	b.c.Words = map[string]catalogue.Words{"en": w}
}

// places reads the addresses, of the web and of e-mail.
func (b *building) places() {
	if raw := b.exact("website"); strings.TrimSpace(raw) != "" {
		if at := site(raw); takes(b.schema, catalogue.Content{Website: at}) {
			b.c.Website = at
		}
		switch b.taken["website"] = b.c.Website != ""; {
		case b.c.Website == "":
			b.fault(Partial, "website", "exchange.bad_site", shorten(raw))
		case b.c.Website != raw:
			b.fault(Noted, "website", "exchange.site_changed", shorten(raw), b.c.Website)
		}
	}
	raw := b.exact("sales_email")
	address := strings.TrimSpace(raw)
	switch {
	case saysNothing(address):
	case !takes(b.schema, catalogue.Content{Contact: address}):
		b.fault(Partial, "sales_email", "exchange.bad_mail", shorten(raw))
	default:
		b.c.Contact, b.taken["sales_email"] = address, true
		if address != raw {
			b.fault(Noted, "sales_email", "exchange.spaces", raw)
		}
	}
}

// categories finds the categories of the functions. These stay in Extra, for
// several may share a category.
func (b *building) categories(f *fedramp) {
	for _, function := range b.texts("business_function") {
		slug, ok := b.schema.FedRAMP(function)
		if !ok {
			f.tally.left("fedramp.functions")
			b.fault(Partial, "business_function", "exchange.fedramp_no_category", function)
			continue
		}
		f.tally.kept("fedramp.functions")
		b.c.Categories = once(b.c.Categories, slug)
	}
}

// answer keeps an answer to a question, and reports whether the schema takes it.
func (b *building) answer(member string, a catalogue.Answer) {
	a.By, a.Source = catalogue.ByPublic, b.page
	if err := b.schema.CheckAnswer(a); err != nil {
		b.fault(Partial, member, "exchange.answer_left", a.Question, err.Error())
		return
	}
	b.c.Answers = append(b.c.Answers, a)
	b.taken[member] = true
}

// personal and derived are the members left out of Extra: what may be a person's
// address, and lists that the marketplace works out from its mappings, which are
// kept as uses. Kept here too they would make a new version of the listing with
// every new user.
var (
	personal = []string{"security_email"}
	derived  = []string{"authorization", "reuse", "agency_authorizations", "agency_reuse", "filter_classes"}
)

// dropDoubles takes the members that only repeat others.
func (b *building) dropDoubles(vendor string) {
	same := func(member string, as string) {
		b.taken[member] = b.taken[member] || b.values[member] != nil && b.text(member) == as
	}
	b.taken["id"] = true
	for _, m := range append(personal, derived...) {
		b.taken[m] = true
	}
	same("csp", vendor)
	same("name", vendor)
	same("service_offering", b.text("cso"))
	same("fedramp_auth", b.text("auth_date"))
	same("fedramp_ready", b.text("ready_date"))
	b.leveraged()
}

// leveraged keeps of the systems built on this one their ids only: what else is
// said of them is said of the product itself.
func (b *building) leveraged() {
	var systems []struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(b.values["leveraged_systems"], &systems) != nil {
		return
	}
	ids := make([]string, len(systems))
	for i, s := range systems {
		ids[i] = s.ID
	}
	slices.Sort(ids)
	if !slices.Contains(ids, "") {
		b.values["leveraged_systems"] = json.RawMessage(encode(ids))
	}
}

// extra returns the members that were not taken and say something.
func (b *building) extra() json.RawMessage {
	var out bytes.Buffer
	for _, name := range b.names {
		raw := b.values[name]
		if b.taken[name] || empty(raw) {
			continue
		}
		if out.Len() > 0 {
			out.WriteByte(',')
		}
		out.WriteString(encode(name))
		out.WriteByte(':')
		_ = json.Compact(&out, raw) // it has been read, so it is JSON
	}
	if out.Len() == 0 {
		return nil
	}
	return json.RawMessage("{" + out.String() + "}")
}

// empty reports whether a member says nothing.
func empty(raw json.RawMessage) bool {
	var s string
	var list []string
	switch {
	case json.Unmarshal(raw, &s) == nil:
		return saysNothing(strings.TrimSpace(s))
	case json.Unmarshal(raw, &list) == nil:
		return !slices.ContainsFunc(list, func(s string) bool { return strings.TrimSpace(s) != "" })
	}
	return string(raw) == "null"
}
