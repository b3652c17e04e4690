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
	// AccessToken is the bearer token of [Server.AccessToken], which has all the
	// scopes of the Era. Empty: a random one is made, which stays the same for a Dir.
	AccessToken string

	// ControlToken opens the control path: see [Server.ControlToken]. It cannot be
	// the access token. Empty: a random one is made.
	ControlToken string

	// Era is the time whose rules are kept: [Era2024] has the scopes and the
	// shared albums that were removed since. Zero: [EraToday].
	Era Era

	// Dir is a folder in which everything is kept: media bytes, and a journal of
	// all that happened. It is made if it is not there, and a later server with
	// the same Dir goes on where this one was closed, or killed. Only one server
	// at a time can have it. Empty: everything is in memory, which is right for
	// tests and wrong for videos.
	Dir string

	// KeepBytes bounds the media bytes that are kept of each user, not counting those
	// that are just being received. Of a content for which there is no more room only
	// the facts are kept: it is a media item like any other, and the gallery shows a
	// tile for it. 0: all are kept. Negative: none.
	KeepBytes int64

	// HostNames are names by which clients reach the server through a socket,
	// beside "localhost", such as that of a container. Addresses need none. Requests
	// under any other name are refused: see [Server.Serve].
	HostNames []string

	// MaxConnections is how many connections to one listener may be open. Beyond it
	// the one that has gone without a request for longest is closed. 0: 4,096.
	MaxConnections int

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

	// VideoProcessing is how long a new video says PROCESSING before it is READY
	// (contract 7, Video). 0: 10 seconds. A nanosecond is at once.
	VideoProcessing time.Duration

	// BaseURLLife is how long a base URL is good for. 0: 60 minutes (contract 8).
	// Some have died after half of that: a careful client reads the item again when
	// it gets 403.
	BaseURLLife time.Duration

	// SessionLife is how long the address of a resumable upload is good for, from
	// its start on. 0: 7 days (contract 3.2; 12 #16).
	SessionLife time.Duration

	// ChunkGranularity is the number of bytes of which a chunk of a resumable
	// upload is a multiple, if it is not the last. 0: 262,144 (contract 3.2).
	ChunkGranularity int64

	// FinalQueryEmpty makes a query of a resumable upload that is finished say no
	// more than that: the upload token is not repeated (contract 12 #17).
	FinalQueryEmpty bool

	// Now is the clock by which everything here ages: tokens, sessions, base URLs,
	// quotas, the processing of videos. It is called from many goroutines at once,
	// and never goes back. [Server.Advance] sets the server ahead of it. nil:
	// [time.Now].
	Now func() time.Time

	// Hostility is what the service may do, and a client seldom meets: empty
	// pages, late listings, unknown fields. The zero value does none of it.
	Hostility Hostility

	// Quota is how much may be asked in a day and a minute. The zero value sets no
	// limit; [ServiceQuota] is the service's.
	Quota Quota

	// Users are the people who have an account, each with a library of their own;
	// the first one is whom [Server.AccessToken] is for. A Dir keeps them, and those
	// that are here come to those that it knows. Empty: one user.
	Users []User

	// Clients are the OAuth clients that users can sign in with; the first one is
	// that of [Server.AccessToken]. A Dir keeps them likewise. Empty: one client,
	// see [Server.Clients]. The first one can do without ID and Secret.
	Clients []Client

	// Around is put around the answering of every request, by whatever way it comes:
	// it watches, and must pass each on. nil: nothing is.
	Around func(http.Handler) http.Handler

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

// withDefaults fills what was left out.
func (c Config) withDefaults() Config {
	if c.ControlToken == "" {
		c.ControlToken = newControlToken()
	}
	if c.MaxConnections == 0 {
		c.MaxConnections = 4096
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
	if c.VideoProcessing == 0 {
		c.VideoProcessing = 10 * time.Second
	}
	if c.BaseURLLife == 0 {
		c.BaseURLLife = time.Hour
	}
	if c.SessionLife == 0 {
		c.SessionLife = 7 * 24 * time.Hour
	}
	if c.ChunkGranularity == 0 {
		c.ChunkGranularity = 256 << 10
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Chaos = c.Chaos.withDefaults()
	return c
}

// valid names the first field that makes no sense.
func (c Config) valid() error {
	switch {
	case c.Era != EraToday && c.Era != Era2024:
		return fmt.Errorf("emulator: Config.Era is %d, want EraToday or Era2024", c.Era)
	case c.MaxConnections < 0:
		return errors.New("emulator: Config.MaxConnections is negative")
	case c.Latency < 0:
		return errors.New("emulator: Config.Latency is negative")
	case c.PartialStatus < 200 || c.PartialStatus > 299:
		return fmt.Errorf("emulator: Config.PartialStatus is %d, want 200 to 299", c.PartialStatus)
	case c.AlbumLimit < 0:
		return errors.New("emulator: Config.AlbumLimit is negative")
	case c.TokenLife < 0:
		return errors.New("emulator: Config.TokenLife is negative")
	case c.VideoProcessing < 0:
		return errors.New("emulator: Config.VideoProcessing is negative")
	case c.BaseURLLife < 0:
		return errors.New("emulator: Config.BaseURLLife is negative")
	case c.SessionLife < 0:
		return errors.New("emulator: Config.SessionLife is negative")
	case c.ChunkGranularity < 0:
		return errors.New("emulator: Config.ChunkGranularity is negative")
	}
	if err := c.Hostility.valid(); err != nil {
		return err
	}
	if err := c.Quota.valid(); err != nil {
		return err
	}
	if err := c.validAccounts(); err != nil {
		return err
	}
	return c.Chaos.valid()
}
