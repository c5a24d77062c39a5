// Package handlers joins models to views: it is the only room that knows both.
//
// One file a resource. A handler asks the models, decides, and returns a page or
// an error; it writes nothing and logs nothing. Every address and who may use it
// stands in routes.go. What is HTTP itself lives in handlers/web.
package handlers
