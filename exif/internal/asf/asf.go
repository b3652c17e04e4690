// Package asf reads files of Microsoft's Advanced Systems Format: ASF and WMV.
package asf

import (
	"bytes"
	"encoding/binary"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/value"
	"github.com/albumwright/albumwright/exif/internal/xmp"
)

// The objects that are read, ASF specification 01.20.03 chapter 10, by their GUIDs
// as they stand in the file: the first three numbers with the lowest byte first.
// That of XMP is in its specification, part 3.
const (
	idHeader         = "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"
	idFileProperties = "\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\x00\xc0\x0c\x20\x53\x65"
	idStream         = "\x91\x07\xdc\xb7\xb7\xa9\xcf\x11\x8e\xe6\x00\xc0\x0c\x20\x53\x65"
	idContent        = "\x33\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"
	idExtended       = "\x40\xa4\xd0\xd2\x07\xe3\xd2\x11\x97\xf0\x00\xa0\xc9\x5e\xa8\x50"
	idData           = "\x36\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"
	idXMP            = "\xcb\xcf\x7a\xbe\xa9\x97\xe8\x42\x9c\x71\x99\x94\x91\xe3\xaf\xac"

	typeVideo = "\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b"
)

const (
	guidSize   = 16
	objectHead = guidSize + 8

	// maxObjects bounds the objects of one level; a header has about ten.
	maxObjects = 200

	// ahead is read at once: objects are leapt over by their heads.
	ahead = 256
)

// Read claims what the header says, and XMP that stands behind the video.
func Read(src *file.Source, to *claim.Set, bad *file.Complaints) {
	src.Ahead(ahead)
	each(src.Whole(), bad, func(id string, body file.Block) {
		switch id {
		case idHeader:
			const counts = 6 // the number of objects, and reserved bytes
			each(body.From(counts), bad, func(id string, body file.Block) { readObject(id, body, to, bad) })
		case idXMP:
			readXMP(body, to, bad)
		}
	})
}

func readXMP(body file.Block, to *claim.Set, bad *file.Complaints) {
	if packet, err := body.Long(); err == nil {
		xmp.Read(packet, to, bad)
	}
}

// each calls f for every object inside b, in order.
func each(b file.Block, bad *file.Complaints, f func(id string, body file.Block)) {
	off := int64(0)
	for n := 0; off+objectHead <= b.Size() && n < maxObjects; n++ {
		head, err := b.At(off, objectHead)
		if err != nil {
			return // the source keeps its error; nothing else can be
		}
		id := string(head[:guidSize])
		size := binary.LittleEndian.Uint64(head[guidSize:])
		if size == 0 && id == idData {
			return // a broadcast, whose size was not known
		}
		if size < objectHead {
			bad.Add("an object with an impossible size")
			return
		}
		if size > uint64(b.Size()-off) {
			bad.Add("an object is cut short")
			size = uint64(b.Size() - off)
		}
		f(id, b.Sub(off+objectHead, int64(size)-objectHead))
		off += int64(size)
	}
}

// readObject claims what one object of the header says.
func readObject(id string, body file.Block, to *claim.Set, bad *file.Complaints) {
	ok := true
	switch id {
	case idFileProperties:
		ok = fileProperties(body, to)
	case idStream:
		ok = stream(body, to)
	case idContent:
		ok = content(body, to)
	case idExtended:
		ok = extendedContent(body, to)
	}
	if !ok {
		bad.Add("an object of the header is cut short")
	}
}

// fileProperties claims the date and the duration, section 3.2.
func fileProperties(body file.Block, to *claim.Set) bool {
	const (
		created  = 24
		length   = 40
		preroll  = 56
		flags    = 64
		size     = 68
		sent     = 1 // flag of a broadcast, whose length was not known
		tick     = 100 * time.Nanosecond
		maxTicks = 1 << 50 // three years
	)
	b, err := body.At(0, size)
	if err != nil {
		return false
	}
	if t, ok := moment(binary.LittleEndian.Uint64(b[created:])); ok {
		to.Times = append(to.Times, claim.Time{Wall: t, Instant: true, Source: claim.ASFCreated})
	}
	// The length has the preroll in it: what a player fetches before it begins.
	ticks := binary.LittleEndian.Uint64(b[length:])
	before := binary.LittleEndian.Uint64(b[preroll:])
	if ticks <= maxTicks && before <= maxTicks && binary.LittleEndian.Uint32(b[flags:])&sent == 0 {
		to.AddDuration(claim.Header, time.Duration(ticks)*tick-time.Duration(before)*time.Millisecond)
	}
	return true
}

// moment converts Windows' count of 100 nanoseconds since 1601, in UTC; zero is no
// date. The fraction of a second is dropped: it tells of the program that wrote the
// file and not of what was filmed.
func moment(ticks uint64) (time.Time, bool) {
	const (
		perSecond  = 10_000_000
		before1970 = 11_644_473_600
		year10000  = 265_046_774_400
	)
	seconds := ticks / perSecond
	if ticks == 0 || seconds >= year10000 {
		return time.Time{}, false
	}
	t := time.Unix(int64(seconds)-before1970, 0).UTC()
	return value.Wall(t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second())
}

// stream claims the size of a stream of video, sections 3.3 and 9.2.
func stream(body file.Block, to *claim.Set) bool {
	const picture = 54 // where the width is, and the height behind it
	b, err := body.At(0, guidSize)
	if err != nil {
		return false
	}
	if !bytes.Equal(b, []byte(typeVideo)) {
		return true
	}
	if b, err = body.At(picture, 8); err != nil {
		return false
	}
	to.AddSize(claim.Header, int64(binary.LittleEndian.Uint32(b)), int64(binary.LittleEndian.Uint32(b[4:])))
	return true
}
