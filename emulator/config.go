package emulator

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Config says how the service behaves. The zero value is the service as the
// contract's defaults describe it, in memory, with a random access token.
type Config struct {
	// AccessToken is the one bearer token that is accepted. Empty: a random
	// one is made; see [Server.AccessToken].
	AccessToken string

	// Dir is a folder in which everything is kept: media bytes, and a journal of
	// all that happened. It is made if it is not there, and a later server with
	// the same Dir goes on where this one was closed, or killed. Only one server
	// at a time can have it. Empty: everything is in memory, which is right for
	// tests and wrong for videos.
	Dir string

	// Latency is added to each API request, before it does anything. The
	// gallery is not slowed down.
	Latency time.Duration

	// PartialStatus is the HTTP status of a batchCreate of which some or all
	// items failed, 200..299. 0: 200. The service's guide says 207, its
	// replies say 200 (contract 4; 12 #1).
	PartialStatus int

	// AlbumLimit is the number of media items an album can hold. 0: 20,000
	// (contract 4).
	AlbumLimit int

	// TokenLife is how long an upload token is good for. 0: 24 hours
	// (contract 0 #7; 12 #16).
	TokenLife time.Duration

	// Chaos disturbs requests by chance, the same ones each time. The zero value
	// disturbs none. For single faults see [Server.Plan].
	Chaos Chaos
}

// Limits that no client can ask to be different.
const (
	maxBatch          = 50      // entries in a batchCreate, ids in a batchGet: contract 4, 5
	maxDescription    = 1000    // code points: contract 12 #6
	maxFileName       = 255     // code points: contract 12 #7
	maxTitle          = 500     // code points: contract 5, albums.create
	maxRequestBody    = 8 << 20 // bytes of JSON; a full batch with the longest texts is below 1 MB
	albumsPageDefault = 20      // contract 5, albums.list
	albumsPageMax     = 50
	itemsPageDefault  = 25 // contract 5, mediaItems.list and search
	itemsPageMax      = 100
)

// videoProcessing is how long a new video says PROCESSING (contract 7; the
// length is a choice).
const videoProcessing = 10 * time.Second

// withDefaults fills what was left out.
func (c Config) withDefaults() Config {
	if c.AccessToken == "" {
		c.AccessToken = "ya29." + randomText(96) // the form of the service's own tokens
	}
	if c.PartialStatus == 0 {
		c.PartialStatus = http.StatusOK
	}
	if c.AlbumLimit == 0 {
		c.AlbumLimit = 20_000
	}
	if c.TokenLife == 0 {
		c.TokenLife = 24 * time.Hour
	}
	c.Chaos = c.Chaos.withDefaults()
	return c
}

// valid names the first field that makes no sense.
func (c Config) valid() error {
	switch {
	case c.Latency < 0:
		return errors.New("emulator: Config.Latency is negative")
	case c.PartialStatus < 200 || c.PartialStatus > 299:
		return fmt.Errorf("emulator: Config.PartialStatus is %d, want 200 to 299", c.PartialStatus)
	case c.AlbumLimit < 0:
		return errors.New("emulator: Config.AlbumLimit is negative")
	case c.TokenLife < 0:
		return errors.New("emulator: Config.TokenLife is negative")
	}
	return c.Chaos.valid()
}
