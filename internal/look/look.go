// Package look is what the pages of the house have in common: colours, type, buttons and fields in one style sheet, in light and dark, the icon, and the
// script by which a page follows what happens. Link [StyleSheet], [Icon] and [Morph] in a page, and let [Handler] answer their addresses.
package look

import (
	"embed"
	"net/http"
	"path"
	"slices"
)

// The addresses of the files.
const (
	StyleSheet = "/static/look.css"
	Icon       = "/static/icon.svg"
	Morph      = "/static/morph.js" // the function morph, which makes one element like another
)

// Policy is the Content-Security-Policy of a page that uses this look and nothing
// from elsewhere: no foreign script, frame, style or image can enter it.
const Policy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; script-src 'self'; " +
	"connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// Guard sets the headers of an answer that keep a page to itself: it may use what [Policy] allows, no browser keeps it, no other site is told of it or may
// use what it shows.
func Guard(h http.Header) {
	h.Set("Content-Security-Policy", Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

//go:embed look.css icon.svg morph.js
var files embed.FS

// Handler answers the addresses.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := path.Clean(r.URL.Path)
		if !slices.Contains([]string{StyleSheet, Icon, Morph}, at) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "max-age=600")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.ServeFileFS(w, r, files, path.Base(at))
	})
}

// Sheet is the style sheet itself, for a page that has to stand alone.
func Sheet() string {
	css, _ := files.ReadFile("look.css") // embedded: it is there
	return string(css)
}
