package inspect_test

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
	"github.com/albumwright/albumwright/internal/fixture"
)

func look(media string) (inspect.Facts, error) {
	return inspect.File(strings.NewReader(media), int64(len(media)))
}

// field is one entry of a directory.
type field struct {
	tag, kind uint16
	count     uint32
	value     any // uint16, uint32 or string
}

// tiff builds a file of one directory, with an EXIF directory if exif is not
// empty.
func tiff(order binary.AppendByteOrder, magic string, fields []field, exif ...field) string {
	const start = 16
	b := []byte(magic)
	b = order.AppendUint32(b, start)
	b = append(b, make([]byte, start-len(b))...)
	if len(exif) > 0 {
		fields = append(fields, field{0x8769, 4, 1, uint32(start + 2 + 12*(len(fields)+1) + 4)})
	}
	b = directory(order, b, fields, len(exif) > 0)
	if len(exif) > 0 {
		b = directory(order, b, exif, false)
	}
	return string(b)
}

// directory appends a directory and its texts. A directory that another one
// follows must have no texts.
func directory(order binary.AppendByteOrder, b []byte, fields []field, more bool) []byte {
	texts := len(b) + 2 + 12*len(fields) + 4
	var tail []byte
	b = order.AppendUint16(b, uint16(len(fields)))
	for _, f := range fields {
		b = order.AppendUint16(b, f.tag)
		b = order.AppendUint16(b, f.kind)
		switch v := f.value.(type) {
		case uint16:
			b = order.AppendUint32(b, f.count)
			b = append(order.AppendUint16(b, v), 0, 0)
		case uint32:
			b = order.AppendUint32(b, f.count)
			b = order.AppendUint32(b, v)
		case string:
			b = order.AppendUint32(b, uint32(len(v)+1))
			if more {
				panic("no room for texts")
			}
			if len(v) < 4 {
				b = append(append(b, v...), make([]byte, 4-len(v))...)
				continue
			}
			b = order.AppendUint32(b, uint32(texts+len(tail)))
			tail = append(append(tail, v...), 0)
		}
	}
	return append(order.AppendUint32(b, 0), tail...)
}

func sizeFields(w, h int) []field {
	return []field{{0x100, 4, 1, uint32(w)}, {0x101, 4, 1, uint32(h)}}
}

var little, big = binary.LittleEndian, binary.BigEndian

func box(name, body string) string {
	return string(big.AppendUint32(nil, uint32(8+len(body)))) + name + body
}

func ftyp(brands ...string) string {
	return box("ftyp", brands[0]+"\x00\x00\x00\x00"+strings.Join(brands[1:], ""))
}

func packets(size, at, n int) string {
	p := make([]byte, size*n)
	for i := range n {
		p[i*size+at] = 0x47
	}
	return string(p)
}

func jpegWith(segments string) string {
	return "\xFF\xD8" + segments + "\xFF\xC0\x00\x0B\x08\x00\x1E\x00\x28\x01\x01\x11\x00" +
		"\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00\x12\x34\xFF\xD9"
}

func app1(body string) string {
	return "\xFF\xE1" + string(big.AppendUint16(nil, uint16(2+len(body)))) + body
}

// known is a file of one type, and what is read from it.
type known struct {
	name, media string
	want        inspect.Type
	w, h        int
}

func knownPhotos() []known {
	moov := box("moov", "")
	raw := func(encode func(fixture.Spec) []byte, maker, model string) string {
		return string(encode(fixture.Spec{Width: 40, Height: 30, Make: maker, Model: model}))
	}
	return []known{
		{"JPEG", jpegWith(""), inspect.JPEG, 40, 30},
		{"JPEG after fill bytes", jpegWith("\xFF\xFF\xFF\xFE\x00\x04ab"), inspect.JPEG, 40, 30},
		{"PNG", "\x89PNG\r\n\x1A\n\x00\x00\x00\x0DIHDR\x00\x00\x00\x07\x00\x00\x00\x05\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01IDATx\x00\x00\x00\x00", inspect.PNG, 7, 5},
		{"GIF", "GIF87a\x07\x00\x05\x00\x00\x00\x00\x3B", inspect.GIF, 7, 5},
		{"lossy WebP", "RIFF\x1A\x00\x00\x00WEBPVP8 \x0A\x00\x00\x00\x00\x00\x00\x9D\x01\x2A\x07\x00\x05\x40", inspect.WebP, 7, 5},
		{"lossless WebP", "RIFF\x1A\x00\x00\x00WEBPVP8L\x0A\x00\x00\x00\x2F\x06\x00\x01\x00\x00\x00\x00\x00\x00", inspect.WebP, 7, 5},
		{"extended WebP", "RIFF\x1A\x00\x00\x00WEBPVP8X\x0A\x00\x00\x00\x08\x00\x00\x00\x06\x00\x00\x04\x00\x00", inspect.WebP, 7, 5},
		{"TIFF", tiff(little, "II*\x00", sizeFields(7, 5)), inspect.TIFF, 7, 5},
		{"TIFF of the other order", tiff(big, "MM\x00*", sizeFields(7, 5)), inspect.TIFF, 7, 5},
		{"BMP", "BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x07\x00\x00\x00\x05\x00\x00\x00", inspect.BMP, 7, 5},
		{"BMP that stands top down", "BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x07\x00\x00\x00\xFB\xFF\xFF\xFF", inspect.BMP, 7, 5},
		{"BMP with the old header", "BM\x00\x00\x00\x00\x00\x00\x00\x00\x1A\x00\x00\x00\x0C\x00\x00\x00\x07\x00\x05\x00\x01\x00\x18\x00", inspect.BMP, 7, 5},
		{"ICO", "\x00\x00\x01\x00\x01\x00\x10\x10\x00\x00\x01\x00\x20\x00\x04\x00\x00\x00\x16\x00\x00\x00abcd", inspect.ICO, 16, 16},
		{"HEIC", ftyp("heic", "mif1") + box("meta", "x"), inspect.HEIC, 0, 0},
		{"HEIF", ftyp("mif1", "heic") + box("meta", "x"), inspect.HEIF, 0, 0},
		{"AVIF", ftyp("avif", "mif1") + box("meta", "x"), inspect.AVIF, 0, 0},
		{"AVIF under the general brand", ftyp("mif1", "avif") + box("meta", "x"), inspect.AVIF, 0, 0},
		{"moving AVIF", ftyp("avis", "avif") + moov, inspect.AVIF, 0, 0},
		{"JPEG XL", "\xFF\x0A\x00", inspect.JXL, 0, 0},
		{"JPEG XL in boxes", "\x00\x00\x00\x0CJXL \r\n\x87\n", inspect.JXL, 0, 0},
		{"DNG", raw(fixture.DNG, "Aldermere", "Field 40"), inspect.DNG, 40, 30},
		{"DNG of a camera with a format of its own", raw(fixture.DNG, "NIKON CORPORATION", "NIKON D70"), inspect.DNG, 40, 30},
		{"CR2", raw(fixture.CR2, "Canon", "Canon EOS 7D"), inspect.CR2, 40, 30},
		{"CR3", ftyp("crx ", "isom") + moov, inspect.CR3, 0, 0},
		{"CRW", "II\x1A\x00\x00\x00HEAPCCDR\x02\x00", inspect.CRW, 0, 0},
		{"NEF", raw(fixture.NEF, "NIKON CORPORATION", "NIKON D70"), inspect.NEF, 40, 30},
		{"NRW", raw(fixture.NRW, "NIKON", "COOLPIX P7800"), inspect.NRW, 40, 30},
		{"ARW", raw(fixture.ARW, "SONY", "ILCE-7M3"), inspect.ARW, 40, 30},
		{"SR2", raw(fixture.SR2, "SONY", "DSC-R1"), inspect.SR2, 40, 30},
		{"PEF", raw(fixture.PEF, "PENTAX Corporation", "PENTAX K10D"), inspect.PEF, 40, 30},
		{"raw of another maker", raw(fixture.NEF, "Aldermere", "Field 40"), inspect.DNG, 40, 30},
		{"a scanner's TIFF with a maker", tiff(big, "MM\x00*", append(sizeFields(7, 5), field{0x10F, 2, 0, "Nikon"})), inspect.TIFF, 7, 5},
		{"ORF", raw(fixture.ORF, "OLYMPUS", "E-1"), inspect.ORF, 40, 30},
		{"RW2", tiff(little, "IIU\x00", []field{{2, 3, 1, uint16(4000)}}), inspect.RW2, 0, 0},
		{"RAF", "FUJIFILMCCD-RAW 0201", inspect.RAF, 0, 0},
	}
}

func knownVideos() []known {
	moov := box("moov", "")
	return []known{
		{"MP4", ftyp("isom", "mp41") + moov, inspect.MP4, 0, 0},
		{"MP4 with its index at the end", ftyp("mp42") + box("mdat", "xx") + moov, inspect.MP4, 0, 0},
		{"MP4 with a long box", ftyp("mp42") + "\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x12xx" + moov, inspect.MP4, 0, 0},
		{"MOV", ftyp("qt  ") + moov, inspect.MOV, 0, 0},
		{"MOV of old times", box("wide", "") + box("mdat", "xx") + moov, inspect.MOV, 0, 0},
		{"M4V", ftyp("M4V ") + moov, inspect.M4V, 0, 0},
		{"3GP", ftyp("3gp5") + moov, inspect.ThreeGP, 0, 0},
		{"3G2", ftyp("3g2a") + moov, inspect.ThreeG2, 0, 0},
		{"AVI", "RIFF\x00\x00\x00\x00AVI LIST", inspect.AVI, 0, 0},
		{"MKV", "\x1A\x45\xDF\xA3\x93\x42\x82\x88matroska", inspect.MKV, 0, 0},
		{"WebM", "\x1A\x45\xDF\xA3\x93\x42\x82\x84webm", inspect.WebM, 0, 0},
		{"transport stream, M2T", packets(188, 0, 20), inspect.MPEGTS, 0, 0},
		{"transport stream, MTS", packets(192, 4, 20), inspect.MPEGTS, 0, 0},
		{"transport stream of two packets", packets(188, 0, 2), inspect.MPEGTS, 0, 0},
		{"program stream: MPG, MOD, TOD", "\x00\x00\x01\xBA\x44\x00", inspect.MPEGPS, 0, 0},
		{"bare MPEG video", "\x00\x00\x01\xB3\x44\x00", inspect.MPEGPS, 0, 0},
		{"WMV", "\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C", inspect.WMV, 0, 0},
	}
}

// Contract 3.3: every type is known by content.
func TestTypesAreKnownByContent(t *testing.T) {
	seen := map[inspect.Type]bool{}
	for _, tt := range append(knownPhotos(), knownVideos()...) {
		got, err := look(tt.media)
		if err != nil || got.Type != tt.want || got.Width != tt.w || got.Height != tt.h {
			t.Errorf("%s: got %s %d x %d %v, want %s %d x %d", tt.name, got.Type.Name(), got.Width, got.Height, err, tt.want.Name(), tt.w, tt.h)
		}
		seen[tt.want] = true
	}
	for typ := inspect.JPEG; typ <= inspect.WMV; typ++ {
		if !seen[typ] {
			t.Errorf("no test for %s", typ.Name())
		}
		kind := "image/"
		if typ.Video() {
			kind = "video/"
		}
		if !strings.HasPrefix(typ.MIME(), kind) || typ.Ext() == "" || typ.Name() == "" {
			t.Errorf("%s has MIME type %s and extension %q", typ.Name(), typ.MIME(), typ.Ext())
		}
	}
}

func TestJunkIsNoMedia(t *testing.T) {
	for name, media := range map[string]string{
		"nothing":              "",
		"a text":               "GPS log of the day\n",
		"a text that begins G": strings.Repeat("G", 1) + strings.Repeat(" track", 400),
		"a web page":           "<!DOCTYPE html><html>",
		"a sidecar":            "<?xpacket begin=''?>",
		"a sound":              ftyp("M4A ") + box("moov", ""),
		"a WAV":                "RIFF\x00\x00\x00\x00WAVEfmt ",
		"an EBML of no video":  "\x1A\x45\xDF\xA3\x93\x42\x82\x84text",
		"a box with no brands": "\x00\x00\x00\x08ftyp" + "\x00\x00\x00\x08moov",
		"a PDF":                "%PDF-1.7",
		"the start of a JPEG":  "\xFF\xD8",
		"a ZIP":                "PK\x03\x04",
	} {
		if f, err := look(media); !errors.Is(err, inspect.ErrNotMedia) {
			t.Errorf("%s: %v %v, want %v", name, f.Type.Name(), err, inspect.ErrNotMedia)
		}
	}
}

func TestDamagedFilesAreRefused(t *testing.T) {
	whole := jpegWith("")
	sof, sos := strings.Index(whole, "\xFF\xC0"), strings.Index(whole, "\xFF\xDA")
	for name, media := range map[string]string{
		"a JPEG without a frame header":            whole[:sof] + whole[sos:],
		"a JPEG without a scan":                    whole[:sos],
		"a JPEG that ends before its scan":         whole[:sos] + "\xFF\xD9",
		"a JPEG with an empty scan":                whole[:sos+10] + "\xFF\xD9",
		"a JPEG of no width":                       strings.Replace(whole, "\x00\x1E\x00\x28", "\x00\x1E\x00\x00", 1),
		"a JPEG with a segment too short":          "\xFF\xD8\xFF\xE0\x00\x01" + whole[2:],
		"a JPEG of segments without end":           "\xFF\xD8" + strings.Repeat("\xFF\xE0\x00\x02", 10_000) + whole[2:],
		"a PNG without image data":                 "\x89PNG\r\n\x1A\n\x00\x00\x00\x0DIHDR\x00\x00\x00\x07\x00\x00\x00\x05\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00IEND\x00\x00\x00\x00",
		"a PNG of no width":                        "\x89PNG\r\n\x1A\n\x00\x00\x00\x0DIHDR\x00\x00\x00\x00\x00\x00\x00\x05\x08\x00\x00\x00\x00\x00\x00\x00\x00",
		"a PNG of empty chunks":                    "\x89PNG\r\n\x1A\n\x00\x00\x00\x0DIHDR\x00\x00\x00\x07\x00\x00\x00\x05\x08\x00\x00\x00\x00\x00\x00\x00\x00" + strings.Repeat("\x00\x00\x00\x00tEXt\x00\x00\x00\x00", 10_000),
		"a GIF of no height":                       "GIF87a\x07\x00\x00\x00\x00\x00\x00\x3B",
		"a GIF of a header":                        "GIF87a\x07\x00",
		"a BMP of no width":                        "BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00",
		"a BMP with a strange header":              "BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\xFF\x00\x00\x00\x07\x00\x00\x00\x05\x00\x00\x00",
		"a WebP of a header":                       "RIFF\x1A\x00\x00\x00WEBPVP8X\x0A\x00",
		"a WebP without its start code":            "RIFF\x1A\x00\x00\x00WEBPVP8 \x0A\x00\x00\x00\x00\x00\x00\x00\x00\x00\x07\x00\x05\x40",
		"an ICO beyond its end":                    "\x00\x00\x01\x00\x01\x00\x10\x10\x00\x00\x01\x00\x20\x00\xFF\x00\x00\x00\x16\x00\x00\x00abcd",
		"a TIFF without a size":                    tiff(little, "II*\x00", []field{{0x112, 3, 1, uint16(1)}}),
		"a TIFF of no height":                      tiff(little, "II*\x00", sizeFields(7, 0)),
		"a TIFF with its directory beyond its end": "II*\x00\xFF\xFF\xFF\x7F",
		"a TIFF that goes in a circle":             "II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x01\x00\x00\x00\x08\x00\x00\x00",
		"a raw file without a directory":           "IIU\x00\x08\x00\x00\x00",
		"an MP4 without its index":                 ftyp("mp42") + box("mdat", "xx"),
		"an MP4 of empty boxes":                    ftyp("mp42") + strings.Repeat(box("free", ""), 10_000) + box("moov", ""),
		"an MP4 with a box of nonsense":            ftyp("mp42") + "\x00\x00\x00\x03mdat" + box("moov", ""),
		"a HEIC without its index":                 ftyp("heic") + box("mdat", "xx"),
	} {
		start := time.Now()
		if f, err := look(media); !errors.Is(err, inspect.ErrDamaged) || f.Type == inspect.Unknown {
			t.Errorf("%s: %v %v, want %v", name, f.Type.Name(), err, inspect.ErrDamaged)
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s took %v", name, took)
		}
	}
}

// A JPEG that was cut anywhere is refused: its end marker is missing.
func TestAJPEGCutAnywhereIsRefused(t *testing.T) {
	whole := jpegWith(app1("Exif\x00\x00" + tiff(big, "MM\x00*", sizeFields(1, 1))))
	if _, err := look(whole); err != nil {
		t.Fatal(err)
	}
	for n := range len(whole) {
		if _, err := look(whole[:n]); err == nil {
			t.Errorf("a JPEG of %d bytes passes with %d of them", len(whole), n)
		}
	}
	if _, err := look(whole + "what some cameras leave behind"); err != nil {
		t.Errorf("bytes after the end: %v", err)
	}
}
