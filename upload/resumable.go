package upload

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/albumwright/albumwright/photos"
)

// inSession sends the content in an upload session: the one that the caller has kept, if it is still good, else a new one.
func (a *attempt) inSession(ctx context.Context) (Token, error) {
	token, ok, err := a.resume(ctx)
	if err == nil && !ok {
		err = a.start(ctx)
	}
	for err == nil && token.Value == "" {
		token, err = a.sendChunk(ctx)
	}
	return token, err
}

// resume goes to where the kept session is. ok is false if there is none that is of use. A finished one may give its token.
func (a *attempt) resume(ctx context.Context) (token Token, ok bool, err error) {
	now := a.Now()
	if a.session = a.src.Session; !a.session.good(a.src.Size, now) {
		return Token{}, false, nil
	}
	a.requests++
	st, err := a.API.Query(ctx, a.session.of(a.src.Size))
	switch {
	case errors.Is(err, photos.ErrSessionGone), errors.Is(err, photos.ErrNotSent): // or what was kept is no address
		return Token{}, false, nil
	case err != nil:
		return Token{}, false, err
	case st.State == photos.UploadFinal:
		if token = (Token{Value: st.Token, Issued: a.session.Started}); !token.Live(now) {
			return Token{}, false, nil
		}
	case st.State != photos.UploadActive:
		return Token{}, false, nil
	}
	if ok, err = a.catchUp(ctx, st.Received); !ok {
		return Token{}, false, err
	}
	a.resumed = st.Received
	a.begin(st.Received)
	return token, true, nil
}

// catchUp reads again what the service has, and tells whether it still is what was sent then.
func (a *attempt) catchUp(ctx context.Context, received int64) (same bool, err error) {
	hashed, had := a.session.Hashed, a.sum
	for _, to := range []int64{min(received, hashed), max(received, hashed)} {
		if err := a.read(ctx, to); err != nil {
			return false, err
		}
		if to == hashed && hashed > 0 && a.hash() != a.session.SHA256 {
			return false, nil
		}
		if to == received {
			if had, err = fork(a.sum); err != nil {
				return false, err
			}
		}
	}
	return true, a.goTo(received, had)
}

// start begins a new session.
func (a *attempt) start(ctx context.Context) error {
	if err := a.goTo(0, sha256.New()); err != nil {
		return err
	}
	a.begin(0)
	a.requests++
	s, err := a.API.Start(ctx, photos.StartUpload{Size: a.src.Size, ContentType: a.src.ContentType})
	if err != nil {
		return err
	}
	a.session = Session{URL: s.URL, Granularity: s.Granularity, Size: a.src.Size, Started: a.Now()}
	return a.keep(ctx)
}

// sendChunk sends the next bytes, or only ends the upload if the service has them all. At the end it has a token.
func (a *attempt) sendChunk(ctx context.Context) (Token, error) {
	offset, size := a.at, a.next()
	before, err := fork(a.sum)
	if err != nil {
		return Token{}, err
	}
	body := a.stretch(size, func(n int) error { a.progress(n); return a.keepAgain(ctx) })
	a.requests++
	st, err := a.API.Send(ctx, a.session.of(a.src.Size),
		photos.UploadChunk{Offset: offset, Size: size, Body: body, Final: offset+size == a.src.Size})
	a.sent += body.n
	if err != nil && body.err == nil && a.at > a.session.Hashed {
		_ = a.keep(ctx) // the error is what ended the upload
	}
	if err := body.cause(err); err != nil {
		return Token{}, err
	}
	switch {
	case st.State == photos.UploadFinal:
		return Token{Value: st.Token, Issued: a.Now()}, nil
	case st.Received < a.at: // the service took less than it was sent
		if err := a.goTo(offset, before); err != nil {
			return Token{}, err
		}
		return Token{}, a.read(ctx, st.Received)
	}
	return Token{}, nil
}

// next is the size of the next chunk.
func (a *attempt) next() int64 {
	left, granularity := a.src.Size-a.at, a.session.Granularity
	if a.Chunk == 0 || max(a.Chunk, granularity) >= left {
		return left
	}
	return min(left, (a.Chunk+granularity-1)/granularity*granularity)
}

// keepAgain keeps the session now and then. With all bytes read it is kept in any case: if the answer to the last of them is lost, the hash of the
// whole content tells whether the file is still what the service has.
func (a *attempt) keepAgain(ctx context.Context) error {
	if more := a.at - a.session.Hashed; more < keepEvery && (more <= 0 || a.at < a.src.Size) {
		return nil
	}
	return a.keep(ctx)
}

// keep lets the caller keep the session, as far as it is.
func (a *attempt) keep(ctx context.Context) error {
	a.session.Hashed, a.session.SHA256 = a.at, a.hash()
	if a.src.Keep == nil {
		return nil
	}
	if err := a.src.Keep(ctx, a.session); err != nil {
		return fmt.Errorf("keep the upload session: %w", err)
	}
	return nil
}

func (a *attempt) hash() [sha256.Size]byte { return [sha256.Size]byte(a.sum.Sum(nil)) }
