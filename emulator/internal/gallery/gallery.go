// Package gallery is the emulator's web page: albums with their items in
// order, thumbnails, the facts of each item, and what the client asked for.
//
// Call [New] with the [Library] to show. Pages are rendered on the server,
// work without script and load nothing from elsewhere. They ask for no token:
// the caller decides who may reach them. On an item's page the user marks it,
// by a form that only a page of this server can have made, and only from this
// machine; the caller refuses what comes from pages of other origins.
//
// Thumbnails are made from the bytes on request. What cannot be decoded, or
// would cost too much, is shown as a tile with the type's name.
package gallery

import (
	"embed"
	"html/template"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/render"
)

// Library is what the gallery shows. Each method returns a copy that the
// gallery may keep; all may be called at once.
type Library interface {
	// Albums are all albums in order of creation.
	Albums() []Album
	// Items are all items but those in the trash, newest first.
	Items() []Item
	// Trash are the items that the user threw away, newest first.
	Trash() []Item
	// Item is the item with this id, if there is one.
	Item(id string) (Item, bool)
	// Mark sets what the user says about an item.
	Mark(id string, marks Marks) error
	// Categories are all that an item can have.
	Categories() []string
	// Open opens an item's bytes. The caller closes them.
	Open(id string) (io.ReadSeekCloser, error)
	// Calls is the number of API requests by operation.
	Calls() map[string]int
	// Meters are the quotas and what is used up of them.
	Meters() []Meter
	// Violations are the client's breaches of rules, oldest first.
	Violations() []Violation
}

// Album is an album with its items in order.
type Album struct {
	ID, Title string
	Items     []string // item ids
}

// Item is one photo or video.
type Item struct {
	ID            string
	Name          string // the file's
	Description   string
	TypeName      string // for people: "JPEG"
	MIMEType      string
	Video         bool
	Size          int64 // bytes
	Width, Height int   // pixels as stored; 0 = unknown
	Orientation   int   // EXIF 1..8; 0 = not stated
	Created       time.Time
	FromFile      bool // Created is the file's own capture time
	SHA256        string
	ProductURL    string
	Marks         Marks
}

// Meter is a quota, for the page of requests.
type Meter struct {
	Name        string
	Used, Limit int       // Limit 0 = none
	Reset       time.Time // when Used is 0 again
}

// Violation is one breach of a rule of the service.
type Violation struct {
	Time         time.Time
	Rule, Detail string
}

//go:embed templates static
var files embed.FS

// Gallery is the handler; its thumbnails are remembered by their maker.
type Gallery struct {
	formToken string // of every form; never changes

	lib      Library
	mux      *http.ServeMux
	pages    map[string]*template.Template
	pictures *render.Maker
}

// New makes a gallery over lib, with thumbnails by pictures.
func New(lib Library, pictures *render.Maker) *Gallery {
	g := &Gallery{formToken: newFormToken(), lib: lib, mux: http.NewServeMux(), pages: parsePages(), pictures: pictures}
	g.mux.HandleFunc("GET /{$}", g.home)
	g.mux.HandleFunc("GET /library", g.library)
	g.mux.HandleFunc("GET /items/{item}", g.libraryItem)
	g.mux.HandleFunc("GET /albums/{album}", g.album)
	g.mux.HandleFunc("GET /albums/{album}/{item}", g.albumItem)
	g.mux.HandleFunc("GET /trash", g.trash)
	g.mux.HandleFunc("GET /trash/{item}", g.trashedItem)
	for _, page := range []string{"/items/{item}", "/albums/{album}/{item}", "/trash/{item}"} {
		g.mux.HandleFunc("POST "+page, g.mark)
	}
	g.mux.HandleFunc("GET /requests", g.requests)
	g.mux.HandleFunc("GET /thumbs/{item}", g.thumb)
	g.mux.HandleFunc("GET /previews/{item}", g.preview)
	g.mux.HandleFunc("GET /media/{item}", g.media)
	g.mux.Handle("GET /static/", cached(http.FileServerFS(files)))
	g.mux.HandleFunc("GET /", g.missing)
	return g
}

// ServeHTTP answers with what a page needs and nothing else allowed: no
// foreign script, frame, style or image can enter it.
func (g *Gallery) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; "+
		"script-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	g.mux.ServeHTTP(w, r)
}

// cached lets a browser keep the style sheet for a while. Listings of folders
// are refused.
func cached(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/") {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "max-age=600")
		h.ServeHTTP(w, r)
	})
}
