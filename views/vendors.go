package views

// VendorsPage lists the vendors in the order of the alphabet.
type VendorsPage struct {
	Shell
	Letters  []Letter
	Head     Head
	Rows     []VendorRow
	Invented bool // some of them are
	Pager    *Pager
	Empty    Empty // instead of a list without vendors
}

func (VendorsPage) template() string { return "vendors" }

// Letter narrows a list in the order of the alphabet down.
type Letter struct {
	Link    Link
	Count   string
	Current bool
}

// VendorRow is one vendor in a list.
type VendorRow struct {
	Vendor   Link
	Invented bool
	Country  string
	Services string
}

// VendorPage is what is known of a vendor.
type VendorPage struct {
	Shell
	Name     Words
	Tags     []Tag
	Invented bool   // one of the tags
	Notice   Notice // zero when there is nothing to know before
	About    Prose
	Facts    []Row
	Listed
	Empty        Empty // instead of a list without services
	Certificates Head  // without an ID when there are none
	Held         []Held
	Sources      []Source
	Trail        *Trail // nil for those it does not concern
}

func (VendorPage) template() string { return "vendor" }

// Held is a certificate that a service has.
type Held struct {
	Certificate, Number, Issuer string
	Service                     Link
	Until                       string
	Expired                     bool
	Proof                       Tag
}

// Source is a public place that facts were read in.
type Source struct {
	Link Link
	Seen string // the day, in words
}
