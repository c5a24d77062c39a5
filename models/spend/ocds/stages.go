package ocds

// Planning is why something is bought and with what money.
type Planning struct {
	Rationale  string      `json:"rationale,omitempty"`
	Budget     *Budget     `json:"budget,omitempty"`
	Documents  []Document  `json:"documents,omitempty"`
	Milestones []Milestone `json:"milestones,omitempty"`
}

// Budget is the money that was put aside.
type Budget struct {
	ID          ID     `json:"id,omitempty"`
	Description string `json:"description,omitempty"`
	Amount      *Value `json:"amount,omitempty"`
	Project     string `json:"project,omitempty"`
	ProjectID   ID     `json:"projectID,omitempty"`
	URI         string `json:"uri,omitempty"`
}

// Tender is how a choice is made. Status is planning, planned, active, cancelled,
// unsuccessful, complete or withdrawn; ProcurementMethod is open, selective, limited or
// direct; MainProcurementCategory is goods, works or services.
type Tender struct {
	ID                              ID                      `json:"id"`
	Title                           string                  `json:"title,omitempty"`
	Description                     string                  `json:"description,omitempty"`
	Status                          string                  `json:"status,omitempty"`
	ProcuringEntity                 *OrganizationReference  `json:"procuringEntity,omitempty"`
	Items                           []Item                  `json:"items,omitempty"`
	Value                           *Value                  `json:"value,omitempty"`
	MinValue                        *Value                  `json:"minValue,omitempty"`
	ProcurementMethod               string                  `json:"procurementMethod,omitempty"`
	ProcurementMethodDetails        string                  `json:"procurementMethodDetails,omitempty"`
	ProcurementMethodRationale      string                  `json:"procurementMethodRationale,omitempty"`
	MainProcurementCategory         string                  `json:"mainProcurementCategory,omitempty"`
	AdditionalProcurementCategories []string                `json:"additionalProcurementCategories,omitempty"`
	AwardCriteria                   string                  `json:"awardCriteria,omitempty"`
	AwardCriteriaDetails            string                  `json:"awardCriteriaDetails,omitempty"`
	SubmissionMethod                []string                `json:"submissionMethod,omitempty"`
	SubmissionMethodDetails         string                  `json:"submissionMethodDetails,omitempty"`
	TenderPeriod                    *Period                 `json:"tenderPeriod,omitempty"`
	EnquiryPeriod                   *Period                 `json:"enquiryPeriod,omitempty"`
	HasEnquiries                    *bool                   `json:"hasEnquiries,omitempty"`
	EligibilityCriteria             string                  `json:"eligibilityCriteria,omitempty"`
	AwardPeriod                     *Period                 `json:"awardPeriod,omitempty"`
	ContractPeriod                  *Period                 `json:"contractPeriod,omitempty"`
	NumberOfTenderers               *int                    `json:"numberOfTenderers,omitempty"`
	Tenderers                       []OrganizationReference `json:"tenderers,omitempty"`
	Documents                       []Document              `json:"documents,omitempty"`
	Milestones                      []Milestone             `json:"milestones,omitempty"`
	Amendments                      []Amendment             `json:"amendments,omitempty"`
}

// Award is what was chosen. Status is pending, active, cancelled or unsuccessful; Value
// is what all contracts of the award may cost together.
type Award struct {
	ID             ID                      `json:"id"`
	Title          string                  `json:"title,omitempty"`
	Description    string                  `json:"description,omitempty"`
	Status         string                  `json:"status,omitempty"`
	Date           string                  `json:"date,omitempty"`
	Value          *Value                  `json:"value,omitempty"`
	Suppliers      []OrganizationReference `json:"suppliers,omitempty"`
	Items          []Item                  `json:"items,omitempty"`
	ContractPeriod *Period                 `json:"contractPeriod,omitempty"`
	Documents      []Document              `json:"documents,omitempty"`
	Amendments     []Amendment             `json:"amendments,omitempty"`
}

// Contract is what was signed. AwardID is the [Award] that it follows; Status is pending,
// active, cancelled or terminated; Value is what it may cost from beginning to end.
type Contract struct {
	ID               ID               `json:"id"`
	AwardID          ID               `json:"awardID"`
	Title            string           `json:"title,omitempty"`
	Description      string           `json:"description,omitempty"`
	Status           string           `json:"status,omitempty"`
	Period           *Period          `json:"period,omitempty"`
	Value            *Value           `json:"value,omitempty"`
	Items            []Item           `json:"items,omitempty"`
	DateSigned       string           `json:"dateSigned,omitempty"`
	Documents        []Document       `json:"documents,omitempty"`
	Implementation   *Implementation  `json:"implementation,omitempty"`
	RelatedProcesses []RelatedProcess `json:"relatedProcesses,omitempty"`
	Milestones       []Milestone      `json:"milestones,omitempty"`
	Amendments       []Amendment      `json:"amendments,omitempty"`
}

// Implementation is what was paid and done under a contract.
type Implementation struct {
	Transactions []Transaction `json:"transactions,omitempty"`
	Milestones   []Milestone   `json:"milestones,omitempty"`
	Documents    []Document    `json:"documents,omitempty"`
}

// Transaction is money that went from payer to payee. A credit is a negative value. Source
// is where the payment is known from, URI where it can be looked up.
type Transaction struct {
	ID     ID                     `json:"id"`
	Source string                 `json:"source,omitempty"`
	Date   string                 `json:"date,omitempty"`
	Value  *Value                 `json:"value,omitempty"`
	Payer  *OrganizationReference `json:"payer,omitempty"`
	Payee  *OrganizationReference `json:"payee,omitempty"`
	URI    string                 `json:"uri,omitempty"`

	// Fields of 1.0. They are read, and never written.
	OldAmount   OldValue      `json:"amount,omitzero"`
	OldProvider OldIdentifier `json:"providerOrganization,omitzero"`
	OldReceiver OldIdentifier `json:"receiverOrganization,omitzero"`
}

// OldValue is a value in a field that the standard has given up. It is not written.
type OldValue struct{ Value }

// IsZero is true, so that the field is never written.
func (OldValue) IsZero() bool { return true }

// OldIdentifier is an organization in a field that the standard has given up. It is not
// written.
type OldIdentifier struct{ Identifier }

// IsZero is true, so that the field is never written.
func (OldIdentifier) IsZero() bool { return true }

// reference is the organization as the fields of today point to it.
func (o OldIdentifier) reference() OrganizationReference {
	id := o.ID
	if o.Scheme != "" && id != "" {
		id = ID(o.Scheme) + "-" + id
	}
	return OrganizationReference{ID: id, Name: o.LegalName}
}

// Milestone is something that is to be reached. Status is scheduled, met, notMet or
// partiallyMet.
type Milestone struct {
	ID           ID     `json:"id"`
	Title        string `json:"title,omitempty"`
	Type         string `json:"type,omitempty"`
	Description  string `json:"description,omitempty"`
	Code         string `json:"code,omitempty"`
	DueDate      string `json:"dueDate,omitempty"`
	DateMet      string `json:"dateMet,omitempty"`
	DateModified string `json:"dateModified,omitempty"`
	Status       string `json:"status,omitempty"`
}

// Amendment is a change of a tender, an award or a contract: the release with the old
// state (AmendsReleaseID) and the one with the new (ReleaseID).
type Amendment struct {
	ID              ID     `json:"id,omitempty"`
	Date            string `json:"date,omitempty"`
	Rationale       string `json:"rationale,omitempty"`
	Description     string `json:"description,omitempty"`
	AmendsReleaseID ID     `json:"amendsReleaseID,omitempty"`
	ReleaseID       ID     `json:"releaseID,omitempty"`
}

// Item is one thing that is bought. Quantity is in Unit, and Unit.Value is the price of
// one unit.
type Item struct {
	ID                        ID               `json:"id"`
	Description               string           `json:"description,omitempty"`
	Classification            *Classification  `json:"classification,omitempty"`
	AdditionalClassifications []Classification `json:"additionalClassifications,omitempty"`
	Quantity                  *Amount          `json:"quantity,omitempty"`
	Unit                      *Unit            `json:"unit,omitempty"`
}

// Unit is what is counted, with the price of one.
type Unit struct {
	Scheme string `json:"scheme,omitempty"`
	ID     ID     `json:"id,omitempty"`
	Name   string `json:"name,omitempty"`
	Value  *Value `json:"value,omitempty"`
	URI    string `json:"uri,omitempty"`
}

// Classification is a code of a scheme: in public procurement the scheme is CPV.
type Classification struct {
	Scheme      string `json:"scheme,omitempty"`
	ID          ID     `json:"id,omitempty"`
	Description string `json:"description,omitempty"`
	URI         string `json:"uri,omitempty"`
}

// Period is from when to when.
type Period struct {
	StartDate      string `json:"startDate,omitempty"`
	EndDate        string `json:"endDate,omitempty"`
	MaxExtentDate  string `json:"maxExtentDate,omitempty"`
	DurationInDays *int   `json:"durationInDays,omitempty"`
}

// Document is a paper somewhere on the web.
type Document struct {
	ID            ID     `json:"id"`
	DocumentType  string `json:"documentType,omitempty"`
	Title         string `json:"title,omitempty"`
	Description   string `json:"description,omitempty"`
	URL           string `json:"url,omitempty"`
	DatePublished string `json:"datePublished,omitempty"`
	DateModified  string `json:"dateModified,omitempty"`
	Format        string `json:"format,omitempty"`
	Language      string `json:"language,omitempty"`
}
