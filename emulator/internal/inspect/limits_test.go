package inspect_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
	"github.com/albumwright/albumwright/internal/fixture"
)

// sized is a file of any size that begins with head and ends with tail.
type sized struct {
	head, tail string
	size       int64
}

func (s sized) ReadAt(p []byte, at int64) (int, error) {
	n := 0
	for n < len(p) && at < s.size {
		p[n] = 0
		if at < int64(len(s.head)) {
			p[n] = s.head[at]
		} else if back := s.size - at; back <= int64(len(s.tail)) {
			p[n] = s.tail[int64(len(s.tail))-back]
		}
		n, at = n+1, at+1
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Contract 3.3; 12 #37, #38.
func TestSizeLimits(t *testing.T) {
	gif := "GIF87a\x07\x00\x05\x00\x00\x00\x00\x3B"
	film := "\x00\x00\x01\xBA\x44\x00"
	wide := func(w, h uint16) string {
		return string(little.AppendUint16(little.AppendUint16([]byte("GIF87a"), w), h)) + "\x00\x00\x00\x3B"
	}
	for _, tt := range []struct {
		name string
		file sized
		want error
	}{
		{"a photo of 200 MB", sized{gif, "", 200 << 20}, nil},
		{"a photo of a byte more", sized{gif, "", 200<<20 + 1}, inspect.ErrTooLarge},
		{"a video of 20 GB", sized{film, "", 20 << 30}, nil},
		{"a video of a byte more", sized{film, "", 20<<30 + 1}, inspect.ErrTooLarge},
		{"200 megapixels", sized{wide(20_000, 10_000), "", 100}, nil},
		{"a row more", sized{wide(20_000, 10_001), "", 100}, inspect.ErrTooLarge},
		{"a photo below 256 pixels", sized{wide(1, 1), "", 100}, nil},
	} {
		if _, err := inspect.File(tt.file, tt.file.size); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

type brokenDisk struct{ after int64 }

func (b brokenDisk) ReadAt(p []byte, at int64) (int, error) {
	if at >= b.after {
		return 0, io.ErrNoProgress
	}
	return copy(p, "\xFF\xD8\xFF\xE0"), nil
}

func TestAReadErrorIsNoVerdict(t *testing.T) {
	for _, after := range []int64{0, 2} {
		_, err := inspect.File(brokenDisk{after}, 1<<20)
		if !errors.Is(err, io.ErrNoProgress) {
			t.Errorf("error %v, want %v", err, io.ErrNoProgress)
		}
	}
}

// Whatever the bytes are, the look at them ends and gives one of its verdicts.
func FuzzFile(f *testing.F) {
	for _, seed := range []string{
		jpegWith(app1("Exif\x00\x00" + tiff(big, "MM\x00*", sizeFields(1, 1), field{0x9003, 2, 0, "2019:05:04 03:02:01"}))),
		tiff(little, "II*\x00", []field{{0x14A, 4, 9, uint32(8)}, {0x14A, 13, 1, uint32(0)}, {0x10F, 2, 0xFFFFFFFF, uint32(8)}}),
		ftyp("heic") + box("meta", "x"),
		packets(188, 0, 3),
		"\x89PNG\r\n\x1A\n\x00\x00\x00\x0DIHDR\x00\x00\x00\x07\x00\x00\x00\x05\x08\x00\x00\x00\x00\x00\x00\x00\x00\x7F\xFF\xFF\xFFtEXt",
		"RIFF\x1A\x00\x00\x00WEBPVP8L\x0A\x00\x00\x00\x2F\x06\x00\x01\x00\x00\x00\x00\x00\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Add(fixture.JPEG(fixture.Spec{Make: "samsung", ISO: 100, Motion: fixture.MP4(fixture.Spec{})}))
	f.Add(fixture.MOV(fixture.Spec{Rotation: 90}))
	f.Add(fixture.NEF(fixture.Spec{Make: "NIKON"}))
	f.Fuzz(func(t *testing.T, media []byte) {
		facts, err := inspect.File(bytes.NewReader(media), int64(len(media)))
		switch {
		case err == nil && facts.Type == inspect.Unknown:
			t.Error("accepted without a type")
		case err != nil && !errors.Is(err, inspect.ErrNotMedia) && !errors.Is(err, inspect.ErrDamaged) && !errors.Is(err, inspect.ErrTooLarge):
			t.Errorf("no verdict: %v", err)
		case facts.Width < 0 || facts.Height < 0 || facts.Orientation < 0 || facts.Orientation > 8 || facts.FPS < 0:
			t.Errorf("facts %+v", facts)
		}
		if from, to, found := inspect.MotionVideo(bytes.NewReader(media), int64(len(media)), facts.Type); found && (from < 0 || from > to || to > int64(len(media))) {
			t.Errorf("a video from %d to %d of %d", from, to, len(media))
		}
	})
}
