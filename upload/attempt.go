package upload

import (
	"context"
	"crypto/sha256"
	"encoding"
	"hash"
	"io"
	"io/fs"
	"time"

	"github.com/albumwright/albumwright/photos"
)

// attempt is one call of Upload, at an open file. While a request is under way the transport's goroutine has it, else its own.
type attempt struct {
	Config
	src     Source
	file    io.ReadSeeker
	at      int64     // where in the content it is
	sum     hash.Hash // of all that comes before
	alive   func()    // is called when something moved
	session Session   // as the caller has kept it
	resumed int64
	sent    int64

	requests int
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
	watchdog := time.AfterFunc(u.cfg.Patience, func() { giveUp(ErrStalled) })
	defer watchdog.Stop()
	a := &attempt{Config: u.cfg, src: src, file: f, sum: sha256.New(), alive: func() { watchdog.Reset(u.cfg.Patience) }}
	token, err := a.send(sending)
	if err != nil && ctx.Err() == nil && context.Cause(sending) == ErrStalled {
		err = &photos.Error{Op: "uploads", Err: ErrStalled}
	}
	sum := a.hash()
	if err == nil {
		err = unchanged(f, before, src, sum)
	}
	if err != nil {
		return Result{Resumed: a.resumed, Sent: a.sent, Requests: a.requests}, err
	}
	return Result{Token: token, SHA256: sum, Resumed: a.resumed, Sent: a.sent, Requests: a.requests}, nil
}

// send sends the content in one way or the other. When it has a token, the whole content was read.
func (a *attempt) send(ctx context.Context) (Token, error) {
	if a.resumable(a.src.Size) {
		return a.inSession(ctx)
	}
	return a.raw(ctx)
}

// raw sends the content in one request.
func (a *attempt) raw(ctx context.Context) (Token, error) {
	body := a.stretch(a.src.Size, func(n int) error { a.progress(n); return nil })
	a.begin(0)
	a.requests++
	token, err := a.API.Raw(ctx, photos.RawUpload{Size: a.src.Size, ContentType: a.src.ContentType, Body: body})
	a.sent += body.n
	if err := body.cause(err); err != nil {
		return Token{}, err
	}
	return Token{Value: token, Issued: a.Now()}, nil
}

func (a *attempt) begin(from int64) {
	if a.src.Begin != nil {
		a.src.Begin(from)
	}
}

func (a *attempt) progress(n int) {
	a.Lanes.Moved(n)
	if a.src.Progress != nil {
		a.src.Progress(n)
	}
}

// read goes through the content up to a place without sending it.
func (a *attempt) read(ctx context.Context, to int64) error {
	s := a.stretch(to-a.at, func(int) error { return context.Cause(ctx) })
	_, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, s, make([]byte, 256<<10)) // io.Discard by itself reads 8 KiB at a time
	return s.cause(err)
}

// goTo goes to a place in the content, with the hash of what comes before it.
func (a *attempt) goTo(at int64, sum hash.Hash) error {
	_, err := a.file.Seek(at, io.SeekStart)
	a.at, a.sum = at, sum
	return err
}

// fork is a hash that goes on from where another one is.
func fork(h hash.Hash) (hash.Hash, error) {
	state, err := h.(encoding.BinaryMarshaler).MarshalBinary() // crypto/sha256 promises both
	if err != nil {
		return nil, err
	}
	twin := sha256.New()
	return twin, twin.(encoding.BinaryUnmarshaler).UnmarshalBinary(state)
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
