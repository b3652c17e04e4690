package pipeline_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/rebuild"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

func TestTwinsThatCannotBeToldApartAreSentAgainAndKeepTheirItems(t *testing.T) {
	w := newWorld(t)
	w.photo("card1/Pier/a.jpg", 1)
	w.photo("card2/Pier/a.jpg", 1)
	w.photo("card1/Pier/b.jpg", 2)
	w.run()
	ids, albums := w.ids(), w.albums()
	w.lose()
	states, _ := w.rebuild()
	const several = "several items of its name, time and size"
	wantStates(t, states, map[string]string{"card1/Pier/a.jpg": several, "card2/Pier/a.jpg": several, "card1/Pier/b.jpg": "matched"})
	before := w.service.Calls()
	w.run()
	wantCalls(t, w.calls(before), map[string]int{"uploads": 2, "mediaItems.batchCreate": 1})
	if diff := cmp.Diff(ids, w.ids()); diff != "" {
		t.Errorf("media items (-before +after):\n%s", diff)
	}
	w.wantAlbums(albums)
}

func TestWhatIsNoLongerTheSameIsNotMatched(t *testing.T) {
	w := newWorld(t)
	for i, name := range []string{"same", "renamed", "cropped", "other-time", "resized", "removed"} {
		w.photo("Pier/"+name+".jpg", i)
	}
	w.write("Undated/u.jpg", fixture.TinyJPEG(50, time.Time{}))
	w.photo("Gone/g.jpg", 20)
	w.photo("Foreign/f.jpg", 21)
	w.run()
	w.lose()
	w.write("Pier/resized.jpg", fixture.JPEG(fixture.Spec{Width: 40, Height: 30, Captured: noon(4)})) // edited here
	w.photo("New/n.jpg", 30)
	for _, a := range w.service.Albums() {
		switch a.Title {
		case "Gone", "Foreign":
			w.service.DeleteAlbum(a.ID)
		case "Pier":
			w.service.RemoveFromAlbum(a.ID, a.Items[len(a.Items)-1])
		}
	}
	w.service.AddForeignAlbum("Foreign")
	w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) { // edited there
		resp, err := next.RoundTrip(req)
		if err == nil && strings.HasSuffix(req.URL.Path, ":search") {
			changeItems(t, resp)
		}
		return resp, err
	})
	states, _ := w.rebuild()
	const none = "no item of its name, time and size"
	const noAlbum = "the service has no album of that title"
	wantStates(t, states, map[string]string{
		"Pier/same.jpg": "matched", "Pier/renamed.jpg": none, "Pier/cropped.jpg": none, "Pier/other-time.jpg": none, "Pier/resized.jpg": none,
		"Pier/removed.jpg": none, "Undated/u.jpg": "the file does not say when it was taken", "Gone/g.jpg": noAlbum, "Foreign/f.jpg": noAlbum, "New/n.jpg": noAlbum,
	})
	w.mended()
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 1, pipeline.Uploaded: 9})
	if got := len(w.ids()); got != 11 { // the nine of before, n.jpg, and resized.jpg as it is now
		t.Errorf("the service has %d media items, want 11", got)
	}
}

// changeItems changes what a listing says about some items.
func changeItems(t *testing.T, resp *http.Response) {
	var body map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	items, _ := body["mediaItems"].([]any)
	for _, it := range items {
		item := it.(map[string]any)
		metadata := item["mediaMetadata"].(map[string]any)
		switch item["filename"] {
		case "renamed.jpg":
			item["filename"] = "better.jpg"
		case "cropped.jpg":
			metadata["height"] = "9"
		case "other-time.jpg":
			metadata["creationTime"] = "2001-01-01T00:00:00Z"
		}
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	resp.Header.Del("Content-Length")
}

func TestAnAlbumOfAnotherAppIsNotTaken(t *testing.T) {
	w := newWorldWith(t, emulator.Config{Era: emulator.Era2024})
	w.photo("Pier/a.jpg", 1)
	w.service.AddForeignAlbum("Pier")
	states, _ := w.rebuild()
	if !strings.Contains(states["Pier/a.jpg"], "was not made by this app") {
		t.Errorf("states %v", states)
	}
}

func TestALedgerThatIsThereIsCompletedAndNotChanged(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/a.jpg", 1)
	w.photo("Pier/b.jpg", 2)
	w.run()
	w.lose()
	w.cfg.Exclude = []string{"b.jpg"}
	w.run() // sends a.jpg again
	w.cfg.Exclude = nil
	states, _ := w.rebuild()
	wantStates(t, states, map[string]string{"Pier/a.jpg": "known", "Pier/b.jpg": "matched"})
	states, rep := w.rebuild()
	wantStates(t, states, map[string]string{"Pier/a.jpg": "known", "Pier/b.jpg": "known"})
	if rep.Requests.Total() != 0 {
		t.Errorf("%+v, want no request for nothing", rep.Requests)
	}
	w.after("delete")
	if rep := w.run(); rep.Confirmation.Done != 1 || rep.Confirmation.NotDone != 1 {
		t.Errorf("confirmation %+v", rep.Confirmation)
	}
	w.wantLeft("Pier/b.jpg")
}

// An import that was begun without its ledger and stopped has recorded that it wants all files: that is no knowledge about the service.
func TestARebuildAfterAnImportThatWasStoppedFindsWhatWasNotSent(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 60, 0)
	w.run()
	w.lose()
	if err := w.service.Plan(emulator.Fault{Operation: "uploads", Times: -1, Effect: emulator.Refuse("401")}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.try(t.Context()); err == nil {
		t.Fatal("an import without a sign-in ended well")
	}
	w.service.ForgetPlan()
	if _, rep := w.rebuild(); rep.States[rebuild.Matched] != 60 {
		t.Errorf("states %v", rep.States)
	}
	before := w.service.Calls()
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 60})
	wantCalls(t, w.calls(before), map[string]int{})
}

func TestAMatchIsNoProofUntilTheBytesWereSent(t *testing.T) {
	w := newWorld(t)
	body := w.photo("Pier/a.jpg", 1)
	w.photo("Pier/b.jpg", 2)
	w.run()
	w.lose()
	w.rebuild()
	w.write("Garden/copy.jpg", body) // wanted elsewhere, so its bytes are sent
	w.after("delete")
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 2, pipeline.Uploaded: 1})
	if len(rep.Confirmation.Kept) != 1 || !strings.HasPrefix(rep.Confirmation.Kept[0].Kept, "matched by name and time only") {
		t.Errorf("confirmation %+v", rep.Confirmation)
	}
	w.wantLeft("Pier/b.jpg")
}

// A file was edited and kept its name, time and dimensions: it is taken for the item that was made of it before. When its bytes are sent for another
// reason, the service says that they are another item, and the file is no longer taken for delivered.
func TestAWrongMatchIsUndoneByTheBytes(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/a.jpg", 1)
	w.run()
	w.lose()
	edited := w.photo("Pier/a.jpg", 1)
	states, _ := w.rebuild()
	wantStates(t, states, map[string]string{"Pier/a.jpg": "matched"})
	w.write("Garden/copy.jpg", edited)
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 1, pipeline.Uploaded: 1})
	w.checkLedger()
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 2})
	w.wantAlbums(map[string][]string{"Pier": {"a.jpg", "copy.jpg"}, "Garden": {"copy.jpg"}})
	w.checkLedger()
}

func TestAnItemIsTakenForOneContentOnly(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/a.jpg", 1)
	w.run()
	item := w.service.MediaItems()[0].ID
	w.photo("Garden/a.jpg", 1) // another picture of the same look, in whose album the item was put too
	w.write("Garden/z.jpg", fixture.TinyJPEG(99, noon(9)))
	w.run()
	w.lose()
	for _, a := range w.service.Albums() {
		if a.Title == "Garden" {
			w.service.RemoveFromAlbum(a.ID, a.Items[0])
			w.addToAlbum(a.ID, item)
		}
	}
	states, _ := w.rebuild()
	wantStates(t, states, map[string]string{"Garden/a.jpg": "matched", "Garden/z.jpg": "matched", "Pier/a.jpg": "its item is known as another content"})
}

func (w *world) addToAlbum(album, item string) {
	w.t.Helper()
	client, err := photos.New(photos.Config{
		Transport: w.wire, UploadTransport: w.wire, TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: w.service.AccessToken()}),
	})
	if err == nil {
		err = client.Albums.BatchAddMediaItems(w.t.Context(), album, []string{item})
	}
	if err != nil {
		w.t.Fatal(err)
	}
}
