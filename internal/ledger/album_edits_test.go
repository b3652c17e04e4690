package ledger_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/ledger"
)

func TestAnAlbumIsKnownByTheTitleOfItsRuleAndByItsOwn(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "l.db"))
	defer l.Close()
	run, err := l.BeginRun(t.Context(), "test")
	must(t, err)
	must(t, l.Record(t.Context(), run, []ledger.Sighting{{Dir: "/p", Name: "a", Size: 9, ModTime: time.Unix(1, 0), Album: "Trip", Sort: []byte("a")}}))
	must(t, l.SetAlbum(t.Context(), 1, "r1"))
	want := func(when string, want ...ledger.KnownAlbum) {
		t.Helper()
		got, err := l.KnownAlbums(t.Context())
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	want("made by an import", ledger.KnownAlbum{ID: 1, Rule: "Trip", Remote: "r1", Title: "Trip", Writeable: true})
	must(t, l.Retitle(t.Context(), "r1", "Summer"))
	want("renamed", ledger.KnownAlbum{ID: 1, Rule: "Trip", Remote: "r1", Title: "Summer", Writeable: true})
	must(t, l.SetRemoteAlbums(t.Context(), time.Now(), []ledger.RemoteAlbum{{Remote: "r1", Title: "Autumn", Writeable: true}, {Remote: "r2", Title: "Theirs"}}))
	want("listed", ledger.KnownAlbum{ID: 1, Rule: "Trip", Remote: "r1", Title: "Autumn", Writeable: true}, ledger.KnownAlbum{Remote: "r2", Title: "Theirs"})

	if id, ok, err := l.Adopted(t.Context(), "Theirs", "r2"); id != 2 || !ok || err != nil {
		t.Errorf("adopted as %d, %v, %v", id, ok, err)
	}
	if _, ok, err := l.Adopted(t.Context(), "Trip", "r2"); ok || err != nil {
		t.Errorf("the title of another album was adopted: %v, %v", ok, err)
	}
}

func TestATitleThatAnAlbumWasRenamedToContinuesIt(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "l.db"))
	defer l.Close()
	run, err := l.BeginRun(t.Context(), "test")
	must(t, err)
	file := func(name, album string) {
		t.Helper()
		must(t, l.Record(t.Context(), run, []ledger.Sighting{{Dir: "/p", Name: name, Size: 9, ModTime: time.Unix(1, 0), Album: album, Sort: []byte(name)}}))
	}
	file("a", "Trip")
	must(t, l.SetAlbum(t.Context(), 1, "r1"))
	must(t, l.Retitle(t.Context(), "r1", "Summer"))
	named := func(title, remote string, want bool) {
		t.Helper()
		if got, err := l.NamedByRules(t.Context(), title, remote); got != want || err != nil {
			t.Errorf("rules know another album than %s as %q: %v, %v; want %v", remote, title, got, err, want)
		}
	}
	want := map[string]string{"Summer": "Trip"}
	for _, when := range []string{"renamed", "named by a rule"} {
		if titles, err := l.VolumeTitles(t.Context()); err != nil || !cmp.Equal(titles, want) {
			t.Errorf("%s: titles of volumes %v (%v), want %v", when, titles, err, want)
		}
		named("Summer", "r1", false)
		named("Trip", "r2", true)
		file("b", "Summer")
	}
	named("Summer", "r2", true)
	volumes, err := l.Volumes(t.Context(), run, 1)
	must(t, err)
	if len(volumes) != 2 || volumes[0].Title != "Trip" || volumes[1].Title != "Summer" || !volumes[1].Filled {
		t.Errorf("volumes %+v, want that of the first title, and nothing for the other", volumes)
	}
	v, err := l.AddVolume(t.Context(), 2, func(n int) string { return fmt.Sprint("Trip ", n) })
	if must(t, err); v.Title != "Trip 2" {
		t.Errorf("the next volume is %q, want the second", v.Title)
	}
}

func TestWhatIsPlacedByHandStandsWhereItWasPut(t *testing.T) {
	l, path, run, sum := matched(t)
	c, _, err := l.Content(t.Context(), sum)
	must(t, err)
	places := func() (all []string) {
		t.Helper()
		got, err := l.AlbumPlaces(t.Context(), 1)
		must(t, err)
		for _, p := range got {
			text := string(p.Sort) + " " + p.MediaItem
			if p.Removed {
				text += " removed"
			}
			if p.Doubt {
				text += " doubt"
			}
			all = append(all, text)
		}
		return all
	}
	want := func(when string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, places()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	want("matched", "a m1")
	must(t, l.SetRemoved(t.Context(), 1, []ledger.ContentID{c.ID}))
	want("taken out", "a m1 removed")
	must(t, l.SetHere(t.Context(), 1, []ledger.ContentID{c.ID}))
	want("not taken out after all", "a m1")
	must(t, l.SetRemoved(t.Context(), 1, []ledger.ContentID{c.ID}))
	place := func() {
		t.Helper()
		must(t, l.IntendPlaces(t.Context(), run, 1, []ledger.Placement{{Content: c.ID, Sort: []byte("z"), MediaItem: "m1"}}))
	}
	content := []ledger.ContentID{c.ID}
	place()
	want("about to be put in again", "z m1 removed doubt")
	must(t, l.Unplace(t.Context(), 1, content))
	want("not put in after all", "z m1 removed")
	place()
	must(t, l.PutBack(t.Context(), 1, content))
	want("put in again", "z m1")
	place()
	must(t, l.Unplace(t.Context(), 1, content))
	want("new to the album, and refused")
	place()
	must(t, l.PutBack(t.Context(), 1, content))
	want("new to the album", "z m1")
	if got, ok, err := l.ContentOf(t.Context(), "m1"); !ok || err != nil || got.ID != c.ID {
		t.Errorf("m1 is %+v, %v, %v", got, ok, err)
	}
	if _, ok, err := l.ContentOf(t.Context(), "m2"); ok || err != nil {
		t.Errorf("m2 is known: %v, %v", ok, err)
	}
	must(t, l.Close())
	if found := check(t, path); found != "[]" {
		t.Error(found)
	}
}
