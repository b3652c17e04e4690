package samples_test

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"image/jpeg"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/samples"
	gocmp "github.com/google/go-cmp/cmp"
)

// written is a library on disk with the bytes of all its files.
type written struct {
	samples.Library
	dir   string
	files map[string][]byte // by path with slashes
}

func write(t *testing.T) written {
	t.Helper()
	w := written{dir: t.TempDir(), files: map[string][]byte{}}
	var err error
	if w.Library, err = samples.Write(w.dir); err != nil {
		t.Fatal(err)
	}
	err = fs.WalkDir(os.DirFS(w.dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			w.files[name], err = os.ReadFile(filepath.Join(w.dir, name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestTheLibraryIsWhatItSaysItIs draws the pictures once for all that is
// promised of them.
func TestTheLibraryIsWhatItSaysItIs(t *testing.T) {
	w := write(t)
	t.Run("every file is listed once", w.everyFileIsListedOnce)
	t.Run("it is about as large as it should be", w.sizes)
	t.Run("photos decode and tell the listed facts", w.factsAreRead)
	t.Run("folders are in capture order, which is not that of names", w.captureOrder)
	t.Run("duplicates have the same bytes and sort behind", w.duplicates)
	t.Run("no two photos have the same bytes", w.distinct)
	t.Run("broken files cannot be decoded", w.broken)
	t.Run("the traps are there", w.traps)
	t.Run("a second run writes the same", w.sameAgain)
}

func (w written) sameAgain(t *testing.T) {
	if raced {
		t.Skip("drawing twice under the race detector takes too long; the run without it compares the bytes")
	}
	again := write(t)
	if len(again.files) != len(w.files) {
		t.Errorf("%d files, then %d", len(w.files), len(again.files))
	}
	for name, file := range w.files {
		if !bytes.Equal(file, again.files[name]) {
			t.Errorf("%s differs between two runs", name)
		}
	}
	if !reflect.DeepEqual(w.Library, again.Library) {
		t.Errorf("the listing differs between two runs:\n%+v\n%+v", w.Library, again.Library)
	}
}

func (w written) everyFileIsListedOnce(t *testing.T) {
	var listed []string
	for _, f := range w.Folders {
		for _, name := range f.Names() {
			listed = append(listed, path.Join(f.Path, name))
		}
	}
	for _, d := range w.Duplicates {
		listed = append(listed, d.Path)
	}
	listed = append(append(listed, w.Broken...), w.Ignored...)
	slices.Sort(listed)
	var found []string
	for name := range w.files {
		found = append(found, name)
	}
	slices.Sort(found)
	if diff := gocmp.Diff(found, listed); diff != "" {
		t.Errorf("files (-on disk +listed):\n%s", diff)
	}
}

func (w written) sizes(t *testing.T) {
	total := 0
	for _, file := range w.files {
		total += len(file)
	}
	if len(w.Folders) != 4 || w.Photos() != 24 || total > 4<<20 {
		t.Errorf("%d folders, %d photos, %d bytes, want 4, 24 and at most 4 MiB", len(w.Folders), w.Photos(), total)
	}
}

// read returns the facts of a photo as an import would see them.
func (w written) read(t *testing.T, name string) exif.Facts {
	t.Helper()
	file := w.files[name]
	f, err := exif.Read(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	info, err := os.Stat(filepath.Join(w.dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return exif.Resolve(f, exif.Context{Name: path.Base(name), ModTime: info.ModTime(), Local: time.UTC})
}

func (w written) factsAreRead(t *testing.T) {
	for _, folder := range w.Folders {
		for _, p := range folder.Photos {
			name := path.Join(folder.Path, p.Name)
			picture, err := jpeg.DecodeConfig(bytes.NewReader(w.files[name]))
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := jpeg.Decode(bytes.NewReader(w.files[name])); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			got := w.read(t, name)
			got.From = exif.Origins{}
			want := exif.Facts{
				Format: "JPEG", Kind: exif.KindPhoto, Width: picture.Width, Height: picture.Height,
				Make: p.Facts.Make, Model: p.Facts.Model, Serial: p.Facts.Serial,
				Orientation: p.Facts.Orientation, Description: p.Facts.Description, Satellites: p.Facts.GPSTime,
				Capture: exif.Capture{Wall: p.Captured, Source: source(p)},
			}
			if p.Facts.Lat != nil {
				want.Place = exif.Place{Lat: *p.Facts.Lat, Lon: *p.Facts.Lon}
			}
			if p.Facts.Offset != "" {
				want.Capture.Offset, want.Capture.OffsetSource = 2*time.Hour, exif.OffsetRecorded
			}
			if p.Undated {
				want.Capture.OffsetSource = exif.OffsetAssumed
			}
			near := gocmp.Comparer(func(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 })
			if diff := gocmp.Diff(want, got, near); diff != "" {
				t.Errorf("%s (-listed +read):\n%s", name, diff)
			}
		}
	}
}

func source(p samples.Photo) exif.Source {
	switch {
	case p.Undated:
		return exif.SourceModTime
	case p.Facts.Captured.IsZero():
		return exif.SourceFileName
	}
	return exif.SourceDateTimeOriginal
}

func (w written) captureOrder(t *testing.T) {
	for _, folder := range w.Folders {
		byTime, byName := folder.Names(), folder.Names()
		slices.SortFunc(byTime, func(a, b string) int {
			at, bt := w.read(t, path.Join(folder.Path, a)).Capture, w.read(t, path.Join(folder.Path, b)).Capture
			return cmp.Or(at.Wall.Compare(bt.Wall), strings.Compare(a, b))
		})
		slices.Sort(byName)
		if diff := gocmp.Diff(byTime, folder.Names()); diff != "" {
			t.Errorf("%s (-by capture time +listed):\n%s", folder.Path, diff)
		}
		if slices.Equal(byName, byTime) {
			t.Errorf("%s: names sort like capture times", folder.Path)
		}
	}
}

func (w written) duplicates(t *testing.T) {
	if len(w.Duplicates) == 0 {
		t.Error("there is none")
	}
	for _, d := range w.Duplicates {
		if !bytes.Equal(w.files[d.Path], w.files[d.Of]) || d.Path <= d.Of || path.Dir(d.Path) != path.Dir(d.Of) {
			t.Errorf("%s is no copy behind %s in its folder", d.Path, d.Of)
		}
	}
}

func (w written) distinct(t *testing.T) {
	contents := map[[sha256.Size]byte]bool{}
	for _, folder := range w.Folders {
		for _, name := range folder.Names() {
			contents[sha256.Sum256(w.files[path.Join(folder.Path, name)])] = true
		}
	}
	if len(contents) != w.Photos() {
		t.Errorf("%d contents in %d photos", len(contents), w.Photos())
	}
}

func (w written) broken(t *testing.T) {
	if len(w.Broken) == 0 {
		t.Error("there is none")
	}
	for _, name := range w.Broken {
		file := w.files[name]
		if _, err := jpeg.DecodeConfig(bytes.NewReader(file)); err == nil {
			t.Errorf("%s: its picture's size can be read", name)
		}
		f, err := exif.Read(bytes.NewReader(file), int64(len(file)))
		if !errors.Is(err, exif.ErrDamaged) || f.Format != "JPEG" {
			t.Errorf("%s: format %q, error %v, want a damaged JPEG", name, f.Format, err)
		}
	}
}

func (w written) traps(t *testing.T) {
	found := map[string]bool{}
	for _, folder := range w.Folders {
		for i, p := range folder.Photos {
			note := func(trap string, here bool) { found[trap] = found[trap] || here }
			note("a description over 1000 characters", utf8.RuneCountInString(p.Facts.Description) > 1000)
			note("a photo on its side", p.Facts.Orientation == 6)
			note("a photo without any date", p.Undated)
			note("a photo with a date in its name only", source(p) == exif.SourceFileName)
			note("two photos in one second", i > 0 &&
				p.Captured.Truncate(time.Second).Equal(folder.Photos[i-1].Captured.Truncate(time.Second)))
		}
	}
	for trap, ok := range found {
		if !ok {
			t.Errorf("there is not %s", trap)
		}
	}
}

func TestAFolderThatCannotBeWrittenIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if l, err := samples.Write(file); err == nil || l.Photos() != 0 {
		t.Errorf("library of %d photos, error %v", l.Photos(), err)
	}
}

func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		if _, err := samples.Write(b.TempDir()); err != nil {
			b.Fatal(err)
		}
	}
}
