// Package quicktime reads movies: MP4, MOV, M4V, 3GP and 3G2, which are all made
// of the boxes of QuickTime, now ISO/IEC 14496-12.
//
// What a movie is about stands in its moov box, in three generations of metadata:
// the header of 1991, user data, in which every maker put boxes of its own, and
// the keys that phones write today. The pictures and the sound, which may be
// gigabytes on either side of it, are leapt over.
package quicktime

import (
	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/value"
	"github.com/albumwright/albumwright/exif/internal/xmp"
)

const (
	// movieAhead is read from the head of a movie on. Its header, and of the first
	// track the header and the handler, fit into it.
	movieAhead = 400

	// leapAhead is read of a box that is probably leapt over: its header, and a
	// little for those that are next to each other.
	leapAhead = 32

	// nearAhead is read of metadata, whose values lie close together.
	nearAhead = 512

	// userAhead is read of user data that is too large to be read at once: small
	// boxes between large ones.
	userAhead = 128

	// maxGather bounds the boxes of metadata that are read at once, because most
	// of what is in them is wanted.
	maxGather = 2 << 10

	// maxTop bounds the boxes at the top of a file. Four are usual.
	maxTop = 64

	// maxBoxes bounds those inside of them. Sixty are usual, on the way to what is
	// wanted.
	maxBoxes = 4 << 10

	// maxStills bounds the stills that a camera keeps beside its movie.
	maxStills = 8
)

// Ids of the boxes of type uuid.
const (
	uuidCanon = "\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48" // inside of moov
	uuidSize  = 16
)

// reader is the reading of one movie.
type reader struct {
	src *file.Source
	to  *claim.Set
	bad *file.Complaints

	header   bmff.MovieHeader
	video    trackHeader  // of the first track of pictures
	hasVideo bool         // there was one
	fragment uint64       // duration, as the header of a movie in fragments says it
	zone     *claim.Zone  // that a phone writes beside the header's time in UTC
	comments []claim.Text // come behind all descriptions
	document bool         // the XML was read

	boxes, stills int // so many may still be read
}

// Read claims what a movie says.
//
// The time in the header is claimed as an instant, as the standard has it, unless
// the phone has written its zone beside it.
func Read(src *file.Source, to *claim.Set, bad *file.Complaints) {
	r := &reader{src: src, to: to, bad: bad, boxes: maxBoxes, stills: maxStills}
	r.top()
	r.finish()
}

// top goes over the boxes at the top of the file. The movie may stand in front of
// its pictures or behind them, and XMP behind either.
func (r *reader) top() {
	whole, off, found := r.src.Whole(), int64(0), false
	r.pace()
	for range maxTop {
		box, next, err := bmff.At(whole, off)
		if err != nil && !found {
			r.bad.Add("no movie header: the boxes end at byte %d: %v", off, err)
		}
		if err != nil || next == 0 || box.Type == "moof" && found {
			break // behind the first fragment there are only more of them
		}
		switch box.Type {
		case "moov":
			found = true
			r.movie(box)
		case "uuid":
			r.uuid(box.Body)
		case "meta":
			r.meta(box.Body)
		case "mdat":
			if box.Cut {
				r.bad.Add("the file ends inside of its pictures and sound")
			}
		}
		off = next
	}
	if !found {
		r.bad.Add("no movie header")
	}
}

// movie reads the moov box.
func (r *reader) movie(moov bmff.Box) {
	if moov.Cut {
		r.bad.Add("the movie header is cut short")
	}
	err := r.each(moov.Body, func(b bmff.Box) bool {
		switch b.Type {
		case "mvhd":
			r.movieHeader(b.Body)
		case "mvex":
			r.fragments(b.Body)
		case "trak":
			r.track(b.Body)
		case "udta":
			r.userData(b.Body)
		case "meta":
			r.meta(b.Body)
		case "uuid":
			r.uuid(b.Body)
		}
		return true
	})
	if err != nil {
		r.bad.Add("the boxes of the movie header end: %v", err)
	}
}

// each is [bmff.Each] within the bound for all boxes of a movie.
func (r *reader) each(b file.Block, f func(bmff.Box) bool) error {
	return bmff.Each(b, func(box bmff.Box) bool {
		r.boxes--
		return r.boxes >= 0 && f(box)
	})
}

// pace sets how much is read at once: more as long as the movie's header and its
// pictures' track are to be found.
func (r *reader) pace() {
	if r.hasVideo {
		r.src.Ahead(leapAhead)
	} else {
		r.src.Ahead(movieAhead)
	}
}

func (r *reader) movieHeader(body file.Block) {
	header, err := bmff.ReadMovieHeader(body)
	if err != nil {
		r.bad.Add("the movie header: %v", err)
		return
	}
	r.header = header
}

// fragments reads how long a movie in fragments is; ISO/IEC 14496-12 section
// 8.8.2. Its header can then say nothing but zero.
func (r *reader) fragments(mvex file.Block) {
	body, ok := bmff.Find(mvex, "mehd")
	if !ok {
		return
	}
	f := bmff.Fields{Body: body}
	width := 4
	if version, _ := f.Full(); version == 1 {
		width = 8
	}
	r.fragment = f.Uint(width)
}

// uuid reads the boxes whose type did not fit into four letters.
func (r *reader) uuid(body file.Block) {
	id, err := body.At(0, uuidSize)
	if err != nil {
		return
	}
	switch string(id) {
	case bmff.XMPID:
		r.packet(body.From(uuidSize))
	case uuidCanon:
		r.canon(body.From(uuidSize))
	}
}

func (r *reader) packet(body file.Block) {
	if packet, err := body.Long(); err == nil {
		xmp.Read(packet, r.to, r.bad)
	}
}

// still reads what a camera keeps beside its movie as if that were a photo: EXIF,
// or a small JPEG with EXIF inside. Size and orientation are the photo's, and
// what is wrong with it is not wrong with the movie.
func (r *reader) still(read func(to *claim.Set, bad *file.Complaints)) {
	if r.stills--; r.stills < 0 {
		return
	}
	sizes, turns := len(r.to.Sizes), len(r.to.Orientations)
	r.src.Ahead(nearAhead)
	read(r.to, new(file.Complaints))
	r.pace()
	r.to.Sizes, r.to.Orientations = r.to.Sizes[:sizes], r.to.Orientations[:turns]
}

// finish claims what is known only when all is read.
func (r *reader) finish() {
	if created := r.header.Created; value.Plausible(created) {
		t := claim.Time{Wall: created, Instant: true, Source: claim.QuickTimeCreated}
		if r.zone != nil {
			t = claim.Time{Wall: created.Add(r.zone.Offset), Offset: r.zone.Offset, HasOffset: true, Source: t.Source}
		}
		r.to.Times = append(r.to.Times, t)
	}
	r.to.AddDuration(claim.Header, r.header.Duration)
	for _, units := range [...]uint64{r.fragment, r.video.units} {
		r.to.AddDuration(claim.Header, bmff.Duration(units, r.header.Scale))
	}
	r.to.Words = append(r.to.Words, r.comments...)
}

// gather reads a small box of metadata at once.
func gather(b file.Block) {
	if b.Size() <= maxGather {
		_, _ = b.At(0, int(b.Size())) // whoever reads a part of it meets the same error
	}
}
