// Package views turns page structs into HTML.
//
// A page struct holds exactly what its template shows, decided already: kernel
// values (money, dates, texts), strings and the parts of parts.go, never a
// domain's struct. The template of ArticlePage is html/article.html; it is the
// inside of the page's main element, its own h1 included.
//
// To add a page: write its struct, which embeds [Shell], beside its kin; give it
// a template method; write html/<name>.html; add it to [Pages] and an example of
// it to the tests, which then draw it in every language.
//
// What stands around the main part, the frame, is html/layout.html. It is
// executed once for each shape it can have, never for a request; see frame.go.
//
// Letters are no pages: [Views.Mail] makes both of their forms from one struct.
//
// The package knows nothing of the database and nothing of requests. Only
// markdown.go makes HTML out of text; only write.go escapes by hand. Figures are drawn
// by views/chart.
package views
