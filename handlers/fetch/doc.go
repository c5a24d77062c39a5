// Package fetch asks for web addresses that strangers have given: feeds of vendors,
// files to import, links of listings, catalogues of others, and whoever wants to be
// told of changes.
//
// Such an address may lead anywhere, and this program stands where strangers do not.
// So a [Fetcher] looks at the address that is dialled, after its name was resolved, at
// every connection that it makes: only networks of everybody are reached ([Public]), at
// the ports of the web. However an address is spelled, whatever its name resolves to the
// second time, and wherever an answer sends on to, it comes down to that. Besides, an
// answer has to come in time and within a size ([Limits]), is unpacked no further than
// that, and nothing is told about us but our name: no cookies, no credentials, no page
// that the address was found in. Proxies of the environment are not used, because they
// would dial in its stead.
//
// What goes wrong is an [Error] of a [Kind] that a page has words for. A [Checker] only
// finds out whether links lead anywhere.
//
// Addresses that the operator has set, such as providers of identities, are not for
// this room; nor does it know what is in an answer.
package fetch
