// Package thumbs makes the small pictures that pages show of files on this machine: the one that the camera left in the file where there is one, else
// the photo itself, small; else a tile that names its type. Make one [Maker] for all pictures of a page: it bounds the files that are open at a time.
package thumbs

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/media"
	"github.com/albumwright/albumwright/internal/render"
)

const (
	openFiles = 4        // at a time
	mostDrawn = 64 << 20 // the largest file that is read whole for its picture, where the camera left no small one
)

// frame is a tile, twice for dense screens.
func frame() render.Frame { return render.Frame{W: 320, H: 240} }

// Maker makes small pictures, and remembers the last ones. It is safe for concurrent use.
type Maker struct {
	pictures *render.Maker
	opening  chan struct{} // held by each who has a file open
}

// New returns a Maker that remembers nothing yet.
func New() *Maker {
	return &Maker{pictures: render.New(), opening: make(chan struct{}, openFiles)}
}

// Serve answers a request with the picture of the file at a path that the caller knows to be fit for showing: never one out of a request. The same key
// is the same file with the same bytes. A browser may keep the answer for ten minutes.
func (m *Maker) Serve(w http.ResponseWriter, r *http.Request, key, path string) {
	picture, err := m.picture(r.Context(), key, path)
	switch {
	case r.Context().Err() != nil: // the browser has gone on
	case err != nil:
		m.ServeTile(w, path)
	default:
		send(w, picture)
	}
}

// ServeTile answers a request with a picture of what kind of file it is, without a look at it: on a share that does not answer that would take for ever.
func (m *Maker) ServeTile(w http.ResponseWriter, path string) {
	picture, err := tile(path)
	if err != nil {
		http.Error(w, "there is no picture", http.StatusInternalServerError)
		return
	}
	send(w, picture)
}

func send(w http.ResponseWriter, picture render.Picture) {
	w.Header().Set("Content-Type", picture.ContentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(picture.Bytes)))
	w.Header().Set("Cache-Control", "private, max-age=600")
	_, _ = w.Write(picture.Bytes)
}

// picture makes the small picture of a file when its turn comes.
func (m *Maker) picture(ctx context.Context, key, path string) (render.Picture, error) {
	select {
	case m.opening <- struct{}{}:
	case <-ctx.Done():
		return render.Picture{}, context.Cause(ctx)
	}
	defer func() { <-m.opening }()
	// What is no file would be waited for: a pipe, a device.
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return render.Picture{}, errors.Join(err, errors.ErrUnsupported)
	}
	f, err := os.Open(path)
	if err != nil {
		return render.Picture{}, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return render.Picture{}, err
	}
	facts, _ := exif.Read(f, info.Size()) // of a damaged file what could be read
	subject := render.Subject{Key: key, Orientation: facts.Orientation}
	if small := exif.Thumbnail(f, info.Size()); small != nil {
		subject.Open = func() (io.ReadSeekCloser, error) { return inMemory{bytes.NewReader(small)}, nil }
		if made, err := m.pictures.Picture(ctx, subject, withoutBars(frame(), small, facts)); err == nil {
			return made, nil
		}
	}
	if t, ok := media.ByName(path); ok && (t.Kind == media.Video || t.Raw) || info.Size() > mostDrawn {
		return render.Picture{}, render.ErrNotDrawn
	}
	subject.Open = func() (io.ReadSeekCloser, error) { return os.Open(path) }
	return m.pictures.Picture(ctx, subject, frame())
}

// withoutBars is the frame in which a camera's small picture has the shape of its large one: many fill up to 4:3 with black.
func withoutBars(f render.Frame, small []byte, facts exif.Facts) render.Frame {
	c, _, err := image.DecodeConfig(bytes.NewReader(small))
	if err != nil || c.Width <= 0 || c.Height <= 0 || facts.Width <= 0 || facts.Height <= 0 {
		return f
	}
	w, h := c.Width, c.Height
	if facts.Width*h > facts.Height*w {
		h = max(1, w*facts.Height/facts.Width)
	} else {
		w = max(1, h*facts.Width/facts.Height)
	}
	if facts.Orientation >= 5 && facts.Orientation <= 8 { // the frame is of the picture as it is looked at
		w, h = h, w
	}
	return render.Frame{W: min(w, f.W), H: min(h, f.H), Crop: true}
}

// tile says what a file is.
func tile(path string) (render.Picture, error) {
	s := render.Subject{TypeName: "FILE"}
	if t, ok := media.ByName(filepath.Base(path)); ok {
		s.TypeName, s.Video = t.Name, t.Kind == media.Video
	}
	return render.Tile(s, frame(), true)
}

// inMemory is bytes that can be closed.
type inMemory struct{ *bytes.Reader }

// Close does nothing.
func (inMemory) Close() error { return nil }
