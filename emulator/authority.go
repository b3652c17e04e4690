package emulator

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	authorityLife = 10 * 365 * 24 * time.Hour
	leafLife      = 90 * 24 * time.Hour
	clockSkew     = 24 * time.Hour // by which a client's clock may be behind

	maxLeaves = 256 // certificates kept for the next connection
)

// CACertificate is the certificate of this server's own authority, as PEM: who
// trusts it can speak TLS with [Server.ServeTLS] and [Server.ServeProxy]. With a
// [Config].Dir the authority stays the same, its key in a file there that only
// its owner can read. Otherwise each server has another one, whose key is nowhere
// but in memory.
//
// An error is a damaged file of an earlier authority, or one that cannot be
// written.
func (s *Server) CACertificate() ([]byte, error) {
	a, err := s.authority()
	if err != nil {
		return nil, err
	}
	return a.certificatePEM(), nil
}

// authority is a certificate authority, which makes a certificate for any name
// while a client is asking for it.
type authority struct {
	cert    *x509.Certificate // never changes
	key     *ecdsa.PrivateKey // likewise
	leafKey *ecdsa.PrivateKey // of all the certificates that it makes; likewise

	mu     sync.Mutex
	leaves map[string]*tls.Certificate // by name, at most maxLeaves
}

func newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		// A name of its own: a client may trust several of these.
		SerialNumber: newSerial(), Subject: pkix.Name{CommonName: "albumwright emulator CA " + randomText(8)},
		NotBefore: now.Add(-clockSkew), NotAfter: now.Add(authorityLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return authorityOf(cert, key)
}

func authorityOf(cert *x509.Certificate, key *ecdsa.PrivateKey) (*authority, error) {
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return &authority{cert: cert, key: key, leafKey: leafKey, leaves: map[string]*tls.Certificate{}}, err
}

func newSerial() *big.Int {
	raw := make([]byte, 16)
	_, _ = rand.Read(raw) // never fails, says its documentation
	return new(big.Int).SetBytes(raw)
}

func (a *authority) certificatePEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// serverConfig is for listeners of any name.
func (a *authority) serverConfig() *tls.Config {
	return &tls.Config{GetCertificate: a.certificate}
}

// certificate is what a client expects that asks for a name. One that asks for
// none, as those do that go to an address, expects that of its tunnel or else the
// address that it reached.
func (a *authority) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := hello.ServerName
	if t, ok := hello.Conn.(*tunnel); ok && name == "" {
		name = t.host
	}
	if name == "" {
		name = addressOf(hello.Conn.LocalAddr())
	}
	name = strings.ToLower(name)
	if !isHost(name) {
		return nil, fmt.Errorf("emulator: no certificate for the server name %q", name)
	}
	return a.leaf(name)
}

// addressOf is a network address without its port.
func addressOf(addr net.Addr) string {
	if at, err := netip.ParseAddrPort(addr.String()); err == nil {
		return at.Addr().Unmap().WithZone("").String()
	}
	return "localhost"
}

// leaf is the certificate of a name, made on its first use.
func (a *authority) leaf(name string) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	if made := a.leaves[name]; made != nil && now.Before(made.Leaf.NotAfter.Add(-clockSkew)) {
		return made, nil
	}
	if len(a.leaves) >= maxLeaves {
		clear(a.leaves) // somebody tries names; who needs one gets it again
	}
	made, err := a.issue(name, now)
	if err == nil {
		a.leaves[name] = made
	}
	return made, err
}

func (a *authority) issue(name string, now time.Time) (*tls.Certificate, error) {
	template := &x509.Certificate{
		SerialNumber: newSerial(), Subject: pkix.Name{CommonName: "albumwright emulator"},
		NotBefore: now.Add(-clockSkew), NotAfter: now.Add(leafLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &a.leafKey.PublicKey, a.key)
	if err != nil {
		return nil, fmt.Errorf("emulator: a certificate for %q: %w", name, err)
	}
	leaf, err := x509.ParseCertificate(der)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.leafKey, Leaf: leaf}, err
}
