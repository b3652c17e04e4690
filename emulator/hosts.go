package emulator

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// reached is the address at which a request that came through a socket arrived.
func reached(r *http.Request) (net.Addr, bool) {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return local, ok
}

// hostIsLocal keeps web pages out. A page in the user's browser may point its
// own host name at 127.0.0.1 (DNS rebinding) and then read what this server
// holds; such a request carries that name. A request that came through a
// socket must name a loopback address, "localhost", or the very address that
// it reached. Requests without a socket have no browser behind them.
func hostIsLocal(r *http.Request) bool {
	local, ok := reached(r)
	if !ok {
		return true
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.EqualFold(host, "localhost") {
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
