package inspect

import (
	"encoding/binary"
	"io"
)

const (
	maxRuns = 4096 // runs of pictures of one length that are looked at; one is usual, phones write hundreds
	maxRate = 1000 // pictures a second
)

// frameRate is how many pictures a film shows in a second on average, as the
// index of its first track of pictures says; 0 = unknown. Only the formats with
// such an index are asked: a choice.
func frameRate(t Type, r io.ReaderAt, size int64) float64 {
	switch t {
	case MP4, MOV, M4V, ThreeGP, ThreeG2:
	default:
		return 0
	}
	w := boxWalk{r: r, left: maxBoxes}
	film, _ := w.find(box{to: size}, "moov")
	rate := 0.0
	w.each(film.from, film.to, func(track box) bool {
		if media, ok := w.find(track, "mdia"); track.name == "trak" && ok && w.isPictures(media) {
			rate = w.rate(media)
			return false
		}
		return true
	})
	return rate
}

// isPictures asks the handler of a track's media, ISO/IEC 14496-12 section 8.4.3.
func (w *boxWalk) isPictures(media box) bool {
	handler, _ := w.find(media, "hdlr")
	return string(w.bytes(handler, 8, 4)) == "vide"
}

// rate divides the pictures by their time, ISO/IEC 14496-12 section 8.6.1.2:
// runs of so many pictures that last so long each.
func (w *boxWalk) rate(media box) float64 {
	runs, _ := w.find(media, "minf", "stbl", "stts")
	var pictures, units float64
	for b := w.bytes(runs, 8, 8*maxRuns); len(b) >= 8; b = b[8:] {
		n := float64(binary.BigEndian.Uint32(b))
		pictures += n
		units += n * float64(binary.BigEndian.Uint32(b[4:]))
	}
	scale := w.timeScale(media)
	if units == 0 || pictures*scale > maxRate*units {
		return 0
	}
	return pictures * scale / units
}

// timeScale is the number of units in a second, ISO/IEC 14496-12 section 8.4.2.
func (w *boxWalk) timeScale(media box) float64 {
	header, _ := w.find(media, "mdhd")
	at := int64(4 + 4 + 4) // version and flags, two times
	if version := w.bytes(header, 0, 1); len(version) == 1 && version[0] == 1 {
		at = 4 + 8 + 8
	}
	b := w.bytes(header, at, 4)
	if len(b) < 4 {
		return 0
	}
	return float64(binary.BigEndian.Uint32(b))
}
