package strip_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator/internal/strip"
	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
)

// mustStrip takes the place out of a whole JPEG.
func mustStrip(t *testing.T, media []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := strip.JPEG(&b, bytes.NewReader(media)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func mustRead(t *testing.T, media []byte) exif.Facts {
	t.Helper()
	f, err := exif.Read(bytes.NewReader(media), int64(len(media)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func mustDecode(t *testing.T, media []byte) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(media))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func full() fixture.Spec {
	taken := time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC)
	return fixture.Spec{
		Width: 40, Height: 30, Captured: taken, SubSec: "25", Offset: "+02:00", GPSTime: taken.Add(-2 * time.Hour),
		Make: "Aldermere", Model: "Field 40", Serial: "A40-000123", Orientation: 6, Description: "früh im Hafen", Rating: 4,
		Lat: fixture.Degrees(-33.856784), Lon: fixture.Degrees(151.215297),
		ExposureTime: [2]uint32{1, 60}, FNumber: [2]uint32{28, 10}, FocalLength: [2]uint32{425, 100}, ISO: 400,
	}
}

func TestThePlaceGoesAndTheRestOfExifStays(t *testing.T) {
	for _, big := range []bool{false, true} {
		spec := full()
		spec.BigEndian = big
		plain := spec
		plain.Lat, plain.Lon, plain.GPSTime = nil, nil, time.Time{}
		spec.XMP = &fixture.Spec{Lat: spec.Lat, Lon: spec.Lon, Description: "in XMP"}
		spec.IPTC = &fixture.Spec{Description: "in IPTC"}
		spec.Motion = fixture.MP4(fixture.Spec{Lat: spec.Lat, Lon: spec.Lon})
		media := fixture.JPEG(spec)
		if mustRead(t, media).Place.IsZero() {
			t.Fatal("the photo has no place to begin with")
		}
		got := mustStrip(t, media)
		if diff := cmp.Diff(mustRead(t, fixture.JPEG(plain)), mustRead(t, got)); diff != "" {
			t.Errorf("big-endian %v (-want +got):\n%s", big, diff)
		}
		if diff := cmp.Diff(mustDecode(t, media), mustDecode(t, got)); diff != "" {
			t.Errorf("big-endian %v: the picture is another one", big)
		}
		for _, trace := range []string{"in XMP", "in IPTC", "ftyp", "2024:05:18\x00", "seed"} {
			if bytes.Contains(got, []byte(trace)) {
				t.Errorf("big-endian %v: %q is still there", big, trace)
			}
		}
		if order := binary.ByteOrder(binary.LittleEndian); !big && bytes.Contains(got, seconds(order)) || big && bytes.Contains(got, seconds(binary.BigEndian)) {
			t.Errorf("big-endian %v: the seconds of the latitude are still there", big)
		}
	}
}

// seconds are those of the full Spec's latitude, as they stand in the file.
func seconds(order binary.ByteOrder) []byte {
	b := make([]byte, 8)
	order.PutUint32(b, 244_224) // 33° 51' 24.4224"
	order.PutUint32(b[4:], 10_000)
	return b
}

// entry is one of a hand-made directory, with a value that stands in it.
func entry(tag, kind uint16, count, value uint32) []byte {
	le := binary.LittleEndian
	return le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(nil, tag), kind), count), value)
}

// directory ends with the place of the next one.
func directory(next uint32, entries ...[]byte) []byte {
	out := binary.LittleEndian.AppendUint16(nil, uint16(len(entries)))
	return binary.LittleEndian.AppendUint32(append(out, slices.Concat(entries...)...), next)
}

// block puts directories and other bytes at their places.
func block(size int, parts map[int][]byte) []byte {
	b := make([]byte, size)
	copy(b, "II*\x00\x08\x00\x00\x00")
	for at, part := range parts {
		copy(b[at:], part)
	}
	return b
}

const (
	long, rational           = 4, 5
	subIFDs, exifIFD, gpsIFD = 0x014A, 0x8769, 0x8825
	xmp, orientation, isoTag = 0x02BC, 0x0112, 0x8827
	latitude, unknownKind    = 2, 99
	secret                   = "SECRETSECRETSECRETSECRET"
)

func TestAPlaceIsFoundWhereverItIsNamed(t *testing.T) {
	gps := directory(0, entry(latitude, rational, 3, 400))
	turned := entry(orientation, long, 1, 6)
	for name, parts := range map[string]map[int][]byte{
		"in the first directory":        {8: directory(0, turned, entry(gpsIFD, long, 1, 300))},
		"in front of others":            {8: directory(0, entry(gpsIFD, long, 1, 300), turned)},
		"in the second":                 {8: directory(100, turned), 100: directory(0, entry(gpsIFD, long, 1, 300))},
		"in Exif's":                     {8: directory(0, turned, entry(exifIFD, long, 1, 100)), 100: directory(0, entry(gpsIFD, long, 1, 300))},
		"in one of several below":       {8: directory(0, turned, entry(subIFDs, long, 2, 80)), 80: []byte("\x64\x00\x00\x00\x96\x00\x00\x00"), 100: directory(0, turned), 150: directory(0, entry(gpsIFD, long, 1, 300))},
		"twice":                         {8: directory(0, entry(gpsIFD, long, 1, 300), entry(gpsIFD, long, 1, 300), turned)},
		"as a packet":                   {8: directory(0, entry(xmp, 1, 24, 400), turned)},
		"with a type that is not known": {8: directory(0, turned, entry(gpsIFD, long, 1, 350)), 350: directory(0, entry(latitude, unknownKind, 3, 400))},
		"in a circle":                   {8: directory(8, turned, entry(exifIFD, long, 1, 8), entry(gpsIFD, long, 1, 300))},
		"beside one that lies outside":  {8: directory(9999, turned, entry(exifIFD, long, 1, 0xFFFFFFFF), entry(gpsIFD, long, 1, 300))},
	} {
		if _, made := parts[300]; !made {
			parts[300] = gps
		}
		parts[400] = []byte(secret)
		b := block(500, parts)
		if !strip.Exif(b) || bytes.Contains(b, []byte("SECRET")) {
			t.Errorf("%s: the place is still there", name)
		}
		if f, _ := exif.Read(bytes.NewReader(b), int64(len(b))); f.Orientation != 6 { // one names a directory that is not there
			t.Errorf("%s: orientation %d, want 6", name, f.Orientation)
		}
		if bytes.Contains(b, []byte("\x25\x88")) {
			t.Errorf("%s: the directory of GPS is still named", name)
		}
	}
}

func TestABlockThatCannotBeReadIsNotKept(t *testing.T) {
	many := map[int][]byte{}
	for i := range 70 {
		many[8+i*20] = directory(uint32(8+(i+1)*20), entry(orientation, long, 1, 6))
	}
	for name, b := range map[string][]byte{
		"nothing":                 nil,
		"no header":               []byte("nonsense nonsense"),
		"another kind of TIFF":    []byte("II+\x00\x08\x00\x00\x00\x00\x00"),
		"a directory cut short":   block(30, map[int][]byte{8: directory(0, entry(orientation, long, 1, 6), entry(gpsIFD, long, 1, 300))}),
		"a place cut short":       block(110, map[int][]byte{8: directory(0, entry(gpsIFD, long, 1, 100)), 100: directory(0, entry(latitude, rational, 3, 400))[:10]}),
		"a directory in the head": block(100, map[int][]byte{4: {2, 0, 0, 0}}),
		"a chain without end":     block(70*20+100, many),
		"65,535 entries":          block(100, map[int][]byte{8: {0xFF, 0xFF}}),
	} {
		if strip.Exif(bytes.Clone(b)) {
			t.Errorf("%s: kept", name)
		}
		media := fixture.JPEG(fixture.Spec{})
		segment := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(2+6+len(b)))
		media = slices.Concat(media[:2], segment, []byte("Exif\x00\x00"), b, media[2:])
		if got := mustStrip(t, media); bytes.Contains(got, []byte("Exif")) {
			t.Errorf("%s: the segment is still there", name)
		}
	}
}

func TestScansAreCopiedToTheEndMarkerAndNoFurther(t *testing.T) {
	const (
		start    = "\xFF\xD8"
		jfif     = "\xFF\xE0\x00\x04ab"
		profile  = "\xFF\xE2\x00\x0EICC_PROFILE\x00"
		adobe    = "\xFF\xEE\x00\x04ab"
		frame    = "\xFF\xC2\x00\x0B\x08\x00\x08\x00\x08\x01\x01\x11\x00"
		tables   = "\xFF\xC4\x00\x06\xFF\xD9ab" // what looks like an end marker
		scan     = "\xFF\xDA\x00\x04ab" + "data\xFF\x00data\xFF\xD0data"
		restarts = "\xFF\xDD\x00\x04\x00\x01"
		end      = "\xFF\xD9"
	)
	stay := start + jfif + profile + adobe + frame + tables + scan + tables + restarts + scan + end
	long := strings.Repeat("x", 10_000)
	for name, media := range map[string]string{
		"as it is":            stay,
		"with more behind it": stay + "more" + end + start,
		"with what goes": start + jfif + "\xFF\xE2\x00\x06MPF\x00" + profile + "\xFF\xED\x00\x04ab" + adobe + "\xFF\xFE\x00\x04ab" + "\xFF\xEB\x00\x04ab" +
			stay[len(start+jfif+profile+adobe):],
		"with fill bytes": strings.ReplaceAll(stay, "\xFF\xC4", "\xFF\xFF\xFF\xC4"),
	} {
		if got := string(mustStrip(t, []byte(media))); got != stay {
			t.Errorf("%s:\n%q\nwant\n%q", name, got, stay)
		}
	}
	large := start + frame + scan + long + "\xFF\x00" + long + end
	if got := string(mustStrip(t, []byte(large))); got != large {
		t.Errorf("a scan of %d bytes is %d", len(large), len(got))
	}
	for n := range len(stay) {
		if err := strip.JPEG(&bytes.Buffer{}, strings.NewReader(stay[:n])); err == nil {
			t.Errorf("%d of %d bytes are taken for a whole JPEG", n, len(stay))
		}
	}
}

// samples finds the folder with real camera files beside the project. It is
// not part of the project, so tests that need it skip where it is absent.
func samples(t *testing.T) []string {
	t.Helper()
	root := filepath.Join("..", "..", "..", "..", "shared", "samples")
	var all []string
	for _, pattern := range []string{"library/*/*", "files/*"} {
		found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	if len(all) == 0 {
		t.Skip("no folder of sample files above the project: the test on real files is skipped")
	}
	return all
}

func TestRealPhotosLoseTheirPlaceAndNothingElse(t *testing.T) {
	placed, seen := 0, 0
	for _, path := range samples(t) {
		media, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(media, []byte("\xFF\xD8\xFF")) {
			continue
		}
		before, err := exif.Read(bytes.NewReader(media), int64(len(media)))
		if err != nil {
			continue
		}
		after := mustRead(t, mustStrip(t, media))
		if !after.Place.IsZero() {
			t.Errorf("%s is still at %v", path, after.Place)
		}
		seen++
		if !before.Place.IsZero() {
			placed++
		}
		if before.From.Make == "EXIF" && (after.Make != before.Make || after.Model != before.Model || after.Exposure != before.Exposure) {
			t.Errorf("%s: %s %s %+v, want %s %s %+v", path, after.Make, after.Model, after.Exposure, before.Make, before.Model, before.Exposure)
		}
		if before.Capture.Source == exif.SourceDateTimeOriginal && !after.Capture.Wall.Equal(before.Capture.Wall) {
			t.Errorf("%s: %v, want %v", path, after.Capture, before.Capture)
		}
	}
	if seen < 40 || placed < 5 {
		t.Errorf("only %d photos were stripped, %d of them of a place", seen, placed)
	}
}

func FuzzJPEG(f *testing.F) {
	spec := full()
	f.Add(fixture.JPEG(spec))
	spec.BigEndian, spec.Motion = true, fixture.MP4(fixture.Spec{})
	f.Add(fixture.JPEG(spec))
	f.Add([]byte("\xFF\xD8\xFF\xE1\x00\x10Exif\x00\x00II*\x00\x08\x00\x00\x00\xFF\xDA\x00\x02\xFF\x00\xFF\xD9"))
	f.Fuzz(func(t *testing.T, media []byte) {
		var b bytes.Buffer
		if strip.JPEG(&b, bytes.NewReader(media)) != nil {
			return
		}
		if b.Len() > len(media) {
			t.Errorf("%d bytes of %d", b.Len(), len(media))
		}
		if got, err := exif.Read(bytes.NewReader(b.Bytes()), int64(b.Len())); err == nil && !got.Place.IsZero() {
			t.Errorf("still at %v", got.Place)
		}
		once := bytes.Clone(b.Bytes())
		b.Reset()
		if err := strip.JPEG(&b, bytes.NewReader(once)); err != nil || !bytes.Equal(b.Bytes(), once) {
			t.Errorf("stripped twice: %d bytes, once: %d, %v", b.Len(), len(once), err)
		}
	})
}
