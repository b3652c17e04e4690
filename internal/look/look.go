// Package look is what the pages of the emulator have in common: colours, type,
// buttons and fields in one style sheet, in light and dark, and the icon. Link
// [StyleSheet] and [Icon] in a page, and let [Handler] answer their addresses.
package look

import (
	"embed"
	"net/http"
	"path"
	"strings"
)

// The addresses of the files.
const (
	StyleSheet = "/static/look.css"
	Icon       = "/static/icon.svg"
)

// Policy is the Content-Security-Policy of a page that uses this look and nothing
// from elsewhere: no foreign script, frame, style or image can enter it.
const Policy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; script-src 'self'; " +
	"connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

//go:embed look.css icon.svg
var files embed.FS

// Handler answers the two addresses.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/static/")
		if name != "look.css" && name != "icon.svg" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "max-age=600")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.ServeFileFS(w, r, files, name)
	})
}
