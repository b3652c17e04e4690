package order_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/order"
)

func TestFilesOfAFolderStandInThisOrder(t *testing.T) {
	long := func(f order.File) order.File {
		f.Duration = 10 * time.Minute
		return f
	}
	const minute = 60_000
	for _, c := range []struct {
		name  string
		files []order.File
		want  []string
	}{
		{"by time", []order.File{file("a.jpg", 2000), file("b.jpg", 1000)}, []string{"b.jpg", "a.jpg"}},
		{"by fractions of a second", []order.File{file("a.jpg", 20), file("b.jpg", 10)}, []string{"b.jpg", "a.jpg"}},
		{"by number, as a number", []order.File{file("IMG_10.jpg", 0), file("img_9.jpg", 0)}, []string{"img_9.jpg", "IMG_10.jpg"}},
		{"over the turn of numbers", []order.File{file("IMG_0001.jpg", 0), file("IMG_9999.jpg", 0), file("IMG_9998.jpg", 0), file("IMG_0002.jpg", 0)},
			[]string{"IMG_9998.jpg", "IMG_9999.jpg", "IMG_0001.jpg", "IMG_0002.jpg"}},
		{"no turn where numbers between are there", []order.File{file("IMG_0001.jpg", 0), file("IMG_9999.jpg", 0), file("IMG_5000.jpg", 0)},
			[]string{"IMG_0001.jpg", "IMG_5000.jpg", "IMG_9999.jpg"}},
		{"no turn at two moments", []order.File{file("IMG_0001.jpg", 0), file("IMG_9999.jpg", 1000)}, []string{"IMG_0001.jpg", "IMG_9999.jpg"}},
		{"each series by itself", []order.File{file("DSC_0001.jpg", 0), file("IMG_9999.jpg", 0)}, []string{"DSC_0001.jpg", "IMG_9999.jpg"}},
		{"a Live Photo together, the photo first", []order.File{file("IMG_0001.MOV", -1500), file("IMG_0001.HEIC", 0), file("IMG_0002.HEIC", -1000)},
			[]string{"IMG_0002.HEIC", "IMG_0001.HEIC", "IMG_0001.MOV"}},
		{"RAW and JPEG together in a burst of one second", []order.File{
			file("DSC_0002.nef", 0), file("DSC_0001.nef", 0), file("DSC_0001.jpg", 0), file("DSC_0002.jpg", 0),
		}, []string{"DSC_0001.jpg", "DSC_0001.nef", "DSC_0002.jpg", "DSC_0002.nef"}},
		{"an edited copy behind its original", []order.File{file("IMG_E0001.jpg", 0), file("IMG_0001.jpg", 0), file("IMG_0002.jpg", 0)},
			[]string{"IMG_0001.jpg", "IMG_E0001.jpg", "IMG_0002.jpg"}},
		{"chapters of a GoPro clip around another camera's", []order.File{
			long(file("GX010124.mp4", 25*minute)), long(file("GX020123.mp4", 10*minute)), file("other.mp4", 5*minute), long(file("GX010123.mp4", 0)), long(file("GX030123.mp4", 20*minute)),
		}, []string{"GX010123.mp4", "GX020123.mp4", "GX030123.mp4", "other.mp4", "GX010124.mp4"}},
		{"chapters of an old GoPro", []order.File{long(file("GP020007.mp4", 20*minute)), long(file("GP010007.mp4", 10*minute)), file("a.jpg", minute), long(file("GOPR0007.mp4", 0))},
			[]string{"GOPR0007.mp4", "GP010007.mp4", "GP020007.mp4", "a.jpg"}},
		{"chapters of different days apart", []order.File{long(file("GX020123.mp4", 24*60*minute)), file("a.jpg", minute), long(file("GX010123.mp4", 0))},
			[]string{"GX010123.mp4", "a.jpg", "GX020123.mp4"}},
		{"a chapter that is missing", []order.File{long(file("GX030123.mp4", 20*minute)), file("a.jpg", minute), long(file("GX010123.mp4", 0))},
			[]string{"GX010123.mp4", "GX030123.mp4", "a.jpg"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, files := range [][]order.File{c.files, reversed(c.files)} {
				if diff := cmp.Diff(c.want, sorted(t, files, nil)); diff != "" {
					t.Errorf("order (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func reversed[T any](s []T) []T {
	s = slices.Clone(s)
	slices.Reverse(s)
	return s
}

// What stands in an album cannot be moved. The late ones of a set, or of a turn of numbers, come to their places beside it.
func TestLateFilesJoinWhatIsFixed(t *testing.T) {
	for _, c := range []struct {
		name        string
		first, late []order.File
		want        []string
	}{
		{"the video of a Live Photo", []order.File{file("IMG_1.HEIC", 0), file("IMG_2.HEIC", 0)}, []order.File{file("IMG_1.MOV", 2000)}, []string{"IMG_1.HEIC", "IMG_1.MOV", "IMG_2.HEIC"}},
		{"its photo", []order.File{file("IMG_1.MOV", 2000), file("a.jpg", 1000)}, []order.File{file("IMG_1.HEIC", 0)}, []string{"a.jpg", "IMG_1.HEIC", "IMG_1.MOV"}},
		{"the RAW", []order.File{file("DSC_1.jpg", 0), file("DSC_2.jpg", 0)}, []order.File{file("DSC_1.nef", 500)}, []string{"DSC_1.jpg", "DSC_1.nef", "DSC_2.jpg"}},
		{"an earlier chapter", []order.File{file("GX020123.mp4", 3000), file("a.jpg", 1000)}, []order.File{file("GX010123.mp4", 0)}, []string{"a.jpg", "GX010123.mp4", "GX020123.mp4"}},
		{"9999 before a fixed 0001", []order.File{file("IMG_0001.jpg", 0)}, []order.File{file("IMG_9999.jpg", 0), file("IMG_0002.jpg", 0)}, []string{"IMG_9999.jpg", "IMG_0001.jpg", "IMG_0002.jpg"}},
		{"0001 behind a fixed 9999", []order.File{file("IMG_9999.jpg", 0)}, []order.File{file("IMG_0001.jpg", 0), file("IMG_9998.jpg", 0)}, []string{"IMG_9998.jpg", "IMG_9999.jpg", "IMG_0001.jpg"}},
		{"once more after a turn", []order.File{file("IMG_9999.jpg", 0), file("IMG_0002.jpg", 0)}, []order.File{file("IMG_0001.jpg", 0)}, []string{"IMG_9999.jpg", "IMG_0001.jpg", "IMG_0002.jpg"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fixed := keysOf(c.first, nil)
			if diff := cmp.Diff(c.want, sorted(t, append(c.first, c.late...), fixed)); diff != "" {
				t.Errorf("order (-want +got):\n%s", diff)
			}
		})
	}
}

// A partner that stands there by another order has the late one right behind it.
func TestALateFileJoinsAPartnerOfAnotherOrder(t *testing.T) {
	photo, next := file("IMG_1.HEIC", 0), file("IMG_2.HEIC", 0)
	fixed := map[string][]byte{"IMG_1.HEIC": order.Name.Key(photo), "IMG_2.HEIC": order.Name.Key(next)}
	got := sorted(t, []order.File{file("IMG_1.MOV", 0), next, photo}, fixed)
	if diff := cmp.Diff([]string{"IMG_1.HEIC", "IMG_1.MOV", "IMG_2.HEIC"}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestNumberedFoldersGoOnAfter9999(t *testing.T) {
	a, b := file("IMG_9999.jpg", 0), file("IMG_0001.jpg", 0)
	a.Dir, b.Dir = "/card/DCIM/100CANON", "/card/DCIM/101CANON"
	if bytes.Compare(order.Captured.Key(a), order.Captured.Key(b)) >= 0 {
		t.Error("101CANON/IMG_0001 sorts before 100CANON/IMG_9999")
	}
}

func TestNamesSortNaturally(t *testing.T) {
	want := []string{"1.jpg", "02.jpg", "2.jpg", "10.jpg", "a.jpg", "IMG_2.jpg", "img_10.jpg", "img_10b.jpg", "img_10b2.jpg", "z.jpg",
		"\u00e91.jpg", "e\u03012.jpg", "\u00e910.jpg"} // whether a Mac named them or not
	got := reversed(want)
	slices.SortFunc(got, func(a, b string) int {
		return bytes.Compare(order.Name.Key(file(a, len(a))), order.Name.Key(file(b, -len(b))))
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("by name (-want +got):\n%s", diff)
	}
}

// The parts of an album that was filled in several orders stand one behind the other.
func TestEachOrderHasKeysOfItsOwn(t *testing.T) {
	for _, year := range []int{1, 1826, 1970, 2024, 2261, 9999} {
		f := file("a.jpg", 0)
		f.Captured = time.Date(year, 12, 31, 23, 0, 0, 0, time.UTC)
		captured, name, none := order.Captured.Key(f), order.Name.Key(f), order.None.Key(f)
		if bytes.Compare(captured, name) >= 0 || bytes.Compare(name, none) >= 0 {
			t.Errorf("year %d: %x, %x, %x are not apart", year, captured[:8], name[:8], none)
		}
	}
	if by := order.By("random"); by.Valid() == nil {
		t.Error("an order that there is not is valid")
	}
}
