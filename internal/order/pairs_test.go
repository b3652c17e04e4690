package order_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/order"
)

func TestTheseFilesAreAPair(t *testing.T) {
	as := func(f order.File, change func(*order.File)) order.File {
		change(&f)
		return f
	}
	id := func(f order.File, id string) order.File { return as(f, func(f *order.File) { f.ContentID = id }) }
	model := func(f order.File, m string) order.File { return as(f, func(f *order.File) { f.Model = m }) }
	guessed := func(f order.File) order.File { return as(f, func(f *order.File) { f.Guessed = true }) }
	lasting := func(f order.File, d time.Duration) order.File { return as(f, func(f *order.File) { f.Duration = d }) }
	none := order.Relation(255)
	for _, c := range []struct {
		name string
		a, b order.File // First and Second
		want order.Relation
	}{
		{"RAW and JPEG", file("a.nef", 0), file("A.JPG", 0), order.RawJPEG},
		{"RAW and JPEG, one with a fraction of the second", file("a.nef", 0), file("a.jpg", 730), order.RawJPEG},
		{"RAW and HEIC", file("a.dng", 0), file("a.heic", 0), order.RawJPEG},
		{"a Pixel's RAW and JPEG", file("PXL_1.RAW-02.ORIGINAL.dng", 0), file("PXL_1.RAW-01.COVER.jpg", 0), order.RawJPEG},
		{"RAW and JPEG, one of them named by a Mac", file("Caf\u00e9.nef", 0), file("Cafe\u0301.jpg", 0), order.RawJPEG},
		{"RAW and JPEG of two stems", file("a.nef", 0), file("b.jpg", 0), none},
		{"RAW and JPEG of two moments", file("a.nef", 0), file("a.jpg", 1000), none},
		{"RAW and JPEG of two cameras", model(file("a.nef", 0), "One"), model(file("a.jpg", 0), "Two"), none},
		{"RAW and JPEG, one of which does not say its camera", model(file("a.nef", 0), "One"), file("a.jpg", 0), order.RawJPEG},
		{"RAW and JPEG that were written at one time", guessed(file("a.nef", 0)), guessed(file("a.jpg", 0)), none},
		{"HEIC and JPEG", file("a.heic", 0), file("a.jpg", 0), order.HeicJPEG},
		{"JPEG and PNG", file("a.jpg", 0), file("a.png", 0), none},
		{"Apple's edit", file("IMG_E0007.jpg", 0), file("IMG_0007.heic", 0), order.Edited},
		{"Apple's edit of a video", file("IMG_E0007.mov", 0), file("IMG_0007.mov", 0), order.Edited},
		{"Apple's edit of another photo", file("IMG_E0007.jpg", 5000), file("IMG_0007.heic", 0), none},
		{"Google's edit", file("a-edited.jpg", 0), file("a.jpg", 0), order.Edited},
		{"Google's edit in German", file("a-bearbeitet.jpg", 0), file("a.jpg", 0), order.Edited},
		{"Google's edit in French, named by a Mac", file("a-modifie\u0301.jpg", 0), file("a.jpg", 0), order.Edited},
		{"Android's edit", file("IMG_7~2.jpg", 0), file("IMG_7.jpg", 0), order.Edited},
		{"Lightroom's edit", file("a-Edit.png", 0), file("a.nef", 0), order.Edited},
		{"Lightroom's second edit", file("a-Edit-2.jpg", 0), file("a.nef", 0), order.Edited},
		{"an edit in words", file("a (edited).jpg", 0), file("a.jpg", 0), order.Edited},
		{"a name that begins with an e", file("IMG_Eva.jpg", 0), file("IMG_va.jpg", 0), none},
		{"a number in brackets", file("a(1).jpg", 0), file("a.jpg", 0), none},
		{"a long number behind a tilde", file("a~123.jpg", 0), file("a.jpg", 0), none},
		{"nothing before the mark", file("-edited.jpg", 0), file(".jpg", 0), none},
		{"a Live Photo by its id, whatever the name and the time", id(file("a.heic", 0), "X"), id(file("b.mov", 99_000), "X"), order.Live},
		{"a photo and a video of two ids", id(file("a.heic", 0), "X"), id(file("a.mov", 0), "Y"), none},
		{"a photo and a video of one stem and moment", file("a.jpg", 0), file("a.mov", -1500), order.Live},
		{"as icloudpd names it", file("a.heic", 0), file("a_HEIC.mov", 0), order.Live},
		{"a photo and a long video of one stem", file("a.jpg", 0), lasting(file("a.mov", 0), time.Minute), none},
		{"a photo and a video of unknown length", file("a.jpg", 0), lasting(file("a.mov", 0), 0), none},
		{"a photo and a video of two moments", file("a.jpg", 0), file("a.mov", 3001), none},
		{"chapters", file("GX010001.mp4", 0), file("GX020001.mp4", 3000), order.Chapters},
		{"chapters of a 360 degree camera", file("GS010001.mp4", 0), file("GS020001.mp4", 3000), order.Chapters},
		{"chapters of an old camera", file("GOPR0001.mp4", 0), file("GP010001.mp4", 3000), order.Chapters},
		{"chapters with the time of the clip", file("GX010001.mp4", 0), file("GX020001.mp4", 0), order.Chapters},
		{"a chapter that began too late", file("GX010001.mp4", 0), file("GX020001.mp4", 70_000), none},
		{"a chapter that began before the one before it", file("GX010001.mp4", 0), file("GX020001.mp4", -1), none},
		{"chapters of two clips", file("GX010001.mp4", 0), file("GX020002.mp4", 3000), none},
		{"chapters of two codecs", file("GX010001.mp4", 0), file("GH020001.mp4", 3000), none},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want []order.Pair
			if c.want != none {
				want = []order.Pair{{Of: c.want, First: 0, Second: 1}}
			}
			if diff := cmp.Diff(want, order.NewFolder([]order.File{c.a, c.b}).Pairs); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", c.a.Name, c.b.Name, diff)
			}
		})
	}
}

func TestAChoiceLeavesOutOnlyFilesWhosePartnerIsTaken(t *testing.T) {
	live := []order.File{file("a.heic", 0), file("a.jpg", 0), file("a.mov", 0), file("a.dng", 0), file("a-edited.jpg", 0)}
	for _, c := range []struct {
		name   string
		choice order.Choice
		fixed  string // names of files that cannot be left out
		absent string // names of files that are nowhere
		want   []string
	}{
		{"nothing chosen", order.Choice{RawJPEG: "both"}, "", "", nil},
		{"one", order.Choice{HeicJPEG: "heic"}, "", "", []string{"a.jpg: its HEIC a.heic is taken (--heic-jpeg heic)"}},
		{"a chain", order.Choice{HeicJPEG: "jpeg", Live: "photo"}, "", "", []string{
			"a.heic: its JPEG a.jpg is taken (--heic-jpeg jpeg)", "a.mov: its photo a.jpg is taken (--live photo, --heic-jpeg jpeg)",
		}},
		{"the edited copy stands for all stills", order.Choice{Edited: "edited"}, "", "", []string{
			"a.heic: its edited copy a-edited.jpg is taken (--edited edited)", "a.jpg: its edited copy a-edited.jpg is taken (--edited edited)",
			"a.dng: its edited copy a-edited.jpg is taken (--edited edited)",
		}},
		{"the edited copy is nowhere", order.Choice{Edited: "edited"}, "", "a-edited.jpg", nil},
		{"delivered before", order.Choice{RawJPEG: "raw"}, "a.jpg", "", []string{"a.heic: its RAW a.dng is taken (--raw-jpeg raw)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := order.NewFolder(live)
			has := func(names string, i int) bool { return slices.Contains(strings.Fields(names), live[i].Name) }
			left := folder.LeftOut(c.choice, func(i int) bool { return !has(c.fixed, i) }, func(partner, _ int) bool { return !has(c.absent, partner) })
			var got []string
			for _, l := range left {
				got = append(got, live[l.File].Name+": "+l.Reason)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("left out (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAWordThatThereIsNotIsRefused(t *testing.T) {
	for _, c := range []order.Choice{{RawJPEG: "heic"}, {HeicJPEG: "raw"}, {Edited: "copy"}, {Live: "none"}} {
		if c.Valid() == nil {
			t.Errorf("%+v is valid", c)
		}
	}
	for _, c := range []order.Choice{{}, {RawJPEG: "raw", HeicJPEG: "both", Edited: "original", Live: "video"}} {
		if err := c.Valid(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
