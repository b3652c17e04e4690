package gallery

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strconv"

	"github.com/albumwright/albumwright/internal/render"
)

// What a browser may be handed instead of a thumbnail.
const (
	maxHandedOver  = 8 << 20    // bytes
	maxHandedPixel = 60_000_000 // pixels
)

// The two sizes: a tile in the grid, twice for dense screens; a screen.
func thumbFrame() render.Frame   { return render.Frame{W: 640, H: 440} }
func previewFrame() render.Frame { return render.Frame{W: 1600, H: 1200} }

func (g *Gallery) thumb(w http.ResponseWriter, r *http.Request, v visit) {
	g.picture(w, r, v, thumbFrame())
}

func (g *Gallery) preview(w http.ResponseWriter, r *http.Request, v visit) {
	g.picture(w, r, v, previewFrame())
}

// picture answers with an item's picture, or with a tile that names its type.
func (g *Gallery) picture(w http.ResponseWriter, r *http.Request, v visit, frame render.Frame) {
	it, ok := v.lib.Item(r.PathValue("item"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	p, err := g.pictures.Picture(r.Context(), v.subject(it), frame)
	if r.Context().Err() != nil {
		return // the browser has gone on
	}
	if err != nil && browserMay(it) && !errors.Is(err, fs.ErrNotExist) {
		g.media(w, r, v)
		return
	}
	if err != nil {
		p = placeholder(it)
	}
	h := w.Header()
	h.Set("Content-Type", p.ContentType)
	h.Set("Content-Length", strconv.Itoa(len(p.Bytes)))
	h.Set("Cache-Control", "private, max-age=86400") // an item's bytes never change
	_, _ = w.Write(p.Bytes)
}

func (v visit) subject(it Item) render.Subject {
	return render.Subject{
		Key: it.SHA256, TypeName: it.TypeName, Video: it.Video,
		Width: it.Width, Height: it.Height, Orientation: it.Orientation,
		Open: func() (io.ReadSeekCloser, error) { return v.lib.Open(it.ID) },
	}
}

// browserMay reports whether a browser can be handed the bytes instead: it has
// decoders that we have not, and forgives what ours refuse. Large ones are not
// for a grid.
func browserMay(it Item) bool {
	switch it.MIMEType {
	case "image/jpeg", "image/webp", "image/avif":
		return it.Size <= maxHandedOver && it.Width*it.Height <= maxHandedPixel
	}
	return false
}
