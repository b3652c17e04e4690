package tiff

import "github.com/albumwright/albumwright/exif/internal/file"

// maxPictures bounds the directories below the first, and those behind it, that
// are looked at for the picture's size; raw files have up to four of each.
const maxPictures = 8

// maxSide is more pixels than any picture has in a row; more would overflow an
// area.
const maxSide = 1 << 24

// picture is what the directories of a TIFF say about its pixels.
type picture struct {
	width, height int64
	reduced       bool // only a smaller copy was found
	raw           bool // the pixels are a sensor's
}

func (p picture) area() int64 { return p.width * p.height }

// picture finds the size of a TIFF's picture. The first directory of a raw file
// often holds a thumbnail and says so in NewSubfileType; the full picture is the
// largest of those that call themselves full below it, or else the first behind
// it. Where the first is full, the others only matter to raw files, and what is
// wrong with them does not.
func (d directories) picture(first int64, main []entry) picture {
	p := d.size(main)
	p.reduced = !d.isFull(main)
	p.raw = d.isRaw(main) || d.isMarkedRaw(main)
	if !p.reduced {
		d.bad = new(file.Complaints)
	}
	for i, at := range d.numbers(main, tagSubIFDs) {
		if i == maxPictures {
			break
		}
		d.compare(&p, at)
	}
	for at, i := first, 0; p.reduced && i < maxPictures; i++ {
		if at = d.next(at); at == 0 {
			break
		}
		d.compare(&p, at)
	}
	return p
}

// compare takes the picture of the directory at a place if it is the better one.
func (d directories) compare(p *picture, at int64) {
	other := d.read(at, wantedForSize)
	p.raw = p.raw || d.isRaw(other)
	if size := d.size(other); d.isFull(other) && size.area() > 0 && (p.reduced || size.area() > p.area()) {
		p.width, p.height, p.reduced = size.width, size.height, false
	}
}

// next is the place of the directory behind the one at a place; zero if there is
// none.
func (d directories) next(at int64) int64 {
	b, err := d.block.At(at, d.layout.counter)
	if err != nil {
		return 0
	}
	entries := d.number(b, d.layout.counter)
	if entries > maxTags {
		return 0
	}
	at += int64(d.layout.counter) + entries*int64(d.layout.entry)
	if b, err = d.block.At(at, d.layout.value); err != nil {
		return 0
	}
	return d.number(b, d.layout.value)
}

// isFull reports whether a directory's picture is the real one: NewSubfileType
// is zero but for bit 1, a page of several. Other bits mark a reduced copy, a
// mask, a depth map, an enhanced copy. Without the tag it is full.
func (d directories) isFull(entries []entry) bool {
	const page = 1 << 1
	return d.first(entries, tagNewSubfileType)&^page == 0
}

func (d directories) size(entries []entry) picture {
	w, h := d.first(entries, tagImageWidth), d.first(entries, tagImageLength)
	if w < 1 || h < 1 || w > maxSide || h > maxSide {
		return picture{}
	}
	return picture{width: w, height: h}
}

// isRaw reports whether a directory's pixels are a sensor's. TIFF/EP and DNG
// have names for such pixels, and some makers have packings of their own.
func (d directories) isRaw(entries []entry) bool {
	const (
		photometricCFA       = 32803
		photometricLinearRaw = 34892
		compressionSony      = 32767
		compressionPacked    = 32769 // Nikon, Samsung and Epson
		compressionSamsung   = 32770
		compressionNikon     = 34713
		compressionKodak     = 65000
		compressionPentax    = 65535
	)
	switch d.first(entries, tagPhotometric) {
	case photometricCFA, photometricLinearRaw:
		return true
	}
	switch d.first(entries, tagCompression) {
	case compressionSony, compressionPacked, compressionSamsung, compressionNikon, compressionKodak, compressionPentax:
		return true
	}
	return false
}

// isMarkedRaw asks the first directory alone, for files that are cut short: a
// DNG says that it is one, and Sony keeps private data beside the thumbnail.
func (d directories) isMarkedRaw(main []entry) bool {
	_, dng := find(main, tagDNGVersion)
	_, private := find(main, tagDNGPrivateData)
	return dng || private && !d.isFull(main)
}
