package ocds

var theOrganization = object{
	"name":                  translated,
	"id":                    {is: isText},
	"identifier":            {is: isObject, of: theIdentifier},
	"additionalIdentifiers": {is: isList, of: theIdentifier, marks: unique | whole},
	"address":               {is: isObject, of: theAddress},
	"contactPoint":          {is: isObject, of: theContactPoint},
	"roles":                 {is: isList | isNull, known: partyRole},
	"details":               {is: isObject | isNull},
}

var theOrganizationReference = object{
	"name":                  {is: isText | isNull, marks: filled},
	"id":                    {is: isText | isWhole},
	"identifier":            {is: isObject, of: theIdentifier, marks: old},
	"address":               {is: isObject, of: theAddress, marks: old},
	"additionalIdentifiers": {is: isList, of: theIdentifier, marks: unique | whole | old},
	"contactPoint":          {is: isObject, of: theContactPoint, marks: old},
}

var theIdentifier = object{
	"scheme":    words,
	"id":        {is: isText | isWhole | isNull},
	"legalName": translated,
	"uri":       address,
}

var theAddress = object{
	"streetAddress": words,
	"locality":      words,
	"region":        words,
	"postalCode":    words,
	"countryName":   translated,
}

var theContactPoint = object{
	"name":      translated,
	"email":     words,
	"telephone": words,
	"faxNumber": words,
	"url":       address,
}

var theItem = object{
	"id":                        name,
	"description":               translated,
	"classification":            {is: isObject, of: theClassification},
	"additionalClassifications": {is: isList, of: theClassification, marks: unique | whole},
	"quantity":                  {is: isNumber | isNull},
	"unit":                      {is: isObject, of: theUnit},
}

var theUnit = object{
	"scheme": {is: isText | isNull, known: unitClassificationScheme},
	"id":     words,
	"name":   translated,
	"value":  {is: isObject, of: theValue},
	"uri":    address,
}

var theClassification = object{
	"scheme":      {is: isText | isNull, known: itemClassificationScheme},
	"id":          {is: isText | isWhole | isNull},
	"description": translated,
	"uri":         address,
}

var theValue = object{
	"amount":   {is: isNumber | isNull},
	"currency": {is: isText | isNull, codes: currency},
}

var thePeriod = object{
	"startDate":      date,
	"endDate":        date,
	"maxExtentDate":  date,
	"durationInDays": {is: isWhole | isNull},
}

var theMilestone = object{
	"id":           name,
	"title":        translated,
	"type":         {is: isText | isNull, known: milestoneType},
	"description":  translated,
	"code":         words,
	"dueDate":      date,
	"dateMet":      date,
	"dateModified": date,
	"status":       {is: isText | isNull, codes: milestoneStatus},
	"documents":    {is: isList, of: theDocument, marks: unique | old},
}

var theDocument = object{
	"id":            name,
	"documentType":  {is: isText | isNull, known: documentType},
	"title":         translated,
	"description":   translated,
	"url":           address,
	"datePublished": date,
	"dateModified":  date,
	"format":        words,
	"language":      words,
}

var theAmendment = object{
	"date":            date,
	"rationale":       translated,
	"id":              words,
	"description":     words,
	"amendsReleaseID": words,
	"releaseID":       words,
	"changes":         {is: isList, of: theChange, marks: old},
}

var theChange = object{
	"property":     {is: isText},
	"former_value": {is: isText | isNumber | isWhole | isList | isObject | isNull},
}

var theRelatedProcess = object{
	"id":           {is: isText},
	"relationship": {is: isList | isNull, known: relatedProcess},
	"title":        words,
	"scheme":       {is: isText | isNull, known: relatedProcessScheme},
	"identifier":   words,
	"uri":          address,
}

// Packages and records, from release-package-schema.json and record-package-schema.json.
// The releases in them are looked at by themselves, as there are two kinds in a record.

var theReleasePackage = object{
	"uri":               {is: isText, form: asAddress, marks: required},
	"version":           {is: isText, form: asVersion, marks: required},
	"extensions":        {is: isList, form: asAddress},
	"publishedDate":     {is: isText, form: asDate, marks: required},
	"publisher":         {is: isObject, of: thePublisher, marks: required},
	"license":           address,
	"publicationPolicy": address,
	"releases":          {is: isList, of: theRelease, marks: required | filled | unique},
}

var theRecordPackage = object{
	"uri":               {is: isText, form: asAddress, marks: required},
	"version":           {is: isText, form: asVersion, marks: required},
	"extensions":        {is: isList, form: asAddress},
	"publishedDate":     {is: isText, form: asDate, marks: required},
	"publisher":         {is: isObject, of: thePublisher, marks: required},
	"license":           address,
	"publicationPolicy": address,
	"packages":          {is: isList, form: asAddress, marks: filled | unique},
	"records":           {is: isList, of: theRecord, marks: required | filled | unique},
}

var thePublisher = object{
	"name":   {is: isText, marks: required},
	"scheme": words,
	"uid":    words,
	"uri":    address,
}

var theRecord = object{
	"ocid":             {is: isText, marks: required},
	"releases":         {is: isList, of: theRelease, marks: required | filled},
	"compiledRelease":  {is: isObject, of: theRelease},
	"versionedRelease": {is: isObject},
}

var theLink = object{
	"url":  {is: isText | isNull, form: asAddress, marks: required},
	"date": {is: isText, form: asDate, marks: required},
	"tag":  {is: isList, codes: releaseTag, marks: filled},
}
