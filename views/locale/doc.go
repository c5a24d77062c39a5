// Package locale turns message keys, money, numbers and dates into the words of
// a language, and reads the numbers people type.
//
// The words of a language live in one file, xx.json: flat, English keys. What a
// number needs in the plural has one key for each form of the language, ending
// in .one, .few, .many or .other. A new language is one such file, a line in
// languages.go and a column in countries.json; the tests list what is missing.
//
// Nothing here knows of pages, requests or the database.
package locale
