package jpeg_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/albumwright/albumwright/internal/fixture"
)

// video begins like an MP4.
func video() []byte {
	return append([]byte("\x00\x00\x00\x14ftypisom\x00\x00\x02\x00isom\x00\x00\x4e\x20mdat"), make([]byte, 20_000)...)
}

// microVideo is a still with the XMP of the older format.
func microVideo(offset int) []byte {
	packet := fmt.Sprintf(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MicroVideo="1" GCamera:MicroVideoVersion="1"
GCamera:MicroVideoOffset="%d"/></rdf:RDF></x:xmpmeta>`, offset)
	return with(segment(app1, xmpHead, []byte(packet)))
}

func TestAMotionPhotoIsOneThatHasItsVideo(t *testing.T) {
	var (
		motion  = fixture.JPEG(fixture.Spec{Motion: video()})
		still   = fixture.JPEG(fixture.Spec{Make: "samsung", PadTo: 30_000})
		other   = fixture.JPEG(fixture.Spec{Make: "Aldermere"})
		samsung = fixture.SamsungMotion(still, video())
		flagged = fixture.JPEG(fixture.Spec{Make: "Aldermere", Motion: []byte("x")})
	)
	notVideo := slices.Clone(samsung)
	copy(notVideo[bytes.Index(notVideo, []byte("ftypisom")):], "free")
	tests := map[string]struct {
		content []byte
		want    bool
	}{
		"in Google's format":               {motion, true},
		"with a picture's padding":         {fixture.JPEG(fixture.Spec{Make: "Aldermere", Motion: video(), PadTo: 300_000}), true},
		"with other facts":                 {fixture.JPEG(fixture.Spec{Make: "Aldermere", XMP: &fixture.Spec{Rating: 3}, Motion: video()}), true},
		"in Google's first format":         {append(microVideo(len(video())), video()...), true},
		"in Samsung's trailer":             {samsung, true},
		"in the trailer, by another maker": {fixture.SamsungMotion(other, video()), false},
		"in the trailer, and XMP says so":  {fixture.SamsungMotion(flagged, video()), true},
		"cut off":                          {motion[:len(motion)-len(video())], false},
		"cut short":                        {motion[:len(motion)-100], false},
		"of the first format, cut off":     {microVideo(len(video())), false},
		"of another length":                {microVideo(1 << 40), false},
		"at the end of the file":           {microVideo(3), false},
		"that is none":                     {fixture.JPEG(fixture.Spec{Motion: bytes.Repeat([]byte("no video"), 100)}), false},
		"not in the trailer":               {fixture.SamsungMotion(still, []byte("no video at all")), false},
		"that is none, in the trailer":     {notVideo, false},
		"a trailer that is cut short":      {samsung[:len(samsung)-2], false},
		"a still":                          {still, false},
		"another still":                    {other, false},
	}
	for name, tt := range tests {
		a := read(tt.content)
		if a.MotionPhoto != tt.want {
			t.Errorf("%s: motion photo %v, want %v", name, a.MotionPhoto, tt.want)
		}
		if a.Calls > 5 || a.Bytes > 8<<10 {
			t.Errorf("%s: %d bytes in %d reads, want at most 8 KiB in 5", name, a.Bytes, a.Calls)
		}
	}
}

func TestATrailerThatLiesIsNoVideo(t *testing.T) {
	still := fixture.JPEG(fixture.Spec{Make: "SAMSUNG"})
	whole := fixture.SamsungMotion(still, video())
	for at := len(whole) - 60; at < len(whole); at++ {
		for _, by := range []byte{1, 0x80, 0xff} {
			content := slices.Clone(whole)
			content[at] ^= by
			if a := read(content); a.Bytes > 16<<10 || a.Complaint != "" {
				t.Errorf("byte %d changed: %d bytes read, complaint %q", at, a.Bytes, a.Complaint)
			}
		}
	}
}
