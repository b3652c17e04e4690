package dashboard

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/albumwright/albumwright/internal/look"
)

// ServeHTTP lets in who may be let in. Nothing of the answer is kept by a browser or told to another site.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	look.Guard(w.Header())
	if !p.knows(r.Host) {
		http.Error(w, "This page does not answer to that name. Open the address that the watch printed when it was started.", http.StatusForbidden)
		return
	}
	path, ok := p.below(r.URL.Path)
	if !ok {
		http.Error(w, "This page is for those who know its address: open the one that the watch printed when it was started.", http.StatusForbidden)
		return
	}
	inner := r.Clone(r.Context())
	inner.URL.Path, inner.URL.RawPath = path, ""
	p.mux.ServeHTTP(w, inner)
}

// knows tells whether a request was made for this machine. A page from elsewhere can give its own name this machine's address, so that browsers take
// both for one place; it cannot make them send another Host, and has no name that is a number.
func (p *Page) knows(host string) bool {
	name := strings.ToLower(host)
	if h, _, err := net.SplitHostPort(name); err == nil {
		name = h
	}
	if name == "localhost" {
		return true
	}
	if ip, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return p.cfg.Secret != "" || ip.IsLoopback()
	}
	for _, own := range p.cfg.Names {
		if own = strings.ToLower(own); p.cfg.Secret != "" && own != "" && (name == own || strings.HasPrefix(name, own+".")) {
			return true
		}
	}
	return false
}

// below is the path behind the secret, if that is there.
func (p *Page) below(path string) (string, bool) {
	if p.cfg.Secret == "" || path == "/healthz" {
		return path, true
	}
	secret, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return "/" + rest, subtle.ConstantTimeCompare([]byte(secret), []byte(p.cfg.Secret)) == 1
}
