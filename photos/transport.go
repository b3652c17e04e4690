package photos

import (
	"crypto/tls"
	"net/http"
	"time"
)

// NewTransport makes the transport of the JSON calls: HTTP/2 where the service offers it, proxies from the environment.
// The calls have a connection of their own, so that none of them waits behind bytes.
func NewTransport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	return t
}

// NewUploadTransport makes the transport of the bytes, for about conns uploads at a time (0 = 8). It speaks HTTP/1.1 only: over
// HTTP/2 all uploads share one connection, whose window divided by the round-trip time caps them together.
func NewUploadTransport(conns int) *http.Transport {
	if conns <= 0 {
		conns = 8
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	t.ForceAttemptHTTP2 = false
	t.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	// A clone offers HTTP/2 to the server all the same, if the original has: the server would speak it, and nobody here would understand.
	if t.TLSClientConfig == nil {
		t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	t.TLSClientConfig.NextProtos = []string{"http/1.1"}
	t.MaxIdleConns = 0
	t.MaxIdleConnsPerHost = conns
	t.WriteBufferSize = 64 << 10
	t.ResponseHeaderTimeout = 5 * time.Minute // counted from the last byte sent; a large video takes the service a while
	return t
}
