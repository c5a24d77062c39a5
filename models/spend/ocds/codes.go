package ocds

import "strings"

// Code lists of 1.1.5, from the folder codelists of its schema.

// Closed lists: no other code is allowed.
// noCurrency stands for a transaction without a currency.
const noCurrency = "XX" + "X"

var (
	releaseTag = strings.Fields(`
		planning planningUpdate tender tenderAmendment tenderUpdate tenderCancellation award awardUpdate
		awardCancellation contract contractUpdate contractAmendment implementation implementationUpdate
		contractTermination compiled`)
	initiationType      = []string{"tender"}
	tenderStatus        = []string{"planning", "planned", "active", "cancelled", "unsuccessful", "complete", "withdrawn"}
	method              = []string{"open", "selective", "limited", "direct"}
	procurementCategory = []string{"goods", "works", "services"}
	awardStatus         = []string{"pending", "active", "cancelled", "unsuccessful"}
	contractStatus      = []string{"pending", "active", "cancelled", "terminated"}
	milestoneStatus     = []string{"scheduled", "met", "notMet", "partiallyMet"}

	// currency is ISO 4217 with the codes that were withdrawn from it.
	currency = append(strings.Fields(`
		AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN
		BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD
		FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS
		KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
		MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
		SDG SEK SGD SHP SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN
		UYI UYU UYW UZS VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD XDR XOF XPD XPF XPT XSU XTS XUA
		YER ZAR ZMW ZWL ADP AFA ALK AOK AON AOR ARA ARP ARY ATS AYM AZM BAD BEC BEF BEL BGJ BGK BGL BOP BRB
		BRC BRE BRN BRR BUK BYB BYR CHC CSD CSJ CSK CYP DDM DEM ECS ECV EEK ESA ESB ESP FIM FRF GEK GHC GHP
		GNE GNS GQE GRD GWE GWP HRD IEP ILP ILR ISJ ITL LAJ LSM LTL LTT LUC LUF LUL LVL LVR MGF MLF MRO MTL
		MTP MVQ MXP MZE MZM NIC NLG PEH PEI PES PLZ PTE RHD ROK ROL RUR SDD SDP SIT SKK SRG STD SUR TJR TMM
		TPE TRL UAK UGS UGW USS UYN UYP VEB VEF VNC XEU XFO XFU XRE YDD YUD YUM YUN ZAL ZMK ZRN ZRZ ZWC ZWD
		ZWN ZWR`), noCurrency)
)

// Open lists: other codes are allowed, where none of these means the same.
var (
	partyRole = strings.Fields(`
		buyer procuringEntity supplier tenderer funder enquirer payer payee reviewBody interestedParty`)
	extendedProcurementCategory = []string{"goods", "works", "services", "consultingServices"}
	awardCriteria               = []string{"priceOnly", "costOnly", "qualityOnly", "ratedCriteria", "lowestCost", "bestProposal", "bestValueToGovernment", "singleBidOnly"}
	submissionMethod            = []string{"electronicSubmission", "electronicAuction", "written", "inPerson"}
	milestoneType               = []string{"preProcurement", "approval", "engagement", "assessment", "delivery", "reporting", "financing", "payment"}
	documentType                = strings.Fields(`
		plannedProcurementNotice tenderNotice awardNotice contractNotice completionCertificate
		procurementPlan biddingDocuments technicalSpecifications evaluationCriteria evaluationReports
		contractDraft contractSigned contractArrangements contractSchedule physicalProgressReport
		financialProgressReport finalAudit hearingNotice marketStudies eligibilityCriteria clarifications
		shortlistedFirms environmentalImpact assetAndLiabilityAssessment riskProvisions winningBid
		complaints contractAnnexe contractGuarantees subContract needsAssessment feasibilityStudy
		projectPlan billOfQuantity bidders conflictOfInterest debarments illustration submissionDocuments
		contractSummary cancellationDetails`)
	itemClassificationScheme = strings.Fields(`
		CPV CPVS GSIN UNSPSC CPC OKDP OKPD CUCOP NAICS PSC HS`)
	unitClassificationScheme = []string{"UNCEFACT", "QUDT"}
	relatedProcess           = []string{"framework", "planning", "parent", "prior", "unsuccessfulProcess", "subContract", "replacementProcess", "renewalProcess"}
	relatedProcessScheme     = []string{"ocid"}
)
