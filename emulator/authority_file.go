package emulator

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/albumwright/albumwright/internal/replace"
)

// authorityFile holds certificate and key, in [Config].Dir.
const authorityFile = "authority.pem"

// openAuthority takes up the authority of a folder, or makes it. Without a folder
// it is a new one.
func openAuthority(dir string) (*authority, error) {
	if dir == "" {
		return newAuthority()
	}
	path := filepath.Join(dir, authorityFile)
	raw, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return makeAuthority(path)
	case err != nil:
		return nil, fmt.Errorf("emulator: %w", err)
	}
	a, err := readAuthority(raw)
	if err != nil {
		return nil, fmt.Errorf("emulator: %s: %w; remove it, and a new authority is made, which clients have to be told of", path, err)
	}
	return a, nil
}

// makeAuthority makes one, and its file before anybody hears of it.
func makeAuthority(path string) (*authority, error) {
	a, err := newAuthority()
	if err != nil {
		return nil, err
	}
	key, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return nil, err
	}
	raw := append(a.certificatePEM(), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	if err := replace.File(path, 0o600, raw); err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	return a, nil
}

func readAuthority(raw []byte) (*authority, error) {
	certBlock, rest := pem.Decode(raw)
	keyBlock, _ := pem.Decode(rest)
	if certBlock == nil || keyBlock == nil {
		return nil, errors.New("damaged: a certificate and a key are expected")
	}
	cert, err := x509.ParseCertificate(certBlock.Bytes)
	if err != nil {
		return nil, fmt.Errorf("damaged: %w", err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(keyBlock.Bytes)
	if err != nil {
		return nil, errors.New("damaged: its key cannot be read") // and what is in it is told nobody
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	switch {
	case !ok || !key.PublicKey.Equal(cert.PublicKey):
		return nil, errors.New("damaged: its key is of another certificate")
	case !cert.IsCA:
		return nil, errors.New("damaged: its certificate is none of an authority")
	case time.Now().Add(leafLife).After(cert.NotAfter):
		return nil, fmt.Errorf("its certificate ends on %s", cert.NotAfter.Format(time.DateOnly))
	}
	return authorityOf(cert, key)
}
