package planpage

import (
	"crypto/subtle"
	"embed"
	"net/http"
	"strings"
	"sync"

	"github.com/albumwright/albumwright/internal/look"
	"github.com/albumwright/albumwright/internal/thumbs"
)

//go:embed static templates
var assets embed.FS

// page is the handler.
type page struct {
	cfg   Config
	host  string // where it is served, as address:port
	token string
	base  string // what all addresses begin with: /token/
	mux   *http.ServeMux

	turn   chan struct{} // held by who plans, or looks for the plan
	last   *foreseen     // owned by who has the turn
	files  files
	thumbs *thumbs.Maker

	once   sync.Once
	chosen []byte // set before done is closed
	done   chan struct{}
}

func newPage(cfg Config, host, token string) *page {
	p := &page{
		cfg: cfg, host: host, token: token, base: "/" + token + "/", mux: http.NewServeMux(), turn: make(chan struct{}, 1),
		files: newFiles(), thumbs: thumbs.New(), done: make(chan struct{}),
	}
	p.mux.HandleFunc("GET /{$}", p.show)
	p.mux.HandleFunc("GET /plan.yaml", p.yaml)
	p.mux.HandleFunc("GET /thumbs/{file}", p.thumb)
	p.mux.HandleFunc("POST /done", p.finish)
	p.mux.Handle("GET "+look.StyleSheet, look.Handler())
	p.mux.Handle("GET "+look.Icon, look.Handler())
	p.mux.HandleFunc("GET /static/planpage.css", static)
	p.mux.HandleFunc("GET /static/planpage.js", static)
	return p
}

// ServeHTTP lets in only who knows the secret and asks this machine by its own name: a page from elsewhere whose name was made to lead here does
// not. Nothing of the answer is kept by a browser or told to another site.
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	look.Guard(w.Header())
	secret, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if r.Host != p.host || subtle.ConstantTimeCompare([]byte(secret), []byte(p.token)) != 1 {
		http.Error(w, "This page is for the one who started it: open the address that the command printed.", http.StatusForbidden)
		return
	}
	inner := r.Clone(r.Context())
	inner.URL.Path, inner.URL.RawPath = "/"+rest, ""
	p.mux.ServeHTTP(w, inner)
}

func static(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, assets, strings.TrimPrefix(r.URL.Path, "/"))
}

// finish ends the page with the plan of the settings that were on it.
func (p *page) finish(w http.ResponseWriter, r *http.Request) {
	set, err := p.settings(r.FormValue)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f, err := p.foresee(r.Context(), set)
	if err != nil {
		http.Error(w, "the plan could not be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	p.write(w, http.StatusOK, "done", f.summary())
	p.once.Do(func() {
		p.chosen = f.yaml
		close(p.done)
	})
}
