package media_test

import (
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/media"
)

// heads are first bytes, by the type that Sniff must find in them.
func heads() map[string][]string {
	ftyp := func(brands ...string) string {
		body := brands[0] + "\x00\x00\x00\x00" + strings.Join(brands[1:], "")
		return "\x00\x00\x00" + string(rune(8+len(body))) + "ftyp" + body + "\x00\x00\x10\x00moov" + zeros(64)
	}
	packets := func(prefix string, size, n int) string {
		return strings.Repeat(prefix+"G"+zeros(size-len(prefix)-1), n)
	}
	return map[string][]string{
		"JPEG": {"\xff\xd8\xff\xe1" + zeros(64), "\xff\xd8\xff\xdb"},
		"PNG":  {"\x89PNG\r\n\x1a\n" + zeros(64)},
		"GIF":  {"GIF87a" + zeros(64), "GIF89a" + zeros(64), "GIF89a"},
		"BMP": {
			"BM\x46\x00\x00\x00" + zeros(4) + "\x36\x00\x00\x00\x28\x00\x00\x00" + zeros(40),
			"BM\x46\x00\x00\x00" + zeros(4) + "\x8a\x00\x00\x00\x7c\x00\x00\x00",
		},
		"ICO":  {"\x00\x00\x01\x00\x01\x00" + "\x10\x10\x00\x00\x01\x00\x20\x00\x68\x04\x00\x00\x16\x00\x00\x00" + zeros(40)},
		"WebP": {"RIFF\x24\x00\x00\x00WEBPVP8 ", "RIFF\x24\x00\x00\x00WEBPVP8X" + zeros(20)},
		"TIFF": {
			"II*\x00\x08\x00\x00\x00\x01\x00\x00\x01\x03\x00" + zeros(32), "MM\x00*\x00\x00\x00\x08" + zeros(32),
			"II*\x00\xff\xff\xff\xff", "MM\x00*\xff\xff\xff\xfe" + zeros(8), "II+\x00\x08\x00\x00\x00" + zeros(8),
			"II*\x00\x08\x00\x00\x00\xff\xff\x00\x01", // says it has 65,535 entries, and is cut short
		},
		"DNG": {
			"II*\x00\x08\x00\x00\x00\x02\x00" + "\xfe\x00\x04\x00\x01\x00\x00\x00\x00\x00\x00\x00" + "\x12\xc6\x01\x00\x04\x00\x00\x00\x01\x04\x00\x00",
			"MM\x00*\x00\x00\x00\x0c????\x00\x01" + "\xc6\x12\x00\x01\x00\x00\x00\x04\x01\x04\x00\x00",
		},
		"CR2":  {"II*\x00\x10\x00\x00\x00CR\x02\x00" + zeros(32)},
		"CRW":  {"II\x1a\x00\x00\x00HEAPCCDR" + zeros(32)},
		"ORF":  {"IIRO\x08\x00\x00\x00" + zeros(8), "IIRS\x08\x00\x00\x00", "MMOR\x00\x00\x00\x08"},
		"RW2":  {"IIU\x00\x18\x00\x00\x00" + zeros(32)},
		"RAF":  {"FUJIFILMCCD-RAW 0201FF383501" + zeros(32)},
		"CR3":  {ftyp("crx ", "crx ", "isom")},
		"HEIC": {ftyp("heic", "mif1", "heic"), ftyp("mif1", "mif1", "heic"), ftyp("heix", "mif1"), ftyp("mif1", "miaf"), ftyp("msf1", "hevc")},
		"AVIF": {ftyp("avif", "mif1", "miaf"), ftyp("mif1", "avif", "miaf"), ftyp("avis", "msf1", "iso8")},
		"JXL":  {"\xff\x0a\x00\x00", "\x00\x00\x00\x0cJXL \r\n\x87\n" + zeros(8), ftyp("jxl ", "jxl ")},
		"MOV": {
			ftyp("qt  ", "qt  "), ftyp("????", "qt  "), "\x00\x00\x00\x08wide\x00\x00\x0f\xfamdat", "\x00\x00\x20\x00moov\x00\x00\x00\x6cmvhd",
			"\x00\x00\x00\x01mdat" + zeros(8), "\x00\x00\x00\x08skip" + zeros(8),
		},
		"MP4": {ftyp("isom", "iso2", "3gp4"), ftyp("mp42", "isom", "3gp4"), ftyp("iso5"), ftyp("MSNV", "isom"), ftyp("XAVC", "mp42")},
		"M4V": {ftyp("M4V ", "mp42", "isom")},
		"3GP": {ftyp("3gp5", "isom"), ftyp("3gp6"), ftyp("3ge6")},
		"3G2": {ftyp("3g2a", "3gp5")},
		"AVI": {"RIFF\x00\x10\x00\x00AVI LIST" + zeros(20)},
		"MKV": {"\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska" + zeros(20), "\x1a\x45\xdf\xa3"},
		"WebM": {
			"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm\x42\x87\x81\x04",
		},
		"ASF":  {"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c" + zeros(20)},
		"M2T":  {packets("", 188, 20), packets("", 188, 2), packets("", 188, 2)[:200]},
		"M2TS": {packets("\x00\x11\x22\x33", 192, 20), packets("\x00\x11\x22\x33", 192, 2)},
		"MPG":  {"\x00\x00\x01\xba\x44" + zeros(20), "\x00\x00\x01\xb3\x14" + zeros(20)},
	}
}

// strange are first bytes that must not be taken for media.
func strange() []string {
	return []string{
		"", "\x00", zeros(4096), strings.Repeat("G", 100), "G" + zeros(187), "G" + strings.Repeat("x", 500), "Good morning, all.",
		"BMW drivers of the world, unite and take over", "carefree days in the sun", "%PDF-1.7", "PK\x03\x04" + zeros(40),
		"<html><body>404</body></html>", "RIFF\x00\x10\x00\x00WAVEfmt ", "RIFF", "ID3\x03", "\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X",
		"\x00\x00\x01\x00\x00\x00" + zeros(40), "\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00isommp42", "\x00\x00\x00\x10ftypWhat\x00\x00\x00\x00",
		"II*", "MM\x00", "\x00\x00\x00\x0cjP  \r\n\x87\n", "\x00\x00\x00\x04moov" + zeros(8), "\x89PNG\n",
	}
}

func zeros(n int) string { return strings.Repeat("\x00", n) }

func TestContentIsRecognisedByItsSignature(t *testing.T) {
	for want, list := range heads() {
		for _, head := range list {
			if got, ok := media.Sniff([]byte(head)); !ok || got.Name != want {
				t.Errorf("%.24q is %q (%v), want %s", head, got.Name, ok, want)
			}
		}
	}
	for _, head := range strange() {
		if got, ok := media.Sniff([]byte(head)); ok {
			t.Errorf("%.24q is taken for %s", head, got.Name)
		}
	}
}

func TestEveryAcceptedTypeAgreesWithAContentOfItsOwn(t *testing.T) {
	for _, a := range accepted {
		for _, e := range strings.Fields(a.extensions) {
			agrees := 0
			for _, list := range heads() {
				for _, head := range list {
					got, mismatch, ok := media.Detect("a"+e, []byte(head))
					if ok && mismatch == "" && got.Name == a.want.Name {
						agrees++
					}
				}
			}
			if agrees == 0 {
				t.Errorf("no content suits a file named %s", e)
			}
		}
	}
}

func TestOnlyListedTypesAreAccepted(t *testing.T) {
	listed := make(map[string]bool)
	for _, a := range accepted {
		listed[a.want.Name] = true
	}
	for name, list := range heads() {
		got, _ := media.Sniff([]byte(list[0]))
		if got.Accepted() != listed[name] {
			t.Errorf("%s: accepted %v, listed %v", name, got.Accepted(), listed[name])
		}
	}
}

func TestContentAndNameTogetherTellTheType(t *testing.T) {
	h := heads()
	tests := []struct {
		name, head   string
		want         string
		wantMismatch media.Mismatch
	}{
		{"a.jpg", h["JPEG"][0], "JPEG", ""},
		{"a.JPG", h["HEIC"][0], "HEIC", "named .JPG, content is HEIC"},
		{"a.jpg", h["PNG"][0], "PNG", "named .jpg, content is PNG"},
		{"a.jpg", h["JXL"][0], "JXL", "named .jpg, content is JXL"},
		{"a.jpg", h["TIFF"][0], "TIFF", "named .jpg, content is TIFF"},
		{"IMG_1", h["JPEG"][0], "JPEG", "has no extension, content is JPEG"},
		{"1.sample", h["HEIC"][0], "HEIC", "named .sample, content is HEIC"},
		// The name decides between types that look the same.
		{"a.NEF", h["TIFF"][0], "NEF", ""},
		{"a.arw", h["TIFF"][1], "ARW", ""},
		{"a.tif", h["TIFF"][0], "TIFF", ""},
		{"a.dng", h["TIFF"][0], "DNG", ""},
		{"a.raw", h["RW2"][0], "RAW", ""},
		{"a.heif", h["HEIC"][3], "HEIC", ""},
		{"a.avif", h["HEIC"][3], "AVIF", ""},
		{"a.m4v", h["MP4"][0], "M4V", ""},
		{"a.mp4", h["MOV"][0], "MP4", ""},
		{"a.divx", h["AVI"][0], "DIVX", ""},
		{"a.wmv", h["ASF"][0], "WMV", ""},
		{"a.MTS", h["M2TS"][0], "MTS", ""},
		{"a.tod", h["M2T"][0], "TOD", ""},
		{"a.mod", h["MPG"][0], "MOD", ""},
		{"a.mkv", h["WebM"][0], "MKV", ""},
		// Unless the content says more.
		{"a.tif", h["CR2"][0], "CR2", "named .tif, content is CR2"},
		{"a.nef", h["DNG"][0], "DNG", "named .nef, content is DNG"},
		{"a.avif", h["HEIC"][0], "HEIC", "named .avif, content is HEIC"},
		{"a.mov", h["AVI"][0], "AVI", "named .mov, content is AVI"},
		{"a.mp4", h["WebM"][0], "WebM", "named .mp4, content is WebM"},
		// Content that tells nothing.
		{"a.mod", "anything", "MOD", "named .mod, content not recognised"},
		{"a.jpg", "", "JPEG", ""},
		{"a.txt", "anything", "", ""},
		{"a.txt", "", "", ""},
	}
	for _, tt := range tests {
		got, mismatch, ok := media.Detect(tt.name, []byte(tt.head))
		if got.Name != tt.want || mismatch != tt.wantMismatch || ok != (tt.want != "") {
			t.Errorf("%s with %.16q: %q, mismatch %q, %v; want %q, %q",
				tt.name, tt.head, got.Name, mismatch, ok, tt.want, tt.wantMismatch)
		}
	}
}

// A head that is cut short may tell less. It must never tell of something else.
func TestACutHeadTellsLessAndNothingWrong(t *testing.T) {
	less := map[string]string{"WebM": "MKV", "DNG": "TIFF", "CR2": "TIFF", "AVIF": "HEIC", "CR3": "", "M2TS": ""}
	for want, list := range heads() {
		for _, head := range list {
			for n := range len(head) {
				got, ok := media.Sniff([]byte(head[:n]))
				if ok && got.Name != want && got.Name != less[want] {
					t.Errorf("the first %d bytes of %.24q are %s, want %s or nothing", n, head, got.Name, want)
				}
			}
		}
	}
}

func FuzzDetectNeverPanicsAndAgreesWithSniff(f *testing.F) {
	for _, list := range heads() {
		for _, head := range list {
			f.Add("a.jpg", []byte(head))
		}
	}
	for _, head := range strange() {
		f.Add("a.NEF", []byte(head))
	}
	f.Fuzz(func(t *testing.T, name string, head []byte) {
		sniffed, recognised := media.Sniff(head)
		got, mismatch, ok := media.Detect(name, head)
		if recognised && !ok {
			t.Errorf("content is %s, and %q is nothing", sniffed.Name, name)
		}
		if recognised && mismatch != "" && got.Name != sniffed.Name {
			t.Errorf("content is %s, %q is %s: %s", sniffed.Name, name, got.Name, mismatch)
		}
	})
}
