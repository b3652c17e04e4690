package pipeline_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/pipeline"
)

// shot writes a file of the type that its extension names, captured at a time, with further facts.
func (w *world) shot(path string, at time.Time, more ...func(*fixture.Spec)) {
	w.t.Helper()
	w.n++
	s := fixture.Spec{Width: 16, Height: 16, Captured: at, Seed: w.n, Duration: 2 * time.Second}
	for _, set := range more {
		set(&s)
	}
	ext := strings.ToLower(filepath.Ext(path))
	if ext != ".mov" && ext != ".mp4" {
		s.Duration = 0
	}
	w.write(path, encode(path, s))
}

// encode makes the bytes of a file of the type that its extension names.
func encode(path string, s fixture.Spec) []byte {
	return map[string]func(fixture.Spec) []byte{
		".jpg": fixture.JPEG, ".heic": fixture.HEIC, ".nef": fixture.NEF, ".arw": fixture.ARW, ".mov": fixture.MOV, ".mp4": fixture.MP4, ".tif": fixture.TIFF,
	}[strings.ToLower(filepath.Ext(path))](s)
}

// sub is a fraction of a second, camera a make and model, lasting a duration, live a Live Photo's id.
func sub(digits string) func(*fixture.Spec)       { return func(s *fixture.Spec) { s.SubSec = digits } }
func lasting(d time.Duration) func(*fixture.Spec) { return func(s *fixture.Spec) { s.Duration = d } }
func live(id string) func(*fixture.Spec)          { return func(s *fixture.Spec) { s.ContentID = id } }
func camera(name string) func(*fixture.Spec) {
	return func(s *fixture.Spec) { s.Make, s.Model = "Acme", name }
}

// wantAlbum compares the only album.
func (w *world) wantAlbum(want ...string) {
	w.t.Helper()
	w.wantAlbums(map[string][]string{"Pier": want})
}

func TestABurstStandsInOrderWithAndWithoutFractionsOverRuns(t *testing.T) {
	for _, fractions := range []bool{true, false} {
		t.Run(fmt.Sprintf("fractions=%t", fractions), func(t *testing.T) {
			w := newWorld(t)
			var want []string
			add := func(from, to int) {
				for i := to - 1; i >= from; i-- {
					var more []func(*fixture.Spec)
					if fractions {
						more = append(more, sub(fmt.Sprintf("%03d", i*33)))
					}
					w.shot(fmt.Sprintf("Pier/IMG_%d.jpg", 90+i), noon(0), more...)
				}
			}
			for i := range 30 {
				want = append(want, fmt.Sprintf("IMG_%d.jpg", 90+i))
			}
			add(5, 10)
			add(20, 30)
			w.foreseen()
			add(0, 5)
			add(10, 20)
			w.foreseen()
			w.wantAlbum(want...)
		})
	}
}

func TestNumbersGoOnAfter9999(t *testing.T) {
	t.Run("in one folder, 9999 late", func(t *testing.T) {
		w := newWorld(t)
		w.shot("Pier/IMG_0001.jpg", noon(0))
		w.foreseen()
		w.shot("Pier/IMG_0002.jpg", noon(0))
		w.shot("Pier/IMG_9998.jpg", noon(0))
		w.shot("Pier/IMG_9999.jpg", noon(0))
		w.foreseen()
		w.wantAlbum("IMG_9998.jpg", "IMG_9999.jpg", "IMG_0001.jpg", "IMG_0002.jpg")
	})
	t.Run("in one folder, 0001 late", func(t *testing.T) {
		w := newWorld(t)
		w.shot("Pier/IMG_9999.jpg", noon(0))
		w.foreseen()
		w.shot("Pier/IMG_0001.jpg", noon(0))
		w.foreseen()
		w.wantAlbum("IMG_9999.jpg", "IMG_0001.jpg")
	})
	t.Run("over the folders of a card", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.AlbumBy, w.cfg.Album = "", "Pier"
		w.shot("DCIM/101CANON/IMG_0001.jpg", noon(0))
		w.shot("DCIM/100CANON/IMG_9999.jpg", noon(0))
		w.foreseen()
		w.shot("DCIM/100CANON/IMG_9998.jpg", noon(0))
		w.shot("DCIM/101CANON/IMG_0002.jpg", noon(0))
		w.foreseen()
		w.wantAlbum("IMG_9998.jpg", "IMG_9999.jpg", "IMG_0001.jpg", "IMG_0002.jpg")
	})
}

func TestChaptersOfAClipStandTogether(t *testing.T) {
	w := newWorld(t)
	w.unseen = true // the clip of the other camera began before the second chapter
	w.shot("Pier/GX010123.MP4", noon(0), lasting(10*time.Minute))
	w.shot("Pier/other.mp4", noon(5), lasting(time.Minute), camera("Two"))
	w.shot("Pier/GX010124.MP4", noon(40), lasting(time.Minute))
	w.foreseen()
	w.shot("Pier/GX030123.MP4", noon(20), lasting(time.Minute))
	w.shot("Pier/GX020123.MP4", noon(10), lasting(10*time.Minute))
	w.foreseen()
	w.wantAlbum("GX010123.MP4", "GX020123.MP4", "GX030123.MP4", "other.mp4", "GX010124.MP4")
}

func TestALivePhotoThatComesInTwoRunsStandsTogether(t *testing.T) {
	for _, first := range []string{"IMG_0001.heic", "IMG_0001.mov"} {
		t.Run(first+" first", func(t *testing.T) {
			w := newWorld(t)
			w.unseen = true // videos go by their photos
			write := func(name string) {
				at := noon(0)
				if filepath.Ext(name) == ".mov" {
					at = at.Add(2 * time.Second)
				}
				w.shot("Pier/"+name, at, live("A-B-C"))
			}
			write(first)
			w.shot("Pier/a.jpg", noon(0).Add(time.Second))
			w.shot("Pier/z.jpg", noon(1))
			w.foreseen()
			for _, name := range []string{"IMG_0001.heic", "IMG_0001.mov"} {
				if name != first {
					write(name)
				}
			}
			w.foreseen()
			want := []string{"IMG_0001.heic", "IMG_0001.mov", "a.jpg", "z.jpg"}
			if first == "IMG_0001.mov" {
				want = []string{"a.jpg", "IMG_0001.heic", "IMG_0001.mov", "z.jpg"}
			}
			w.wantAlbum(want...)
		})
	}
}

func TestPairsOfTwoCamerasInOneAlbumStandTogether(t *testing.T) {
	w := newWorld(t)
	w.cfg.AlbumBy, w.cfg.Album = "", "Pier"
	for _, card := range []string{"one", "two"} {
		for _, name := range []string{"DSC_0001", "DSC_0002"} {
			w.shot(card+"/"+name+".jpg", noon(0), camera(card))
			w.shot(card+"/"+name+".nef", noon(0), camera(card))
		}
	}
	w.foreseen()
	names := w.albums()["Pier"]
	for i := 0; i+1 < len(names); i += 2 {
		if stem := strings.TrimSuffix(names[i], ".jpg"); names[i+1] != stem+".nef" {
			t.Errorf("%s is followed by %s: %v", names[i], names[i+1], names)
		}
	}
	if len(names) != 8 {
		t.Errorf("the album has %v", names)
	}
}

func TestAnAlbumCanStandByName(t *testing.T) {
	w := newWorld(t)
	w.unseen = true // not by time
	w.cfg.Order = "name"
	w.shot("Pier/IMG_10.jpg", noon(0))
	w.shot("Pier/IMG_2.jpg", noon(9))
	w.foreseen()
	w.shot("Pier/img_1.jpg", noon(5))
	w.shot("Pier/IMG_9.jpg", noon(1))
	w.foreseen()
	w.wantAlbum("img_1.jpg", "IMG_2.jpg", "IMG_9.jpg", "IMG_10.jpg")
}

func TestAnAlbumCanStandAsFound(t *testing.T) {
	w := newWorld(t)
	w.unseen = true // not by time
	w.cfg.Order = "none"
	for i, name := range []string{"b.jpg", "c.jpg", "a.jpg", "bb.jpg"} { // one after the other: a folder tells its files in any order
		before := w.service.Calls()
		w.shot("Pier/"+name, noon(9-i))
		w.foreseen()
		if i > 0 {
			wantCalls(t, w.calls(before), map[string]int{"uploads": 1, "mediaItems.batchCreate": 1})
		}
	}
	w.wantAlbum("b.jpg", "c.jpg", "a.jpg", "bb.jpg")
}

func TestAnAlbumOfSeveralOrdersHasOnePartBehindTheOther(t *testing.T) {
	w := newWorld(t)
	w.unseen = true // not by time
	add := func(by pipeline.Order, photos map[string]int) {
		for name, minutes := range photos {
			w.shot("Pier/"+name, noon(minutes))
		}
		w.cfg.Order = by
		w.foreseen()
	}
	add("none", map[string]int{"n1.jpg": 1})
	add("none", map[string]int{"n2.jpg": 0})
	add("name", map[string]int{"a2.jpg": 0, "a10.jpg": -5})
	add("captured", map[string]int{"c1.jpg": 30, "c2.jpg": 20})
	add("name", map[string]int{"a3.jpg": 0})
	add("captured", map[string]int{"c3.jpg": 25})
	w.wantAlbum("c2.jpg", "c3.jpg", "c1.jpg", "a2.jpg", "a3.jpg", "a10.jpg", "n1.jpg", "n2.jpg")
}

func TestAnOrderThatThereIsNotIsRefused(t *testing.T) {
	w := newWorld(t)
	w.cfg.Order = "size"
	if _, err := pipeline.Plan(t.Context(), w.cfg); err == nil || !strings.Contains(err.Error(), `order "size"`) {
		t.Errorf("Plan: %v", err)
	}
}

// reasons are those of files' ends by name, as they come.
func (w *world) reasons() map[string]string {
	reasons := map[string]string{}
	w.cfg.Observe = func(ev pipeline.Event) {
		if end, ok := ev.(pipeline.FileEnd); ok && end.Reason != "" {
			reasons[filepath.Base(end.Path)] = end.Reason
		}
	}
	return reasons
}

func TestAChoiceLeavesOneFileOfAPairOut(t *testing.T) {
	for _, c := range []struct {
		name   string
		choice pipeline.Pairs
		want   []string
		out    map[string]string // name -> reason
	}{
		{"all", pipeline.Pairs{}, []string{"h.heic", "h.jpg", "IMG_0001.heic", "IMG_0001.mov", "IMG_0002.jpg", "IMG_E0002.jpg", "r.jpg", "r.nef"}, map[string]string{}},
		{"the JPEG of RAW and JPEG", pipeline.Pairs{RawJPEG: "jpeg"}, []string{"h.heic", "h.jpg", "IMG_0001.heic", "IMG_0001.mov", "IMG_0002.jpg", "IMG_E0002.jpg", "r.jpg"},
			map[string]string{"r.nef": "its JPEG r.jpg is taken (--raw-jpeg jpeg)"}},
		{"the RAW", pipeline.Pairs{RawJPEG: "raw"}, []string{"h.heic", "h.jpg", "IMG_0001.heic", "IMG_0001.mov", "IMG_0002.jpg", "IMG_E0002.jpg", "r.nef"},
			map[string]string{"r.jpg": "its RAW r.nef is taken (--raw-jpeg raw)"}},
		{"the HEIC", pipeline.Pairs{HeicJPEG: "heic"}, []string{"h.heic", "IMG_0001.heic", "IMG_0001.mov", "IMG_0002.jpg", "IMG_E0002.jpg", "r.jpg", "r.nef"},
			map[string]string{"h.jpg": "its HEIC h.heic is taken (--heic-jpeg heic)"}},
		{"the edited copy", pipeline.Pairs{Edited: "edited"}, []string{"h.heic", "h.jpg", "IMG_0001.heic", "IMG_0001.mov", "IMG_E0002.jpg", "r.jpg", "r.nef"},
			map[string]string{"IMG_0002.jpg": "its edited copy IMG_E0002.jpg is taken (--edited edited)"}},
		{"the original", pipeline.Pairs{Edited: "original"}, []string{"h.heic", "h.jpg", "IMG_0001.heic", "IMG_0001.mov", "IMG_0002.jpg", "r.jpg", "r.nef"},
			map[string]string{"IMG_E0002.jpg": "its original IMG_0002.jpg is taken (--edited original)"}},
		{"the photo of a Live Photo", pipeline.Pairs{Live: "photo"}, []string{"h.heic", "h.jpg", "IMG_0001.heic", "IMG_0002.jpg", "IMG_E0002.jpg", "r.jpg", "r.nef"},
			map[string]string{"IMG_0001.mov": "its photo IMG_0001.heic is taken (--live photo)"}},
		{"its video", pipeline.Pairs{Live: "video"}, []string{"h.heic", "h.jpg", "IMG_0001.mov", "IMG_0002.jpg", "IMG_E0002.jpg", "r.jpg", "r.nef"},
			map[string]string{"IMG_0001.heic": "its video IMG_0001.mov is taken (--live video)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.unseen = true // videos go by their photos
			w.shot("Pier/h.heic", noon(0))
			w.shot("Pier/h.jpg", noon(0))
			w.shot("Pier/IMG_0001.heic", noon(1), live("A-B"))
			w.shot("Pier/IMG_0001.mov", noon(1), live("A-B"))
			w.shot("Pier/IMG_0002.jpg", noon(2))
			w.shot("Pier/IMG_E0002.jpg", noon(2))
			w.shot("Pier/r.jpg", noon(3))
			w.shot("Pier/r.nef", noon(3))
			w.cfg.Pairs = c.choice
			plan := w.plan()
			reasons := w.reasons()
			rep := w.run()
			w.wantAlbum(c.want...)
			if !maps.Equal(reasons, c.out) {
				t.Errorf("left out: %v, want %v", reasons, c.out)
			}
			if rep.Ends[pipeline.Skipped] != len(c.out) || !maps.Equal(plan.Ends, rep.Ends) || len(rep.SkippedBy) > 1 {
				t.Errorf("planned %v, reported %v by %v", plan.Ends, rep.Ends, rep.SkippedBy)
			}
			before := w.service.Calls()
			again := w.run() // the same choice leaves out the same files, and asks for nothing
			wantCalls(t, w.calls(before), map[string]int{})
			if again.Ends[pipeline.Skipped] != len(c.out) || again.Ends[pipeline.AlreadyThere] != len(c.want) {
				t.Errorf("the second run: %v", again.Ends)
			}
			w.cfg.Pairs = pipeline.Pairs{} // another one takes them
			w.foreseen()
			w.wantAlbum("h.heic", "h.jpg", "IMG_0001.heic", "IMG_0001.mov", "IMG_0002.jpg", "IMG_E0002.jpg", "r.jpg", "r.nef")
		})
	}
}

func TestAFileWithoutItsPartnerIsKept(t *testing.T) {
	for _, c := range []struct {
		name    string
		partner func(*world)
		want    []string
	}{
		{"none there", func(*world) {}, []string{"r.nef"}},
		{"of another moment", func(w *world) { w.shot("Pier/r.jpg", noon(3)) }, []string{"r.nef", "r.jpg"}},
		{"of another camera", func(w *world) { w.shot("Pier/r.jpg", noon(0), camera("Two")) }, []string{"r.jpg", "r.nef"}},
		{"in another folder", func(w *world) { w.shot("Else/r.jpg", noon(0), camera("One")) }, []string{"r.nef"}},
		{"excluded", func(w *world) { w.shot("Pier/r.jpg", noon(0), camera("One")); w.cfg.Exclude = []string{"*.jpg"} }, []string{"r.nef"}},
		{"not a photo", func(w *world) { w.write("Pier/r.jpg", []byte("not a photo")) }, []string{"r.nef"}},
		{"empty", func(w *world) { w.write("Pier/r.jpg", nil) }, []string{"r.nef"}},
		{"a broken link", func(w *world) {
			if err := os.Symlink("nowhere", filepath.Join(w.dir, "Pier/r.jpg")); err != nil {
				w.t.Fatal(err)
			}
		}, []string{"r.nef"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.cfg.Pairs = pipeline.Pairs{RawJPEG: "jpeg"}
			w.shot("Pier/r.nef", noon(0), camera("One"))
			c.partner(w)
			if _, err := w.try(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := w.albums()["Pier"]; !slices.Equal(got, c.want) {
				t.Errorf("the album has %v, want %v", got, c.want)
			}
		})
	}
}
