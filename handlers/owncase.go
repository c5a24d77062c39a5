package handlers

import (
	"cmp"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/models/lifecycle"
	"pilveturg/models/spend"
	"pilveturg/models/systems"
	"pilveturg/views/locale"
)

// The fields of an address that compares owning and subscribing. What a number of a side
// is stands in fields like "owned.hosting".
const (
	fieldOffer     = "offer" // "sc-31.plan"
	fieldHorizon   = "years"
	fieldServed    = "n"
	fieldGrowth    = "growth"    // of how many are served, percent a year
	fieldRise      = "rise"      // of the service's price
	fieldOwnRise   = "own_rise"  // of own costs
	fieldRate      = "rate"      // percent a year
	fieldNature    = "prices"    // "real" or "nominal"
	fieldInflation = "inflation" // percent a year
	fieldOverlap   = "overlap"   // months in which both run at the begin
	fieldParallel  = "parallel"  // months in which another service runs beside at the end
	fieldOwnLevel  = "level"     // availability that the system promises, percent
)

// mostOffers is how many services a system is compared with at once.
const mostOffers = 3

// assumption is a number of a side that is no cost of the register and no price: what it
// is taken for until somebody says otherwise.
type assumption struct {
	side, code, value string
	staff             bool // it belongs to a line of people
}

// assumptions are all of them, in the order in which they are asked. What nobody knows is
// taken as nothing, but for the person who looks after the contract.
func assumptions() []assumption {
	return []assumption{
		{lifecycle.OwnedSide, "renewal", "0", false}, {lifecycle.OwnedSide, "ending", "0", false},
		{lifecycle.ServiceSide, "setup", "", false}, {lifecycle.ServiceSide, "migration", "0", false}, {lifecycle.ServiceSide, "integration", "0", false}, {lifecycle.ServiceSide, "training", "0", false}, {lifecycle.ServiceSide, "closing", "0", false}, {lifecycle.ServiceSide, "support", "0", false},
		{lifecycle.ServiceSide, "manager_fte", "0.05", true}, {lifecycle.ServiceSide, "manager_pay", "2600", true}, {lifecycle.ServiceSide, "retained_fte", "0", true}, {lifecycle.ServiceSide, "retained_pay", "2600", true}, {lifecycle.ServiceSide, "on_cost", "1.338", true},
		{lifecycle.ServiceSide, "exit", "0", false},
	}
}

// ownCase is an owned system with the services that it is compared with.
type ownCase struct {
	*filled
	system  *systems.System
	kept    url.Values
	years   int
	served  models.Exact // how many; 0 where nobody counts
	nominal bool
	rate    systems.DiscountRate
	owned   lifecycle.Side
	before  *big.Rat // what was spent before
	book    *big.Rat
	assumed bool // some of the costs of the register are
	offers  []*ownOffer
	day     models.Date
}

// ownOffer is a service with one of its plans, compared.
type ownOffer struct {
	key     string // as the address has it
	card    catalogue.Card
	edition catalogue.Edition
	plan    string
	name    string
	quote   contracts.Quote
	problem string // key of why there is no price
	kase    lifecycle.Case
	result  *lifecycle.Result
}

// ownFields are all fields of the address.
func ownFields() []string {
	all := []string{fieldHorizon, fieldServed, fieldGrowth, fieldRise, fieldOwnRise, fieldRate, fieldNature, fieldInflation, fieldOverlap, fieldParallel, fieldOwnLevel, "renewal_year"}
	for _, a := range assumptions() {
		all = append(all, a.side+"."+a.code)
	}
	for _, kind := range systems.CostKinds() {
		all = append(all, lifecycle.OwnedSide+"."+string(kind))
	}
	return all
}

// ownCase reads what an address compares.
func (s *Site) ownCase(r *web.Request, d db.Reader) (*ownCase, error) {
	c := &ownCase{filled: s.asked(r, models.Invalid{}), kept: kept(r, ownFields()...), day: models.DateOf(s.today())}
	c.words = map[string]string{}
	var err error
	if c.system, err = s.systemIn(r, d); err != nil {
		return nil, err
	}
	if c.rate, err = systems.PreferredRate(r.Context(), d, c.day); err != nil {
		return nil, err
	}
	for field, value := range c.defaults() {
		c.begin(field, value)
	}
	c.years = c.wholeIn(fieldHorizon, 1, 30)
	c.nominal = c.typed(fieldNature) == "nominal"
	if c.system.Unit != "" || c.typed(fieldServed) != "" {
		c.served = c.numberIn(fieldServed)
	}
	if err := s.ownSide(r, d, c); err != nil {
		return nil, err
	}
	for _, key := range r.Values()[fieldOffer] {
		if len(c.offers) < mostOffers && !slices.ContainsFunc(c.offers, func(o *ownOffer) bool { return o.key == key }) {
			o, err := s.ownOffer(r, d, c, key)
			if err != nil {
				return nil, err
			}
			c.offers = append(c.offers, o)
		}
	}
	return c, nil
}

// defaults are what the form begins with.
func (c *ownCase) defaults() map[string]string {
	all := map[string]string{fieldHorizon: "5", fieldServed: typedNumber(c.system.Served), fieldGrowth: "0", fieldRise: "0", fieldOwnRise: "0", fieldRate: typedNumber(c.rate.Rate.String()), fieldNature: "real", fieldInflation: "2", fieldOverlap: "2", fieldParallel: "2", "renewal_year": "1"}
	if c.typed(fieldNature) == "nominal" {
		all[fieldRise], all[fieldOwnRise] = "2", "2"
	}
	for _, a := range assumptions() {
		if a.value != "" {
			all[a.side+"."+a.code] = typedNumber(a.value)
		}
	}
	return all
}

// numberIn is a number that was typed; what is none is said at its field.
func (c *ownCase) numberIn(field string) models.Exact {
	typed := strings.TrimSpace(c.typed(field))
	if typed == "" {
		return models.Exact{}
	}
	read := locale.ParseDecimal
	if strings.HasSuffix(field, "_fte") || strings.HasSuffix(field, "on_cost") || !strings.Contains(field, ".") && field != fieldServed {
		read = smallDecimal // people, percentages and factors
	}
	n, err := read(typed)
	if err != nil || n.Cmp(models.Whole(1_000_000_000_000)) > 0 {
		c.wrong[field] = "systems.number_wrong"
	}
	return models.ExactOf(n)
}

// costIn is a number that is not below 0.
func (c *ownCase) costIn(field string) models.Exact {
	n := c.numberIn(field)
	if n.Sign() < 0 {
		c.wrong[field] = "systems.amount_wrong"
	}
	return n
}

// percentIn is a percentage as a fraction.
func (c *ownCase) percentIn(field string) models.Exact {
	n := c.numberIn(field)
	if n.Rat().Cmp(big.NewRat(-99, 1)) < 0 || n.Rat().Cmp(big.NewRat(1000, 1)) > 0 {
		c.wrong[field] = "systems.percent_wrong"
		return models.Exact{}
	}
	e, err := models.RoundRat(new(big.Rat).Quo(n.Rat(), big.NewRat(100, 1)), models.ExactPlaces)
	if err != nil {
		c.wrong[field] = "systems.percent_wrong"
	}
	return e
}

// wholeIn is a whole number between bounds.
func (c *ownCase) wholeIn(field string, least, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(c.typed(field)))
	if err != nil || n < least || n > most {
		c.wrong[field] = "systems.whole_wrong"
		return least
	}
	return n
}

// number is a number of a side as it is asked for.
func (c *ownCase) number(side, code string, assumed bool) lifecycle.Number {
	return lifecycle.Number{Code: code, Value: c.costIn(side + "." + code), Assumed: assumed}
}

// ownSide makes the side of owning of the costs of the register: what each kind is paid in
// the next year, or in each year where they differ.
func (s *Site) ownSide(r *web.Request, d db.Reader, c *ownCase) error {
	next := c.day.Time().Year() + 1
	sums, err := systems.Sums(r.Context(), d, r.Actor, systems.Ask{First: next, Last: next + c.years - 1, System: c.system.ID}, systems.ByKind, systems.ByYear, systems.ByGuess)
	if err != nil {
		return err
	}
	rates, paid := spend.NewRates(), map[systems.CostKind]map[int]int64{}
	for _, one := range sums {
		euros, known, err := systems.InEuros(r.Context(), d, rates, one.Cash, one.Currency, one.Year)
		if err != nil {
			return err
		}
		if !known {
			c.words[lifecycle.OwnedSide+"."+string(one.Kind)] = c.T("systems.no_rate_for", one.Currency)
		}
		if paid[one.Kind] == nil {
			paid[one.Kind] = map[int]int64{}
		}
		paid[one.Kind][one.Year-next+1] += euros
		c.assumed = c.assumed || one.Assumed
	}
	rise := c.percentIn(fieldOwnRise)
	for _, kind := range systems.CostKinds() {
		c.addKind(kind, paid[kind], rise)
	}
	renewal := c.number(lifecycle.OwnedSide, "renewal", true)
	ending := c.number(lifecycle.OwnedSide, "ending", true)
	c.owned.Numbers = append(c.owned.Numbers, renewal, ending)
	year := min(c.wholeIn("renewal_year", 0, 30), c.years)
	c.owned.Lines = append(c.owned.Lines, lifecycle.Line{Code: "renewal", Class: lifecycle.Change, Parts: []lifecycle.Part{{Of: []string{"renewal"}, Years: []int{year}}}},
		lifecycle.Line{Code: "ending", Parts: []lifecycle.Part{{Of: []string{"ending"}, Years: []int{c.years}}}})
	return s.sunk(r, d, c)
}

// addKind adds a kind of costs: a number that can be changed where it is the same each
// year, and a number a year where it is not.
func (c *ownCase) addKind(kind systems.CostKind, paid map[int]int64, rise models.Exact) {
	field := lifecycle.OwnedSide + "." + string(kind)
	same := true
	for year := 2; year <= c.years; year++ {
		same = same && paid[year] == paid[1]
	}
	if len(paid) == 0 && c.kept.Get(field) == "" {
		return
	}
	class := lifecycle.Run
	if kind.Changes() {
		class = lifecycle.Change
	}
	line := lifecycle.Line{Code: string(kind), Category: string(kind), Class: class}
	if same || c.kept.Get(field) != "" {
		c.begin(field, typedNumber(models.Money{Minor: paid[1], Currency: "EUR"}.Decimal().String()))
		c.owned.Numbers = append(c.owned.Numbers, lifecycle.Number{Code: string(kind), Value: c.numberIn(field), Growth: rise})
		line.Parts = []lifecycle.Part{{Of: []string{string(kind)}, From: 1, To: c.years}}
	} else {
		for year := 1; year <= c.years; year++ {
			if paid[year] == 0 {
				continue
			}
			code := fmt.Sprintf("%s@%d", kind, year)
			c.owned.Numbers = append(c.owned.Numbers, lifecycle.Number{Code: code, Value: models.ExactOf(models.Money{Minor: paid[year], Currency: "EUR"}.Decimal()), Growth: rise})
			line.Parts = append(line.Parts, lifecycle.Part{Of: []string{code}, Years: []int{year}})
		}
	}
	c.owned.Lines = append(c.owned.Lines, line)
}

// sunk finds what was spent before, and what is left of it in the books: shown, not
// counted.
func (s *Site) sunk(r *web.Request, d db.Reader, c *ownCase) error {
	built, err := systems.Built(r.Context(), d, r.Actor, []int64{c.system.OrgID}, c.day.Time().Year())
	if err != nil {
		return err
	}
	rates, year := spend.NewRates(), c.day.Time().Year()
	sum, book := int64(0), int64(0)
	for _, one := range built {
		if one.SystemID != c.system.ID {
			continue
		}
		euros, _, err := systems.InEuros(r.Context(), d, rates, one.Cash, one.Currency, year)
		if err != nil {
			return err
		}
		sum += euros
	}
	books, err := systems.Books(r.Context(), d, r.Actor, c.system.ID, c.day)
	for _, one := range books {
		euros, _, err := systems.InEuros(r.Context(), d, rates, one.Cents, one.Currency, year)
		if err != nil {
			return err
		}
		book += euros
	}
	c.before, c.book = big.NewRat(sum, 100), big.NewRat(book, 100)
	return err
}

// ownOffer makes the side of subscribing, and compares.
func (s *Site) ownOffer(r *web.Request, d db.Reader, c *ownCase, key string) (*ownOffer, error) {
	service, plan, _ := strings.Cut(key, ".")
	id, ok := parseService(service)
	if !ok {
		return nil, models.ErrNotFound
	}
	o := &ownOffer{key: key, plan: plan}
	cards, err := catalogue.Cards(r.Context(), d, []int64{id})
	if err != nil || len(cards) == 0 {
		return nil, cmp.Or(err, models.ErrNotFound)
	}
	if o.card = cards[0]; o.card.Life == catalogue.Withdrawn {
		return nil, models.ErrNotFound
	}
	if o.edition, err = catalogue.FindEdition(r.Context(), d, id, o.card.Published); err != nil {
		return nil, err
	}
	name, _ := c.nameAndSummary(o.edition.Words)
	o.name = name.Text
	if o.plan == "" && len(o.edition.Plans) > 0 {
		o.plan = o.edition.Plans[firstPriced(o.edition.Plans)].Code
	}
	quantity, unit := "", ""
	if !c.served.IsZero() {
		quantity, unit = c.served.String(), c.system.Unit
	}
	o.quote, err = contracts.Price(s.Schema, &o.edition, o.plan, unit, quantity)
	if wrong, bad := invalid(err); bad {
		o.problem = wrong[wrong.Fields()[0]]
		return o, nil
	}
	if err != nil {
		return nil, err
	}
	c.serviceSide(o)
	if len(c.wrong) > 0 {
		return o, nil
	}
	o.result, err = lifecycle.Compare(&o.kase)
	return o, err
}

// serviceSide makes the lines of subscribing.
func (c *ownCase) serviceSide(o *ownOffer) {
	side := lifecycle.Side{}
	for _, a := range assumptions() {
		if a.side != lifecycle.ServiceSide {
			continue
		}
		n := c.number(a.side, a.code, c.kept.Get(a.side+"."+a.code) == "")
		if a.code == "setup" && c.kept.Get(a.side+"."+a.code) == "" {
			n.Value, n.Assumed = models.ExactOf(models.Money{Minor: o.quote.Once, Currency: "EUR"}.Decimal()), false
		}
		side.Numbers = append(side.Numbers, n)
	}
	fee := c.fee(&side, o)
	year := func(code string, of ...string) lifecycle.Line {
		return lifecycle.Line{Code: code, Class: lifecycle.Run, Parts: []lifecycle.Part{{Of: of, From: 1, To: c.years}}}
	}
	people := func(code string, of ...string) lifecycle.Line {
		l := year(code, append(of, "on_cost")...)
		l.Parts[0].Times = big.NewRat(12, 1)
		return l
	}
	once := func(code string, class lifecycle.Class, parts ...lifecycle.Part) lifecycle.Line {
		return lifecycle.Line{Code: code, Class: class, Parts: parts}
	}
	now := func(of string) lifecycle.Part { return lifecycle.Part{Of: []string{of}, Years: []int{0}} }
	side.Lines = []lifecycle.Line{once("setup", lifecycle.Change, now("setup")), once("migration", lifecycle.Change, now("migration"), now("integration")), once("training", lifecycle.Change, now("training")), once("closing", "", now("closing")),
		year("subscription", fee...), year("support", "support"), people("manager", "manager_fte", "manager_pay"), people("retained", "retained_fte", "retained_pay"),
		once("exit", "", lifecycle.Part{Of: []string{"exit"}, Years: []int{c.years}}, lifecycle.Part{Of: fee, Years: []int{c.years}, Times: big.NewRat(int64(c.wholeIn(fieldParallel, 0, 24)), 12)})}
	side.Lines = append(side.Lines, c.overlap(&side))
	o.kase = lifecycle.Case{Years: c.years, Owned: c.owned, Service: side, Discount: c.discount()}
	if !c.served.IsZero() {
		o.kase.Users = "users"
	}
}

// fee adds what the plan costs a year, and says by which numbers: the price of one and how
// many, where somebody counts; else all of it.
func (c *ownCase) fee(side *lifecycle.Side, o *ownOffer) []string {
	rise := c.percentIn(fieldRise)
	all := big.NewRat(o.quote.Year, 100)
	if c.served.IsZero() {
		e, _ := models.RoundRat(all, 2)
		side.Numbers = append(side.Numbers, lifecycle.Number{Code: "fee", Value: e, Growth: rise})
		return []string{"fee"}
	}
	each, err := models.RoundRat(all.Quo(all, c.served.Rat()), models.ExactPlaces)
	if err != nil {
		c.wrong[fieldServed] = "systems.number_wrong"
	}
	side.Numbers = append(side.Numbers, lifecycle.Number{Code: "price", Value: each, Growth: rise}, lifecycle.Number{Code: "users", Value: c.served, Growth: c.percentIn(fieldGrowth)})
	return []string{"price", "users"}
}

// overlap is what own costs go on in the months in which both run.
func (c *ownCase) overlap(side *lifecycle.Side) lifecycle.Line {
	line := lifecycle.Line{Code: "overlap"}
	months := c.wholeIn(fieldOverlap, 0, 24)
	var sum models.Exact
	for _, l := range c.owned.Lines {
		for _, p := range l.Parts {
			if l.Class != lifecycle.Run || p.From > 1 || len(p.Years) > 0 && !slices.Contains(p.Years, 1) {
				continue
			}
			for _, n := range c.owned.Numbers {
				if n.Code == p.Of[0] {
					if all, err := sum.Add(n.Value); err == nil {
						sum = all
					}
				}
			}
		}
	}
	side.Numbers = append(side.Numbers, lifecycle.Number{Code: "own_running", Value: sum})
	line.Parts = []lifecycle.Part{{Of: []string{"own_running"}, Years: []int{1}, Times: big.NewRat(int64(months), 12)}}
	return line
}

// discount is by what money of later years is worth less.
func (c *ownCase) discount() lifecycle.Discount {
	d := lifecycle.Flat(c.percentIn(fieldRate))
	if c.nominal {
		d.Inflation = c.percentIn(fieldInflation)
	}
	return d
}
