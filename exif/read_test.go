package exif_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

// wall is a wall clock of the tests' favourite day.
func wall(hour, minute, second int) time.Time {
	return time.Date(2024, 5, 18, hour, minute, second, 0, time.UTC)
}

// formats are the makers of fixtures; what holds for one must hold for all.
func formats() map[exif.Format]func(fixture.Spec) []byte {
	return map[exif.Format]func(fixture.Spec) []byte{
		"JPEG": fixture.JPEG,
		"TIFF": fixture.TIFF,
		"PNG":  fixture.PNG,
		"WebP": fixture.WebP,
		"HEIC": fixture.HEIC,
		"AVIF": fixture.AVIF,
		"JXL":  fixture.JXL,
	}
}

func TestAllFactsAreReadInEitherByteOrder(t *testing.T) {
	spec := fixture.Spec{
		Width: 40, Height: 25,
		Captured: wall(14, 30, 5), SubSec: "25", Offset: "+02:00",
		Digitized: wall(15, 0, 0), Modified: wall(16, 0, 0),
		Make: "Aldermere", Model: "Field 40", Serial: "A40-000123", Orientation: 6,
		Lat: fixture.Degrees(-33.856784), Lon: fixture.Degrees(151.215297),
		Description: "Segel im Hafen, früh", UserComment: "not this one",
	}
	for format, encode := range formats() {
		for _, big := range []bool{false, true} {
			spec.BigEndian = big
			got := withoutOrigins(mustRead(t, encode(spec)))
			want := exif.Facts{
				Format: format, Kind: exif.KindPhoto,
				Capture: exif.Capture{
					Wall:   wall(14, 30, 5).Add(250 * time.Millisecond),
					Offset: 2 * time.Hour, OffsetSource: exif.OffsetRecorded,
					Source: exif.SourceDateTimeOriginal,
				},
				Make: "Aldermere", Model: "Field 40", Serial: "A40-000123", Orientation: 6,
				Width: 40, Height: 25,
				Place:       exif.Place{Lat: -33.856784, Lon: 151.215297},
				Description: "Segel im Hafen, früh",
			}
			near := cmp.Comparer(func(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 })
			if diff := cmp.Diff(want, got, near); diff != "" {
				t.Errorf("%s, big-endian %v (-want +got):\n%s", format, big, diff)
			}
		}
	}
}

func TestAFileWithoutMetadataGivesItsFormatAndSizeOnly(t *testing.T) {
	for format, encode := range formats() {
		want := exif.Facts{Format: format, Kind: exif.KindPhoto, Width: 32, Height: 24}
		if diff := cmp.Diff(want, withoutOrigins(mustRead(t, encode(fixture.Spec{})))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
}

func TestAFileOfAnotherKindGivesNoFactsAndNoError(t *testing.T) {
	for name, file := range map[string]string{
		"empty": "", "one byte": "\xff", "text": "hello, world",
		"half a JPEG marker": "\xff\xd8\x00\x00",
	} {
		f, err := exif.Read(strings.NewReader(file), int64(len(file)))
		if err != nil || f != (exif.Facts{}) {
			t.Errorf("%s: %+v, error %v", name, f, err)
		}
	}
}

func TestAnXMPFileByItselfIsReadInItsEncoding(t *testing.T) {
	const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="3"/></rdf:RDF></x:xmpmeta>`
	var wide []byte
	for _, c := range []byte("\x00" + packet) { // a mark of the byte order, in place of the zero
		wide = append(wide, c, 0)
	}
	copy(wide, "\xff\xfe")
	for name, file := range map[string][]byte{"UTF-8": []byte(packet), "with a mark": []byte("\ufeff" + packet), "UTF-16": wide} {
		if f := mustRead(t, file); f.Format != "XMP" || f.Rating != 3 {
			t.Errorf("%s: format %q, rating %d", name, f.Format, f.Rating)
		}
	}
}

func TestADamagedFileGivesWhatCanBeReadAndSaysWhatIsWrong(t *testing.T) {
	whole := fixture.JPEG(fixture.Spec{Captured: wall(14, 30, 5), Make: "Aldermere"})
	frame := bytes.Index(whole, []byte("\xff\xc0"))
	tests := []struct {
		name, file, says string
		capture          string
	}{
		{"JPEG cut before its frame", string(whole[:frame]), "header ends", "2024-05-18T14:30:05"},
		{"JPEG cut in its frame", string(whole[:frame+6]), "frame header is cut", "2024-05-18T14:30:05"},
		{"JPEG without a frame", "\xff\xd8\xff\xda\x00\x02", "no frame header", ""},
		{"EXIF without a TIFF header", string(jpegOf(exifSegment([]byte("no TIFF")))), "without a TIFF header", ""},
		{"directory outside", "II*\x00\xff\xff\xff\x00", "outside of the file", ""},
		{"directory cut short", string(tiffOf(text(dateTime, "2024:05:18 14:30:05"))[:20]), "cut short", ""},
		{"value outside", string(tiffOf(tag{id: cameraMake, kind: ascii, count: 99, at: 5000})), "tag 0x010f", ""},
		{"TIFF header alone", "MM\x00*\x00\x00\x00\x08", "outside", ""},
	}
	for _, tt := range tests {
		f, err := exif.ReadWithoutNet(strings.NewReader(tt.file), int64(len(tt.file)))
		if !errors.Is(err, exif.ErrDamaged) || !strings.Contains(fmt.Sprint(err), tt.says) {
			t.Errorf("%s: error %v, want damage with %q", tt.name, err, tt.says)
		}
		if got := f.Capture.String(); got != tt.capture {
			t.Errorf("%s: capture time %q, want %q", tt.name, got, tt.capture)
		}
	}
}

// brokenDisk fails every read behind its first bytes.
type brokenDisk struct {
	data *bytes.Reader
	good int64
}

var errDisk = errors.New("input/output error")

func (d brokenDisk) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > d.good {
		return 0, errDisk
	}
	return d.data.ReadAt(p, off)
}

func TestAReadErrorIsReturnedAndIsNotCalledDamage(t *testing.T) {
	// The frame of a JPEG with a large comment lies behind the first read.
	file := fixture.JPEG(fixture.Spec{Make: "Aldermere", Description: strings.Repeat("long ", 2000)})
	for _, good := range []int64{0, 4096} {
		f, err := exif.Read(brokenDisk{bytes.NewReader(file), good}, int64(len(file)))
		if !errors.Is(err, errDisk) || errors.Is(err, exif.ErrDamaged) {
			t.Errorf("disk fails after %d bytes: error %v", good, err)
		}
		if f.Make != "" && good == 0 {
			t.Errorf("facts %+v without a byte read", f)
		}
	}
}

func TestAFileShorterThanStatedIsDamagedOnly(t *testing.T) {
	file := fixture.JPEG(fixture.Spec{Captured: wall(14, 30, 5)})
	cut := bytes.Index(file, []byte("\xff\xc0"))
	f, err := exif.Read(bytes.NewReader(file[:cut]), int64(len(file)))
	if !errors.Is(err, exif.ErrDamaged) || errors.Is(err, io.EOF) {
		t.Errorf("error %v, want damage", err)
	}
	if f.Capture.IsZero() {
		t.Error("the capture time in front of the cut is lost")
	}
}

type panicking struct{}

func (panicking) ReadAt([]byte, int64) (int, error) { panic("out of order") }

func TestNoPanicLeavesThePackage(t *testing.T) {
	if _, err := exif.Read(panicking{}, 100); !errors.Is(err, exif.ErrDamaged) {
		t.Errorf("error %v, want damage", err)
	}
}

func ExampleRead() {
	photo := fixture.JPEG(fixture.Spec{
		Captured: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC), SubSec: "25", Offset: "+02:00",
		Make: "Aldermere", Model: "Field 40", Description: "the old pier",
	})
	f, err := exif.Read(bytes.NewReader(photo), int64(len(photo)))
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(f.Capture, "from", f.Capture.Source)
	fmt.Printf("%s %s: %s, %d x %d pixels\n", f.Make, f.Model, f.Description, f.Width, f.Height)
	// Output:
	// 2024-05-18T14:30:05.25+02:00 from EXIF:DateTimeOriginal
	// Aldermere Field 40: the old pier, 32 x 24 pixels
}
