package offload

import (
	"context"

	"fmt"
	"io"
	"slices"
	"sync"
)

// Depth is how far copies are verified.
type Depth string

// The depths. Only Full proves that the bytes are on a device, and that the card says the same twice.
const (
	BySize Depth = "size" // each copy has as many bytes as the source
	ByHash Depth = "hash" // each copy was read back and has the source's bytes
	Full   Depth = "full" // so it has past the page cache, and the source, read again, has them too
)

// Depths lists all depths, the least first.
func Depths() []Depth { return []Depth{BySize, ByHash, Full} }

// Valid refuses a word that is no depth.
func (d Depth) Valid() error {
	if slices.Contains(Depths(), d) {
		return nil
	}
	return fmt.Errorf("no depth of verification %q: use size, hash or full", d)
}

// Proof is what was found out about the copies of one file.
type Proof struct {
	Depth  Depth
	Source Reading   // of the source; at [Full] its content is read again, else only its size is looked at
	Copies []Reading // in the order in which the copies were named
}

// Reading is what was found out about one file.
type Reading struct {
	Path string
	Err  error // [ErrDiffers], a [*ReadError], or what else the system says; nil: it is what was copied
	Read bool  // its content was read
	Cold bool  // it came from the device, as measured; false too where a system does not tell
}

// Good is how many copies are proved; none is if the source is not what was copied.
func (p Proof) Good() int {
	if p.Source.Err != nil {
		return 0
	}
	n := 0
	for _, c := range p.Copies {
		if c.Err == nil {
			n++
		}
	}
	return n
}

// Verify compares copies with what was read when they were made, all at the same time. What is wrong with a file is told in the proof. The error is nil but
// for what ends all: [ErrGone] of the source, or the context's.
func Verify(ctx context.Context, fsys FS, source string, copies []string, sums Sums, depth Depth) (Proof, error) {
	if err := depth.Valid(); err != nil {
		return Proof{}, err
	}
	p := Proof{Depth: depth, Copies: make([]Reading, len(copies))}
	look := reading{fsys: fsys, want: sums, read: depth != BySize, cold: depth == Full}
	var all sync.WaitGroup
	for i, path := range copies {
		all.Go(func() { p.Copies[i] = look.at(ctx, path) })
	}
	again := look
	again.read = depth == Full
	p.Source = again.at(ctx, source)
	all.Wait()
	if err := ctx.Err(); err != nil {
		return p, err
	}
	if Gone(p.Source.Err) {
		return p, p.Source.Err
	}
	return p, nil
}

// reading is how files are looked at.
type reading struct {
	fsys       FS
	want       Sums
	read, cold bool
}

func (l reading) at(ctx context.Context, path string) Reading {
	r := Reading{Path: path}
	info, err := l.fsys.Lstat(path)
	switch {
	case err != nil:
		r.Err = &ReadError{Path: path, Err: err}
	case !info.Mode().IsRegular():
		r.Err = fmt.Errorf("%s: %w: it is no regular file", path, ErrDiffers)
	case info.Size() != l.want.Size:
		r.Err = fmt.Errorf("%s: %w: %d bytes, not %d", path, ErrDiffers, info.Size(), l.want.Size)
	case l.read:
		r.Read = true
		r.Cold, r.Err = l.content(ctx, path)
	}
	return r
}

// content reads a file and compares its hashes.
func (l reading) content(ctx context.Context, path string) (cold bool, err error) {
	var r Reader
	if l.cold {
		r, cold, err = l.fsys.OpenCold(path)
	} else {
		r, err = l.fsys.Open(path)
	}
	if err != nil {
		return false, &ReadError{Path: path, Err: err}
	}
	defer func() { _ = r.Close() }()
	got, err := sumsOf(ctx, r, path, l.want.Size)
	if err == nil && got != l.want {
		err = fmt.Errorf("%s: %w: SHA-256 %x, not %x", path, ErrDiffers, got.SHA256, l.want.SHA256)
	}
	return cold, err
}

// sumsOf reads to the end. The error is a [*ReadError] or the context's.
func sumsOf(ctx context.Context, r io.Reader, path string, size int64) (Sums, error) {
	return stream{from: r, path: path, size: size}.run(ctx)
}
