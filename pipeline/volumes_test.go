package pipeline_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// newSmallAlbums is a world whose albums hold only so many items.
func newSmallAlbums(t testing.TB, limit int) *world {
	w := newWorldWith(t, emulator.Config{AlbumLimit: limit})
	w.cfg = w.cfg.WithAlbumLimit(limit)
	return w
}

// sound checks the ledger by its own rules.
func (w *world) sound() {
	w.t.Helper()
	r, err := ledger.OpenRead(w.t.Context(), pipeline.LedgerPath(w.cfg))
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if found, err := r.Check(w.t.Context()); err != nil || len(found) > 0 {
		w.t.Errorf("the ledger is not sound: %v %v", found, err)
	}
}

func TestATitleThatIsFullGoesOnInFurtherAlbums(t *testing.T) {
	inBubble(t, "one import of two albums and a half", func(t *testing.T) {
		w := newSmallAlbums(t, 60)
		names := w.series("Pier", "p", 150, 0)
		plan := w.plan()
		w.foreseen()
		w.wantAlbums(map[string][]string{"Pier": names[:60], "Pier (2)": names[60:120], "Pier (3)": names[120:]})
		if len(plan.Albums) != 3 || plan.Albums[2].Continues != "Pier" || plan.Requests.AlbumCreates != 3 || plan.Requests.BatchCreates != 5 {
			t.Errorf("planned %+v, want three albums in five batches", plan.Requests)
		}
		if plan.Albums[2].Items[0].Notes != nil {
			t.Errorf("a file in its order is noted: %q", plan.Albums[2].Items[0].Notes)
		}
		w.sound()
		rep := w.foreseen()
		wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 150})
		if rep.Requests.Total() != 0 {
			t.Errorf("a second run made %+v", rep.Requests)
		}
	})
}

func TestLateArrivalsForAFullAlbumGoIntoTheLastVolume(t *testing.T) {
	inBubble(t, "before, in between, and behind", func(t *testing.T) {
		w := newSmallAlbums(t, 3)
		for m := range 8 {
			w.photo(fmt.Sprintf("Pier/%d.jpg", 10*m), 10*m)
		}
		w.foreseen()
		w.photo("Pier/05.jpg", 5)
		w.photo("Pier/99.jpg", 99)
		rep := w.foreseen()
		w.wantAlbums(map[string][]string{
			"Pier": {"0.jpg", "10.jpg", "20.jpg"}, "Pier (2)": {"30.jpg", "40.jpg", "50.jpg"}, "Pier (3)": {"05.jpg", "60.jpg", "70.jpg"}, "Pier (4)": {"99.jpg"},
		})
		if rep.Noted != 1 || !strings.Contains(strings.Join(rep.Notes[0].Notes, ""), `"Pier" is full: it went into "Pier (3)"`) {
			t.Errorf("the report notes %+v, want the one file that came late", rep.Notes)
		}
		w.sound()
	})
}

// A copy of a photo that lies in any volume is there already, or a duplicate; the file that brought it is named.
func TestACopyOfAPhotoInAnotherVolumeIsNotSentAgain(t *testing.T) {
	inBubble(t, "a copy", func(t *testing.T) {
		w := newSmallAlbums(t, 2)
		w.photo("Pier/1.jpg", 1)
		w.photo("Pier/2.jpg", 2)
		body := w.photo("Pier/3.jpg", 3)
		w.foreseen()
		w.write("Pier/copy.jpg", body)
		wantEnds(t, w.foreseen(), map[pipeline.End]int{pipeline.AlreadyThere: 4})
		body = w.photo("Pier/0.jpg", 0) // the twins of one run are given to different volumes
		w.photo("Pier/4.jpg", 4)
		w.photo("Pier/5.jpg", 5)
		w.write("Pier/x/6.jpg", body)
		w.cfg.AlbumBy, w.cfg.Album = "", "Pier"
		wantEnds(t, w.foreseen(), map[pipeline.End]int{pipeline.AlreadyThere: 4, pipeline.Uploaded: 3, pipeline.Duplicate: 1})
		w.sound()
	})
}

func TestARuleThatNamesAVolumeSharesIt(t *testing.T) {
	inBubble(t, "a folder of that name before the title is full", func(t *testing.T) {
		w := newSmallAlbums(t, 2)
		w.photo("Pier (2)/other.jpg", 50)
		for m := range 3 {
			w.photo(fmt.Sprintf("Pier/%d.jpg", m), m)
		}
		w.foreseen()
		w.wantAlbums(map[string][]string{"Pier": {"0.jpg", "1.jpg"}, "Pier (2)": {"other.jpg"}, "Pier (3)": {"2.jpg"}})
		w.sound()
	})
	inBubble(t, "a folder of that name afterwards", func(t *testing.T) {
		w := newSmallAlbums(t, 2)
		for m := range 3 {
			w.photo(fmt.Sprintf("Pier/%d.jpg", m), m)
		}
		w.foreseen()
		w.photo("Pier (2)/other.jpg", 50)
		w.photo("Pier (2)/more.jpg", 60)
		w.foreseen()
		w.wantAlbums(map[string][]string{"Pier": {"0.jpg", "1.jpg"}, "Pier (2)": {"2.jpg", "other.jpg"}, "Pier (3)": {"more.jpg"}})
		w.sound()
	})
	inBubble(t, "one file by two rules", func(t *testing.T) {
		w := newSmallAlbums(t, 2)
		for m := range 4 {
			w.photo(fmt.Sprintf("a/%d.jpg", m), m)
		}
		w.cfg.AlbumBy, w.cfg.Album = "", "Pier"
		w.foreseen()
		w.photo("a/4.jpg", 4)
		w.cfg.Rules = []pipeline.AlbumRule{{Title: "Pier (3)"}}
		w.run()
		w.run()
		if got := w.albums(); len(got["Pier (3)"]) != 2 {
			t.Errorf("albums %v", got)
		}
		w.sound()
	})
}

func TestATitleWithoutRoomForTheNumberIsCut(t *testing.T) {
	inBubble(t, "500 characters", func(t *testing.T) {
		w := newSmallAlbums(t, 1)
		w.cfg.AlbumBy, w.cfg.Album = "", strings.Repeat("ü", photos.MaxTitle)
		w.photo("1.jpg", 1)
		w.photo("2.jpg", 2)
		w.foreseen()
		w.wantAlbums(map[string][]string{w.cfg.Album: {"1.jpg"}, strings.Repeat("ü", 496) + " (2)": {"2.jpg"}})
	})
}

// The user has put photos of his own into an album: the ledger believes that there is room, the service knows better.
func TestAnAlbumThatTheServiceSaysIsFullGoesOnInTheSameRun(t *testing.T) {
	for _, c := range []struct{ photos, questions, albums int }{
		{80, 1, 2},  // the ledger believes that one album holds them all
		{120, 2, 3}, // and here that two do: the second one is full, too, with what the first did not take
	} {
		inBubble(t, fmt.Sprintf("sixty of a hundred places are taken, and %d photos come", c.photos), func(t *testing.T) {
			w := newSmallAlbums(t, 100)
			w.photo("Pier/first.jpg", 0)
			w.run()
			w.fill("Pier", 60)
			names := w.series("Pier", "p", c.photos, 1)
			before := w.service.Calls()
			rep := w.run()
			wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: c.photos, pipeline.AlreadyThere: 1})
			w.once(append(names, "first.jpg"))
			if calls := w.calls(before); calls["albums.get"] != c.questions || rep.Requests.AlbumGets != c.questions || len(w.albums()) != c.albums {
				t.Errorf("%d albums by requests %v, want %d by %d questions", len(w.albums()), calls, c.albums, c.questions)
			}
			w.sound()
			before = w.service.Calls()
			w.photo("Pier/late.jpg", 2)
			w.foreseen()
			if calls := w.calls(before); calls["albums.get"] != 0 || calls["mediaItems.batchCreate"] != 1 {
				t.Errorf("requests %v: the next run knows", calls)
			}
		})
	}
}

// once checks that every name is in exactly one album.
func (w *world) once(names []string) {
	w.t.Helper()
	var all []string
	for _, in := range w.albums() {
		for _, name := range in {
			if !strings.HasPrefix(name, "own") {
				all = append(all, name)
			}
		}
	}
	if got, want := sortedCopy(all), sortedCopy(names); !slices.Equal(got, want) {
		w.t.Errorf("%d files are in albums, want %d, each once", len(got), len(want))
	}
}

// fill lets the user put n photos into an album.
func (w *world) fill(title string, n int) {
	w.t.Helper()
	other := *w
	other.dir = w.t.TempDir()
	other.cfg.Paths, other.cfg.StateDir = []string{other.dir}, w.t.TempDir()
	other.cfg.AlbumBy, other.cfg.Album = "", title
	other.series("", "own", n, 0)
	other.run()
	w.n = other.n
}

// A run that dies anywhere, and a late file before the next one: nothing is lost, nothing in two volumes.
func TestARunOfVolumesThatStoppedIsTakenUp(t *testing.T) {
	for _, calls := range []int{1, 2, 3, 5} {
		inBubble(t, fmt.Sprint("after batch ", calls), func(t *testing.T) {
			w := newSmallAlbums(t, 60)
			names := w.series("Pier", "p", 150, 10)
			ctx, cancel := context.WithCancel(t.Context())
			w.plant(emulator.Fault{Operation: "mediaItems.batchCreate", Nth: calls, Effect: emulator.CutAnswer(10)})
			n := 0
			w.cfg.Observe = func(ev pipeline.Event) {
				if end, ok := ev.(pipeline.FileEnd); ok && end.End == pipeline.Uploaded {
					if n++; n > 25*calls {
						cancel()
					}
				}
			}
			_, _ = w.try(ctx)
			w.cfg.Observe = nil
			w.photo("Pier/early.jpg", 0)
			w.photo("Pier/late.jpg", 500)
			w.foreseen()
			w.once(append(names, "early.jpg", "late.jpg"))
			w.sound()
		})
	}
}

// Any arrivals in any runs: each file is in one volume, each volume in order and not too full, the dry run knew.
func TestAnyArrivalsFillVolumesInOrder(t *testing.T) {
	property.CheckN(t, tries(25, 10), func(rt *rapid.T) {
		limit := rapid.IntRange(1, 7).Draw(rt, "limit")
		w := newSmallAlbums(t, limit)
		taken := map[int]bool{}
		var names []string
		for range rapid.IntRange(1, 4).Draw(rt, "runs") {
			for range rapid.IntRange(0, 12).Draw(rt, "photos") {
				m := rapid.IntRange(0, 300).Draw(rt, "minute")
				if taken[m] {
					continue
				}
				taken[m] = true
				name := fmt.Sprintf("%03d.jpg", m)
				w.photo("Pier/"+name, m)
				names = append(names, name)
			}
			w.foreseen()
			w.once(names)
			w.sound()
			if got, want := len(w.albums()), (len(names)+limit-1)/limit; got != want {
				rt.Fatalf("%d albums of %d for %d files, want %d", got, limit, len(names), want)
			}
		}
	})
}

func TestAPlanOfVolumesIsCarriedOut(t *testing.T) {
	inBubble(t, "three volumes", func(t *testing.T) {
		w := newSmallAlbums(t, 3)
		names := w.series("Pier", "p", 8, 0)
		want := map[string][]string{"Pier": names[:3], "Pier (2)": names[3:6], "Pier (3)": names[6:]}
		w.edit(nil)
		w.foreseen()
		w.wantAlbums(want)
		w.cfg.Planned, w.unseen = nil, false
		if rep := w.foreseen(); rep.Requests.Total() != 0 {
			t.Errorf("an import afterwards made %+v", rep.Requests)
		}
		w.wantAlbums(want)
		w.sound()
	})
}

var titlePhotos = flag.Int("title-photos", 0, "number of photos that TestATitleOfTheRealSizeIsImported imports into one title; make soak takes 50,000")

// The real size, in one import.
func TestATitleOfTheRealSizeIsImported(t *testing.T) {
	if *titlePhotos == 0 {
		t.Skip("takes minutes: make soak runs it, with -title-photos 50000")
	}
	inBubble(t, fmt.Sprint(*titlePhotos), func(t *testing.T) {
		w := newWorld(t)
		w.cfg.AlbumBy, w.cfg.Album = "", "Pier"
		var names []string
		want := map[string][]string{}
		for n := range *titlePhotos {
			names = append(names, fmt.Sprintf("%05d.jpg", n))
			w.write(fmt.Sprintf("%03d/%s", n/100, names[n]), fixture.TinyJPEG(n, noon(n)))
		}
		for volume := range slices.Chunk(names, photos.MaxAlbumItems) {
			title := "Pier"
			if n := len(want) + 1; n > 1 {
				title = fmt.Sprintf("Pier (%d)", n)
			}
			want[title] = volume
		}
		wantEnds(t, w.foreseen(), map[pipeline.End]int{pipeline.Uploaded: *titlePhotos})
		w.wantAlbums(want)
		w.sound()
	})
}

// An album of the real size, as an earlier run has left it, and fifty more photos.
func TestTheLast50Of20050GoIntoASecondAlbum(t *testing.T) {
	inBubble(t, "20,050 photos", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.AlbumBy, w.cfg.Album = "", "Pier"
		names := w.delivered("Pier", photos.MaxAlbumItems)
		late := []string{"late.jpg"}
		w.photo("late.jpg", 3)
		for n := range 49 {
			late = append(late, fmt.Sprintf("new%02d.jpg", n))
			w.photo(late[n+1], photos.MaxAlbumItems+n)
		}
		w.foreseen()
		w.wantAlbums(map[string][]string{"Pier": names, "Pier (2)": late})
		w.sound()
	})
}

// delivered lets an earlier run have imported n photos into one album, one a minute from noon on: the ledger and the service know them, the folder is gone.
func (w *world) delivered(title string, n int) (names []string) {
	w.t.Helper()
	var lines bytes.Buffer
	line := func(kind string, fields map[string]any) {
		fields["message_type"] = kind
		if err := json.NewEncoder(&lines).Encode(fields); err != nil {
			w.t.Fatal(err)
		}
	}
	line("ledger", map[string]any{"format": 1})
	line("run", map[string]any{"run": 1, "started": noon(0), "ended": noon(1), "command": "earlier"})
	line("album", map[string]any{"title": title, "id": "album-" + title})
	seed := emulator.Seed{Albums: []emulator.SeedAlbum{{ID: "album-" + title, Title: title}}}
	var placements []map[string]any
	for i := range n {
		name, id, sum := fmt.Sprintf("%05d.jpg", i), fmt.Sprintf("item-%05d", i), sha256.Sum256(fmt.Append(nil, i))
		names = append(names, name)
		seed.Contents = append(seed.Contents, emulator.SeedContent{SHA256: sum, Size: 9, MIMEType: "image/jpeg", Taken: noon(i), ID: id, Filename: name})
		seed.Albums[0].Items = append(seed.Albums[0].Items, id)
		line("content", map[string]any{"sha256": fmt.Sprintf("%x", sum), "size": 9, "media_item": id})
		placements = append(placements, map[string]any{
			"album": title, "sort": fmt.Sprintf("%016x", uint64(noon(i).UnixNano())^(1<<63)), "sha256": fmt.Sprintf("%x", sum), "media_item": id, "run": 1,
		})
	}
	for _, p := range placements {
		line("placement", p)
	}
	line("end", map[string]any{"lines": 2*n + 3})
	path := pipeline.LedgerPath(w.cfg)
	if err := errors.Join(os.Remove(path), ledger.Import(w.t.Context(), path, &lines)); err != nil {
		w.t.Fatal(err)
	}
	if err := w.service.Seed(seed); err != nil {
		w.t.Fatal(err)
	}
	return names
}
