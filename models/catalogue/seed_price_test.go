package catalogue

import (
	"strings"
	"testing"

	"pilveturg/models"
	"pilveturg/models/pricing"
)

// The prices of the demonstration, worked out by hand from the table that sets
// them: for these quantities (a month, where they flow) a year comes to so many
// cents, and what is paid once to so many.
func TestSeedPrices(t *testing.T) {
	schema, plans := realSchema(t), map[string]*pricing.Plan{}
	for _, l := range readSeed(t).listings {
		v, ok := l.published()
		if !ok {
			v = l.latest()
		}
		for i := range v.Plans {
			plans[l.Key.Code+"/"+v.Plans[i].Code] = &v.Plans[i]
		}
	}
	for _, tt := range []struct {
		plan, usage, options string
		year, once           int64 // cents; the low end of a range
	}{
		{"ekool-class-journal/opilane", "pupil 1200 school 1", "", 5300_00, 0}, // (1000 × 0.45 + 200 × 0.40) × 10
		{"ekool-class-journal/opilane", "pupil 100 school 2", "", 500_00, 0},   // 2 × 25 × 10, more than 45 × 10
		{"ekool-kindergarten/laps", "child 40", "", 180_00, 0},                 // 15 × 12, more than 40 × 0.30 × 12
		{"paevik-lite/kool", "pupil 1000 school 10", "", 3480_00, 0},           // 10 × 29 × 12
		{"paevik-lite/kool", "pupil 500 school 1", "", 708_00, 0},              // 59 × 12
		{"schooldesk-core/core", "pupil 1000", "", 13200_00, 900_00},           // 1000 × 1.10 × 12
		{"tunniplaan/aasta", "school 2", "", 960_00, 0},
		{"eksam-online/aasta", "sitting 800", "", 480_00, 0}, // 300 + 300 × 0.60
		{"raamatukapp/kool", "school 1", "", 228_00, 0},
		{"toit-koolis/opilane", "pupil 500", "", 600_00, 0},                // 500 × 0.12 × 10
		{"nutiteq-maps-sdk/rakendus", "active_user 5000", "", 0, 0},        // the free band
		{"nutiteq-maps-sdk/rakendus", "active_user 60000", "", 4788_00, 0}, // 399 × 12
		{"nutiteq-maps-sdk/vaated", "map_view 100000", "", 4044_00, 0},     // (49 + 80 × 3.60) × 12
		{"kaardikoda-tiles/standard", "map_load 300000", "", 15756_00, 0},  // (49 + 230 × 4.80 + 50 × 3.20) × 12
		{"kaardikoda-geocode/standard", "look_up 25000", "", 360_00, 0},    // 15 × 2 × 12
		{"valitoo-app/kasutaja", "user 10", "", 1680_00, 0},                // 10 × 14 × 12
		{"planeering-3d/aasta", "municipality 1", "", 6900_00, 0},
		{"droonikaart/ala", "hectare_hour 100", "", 0, 3800_00},
		{"droonikaart/projekt", "", "", 0, 2500_00},
		{"positium-tourism/riik", "dataset 1", "", 24000_00, 0},
		{"positium-tourism/maakond", "dataset 1", "", 36000_00, 0},
		{"positium-mobility/uuring", "", "", 0, 8000_00},
		{"liiklusloendur/loendur", "counter 2", "", 840_00, 840_00}, // 2 × 35 × 12; 2 × 420
		{"parkimisandmed/linn", "city 1", "", 4200_00, 0},
		{"statlab-panel/answers", "response 1000", "", 0, 4500_00},
		{"statlab-panel/answers", "response 100", "", 0, 1500_00},
		{"meriandmed-sea/jaam", "station 2", "", 4560_00, 0},
		{"wayfinder-kiosk/kiosk", "kiosk 2 floor 3", "", 936_00, 2700_00},
		{"wayfinder-kiosk/kiosk", "kiosk 2 floor 3", "webmap", 1524_00, 2700_00}, // and 49 × 12
		{"teejuht-qr/hoone", "building 1", "", 948_00, 0},
		{"teejuht-screens/ekraan", "screen 5", "", 720_00, 0},
		{"jarjekord/kiosk", "kiosk 2", "", 1080_00, 300_00},
		{"muuseumigiid/tuur", "tour 200", "", 708_00, 0}, // 59 × 12, more than 40 × 12
		{"arhiivik-dhs/kasutaja", "user 99", "", 11286_00, 0},
		{"arhiivik-dhs/kasutaja", "user 100", "", 9480_00, 0}, // all at 7.90
		{"arhiivik-longterm/maht", "gb 1000", "", 1080_00, 0},
		{"arhiivik-longterm/maht", "gb 1000 gb_out 1000", "out", 1080_00, 20_00},
		{"paberivaba-forms/kakskymmend", "form 20", "", 1788_00, 0},
		{"paberivaba-scan/lehekyljed", "page 500", "", 0, 70_00},
		{"paberivaba-scan/lehekyljed", "page 2000", "", 0, 140_00},
		{"lepinguregister/kasutaja", "user 10", "", 504_00, 0},
		{"protokoll/asutus", "", "", 780_00, 0},
		{"avaandmed/ise", "", "", 0, 0},
		{"avaandmed/majutus", "", "", 1440_00, 0},
		{"allkirjalaud-sign/standard", "signature 700", "", 1356_00, 0},        // (69 + 200 × 0.22) × 12
		{"allkirjalaud-auth/kasutajad", "active_user 400", "", 300_00, 0},      // 25 × 12
		{"allkirjalaud-auth/kasutajad", "active_user 6000", "", 1800_00, 0},    // 6000 × 0.025 × 12
		{"maksevoog-pay/makse", "payment 1000 turnover 50000", "", 3600_00, 0}, // (100 + 200) × 12
		{"maksevoog-parking/kaive", "turnover 10000", "", 4200_00, 0},
		{"kindel-id/kasutaja", "user 100", "", 2880_00, 0},
		{"ajatempel/tempel", "stamp 1000", "", 480_00, 0},
		{"volitused/asutus", "", "", 2640_00, 0},
		{"sonumipost-sms/sonum", "sms 1000", "", 504_00, 0},
		{"sonumipost-mail/saajad", "receiver 1000", "", 0, 0},
		{"sonumipost-mail/saajad", "receiver 5000", "", 348_00, 0},
		{"kohtumine/noustaja", "adviser 10", "", 840_00, 0},
		{"kysitlus-pro/aasta", "", "", 890_00, 0},
		{"kysitlus-lite/answers", "answer 100", "", 0, 0},
		{"kysitlus-lite/answers", "answer 150", "", 300_00, 0},
		{"vestlus/teenindaja", "agent 2", "", 576_00, 0},
		{"kaasamine/tugi", "", "", 2400_00, 0},
		{"telefonikeskus/teenindaja", "agent 2 minute 1000", "", 1104_00, 0}, // (62 + 30) × 12
		{"arvepuu-einvoice/arve", "invoice 200", "", 720_00, 0},              // (25 + 100 × 0.35) × 12
		{"arvepuu-budget/asutus", "", "", 4920_00, 0},
		{"personaal-hr/tootaja", "employee 100", "", 4680_00, 0},
		{"personaal-learning/tootaja", "employee 100", "", 1920_00, 0},
		{"ostuplaan/asutus", "", "", 1140_00, 0},
		{"lahetused/aruanne", "claim 10", "", 228_00, 0},
		{"tervisekiri/kiri", "letter 100", "", 180_00, 0},
		{"hooldeplaan/carer", "carer 10", "", 1320_00, 0},
		{"kriisiabi/majutus", "", "", 720_00, 0},
		{"lapsetoetus/juhtumikorraldaja", "case_worker 10", "", 3120_00, 0},
		{"vaktsiin/broneering", "booking 100", "", 300_00, 0},
		{"kindel-vm/standard", "vcpu 2 gb_memory 8", "", 816_00, 0}, // (44 + 24) × 12
		{"kindel-backup/maht", "gb 1000", "", 720_00, 0},
		{"valvur-monitor/server", "server 10", "", 420_00, 0},
		{"valvur-pentest/test", "", "", 0, 4500_00},
		{"liides-xtee/server", "security_server 1", "", 3840_00, 0},
		{"liides-api/paringud", "call 1000000", "", 1080_00, 0}, // 90 × 12, more than 40 × 12
		{"hooldemeister-desk/agent", "agent 5", "", 1020_00, 0},
		{"koodivaramu/arendaja", "developer 10", "", 480_00, 0},
	} {
		t.Run(tt.plan+" "+tt.usage, func(t *testing.T) {
			p := plans[tt.plan]
			if p == nil {
				t.Fatal("there is no such plan")
			}
			total, err := p.Yearly(usage(t, schema, tt.usage, tt.options))
			if err != nil {
				t.Fatal(err)
			}
			if total.Year.Low.Minor != tt.year || total.Once.Low.Minor != tt.once || total.OnRequest {
				t.Errorf("%d a year, %d once, on request %t; want %d and %d", total.Year.Low.Minor, total.Once.Low.Minor, total.OnRequest, tt.year, tt.once)
			}
		})
	}
}

// usage reads "pupil 1000 school 2".
func usage(t *testing.T, s *Schema, text, options string) pricing.Usage {
	t.Helper()
	u := pricing.Usage{Options: strings.Fields(options)}
	words := strings.Fields(text)
	for i := 0; i+1 < len(words); i += 2 {
		unit, ok := s.Unit(words[i])
		amount, err := models.ParseDecimal(words[i+1])
		if !ok || err != nil {
			t.Fatalf("%s: unit known %t, %v", text, ok, err)
		}
		u.Quantities = append(u.Quantities, pricing.Quantity{Unit: unit.ID, Amount: amount, Flow: unit.Flow})
	}
	return u
}
