// Package assets holds the files a browser fetches beside the pages: the style
// sheet, the script and the icon. They are embedded, so the program needs no
// folder of its own.
//
// An asset's address holds a hash of its content, so it may be kept for ever by
// browsers. Pages and texts do not belong here, and the package knows nothing of
// the rest of the house.
package assets
