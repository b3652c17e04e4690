package ledger_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/ledger"
)

// A dry run asks a draft what a run asks the ledger: whatever became of files before, and whatever is found now, both say the same.
func TestADraftAnswersAsTheLedgerWould(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			d := draftTest{t, rand.New(rand.NewPCG(seed, 8)), filepath.Join(t.TempDir(), "l.db")}
			d.history()
			d.look()
		})
	}
}

type draftTest struct {
	*testing.T
	*rand.Rand
	path string
}

func (d draftTest) one(of ...string) string { return of[d.IntN(len(of))] }

// sighting is any of a few files, mostly as it was seen before.
func (d draftTest) sighting() ledger.Sighting {
	s := ledger.Sighting{
		Dir: d.one("/a", "/b"), Name: d.one("1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg"), Size: int64(1 + d.IntN(12)/10), ModTime: time.Unix(1, 0),
		Album: d.one("", "Garden", "Pier"), Sort: []byte{byte(d.IntN(200))},
		Facts: ledger.Facts{Captured: time.Unix(int64(1000*d.IntN(5)), 0).UTC(), Make: d.one("", "Acme"), MediaType: "image/jpeg"},
	}
	switch d.IntN(10) {
	case 0:
		s.Skip = "unsupported"
	case 1, 2:
		s.Awaits, s.Root, s.Album = d.one("an hour", "a day"), "/", ""
	case 3:
		s.Doubt = true
	case 4:
		offset := 3600 * d.IntN(2)
		s.Facts.Offset = &offset
	}
	return s
}

func (d draftTest) sightings() []ledger.Sighting {
	seen := make([]ledger.Sighting, 1+d.IntN(8))
	for i := range seen {
		seen[i] = d.sighting()
	}
	return seen
}

// history is what earlier runs did.
func (d draftTest) history() {
	l, err := ledger.Open(d.Context(), d.path)
	must(d, err)
	for range 1 + d.IntN(3) {
		run, err := l.BeginRun(d.Context(), "earlier")
		must(d, err)
		must(d, l.Record(d.Context(), run, d.sightings()))
		d.cutEvents(l, run)
		if d.IntN(2) == 0 {
			d.share(l, run)
		}
		albums, err := l.PendingAlbums(d.Context(), run)
		must(d, err)
		for _, a := range albums {
			page, err := l.Pending(d.Context(), run, a.ID, ledger.Cursor{}, 100)
			must(d, err)
			for _, p := range page {
				d.become(l, run, a.ID, p)
			}
		}
	}
	if d.IntN(2) == 0 {
		must(d, l.SetRemoteAlbums(d.Context(), time.Unix(9, 0), []ledger.RemoteAlbum{{Remote: "r", Title: "Pier", Writeable: true}, {Remote: "q", Title: "Pier"}}))
	}
	must(d, l.Close())
}

// become lets something become of an item, or nothing.
func (d draftTest) become(l ledger.Ledger, run ledger.RunID, album ledger.AlbumID, p ledger.Pending) {
	sum := sha256.Sum256([]byte(p.Name))
	sent := func() {
		must(d, l.Sent(d.Context(), p.Item, ledger.Content{SHA256: sum, Size: p.Size, Token: "t", Issued: time.Unix(1, 0)}))
	}
	begin := func() ledger.BatchID {
		sent()
		id, err := l.BeginBatch(d.Context(), ledger.Batch{Run: run, Album: album, Items: []ledger.ItemID{p.Item}})
		must(d, err)
		return id
	}
	switch d.IntN(7) {
	case 0:
		sent()
	case 1:
		begin()
	case 2, 3:
		must(d, l.FinishBatch(d.Context(), begin(), []ledger.End{{Item: p.Item, State: ledger.Created, MediaItem: "m " + p.Name}}))
	case 4:
		must(d, l.FinishBatch(d.Context(), begin(), []ledger.End{{Item: p.Item, State: ledger.Sent}}))
	case 5:
		must(d, l.Finish(d.Context(), ledger.End{Item: p.Item, State: ledger.Failed, Reason: "no", Permanent: d.IntN(2) == 0}))
	}
}

// cutEvents lets every shot be an event of its own.
func (d draftTest) cutEvents(l ledger.Ledger, run ledger.RunID) {
	for _, scope := range []string{"an hour", "a day"} {
		var found []ledger.Stretch
		must(d, l.Shots(d.Context(), run, scope, func(s ledger.Shot) {
			if s.Event.IsZero() && d.IntN(3) > 0 {
				found = append(found, ledger.Stretch{From: s.Captured, To: s.Captured, Event: s.Captured.Add(-time.Minute)})
			}
		}))
		must(d, l.SetEvents(d.Context(), run, scope, found))
	}
}

// look does to a draft and to a copy what a run does while it looks, and compares what they know then.
func (d draftTest) look() {
	draft, err := ledger.OpenDraft(d.Context(), d.path)
	must(d, err)
	defer draft.Close()
	whole, err := ledger.OpenCopy(d.Context(), d.path)
	must(d, err)
	defer whole.Close()
	seen := d.sightings()
	arranging, sharing, cutting := d.Uint64(), d.Uint64(), d.Uint64()
	var told [2]string
	for i, l := range []ledger.Ledger{draft, whole} {
		d.Rand = rand.New(rand.NewPCG(cutting, 0))
		run, err := l.BeginRun(d.Context(), "dry")
		must(d, err)
		told[i] += d.all(l, run)
		d.adopt(l, run)
		must(d, l.Record(d.Context(), run, seen))
		told[i] += d.all(l, run)
		d.cutEvents(l, run)
		told[i] += d.all(l, run)
		d.Rand = rand.New(rand.NewPCG(arranging, 0))
		d.arrange(l, run)
		told[i] += d.all(l, run)
		d.Rand = rand.New(rand.NewPCG(sharing, 0))
		d.share(l, run)
		told[i] += d.all(l, run)
	}
	if diff := cmp.Diff(strings.Split(told[1], "\n"), strings.Split(told[0], "\n")); diff != "" {
		d.Errorf("the draft says something else (-ledger +draft):\n%s", diff)
	}
}

// adopt takes up what can be taken up.
func (d draftTest) adopt(l ledger.Ledger, run ledger.RunID) {
	for _, dir := range []string{"/a", "/b"} {
		known, err := l.Folder(d.Context(), dir)
		must(d, err)
		var items []ledger.ItemID
		for _, name := range known.Names() {
			for _, it := range known.Known(name).Items {
				if !it.State.Ended() || it.State == ledger.Failed && !it.Permanent {
					items = append(items, it.Item)
				}
			}
		}
		must(d, l.Adopt(d.Context(), run, items))
	}
}

func (d draftTest) arrange(l ledger.Ledger, run ledger.RunID) {
	var items []ledger.Arranged
	albums, err := l.PendingAlbums(d.Context(), run)
	must(d, err)
	for _, a := range albums {
		page, err := l.Pending(d.Context(), run, a.ID, ledger.Cursor{}, 100)
		must(d, err)
		for _, p := range page {
			switch d.IntN(4) {
			case 0:
				items = append(items, ledger.Arranged{Item: p.Item, LeftOut: "another one is taken"})
			case 1:
				items = append(items, ledger.Arranged{Item: p.Item, Sort: []byte{byte(d.IntN(200)), 1}})
			case 2:
				must(d, l.SetPlaces(d.Context(), map[ledger.ItemID][]byte{p.Item: {byte(d.IntN(200)), 2}}))
			}
		}
	}
	must(d, l.Arrange(d.Context(), items))
}

// share shares out to volumes what is wanted in a title of several.
func (d draftTest) share(l ledger.Ledger, run ledger.RunID) {
	albums, err := l.PendingAlbums(d.Context(), run)
	must(d, err)
	for _, a := range albums {
		if a.Title == "" || a.ID != a.First {
			continue
		}
		v, err := l.AddVolume(d.Context(), a.ID, func(n int) string { return fmt.Sprintf("%s (%d)", a.Title, n) })
		must(d, err)
		shares := []ledger.Share{{Album: a.ID}, {Album: v.ID}}
		n := 0
		must(d, l.Wanted(d.Context(), run, a.ID, func(w ledger.Wanted) {
			if n++; n == 2 {
				shares[1].From = ledger.Cursor{Sort: w.Sort, Item: w.Item}
			}
		}))
		if n >= 2 {
			must(d, l.ShareOut(d.Context(), run, shares))
		}
	}
}

// all is what a ledger says to all that a dry run asks.
func (d draftTest) all(l ledger.Ledger, run ledger.RunID) string {
	var b strings.Builder
	say := func(what string, answer any, err error) {
		must(d, err)
		fmt.Fprintf(&b, "%s: %s\n", what, plainly(answer))
	}
	for _, dir := range []string{"/a", "/b"} {
		folder, err := l.Folder(d.Context(), dir)
		must(d, err)
		for _, name := range folder.Names() {
			k := folder.Known(name)
			slices.SortFunc(k.Items, func(a, b ledger.KnownItem) int { return int(a.Item - b.Item) })
			say("Folder "+dir+" "+name, k, nil)
		}
		for _, scope := range []string{"an hour", "a day"} {
			events, err := l.Events(d.Context(), scope, dir)
			say("Events "+scope+dir, events, err)
		}
	}
	for _, scope := range []string{"an hour", "a day"} {
		say("Shots "+scope, nil, l.Shots(d.Context(), run, scope, func(s ledger.Shot) { say("Shot", s, nil) }))
		page, err := l.Awaiting(d.Context(), run, scope, 0, 3)
		say("Awaiting "+scope, page, err)
	}
	say("Captures", nil, l.Captures(d.Context(), run, func(f ledger.Facts, unfinished bool) { say("Capture", []any{f.Captured, unfinished}, nil) }))
	folders := map[string][]ledger.FolderItem{}
	must(d, l.EachFolder(d.Context(), run, func(dir string, items []ledger.FolderItem) {
		slices.SortFunc(items, func(a, b ledger.FolderItem) int { return int(a.Item - b.Item) })
		for i := range items {
			items[i].Facts = ledger.Facts{} // some of them only
		}
		folders[dir] = items
	}))
	say("EachFolder", folders, nil)
	unfinished, err := l.Unfinished(d.Context(), run)
	say("Unfinished", unfinished, err)
	sizes, err := l.SharedSizes(d.Context(), run)
	say("SharedSizes", sizes, err)
	albums, err := l.PendingAlbums(d.Context(), run)
	say("PendingAlbums", albums, err)
	for _, a := range albums {
		for at := (ledger.Cursor{}); ; {
			page, err := l.Pending(d.Context(), run, a.ID, at, 2)
			must(d, err)
			if len(page) == 0 {
				break
			}
			say("Pending "+a.Title, page, err)
			at = page[len(page)-1].Cursor()
		}
		known, err := l.Album(d.Context(), a.ID)
		say("Album "+a.Title, known, err)
		held, err := l.Placements(d.Context(), a.ID, run)
		must(d, err)
		say("Placements of "+a.Title, append([]ledger.Placement{}, held...), nil)
		lost, err := l.Lost(d.Context(), a.ID, nil, 100)
		say("Lost of "+a.Title, lost, err)
		headings, err := l.Headings(d.Context(), a.ID)
		say("Headings of "+a.Title, headings, err)
		remote, listed, err := l.RemoteAlbums(d.Context(), a.Title)
		say("RemoteAlbums of "+a.Title, remote, err)
		say("listed", listed, nil)
		volumes, err := l.Volumes(d.Context(), run, a.ID)
		say("Volumes of "+a.Title, volumes, err)
		say("Wanted in "+a.Title, nil, l.Wanted(d.Context(), run, a.ID, func(w ledger.Wanted) { say("Wanted", w, nil) }))
		say("AlbumShots of "+a.Title, nil, l.AlbumShots(d.Context(), run, a.ID, func(s ledger.AlbumShot) { say("AlbumShot", s, nil) }))
		standing, err := l.Standing(d.Context(), a.Title)
		say("Standing in "+a.Title, standing, err)
	}
	return b.String()
}

// plainly is an answer as text; keys of maps are sorted.
func plainly(answer any) string {
	text, err := json.Marshal(answer)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
