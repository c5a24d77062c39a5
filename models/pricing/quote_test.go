package pricing

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pilveturg/models"
)

// working writes a line's working as text: one part a word.
func working(l Line) string {
	var words []string
	for _, w := range l.Working {
		words = append(words, fmt.Sprintf("%d×%dm q=%v:", w.Times, w.Months, w.Quantity))
		for _, p := range w.Parts {
			if p.Included {
				words = append(words, fmt.Sprintf("[%d %v-%v free]", p.Step, p.Above, p.To))
				continue
			}
			words = append(words, fmt.Sprintf("[%d %v-%v %v×%v=%v]", p.Step, p.Above, p.To, p.Count, p.Price.Low, p.Amount.Low))
		}
		words = append(words, fmt.Sprintf("sum %v", w.Sum.Low))
		if w.Raised {
			words = append(words, fmt.Sprintf("raised to %v", w.Minimum))
		}
		if w.Lowered {
			words = append(words, fmt.Sprintf("lowered to %v", w.Maximum))
		}
	}
	for _, b := range l.Bills {
		words = append(words, fmt.Sprintf("bill %s %d×%dm %v→%s", b.Per, b.Times, b.Months, b.Exact.Low, show(b.Amount)))
	}
	return strings.Join(append(words, "total "+show(l.Total)), " ")
}

// workings are charges of a plan and their lines as working writes them.
var workings = []struct{ name, head, charge, use, want string }{
	{"graduated: each step has its part", `"year":{"months":10}`,
		`"unit":"pupil","per":"month","steps":[{"to":"1000","price":"0.45"},{"price":"0.40"}]`, "pupil=1500",
		"10×1m q=1500: [0 0-1000 1000×0.45=450] [1 1000-1500 500×0.4=200] sum 650 bill month 10×1m 650→650.00 total 6500.00"},
	{"volume: one part at the step reached", "",
		`"unit":"user","per":"month","mode":"volume","steps":[{"to":"99","price":"9.50"},{"price":"7.90"}]`, "user=150",
		"12×1m q=150: [1 0-150 150×7.9=1185] sum 1185 bill month 12×1m 1185→1185.00 total 14220.00"},
	{"bands: the price is paid once for each", "",
		`"unit":"pupil","per":"month","each":"school","mode":"band","steps":[{"to":"200","price":"29"},{"to":"600","price":"59"}]`, "pupil=1000 school=3",
		"12×1m q=1000: [1 0-1000 3×59=177] sum 177 bill month 12×1m 177→177.00 total 2124.00"},
	{"the included quantity is a part that costs nothing", "",
		`"unit":"map_load","per":"month","batch":"1000","included":"20000","steps":[{"to":"250000","price":"4.80"},{"price":"3.20"}]`, "map_load=300000/month",
		"12×1m q=300000: [0 0-20000 free] [0 20000-250000 230×4.8=1104] [1 250000-300000 50×3.2=160] sum 1264 bill month 12×1m 1264→1264.00 total 15168.00"},
	{"less than the included quantity costs nothing", "",
		`"unit":"map_load","per":"month","included":"20000","price":"1"`, "map_load=15000/month",
		"12×1m q=15000: [0 0-15000 free] sum 0 bill month 12×1m 0→0.00 total 0.00"},
	{"an included quantity beyond the first step frees both", "",
		`"unit":"call","per":"month","included":"15","steps":[{"to":"10","price":"2"},{"price":"1"}]`, "call=20/month",
		"12×1m q=20: [0 0-10 free] [1 10-15 free] [1 15-20 5×1=5] sum 5 bill month 12×1m 5→5.00 total 60.00"},
	{"a batch that is begun is paid whole", "",
		`"unit":"call","per":"month","batch":"1000","begun":true,"price":"2"`, "call=2001/month",
		"12×1m q=2001: [0 0-2001 3×2=6] sum 6 bill month 12×1m 6→6.00 total 72.00"},
	{"begun batches need not come out exactly", "",
		`"unit":"call","per":"month","batch":"3","begun":true,"price":"2"`, "call=9/month",
		"12×1m q=9: [0 0-9 3×2=6] sum 6 bill month 12×1m 6→6.00 total 72.00"},
	{"a minimum raises", "", `"unit":"tour","per":"month","price":"0.20","minimum":"59"`, "tour=10/month",
		"12×1m q=10: [0 0-10 10×0.2=2] sum 2 raised to 59 bill month 12×1m 59→59.00 total 708.00"},
	{"a minimum is paid for nothing too", "", `"unit":"tour","per":"month","price":"0.20","minimum":"59"`, "tour=0/month",
		"12×1m q=0: sum 0 raised to 59 bill month 12×1m 59→59.00 total 708.00"},
	{"a maximum lowers", "", `"unit":"tour","per":"month","price":"0.20","maximum":"100"`, "tour=1000/month",
		"12×1m q=1000: [0 0-1000 1000×0.2=200] sum 200 lowered to 100 bill month 12×1m 100→100.00 total 1200.00"},
	{"with each, minimum and maximum are for each", "",
		`"unit":"pupil","per":"month","each":"school","price":"1","minimum":"10"`, "pupil=12 school=3",
		"12×1m q=12: [0 0-12 12×1=12] sum 12 raised to 30 bill month 12×1m 30→30.00 total 360.00"},
	{"a maximum is for each too", "",
		`"unit":"pupil","per":"month","each":"school","price":"1","maximum":"2"`, "pupil=12 school=3",
		"12×1m q=12: [0 0-12 12×1=12] sum 12 lowered to 6 bill month 12×1m 6→6.00 total 72.00"},
	{"what is included is for each too", "",
		`"unit":"pupil","per":"month","each":"school","price":"1","included":"2"`, "pupil=12 school=3",
		"12×1m q=12: [0 0-6 free] [0 6-12 6×1=6] sum 6 bill month 12×1m 6→6.00 total 72.00"},
	{"graduated for each spreads the steps", "",
		`"unit":"pupil","per":"month","each":"school","steps":[{"to":"100","price":"1"},{"price":"0.5"}]`, "pupil=400 school=3",
		"12×1m q=400: [0 0-300 300×1=300] [1 300-400 100×0.5=50] sum 350 bill month 12×1m 350→350.00 total 4200.00"},
	{"a flat price is paid once for each", "", `"per":"month","each":"school","price":"19"`, "school=4",
		"12×1m q=1: [0 0-1 4×19=76] sum 76 bill month 12×1m 76→76.00 total 912.00"},
	{"a percentage shows its rate", "", `"kind":"percent","unit":"turnover","per":"month","rate":"3.5"`, "turnover=1000/month",
		"12×1m q=1000: [0 0-1000 1000×3.5=35] sum 35 bill month 12×1m 35→35.00 total 420.00"},

	{"billed monthly, each month is rounded: 0.333 → 0.33", "", `"unit":"user","per":"month","price":"0.333"`, "user=1",
		"12×1m q=1: [0 0-1 1×0.333=0.333] sum 0.333 bill month 12×1m 0.333→0.33 total 3.96"},
	{"billed yearly, the year is rounded: 12 × 0.333 = 3.996 → 4.00", `"billing":"year"`, `"unit":"user","per":"month","price":"0.333"`, "user=1",
		"12×1m q=1: [0 0-1 1×0.333=0.333] sum 0.333 bill year 1×12m 3.996→4.00 total 4.00"},
	{"one bill a year when billed once", `"billing":"once"`, `"unit":"user","per":"month","price":"0.333"`, "user=1",
		"12×1m q=1: [0 0-1 1×0.333=0.333] sum 0.333 bill year 1×12m 3.996→4.00 total 4.00"},
	{"ten months in quarters leave one over", `"billing":"quarter","year":{"months":10}`, `"unit":"user","per":"month","price":"0.333"`, "user=1",
		"10×1m q=1: [0 0-1 1×0.333=0.333] sum 0.333 bill quarter 3×3m 0.999→1.00 bill quarter 1×1m 0.333→0.33 total 3.33"},
	{"a yearly charge is billed yearly, whatever the plan says", `"billing":"month"`, `"per":"year","price":"100"`, "",
		"1×12m q=1: [0 0-1 1×100=100] sum 100 bill year 1×12m 100→100.00 total 100.00"},
	{"a begun quarter is paid whole", `"billing":"month","year":{"months":10}`, `"per":"quarter","price":"30"`, "",
		"4×3m q=1: [0 0-1 1×30=30] sum 30 bill quarter 3×3m 30→30.00 bill quarter 1×1m 30→30.00 total 120.00"},
	{"quarters add up on a yearly bill", `"billing":"year","year":{"months":10}`, `"per":"quarter","price":"30.005"`, "",
		"4×3m q=1: [0 0-1 1×30.005=30.005] sum 30.005 bill year 1×10m 120.02→120.02 total 120.02"},
	{"what flows in a short quarter is less", `"year":{"months":10}`, `"unit":"call","per":"quarter","price":"2"`, "call=5/month",
		"3×3m q=15: [0 0-15 15×2=30] sum 30 1×1m q=5: [0 0-5 5×2=10] sum 10 bill quarter 3×3m 30→30.00 bill quarter 1×1m 10→10.00 total 100.00"},
	{"what flows in a year is its charged months'", `"year":{"months":10}`, `"unit":"sitting","per":"year","included":"500","price":"0.60"`, "sitting=100/month",
		"1×10m q=1000: [0 0-500 free] [0 500-1000 500×0.6=300] sum 300 bill year 1×10m 300→300.00 total 300.00"},
	{"a one-off flow is taken as it stands", "", `"unit":"page","per":"once","price":"0.07"`, "page=500/month",
		"1×1m q=500: [0 0-500 500×0.07=35] sum 35 bill once 1×1m 35→35.00 total 35.00"},
	{"yen are rounded to whole ones", `"currency":"JPY"`, `"per":"month","price":"10.5"`, "",
		"12×1m q=1: [0 0-1 1×10.5=10.5] sum 10.5 bill month 12×1m 10.5→11 total 132"},
}

func TestWorkingIsShown(t *testing.T) {
	for _, tt := range workings {
		t.Run(tt.name, func(t *testing.T) {
			head := tt.head
			if head != "" {
				head += ","
			}
			q := quote(t, plan(t, `{`+head+`"charges":[{"code":"a",`+tt.charge+`}]}`), use(t, tt.use))
			if got := working(q.Lines[0]); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestQuoteSums(t *testing.T) {
	p := plan(t, `{"vat":"24","billing":"month","charges":[
		{"code":"base","per":"month","price":"49.99"},{"code":"users","unit":"user","per":"month","price":"1.005"},
		{"code":"support","per":"year","price":"200"},{"code":"setup","per":"once","price":"900"},
		{"code":"screen","kind":"pass_through","per":"once","from":"2500","to":"7500"}]}`)
	q := quote(t, p, use(t, "user=3"))
	// Monthly: 49.99 + 3.015 → 3.02 = 53.01; × 12 = 636.12; + 200 = 836.12.
	if got := show(q.Year.Net); got != "836.12" {
		t.Errorf("a year = %s; want 836.12", got)
	}
	var recurring []string
	for _, r := range q.Recurring {
		recurring = append(recurring, fmt.Sprintf("%s %d×%d %s", r.Per, r.Times, r.Months, show(r.Amount)))
	}
	if want := []string{"month 12×1 53.01", "year 1×12 200.00"}; !slices.Equal(recurring, want) {
		t.Errorf("recurring = %v; want %v", recurring, want)
	}
	// 836.12 + 900 = 1736.12; 24 % = 416.6688 → 416.67
	if got := show(q.First.Net) + " " + show(*q.First.VAT) + " " + show(*q.First.Gross); got != "1736.12 416.67 2152.79" {
		t.Errorf("the first year = %s; want 1736.12 416.67 2152.79", got)
	}
	// 3 × 836.12 + 900 = 3408.36; 24 % = 818.0064 → 818.01
	three, err := q.Years(3)
	if err != nil || show(three.Net)+" "+show(*three.VAT) != "3408.36 818.01" {
		t.Errorf("three years = %+v, %v; want 3408.36 and VAT 818.01", three, err)
	}
	if len(q.Lines) != 4 || len(q.PassedOn) != 1 || q.PassedOn[0].Code != "screen" {
		t.Errorf("%d lines, passed on %v; want 4 and the screen", len(q.Lines), q.PassedOn)
	}
	var bad models.Invalid
	if _, err := q.Years(0); !errors.As(err, &bad) || bad["years"] != "quote.years" {
		t.Errorf("no years = %v; want years complained of", err)
	}
}

func TestWithoutARateThereIsNoVAT(t *testing.T) {
	q := quote(t, plan(t, `{"charges":[{"code":"a","per":"month","price":"10"}]}`), Usage{})
	if q.VAT != nil || q.First.VAT != nil || q.First.Gross != nil {
		t.Errorf("got %+v; want no VAT", q.First)
	}
	q = quote(t, plan(t, `{"vat":"0","charges":[{"code":"a","per":"month","price":"10"}]}`), Usage{})
	if q.First.VAT == nil || !q.First.VAT.IsZero() || show(*q.First.Gross) != "120.00" {
		t.Errorf("got %+v; want VAT of 0", q.First)
	}
}

func TestPlansWithoutAListedPrice(t *testing.T) {
	for _, tt := range []struct {
		name, plan, once string
		onRequest        bool
	}{
		{"free costs nothing", `{"kind":"free"}`, "0.00", false},
		{"on request, nothing is told", `{"kind":"request"}`, "0.00", true},
		{"on request, a range may be told", `{"kind":"request","charges":[{"code":"a","per":"once","from":"100","to":"250.50"}]}`, "100.00–250.50", true},
		{"on request, a lowest price may be told", `{"kind":"request","charges":[{"code":"a","per":"once","from":"100"}]}`, "100.00–", true},
		{"on request, no quantity is asked for where no price is told", `{"kind":"request","charges":[{"code":"a","unit":"pupil","per":"month"}]}`, "0.00", true},
		{"a highest price alone starts at 0", `{"charges":[{"code":"a","per":"once","to":"80"}]}`, "0.00–80.00", false},
		{"a maximum closes an open range", `{"charges":[{"code":"a","per":"once","from":"100","maximum":"500"}]}`, "100.00–500.00", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := quote(t, plan(t, tt.plan), Usage{})
			if got := show(q.Once.Net); got != tt.once || q.OnRequest != tt.onRequest {
				t.Errorf("got %s, on request %t; want %s, %t", got, q.OnRequest, tt.once, tt.onRequest)
			}
		})
	}
}

func TestMilestonesAddUp(t *testing.T) {
	// 100.00 in thirds: 33.33, then 66.67 − 33.33 = 33.34 (33.335 rounds up), then the rest.
	p := plan(t, `{"charges":[{"code":"a","kind":"project","per":"once","price":"100","milestones":["33.33","33.335","33.335"]}]}`)
	var got []string
	for _, m := range quote(t, p, Usage{}).Lines[0].Milestones {
		got = append(got, show(m.Amount))
	}
	if want := []string{"33.33", "33.34", "33.33"}; !slices.Equal(got, want) {
		t.Errorf("milestones = %v; want %v", got, want)
	}
}

func TestQuoteRefuses(t *testing.T) {
	p := plan(t, `{"charges":[{"code":"a","unit":"pupil","per":"month","price":"1","each":"school"},
		{"code":"b","unit":"user","per":"month","price":"1000000000"},{"code":"c","unit":"sms","per":"month","price":"1","optional":true}]}`)
	with := func(text string, change func(*Usage)) Usage {
		u := use(t, text)
		change(&u)
		return u
	}
	for _, tt := range []struct {
		name string
		use  Usage
		want error
	}{
		{"missing quantities are named in order", Usage{}, &MissingError{[]string{"pupil", "user"}}},
		{"an add-on's quantity is missing once it is chosen",
			with("pupil=1 user=1", func(u *Usage) { u.Options = []string{"c"} }), &MissingError{[]string{"sms"}}},
		{"less than nothing", use(t, "pupil=-1 user=1"), models.Invalid{"pupil": "quote.negative"}},
		{"more than anybody needs", use(t, "pupil=1000000000001 user=1"), models.Invalid{"pupil": "quote.too_large"}},
		{"the same unit twice", use(t, "pupil=1 user=1 pupil=2"), models.Invalid{"pupil": "quote.twice"}},
		{"pupils without a school", use(t, "pupil=1 user=1 school=0"), models.Invalid{"school": "quote.none_of_each"}},
		{"thirteen months", with("pupil=1 user=1", func(u *Usage) { u.Months = 13 }), models.Invalid{"months": "quote.months"}},
		{"a month before January", with("pupil=1 user=1", func(u *Usage) { u.Start = -1 }), models.Invalid{"start": "quote.start"}},
		{"an add-on there is not", with("pupil=1 user=1", func(u *Usage) { u.Options = []string{"b"} }), models.Invalid{"options": "quote.option"}},
		{"a sum that does not fit", use(t, "pupil=1 user=1000000000000"), models.ErrOverflow},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, quoteErr := p.Quote(tt.use)
			_, yearErr := p.Yearly(tt.use)
			for _, err := range []error{quoteErr, yearErr} {
				if !sameError(err, tt.want) {
					t.Errorf("got %v; want %v", err, tt.want)
				}
			}
		})
	}
}

func TestABatchThatDoesNotComeOutIsAnErrorNotAGuess(t *testing.T) {
	p := parse(t, `{"charges":[{"code":"a","unit":"call","per":"month","batch":"3","price":"1"}]}`)
	if _, err := p.Quote(use(t, "call=9/month")); !errors.Is(err, models.ErrOverflow) {
		t.Errorf("got %v; want %v", err, models.ErrOverflow)
	}
}

// sameError compares the kinds a caller may test, with what they hold.
func sameError(got, want error) bool {
	var invalid models.Invalid
	var missing *MissingError
	switch {
	case errors.As(got, &invalid):
		return reflect.DeepEqual(error(invalid), want)
	case errors.As(got, &missing):
		return reflect.DeepEqual(error(missing), want)
	}
	return errors.Is(got, want)
}

func TestInputs(t *testing.T) {
	p := plan(t, `{"charges":[
		{"code":"sms","unit":"sms","per":"month","price":"1","optional":true},
		{"code":"pupils","unit":"pupil","per":"month","price":"1","minimum":"25","minimum_unit":"school"},
		{"code":"map","per":"month","price":"49","optional":true,"name":{"en":"Map"}},
		{"code":"more","unit":"pupil","per":"month","price":"1"},
		{"code":"alerts","unit":"sms","per":"month","price":"1","optional":true},
		{"code":"photos","unit":"pupil","per":"month","price":"1","optional":true},
		{"code":"bus","per":"month","price":"1","each":"bus"},{"code":"seats","unit":"bus","per":"month","price":"1"},
		{"code":"screen","kind":"pass_through","unit":"screen","per":"once","price":"1"}]}`)
	want := []Input{
		{Unit: "pupil"}, {Unit: "school", One: true}, {Unit: "bus"},
		{Option: "sms"}, {Unit: "sms", For: []string{"sms", "alerts"}},
		{Option: "map", Name: models.Text{"en": "Map"}}, {Option: "alerts"}, {Option: "photos"},
	}
	if got := p.Inputs(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	q := quote(t, p, use(t, "pupil=10 bus=2"))
	if !slices.Equal(q.Assumed, []string{"school"}) {
		t.Errorf("assumed = %v; want school", q.Assumed)
	}
}
