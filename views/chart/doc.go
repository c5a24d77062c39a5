// Package chart draws figures as SVG: bars, stacked columns by month, lines and small
// lines for cells of tables.
//
// A [Chart] is plain values that are decided already, the same that the table beside it
// shows. Places across are in percent and places down in pixels, so that a figure fills
// what room there is and its words keep their size, on a phone too. Nothing is told by
// colour alone: series have patterns, marks have shapes, and both have their words.
//
// What lives here: where marks stand and what is written on them. What may not: queries,
// requests, and what a figure is about.
package chart
