package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/models/demonstration"
	"pilveturg/models/exchange"
	"pilveturg/models/identity"
	"pilveturg/models/matching"
	"pilveturg/models/procurement"
	"pilveturg/models/publishing"
	"pilveturg/models/search"
	"pilveturg/models/spend"
	"pilveturg/models/systems"
)

// seedFiles hold the demonstration, in the order in which they are read.
func seedFiles() []string { return []string{"seed/organisations.jsonl", "seed/listings.jsonl"} }

// seedSynonyms holds the first lists of words that mean the same.
const seedSynonyms = "seed/synonyms.txt"

// peopleFile holds the people who act in the demonstration, projectFile how they decide
// what to buy, and contractFile what they subscribe to.
const (
	peopleFile   = "seed/people.jsonl"
	projectFile  = "seed/projects.jsonl"
	contractFile = "seed/subscriptions.jsonl"
	systemFile   = "seed/systems.jsonl" // and what they own
)

// yearsFile holds what bodies of the demonstration subscribed to in three years, and
// ratesFile the rates of the European Central Bank that it needs, which are not invented.
const (
	yearsFile = "seed/years.json"
	ratesFile = "seed/rates.csv"
)

// demonstrate fills an empty database with the demonstration, if the configuration
// says so, and reports whether the catalogue shows it.
func demonstrate(ctx context.Context, e *env, c config, d *db.DB, s *catalogue.Schema) (bool, error) {
	empty, err := isEmpty(ctx, d)
	if err == nil && c.demo && empty {
		err = fillDemonstration(ctx, e, d, s)
	}
	if err != nil {
		return false, err
	}
	shown, err := exchange.HasDemo(ctx, d)
	if err == nil && shown && c.demo {
		if err = peopleDemonstration(ctx, d); err == nil {
			err = draftDemonstration(ctx, d, s)
		}
		if err == nil {
			err = projectDemonstration(ctx, d, s)
		}
		if err == nil {
			err = contractDemonstration(ctx, d, s)
		}
		if err == nil {
			err = systemDemonstration(ctx, d)
		}
	}
	if err == nil && shown && c.demo {
		err = trustDemonstration(ctx, d)
	}
	return shown, err
}

// demonstrator fills the demonstration.
func demonstrator() models.Actor {
	return models.Actor{Program: "demonstration", Roles: []models.Role{models.Administrator}}
}

func fillDemonstration(ctx context.Context, e *env, d *db.DB, s *catalogue.Schema) error {
	lists, err := demonstrateSynonyms(ctx, d, demonstrator()) // first: when it is cut off here, the database is still empty
	if err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	src := exchange.Source{Kind: exchange.Demonstration, File: "demonstration", Open: openSeed}
	r, err := exchange.Import(ctx, d, demonstrator(), s, src, false)
	if errors.Is(err, exchange.ErrRefused) && len(r.Problems) > 0 {
		err = fmt.Errorf("%w: %w", err, r.Problems[0])
	}
	if err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	fmt.Fprintf(e.out, "The empty database was filled with the demonstration: %s, %s, %s. Without: -demo=false\n",
		count(r.Listings.Created, "listing"), count(r.Organisations.Created, "organisation"), count(lists, "list")+" of synonyms")
	return nil
}

// peopleDemonstration makes accounts for the people of the demonstration who have
// none. A demonstration may be older than they are.
func peopleDemonstration(ctx context.Context, d *db.DB) error {
	f, err := db.Files.Open(peopleFile)
	if err != nil {
		return err
	}
	defer f.Close()
	people, err := identity.ReadPeople(f)
	if err == nil {
		err = d.Write(ctx, demonstrator(), func(tx *db.Tx) error {
			_, err := identity.PutPeople(ctx, tx, people)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("people of the demonstration: %w", err)
	}
	return nil
}

// draftDemonstration has the vendors of the demonstration write and send something,
// when nobody has yet.
func draftDemonstration(ctx context.Context, d *db.DB, s *catalogue.Schema) error {
	return d.Write(ctx, demonstrator(), func(tx *db.Tx) error {
		_, err := publishing.Demonstrate(ctx, tx, s)
		return err
	})
}

// trustDemonstration has invented vendors declare about themselves, one so that somebody
// has to look at it, and one claim a listing. What is there already stays; what was
// taken out with the demonstration does not come back.
func trustDemonstration(ctx context.Context, d *db.DB) error {
	questions, err := loadDeclaration()
	if err != nil {
		return err
	}
	mailbox := publishing.Typed{Words: "ligipaasetavus@naidis.example"}
	for code, given := range map[string]map[string]publishing.Typed{
		"00000001": {"accessibility_contact": mailbox},
		"00000009": {"accessibility_contact": mailbox, "en_301_549": {Value: "partly", Words: "Kioski ekraanilugeja tugi puudub; valmib järgmises versioonis."}},
	} {
		err := demonstrateAs(ctx, d, code, func(tx *db.Tx) error { return publishing.DemonstrateDeclaration(ctx, tx, questions, given) })
		if err != nil {
			return err
		}
	}
	return demonstrateAs(ctx, d, "00000001", func(tx *db.Tx) error {
		people, err := identity.Members(ctx, tx, tx.Actor.OrgID)
		if err != nil || len(people) == 0 {
			return err
		}
		listing, err := catalogue.FindID(ctx, tx, models.Key{Scheme: "demo", Code: "wayfinder-kiosk"})
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		tx.Actor.AccountID, tx.Actor.Program = people[0].AccountID, ""
		const words = "Näidis: väljamõeldud ettevõte taotleb kirjelduse ülevõtmist, et oleks näha, kuidas taotluse üle otsustatakse. Jätke see rahuldamata."
		return publishing.DemonstrateClaim(ctx, tx, listing, words)
	})
}

// demonstrateAs writes as a manager of an invented vendor; nothing when the vendor is
// not there.
func demonstrateAs(ctx context.Context, d *db.DB, code string, f func(*db.Tx) error) error {
	vendor, err := identity.FindID(ctx, d, models.Key{Scheme: "ee-reg", Code: code})
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err == nil {
		err = d.Write(ctx, models.Actor{Program: "demonstration", OrgID: vendor, Roles: []models.Role{models.VendorManager}}, f)
	}
	if err != nil {
		return fmt.Errorf("demonstration of vendors: %w", err)
	}
	return nil
}

// projectDemonstration begins the projects of the demonstration that were never begun,
// each as whoever leads it. Whose people or bodies are not there are left out.
func projectDemonstration(ctx context.Context, d *db.DB, s *catalogue.Schema) error {
	f, err := db.Files.Open(projectFile)
	if err != nil {
		return err
	}
	defer f.Close()
	projects, err := procurement.ReadProjects(f)
	if err != nil {
		return fmt.Errorf("projects of the demonstration: %w", err)
	}
	layout := search.NewLayout(s)
	for _, p := range projects {
		actor, err := p.Actor(ctx, d)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err == nil {
			err = d.Write(ctx, actor, func(tx *db.Tx) error { return p.Put(ctx, tx, s, layout) })
		}
		if err == nil {
			err = p.Finish(ctx, d, s, layout)
		}
		if err != nil {
			return fmt.Errorf("projects of the demonstration: %w", err)
		}
	}
	return nil
}

// contractDemonstration makes the money and the subscriptions of invented bodies that
// have none. Whose people or bodies are not there are left out.
func contractDemonstration(ctx context.Context, d *db.DB, s *catalogue.Schema) error {
	f, err := db.Files.Open(contractFile)
	if err != nil {
		return err
	}
	defer f.Close()
	all, err := contracts.ReadInvented(f)
	for i := range all {
		if err == nil {
			err = all[i].Put(ctx, d, s)
		}
		if errors.Is(err, models.ErrNotFound) {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("subscriptions of the demonstration: %w", err)
	}
	return nil
}

// systemDemonstration registers what invented bodies own, where they have nothing.
func systemDemonstration(ctx context.Context, d *db.DB) error {
	f, err := db.Files.Open(systemFile)
	if err != nil {
		return err
	}
	defer f.Close()
	all, err := systems.ReadInvented(f)
	if err == nil {
		words := map[systems.CostKind]string{systems.Capital: "Arendus", systems.Hosting: "Majutus", systems.Maintenance: "Hooldus", systems.Licences: "Litsentsid", systems.Staff: "Oma töötajad"}
		err = d.Write(ctx, demonstrator(), func(tx *db.Tx) error {
			_, err := systems.Demonstrate(ctx, tx, all, func(k systems.CostKind) string { return words[k] })
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("systems of the demonstration: %w", err)
	}
	return nil
}

// yearsDemonstration tells of three years of use and spend, unless that was done before.
// It takes a moment, so pages are shown meanwhile.
func yearsDemonstration(ctx context.Context, d *db.DB, s *catalogue.Schema, w *spend.Worker) error {
	story, err := demonstratedYears()
	if err != nil {
		return err
	}
	if waits, err := story.Waits(ctx, d); err != nil || !waits {
		return err
	}
	f, err := db.Files.Open(ratesFile)
	if err != nil {
		return err
	}
	defer f.Close()
	rates, err := demonstration.ReadRates(f)
	if err == nil {
		err = story.Put(ctx, d, s, rates)
	}
	if err == nil {
		err = story.Accept(ctx, d, w)
	}
	if err == nil {
		err = lookThrough(ctx, d, s)
	}
	if err != nil {
		return fmt.Errorf("three years of the demonstration: %w", err)
	}
	return nil
}

// lookThrough has what was told looked at as it is from time to time: bills find their
// subscriptions, and budgets that are passed are told of.
func lookThrough(ctx context.Context, d *db.DB, schema *catalogue.Schema) error {
	w := matching.Worker{DB: d, Flows: matching.FlowsOf(schema)}
	for more := true; more; {
		var err error
		if more, err = w.Next(ctx); err != nil {
			return err
		}
	}
	return d.Write(ctx, demonstrator(), func(tx *db.Tx) error { _, err := matching.Alert(ctx, tx); return err })
}

func demonstratedYears() (*demonstration.Story, error) {
	f, err := db.Files.Open(yearsFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return demonstration.ReadStory(f)
}

// demonstrateSynonyms adds the first lists of words that mean the same, and returns
// how many there are.
func demonstrateSynonyms(ctx context.Context, d *db.DB, actor models.Actor) (added int, err error) {
	f, err := db.Files.Open(seedSynonyms)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	lines, err := search.ReadSynonyms(f)
	if err != nil {
		return 0, err
	}
	err = d.Write(ctx, actor, func(tx *db.Tx) (err error) {
		added, err = search.ImportSynonyms(ctx, tx, lines)
		return err
	})
	return added, err
}

// isEmpty is true for a database that nobody has put anything into. An import that
// was undone counts: who takes the demonstration out does not get it back.
func isEmpty(ctx context.Context, r db.Reader) (bool, error) {
	imports, err := exchange.Imports(ctx, r)
	if err != nil || len(imports) > 0 {
		return false, err
	}
	listings, err := catalogue.AllIDs(ctx, r)
	if err != nil || len(listings) > 0 {
		return false, err
	}
	errSome := errors.New("some")
	err = identity.All(ctx, r, func(identity.Organisation) error { return errSome })
	if errors.Is(err, errSome) {
		return false, nil
	}
	return err == nil, err
}

func openSeed() (exchange.Reader, error) {
	var all []io.Reader
	for _, name := range seedFiles() {
		f, err := db.Files.Open(name)
		if err != nil {
			return nil, err
		}
		all = append(all, f) // in memory: nothing to close
	}
	return exchange.NewJSONL("demonstration", io.MultiReader(all...)), nil
}
