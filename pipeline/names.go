package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/albumwright/albumwright/internal/captions"
	"github.com/albumwright/albumwright/internal/media"
	"github.com/albumwright/albumwright/watcher"
)

// ledgerName names the ledger of an endpoint, client and account so that a person recognises it and no two of them share one.
func ledgerName(endpoint, client, account string) string {
	host := endpoint
	if u, err := url.Parse(endpoint); err == nil && u.Host != "" {
		host = u.Host
	}
	sum := sha256.Sum256([]byte(endpoint + "\x00" + client + "\x00" + account))
	readable := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '_'
	}, account+"-at-"+host)
	if len(readable) > 100 {
		readable = readable[:100]
	}
	return filepath.Join("ledgers", readable+"-"+hex.EncodeToString(sum[:4])+".db")
}

// Accept judges a file's name by the table of types that the service takes, for a walk that looks at what an import would take.
func Accept(name string) watcher.Reason {
	if _, ok := media.ByName(name); ok {
		return ""
	}
	if media.Sidecar(name) || captions.Is(name) {
		return watcher.SkipSidecar
	}
	return watcher.SkipUnsupported
}
