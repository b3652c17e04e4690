package media

import (
	"path/filepath"
	"slices"
	"strings"
)

// The limits. The guide says "200 MB" and "20 GB" and not which kind of M and
// G: these are the larger ones, so that the service decides what lies between
// and no file is refused here that it would take.
//
// Library API guide "Upload media", "File types and sizes".
const (
	maxPhoto = 200 << 20
	maxVideo = 20 << 30
)

// entry is a row of the table.
type entry struct {
	Type
	extensions []string // lower case, with the dot; the usual one first
	// in are the containers whose content may bear this type's name. Where types
	// share one, as all TIFF-based raw formats do, the name decides.
	in []container
}

// container is what a signature tells. It is coarser than a type where several
// types look the same in their first bytes.
type container int

const (
	noContainer container = iota
	inJPEG
	inPNG
	inGIF
	inBMP
	inICO
	inWebP
	inTIFF
	inHEIC
	inAVIF
	inHEIF // by brands alone either HEIC or AVIF
	inJXL
	inDNG
	inCR2
	inCR3
	inCRW
	inORF
	inRAF
	inRW2
	inISO // MP4 and its relatives, and QuickTime, from which they come
	inAVI
	inMatroska
	inWebM
	inASF
	inTS // MPEG transport stream, plain or with time stamps
	inPS // MPEG program stream
	inES // MPEG video stream without a container
)

// types returns the table. A photo or video type without a remark is listed in
// the guide "Upload media", "File types and sizes"; docs/api.md says more.
func types() []entry {
	return slices.Concat(photos(), raws(), videos(), strangers())
}

func photos() []entry {
	return []entry{
		photo("JPEG", "image/jpeg", exts(".jpg", ".jpeg", ".jpe", ".jfif"), inJPEG),
		photo("PNG", "image/png", exts(".png"), inPNG),
		photo("GIF", "image/gif", exts(".gif"), inGIF),
		photo("BMP", "image/bmp", exts(".bmp"), inBMP),
		photo("ICO", "image/vnd.microsoft.icon", exts(".ico"), inICO),
		photo("TIFF", "image/tiff", exts(".tif", ".tiff"), inTIFF),
		photo("WebP", "image/webp", exts(".webp"), inWebP),
		// .hif is what Canon and Sony write, .heif is the general name.
		photo("HEIC", "image/heic", exts(".heic", ".heif", ".hif"), inHEIC, inHEIF),
		photo("AVIF", "image/avif", exts(".avif"), inAVIF, inHEIF),
	}
}

// raws are the guide's "some RAW". Which ones, the service says by camera model
// (support.google.com/photos/answer/6193313); these are the formats of the makers
// on that page.
func raws() []entry {
	return []entry{
		raw("DNG", "image/x-adobe-dng", exts(".dng"), inDNG, inTIFF),
		raw("CR2", "image/x-canon-cr2", exts(".cr2"), inCR2),
		raw("CR3", "image/x-canon-cr3", exts(".cr3"), inCR3),
		raw("CRW", "image/x-canon-crw", exts(".crw"), inCRW),
		raw("NEF", "image/x-nikon-nef", exts(".nef"), inTIFF),
		raw("NRW", "image/x-nikon-nrw", exts(".nrw"), inTIFF),
		raw("ARW", "image/x-sony-arw", exts(".arw"), inTIFF),
		raw("SR2", "image/x-sony-sr2", exts(".sr2"), inTIFF),
		raw("SRF", "image/x-sony-srf", exts(".srf"), inTIFF),
		raw("ORF", "image/x-olympus-orf", exts(".orf"), inORF, inTIFF),
		raw("RAF", "image/x-fuji-raf", exts(".raf"), inRAF),
		raw("RW2", "image/x-panasonic-rw2", exts(".rw2"), inRW2),
		raw("PEF", "image/x-pentax-pef", exts(".pef"), inTIFF),
		raw("RAW", "image/x-panasonic-raw", exts(".raw"), inRW2, inTIFF),
	}
}

func videos() []entry {
	return []entry{
		video("MP4", "video/mp4", exts(".mp4"), inISO),
		video("MOV", "video/quicktime", exts(".mov"), inISO),
		video("M4V", "video/x-m4v", exts(".m4v"), inISO),
		video("3GP", "video/3gpp", exts(".3gp"), inISO),
		video("3G2", "video/3gpp2", exts(".3g2"), inISO),
		video("AVI", "video/x-msvideo", exts(".avi"), inAVI),
		video("DIVX", "video/divx", exts(".divx"), inAVI),
		video("MKV", "video/x-matroska", exts(".mkv"), inMatroska, inWebM),
		video("ASF", "video/x-ms-asf", exts(".asf"), inASF),
		video("WMV", "video/x-ms-wmv", exts(".wmv"), inASF),
		video("MTS", "video/mp2t", exts(".mts"), inTS),
		video("M2TS", "video/mp2t", exts(".m2ts"), inTS),
		video("M2T", "video/mp2t", exts(".m2t"), inTS),
		video("MPG", "video/mpeg", exts(".mpg", ".mpeg"), inPS, inTS, inES),
		// Camcorders' names for what is MPEG-2: JVC and Panasonic write MOD on a
		// card and TOD for high definition, Sony's MICROMV cassettes gave MMV.
		video("MOD", "video/mpeg", exts(".mod"), inPS, inTS),
		video("TOD", "video/mp2t", exts(".tod"), inTS, inPS),
		video("MMV", "video/mpeg", exts(".mmv"), inPS, inTS),
	}
}

// strangers are recognised and not listed by the guide: they are here so that a
// file with a wrong name can be told by its right one.
func strangers() []entry {
	return []entry{
		{Type{Name: "JXL", MIME: "image/jxl", Kind: Photo}, exts(".jxl"), []container{inJXL}},
		{Type{Name: "WebM", MIME: "video/webm", Kind: Video}, exts(".webm"), []container{inWebM}},
	}
}

func photo(name, mime string, extensions []string, in ...container) entry {
	return entry{Type{Name: name, MIME: mime, Kind: Photo, MaxSize: maxPhoto}, extensions, in}
}

func raw(name, mime string, extensions []string, in ...container) entry {
	e := photo(name, mime, extensions, in...)
	e.Raw = true
	return e
}

func video(name, mime string, extensions []string, in ...container) entry {
	return entry{Type{Name: name, MIME: mime, Kind: Video, MaxSize: maxVideo}, extensions, in}
}

func exts(list ...string) []string { return list }

// Indexes of the table, made once and never written again.
var (
	byExtension = index(func(e entry) []string { return slices.Concat(e.extensions, upper(e.extensions)) })
	byTypeName  = index(func(e entry) []string { return []string{e.Name} })
)

func index(keys func(entry) []string) map[string]*entry {
	m := make(map[string]*entry)
	for _, e := range types() {
		for _, k := range keys(e) {
			m[k] = &e
		}
	}
	return m
}

func upper(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ToUpper(s)
	}
	return out
}

// named is the type that a file's extension stands for, nil for none. Nearly all are in small letters, or in capitals.
func named(name string) *entry {
	if e := byExtension[filepath.Ext(name)]; e != nil {
		return e
	}
	return byExtension[extension(name)]
}
