package pricing

import (
	"strings"
	"testing"
)

// offer is a price as a vendor words it, and what it comes to by hand.
type offer struct {
	name    string // the words, and the sum
	charges string // short for a listed plan in euros
	use     string
	year    string
	once    string // "" for nothing
}

// Every price of the demonstration catalogue can be expressed; the sums were
// worked out by hand.
var offers = []offer{
	// Education. The e-Kool plans are in the oracle test.
	{"29 € a school to 200 pupils, 59 to 600; 10 schools of 100: 10 × 29 × 12",
		`{"code":"a","unit":"pupil","per":"month","each":"school","mode":"band","steps":[{"to":"200","price":"29"},{"to":"600","price":"59"}]}`,
		"pupil=1000 school=10", "3480.00", ""},
	{"1.10 a pupil, set-up 900; 1000 × 1.10 × 12",
		`{"code":"a","unit":"pupil","per":"month","price":"1.10"},{"code":"setup","per":"once","price":"900"}`,
		"pupil=1000", "13200.00", "900.00"},
	{"480 a school and year; 3 × 480", `{"code":"a","unit":"school","per":"year","price":"480"}`, "school=3", "1440.00", ""},
	{"0.60 a sitting, 500 included in 300 a year; 100 a month are 1200: 300 + 700 × 0.60",
		`{"code":"base","per":"year","price":"300"},{"code":"a","unit":"sitting","per":"year","included":"500","price":"0.60"}`,
		"sitting=100/month", "720.00", ""},
	{"19 a school and month; 2 × 19 × 12", `{"code":"a","unit":"school","per":"month","price":"19"}`, "school=2", "456.00", ""},
	{"0.12 a pupil; 333 × 0.12 = 39.96 × 12", `{"code":"a","unit":"pupil","per":"month","price":"0.12"}`, "pupil=333", "479.52", ""},

	// Maps and location.
	{"4.80 per 1 000 loads, 20 000 included in 49, above 250 000 3.20; 49 + 230 × 4.80 + 50 × 3.20 = 1313",
		`{"code":"base","per":"month","price":"49"},{"code":"a","unit":"map_load","per":"month","batch":"1000","included":"20000","steps":[{"to":"250000","price":"4.80"},{"price":"3.20"}]}`,
		"map_load=300000/month", "15756.00", ""},
	{"2.00 per 1 000 look-ups, 10 000 included; 2.5 × 2 × 12",
		`{"code":"a","unit":"look_up","per":"month","batch":"1000","included":"10000","price":"2.00"}`,
		"look_up=12500/month", "60.00", ""},
	{"14 a user; 25 × 14 × 12", `{"code":"a","unit":"user","per":"month","price":"14"}`, "user=25", "4200.00", ""},
	{"6 900 a municipality and year", `{"code":"a","unit":"municipality","per":"year","price":"6900"}`, "municipality=1", "6900.00", ""},
	{"38 a hectare-hour, at least 2 500; 50 × 38 = 1900",
		`{"code":"a","kind":"project","unit":"hectare_hour","per":"once","price":"38","minimum":"2500","maximum":"12000","milestones":["50","50"]}`,
		"hectare_hour=50", "0.00", "2500.00"},
	{"38 a hectare-hour, at most 12 000; 400 × 38 = 15200",
		`{"code":"a","kind":"project","unit":"hectare_hour","per":"once","price":"38","minimum":"2500","maximum":"12000"}`,
		"hectare_hour=400", "0.00", "12000.00"},

	// Mobility and statistics data. The Positium plans are in the oracle test.
	{"35 a counter and month, device 420; 6 × 35 × 12 and 6 × 420",
		`{"code":"a","unit":"counter","per":"month","price":"35"},{"code":"device","unit":"counter","per":"once","price":"420"}`,
		"counter=6", "2520.00", "2520.00"},
	{"350 a city and month; 2 × 350 × 12", `{"code":"a","unit":"city","per":"month","price":"350"}`, "city=2", "8400.00", ""},
	{"from 4.50 an answer, at least 1 500; 1000 × 4.50, no upper end",
		`{"code":"a","kind":"project","unit":"answer","per":"once","from":"4.50","minimum":"1500"}`, "answer=1000", "0.00", "4500.00–"},
	{"from 4.50 an answer, at least 1 500; 100 × 4.50 = 450",
		`{"code":"a","kind":"project","unit":"answer","per":"once","from":"4.50","minimum":"1500"}`, "answer=100", "0.00", "1500.00–"},
	{"190 a station and month; 7 × 190 × 12", `{"code":"a","unit":"station","per":"month","price":"190"}`, "station=7", "15960.00", ""},

	// Visitor guidance and kiosks. 3D Wayfinder is in the oracle test.
	{"79 a building and month; 3 × 79 × 12", `{"code":"a","unit":"building","per":"month","price":"79"}`, "building=3", "2844.00", ""},
	{"12 a screen and month; 40 × 12 × 12", `{"code":"a","unit":"screen","per":"month","price":"12"}`, "screen=40", "5760.00", ""},
	{"45 a kiosk and month, set-up 300; 2 × 45 × 12",
		`{"code":"a","unit":"kiosk","per":"month","price":"45"},{"code":"setup","per":"once","price":"300"}`, "kiosk=2", "1080.00", "300.00"},
	{"0.20 a tour, at least 59 a month; 200 × 0.20 = 40",
		`{"code":"a","unit":"tour","per":"month","price":"0.20","minimum":"59"}`, "tour=200/month", "708.00", ""},
	{"0.20 a tour, at least 59 a month; 1000 × 0.20 × 12",
		`{"code":"a","unit":"tour","per":"month","price":"0.20","minimum":"59"}`, "tour=1000/month", "2400.00", ""},

	// Documents and archives.
	{"9.50 a user, from 100 users 7.90 for all; 99 × 9.50 = 940.50 × 12",
		`{"code":"a","unit":"user","per":"month","mode":"volume","steps":[{"to":"99","price":"9.50"},{"price":"7.90"}]}`, "user=99", "11286.00", ""},
	{"9.50 a user, from 100 users 7.90 for all; 100 × 7.90 = 790 × 12",
		`{"code":"a","unit":"user","per":"month","mode":"volume","steps":[{"to":"99","price":"9.50"},{"price":"7.90"}]}`, "user=100", "9480.00", ""},
	{"0.09 a GB and month, get-out not chosen; 1500 × 0.09 × 12",
		`{"code":"a","unit":"gb","per":"month","price":"0.09"},{"code":"out","unit":"gb","per":"once","price":"0.02","optional":true}`, "gb=1500", "1620.00", ""},
	{"149 a month for 20 forms", `{"code":"a","unit":"form","per":"month","mode":"band","steps":[{"to":"20","price":"149"}]}`, "form=20", "1788.00", ""},
	{"0.07 a page, at least 1 000 pages; 400 pages cost 70",
		`{"code":"a","unit":"page","per":"once","price":"0.07","minimum":"70"}`, "page=400", "0.00", "70.00"},
	{"4.20 a user; 33 × 4.20 = 138.60 × 12", `{"code":"a","unit":"user","per":"month","price":"4.20"}`, "user=33", "1663.20", ""},
	{"65 a month", `{"code":"a","per":"month","price":"65"}`, "", "780.00", ""},
	{"licence 0, hosting 120 a month", `{"code":"licence","per":"once","price":"0"},{"code":"a","per":"month","price":"120"}`, "", "1440.00", ""},

	// Identity, signing and payments.
	{"0.22 a signature, 500 included in 69 a month; 69 + 250 × 0.22 = 124 × 12",
		`{"code":"base","per":"month","price":"69"},{"code":"a","unit":"signature","per":"month","included":"500","price":"0.22"}`,
		"signature=750/month", "1488.00", ""},
	{"at least 25 a month, 0.05 each to 5 000; 500 × 0.05 is the minimum itself",
		`{"code":"a","unit":"active_user","per":"month","mode":"volume","steps":[{"to":"5000","price":"0.05"},{"to":"50000","price":"0.025"}],"minimum":"25"}`,
		"active_user=500/month", "300.00", ""},
	{"at least 25 a month, 0.05 each to 5 000; 200 × 0.05 = 10 is below it",
		`{"code":"a","unit":"active_user","per":"month","mode":"volume","steps":[{"to":"5000","price":"0.05"},{"to":"50000","price":"0.025"}],"minimum":"25"}`,
		"active_user=200/month", "300.00", ""},
	{"above 5 000 all at 0.025; 20000 × 0.025 = 500 × 12",
		`{"code":"a","unit":"active_user","per":"month","mode":"volume","steps":[{"to":"5000","price":"0.05"},{"to":"50000","price":"0.025"}],"minimum":"25"}`,
		"active_user=20000/month", "6000.00", ""},
	{"0.10 a payment and 0.4 %; 1200 × 0.10 + 36450 × 0.004 = 120 + 145.80 = 265.80 × 12",
		`{"code":"a","unit":"payment","per":"month","price":"0.10"},{"code":"cut","kind":"percent","unit":"turnover","per":"month","rate":"0.4"}`,
		"payment=1200/month turnover=36450/month", "3189.60", ""},
	{"3.5 % of turnover; 12345.67 × 0.035 = 432.09845, rounded 432.10 × 12",
		`{"code":"a","kind":"percent","unit":"turnover","per":"month","rate":"3.5"}`, "turnover=12345.67/month", "5185.20", ""},
	{"2.40 a user; 310 × 2.40 × 12", `{"code":"a","unit":"user","per":"month","price":"2.40"}`, "user=310", "8928.00", ""},
	{"0.04 a stamp; 101 × 0.04 = 4.04 × 12", `{"code":"a","unit":"stamp","per":"month","price":"0.04"}`, "stamp=101/month", "48.48", ""},
	{"220 a month", `{"code":"a","per":"month","price":"220"}`, "", "2640.00", ""},

	// Citizen contact.
	{"0.042 an SMS; 1234 × 0.042 = 51.828, rounded 51.83 × 12", `{"code":"a","unit":"sms","per":"month","price":"0.042"}`, "sms=1234/month", "621.96", ""},
	{"0 to 1 000 receivers, 29 to 10 000, 119 to 100 000; 10001 are in the third",
		`{"code":"a","unit":"active_user","per":"month","mode":"band","steps":[{"to":"1000","price":"0"},{"to":"10000","price":"29"},{"to":"100000","price":"119"}]}`,
		"active_user=10001/month", "1428.00", ""},
	{"7 an adviser; 9 × 7 × 12", `{"code":"a","unit":"adviser","per":"month","price":"7"}`, "adviser=9", "756.00", ""},
	{"890 a year", `{"code":"a","per":"year","price":"890"}`, "", "890.00", ""},
	{"0 to 100 answers a month, then 25; 100",
		`{"code":"a","unit":"answer","per":"month","mode":"band","steps":[{"to":"100","price":"0"},{"price":"25"}]}`, "answer=100/month", "0.00", ""},
	{"0 to 100 answers a month, then 25; 101",
		`{"code":"a","unit":"answer","per":"month","mode":"band","steps":[{"to":"100","price":"0"},{"price":"25"}]}`, "answer=101/month", "300.00", ""},
	{"24 an agent; 6 × 24 × 12", `{"code":"a","unit":"agent","per":"month","price":"24"}`, "agent=6", "1728.00", ""},
	{"licence 0, support 2 400 a year", `{"code":"a","per":"year","price":"2400"}`, "", "2400.00", ""},
	{"31 an agent and 0.03 a minute; 5 × 31 + 4321 × 0.03 = 155 + 129.63 = 284.63 × 12",
		`{"code":"a","unit":"agent","per":"month","price":"31"},{"code":"minutes","unit":"minute","per":"month","price":"0.03"}`,
		"agent=5 minute=4321/month", "3415.56", ""},

	// Finance and staff.
	{"0.35 an invoice, 100 included in 25 a month; 25 + 100 × 0.35 = 60 × 12",
		`{"code":"base","per":"month","price":"25"},{"code":"a","unit":"invoice","per":"month","included":"100","price":"0.35"}`, "invoice=200/month", "720.00", ""},
	{"410 a month", `{"code":"a","per":"month","price":"410"}`, "", "4920.00", ""},
	{"3.90 an employee; 180 × 3.90 × 12", `{"code":"a","unit":"employee","per":"month","price":"3.90"}`, "employee=180", "8424.00", ""},
	{"1.60 an employee; 180 × 1.60 × 12", `{"code":"a","unit":"employee","per":"month","price":"1.60"}`, "employee=180", "3456.00", ""},
	{"95 a month", `{"code":"a","per":"month","price":"95"}`, "", "1140.00", ""},
	{"1.90 a claim; 45 × 1.90 = 85.50 × 12", `{"code":"a","unit":"claim","per":"month","price":"1.90"}`, "claim=45/month", "1026.00", ""},

	// Health and social care.
	{"0.15 a letter; 777 × 0.15 = 116.55 × 12", `{"code":"a","unit":"letter","per":"month","price":"0.15"}`, "letter=777/month", "1398.60", ""},
	{"11 a carer; 21 × 11 × 12", `{"code":"a","unit":"carer","per":"month","price":"11"}`, "carer=21", "2772.00", ""},
	{"licence 0, hosting 60 a month", `{"code":"a","per":"month","price":"60"}`, "", "720.00", ""},
	{"26 a case worker; 14 × 26 × 12", `{"code":"a","unit":"case_worker","per":"month","price":"26"}`, "case_worker=14", "4368.00", ""},
	{"0.25 a booking; 2001 × 0.25 = 500.25 × 12", `{"code":"a","unit":"booking","per":"month","price":"0.25"}`, "booking=2001/month", "6003.00", ""},

	// Infrastructure, security and integration.
	{"22 a vCPU and 3 a GB; 8 × 22 + 32 × 3 = 272 × 12",
		`{"code":"a","unit":"vcpu","per":"month","price":"22"},{"code":"memory","unit":"gb","per":"month","price":"3"}`, "vcpu=8 gb=32", "3264.00", ""},
	{"0.06 a GB; 512 × 0.06 = 30.72 × 12", `{"code":"a","unit":"gb","per":"month","price":"0.06"}`, "gb=512", "368.64", ""},
	{"3.50 a server; 17 × 3.50 = 59.50 × 12", `{"code":"a","unit":"server","per":"month","price":"3.50"}`, "server=17", "714.00", ""},
	{"a project of 4 500 to 18 000", `{"code":"a","kind":"project","per":"once","from":"4500","to":"18000"}`, "", "0.00", "4500.00–18000.00"},
	{"320 a security server and month; 2 × 320 × 12", `{"code":"a","unit":"security_server","per":"month","price":"320"}`, "security_server=2", "7680.00", ""},
	{"0.40 per 10 000 calls, at least 90; 1 000 000 are 40",
		`{"code":"a","unit":"call","per":"month","batch":"10000","price":"0.40","minimum":"90"}`, "call=1000000/month", "1080.00", ""},
	{"0.40 per 10 000 calls, at least 90; 5 000 000 are 200 × 12",
		`{"code":"a","unit":"call","per":"month","batch":"10000","price":"0.40","minimum":"90"}`, "call=5000000/month", "2400.00", ""},
	{"17 an agent; 12 × 17 × 12", `{"code":"a","unit":"agent","per":"month","price":"17"}`, "agent=12", "2448.00", ""},
	{"4 a developer; 30 × 4 × 12", `{"code":"a","unit":"developer","per":"month","price":"4"}`, "developer=30", "1440.00", ""},
}

func TestEveryPriceOfTheCatalogue(t *testing.T) {
	for _, tt := range offers {
		t.Run(tt.name, func(t *testing.T) {
			q := quote(t, plan(t, `{"charges":[`+tt.charges+`]}`), use(t, tt.use))
			once := tt.once
			if once == "" {
				once = "0.00"
			}
			if got := show(q.Year.Net); got != tt.year || q.OnRequest {
				t.Errorf("a year = %s, on request %t; want %s", got, q.OnRequest, tt.year)
			}
			if got := show(q.Once.Net); got != once {
				t.Errorf("once = %s; want %s", got, once)
			}
		})
	}
}

func TestGetOutPriceWhenChosen(t *testing.T) {
	p := plan(t, `{"charges":[{"code":"a","unit":"gb","per":"month","price":"0.09"},
		{"code":"out","unit":"gb","per":"once","price":"0.02","optional":true}]}`)
	u := use(t, "gb=1500")
	u.Options = strings.Fields("out")
	// 1500 × 0.02
	if got := show(quote(t, p, u).Once.Net); got != "30.00" {
		t.Errorf("getting out = %s; want 30.00", got)
	}
}
