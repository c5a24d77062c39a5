package ocds

import "encoding/json"

// Version is the version of the standard that packages name.
const Version = "1.1"

// Release is what happened in a contracting process on one day. A published release is
// never changed: a new one is published. Dates are texts, as written: RFC 3339 with an
// offset.
type Release struct {
	OCID             string                 `json:"ocid"`
	ID               ID                     `json:"id"`
	Date             string                 `json:"date"`
	Tag              []string               `json:"tag"`
	InitiationType   string                 `json:"initiationType"`
	Language         string                 `json:"language,omitempty"`
	Parties          []Party                `json:"parties,omitempty"`
	Buyer            *OrganizationReference `json:"buyer,omitempty"`
	Planning         *Planning              `json:"planning,omitempty"`
	Tender           *Tender                `json:"tender,omitempty"`
	Awards           []Award                `json:"awards,omitempty"`
	Contracts        []Contract             `json:"contracts,omitempty"`
	RelatedProcesses []RelatedProcess       `json:"relatedProcesses,omitempty"`

	// Raw is the release as it stood in the file, with all that the fields above do not
	// know. It is not written.
	Raw json.RawMessage `json:"-"`
}

// Record is all that is known of one process. Releases are releases or links to them
// ([Link]), compact or not; the compiled and the versioned release come from [Merge].
// [NewRecord] makes one.
type Record struct {
	OCID             string            `json:"ocid"`
	Releases         []json.RawMessage `json:"releases"`
	CompiledRelease  json.RawMessage   `json:"compiledRelease,omitempty"`
	VersionedRelease json.RawMessage   `json:"versionedRelease,omitempty"`
}

// Link is where a release of a record is published, instead of the release itself.
type Link struct {
	URL  string   `json:"url"`
	Date string   `json:"date"`
	Tag  []string `json:"tag,omitempty"`
}

// Meta is what a package says of itself. URI is where the package is published, License
// and PublicationPolicy are addresses.
type Meta struct {
	URI               string    `json:"uri"`
	Version           string    `json:"version"`
	Extensions        []string  `json:"extensions,omitempty"`
	PublishedDate     string    `json:"publishedDate"`
	Publisher         Publisher `json:"publisher"`
	License           string    `json:"license,omitempty"`
	PublicationPolicy string    `json:"publicationPolicy,omitempty"`
}

// Publisher is who publishes a package.
type Publisher struct {
	Name   string `json:"name"`
	Scheme string `json:"scheme,omitempty"`
	UID    string `json:"uid,omitempty"`
	URI    string `json:"uri,omitempty"`
}

// ReleasePackage is a release package that fits in memory; [PackageWriter] writes those
// that do not.
type ReleasePackage struct {
	Meta
	Releases []Release `json:"releases"`
}

// RecordPackage is a record package that fits in memory. Packages are the addresses of
// the release packages that it was made from.
type RecordPackage struct {
	Meta
	Packages []string `json:"packages,omitempty"`
	Records  []Record `json:"records"`
}

// Party is an organization in a process. Roles are of the open list partyRole: buyer,
// procuringEntity, supplier, tenderer, payer, payee and others. Details is an object of
// extensions.
type Party struct {
	ID                    ID              `json:"id"`
	Name                  string          `json:"name,omitempty"`
	Identifier            *Identifier     `json:"identifier,omitempty"`
	AdditionalIdentifiers []Identifier    `json:"additionalIdentifiers,omitempty"`
	Address               *Address        `json:"address,omitempty"`
	ContactPoint          *ContactPoint   `json:"contactPoint,omitempty"`
	Roles                 []string        `json:"roles,omitempty"`
	Details               json.RawMessage `json:"details,omitempty"`
}

// OrganizationReference points to a [Party] by its id.
type OrganizationReference struct {
	ID   ID     `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

// IsZero reports whether the reference names nobody.
func (o OrganizationReference) IsZero() bool { return o == OrganizationReference{} }

// Identifier is an organization in a register: in Estonia the register's code with the
// scheme EE-RIK (http://org-id.guide).
type Identifier struct {
	Scheme    string `json:"scheme,omitempty"`
	ID        ID     `json:"id,omitempty"`
	LegalName string `json:"legalName,omitempty"`
	URI       string `json:"uri,omitempty"`
}

// Address is where a party is.
type Address struct {
	StreetAddress string `json:"streetAddress,omitempty"`
	Locality      string `json:"locality,omitempty"`
	Region        string `json:"region,omitempty"`
	PostalCode    string `json:"postalCode,omitempty"`
	CountryName   string `json:"countryName,omitempty"`
}

// ContactPoint is whom to ask at a party.
type ContactPoint struct {
	Name      string `json:"name,omitempty"`
	Email     string `json:"email,omitempty"`
	Telephone string `json:"telephone,omitempty"`
	FaxNumber string `json:"faxNumber,omitempty"`
	URL       string `json:"url,omitempty"`
}

// RelatedProcess is another process, as its Identifier in a Scheme (ocid).
type RelatedProcess struct {
	ID           ID       `json:"id"`
	Relationship []string `json:"relationship,omitempty"`
	Title        string   `json:"title,omitempty"`
	Scheme       string   `json:"scheme,omitempty"`
	Identifier   string   `json:"identifier,omitempty"`
	URI          string   `json:"uri,omitempty"`
}
