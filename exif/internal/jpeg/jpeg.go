// Package jpeg goes through the segments of a JPEG file and finds the records in
// them: EXIF, XMP, and IPTC among Photoshop's resources. It tells motion photos,
// whose video stands behind the picture.
package jpeg

import (
	"bytes"
	"encoding/binary"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/iptc"
	"github.com/albumwright/albumwright/exif/internal/tiff"
	"github.com/albumwright/albumwright/exif/internal/xmp"
)

const (
	// maxBlocks bounds the EXIF blocks of one file; one is right, two occur. It
	// also bounds the XMP packets.
	maxBlocks = 4

	// maxParts bounds the segments of one EXIF block, and those of Photoshop's
	// resources: 16 are a full MiB.
	maxParts = 16

	exifSignature = 6 // bytes of "Exif", NUL, and a NUL that some write as 0xff

	// XMP specification part 3, 1.1.3. Packets over 64 KiB go on in segments of
	// another signature, which hold nothing but what editors need.
	xmpSignature = "http://ns.adobe.com/xap/1.0/\x00"

	// Photoshop's resources go on in as many segments as they need; each has the
	// signature.
	photoshopSignature = "Photoshop 3.0\x00"
)

// headSize is read first. The EXIF directories of most cameras lie in the first
// two KiB, before their maker note, so one read answers most questions.
const headSize = 4 << 10

// Read claims what the segments in front of a JPEG's scan hold, and whether there
// is a video behind it.
func Read(src *file.Source, to *claim.Set, bad *file.Complaints) {
	if src.Begin(headSize) != nil {
		return // the source keeps its error
	}
	if video := read(src.Whole(), to, bad); hasVideo(src, video, to) {
		to.MotionPhoto = true
	}
}

// ReadBlock claims what the segments of a JPEG inside of another file hold, such
// as a raw file's preview.
func ReadBlock(b file.Block, to *claim.Set, bad *file.Complaints) { read(b, to, bad) }

// read returns what the XMP says of a video.
func read(b file.Block, to *claim.Set, bad *file.Complaints) (video xmp.Video) {
	head := walk(b, to, bad)
	for _, parts := range head.exif {
		tiff.Read(file.Concat(parts...), to, bad)
	}
	for _, packet := range head.xmp {
		text, err := packet.Long()
		if err != nil {
			bad.Add("the XMP packet lies %v", err)
			continue
		}
		if v := xmp.ReadStill(text, to, bad); v.Said {
			video = v
		}
	}
	iptc.PhotoshopIn(file.Concat(head.photoshop...), to, bad)
	return video
}

// head collects the records. EXIF blocks and Photoshop's resources may lie in
// several segments.
type head struct {
	exif      [][]file.Block
	xmp       []file.Block
	photoshop []file.Block
}

// walk goes from segment to segment up to the frame header, and on to the scan
// if no EXIF block was met before it.
func walk(b file.Block, to *claim.Set, bad *file.Complaints) head {
	var found head
	framed := false
	w := walker{block: b, pos: 2, garbage: maxGarbage}
	for {
		s, err := w.next()
		switch {
		case err != nil:
			bad.Add("the picture's header ends at byte %d: %v", w.pos, err)
			return found
		case s.marker == markerSOS || s.marker == markerEOI:
			if !framed {
				bad.Add("no frame header")
			}
			return found
		case isFrame(s.marker) && !framed:
			framed = true
			width, height := frameSize(s.body, bad)
			to.AddSize(claim.Header, width, height)
			if len(found.exif) > 0 {
				return found
			}
		case s.marker == markerAPP1:
			found.addAPP1(s.body, bad)
		case s.marker == markerAPP13:
			found.addPhotoshop(s.body)
		}
	}
}

// frameSize reads the picture's size; ITU-T T.81 B.2.2: precision, lines, samples
// per line. Zero lines are lawful and mean unknown.
func frameSize(body file.Block, bad *file.Complaints) (width, height int64) {
	const lines, samples = 1, 3
	b, err := body.At(0, samples+2)
	if err != nil {
		bad.Add("the frame header is cut short")
		return 0, 0
	}
	return int64(binary.BigEndian.Uint16(b[samples:])), int64(binary.BigEndian.Uint16(b[lines:]))
}

// addAPP1 takes the segment if it is EXIF or XMP.
func (h *head) addAPP1(body file.Block, bad *file.Complaints) {
	b, err := body.At(0, int(min(int64(len(xmpSignature)), body.Size())))
	switch {
	case err != nil:
	case bytes.HasPrefix(b, []byte("Exif\x00")) && len(b) >= exifSignature:
		h.addEXIF(body.From(exifSignature), tiff.IsHeader(b[exifSignature:]), bad)
	case isXMP(b) && len(h.xmp) < maxBlocks:
		h.xmp = append(h.xmp, body)
	}
}

// addEXIF takes a piece of EXIF: as a new block, or, if it does not begin like
// one, as the continuation of the last.
func (h *head) addEXIF(piece file.Block, begins bool, bad *file.Complaints) {
	switch last := len(h.exif) - 1; {
	case begins:
		if len(h.exif) < maxBlocks {
			h.exif = append(h.exif, []file.Block{piece})
		}
	case last >= 0 && len(h.exif[last]) < maxParts:
		h.exif[last] = append(h.exif[last], piece)
	default:
		bad.Add("an EXIF segment without a TIFF header")
	}
}

// isXMP tells XMP by the beginning of its segment; some programs forget the
// signature, or a part of it.
func isXMP(b []byte) bool {
	for _, signature := range []string{xmpSignature[:len(xmpSignature)-1], "XMP\x00", "<?xpacket", "<x:xmpmeta"} {
		if bytes.HasPrefix(b, []byte(signature)) {
			return true
		}
	}
	return false
}

// addPhotoshop takes the segment if it holds Photoshop's resources.
func (h *head) addPhotoshop(body file.Block) {
	b, err := body.At(0, int(min(int64(len(photoshopSignature)), body.Size())))
	if err == nil && string(b) == photoshopSignature && len(h.photoshop) < maxParts {
		h.photoshop = append(h.photoshop, body.From(int64(len(photoshopSignature))))
	}
}
