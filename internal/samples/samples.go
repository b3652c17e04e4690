// Package samples makes the photo library of the demo: two dozen pictures in
// four folders, with the traps of a real one.
//
// Call [Write] with an empty folder; it draws every picture, gives it the EXIF of
// a camera, and returns a [Library] that says what was written and in which order
// it belongs, so that whoever imports the folder can be checked to the last file.
//
// Among the photos: names that do not follow the capture times, two shots within
// one second, a photo stored on its side, photos without EXIF, a description that
// is too long for the service, a copy, a broken file, and files that are no
// photos. The pictures are drawn by this package, so they belong to nobody. The
// same call always writes the same bytes; it takes about a second and four MB.
package samples

import (
	"fmt"
	"image"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/albumwright/albumwright/internal/fixture"
)

// Library says what [Write] has written. All paths are relative to its folder,
// with slashes.
type Library struct {
	// Folders with photos, sorted by path.
	Folders []Folder

	// Duplicates have the same bytes as a photo, in the same folder.
	Duplicates []Duplicate

	// Broken files begin like a JPEG and end before the picture does; their
	// names promise a photo, so they are tried, and the service must refuse them.
	Broken []string

	// Ignored files are no photos by their names: what a system or a person
	// leaves in such folders.
	Ignored []string
}

// Folder is one folder's photos in the order in which they were taken.
type Folder struct {
	Path   string
	Photos []Photo
}

// Photo is one good file. Duplicates and broken files are not among them.
type Photo struct {
	Name string

	// Facts is what the EXIF of the file holds; nothing if there is none.
	Facts fixture.Spec

	// Captured is the wall clock by which the photo is put in order, with its
	// fraction of a second. If Facts has no time it is the date in the name or,
	// where Undated is set, the file's modification time in UTC.
	Captured time.Time
	Undated  bool
}

// Duplicate is a file with the bytes of another.
type Duplicate struct{ Path, Of string }

// Names are the folder's photos in the order in which they were taken.
func (f Folder) Names() []string {
	names := make([]string, len(f.Photos))
	for i, p := range f.Photos {
		names[i] = p.Name
	}
	return names
}

// Photos is the number of good photos of distinct content.
func (l Library) Photos() int {
	n := 0
	for _, f := range l.Folders {
		n += len(f.Photos)
	}
	return n
}

// quality of the JPEGs: 24 of them stay below 4 MB in all.
const quality = 85

// Write makes the library below dir, which is created if it is not there. Files
// of the same names are overwritten, others stay. An error is the file system's.
func Write(dir string) (Library, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Library{}, fmt.Errorf("write sample library: %w", err)
	}
	w := writer{dir: dir}
	folders := plan()
	files := drawAll(folders)
	for i, f := range folders {
		folder := Folder{Path: f.path}
		for k, s := range f.shots {
			w.photo(f.path, s, files[i][k])
			folder.Photos = append(folder.Photos, s.photo())
		}
		w.library.Folders = append(w.library.Folders, folder)
	}
	w.others()
	if w.err != nil {
		return Library{}, fmt.Errorf("write sample library: %w", w.err)
	}
	return w.library, nil
}

// drawAll makes the files of all shots, by folder and shot, on all processors:
// drawing is most of the work.
func drawAll(folders []folderPlan) [][][]byte {
	type job struct {
		shot shot
		file *[]byte
	}
	files := make([][][]byte, len(folders))
	var jobs []job
	for i, f := range folders {
		files[i] = make([][]byte, len(f.shots))
		for k, s := range f.shots {
			jobs = append(jobs, job{s, &files[i][k]})
		}
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(jobs) {
					return
				}
				*jobs[i].file = jobs[i].shot.jpeg()
			}
		})
	}
	workers.Wait()
	return files
}

// writer keeps the first error; after it, nothing more is written.
type writer struct {
	dir     string
	library Library
	files   int
	err     error
}

// photo writes a shot's file, and the copy or the torso that goes with it.
func (w *writer) photo(folder string, s shot, file []byte) {
	w.file(path.Join(folder, s.name), file, s.modified)
	if s.copyAs != "" {
		w.file(path.Join(folder, s.copyAs), file, time.Time{})
		w.library.Duplicates = append(w.library.Duplicates,
			Duplicate{Path: path.Join(folder, s.copyAs), Of: path.Join(folder, s.name)})
	}
	if s.brokenAs != "" {
		w.file(path.Join(folder, s.brokenAs), cutShort(file), time.Time{})
		w.library.Broken = append(w.library.Broken, path.Join(folder, s.brokenAs))
	}
}

// others writes what lies beside photos.
func (w *writer) others() {
	for _, o := range []struct{ path, content string }{
		{"2024-07-06 Mountain hut/notes.txt", "Key is with the neighbour.\nBring: bread, cheese, the other lens.\n"},
		{"Family/Birthday/Thumbs.db", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + string(make([]byte, 2040))},
	} {
		w.file(o.path, []byte(o.content), time.Time{})
		w.library.Ignored = append(w.library.Ignored, o.path)
	}
}

// file writes one file. Without a modification time of its own it gets one of an
// afternoon on which everything was copied, a minute after the file before: on
// real disks, too, these times say little about when a photo was taken.
func (w *writer) file(name string, content []byte, modified time.Time) {
	if w.err != nil {
		return
	}
	w.files++
	if modified.IsZero() {
		modified = time.Date(2024, 9, 14, 15, w.files, 0, 0, time.UTC)
	}
	at := filepath.Join(w.dir, filepath.FromSlash(name))
	if w.err = os.MkdirAll(filepath.Dir(at), 0o755); w.err != nil {
		return
	}
	if w.err = os.WriteFile(at, content, 0o644); w.err != nil {
		return
	}
	w.err = os.Chtimes(at, modified, modified)
}

// cutShort ends a JPEG in the tables behind its EXIF block, before anything says
// how large the picture is: no program can show it.
func cutShort(file []byte) []byte {
	const head, tables = 4, 40
	exif := int(file[head])<<8 | int(file[head+1])
	return file[:head+exif+tables]
}

// jpeg draws the shot's picture and adds its facts.
func (s shot) jpeg() []byte {
	spec := s.facts
	spec.Image, spec.Quality = s.scene(), quality
	if spec.Orientation == onItsSide {
		spec.Image = turned(spec.Image)
	}
	return fixture.JPEG(spec)
}

func (s shot) photo() Photo {
	p := Photo{Name: s.name, Facts: s.facts, Captured: s.facts.Captured.Add(fraction(s.facts.SubSec))}
	switch {
	case !s.modified.IsZero():
		p.Captured, p.Undated = s.modified, true
	case s.facts.Captured.IsZero():
		p.Captured = s.named
	}
	return p
}

// fraction is the part of a second that digits behind the point mean.
func fraction(digits string) time.Duration {
	d, unit := time.Duration(0), time.Second
	for _, c := range digits {
		unit /= 10
		d += time.Duration(c-'0') * unit
	}
	return d
}

// onItsSide is EXIF's number for a picture that must be turned a quarter
// clockwise to be looked at.
const onItsSide = 6

// turned is an upright picture as a camera held on its side stores it.
func turned(upright image.Image) image.Image {
	size := upright.Bounds().Size()
	stored := image.NewRGBA(image.Rect(0, 0, size.Y, size.X))
	for y := range size.X {
		for x := range size.Y {
			stored.Set(x, y, upright.At(size.X-1-y, x))
		}
	}
	return stored
}
