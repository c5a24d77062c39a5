// Package market tells vendors what becomes of their offerings: how often buyers meet
// them, what is searched for and not found, and what they lack for selling elsewhere.
//
// A [Counter] gathers in memory what visitors do and writes sums a day, no more: who
// they are is not known here, and of what they typed only those words are kept which
// several of them typed on several days, and which are not about anybody.
//
// It owns the tables market_days, search_misses and search_miss_days. What offerings say
// does not live here but in the catalogue, and what is on its way to buyers in
// publishing.
package market
