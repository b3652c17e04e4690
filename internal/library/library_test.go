package library_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
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

// inBubble lets waiting take no time.
func inBubble(t *testing.T, do func(*testing.T)) { t.Helper(); synctest.Test(t, do) }

func idsOf(list iter.Seq2[photos.MediaItem, error]) (ids []string, err error) {
	for it, err := range list {
		if err != nil {
			return ids, err
		}
		ids = append(ids, it.ID)
	}
	return ids, nil
}

func TestAPageThatFailsIsAskedForAgain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := newWorld(t, 1000, emulator.Config{Faults: []emulator.Fault{
			{Op: "mediaItems.list", Nth: 4, Effect: emulator.Status(503)},
			{Op: "mediaItems.list", Nth: 5, Effect: emulator.Status(500)},
		}})
		got, err := idsOf(w.Items(t.Context()))
		if diff := cmp.Diff(w.items, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if w.Requests() != 12 || len(w.waits) != 2 {
			t.Errorf("%d requests, want 10 pages and 2 tries more; waited for %q", w.Requests(), w.waits)
		}
	})
}
