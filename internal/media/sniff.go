package media

import (
	"bytes"
	"encoding/binary"
)

// finding is what a signature tells: the container for sure, and by name the
// type that it most probably is.
type finding struct {
	in   container
	name string
}

// Sniff recognises content by its first bytes. Where types share a container it
// names the most general one: any raw format that is a TIFF inside and no DNG
// or CR2 is "TIFF" here, and [Detect] lets the extension decide. The type may be
// one that the service does not list: see [Type.Accepted].
func Sniff(head []byte) (Type, bool) {
	f := sniff(head)
	if f.in == noContainer {
		return Type{}, false
	}
	return byTypeName[f.name].Type, true
}

func sniff(head []byte) finding {
	for _, try := range []func([]byte) finding{
		sniffMagic, sniffTIFF, sniffRIFF, sniffISO, sniffMatroska, sniffBMP, sniffICO, sniffTransportStream,
	} {
		if f := try(head); f.in != noContainer {
			return f
		}
	}
	return finding{}
}

// sniffMagic knows the types that begin with a fixed string that nothing else
// begins with.
func sniffMagic(head []byte) finding {
	for _, m := range []struct {
		magic string
		finding
	}{
		{"\xff\xd8\xff", finding{inJPEG, "JPEG"}},
		{"\x89PNG\r\n\x1a\n", finding{inPNG, "PNG"}},
		{"GIF87a", finding{inGIF, "GIF"}},
		{"GIF89a", finding{inGIF, "GIF"}},
		{"FUJIFILMCCD-RAW ", finding{inRAF, "RAF"}},
		{"II\x1a\x00\x00\x00HEAPCCDR", finding{inCRW, "CRW"}},
		{"IIRO", finding{inORF, "ORF"}},
		{"IIRS", finding{inORF, "ORF"}},
		{"MMOR", finding{inORF, "ORF"}},
		{"IIU\x00", finding{inRW2, "RW2"}},
		{"\xff\x0a", finding{inJXL, "JXL"}}, // a bare codestream
		{"\x00\x00\x00\x0cJXL \r\n\x87\n", finding{inJXL, "JXL"}},
		{"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", finding{inASF, "ASF"}},
		{"\x00\x00\x01\xba", finding{inPS, "MPG"}}, // pack header
		{"\x00\x00\x01\xb3", finding{inES, "MPG"}}, // sequence header
	} {
		if bytes.HasPrefix(head, []byte(m.magic)) {
			return m.finding
		}
	}
	return finding{}
}

func sniffRIFF(head []byte) finding {
	if len(head) < 12 || string(head[:4]) != "RIFF" {
		return finding{}
	}
	switch string(head[8:12]) {
	case "WEBP":
		return finding{inWebP, "WebP"}
	case "AVI ":
		return finding{inAVI, "AVI"}
	}
	return finding{}
}

// sniffMatroska tells WebM, which is Matroska with less in it, by the DocType
// in the EBML header: element 0x4282, which comes within the first few bytes.
func sniffMatroska(head []byte) finding {
	if !bytes.HasPrefix(head, []byte("\x1a\x45\xdf\xa3")) {
		return finding{}
	}
	if bytes.Contains(head[:min(len(head), 64)], []byte("\x42\x82\x84webm")) {
		return finding{inWebM, "WebM"}
	}
	return finding{inMatroska, "MKV"}
}

// sniffBMP asks for a known size of the second header, because "BM" alone
// begins many a text.
func sniffBMP(head []byte) finding {
	if len(head) < 18 || string(head[:2]) != "BM" {
		return finding{}
	}
	switch binary.LittleEndian.Uint32(head[14:]) {
	case 12, 16, 40, 52, 56, 64, 108, 124:
		return finding{inBMP, "BMP"}
	}
	return finding{}
}

// sniffICO asks that the first picture lies behind the directory: the four
// bytes of the signature are mostly zeros, and so is much else.
func sniffICO(head []byte) finding {
	const header, perPicture = 6, 16
	if len(head) < header+perPicture || string(head[:4]) != "\x00\x00\x01\x00" {
		return finding{}
	}
	pictures := uint32(binary.LittleEndian.Uint16(head[4:]))
	size := binary.LittleEndian.Uint32(head[14:])
	offset := binary.LittleEndian.Uint32(head[18:])
	if pictures == 0 || head[9] != 0 || size == 0 || offset < header+perPicture*pictures {
		return finding{}
	}
	return finding{inICO, "ICO"}
}

// sniffTransportStream looks for the byte that begins every packet: 188 bytes
// apart, or 192 where each has a time stamp of 4 bytes before it, as on cameras.
// One such byte is a "G"; it takes two to believe it, and a third if there is one.
func sniffTransportStream(head []byte) finding {
	const sync = 0x47
	for _, form := range []struct {
		first, packet int
		finding
	}{
		{0, 188, finding{inTS, "M2T"}},
		{4, 192, finding{inTS, "M2TS"}},
	} {
		found := 0
		for at := form.first; at < len(head) && found < 3 && head[at] == sync; at += form.packet {
			found++
		}
		if found == 3 || found == 2 && form.first+2*form.packet >= len(head) {
			return form.finding
		}
	}
	return finding{}
}
