package identity

import "pilveturg/models"

// Kind says what an organisation is.
type Kind string

// The kinds of organisation. Vendor and Operator sell and run; the others buy.
const (
	Ministry     Kind = "ministry"
	Agency       Kind = "agency"
	Municipality Kind = "municipality"
	School       Kind = "school"
	Hospital     Kind = "hospital"
	Foreign      Kind = "foreign" // a public body of another state
	Vendor       Kind = "vendor"
	Operator     Kind = "operator" // who runs this portal
)

// Kinds are all the kinds.
var Kinds = []Kind{Ministry, Agency, Municipality, School, Hospital, Foreign, Vendor, Operator}

// Public reports whether organisations of the kind are public bodies, which buy.
func (k Kind) Public() bool { return k != Vendor && k != Operator }

// SizeClass says how large an enterprise is, as Recommendation 2003/361/EC has it;
// "" when that is not known.
type SizeClass string

// SizeClasses are all the classes, the smallest first.
var SizeClasses = []SizeClass{"micro", "small", "medium", "large"}

// Organisation is a public body or a vendor.
type Organisation struct {
	ID       int64       `json:"-"`
	Key      models.Key  `json:"key"`
	Slug     string      `json:"slug,omitempty"` // in addresses, after the id; made from the name when empty
	Kind     Kind        `json:"kind"`
	Parent   models.Key  `json:"parent,omitzero"`   // the ministry of an agency
	Country  string      `json:"country,omitempty"` // ISO 3166-1 alpha-2; "" when not known
	Names    models.Text `json:"names"`
	About    models.Text `json:"about,omitempty"`        // Markdown
	Size     int64       `json:"size,omitempty"`         // how many SizeUnit it has; 0 when not known
	SizeUnit string      `json:"size_unit,omitempty"`    // "staff" or "pupil"
	Class    SizeClass   `json:"size_class,omitempty"`   // of a vendor
	Website  string      `json:"website,omitempty"`      // absolute http(s) address
	XRoad    string      `json:"xroad_member,omitempty"` // its X-Road member: instance, class and code, "EE/GOV/70000001"
	Markets  []string    `json:"markets,omitempty"`      // countries a vendor sells to, ISO 3166-1 alpha-2
	Invented bool        `json:"invented,omitempty"`     // made up for the demonstration
}
