package planpage

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

// mostDrawn is the largest file that is read whole for its picture, where the camera left no small one.
const mostDrawn = 64 << 20

// thumbFrame is a tile, twice for dense screens.
func thumbFrame() render.Frame { return render.Frame{W: 320, H: 240} }

// thumb answers with the picture of a file of the plan, or with a tile that names its type. Its address has no path in it: only a number.
func (p *page) thumb(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.Atoi(r.PathValue("file"))
	path, known := p.files.path(number)
	if err != nil || !known {
		http.NotFound(w, r)
		return
	}
	picture, err := p.picture(r.Context(), number, path)
	if r.Context().Err() != nil {
		return // the browser has gone on
	}
	if err != nil {
		picture, err = tile(path)
	}
	if err != nil {
		http.Error(w, "there is no picture", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", picture.ContentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(picture.Bytes)))
	w.Header().Set("Cache-Control", "private, max-age=600") // while the page is up
	_, _ = w.Write(picture.Bytes)
}

// picture makes the small picture of a file, a few files at a time.
func (p *page) picture(ctx context.Context, number int, path string) (render.Picture, error) {
	select {
	case p.opening <- struct{}{}:
	case <-ctx.Done():
		return render.Picture{}, context.Cause(ctx)
	}
	defer func() { <-p.opening }()
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
	subject := render.Subject{Key: strconv.Itoa(number), Orientation: facts.Orientation}
	frame := thumbFrame()
	if small := exif.Thumbnail(f, info.Size()); small != nil {
		subject.Open = func() (io.ReadSeekCloser, error) { return inMemory{bytes.NewReader(small)}, nil }
		if made, err := p.pictures.Picture(ctx, subject, withoutBars(frame, small, facts)); err == nil {
			return made, nil
		}
	}
	if t, ok := media.ByName(path); ok && (t.Kind == media.Video || t.Raw) || info.Size() > mostDrawn {
		return render.Picture{}, render.ErrNotDrawn
	}
	subject.Open = func() (io.ReadSeekCloser, error) { return os.Open(path) }
	return p.pictures.Picture(ctx, subject, frame)
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
	return render.Tile(s, thumbFrame(), true)
}

// inMemory is bytes that can be closed.
type inMemory struct{ *bytes.Reader }

// Close does nothing.
func (inMemory) Close() error { return nil }
