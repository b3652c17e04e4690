package media_test

import (
	"bytes"
	"testing"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/media"
)

func whole(body []byte) bool { return media.Whole(bytes.NewReader(body), int64(len(body))) }

func TestAFileThatIsStillBeingWrittenHasNoEnd(t *testing.T) {
	spec := fixture.Spec{Seed: 1, Width: 640, Height: 480}
	clip := fixture.MP4(spec)
	for _, c := range []struct {
		name string
		body []byte
		says bool // its type says where it ends
		last bool // by something that stands there
	}{
		{"jpg", fixture.JPEG(spec), true, true},
		{"png", fixture.PNG(spec), true, true},
		{"mp4", clip, true, true},
		{"mov", fixture.MOV(spec), true, true},
		{"m4v", fixture.M4V(spec), true, false},
		{"3gp", fixture.ThreeGP(spec), true, false},
		{"heic", fixture.HEIC(spec), true, false},
		{"avif", fixture.AVIF(spec), true, false},
		{"avi", fixture.AVI(spec), true, false},
		{"a motion photo", fixture.SamsungMotion(fixture.JPEG(spec), clip), false, false},
		{"tif", fixture.TIFF(spec), false, false},
		{"mkv", fixture.MKV(spec), false, false},
		{"nothing known", bytes.Repeat([]byte("no photo"), 99), false, false},
		{"short", []byte{0xff, 0xd8, 0xff}, false, false},
		{"empty", nil, false, false},
	} {
		if !whole(c.body) {
			t.Errorf("%s: a whole file seems to have no end", c.name)
		}
		for _, part := range []int{50, 90, 99} {
			cut := c.body[:len(c.body)*part/100]
			if c.says && whole(cut) {
				t.Errorf("%s: the first %d %% seem to be all", c.name, part)
			}
			begun := append(bytes.Clone(cut), make([]byte, len(c.body)-len(cut))...) // its room was taken first
			if c.last && part < 99 && whole(begun) {
				t.Errorf("%s: the first %d %% and zeros seem to be all", c.name, part)
			}
		}
	}
	if padded := append(bytes.Clone(clip), make([]byte, 512)...); !whole(padded) {
		t.Error("a film with some zeros behind it seems to have no end")
	}
}

func FuzzWholeNeverPanics(f *testing.F) {
	spec := fixture.Spec{Seed: 1, Width: 16, Height: 16}
	for _, body := range [][]byte{fixture.JPEG(spec), fixture.MP4(spec), fixture.HEIC(spec), fixture.PNG(spec)} {
		f.Add(body, int64(len(body)))
	}
	f.Fuzz(func(_ *testing.T, body []byte, size int64) {
		if size <= 1<<20 { // of what it says, that much is there to be read
			media.Whole(bytes.NewReader(body), size)
		}
	})
}
