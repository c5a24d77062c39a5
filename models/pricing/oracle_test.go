package pricing

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// The four named systems. All figures were worked out by hand, as the comments
// show, and not by this program.

const ekool = `{"vat":"24","year":{"months":10,"start":9},"payers":{"who":"families"},"charges":[
	{"code":"pupils","unit":"pupil","per":"month","minimum":"25","minimum_unit":"school",
	 "steps":[{"to":"1000","price":"0.45"},{"price":"0.40"}]}]}`

const kindergarten = `{"charges":[{"code":"children","unit":"child","per":"month","price":"0.30","minimum":"15"}]}`

const nutiteqUsers = `{"charges":[{"code":"users","unit":"active_user","per":"month","each":"app","mode":"band",
	"steps":[{"to":"5000","price":"0"},{"to":"50000","price":"99"},{"to":"250000","price":"399"}]}]}`

const nutiteqViews = `{"charges":[{"code":"base","per":"month","price":"49"},
	{"code":"views","unit":"map_view","per":"month","batch":"1000","included":"20000",
	 "steps":[{"to":"250000","price":"4.80"},{"price":"3.20"}]}]}`

const positiumData = `{"vat":"24","billing":"year","charges":[
	{"code":"country","unit":"dataset","per":"year","price":"24000"},
	{"code":"county","unit":"county_dataset","per":"year","price":"36000","optional":true}]}`

const positiumStudy = `{"vat":"24","charges":[
	{"code":"study","kind":"project","per":"once","from":"8000","to":"45000","milestones":["40","40","20"]}]}`

const wayfinder = `{"vat":"24","charges":[
	{"code":"kiosks","unit":"kiosk","per":"month","price":"39"},
	{"code":"model","unit":"floor","per":"once","price":"900"},
	{"code":"webmap","per":"month","price":"49","optional":true},
	{"code":"hardware","kind":"pass_through","unit":"kiosk","per":"once","from":"2500","to":"7500"}]}`

var systemPrices = []struct {
	name, plan, use string
	options         string
	months          int
	year, once      string
	gross           string // of the first year; "" when the rate is not known
}{
	// 1000 × 0.45 = 450.00 a month; × 10 = 4500.00; + 24 % = 5580.00
	{"e-Kool: a thousand pupils all pay the first price", ekool, "pupil=1000 school=1", "", 0, "4500.00", "0.00", "5580.00"},
	// 450.00 × 12 = 5400.00; + 1296.00
	{"e-Kool: a twelve month year", ekool, "pupil=1000 school=1", "", 12, "5400.00", "0.00", "6696.00"},
	// 1000 × 0.45 + 1 × 0.40 = 450.40; × 10 = 4504.00; 24 % = 1080.96
	{"e-Kool: only the pupil above a thousand is cheaper", ekool, "pupil=1001 school=1", "", 0, "4504.00", "0.00", "5584.96"},
	// 450.00 + 1400 × 0.40 = 450.00 + 560.00 = 1010.00; × 10; 24 % = 2424.00
	{"e-Kool: two prices for 2 400 pupils", ekool, "pupil=2400 school=3", "", 0, "10100.00", "0.00", "12524.00"},
	// 40 × 0.45 = 18.00, below 25.00; × 10
	{"e-Kool: a small school pays the minimum", ekool, "pupil=40 school=1", "", 0, "250.00", "0.00", "310.00"},
	// 200 × 0.45 = 90.00, below 6 × 25.00 = 150.00; × 10
	{"e-Kool: the minimum is for each school", ekool, "pupil=200 school=6", "", 0, "1500.00", "0.00", "1860.00"},
	// 56 × 0.45 = 25.20, above 25.00
	{"e-Kool: just above the minimum", ekool, "pupil=56 school=1", "", 0, "252.00", "0.00", "312.48"},
	// schools not told: 1 × 25.00 is below 450.00
	{"e-Kool: one school is taken when none is told", ekool, "pupil=1000", "", 0, "4500.00", "0.00", "5580.00"},
	// 450.00 × 4
	{"e-Kool: four months of a school year", ekool, "pupil=1000 school=1", "", 4, "1800.00", "0.00", "2232.00"},

	// 120 × 0.30 = 36.00; × 12
	{"kindergarten: 120 children", kindergarten, "child=120", "", 0, "432.00", "0.00", ""},
	// 50 × 0.30 = 15.00, the minimum itself
	{"kindergarten: 50 children cost the minimum", kindergarten, "child=50", "", 0, "180.00", "0.00", ""},
	{"kindergarten: 8 children cost the minimum too", kindergarten, "child=8", "", 0, "180.00", "0.00", ""},

	{"Nutiteq: 5 000 users cost nothing", nutiteqUsers, "active_user=5000/month app=1", "", 0, "0.00", "0.00", ""},
	// 99 × 12
	{"Nutiteq: one more user reaches the next band", nutiteqUsers, "active_user=5001/month app=1", "", 0, "1188.00", "0.00", ""},
	{"Nutiteq: 50 000 users are still in it", nutiteqUsers, "active_user=50000/month app=1", "", 0, "1188.00", "0.00", ""},
	// 399 × 12
	{"Nutiteq: the third band", nutiteqUsers, "active_user=250000/month app=1", "", 0, "4788.00", "0.00", ""},
	// 60 000 over 2 apps is 30 000 each: 99 × 2 × 12
	{"Nutiteq: each app has its own band", nutiteqUsers, "active_user=60000/month app=2", "", 0, "2376.00", "0.00", ""},
	// 49 × 12; nothing above the quota
	{"Nutiteq: views within the quota", nutiteqViews, "map_view=20000/month", "", 0, "588.00", "0.00", ""},
	// (120 000 − 20 000) ÷ 1000 × 4.80 = 480.00; + 49 = 529.00; × 12
	{"Nutiteq: views above the quota", nutiteqViews, "map_view=120000/month", "", 0, "6348.00", "0.00", ""},
	// 230 × 4.80 = 1104.00; 50 × 3.20 = 160.00; + 49 = 1313.00; × 12
	{"Nutiteq: views above the second step", nutiteqViews, "map_view=300000/month", "", 0, "15756.00", "0.00", ""},
	// 0.001 × 4.80 = 0.0048 a month, rounded to 0.00
	{"Nutiteq: a single view above the quota is below a cent", nutiteqViews, "map_view=20001/month", "", 0, "588.00", "0.00", ""},

	{"Positium: the country", positiumData, "dataset=1", "", 0, "24000.00", "0.00", "29760.00"},
	// 24 000 + 2 × 36 000 = 96 000; 24 % = 23 040
	{"Positium: the country and two counties", positiumData, "dataset=1 county_dataset=2", "county", 0, "96000.00", "0.00", "119040.00"},
	// a year that is begun is paid whole
	{"Positium: six months cost a year", positiumData, "dataset=1", "", 6, "24000.00", "0.00", "29760.00"},
	// 8 000 × 1.24 = 9 920; 45 000 × 1.24 = 55 800
	{"Positium: a study has a range", positiumStudy, "", "", 0, "0.00", "8000.00–45000.00", "9920.00–55800.00"},

	// 4 × 39 × 12 = 1872.00; 3 × 900; 4572.00 + 24 % (1097.28)
	{"3D Wayfinder: four kiosks on three floors", wayfinder, "kiosk=4 floor=3", "", 0, "1872.00", "2700.00", "5669.28"},
	// + 49 × 12 = 588.00 → 2460.00; 5160.00 + 1238.40
	{"3D Wayfinder: with the web map", wayfinder, "kiosk=4 floor=3", "webmap", 0, "2460.00", "2700.00", "6398.40"},
}

func TestFourSystems(t *testing.T) {
	for _, tt := range systemPrices {
		t.Run(tt.name, func(t *testing.T) {
			u := use(t, tt.use)
			u.Options, u.Months = strings.Fields(tt.options), tt.months
			q := quote(t, plan(t, tt.plan), u)
			if got := show(q.Year.Net); got != tt.year || q.OnRequest {
				t.Errorf("a year = %s, on request %t; want %s", got, q.OnRequest, tt.year)
			}
			if got := show(q.Once.Net); got != tt.once {
				t.Errorf("once = %s; want %s", got, tt.once)
			}
			gross := ""
			if q.First.Gross != nil {
				gross = show(*q.First.Gross)
			}
			if gross != tt.gross {
				t.Errorf("the first year with VAT = %q; want %q", gross, tt.gross)
			}
		})
	}
}

func TestAboveTheLastBandThePriceIsOnRequest(t *testing.T) {
	q := quote(t, plan(t, nutiteqUsers), use(t, "active_user=250001/month app=1"))
	if !q.OnRequest || !q.Lines[0].OnRequest || !q.Year.Net.IsZero() {
		t.Errorf("got on request %t, year %s; want on request and nothing summed", q.OnRequest, show(q.Year.Net))
	}
}

func TestStudyMilestones(t *testing.T) {
	// 40 % of 8 000 is 3 200, of 45 000 is 18 000; 20 % is 1 600 and 9 000.
	q := quote(t, plan(t, positiumStudy), Usage{})
	var got []string
	for _, m := range q.Lines[0].Milestones {
		got = append(got, show(m.Amount))
	}
	if want := []string{"3200.00–18000.00", "3200.00–18000.00", "1600.00–9000.00"}; !slices.Equal(got, want) {
		t.Errorf("milestones = %v; want %v", got, want)
	}
}

func TestSchoolYearMonths(t *testing.T) {
	for _, tt := range []struct {
		name   string
		months int
		start  time.Month
		want   []time.Month
	}{
		{"it starts in September by itself", 0, 0, []time.Month{9, 10, 11, 12, 1, 2, 3, 4, 5, 6}},
		{"from March, July and August are free", 0, time.March, []time.Month{3, 4, 5, 6, 9, 10, 11, 12, 1, 2}},
		{"from July, the summer comes first and is free", 0, time.July, []time.Month{9, 10, 11, 12, 1, 2, 3, 4, 5, 6}},
		{"five months from March pass over the summer", 5, time.March, []time.Month{3, 4, 5, 6, 9}},
		{"eleven months add July", 11, time.March, []time.Month{3, 4, 5, 6, 7, 9, 10, 11, 12, 1, 2}},
		{"twelve months leave none out", 12, time.March, []time.Month{3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u := use(t, "pupil=1000 school=1")
			u.Months, u.Start = tt.months, tt.start
			q := quote(t, plan(t, ekool), u)
			if !slices.Equal(q.Calendar, tt.want) || q.Months != len(tt.want) {
				t.Errorf("months %d %v; want %v", q.Months, q.Calendar, tt.want)
			}
			// 450.00 for each charged month
			if got, want := q.Year.Net.Low.Minor, int64(45000*len(tt.want)); got != want {
				t.Errorf("a year = %d cents; want %d", got, want)
			}
		})
	}
}
