package inspect

import (
	"encoding/binary"
	"io"
	"strings"
	"time"
)

// Bounds of the walk over image file directories. Real files have below ten
// directories of below a hundred entries; a crafted one may claim 65,535 in a
// circle.
const (
	maxDirectories = 64
	maxEntries     = 1024
	maxSubDirs     = 16
	maxText        = 64
)

// Tags that the walk reads.
const (
	tagNewSubfileType   = 0x00FE
	tagWidth            = 0x0100
	tagHeight           = 0x0101
	tagCompression      = 0x0103
	tagPhotometric      = 0x0106
	tagMake             = 0x010F
	tagModel            = 0x0110
	tagOrientation      = 0x0112
	tagSubIFDs          = 0x014A
	tagEXIF             = 0x8769
	tagDateTimeOriginal = 0x9003
	tagPixelXDimension  = 0xA002
	tagPixelYDimension  = 0xA003
	tagDNGVersion       = 0xC612
)

// tiffFacts is what a walk found.
type tiffFacts struct {
	width, height int  // of the first directory that states both
	exifW, exifH  int  // PixelXDimension, PixelYDimension
	entries       int  // in all directories
	dng, cr2      bool // DNGVersion; Canon's mark in the header
	raw           bool // the pixels are a sensor's
	thumbFirst    bool // the first directory is a reduced picture
	cameraMake    string
	model         string
	orientation   int
	taken         time.Time
}

// lookTIFF names the raw format and wants a size that is stated somewhere: a
// TIFF without one cannot be shown. Raw files of makers who keep the size in
// tags of their own (RW2, ORF) need only a directory.
func lookTIFF(f *Facts, r io.ReaderAt, size int64) error {
	d, ok := walkTIFF(r, size)
	if !ok || d.entries == 0 {
		return ErrDamaged
	}
	f.Taken, f.Orientation = d.taken, d.orientation
	if f.Type == RW2 || f.Type == ORF {
		return nil
	}
	f.Type = d.typ()
	hasSize := d.width > 0 && d.height > 0
	if !hasSize && (f.Type == TIFF || d.exifW <= 0 || d.exifH <= 0) {
		return ErrDamaged
	}
	if f.Type == TIFF {
		f.Width, f.Height = d.width, d.height // a raw file's first directory is its thumbnail
	}
	return nil
}

// typ tells the raw formats from a plain TIFF. The maker alone does not: a
// scanner's or an editor's TIFF names the camera too.
func (d *tiffFacts) typ() Type {
	is := func(names ...string) bool {
		for _, n := range names {
			if strings.HasPrefix(d.cameraMake, n) {
				return true
			}
		}
		return false
	}
	switch {
	case d.dng:
		return DNG
	case d.cr2:
		return CR2
	case !d.raw && !d.thumbFirst:
		return TIFF
	case is("NIKON") && strings.HasPrefix(d.model, "COOLPIX"):
		return NRW
	case is("NIKON"):
		return NEF
	case is("SONY") && d.model == "DSC-R1": // the one camera that wrote SR2
		return SR2
	case is("SONY"):
		return ARW
	case is("PENTAX", "RICOH", "ASAHI"):
		return PEF
	case is("OLYMPUS"):
		return ORF
	default:
		return TIFF
	}
}

// tiffWalk is the state of one walk, used by one goroutine.
type tiffWalk struct {
	r     io.ReaderAt
	size  int64
	order binary.ByteOrder
	seen  map[uint32]bool // directories visited, so that a circle ends
	queue []uint32
	d     tiffFacts
}

// walkTIFF visits every directory that can be reached from the header, each
// once and within the bounds above. ok is false when there is no header.
func walkTIFF(r io.ReaderAt, size int64) (d tiffFacts, ok bool) {
	var head [10]byte
	if n, _ := r.ReadAt(head[:], 0); n < 8 {
		return d, false
	}
	w := tiffWalk{r: r, size: size, order: binary.LittleEndian, seen: map[uint32]bool{}}
	switch string(head[:2]) {
	case "II":
	case "MM":
		w.order = binary.BigEndian
	default:
		return d, false
	}
	w.d.cr2 = string(head[8:]) == "CR"
	w.push(w.order.Uint32(head[4:]))
	for len(w.queue) > 0 {
		at := w.queue[0]
		w.queue = w.queue[1:]
		w.directory(at)
	}
	return w.d, true
}

func (w *tiffWalk) push(at uint32) {
	if at < 8 || int64(at)+2 > w.size || w.seen[at] || len(w.seen) >= maxDirectories {
		return
	}
	w.seen[at] = true
	w.queue = append(w.queue, at)
}

// directory reads one directory and queues the ones it names.
func (w *tiffWalk) directory(at uint32) {
	var two [2]byte
	if n, _ := w.r.ReadAt(two[:], int64(at)); n < 2 {
		return
	}
	declared := int(w.order.Uint16(two[:]))
	block := make([]byte, 12*min(declared, maxEntries))
	n, _ := w.r.ReadAt(block, int64(at)+2)
	first := len(w.seen) == 1 && w.d.entries == 0
	width, height := 0, 0
	for ; n >= 12; n -= 12 {
		e := entry{w.order, block[:12]}
		block = block[12:]
		w.d.entries++
		switch e.tag() {
		case tagWidth:
			width = e.number()
		case tagHeight:
			height = e.number()
		default:
			w.entry(e, first)
		}
	}
	if w.d.width == 0 && width > 0 && height > 0 {
		w.d.width, w.d.height = width, height
	}
	var next [4]byte
	if n, _ := w.r.ReadAt(next[:], int64(at)+2+12*int64(declared)); n == 4 {
		w.push(w.order.Uint32(next[:]))
	}
}

// entry takes one fact. Orientation, maker and kind count in the first
// directory only: later ones describe previews.
func (w *tiffWalk) entry(e entry, first bool) {
	d := &w.d
	switch e.tag() {
	case tagSubIFDs:
		w.subDirectories(e)
	case tagEXIF:
		w.push(uint32(e.number()))
	case tagPhotometric:
		if p := e.number(); p == 32803 || p == 34892 { // colour filter array, linear raw
			d.raw = true
		}
	case tagCompression:
		if c := e.number(); c == 34713 || c == 32767 || c == 65535 { // Nikon, Sony, Pentax
			d.raw = true
		}
	case tagDNGVersion:
		d.dng = true
	case tagPixelXDimension:
		d.exifW = e.number()
	case tagPixelYDimension:
		d.exifH = e.number()
	case tagDateTimeOriginal:
		d.taken = wallClock(w.text(e))
	}
	if !first {
		return
	}
	switch e.tag() {
	case tagMake:
		d.cameraMake = strings.ToUpper(w.text(e))
	case tagModel:
		d.model = strings.ToUpper(w.text(e))
	case tagOrientation:
		if o := e.number(); o >= 1 && o <= 8 {
			d.orientation = o
		}
	case tagNewSubfileType:
		d.thumbFirst = e.number()&1 == 1
	}
}

// subDirectories queues the offsets of a SubIFDs entry: one stands in the
// entry, several stand elsewhere.
func (w *tiffWalk) subDirectories(e entry) {
	if e.count() == 1 {
		w.push(uint32(e.number()))
		return
	}
	block := make([]byte, 4*min(e.count(), maxSubDirs))
	n, _ := w.r.ReadAt(block, int64(e.offset()))
	for ; n >= 4; n -= 4 {
		w.push(w.order.Uint32(block))
		block = block[4:]
	}
}

// text reads an ASCII entry, at most maxText bytes of it.
func (w *tiffWalk) text(e entry) string {
	if e.kind() != 2 {
		return ""
	}
	n := min(e.count(), maxText)
	block := make([]byte, n)
	if n <= 4 {
		copy(block, e.b[8:])
	} else if got, _ := w.r.ReadAt(block, int64(e.offset())); got < int(n) {
		return ""
	}
	s, _, _ := strings.Cut(string(block), "\x00")
	return strings.TrimSpace(s)
}

// wallClock reads the EXIF form of a time as if its clock stood on UTC,
// contract 12 #40. Anything else is the zero time.
func wallClock(s string) time.Time {
	t, err := time.Parse("2006:01:02 15:04:05", s)
	if err != nil || t.Year() < 1 {
		return time.Time{}
	}
	return t
}

// entry is the twelve bytes of one directory entry.
type entry struct {
	order binary.ByteOrder
	b     []byte
}

func (e entry) tag() uint16    { return e.order.Uint16(e.b) }
func (e entry) kind() uint16   { return e.order.Uint16(e.b[2:]) }
func (e entry) count() uint32  { return e.order.Uint32(e.b[4:]) }
func (e entry) offset() uint32 { return e.order.Uint32(e.b[8:]) }

// number reads a byte, short, long or offset; 0 for any other kind, and for
// what no count or size can be.
func (e entry) number() int {
	switch e.kind() {
	case 1:
		return int(e.b[8])
	case 3:
		return int(e.order.Uint16(e.b[8:]))
	case 4, 13:
		return int(int32(e.order.Uint32(e.b[8:])))
	default:
		return 0
	}
}
