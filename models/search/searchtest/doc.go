// Package searchtest makes up listings by the thousand, for tests and benchmarks of
// the search index: texts in Estonian, English and Russian sounds with endings and
// compounds, words as frequent as in real texts, answers to all questions, plans, and
// a few documents. The same number always makes the same listing.
//
// Only tests import it. Nothing in it is taken from a real text.
package searchtest
