package emulator

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// reached is the address at which a request that came through a socket arrived.
func reached(r *http.Request) (net.Addr, bool) {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return local, ok
}

// originOf is the address of this server as the client of a request names it.
func originOf(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// hostIsOurs keeps web pages out. A page in the user's browser may point its
// own host name at 127.0.0.1 (DNS rebinding) and then read what this server
// holds; such a request carries that name. A request that came through a
// socket must name a loopback address, "localhost", one of Config.HostNames, or
// the very address that it reached. Requests without a socket have no browser
// behind them.
func (s *Server) hostIsOurs(r *http.Request) bool {
	local, ok := reached(r)
	if !ok {
		return true
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	isHost := func(name string) bool { return strings.EqualFold(host, name) }
	if isHost("localhost") || slices.ContainsFunc(s.config.HostNames, isHost) {
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
