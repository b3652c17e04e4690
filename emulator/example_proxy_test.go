package emulator_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/albumwright/albumwright/emulator"
)

// A client with the service's addresses in it is led to the emulator. Another
// program gets there with HTTPS_PROXY and SSL_CERT_FILE instead.
func ExampleServer_ServeProxy() {
	service, err := emulator.New(emulator.Config{})
	if err != nil {
		panic(err)
	}
	defer service.Close()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- service.ServeProxy(ctx, ln) }()

	cert, err := service.CACertificate()
	if err != nil {
		panic(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(cert)
	transport := &http.Transport{
		Proxy:           http.ProxyURL(&url.URL{Scheme: "http", Host: ln.Addr().String()}),
		TLSClientConfig: &tls.Config{RootCAs: trusted},
	}
	client := &http.Client{Transport: transport}
	for _, address := range []string{"https://photoslibrary.googleapis.com/v1/albums?access_token=" + service.AccessToken(), "https://example.com/"} {
		answer, err := client.Get(address)
		if err != nil {
			panic(err)
		}
		answer.Body.Close()
		fmt.Println(answer.Request.URL.Host, answer.Status)
	}
	transport.CloseIdleConnections()
	stop()
	fmt.Println(<-ended)

	// Output:
	// photoslibrary.googleapis.com 200 OK
	// example.com 421 Misdirected Request
	// <nil>
}
