package batch_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
)

// world is a committer on the emulated service. Its journal makes each album once.
type world struct {
	*testing.T
	service  *emulator.Server
	client   *photos.Client
	commit   *batch.Committer
	albums   map[string]string // title -> id
	made     map[string]string // key -> media item id
	outcomes []batch.Outcome
}

func newWorld(t *testing.T, cfg emulator.Config) *world {
	t.Helper()
	s, err := emulator.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w := &world{T: t, service: s, albums: map[string]string{}, made: map[string]string{}}
	w.client, err = photos.New(photos.Config{
		TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.AccessToken()}), Transport: s.Transport(), UploadTransport: s.Transport(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if w.commit, err = batch.New(batch.Config{API: w.client.MediaItems, Journal: w}); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) AlbumID(ctx context.Context, title string) (string, error) {
	if w.albums[title] == "" {
		a, err := w.client.Albums.Create(ctx, title)
		if err != nil {
			return "", err
		}
		w.albums[title] = a.ID
	}
	return w.albums[title], nil
}

func (w *world) Begin(context.Context, photos.BatchCreateRequest, []batch.Item) error { return nil }

func (w *world) Done(_ context.Context, outcomes []batch.Outcome) error {
	w.outcomes = append(w.outcomes, outcomes...)
	for _, o := range outcomes {
		w.made[o.Key] = o.MediaItemID
	}
	return nil
}

// add uploads the n-th photo and adds it.
func (w *world) add(n int, album string, place batch.Place) {
	w.Helper()
	w.addBytes(fixture.TinyJPEG(n, time.Date(2024, 1, 1, 0, 0, n, 0, time.UTC)), n, album, place)
}

func (w *world) addBytes(b []byte, n int, album string, place batch.Place) {
	w.Helper()
	token, err := w.client.Uploads.Raw(w.Context(), photos.RawUpload{Size: int64(len(b)), Body: bytes.NewReader(b)})
	if err != nil {
		w.Fatal(err)
	}
	it := batch.Item{Key: strconv.Itoa(n), Token: token, FileName: fmt.Sprintf("%d.jpg", n), Album: album, Place: place}
	if err := w.commit.Add(w.Context(), it); err != nil {
		w.Fatal(err)
	}
}

func (w *world) flush() {
	w.Helper()
	if err := w.commit.Flush(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// wantAlbum compares an album with the numbers of the photos that it should hold, in order.
func (w *world) wantAlbum(title string, want ...int) {
	w.Helper()
	names := map[string]string{}
	for _, it := range w.service.MediaItems() {
		names[it.ID] = it.Filename
	}
	var got, wanted []string
	for _, a := range w.service.Albums() {
		if a.Title == title {
			for _, id := range a.Items {
				got = append(got, names[id])
			}
		}
	}
	for _, n := range want {
		wanted = append(wanted, fmt.Sprintf("%d.jpg", n))
	}
	if !slices.Equal(got, wanted) {
		w.Errorf("album %s holds %q, want %q", title, got, wanted)
	}
}

// wantCalls compares the number of batchCreate calls, and wants no rule broken.
func (w *world) wantCalls(want int) {
	w.Helper()
	if got := w.service.Calls()["mediaItems.batchCreate"]; got != want {
		w.Errorf("%d batchCreate calls, want %d", got, want)
	}
	if broken := w.service.Violations(); len(broken) != 0 {
		w.Errorf("violations %v, want none", broken)
	}
}

// sequence is from, from+1, … to.
func sequence(from, to int) (all []int) {
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}

func TestAlbumsStandInTheOrderOfTheItems(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	for n := range 101 {
		w.add(n, "A", atEnd)
	}
	for n := 101; n < 152; n++ {
		w.add(n, "B", atEnd)
	}
	w.add(152, "", batch.Place{})
	w.flush()
	w.wantAlbum("A", sequence(0, 100)...)
	w.wantAlbum("B", sequence(101, 151)...)
	w.wantCalls(3 + 2 + 1)
	if got := len(w.service.MediaItems()); got != 153 {
		t.Errorf("%d media items, want 153", got)
	}
}

func TestLateArrivalsStandWhereTheyBelong(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	for _, n := range []int{100, 200, 300} {
		w.add(n, "A", atEnd)
	}
	w.flush()
	for _, n := range sequence(0, 59) {
		w.add(n, "A", batch.Place{})
	}
	for _, n := range sequence(101, 160) {
		w.add(n, "A", batch.Place{After: w.made["100"]})
	}
	w.add(201, "A", batch.Place{After: w.made["200"]})
	w.add(301, "A", atEnd)
	w.flush()
	w.wantAlbum("A", slices.Concat(sequence(0, 59), []int{100}, sequence(101, 160), []int{200, 201, 300, 301})...)
	w.wantCalls(1 + 2 + 2 + 1 + 1)
}

func TestEachItemHasItsOwnEndWhateverTheStatusOfTheCall(t *testing.T) {
	for _, status := range []int{200, 207} {
		w := newWorld(t, emulator.Config{PartialStatus: status})
		w.add(1, "A", atEnd)
		w.addBytes([]byte("not a picture"), 2, "A", atEnd)
		w.add(3, "A", atEnd)
		w.add(3, "A", atEnd) // the same bytes once more, under another token
		w.flush()
		var got []string
		for _, o := range w.outcomes {
			got = append(got, fmt.Sprintf("%s created %t: %v", o.Key, o.MediaItemID != "", o.Err))
		}
		want := []string{
			"1 created true: <nil>",
			"2 created false: INVALID_ARGUMENT: NOT_IMAGE: There was an error while trying to create this media item.",
			"3 created true: <nil>",
			"3 created false: ALREADY_EXISTS: Failed: There was an error while trying to create this media item.",
		}
		if !slices.Equal(got, want) {
			t.Errorf("HTTP %d: outcomes %q, want %q", status, got, want)
		}
		w.wantAlbum("A", 1, 3)
		w.wantCalls(1)
	}
}
