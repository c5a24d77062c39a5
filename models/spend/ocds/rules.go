package ocds

// object is what the standard says of an object: its fields by name.
type object map[string]field

// field is what the standard says of a field, from release-schema.json of 1.1.5.
type field struct {
	is    kinds
	of    object   // what it holds, or each of a list
	form  form     // what a text must look like
	codes []string // the only codes there are
	known []string // codes of an open list: others are allowed
	marks marks
}

// kinds are the types that a field may have.
type kinds uint8

const (
	isText kinds = 1 << iota
	isNumber
	isWhole // a number without a fraction
	isTruth
	isList
	isObject
	isNull
)

type form uint8

const (
	anyForm   form = iota
	asDate         // RFC 3339 with an offset
	asAddress      // RFC 3986 with a scheme
	asVersion      // two numbers: 1.1
)

type marks uint8

const (
	required  marks = 1 << iota
	filled          // not "" and not []
	unique          // no two things of the list are equal
	whole           // wholeListMerge: a new list takes the place of the old one
	omitted         // omitWhenMerged
	old             // deprecated
	languages       // title_et and title_en may stand beside title
)

func (f field) has(m marks) bool { return f.marks&m != 0 }

// Fields that come often.
var (
	words      = field{is: isText | isNull}
	translated = field{is: isText | isNull, marks: languages}
	date       = field{is: isText | isNull, form: asDate}
	address    = field{is: isText | isNull, form: asAddress}
	name       = field{is: isText | isWhole, marks: required | filled}
)

var theRelease = object{
	"ocid":             {is: isText, marks: required | filled},
	"id":               {is: isText, marks: required | filled | omitted},
	"date":             {is: isText, form: asDate, marks: required | omitted},
	"tag":              {is: isList, codes: releaseTag, marks: required | filled | omitted},
	"initiationType":   {is: isText, codes: initiationType, marks: required},
	"parties":          {is: isList, of: theOrganization, marks: unique},
	"buyer":            {is: isObject, of: theOrganizationReference},
	"planning":         {is: isObject, of: thePlanning},
	"tender":           {is: isObject, of: theTender},
	"awards":           {is: isList, of: theAward, marks: unique},
	"contracts":        {is: isList, of: theContract, marks: unique},
	"language":         words,
	"relatedProcesses": {is: isList, of: theRelatedProcess, marks: unique},
}

var thePlanning = object{
	"rationale":  translated,
	"budget":     {is: isObject, of: theBudget},
	"documents":  {is: isList, of: theDocument},
	"milestones": {is: isList, of: theMilestone},
}

var theBudget = object{
	"id":          {is: isText | isWhole | isNull},
	"description": translated,
	"amount":      {is: isObject, of: theValue},
	"project":     translated,
	"projectID":   {is: isText | isWhole | isNull},
	"uri":         address,
	"source":      {is: isText | isNull, form: asAddress, marks: old | languages},
}

var theTender = object{
	"id":                              name,
	"title":                           translated,
	"description":                     translated,
	"status":                          {is: isText | isNull, codes: tenderStatus},
	"procuringEntity":                 {is: isObject, of: theOrganizationReference},
	"items":                           {is: isList, of: theItem, marks: unique},
	"value":                           {is: isObject, of: theValue},
	"minValue":                        {is: isObject, of: theValue},
	"procurementMethod":               {is: isText | isNull, codes: method},
	"procurementMethodDetails":        words,
	"procurementMethodRationale":      translated,
	"mainProcurementCategory":         {is: isText | isNull, codes: procurementCategory},
	"additionalProcurementCategories": {is: isList | isNull, known: extendedProcurementCategory},
	"awardCriteria":                   {is: isText | isNull, known: awardCriteria},
	"awardCriteriaDetails":            translated,
	"submissionMethod":                {is: isList | isNull, known: submissionMethod},
	"submissionMethodDetails":         translated,
	"tenderPeriod":                    {is: isObject, of: thePeriod},
	"enquiryPeriod":                   {is: isObject, of: thePeriod},
	"hasEnquiries":                    {is: isTruth | isNull},
	"eligibilityCriteria":             translated,
	"awardPeriod":                     {is: isObject, of: thePeriod},
	"contractPeriod":                  {is: isObject, of: thePeriod},
	"numberOfTenderers":               {is: isWhole | isNull},
	"tenderers":                       {is: isList, of: theOrganizationReference, marks: unique},
	"documents":                       {is: isList, of: theDocument},
	"milestones":                      {is: isList, of: theMilestone},
	"amendments":                      {is: isList, of: theAmendment},
	"amendment":                       {is: isObject, of: theAmendment, marks: old},
}

var theAward = object{
	"id":             name,
	"title":          translated,
	"description":    translated,
	"status":         {is: isText | isNull, codes: awardStatus},
	"date":           date,
	"value":          {is: isObject, of: theValue},
	"suppliers":      {is: isList, of: theOrganizationReference, marks: unique},
	"items":          {is: isList, of: theItem, marks: filled | unique},
	"contractPeriod": {is: isObject, of: thePeriod},
	"documents":      {is: isList, of: theDocument, marks: unique},
	"amendments":     {is: isList, of: theAmendment},
	"amendment":      {is: isObject, of: theAmendment, marks: old},
}

var theContract = object{
	"id":               name,
	"awardID":          name,
	"title":            translated,
	"description":      translated,
	"status":           {is: isText | isNull, codes: contractStatus},
	"period":           {is: isObject, of: thePeriod},
	"value":            {is: isObject, of: theValue},
	"items":            {is: isList, of: theItem, marks: filled | unique},
	"dateSigned":       date,
	"documents":        {is: isList, of: theDocument, marks: unique},
	"implementation":   {is: isObject, of: theImplementation},
	"relatedProcesses": {is: isList, of: theRelatedProcess, marks: unique},
	"milestones":       {is: isList, of: theMilestone},
	"amendments":       {is: isList, of: theAmendment},
	"amendment":        {is: isObject, of: theAmendment, marks: old},
}

var theImplementation = object{
	"transactions": {is: isList, of: theTransaction, marks: unique},
	"milestones":   {is: isList, of: theMilestone, marks: unique},
	"documents":    {is: isList, of: theDocument, marks: unique},
}

var theTransaction = object{
	"id":                   name,
	"source":               address,
	"date":                 date,
	"value":                {is: isObject, of: theValue},
	"payer":                {is: isObject, of: theOrganizationReference},
	"payee":                {is: isObject, of: theOrganizationReference},
	"uri":                  address,
	"amount":               {is: isObject, of: theValue, marks: old},
	"providerOrganization": {is: isObject, of: theIdentifier, marks: old},
	"receiverOrganization": {is: isObject, of: theIdentifier, marks: old},
}
