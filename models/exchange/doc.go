// Package exchange brings files in and out: it reads what others say of services
// and organisations, puts it into the database as one import that can be undone,
// and writes everything out again.
//
// It owns the tables imports and import_changes. What a listing is and what may be
// said in it is not decided here, but in models/catalogue and models/identity,
// which make every change. Nothing here visits an address: readers get a stream, or
// a folder, and addresses in files are only kept.
//
// # Every file
//
// Files are UTF-8; a byte order mark is stepped over. UTF-16, workbooks and
// compressed files are refused with advice. A record is at most 4 MB long, so that
// a file of any size takes little memory. Whatever is wrong or worth knowing is a
// [Problem]: the file, the line or record, the field, what it is, and what to do.
// A problem with the effect stopped or refused keeps the whole file from being
// imported; skipped leaves out a record, partial a field, and noted nothing.
// Nothing is left out silently: a [Count] for each kind of thing tells how much was
// read, kept and left out.
//
// # JSON Lines
//
// Our own format: a line is one record, {"organisation":{…}} or {"listing":{…}},
// with the fields of [identity.Organisation] or [catalogue.Listing]. Empty lines are
// stepped over. Reading is strict: names are exact and known, none comes twice in an
// object, every value is of its kind, a list has no null in it, a text no NUL. What
// is wrong is named with its path, "listing.versions[0].words.et.name". An
// organisation needs key, kind and names; a listing key, vendor and at least one
// version with language and words. A key stands in a file once for organisations
// and once for listings. Organisations come before what refers to them. What this
// package writes it reads back without any difference.
//
// A version may have documents, a list of {"code", "titles": {language: …}, "kind",
// "url", "language", "issued", "valid_until", "proof", "answers": [question, …],
// "text"}; see [catalogue.Paper].
//
// # Tables
//
// The same records as CSV, one a row, for people with spreadsheets. The first row
// names the columns, in any order; "key" must be among them, unknown names and
// names that come twice stop the reading. Cells stand between commas, semicolons or
// tabs, whichever the heading has most of, or as a first line "sep=;" says; quoted
// cells may hold line ends. Lines end with LF, CR LF or CR; empty ones are stepped
// over. A cell that begins with = + - @ or a tab is written with an apostrophe
// before it, lest a spreadsheet take it for a formula; reading removes it. Problems
// name the line of the file and the column.
//
//	record          "organisation" or "listing"; listing when empty or missing
//	key, slug, name.<language>, website, invented
//	                of both kinds
//	kind, parent, country, about.<language>, size, size_unit, size_class,
//	xroad_member, markets
//	                of an organisation
//	vendor, life, life_since, reason.<language>, successor, unclaimed, uses
//	                of a listing
//	language, summary.<language>, description.<language>, categories, cpv, contact,
//	sources, documents, plans, demo_price, extra, state, published, checked,
//	note.<language> of the newest version of a listing
//	a.<question>    the answer to a question, in the newest version
//	history         the older versions
//	json            the whole record, when the other columns have no place for it;
//	                then only record and key may be filled beside it
//
// Lists are written with semicolons, "maps; forms", or as JSON when an entry holds
// one; flags as yes or nothing; days as 2026-03-05. The columns plans, uses,
// sources, documents, history and extra hold JSON as in JSON Lines. An answer is
// written as people write it, "yes", "EE; FI", "99.9", "unknown", when it is the
// vendor's word and nothing more; what people type is put into its canonical form,
// so "jah" and "99,9 %" are read too. An answer that says more is JSON:
// {"values":["yes"], "by":"assessor","proof":"document","source":"…","since":"…"},
// with words instead of values where the question is answered in words. An empty
// cell is no answer. From JSON Lines to a table and back nothing is lost.
//
// # FedRAMP
//
// The daily file of the FedRAMP marketplace, JSON with the tables Products,
// Agencies, AtoMapping and ReuseMapping in "data" and its day in meta.last_change.
//
// Agencies become organisations "fedramp-agency:<id>" of the country US, linked to
// the one above them by the first part of the id, or by name; one that is only named
// by those under it is made. A body named "Department of …", or with others under
// it, counts as a ministry, any other as an agency. The makers of products become
// vendors "fedramp-csp:<name>"; spellings that differ in case, punctuation, spaces
// or legal form are one vendor, and told.
//
// Products become unclaimed listings "fedramp:<id>" in English: the name and first
// sentences, the description as Markdown, categories by business function, and
// answers on service and deployment model, status, impact level, path, day of the
// authorisation, assessor and small business. They are public facts with the
// marketplace as source. Status, level, path and day of an authorised product count
// as proved by a document, because the programme has seen the authorisation letter
// and the assessed package before it says so; everything else as stated. Whatever
// no question takes is kept with the other facts of the listing (extra), but for
// members without content, the security e-mail address, which may be a person's, and
// what the marketplace only works out from its mappings: authorization, reuse,
// agency_authorizations, agency_reuse and filter_classes. Of the systems built on a
// product the ids are kept.
//
// Records of AtoMapping and ReuseMapping become uses since ato_date until exp_date,
// ended when that is before the day of the file. Several of one agency and product
// are told apart as parts, by their day. A product under an agency's review is a
// planned use of it, and one in process that no agency reviews, of the agency it
// names. Ids lose the spaces around them; an agency that is not known by id is found
// by its names, or made of them; a use of a product that is not in the file is left
// out. Dates that are no clear day are unknown. Not read at all are the assessors,
// whose records hold people, the e-mail addresses of agencies, and the days on which
// the marketplace took note of a reuse; they are counted.
//
// # publiccode.yml
//
// One file, or all of that name in and under a folder, of the standard's versions 0
// to 0.7. The software becomes an unclaimed listing "publiccode:<address of the
// source code>" with the texts of each language, answers on features, open source,
// licence, source code, development status, last release, maintenance, languages
// and interface, and uses by the organisations of usedBy, known by name only
// ("publiccode-user:<name>"). Its vendor is the organisation, owner of the
// repository or of the copyright, or the owner in the address
// ("publiccode-org:<name>"). Categories that have one of ours are taken. The rest is
// kept with the other facts, without the people who maintain it. A file is at most
// 1 MB, without merged members, and may not grow by aliases. In a folder a file that
// cannot be read is left out; one that was asked for by name is refused.
//
// # CPV
//
// The Common Procurement Vocabulary as a JSON list of {code, version, type, name},
// types 1 supplies, 2 works, 3 services, and optionally a YAML file of the English
// names with the Estonian ones. Version 2, of 2008, is taken; codes of version 1 are
// counted. The parent of a code is the nearest one with fewer digits before the
// zeros, which may skip levels.
package exchange
