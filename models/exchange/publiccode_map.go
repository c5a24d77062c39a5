package exchange

import (
	"fmt"
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// words reads the names and texts of every language; the first is the maker's own.
func (s *software) words() {
	d := s.node.at("description")
	s.c.Words = map[string]catalogue.Words{}
	features := map[string][]string{}
	for _, tag := range d.names {
		lang := strings.ReplaceAll(tag, "_", "-")
		if primary, rest, ok := strings.Cut(lang, "-"); ok {
			lang = strings.ToLower(primary) + "-" + rest
		} else {
			lang = strings.ToLower(lang)
		}
		field := "description." + tag
		if !languageTag.MatchString(lang) {
			s.fault(Partial, field, "exchange.bad_language", shorten(tag))
			continue
		}
		if s.c.Language == "" {
			s.c.Language = lang
		}
		of := d.of[tag]
		w := catalogue.Words{Name: of.at("localisedName").string(), Summary: inLine(of.at("shortDescription").string()), Description: of.at("longDescription").string()}
		if w.Name == "" {
			w.Name = s.name()
		} else {
			w.Name = s.fit(field+".localisedName", w.Name, catalogue.MaxName)
		}
		w.Summary = s.fit(field+".shortDescription", w.Summary, catalogue.MaxSummary)
		w.Description = s.fit(field+".longDescription", w.Description, catalogue.MaxDescription)
		s.c.Words[lang] = w
		if list := of.at("features").strings(); len(list) > 0 {
			features[lang] = s.featuresThatFit(field+".features", list)
		}
	}
	if s.c.Language == "" {
		s.c.Language = "en"
		s.c.Words["en"] = catalogue.Words{Name: s.name()}
	}
	if len(features) > 0 {
		s.answer("description", catalogue.Answer{Question: "features", Words: features})
	}
	s.keepDescription(d)
}

// name is the name of the software in any language.
func (s *software) name() string {
	full := inLine(s.node.at("name").string())
	short := s.fit("name", full, catalogue.MaxName)
	s.taken["name"] = short == full
	return short
}

func inLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// fit makes a text one that a listing takes.
func (s *software) fit(field, raw string, most int) string {
	text, removed := visible(raw)
	if len(removed) > 0 {
		s.fault(Noted, field, "exchange.characters_changed", strings.Join(removed, ", "))
	}
	if short := cut(text, most); short != text {
		s.fault(Partial, field, "exchange.text_cut", most)
		return short
	}
	return text
}

// featuresThatFit returns the features that the question has room for.
func (s *software) featuresThatFit(field string, list []string) []string {
	q, ok := s.schema.Question("features")
	if !ok {
		return list
	}
	var fit []string
	for _, f := range list {
		f, _ = visible(inLine(f))
		short := f
		if words := strings.Fields(f); len(words) > q.Words {
			short = strings.Join(words[:q.Words], " ") + "…"
		}
		short = cut(short, q.Chars)
		if len(fit) < q.Items {
			fit = append(fit, short)
		}
		if short != f {
			s.fault(Partial, field, "exchange.feature_cut", shorten(f))
		}
	}
	if len(list) > q.Items {
		s.fault(Partial, field, "exchange.features_left", len(list), q.Items)
	}
	return fit
}

// keepDescription leaves in the description, for Extra, what the words do not say.
func (s *software) keepDescription(d *node) {
	kept := &node{line: d.line, form: object, of: map[string]*node{}}
	said := []string{"localisedName", "shortDescription", "longDescription", "features"}
	for _, tag := range d.names {
		of := &node{line: d.of[tag].line, form: object, of: map[string]*node{}}
		for _, name := range d.of[tag].names {
			cutOff := slices.ContainsFunc(s.problems, func(f fault) bool {
				return f.effect == Partial && (f.field == "description" || f.field == "description."+tag || strings.HasPrefix(f.field, "description."+tag+"."+name))
			})
			if !slices.Contains(said, name) || cutOff {
				of.names = append(of.names, name)
				of.of[name] = d.of[tag].of[name]
			}
		}
		if len(of.names) > 0 {
			kept.names = append(kept.names, tag)
			kept.of[tag] = of
		}
	}
	s.taken["description"] = len(kept.names) == 0
	s.kept["description"] = kept
}

func (s *software) website() {
	raw := s.node.at("landingURL").string()
	s.c.Website = s.page
	if raw == "" {
		return
	}
	if at := site(raw); at != "" && takes(s.schema, catalogue.Content{Website: at}) {
		s.c.Website, s.taken["landingURL"] = at, true
		return
	}
	s.fault(Partial, "landingURL", "exchange.bad_site", shorten(raw))
}

// publicCodeCategories are our categories for those of the standard, where there
// is one that fits. What is not in our schema any more is left out.
var publicCodeCategories = map[string]string{
	"accounting": "accounting", "applicant-tracking": "staff-records", "application-development": "source-code",
	"appointment-scheduling": "booking", "backup": "backup", "billing-and-invoicing": "e-invoices",
	"budgeting": "budgeting", "business-intelligence": "analytics",
	"business-process-management": "document-management", "cad": "design", "call-center-management": "chat-and-calls",
	"cloud-management": "hosting", "collaboration": "meetings", "communications": "messages",
	"contact-management": "customer-relations", "content-management": "web-content", "crm": "customer-relations",
	"customer-service-and-support": "chat-and-calls", "data-analytics": "analytics", "data-collection": "field-data",
	"data-visualization": "analytics", "design": "design", "design-system": "design",
	"digital-asset-management": "archiving", "digital-citizenship": "participation",
	"document-management": "document-management", "e-signature": "signing", "educational-content": "learning-platforms",
	"email-management": "messages", "email-marketing": "messages", "employee-management": "staff-records",
	"event-management": "booking", "feedback-and-reviews-management": "surveys", "financial-reporting": "accounting",
	"fleet-management": "fleet", "geographic-information-systems": "maps", "grant-management": "budgeting",
	"graphic-design": "design", "help-desk": "service-desk", "hr": "staff-records", "ide": "source-code",
	"identity-management": "sign-in", "instant-messaging": "chat-and-calls",
	"integrated-library-system": "school-libraries", "it-asset-management": "devices", "it-development": "source-code",
	"it-management": "monitoring", "it-security": "cyber-security", "it-service-management": "service-desk",
	"knowledge-management": "document-management", "learning-management-system": "learning-platforms",
	"mobile-payment": "payments", "network-management": "networks", "office": "document-management",
	"online-booking": "booking", "online-community": "participation", "payment-gateway": "payments",
	"payroll": "accounting", "procurement": "purchasing", "productivity-suite": "documents",
	"regulations-and-directives": "contracts", "service-desk": "service-desk", "survey": "surveys",
	"talent-management": "staff-training", "taxes-management": "accounting", "test-management": "source-code",
	"time-tracking": "staff-records", "video-conferencing": "meetings", "visitor-management": "queues",
	"voip": "chat-and-calls", "web-collaboration": "meetings", "web-conferencing": "meetings",
	"website-builder": "web-content", "workflow-management": "document-management",
}

func (s *software) categories() {
	for _, name := range s.node.at("categories").strings() {
		slug := publicCodeCategories[name]
		if _, ok := s.schema.Category(slug); !ok {
			s.fault(Noted, "categories", "exchange.category_left", name)
			continue
		}
		s.c.Categories = once(s.c.Categories, slug)
	}
}

var maintainers = map[string]string{"internal": "own_team", "contract": "contract", "community": "community", "none": "none"}

func (s *software) answers() {
	// legal, localisation and maintenance say more than their answers, so they stay
	// in Extra too.
	one := func(field, question, value string) bool {
		return value != "" && s.answer(field, catalogue.Answer{Question: question, Values: []string{value}})
	}
	one("url", "open_source", catalogue.Yes)
	if s.node.at("legal", "license").string() != "" {
		one("legal.license", "open_source_licence", s.licence())
	}
	one("url", "source_code", s.page)
	s.taken["developmentStatus"] = one("developmentStatus", "development_status", s.node.at("developmentStatus").string())
	s.taken["releaseDate"] = one("releaseDate", "last_release", s.node.at("releaseDate").string())
	if kind := s.node.at("maintenance", "type").string(); kind != "" {
		if v, ok := maintainers[kind]; ok {
			one("maintenance.type", "maintenance", v)
		} else {
			s.fault(Partial, "maintenance.type", "exchange.unknown_value", shorten(kind))
		}
	}
	s.languages()
	for _, tag := range s.node.at("description").names {
		field := "description." + tag + ".apiDocumentation"
		if at := site(s.node.at("description", tag, "apiDocumentation").string()); at != "" {
			one(field, "api", catalogue.Yes)
			one(field, "api_documentation", at)
			break
		}
	}
	switch kind := s.node.at("softwareType").string(); kind {
	case "library", "addon", "configurationFiles":
		s.fault(Noted, "softwareType", "exchange.no_service", kind)
	}
	s.inOrder()
}

// languages answers with the languages of the interface; a language without a
// two-letter code is left to Extra.
func (s *software) languages() {
	field := "localisation.availableLanguages"
	var codes []string
	for _, tag := range s.node.at("localisation", "availableLanguages").strings() {
		primary, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(tag), "_", "-"), "-")
		a := catalogue.Answer{Question: "interface_languages", Values: []string{primary}, By: catalogue.ByPublic, Proof: catalogue.Stated}
		if s.schema.CheckAnswer(a) != nil {
			s.fault(Partial, field, "exchange.bad_language", shorten(tag))
			continue
		}
		codes = once(codes, primary)
	}
	if slices.Sort(codes); len(codes) > 0 {
		s.answer(field, catalogue.Answer{Question: "interface_languages", Values: codes})
	}
}

// licence finds the option for an SPDX expression: that of the first alternative
// that is known.
func (s *software) licence() string {
	q, _ := s.schema.Question("open_source_licence")
	raw := s.node.at("legal", "license").string()
	for _, one := range strings.Split(strings.Trim(raw, "()"), " OR ") {
		id := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(strings.Trim(one, " ()")), "-only"), "-or-later")
		id = strings.NewReplacer("-", "_", ".", "_", "+", "").Replace(id)
		if q.Rank(id) >= 0 {
			return id
		}
	}
	s.fault(Noted, "legal.license", "exchange.licence_other", shorten(raw))
	return "other"
}

func (s *software) inOrder() {
	place := map[string]int{}
	for i, q := range s.schema.Questions {
		place[q.ID] = i
	}
	slices.SortStableFunc(s.c.Answers, func(x, y catalogue.Answer) int { return place[x.Question] - place[y.Question] })
}

// maker finds whose software it is.
func (s *software) maker() {
	name, website := "", ""
	if o := s.node.at("organisation"); o != nil {
		name = inLine(o.at("name").string())
		if uri := o.at("uri").string(); strings.HasPrefix(uri, "http") {
			website = site(uri)
		}
		if name == "" {
			name = o.at("uri").string()
		}
	}
	for _, field := range []string{"repoOwner", "mainCopyrightOwner"} {
		if name == "" {
			name = inLine(s.node.at("legal", field).string())
		}
	}
	if code(name) == "" { // the owner in the address of the source code
		parts := strings.Split(s.key.Code, "/")
		name = strings.Join(parts[:min(2, len(parts))], "/")
		s.fault(Noted, "", "exchange.no_maker", name)
	}
	s.vendor = models.Key{Scheme: "publiccode-org", Code: code(name)}
	s.organisations = append(s.organisations, identity.Organisation{
		Key: s.vendor, Kind: identity.Vendor, Names: models.Text{s.c.Language: name}, Website: website,
	})
}

// users reads the bodies that use the software, which are known by name only.
func (s *software) users() {
	for i, name := range s.node.at("usedBy").strings() {
		name = inLine(name)
		k := models.Key{Scheme: "publiccode-user", Code: code(name)}
		if k.Code == "" {
			s.fault(Partial, "usedBy", "exchange.bad_name", shorten(name))
			continue
		}
		if slices.ContainsFunc(s.uses, func(u catalogue.Use) bool { return u.Organisation == k }) {
			s.fault(Noted, "usedBy", "exchange.user_twice", fmt.Sprintf("usedBy[%d]", i), name)
			continue
		}
		s.uses = append(s.uses, catalogue.Use{Organisation: k, Phase: catalogue.InUse, Source: s.c.Sources[0]})
		s.organisations = append(s.organisations, identity.Organisation{Key: k, Kind: identity.Agency, Names: models.Text{s.c.Language: name}})
	}
	s.taken["usedBy"] = true
}

// people removes names, telephone numbers and e-mail addresses of people before the
// rest is kept.
func (s *software) people() {
	m := s.node.at("maintenance")
	if m == nil || m.form != object {
		return
	}
	kept := &node{line: m.line, form: object, of: map[string]*node{}}
	for _, name := range m.names {
		switch v := m.of[name]; name {
		case "contacts":
			s.fault(Noted, "maintenance.contacts", "exchange.people_left", len(v.items))
		case "contractors":
			kept.names = append(kept.names, name)
			kept.of[name] = withoutMail(v)
		default:
			kept.names = append(kept.names, name)
			kept.of[name] = v
		}
	}
	s.kept["maintenance"] = kept
}

func withoutMail(list *node) *node {
	out := &node{line: list.line, form: list.form}
	for _, item := range list.items {
		one := &node{line: item.line, form: item.form, text: item.text, of: map[string]*node{}}
		for _, name := range item.names {
			if name != "email" && name != "phone" {
				one.names = append(one.names, name)
				one.of[name] = item.of[name]
			}
		}
		out.items = append(out.items, one)
	}
	return out
}
