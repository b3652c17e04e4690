package album_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/photos"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// service is the service's albums, two on a page. It records the calls: "list", "list 2", "create Summer".
type service struct {
	albums []photos.Album
	calls  []string
	err    error  // of calls that begin with failAt
	failAt string // "" is none
}

func (s *service) call(format string, args ...any) error {
	line := strings.TrimSpace(fmt.Sprintf(format, args...))
	s.calls = append(s.calls, line)
	if s.failAt != "" && strings.HasPrefix(line, s.failAt) {
		return s.err
	}
	return nil
}

func (s *service) Create(_ context.Context, title string) (photos.Album, error) {
	if err := s.call("create %s", title); err != nil {
		return photos.Album{}, err
	}
	a := photos.Album{ID: fmt.Sprintf("new %d", len(s.albums)), Title: title, IsWriteable: true}
	s.albums = append(s.albums, a)
	return a, nil
}

func (s *service) ListPage(_ context.Context, token string) ([]photos.Album, string, error) {
	if err := s.call("list %s", token); err != nil {
		return nil, "", err
	}
	var at int
	if token != "" {
		if _, err := fmt.Sscan(token, &at); err != nil {
			return nil, "", err
		}
	}
	if at+2 >= len(s.albums) {
		return s.albums[at:], "", nil
	}
	return s.albums[at : at+2], fmt.Sprint(at + 2), nil
}

// wantCalls compares the calls since the last look.
func (s *service) wantCalls(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(s.calls, want) {
		t.Errorf("calls %q, want %q", s.calls, want)
	}
	s.calls = nil
}

// world is a directory on a ledger in memory.
type world struct {
	*service
	ledger *ledger.SQLite
	dir    *album.Directory
	ids    map[string]ledger.AlbumID
}

// newWorld knows albums of the given titles that are not resolved yet.
func newWorld(t *testing.T, s *service, titles ...string) *world {
	t.Helper()
	l, err := ledger.OpenCopy(t.Context(), filepath.Join(t.TempDir(), "none.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error("close:", err)
		}
	})
	run, err := l.BeginRun(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	for n, title := range titles {
		seen := ledger.Sighting{Dir: "/p", Name: fmt.Sprintf("%d.jpg", n), Size: 1, ModTime: time.Unix(1, 0), Sort: []byte{1}, Album: title}
		if err := l.Record(t.Context(), run, []ledger.Sighting{seen}); err != nil {
			t.Fatal(err)
		}
	}
	pending, err := l.PendingAlbums(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{service: s, ledger: l, dir: &album.Directory{API: s, Ledger: l}, ids: map[string]ledger.AlbumID{}}
	for _, a := range pending {
		w.ids[a.Title] = a.ID
	}
	return w
}

// wantResolved resolves an album.
func (w *world) wantResolved(t *testing.T, title, id string, created bool) {
	t.Helper()
	got, err := w.dir.Resolve(t.Context(), w.ids[title])
	if want := (album.Resolution{ID: id, Title: title, Created: created}); err != nil || got != want {
		t.Errorf("album %s: %+v (%v), want %+v", title, got, err, want)
	}
	known, err := w.ledger.Album(t.Context(), w.ids[title])
	if want := (ledger.Album{ID: w.ids[title], Title: title, Remote: id}); err != nil || known != want {
		t.Errorf("album %s: the ledger has %+v (%v), want %+v", title, known, err, want)
	}
}

// wantUnresolved resolves an album in vain.
func (w *world) wantUnresolved(t *testing.T, title string, want error) {
	t.Helper()
	if got, err := w.dir.Resolve(t.Context(), w.ids[title]); !errors.Is(err, want) {
		t.Errorf("album %s: %+v (%v), want the error %v", title, got, err, want)
	}
}
