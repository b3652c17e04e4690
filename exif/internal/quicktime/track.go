package quicktime

import (
	"math"

	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// trackHeader is what is wanted of a tkhd box, ISO/IEC 14496-12 section 8.3.2.
type trackHeader struct {
	units         uint64 // duration, in the movie's scale; zero is unknown
	width, height int64  // pixels; zero if there is none
	matrix        [9]int32
}

// track reads the first track of pictures. The others' boxes are leapt over: they
// are sound, text, and the measurements that phones take while they film.
func (r *reader) track(trak file.Block) {
	if r.hasVideo {
		return
	}
	var header trackHeader
	err := r.each(trak, func(b bmff.Box) bool {
		switch b.Type {
		case "tkhd":
			header = readTrackHeader(b.Body)
		case "mdia":
			if r.hasVideo = isVideo(b.Body); r.hasVideo {
				r.picture(header, b.Body)
			}
		}
		return b.Type != "mdia"
	})
	if err != nil {
		r.bad.Add("the boxes of a track end: %v", err)
	}
}

// picture claims size and rotation.
func (r *reader) picture(header trackHeader, media file.Block) {
	r.pace()
	r.video = header
	if header.width == 0 || header.height == 0 {
		header.width, header.height = sampleSize(media)
	}
	r.to.AddSize(claim.Header, header.width, header.height)
	if degrees, ok := header.rotation(); ok {
		r.to.Rotations = append(r.to.Rotations, claim.Number{Value: degrees, Source: claim.Header})
	}
}

// isVideo asks the handler of a track's media, ISO/IEC 14496-12 section 8.4.3.
func isVideo(media file.Block) bool {
	const kind = 8 // behind version, flags and what QuickTime calls the component's type
	handler, ok := bmff.Find(media, "hdlr")
	if !ok {
		return false
	}
	b, err := handler.At(kind, 4)
	return err == nil && string(b) == "vide"
}

func readTrackHeader(body file.Block) trackHeader {
	var h trackHeader
	f := bmff.Fields{Body: body}
	width := 4 // bytes of the times and of the duration
	version, _ := f.Full()
	if version == 1 {
		width = 8
	}
	f.Skip(int64(2*width) + 8) // times, the track's number, reserved
	h.units = f.Uint(width)
	if unknown := uint64(1)<<(8*width) - 1; h.units == unknown {
		h.units = 0
	}
	f.Skip(16) // reserved, layer, group, volume
	for i := range h.matrix {
		h.matrix[i] = int32(f.Uint(4))
	}
	h.width, h.height = pixels(f.Uint(4)), pixels(f.Uint(4))
	if f.Err != nil {
		return trackHeader{}
	}
	return h
}

// pixels reads a fixed-point number with 16 bits behind the point. Some writers
// forget the point; no picture is less than one pixel wide.
func pixels(v uint64) int64 {
	if v>>16 == 0 {
		return int64(v)
	}
	return int64(v >> 16)
}

// rotation is how far the matrix turns the picture clockwise, if by a quarter or
// none. The matrix maps x to ax+cy and y to bx+dy, and y points down; a
// picture seen in a mirror has no rotation that puts it right.
func (h trackHeader) rotation() (degrees int, ok bool) {
	const quarter, tolerance = 90, 1
	a, b, c, d := float64(h.matrix[0]), float64(h.matrix[1]), float64(h.matrix[3]), float64(h.matrix[4])
	if a*d-b*c <= 0 {
		return 0, false
	}
	angle := math.Atan2(b, a) * 180 / math.Pi
	quarters := math.Round(angle / quarter)
	return (int(quarters)*quarter + 360) % 360, math.Abs(angle-quarters*quarter) <= tolerance
}

// sampleSize is the size of the coded pictures, for writers that leave it out of
// the track's header; ISO/IEC 14496-12 section 12.1.3.
func sampleSize(media file.Block) (width, height int64) {
	samples, ok := bmff.Find(media, "minf", "stbl", "stsd")
	if !ok {
		return 0, 0
	}
	// Version, flags and count; then the first description: its size, its type,
	// eight bytes of every kind of sample, sixteen that are reserved.
	f := bmff.Fields{Body: samples, At: 8 + 8 + 8 + 16}
	return int64(f.Uint(2)), int64(f.Uint(2))
}
