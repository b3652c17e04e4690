// Package upload turns the bytes of a file into an upload token.
//
// An [Uploader] sends a [Source] and returns a [Result]: the token, which the service keeps for a day, and the SHA-256 of exactly the bytes
// that the service has. A source is something that can be opened again from the start, so that whoever retries can.
//
// Small files go up raw, in one request. From Config.ResumableFrom on an upload is resumable: Source.Keep is given a [Session] to keep, and a
// later call with that session in Source.Session sends only what the service does not have yet. docs/decisions/resumable.md has the reasons.
//
// A file is read as if somebody were still writing it: it is looked at before and after, and if its size, mtime or content moved meanwhile the
// token is thrown away and [ErrChanged] returned. Nothing here retries or paces; the number of uploads at a time is bounded by
// Config.Transfers, or by Config.Lanes.
package upload

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/albumwright/albumwright/photos"
)

// TokenLife is how long a token is trusted. The service says one day; an hour is left for clocks that differ and for the create itself.
const TokenLife = 23 * time.Hour

// DefaultTransfers is the number of uploads at a time. Four saturate a home uplink; more help over long distances.
const DefaultTransfers = 4

// DefaultResumableFrom is 50 MB: photos go up raw, in one request of the day's 10,000, and videos resumably, in two. The service wants no larger
// images sent raw, and a raw upload that is cut costs all its bytes again.
const DefaultResumableFrom = 50_000_000

// DefaultPatience is how long an upload may go without a byte leaving or an answer coming, where a Config does not say. The service takes a while over the
// last byte of a large video.
const DefaultPatience = 5 * time.Minute

// ErrStalled says that nothing moved for too long, so the upload was given up. It is an [*photos.Error]'s cause, and worth another try.
var ErrStalled = errors.New("nothing moved for minutes")

// ErrChanged says that the file was not the same after it was sent as before, so what was sent may be half of one and half of another.
var ErrChanged = errors.New("the file changed while it was read")

// Source is one file's content.
type Source struct {
	Name        string // for error texts
	Size        int64  // bytes; the content must be exactly this long
	ContentType string // media type, such as "image/jpeg"; "" leaves it to the service
	// Open starts reading from the beginning. If what it returns has a Stat method, size and mtime are compared before and after.
	Open func() (io.ReadSeekCloser, error)
	// SHA256 is the content's hash where the caller already knows it; what was sent is then compared with it.
	SHA256 *[sha256.Size]byte
	// Begin is told, before any byte leaves, from where on they do: 0, or what the service has. It may be nil.
	Begin func(from int64)
	// Progress is told about bytes as they leave, from one goroutine. It may be nil.
	Progress func(n int)
	// Session is what was kept last of an earlier call for the same file; zero: nothing. If it is of no use any more, or what was sent is not what the
	// file begins with today, the upload starts over. After a crash the last 64 MiB that were sent are not compared: compare size and mtime.
	Session Session
	// Keep makes a session durable, in place of what was kept before: once before the first byte is sent, then each time 64 MiB have been sent, before
	// the last byte, and when the upload breaks. ctx is that of the upload, which may have ended. An error ends the upload. It may be nil: then no later
	// call can go on from here.
	Keep func(ctx context.Context, s Session) error
}

// Token is the service's receipt for bytes.
type Token struct {
	Value  string
	Issued time.Time // when the answer came; if the service only repeated it, when the session began
}

// Live tells whether the token is still trusted at the given time. A token from the far future means that the clock was set back, and nothing
// is known about its age.
func (t Token) Live(now time.Time) bool {
	return t.Value != "" && now.Sub(t.Issued) < TokenLife && !now.Before(t.Issued.Add(-TokenLife))
}

// Result is what came of one upload. Beside an error, Resumed, Sent and Requests are set and nothing else.
type Result struct {
	Token   Token
	SHA256  [sha256.Size]byte // of the bytes that the service has
	Resumed int64             // bytes that the service had already
	Sent    int64             // bytes that left in this call, whether they arrived or not

	Requests int // made in this call, whether they did well or not
}

// API are the calls that this package needs; *photos.UploadsService has them.
type API interface {
	Raw(ctx context.Context, up photos.RawUpload) (token string, err error)
	Start(ctx context.Context, up photos.StartUpload) (photos.UploadSession, error)
	Send(ctx context.Context, session photos.UploadSession, chunk photos.UploadChunk) (photos.UploadStatus, error)
	Query(ctx context.Context, session photos.UploadSession) (photos.UploadStatus, error)
}

// Config sets up an Uploader. API is required.
type Config struct {
	API       API
	Transfers int   // uploads at a time; 0 = [DefaultTransfers]
	Lanes     Lanes // bounds the uploads at a time in place of Transfers; nil = Transfers does
	// ResumableFrom is the size from which on files are sent resumably, in bytes. 0: [DefaultResumableFrom]. Negative: never.
	ResumableFrom int64
	// Chunk is how many bytes of a resumable upload one request has, rounded up to what the service wants. 0: all that are left, which is the
	// fewest requests: two for a file.
	Chunk int64
	Now   func() time.Time // when tokens and sessions were won; nil is the system's time
	// Patience is how long an upload may go without a byte leaving or an answer coming; waiting for a rate limit counts. 0: [DefaultPatience].
	Patience time.Duration
}

// Uploader sends sources. It is safe for concurrent use; calls beyond what its lanes take wait.
type Uploader struct{ cfg Config }

// New makes an Uploader, or says what is wrong with the Config.
func New(cfg Config) (*Uploader, error) {
	if cfg.API == nil {
		return nil, errors.New("upload: Config.API is missing")
	}
	if cfg.Transfers < 0 {
		return nil, fmt.Errorf("upload: Config.Transfers is %d, but must be positive", cfg.Transfers)
	}
	if cfg.Chunk < 0 {
		return nil, fmt.Errorf("upload: Config.Chunk is %d, but must be positive", cfg.Chunk)
	}
	cfg = cfg.withDefaults()
	if cfg.Lanes == nil {
		cfg.Lanes = make(fixedLanes, cfg.Transfers)
	}
	return &Uploader{cfg: cfg}, nil
}

// withDefaults fills in the numbers that were left out.
func (c Config) withDefaults() Config {
	if c.Transfers == 0 {
		c.Transfers = DefaultTransfers
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.ResumableFrom == 0 {
		c.ResumableFrom = DefaultResumableFrom
	}
	c.Patience = cmp.Or(c.Patience, DefaultPatience)
	return c
}

// resumable tells how a file of so many bytes is sent.
func (c Config) resumable(size int64) bool { return c.ResumableFrom >= 0 && size >= c.ResumableFrom }

// Requests is the least number of requests that a file of so many bytes takes.
func (c Config) Requests(size int64) int {
	switch c = c.withDefaults(); {
	case !c.resumable(size):
		return 1
	case c.Chunk == 0:
		return 2
	}
	return 1 + int((size+c.Chunk-1)/c.Chunk)
}

// Upload sends the content, or what is missing of it, and sees to it that the service has it whole. A cancelled ctx sends nothing. The error is the
// service's [*photos.Error], [ErrChanged], or what the file system or Source.Keep said, wrapped with the source's name. After an error, call it
// again with the session that was kept last.
func (u *Uploader) Upload(ctx context.Context, src Source) (Result, error) {
	leave, err := u.cfg.Lanes.Enter(ctx)
	if err != nil {
		return Result{}, err
	}
	res, err := u.send(ctx, src)
	leave(err)
	if err != nil {
		return res, fmt.Errorf("upload %s: %w", src.Name, err)
	}
	return res, nil
}
