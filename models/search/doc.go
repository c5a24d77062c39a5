// Package search finds offerings by words and filters in an index in memory, and
// counts for every filter what choosing it would leave.
//
// It owns the table search_documents: one row an offering that buyers can see,
// made from its published version ([Save]) and holding all that the index needs,
// so that an index is built from it without looking at anything else
// ([Index.Load]) and follows the catalogue ([Index.Follow]). It owns the synonyms
// as well: synonym_lists and synonym_words hold what administrators keep
// ([AddSynonyms]), synonym_revision tells indexes that it has changed.
//
// # How it is kept
//
// An [Index] is a list of segments of at most 16,384 documents. A segment never
// changes once it is made; a document that changes is put into a new segment and
// its bit in the old one is cleared in a copy. What readers see is one snapshot,
// exchanged in one step, so they never wait and never see half of a change. Small
// segments are merged from time to time.
//
// Words are indexed as they stand (folded: lower case, without diacritics), and
// the words of a query are widened when it is asked: the same stem, a near stem,
// parts of compounds, synonyms, typing errors, each worth less than the word
// itself. So the language of a text does not matter, and the rules can change
// without making the documents anew.
//
// What is found where counts in this order: the id, the name, the vendor, the main
// category, the summary, the features, the description, the answers and the titles of
// documents, and the texts of documents. Of documents only those are read that
// somebody has looked at, and of each the first 5,000 words, of all that an offering
// has the first 20,000: as they stand one after the other, and as the words they are.
// A text of a document never counts more than an answer, however often it says a
// word, and a result whose words stand in its documents alone says in which
// ([Hit.FoundIn]).
//
// Scores are whole numbers and ties are broken by a hash of the offering's id and
// the day, so that the same question has the same answer on every instance.
//
// What may not live here: pages, addresses, words in a person's language other
// than those that are searched.
package search
