package media_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/media"
)

const (
	photoLimit = 200 << 20
	videoLimit = 20 << 30
)

// accepted is the table once more, by hand: names and extensions from the
// guide "Upload media", "File types and sizes".
var accepted = []struct {
	extensions string
	want       media.Type
}{
	{".jpg .jpeg .jpe .jfif", media.Type{Name: "JPEG", MIME: "image/jpeg"}},
	{".png", media.Type{Name: "PNG", MIME: "image/png"}},
	{".gif", media.Type{Name: "GIF", MIME: "image/gif"}},
	{".bmp", media.Type{Name: "BMP", MIME: "image/bmp"}},
	{".ico", media.Type{Name: "ICO", MIME: "image/vnd.microsoft.icon"}},
	{".tif .tiff", media.Type{Name: "TIFF", MIME: "image/tiff"}},
	{".webp", media.Type{Name: "WebP", MIME: "image/webp"}},
	{".heic .heif .hif", media.Type{Name: "HEIC", MIME: "image/heic"}},
	{".avif", media.Type{Name: "AVIF", MIME: "image/avif"}},
	{".dng", media.Type{Name: "DNG", MIME: "image/x-adobe-dng", Raw: true}},
	{".cr2", media.Type{Name: "CR2", MIME: "image/x-canon-cr2", Raw: true}},
	{".cr3", media.Type{Name: "CR3", MIME: "image/x-canon-cr3", Raw: true}},
	{".crw", media.Type{Name: "CRW", MIME: "image/x-canon-crw", Raw: true}},
	{".nef", media.Type{Name: "NEF", MIME: "image/x-nikon-nef", Raw: true}},
	{".nrw", media.Type{Name: "NRW", MIME: "image/x-nikon-nrw", Raw: true}},
	{".arw", media.Type{Name: "ARW", MIME: "image/x-sony-arw", Raw: true}},
	{".sr2", media.Type{Name: "SR2", MIME: "image/x-sony-sr2", Raw: true}},
	{".srf", media.Type{Name: "SRF", MIME: "image/x-sony-srf", Raw: true}},
	{".orf", media.Type{Name: "ORF", MIME: "image/x-olympus-orf", Raw: true}},
	{".raf", media.Type{Name: "RAF", MIME: "image/x-fuji-raf", Raw: true}},
	{".rw2", media.Type{Name: "RW2", MIME: "image/x-panasonic-rw2", Raw: true}},
	{".pef", media.Type{Name: "PEF", MIME: "image/x-pentax-pef", Raw: true}},
	{".raw", media.Type{Name: "RAW", MIME: "image/x-panasonic-raw", Raw: true}},
	{".mp4", media.Type{Name: "MP4", MIME: "video/mp4"}},
	{".mov", media.Type{Name: "MOV", MIME: "video/quicktime"}},
	{".m4v", media.Type{Name: "M4V", MIME: "video/x-m4v"}},
	{".3gp", media.Type{Name: "3GP", MIME: "video/3gpp"}},
	{".3g2", media.Type{Name: "3G2", MIME: "video/3gpp2"}},
	{".avi", media.Type{Name: "AVI", MIME: "video/x-msvideo"}},
	{".divx", media.Type{Name: "DIVX", MIME: "video/divx"}},
	{".mkv", media.Type{Name: "MKV", MIME: "video/x-matroska"}},
	{".asf", media.Type{Name: "ASF", MIME: "video/x-ms-asf"}},
	{".wmv", media.Type{Name: "WMV", MIME: "video/x-ms-wmv"}},
	{".mts", media.Type{Name: "MTS", MIME: "video/mp2t"}},
	{".m2ts", media.Type{Name: "M2TS", MIME: "video/mp2t"}},
	{".m2t", media.Type{Name: "M2T", MIME: "video/mp2t"}},
	{".mpg .mpeg", media.Type{Name: "MPG", MIME: "video/mpeg"}},
	{".mod", media.Type{Name: "MOD", MIME: "video/mpeg"}},
	{".tod", media.Type{Name: "TOD", MIME: "video/mp2t"}},
	{".mmv", media.Type{Name: "MMV", MIME: "video/mpeg"}},
}

func TestEveryListedTypeIsAcceptedByItsExtension(t *testing.T) {
	for _, a := range accepted {
		want := a.want
		want.Kind, want.MaxSize = media.Photo, photoLimit
		if strings.HasPrefix(want.MIME, "video/") {
			want.Kind, want.MaxSize = media.Video, videoLimit
		}
		for _, e := range strings.Fields(a.extensions) {
			for _, name := range []string{"a" + e, "IMG.old" + strings.ToUpper(e), "folder.txt/" + e} {
				got, ok := media.ByName(name)
				if diff := cmp.Diff(want, got); !ok || diff != "" {
					t.Errorf("%s: %v (-want +got):\n%s", name, ok, diff)
				}
			}
		}
	}
}

func TestOtherNamesAreNotAccepted(t *testing.T) {
	for _, name := range []string{
		"", "jpg", "a", "a.", "a.jpg.txt", "a.jpg ", "a.txt", "a.pdf", "a.mp3", "a.wav", "a.xmp", "a.jxl", "a.webm", "a.psd", "a.ts",
	} {
		if got, ok := media.ByName(name); ok {
			t.Errorf("%q is accepted as %s", name, got.Name)
		}
	}
}

func TestSidecarsAreKnownAndNeverMedia(t *testing.T) {
	for _, name := range []string{
		"a.xmp", "a.jpg.XMP", "a.aae", "GX010001.THM", "a.lrv", "C0001M01.XML", "a.json", "a.pp3", "a.gpx", "a.wav",
	} {
		if _, media := media.ByName(name); media || !sidecar(name) {
			t.Errorf("%s: media %v, sidecar %v", name, media, sidecar(name))
		}
	}
	for _, name := range []string{"a.jpg", "xmp", "a.xmp.jpg", "a.txt", ""} {
		if sidecar(name) {
			t.Errorf("%q is a sidecar", name)
		}
	}
}

func sidecar(name string) bool { return media.Sidecar(name) }

func TestKindsHaveNames(t *testing.T) {
	for kind, want := range map[media.Kind]string{media.Photo: "photo", media.Video: "video", 0: "unknown"} {
		if got := kind.String(); got != want {
			t.Errorf("kind %d is %q, want %q", kind, got, want)
		}
	}
}
