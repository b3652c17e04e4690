package exif_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
)

func TestTheThumbnailIsFoundInTheEXIFBlock(t *testing.T) {
	small := fixture.JPEG(fixture.Spec{Width: 16, Height: 12})
	for _, big := range []bool{false, true} {
		spec := fixture.Spec{Captured: time.Date(2024, 5, 18, 9, 0, 0, 0, time.UTC), Thumbnail: small, BigEndian: big}
		for name, media := range map[string][]byte{"JPEG": fixture.JPEG(spec), "bare TIFF": fixture.EXIF(spec)} {
			if got := exif.Thumbnail(bytes.NewReader(media), int64(len(media))); !bytes.Equal(got, small) {
				t.Errorf("%s, big-endian %v: %d bytes, want the %d of the thumbnail", name, big, len(got), len(small))
			}
		}
	}
}

func TestWhereThereIsNoThumbnailNoneIsMadeUp(t *testing.T) {
	small := fixture.JPEG(fixture.Spec{Width: 16, Height: 12})
	whole := fixture.JPEG(fixture.Spec{Make: "Aldermere", Thumbnail: small})
	for name, media := range map[string][]byte{
		"nothing": nil, "no EXIF": small, "a PNG": fixture.PNG(fixture.Spec{}), "EXIF alone": fixture.JPEG(fixture.Spec{Make: "Aldermere"}),
		"not a JPEG": fixture.JPEG(fixture.Spec{Make: "Aldermere", Thumbnail: []byte("BM6 not a JPEG")}),
		"cut short":  whole[:200],
	} {
		if got := exif.Thumbnail(bytes.NewReader(media), int64(len(media))); got != nil {
			t.Errorf("%s: %d bytes", name, len(got))
		}
	}
}

// FuzzThumbnail: whatever the bytes are, what comes back is inside of them and begins like a JPEG.
func FuzzThumbnail(f *testing.F) {
	f.Add(fixture.JPEG(fixture.Spec{Make: "Aldermere", Thumbnail: fixture.JPEG(fixture.Spec{})}))
	f.Add(fixture.DNG(fixture.Spec{Make: "Aldermere"}))
	f.Fuzz(func(t *testing.T, media []byte) {
		small := exif.Thumbnail(bytes.NewReader(media), int64(len(media)))
		if small != nil && (len(small) > len(media) || !bytes.HasPrefix(small, []byte{0xff, 0xd8})) {
			t.Errorf("%d bytes out of %d", len(small), len(media))
		}
	})
}
