package exif_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
)

const (
	cuts        = 50  // truncations of each file
	flips       = 200 // changed bytes, one at a time
	maxAlloc    = 32 << 20
	headerBytes = 8 << 10  // where half of the changes go: behind it is mostly picture
	maxVictim   = 64 << 10 // larger fixtures cost time and show nothing new
)

// victims are whole files to be damaged: fixtures, and real photos if there are.
func victims(t *testing.T) map[string][]byte {
	t.Helper()
	spec := fixture.Spec{
		Captured: wall(14, 30, 5), SubSec: "25", Offset: "+02:00", Digitized: wall(14, 30, 6), Modified: wall(15, 0, 0),
		GPSTime: wall(12, 30, 5), Make: "Aldermere", Model: "Field 40", Serial: "A40-000123", Orientation: 6,
		Lat: fixture.Degrees(60.391262), Lon: fixture.Degrees(5.322054), Description: "words", UserComment: "Fähre",
	}
	files := map[string][]byte{"tiny": fixture.TinyJPEG(1, wall(1, 2, 3)), "raw": withSubdirectory(subIFDs, text(dateTime, day))}
	for format, encode := range formats() {
		for _, big := range []bool{false, true} {
			spec.BigEndian = big
			files[fmt.Sprintf("%s, big-endian %v", format, big)] = encode(spec)
		}
	}
	for name, raw := range raws() {
		files[name] = raw.encode(spec)
	}
	maps.Copy(files, shaped())
	maps.Copy(files, chunked())
	maps.Copy(files, boxed())
	maps.Copy(files, streamed())
	for name, file := range hostile() {
		if len(file) < maxVictim {
			files[name] = file
		}
	}
	return files
}

// realFiles gives each sample photo in turn; it is its own so that the tests on
// fixtures run without them.
func realFiles(t *testing.T, each func(name string, file []byte)) {
	t.Helper()
	dir := samplesDir(t)
	for _, s := range oracle(t, dir) {
		file, err := os.ReadFile(filepath.Join(dir, s.File))
		if err != nil {
			t.Fatal(err)
		}
		each(s.File, file)
	}
}

// readSoundly reads a file without the net against panics, and checks what holds
// for any input.
func readSoundly(t testing.TB, name string, file []byte) exif.Facts {
	t.Helper()
	m := newMeter(file)
	f, err := exif.ReadWithoutNet(m, m.Size())
	if m.bytes > exif.MaxRead {
		t.Errorf("%s: %d bytes read, want at most %d", name, m.bytes, exif.MaxRead)
	}
	if err != nil && !errors.Is(err, exif.ErrDamaged) {
		t.Errorf("%s: error %v is not damage", name, err)
	}
	for _, s := range []string{f.Make, f.Model, f.Serial, f.Description} {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			t.Errorf("%s: text %q is not clean UTF-8", name, s)
		}
	}
	p := f.Place
	if !(p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180) {
		t.Errorf("%s: place %v", name, p)
	}
	if f.Orientation < 0 || f.Orientation > 8 || f.Width < 0 || f.Height < 0 {
		t.Errorf("%s: orientation %d, size %d x %d", name, f.Orientation, f.Width, f.Height)
	}
	if c := f.Capture; !c.IsZero() && (c.Wall.Year() < 1826 || c.Wall.Year() > 2262 || c.Offset.Abs() > 14*time.Hour) {
		t.Errorf("%s: capture time %v", name, c)
	}
	return f
}

// damage cuts and changes a file in many places, the same ones in every run.
func damage(t *testing.T, name string, file []byte) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, uint64(len(file))))
	place := func(i int) int {
		if i%2 == 0 {
			return rng.IntN(min(len(file), headerBytes))
		}
		return rng.IntN(len(file))
	}
	for i := range cuts {
		n := place(i)
		readSoundly(t, fmt.Sprintf("%s cut to %d", name, n), file[:n])
	}
	for i := range flips {
		at, by := place(i), byte(1+rng.IntN(255))
		file[at] ^= by
		readSoundly(t, fmt.Sprintf("%s with byte %d changed by %#x", name, at, by), file)
		file[at] ^= by
	}
}

func TestDamagedFixturesAreReadWithinBounds(t *testing.T) {
	for name, file := range victims(t) {
		damage(t, name, file)
	}
}

func TestDamagedRealPhotosAreReadWithinBounds(t *testing.T) {
	realFiles(t, func(name string, file []byte) { damage(t, name, file) })
}

// hostile are files made to cost: each aims at one bound.
func hostile() map[string][]byte {
	le := func(at uint32) []byte { return []byte{byte(at), byte(at >> 8), byte(at >> 16), byte(at >> 24)} }
	var tags, subs []tag
	for i := range 65_535 {
		tags = append(tags, tag{id: userComment, kind: undefined, count: 64 << 10, at: uint32(i % 4096)})
	}
	for i := range 400 {
		subs = append(subs, tag{id: uint16(i), kind: rational, count: 128, at: 8})
	}
	loop := tiffOf(text(dateTime, day))
	loop[8+2+12] = byte(len(loop))
	loop = append(loop, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0)
	caption := tiffOf(text(imageDescription, strings.Repeat("w", 65_000)))
	var captions [][]byte
	for range 60 {
		captions = append(captions, exifSegment(caption))
	}
	places := tag{id: subIFDs, kind: long, count: 256}
	for range 256 {
		places.value = append(places.value, le(8)...)
	}
	return map[string][]byte{
		"two directories in a circle":   loop,
		"a count that overflows":        tiffOf(tag{id: orientation, kind: short, count: 0x8000_0001}),
		"a directory of 65,535 values":  append(tiffOf(tags...), make([]byte, 64<<10)...),
		"400 tags of 128 fractions":     append(withSubdirectory(gpsIFD, subs...), make([]byte, 4096)...),
		"sub-directories of itself":     tiffOf(places, tag{id: 0x00fe, kind: long, count: 1, value: le(1)}),
		"8 MiB of 0xff behind a header": append([]byte("\xff\xd8"), bytes.Repeat([]byte{0xff}, 8<<20)...),
		"8 MiB of empty segments":       append([]byte("\xff\xd8"), bytes.Repeat([]byte("\xff\xe2\x00\x02"), 2<<20)...),
		"8 MiB of short segments":       append([]byte("\xff\xd8"), bytes.Repeat(segment(0xe2, make([]byte, 600)), 8<<20/604)...),
		"60 EXIF blocks of 64 KiB":      jpegOf(captions...),
		"a block in 200 segments":       jpegOf(exifSegment(tiffOf()), bytes.Repeat(exifSegment([]byte("x")), 200)),
	}
}

func TestHostileFilesCostLittle(t *testing.T) {
	for name, file := range hostile() {
		checkCost(t, name, file)
	}
}

func TestFilesThatBreakOtherReadersCostLittle(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(samplesDir(t), "poc", "*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files in poc: %v", err)
	}
	for _, path := range paths {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f := checkCost(t, filepath.Base(path), file)
		if wantsDate := filepath.Base(path) != "count_short.tif"; wantsDate && f.Capture.String() != "2024-02-03T04:05:06" {
			t.Errorf("%s: capture time %q", filepath.Base(path), f.Capture)
		}
	}
}

// checkCost reads a file under the bounds on memory and time.
func checkCost(t *testing.T, name string, file []byte) exif.Facts {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	f := readSoundly(t, name, file)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > maxAlloc {
		t.Errorf("%s: %d bytes allocated, want at most %d", name, used, maxAlloc)
	}
	// A loop without end would be caught by the limit of go test; a minute is for
	// a loaded machine with the race detector.
	if took > time.Minute {
		t.Errorf("%s: took %v", name, took)
	}
	return f
}
