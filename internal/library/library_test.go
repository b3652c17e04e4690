package library_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/library"
	"github.com/albumwright/albumwright/photos"
)

// world is an emulated library and a reader of it.
type world struct {
	*library.Reader
	server *emulator.Server
	items  []string // ids of media items, newest first
	waits  []string // what the reader waited for
}

// newWorld seeds n media items, all of them in the album Garden, oldest first.
func newWorld(t *testing.T, n int, cfg emulator.Config) *world {
	t.Helper()
	s, err := emulator.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w := &world{server: s}
	seed := emulator.Seed{}
	for i := range n {
		id := fmt.Sprintf("item-%08d", i)
		seed.Contents = append(seed.Contents, emulator.SeedContent{
			SHA256: [32]byte{byte(i), byte(i >> 8), byte(i >> 16), 1}, Size: 1000, MIMEType: "image/jpeg", ID: id, Filename: fmt.Sprintf("%d.jpg", i),
			Taken: time.Date(2024, 1, 1, 0, 0, i, 0, time.UTC),
		})
		w.items = append(w.items, id)
	}
	seed.Albums = []emulator.SeedAlbum{{ID: "album-garden", Title: "Garden", Items: slices.Clone(w.items)}}
	slices.Reverse(w.items)
	if err := s.Seed(seed); err != nil {
		t.Fatal(err)
	}
	w.Reader = &library.Reader{Client: clientOf(t, s.Transport(), s.AccessToken()), Wait: func(reason string, _ time.Time) { w.waits = append(w.waits, reason) }}
	return w
}

func clientOf(t *testing.T, transport http.RoundTripper, token string) *photos.Client {
	t.Helper()
	c, err := photos.New(photos.Config{
		TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}), Transport: transport, UploadTransport: transport, UserAgent: "test/1",
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func idsOf(list iter.Seq2[photos.MediaItem, error]) (ids []string, err error) {
	for it, err := range list {
		if err != nil {
			return ids, err
		}
		ids = append(ids, it.ID)
	}
	return ids, nil
}

// plan plans faults, each of which must be met.
func (w *world) plan(t *testing.T, faults ...emulator.Fault) {
	t.Helper()
	if err := w.server.Plan(faults...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, f := range w.server.Unmet() {
			t.Errorf("never met: %+v", f)
		}
	})
}

func TestAPageThatFailsInTheMiddleIsAskedForAgain(t *testing.T) {
	listings := map[string]func(context.Context, *world) iter.Seq2[photos.MediaItem, error]{
		"mediaItems.list": func(ctx context.Context, w *world) iter.Seq2[photos.MediaItem, error] { return w.Items(ctx) },
		"mediaItems.search": func(ctx context.Context, w *world) iter.Seq2[photos.MediaItem, error] {
			return w.Search(ctx, photos.SearchRequest{})
		},
	}
	for operation, list := range listings {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, 1000, emulator.Config{})
			w.plan(t,
				emulator.Fault{Operation: operation, Nth: 4, Effect: emulator.Refuse("503")},
				emulator.Fault{Operation: operation, Nth: 5, Effect: emulator.CutBefore()},
				emulator.Fault{Operation: operation, Nth: 9, Times: 2, Effect: emulator.Refuse("429-minute")})
			got, err := idsOf(list(t.Context(), w))
			if diff := cmp.Diff(w.items, got); err != nil || diff != "" {
				t.Errorf("%s: %v (-want +got):\n%s", operation, err, diff)
			}
			if w.Requests() != 14 || len(w.waits) != 4 {
				t.Errorf("%s: %d requests, want 10 pages and 4 tries more; waited for %q", operation, w.Requests(), w.waits)
			}
		})
	}
}

func TestAListingThatIsGivenUpGoesOnFromItsPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 500, emulator.Config{})
		w.Tries = 3
		w.plan(t, emulator.Fault{Operation: "mediaItems.list", Nth: 3, Times: 3, Effect: emulator.Refuse("503")})
		got, err := idsOf(w.Items(t.Context()))
		page := (*photos.PageError)(nil)
		if !errors.As(err, &page) || len(got) != 200 || photos.Classify(err) != photos.ClassTransient {
			t.Fatalf("%d items, then %v; want 200 and a page error", len(got), err)
		}
		w.From = page.Token
		rest, err := idsOf(w.Items(t.Context()))
		if diff := cmp.Diff(w.items, append(got, rest...)); err != nil || diff != "" {
			t.Errorf("gone on: %v (-want +got):\n%s", err, diff)
		}
		if w.Requests() != 2+3+3 {
			t.Errorf("%d requests, want 2 pages, 3 tries, 3 pages", w.Requests())
		}
	})
}

func TestTheTokenOfAnotherListingIsRefusedAtOnce(t *testing.T) {
	w := newWorld(t, 250, emulator.Config{})
	_, w.From, _ = w.Client.MediaItems.ListPage(t.Context(), "")
	for name, list := range map[string]iter.Seq2[photos.MediaItem, error]{
		"an album": w.InAlbum(t.Context(), "album-garden"),
		"a search": w.Search(t.Context(), photos.SearchRequest{Filters: &photos.Filters{IncludeArchivedMedia: true}}),
	} {
		if got, err := idsOf(list); !errors.Is(err, photos.ErrPageToken) || len(got) != 0 {
			t.Errorf("%s: %d items, %v; want none and ErrPageToken", name, len(got), err)
		}
	}
	if len(w.waits) != 0 {
		t.Errorf("waited for %q", w.waits)
	}
	if got, err := idsOf(w.Items(t.Context())); err != nil || len(got) != 150 {
		t.Errorf("its own listing: %d items, %v; want the other 150", len(got), err)
	}
}

func TestShortEmptyAndRepeatingPagesLoseAndDoubleNothing(t *testing.T) {
	for seed := range uint64(20) {
		w := newWorld(t, 300, emulator.Config{Hostility: emulator.Hostility{Seed: seed, ShortPages: true, RepeatedItems: true, ShuffleFields: true}})
		all, err := idsOf(w.Items(t.Context()))
		album, albumErr := idsOf(w.InAlbum(t.Context(), "album-garden"))
		slices.Reverse(album) // its order is that of time
		for name, got := range map[string][]string{"library": all, "album": album} {
			if diff := cmp.Diff(w.items, got); diff != "" {
				t.Errorf("seed %d: %s (-want +got):\n%s", seed, name, diff)
			}
		}
		if err := errors.Join(err, albumErr); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

func TestWhatBreaksALimitOfSearchesCostsNoRequest(t *testing.T) {
	w := newWorld(t, 1, emulator.Config{})
	both := photos.SearchRequest{AlbumID: "album-garden", Filters: &photos.Filters{}}
	if _, err := idsOf(w.Search(t.Context(), both)); !errors.Is(err, photos.ErrNotSent) {
		t.Errorf("an album and filters: %v, want ErrNotSent", err)
	}
	if _, err := idsOf(w.InAlbum(t.Context(), "")); err == nil {
		t.Error("an album without an id is the whole library")
	}
	if n := w.Requests(); n != 0 || len(w.server.Calls()) != 0 {
		t.Errorf("%d requests, calls %v", n, w.server.Calls())
	}
}

func TestAListingEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 300, emulator.Config{})
		w.plan(t, emulator.Fault{Operation: "mediaItems.list", Nth: 2, Effect: emulator.Refuse("503")})
		ctx, cancel := context.WithCancel(t.Context())
		w.Wait = func(string, time.Time) { cancel() }
		got, err := idsOf(w.Items(ctx))
		if len(got) != 100 || !errors.Is(err, context.Canceled) || w.Requests() != 2 {
			t.Errorf("%d items in %d requests, %v; want a page and the end", len(got), w.Requests(), err)
		}
	})
}
