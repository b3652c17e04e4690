// Package upload turns the bytes of a file into an upload token.
//
// An [Uploader] sends a [Source] and returns a [Result]: the token, which the service keeps for a day, and the SHA-256 of exactly the bytes
// that were sent. A source is something that can be opened again from the start, so that whoever retries can.
//
// A file is read as if somebody were still writing it: it is looked at before and after, and if its size, mtime or content moved meanwhile the
// token is thrown away and [ErrChanged] returned. Nothing here retries or paces; the number of uploads at a time is bounded by
// Config.Transfers.
package upload

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"time"

	"github.com/albumwright/albumwright/photos"
)

// TokenLife is how long a token is trusted. The service says one day; an hour is left for clocks that differ and for the create itself.
const TokenLife = 23 * time.Hour

// DefaultTransfers is the number of uploads at a time. Four saturate a home uplink; more help over long distances.
const DefaultTransfers = 4

// idleLimit is how long an upload may go without a byte leaving or an answer coming. The service takes a while over the last byte of a large video.
const idleLimit = 5 * time.Minute

// ErrStalled says that nothing moved for too long, so the upload was given up. It is an [*photos.Error]'s cause, and worth another try.
var ErrStalled = errors.New("nothing moved for five minutes")

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
	// Progress is told about bytes as they leave, from one goroutine. It may be nil.
	Progress func(n int)
}

// Token is the service's receipt for bytes.
type Token struct {
	Value  string
	Issued time.Time // when the answer came
}

// Live tells whether the token is still trusted at the given time. A token from the far future means that the clock was set back, and nothing
// is known about its age.
func (t Token) Live(now time.Time) bool {
	return t.Value != "" && now.Sub(t.Issued) < TokenLife && !now.Before(t.Issued.Add(-TokenLife))
}

// Result is what came of one upload.
type Result struct {
	Token  Token
	SHA256 [sha256.Size]byte // of the bytes that were sent
}

// API is the one call that this package needs; *photos.UploadsService has it.
type API interface {
	Raw(ctx context.Context, up photos.RawUpload) (token string, err error)
}

// Config sets up an Uploader. API is required.
type Config struct {
	API       API
	Transfers int // uploads at a time; 0 = [DefaultTransfers]
}

// Uploader sends sources. It is safe for concurrent use; calls beyond Config.Transfers wait.
type Uploader struct {
	api   API
	lanes chan struct{} // holds one value for each upload under way
}

// New makes an Uploader, or says what is wrong with the Config.
func New(cfg Config) (*Uploader, error) {
	if cfg.API == nil {
		return nil, errors.New("upload: Config.API is missing")
	}
	if cfg.Transfers < 0 {
		return nil, fmt.Errorf("upload: Config.Transfers is %d, but must be positive", cfg.Transfers)
	}
	if cfg.Transfers == 0 {
		cfg.Transfers = DefaultTransfers
	}
	return &Uploader{api: cfg.API, lanes: make(chan struct{}, cfg.Transfers)}, nil
}

// Upload sends the whole content in one raw request. A cancelled ctx sends nothing. The error is the service's [*photos.Error], [ErrChanged],
// or what the file system said, wrapped with the source's name.
func (u *Uploader) Upload(ctx context.Context, src Source) (Result, error) {
	select {
	case u.lanes <- struct{}{}:
		defer func() { <-u.lanes }()
	case <-ctx.Done():
		return Result{}, context.Cause(ctx)
	}
	if ctx.Err() != nil { // select picks at random when both are ready
		return Result{}, context.Cause(ctx)
	}
	res, err := u.send(ctx, src)
	if err != nil {
		return Result{}, fmt.Errorf("upload %s: %w", src.Name, err)
	}
	return res, nil
}

func (u *Uploader) send(ctx context.Context, src Source) (Result, error) {
	f, err := src.Open()
	if err != nil {
		return Result{}, err
	}
	defer func() { _ = f.Close() }()
	before, err := stat(f)
	if err != nil {
		return Result{}, err
	}
	if before != nil && before.Size() != src.Size {
		return Result{}, ErrChanged
	}
	sending, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	watchdog := time.AfterFunc(idleLimit, func() { giveUp(ErrStalled) })
	defer watchdog.Stop()
	body := &countedBody{from: io.LimitReader(f, src.Size), sum: sha256.New(), progress: func(n int) {
		watchdog.Reset(idleLimit)
		if src.Progress != nil {
			src.Progress(n)
		}
	}}
	token, err := u.api.Raw(sending, photos.RawUpload{Size: src.Size, ContentType: src.ContentType, Body: body})
	if err != nil && ctx.Err() == nil && context.Cause(sending) == ErrStalled {
		return Result{}, &photos.Error{Op: "uploads", Err: ErrStalled}
	}
	if err != nil {
		return Result{}, body.cause(src.Size, err)
	}
	if body.n < src.Size {
		return Result{}, ErrChanged // a token for less than the whole content is none
	}
	res := Result{Token: Token{Value: token, Issued: time.Now()}, SHA256: [sha256.Size]byte(body.sum.Sum(nil))}
	return res, unchanged(f, before, src, res.SHA256)
}

// unchanged looks at the file once more: nothing may follow the bytes that were sent, and size, mtime and known hash must still be the same.
func unchanged(f io.Reader, before fs.FileInfo, src Source, sent [sha256.Size]byte) error {
	if src.SHA256 != nil && *src.SHA256 != sent {
		return ErrChanged
	}
	if n, _ := f.Read(make([]byte, 1)); n > 0 {
		return ErrChanged
	}
	after, err := stat(f)
	if err != nil {
		return err
	}
	if before != nil && (after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime())) {
		return ErrChanged
	}
	return nil
}

// stat asks the open file itself, so that a file renamed over it meanwhile does not confuse the comparison.
func stat(f io.Reader) (fs.FileInfo, error) {
	s, ok := f.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return nil, nil
	}
	return s.Stat()
}

// countedBody hashes and counts what the transport reads. It is read by one goroutine at a time; its fields are looked at when the
// transport has given the body back.
type countedBody struct {
	from     io.Reader
	sum      hash.Hash
	progress func(int)
	n        int64
	ended    bool  // the file had no more bytes
	err      error // what the file system said
}

// Read passes bytes on, hashed.
func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	b.sum.Write(p[:n])
	b.n += int64(n)
	if n > 0 {
		b.progress(n)
	}
	if err == io.EOF {
		b.ended = true
	} else if err != nil {
		b.err = err
	}
	return n, err
}

// cause finds the reason for a failed request where it lies with the file: the transport only saw that the body ended.
func (b *countedBody) cause(size int64, err error) error {
	switch {
	case b.err != nil:
		return b.err
	case b.ended && b.n < size:
		return ErrChanged
	}
	return err
}
