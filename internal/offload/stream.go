package offload

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"sync"
	"sync/atomic"

	"github.com/cespare/xxhash/v2"
)

// A file is read in pieces of bufferSize, of which no more than buffers are in memory: that bounds what one copy takes, whatever the size of the file and the
// number of destinations. Cards are fastest in large reads, and each of reader, hashes and writers can be a piece or two ahead of the slowest.
const (
	bufferSize = 512 << 10
	buffers    = 4
)

// errUnwanted: all destinations have failed, so that nobody needs the rest of the source.
var errUnwanted = errors.New("no destination is left")

// stream reads a source once, for the hashes and all targets.
type stream struct {
	from io.Reader
	path string
	size int64 // what is expected; it may be wrong
	to   []*target
}

// run reads to the end. The error is that of the source or of the context, or errUnwanted; a target's stays with it.
func (s stream) run(ctx context.Context) (Sums, error) {
	all := newSums()
	uses := []func([]byte) bool{func(p []byte) bool { all.write(p); return true }}
	for _, t := range s.to {
		uses = append(uses, t.write)
	}
	var err error
	if s.size <= bufferSize {
		err = s.small(ctx, uses)
	} else {
		err = s.large(ctx, uses)
	}
	return all.sum(), err
}

// small does one thing after another: most files of that size are read before goroutines would have begun.
func (s stream) small(ctx context.Context, uses []func([]byte) bool) error {
	buf := make([]byte, max(s.size+1, 4096)) // one more, so that the end is met in the same read
	return s.read(ctx, func() ([]byte, error) { return buf, nil }, func(p []byte) bool {
		left := 0
		for _, use := range uses[1:] {
			if use(p) {
				left++
			}
		}
		uses[0](p)
		return left > 0 || len(s.to) == 0
	})
}

// piece is a part of the source on its way to all who use it.
type piece struct {
	buf  []byte // whole, to be filled again
	data []byte
	left atomic.Int32 // who has not used it yet
}

// large lets the source be read while what came before is hashed and written.
func (s stream) large(ctx context.Context, uses []func([]byte) bool) error {
	free := make(chan *piece, buffers)
	for range buffers {
		free <- &piece{}
	}
	var wanted atomic.Int32
	wanted.Store(int32(len(s.to)))
	var users sync.WaitGroup
	queues := make([]chan *piece, len(uses))
	for i, use := range uses {
		queues[i] = make(chan *piece, buffers)
		users.Go(func() {
			good := true
			for p := range queues[i] {
				if still := use(p.data); good && !still {
					good = false
					wanted.Add(-1)
				}
				if p.left.Add(-1) == 0 {
					free <- p
				}
			}
		})
	}
	err := s.hand(ctx, free, queues, &wanted)
	for _, q := range queues {
		close(q)
	}
	users.Wait()
	close(free)
	for p := range free {
		if p.buf != nil {
			rooms.Put(&p.buf)
		}
	}
	return err
}

// rooms are buffers for pieces, for one file after the other: to make them anew for each keeps the garbage collector busy.
var rooms = sync.Pool{New: func() any {
	room := make([]byte, bufferSize)
	return &room
}}

// hand reads into pieces as they become free, and hands each to everyone.
func (s stream) hand(ctx context.Context, free <-chan *piece, queues []chan *piece, wanted *atomic.Int32) error {
	var next *piece
	take := func() ([]byte, error) {
		select {
		case next = <-free:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if next.buf == nil {
			next.buf = *rooms.Get().(*[]byte)
		}
		return next.buf, nil
	}
	return s.read(ctx, take, func(p []byte) bool {
		next.data = p
		next.left.Store(int32(len(queues)))
		for _, q := range queues {
			q <- next // there is room: a queue can hold all pieces
		}
		return wanted.Load() > 0 || len(s.to) == 0
	})
}

// read fills buffers until the source ends or nobody wants more.
func (s stream) read(ctx context.Context, buffer func() ([]byte, error), use func([]byte) bool) error {
	for at := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		buf, err := buffer()
		if err != nil {
			return err
		}
		n, err := io.ReadFull(s.from, buf)
		wanted := true
		if n > 0 {
			wanted = use(buf[:n])
			at += int64(n)
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return &ReadError{Path: s.path, At: at, Err: err}
		case !wanted:
			return errUnwanted
		}
	}
}

// sums collects the hashes.
type sums struct {
	sha  hash.Hash
	xx   *xxhash.Digest
	size int64
}

func newSums() *sums { return &sums{sha: sha256.New(), xx: xxhash.New()} }

func (s *sums) write(p []byte) {
	_, _ = s.sha.Write(p) // a hash never fails
	_, _ = s.xx.Write(p)
	s.size += int64(len(p))
}

func (s *sums) sum() Sums {
	return Sums{Size: s.size, SHA256: [32]byte(s.sha.Sum(nil)), XXH64: s.xx.Sum64()}
}
