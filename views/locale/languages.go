package locale

// format is how a language writes numbers and dates.
type format struct {
	group, decimal string // between thousands, before the fraction
	minus          string
	signFirst      bool // "€12.00" rather than "12,00 €"
	percent        string
	date           func(day, month, year int) string // long
	short          func(day, month, year int) string
	months         [12]string
}

// formats holds the house rules of writing, by language. Amounts are grouped
// from four digits on, so that columns of figures line up; numeric dates have
// four digits for the year and are never in an order that can be misread.
var formats = map[string]format{
	"et": {
		group: "\u00a0", decimal: ",", minus: "\u2212", percent: "%",
		date:   estonianDate,
		short:  func(d, m, y int) string { return pad(d) + "." + pad(m) + "." + year(y) },
		months: estonianMonths,
	},
	"en": {
		group: ",", decimal: ".", minus: "-", signFirst: true, percent: "%",
		date:   func(d, m, y int) string { return itoa(d) + " " + englishMonths[m-1] + " " + year(y) },
		short:  func(d, m, y int) string { return itoa(d) + " " + englishMonths[m-1][:3] + " " + year(y) },
		months: englishMonths,
	},
}

var estonianMonths = [12]string{"jaanuar", "veebruar", "märts", "aprill", "mai", "juuni",
	"juuli", "august", "september", "oktoober", "november", "detsember"}

var englishMonths = [12]string{"January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December"}

func estonianDate(d, m, y int) string {
	return itoa(d) + ". " + estonianMonths[m-1] + " " + year(y)
}
