package heif

import (
	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// readMovie claims what the moov box of an image sequence says: when it was
// made, how long it takes, and the size of its pictures. The first two are the
// header's, if it has them; the size is for files that have no primary item.
func (r reader) readMovie(body file.Block) {
	if header, ok := bmff.Find(body, "mvhd"); ok {
		r.readMovieHeader(header)
	}
	open := func() bool { return len(r.to.Sizes) == 0 || len(r.to.Durations) == 0 }
	if !open() {
		return
	}
	err := bmff.Each(body, func(box bmff.Box) bool {
		if box.Type == "trak" {
			r.readTrack(box.Body)
		}
		return open()
	})
	if err != nil {
		r.bad.Add("the boxes of the moov box: %v", err)
	}
}

func (r reader) readMovieHeader(body file.Block) {
	h, err := bmff.ReadMovieHeader(body)
	if err != nil {
		r.bad.Add("the movie header: %v", err)
		return
	}
	if !h.Created.IsZero() {
		r.to.Times = append(r.to.Times, claim.Time{Wall: h.Created, Instant: true, Source: claim.QuickTimeCreated})
	}
	r.to.AddDuration(claim.Header, h.Duration)
}

// readTrack claims what a track says of itself and the movie's header does not.
func (r reader) readTrack(body file.Block) {
	if header, ok := bmff.Find(body, "tkhd"); ok && len(r.to.Sizes) == 0 {
		r.readTrackSize(header)
	}
	// The header of a track's media begins as that of the movie does.
	if media, ok := bmff.Find(body, "mdia", "mdhd"); ok && len(r.to.Durations) == 0 {
		if h, err := bmff.ReadMovieHeader(media); err == nil {
			r.to.AddDuration(claim.Header, h.Duration)
		}
	}
}

// readTrackSize claims the size in a track's header, ISO/IEC 14496-12 section
// 8.3.2: fixed-point numbers, of which the upper half is pixels.
func (r reader) readTrackSize(header file.Block) {
	// Bytes in front of the size: times and duration are wider in version 1.
	const before, beforeWide = 76, 88
	f := bmff.Fields{Body: header}
	version, _ := f.Full()
	if f.At = before; version == 1 {
		f.At = beforeWide
	}
	width, height := f.Uint(4)>>16, f.Uint(4)>>16
	r.to.AddSize(claim.Header, int64(width), int64(height))
}
