package emulator

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// The service's own host names (contract 1, 8, 9). They are answered where TLS
// proves that a client means them, or there is no socket at all.
const (
	apiHost      = "photoslibrary.googleapis.com"
	mediaHost    = "lh3.googleusercontent.com"
	videoHost    = "video-downloads.googleusercontent.com"
	photosHost   = "photos.google.com"
	accountsHost = "accounts.google.com"
	tokenHost    = "oauth2.googleapis.com"
	wwwHost      = "www.googleapis.com"
	openIDHost   = "openidconnect.googleapis.com"
)

// serviceHost is the service's host name under which a request came, if it did.
func serviceHost(r *http.Request) (name string, ok bool) {
	switch name = strings.ToLower(hostOf(r)); name {
	case apiHost, mediaHost, videoHost, photosHost, accountsHost, tokenHost, wwwHost, openIDHost:
		return name, true
	}
	return "", false
}

// serveHost answers what one of the service's hosts answers, and nothing of the
// others.
func (s *Server) serveHost(w http.ResponseWriter, r *http.Request, host string) {
	switch {
	case host == apiHost && isBelow(r, "/v1"):
		s.serveAPI(w, r)
	case host == mediaHost && isBelow(r, baseURLPath) && strings.HasSuffix(r.URL.Path, "=dv"):
		// Videos come from a host of their own (contract 8).
		http.Redirect(w, r, "https://"+videoHost+r.URL.EscapedPath(), http.StatusFound)
	case (host == mediaHost || host == videoHost) && isBelow(r, baseURLPath):
		s.serveBaseURL(w, r)
	case (host == accountsHost || host == tokenHost || host == wwwHost || host == openIDHost) && isSignIn(r):
		s.serveSignIn(w, r)
	case host == photosHost:
		s.servePhotos(w, r)
	default:
		s.writeError(w, r, false, errFrontEnd(http.StatusNotFound, fmt.Sprintf("The requested URL %s was not found on this server.", r.URL.Path)))
	}
}

// servePhotos is the gallery, with the addresses of productUrl.
func (s *Server) servePhotos(w http.ResponseWriter, r *http.Request) {
	for product, page := range map[string]string{"/lr/photo/": "/items/", "/lr/album/": "/albums/"} {
		if id, ok := strings.CutPrefix(r.URL.EscapedPath(), product); ok {
			http.Redirect(w, r, page+id, http.StatusFound)
			return
		}
	}
	s.serveGallery(w, r)
}

// reached is the address at which a request that came through a socket arrived.
func reached(r *http.Request) (net.Addr, bool) {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return local, ok
}

// originOf is the address of this server as the client of a request names it.
func originOf(r *http.Request) string {
	if host, ok := serviceHost(r); ok {
		return "https://" + host
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// mediaOriginOf is the address at which that client finds base URLs (contract 8).
func mediaOriginOf(r *http.Request) string {
	if _, ok := serviceHost(r); ok {
		return "https://" + mediaHost
	}
	return originOf(r)
}

// hostOf is the host of a request without its port.
func hostOf(r *http.Request) string {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}

// hostIsOurs keeps web pages out. A page in the user's browser may point its
// own host name at 127.0.0.1 (DNS rebinding) and then read what this server
// holds; such a request carries that name. A request that came through a
// socket must name a loopback address, "localhost", one of Config.HostNames, or
// the very address that it reached. With TLS it may also name one of the
// service's hosts, which no page can point anywhere. Requests without a socket
// have no browser behind them.
func (s *Server) hostIsOurs(r *http.Request) bool {
	local, ok := reached(r)
	if !ok {
		return true
	}
	if _, ok := serviceHost(r); ok && r.TLS != nil {
		return true
	}
	host := hostOf(r)
	is := func(name string) bool { return strings.EqualFold(host, name) }
	if is("localhost") || slices.ContainsFunc(s.config.HostNames, is) {
		return true
	}
	named, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	if named.Unmap().IsLoopback() {
		return true
	}
	reached, err := netip.ParseAddrPort(local.String())
	return err == nil && named.Unmap() == reached.Addr().Unmap()
}

// refuseHost tells a client that it is not where it thinks.
func refuseHost(w http.ResponseWriter, r *http.Request) {
	if r.TLS != nil {
		http.Error(w, fmt.Sprintf("This is an emulator of Google Photos and not %q. Nothing is forwarded.", hostOf(r)), http.StatusMisdirectedRequest)
		return
	}
	http.Error(w, "this server answers on its own address only", http.StatusForbidden)
}

// isHost reports whether a text is an address, or has the form of a host name.
func isHost(text string) bool {
	if addr, err := netip.ParseAddr(text); err == nil {
		return addr.Zone() == ""
	}
	text = strings.TrimSuffix(text, ".")
	if len(text) > 253 {
		return false
	}
	for label := range strings.SplitSeq(text, ".") {
		odd := strings.ContainsFunc(label, func(c rune) bool {
			return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_'
		})
		if label == "" || len(label) > 63 || odd {
			return false
		}
	}
	return true
}
