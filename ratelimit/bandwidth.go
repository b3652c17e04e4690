package ratelimit

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

const (
	// bytesAtOnce is how many bytes may leave together after a pause. It is about what the kernel takes of a new connection anyway.
	bytesAtOnce = 32 << 10
	// pieces is into how many pieces a second's bytes are cut, so that all lanes move at a low limit, and a new limit is met soon.
	pieces = 20
	// leastPiece bounds the pieces of a very low limit from below.
	leastPiece = 256
)

// bandwidth holds the bytes of all uploads to the timetable's limit. It is safe for concurrent use.
type bandwidth struct {
	table Timetable
	clock Clock
	held  atomic.Int64 // nanoseconds that readers have waited, together

	mu     sync.Mutex
	bucket *rate.Limiter // guarded by mu; replaced when the limit changes
	limit  int64         // guarded by mu; the bucket's; 0 = none
}

func newBandwidth(table Timetable, clock Clock) *bandwidth {
	return &bandwidth{table: table, clock: clock, bucket: rate.NewLimiter(rate.Inf, bytesAtOnce)}
}

// Held is for how long bytes have been held back by Config.UploadBytes so far, all uploads together.
func (l *Limiter) Held() time.Duration { return time.Duration(l.bytes.held.Load()) }

// slow gives the request a body that keeps to the limit.
func (b *bandwidth) slow(req *http.Request) *http.Request {
	if req.Body == nil || req.Body == http.NoBody || len(b.table.entries) == 0 {
		return req
	}
	slowed := req.WithContext(req.Context()) // a RoundTripper must not change the request itself
	slowed.Body = &slowBody{req.Body, req.Context(), b}
	return slowed
}

// slowBody pays for the bytes that were read before it hands them on.
type slowBody struct {
	io.ReadCloser
	ctx   context.Context // the request's
	bytes *bandwidth
}

// Read returns a small piece at a time.
func (s *slowBody) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p[:min(len(p), s.bytes.piece())])
	if held := s.bytes.take(s.ctx, n); held != nil {
		return n, held
	}
	return n, err
}

// piece is how many bytes are read at a time under the limit of this minute.
func (b *bandwidth) piece() int {
	limit := b.table.At(b.clock.Now())
	if limit == 0 {
		return bytesAtOnce
	}
	return int(min(max(limit/pieces, leastPiece), bytesAtOnce))
}

// take waits until n bytes may leave, which are at most bytesAtOnce.
func (b *bandwidth) take(ctx context.Context, n int) error {
	delay := b.reserve(b.clock.Now(), n)
	if delay == 0 {
		return nil
	}
	b.held.Add(int64(delay))
	return b.clock.Sleep(ctx, delay)
}

// reserve takes n bytes out of the bucket and says when they may leave.
func (b *bandwidth) reserve(now time.Time, n int) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if limit := b.table.At(now); limit != b.limit {
		b.limit, b.bucket = limit, rate.NewLimiter(perSecond(limit), bytesAtOnce)
	}
	return b.bucket.ReserveN(now, n).DelayFrom(now)
}

func perSecond(limit int64) rate.Limit {
	if limit == 0 {
		return rate.Inf
	}
	return rate.Limit(limit)
}
