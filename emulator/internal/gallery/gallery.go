// Package gallery is the emulator's web page: albums with their items in order,
// a timeline, the facts of each item, what the client asked for, and what is used
// up of the quotas.
//
// Call [New] with the [Host] to show. Pages are rendered on the server, work
// without script and load nothing from elsewhere; with script they follow what
// happens, told by [Gallery.Changed]. They ask for no token: the caller decides
// who may reach them. What a page changes, it changes by a form that only a page
// of this server can have made, and only from this machine; the caller refuses
// what comes from pages of other origins.
//
// Thumbnails are made from the bytes on request. What cannot be decoded, or
// would cost too much, is shown as a tile with the type's name.
package gallery

import (
	"embed"
	"html/template"
	"net/http"

	"github.com/albumwright/albumwright/internal/look"
	"github.com/albumwright/albumwright/internal/render"
)

//go:embed templates static
var files embed.FS

// Gallery is the handler; its thumbnails are remembered by their maker.
type Gallery struct {
	formToken string // of every form; never changes

	host     Host
	mux      *http.ServeMux
	pages    map[string]*template.Template
	pictures *render.Maker
	hub      hub
}

// New makes a gallery of what host has, with thumbnails by pictures.
func New(host Host, pictures *render.Maker) *Gallery {
	g := &Gallery{formToken: newFormToken(), host: host, mux: http.NewServeMux(), pages: parsePages(), pictures: pictures}
	for pattern, show := range map[string]func(http.ResponseWriter, *http.Request, visit){
		"GET /{$}":                   g.home,
		"GET /library":               g.timeline,
		"GET /items/{item}":          g.libraryItem,
		"GET /albums/{album}":        g.album,
		"GET /albums/{album}/{item}": g.albumItem,
		"GET /trash":                 g.trash,
		"GET /trash/{item}":          g.trashedItem,
		"GET /requests":              g.requests,
		"GET /service":               g.service,
		"GET /thumbs/{item}":         g.thumb,
		"GET /previews/{item}":       g.preview,
		"GET /media/{item}":          g.media,
		"GET /events":                g.events,
		"GET /":                      g.missing,

		"POST /items/{item}":          g.form(g.mark),
		"POST /albums/{album}/{item}": g.form(g.mark),
		"POST /trash/{item}":          g.form(g.mark),
		"POST /service":               g.form(g.setClock),
	} {
		g.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { show(w, r, g.visit(r)) })
	}
	g.mux.HandleFunc("GET /user", g.switchUser)
	g.mux.Handle("GET "+look.StyleSheet, look.Handler())
	g.mux.Handle("GET "+look.Icon, look.Handler())
	g.mux.Handle("GET "+look.Morph, look.Handler())
	g.mux.HandleFunc("GET /static/{file}", static)
	return g
}

// ServeHTTP answers with what a page needs and nothing else allowed.
func (g *Gallery) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	look.Guard(w.Header())
	g.mux.ServeHTTP(w, r)
}

// static lets a browser keep the style sheet and the script for a while.
func static(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "max-age=600")
	http.ServeFileFS(w, r, files, "static/"+r.PathValue("file"))
}
