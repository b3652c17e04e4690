package ledger_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/ledger"
)

// delivered is a ledger of which the service has two photos in an album, a third one's bytes, the half of a fourth, and an album of somebody else.
func delivered(t testing.TB) (path string) {
	t.Helper()
	l, path := begun(t)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	raw(t, path,
		`INSERT INTO contents (id, sha256, size, token, issued, media_item) VALUES (101, ?, 11, NULL, NULL, 'item 1'), (102, ?, 12, 'old', 5, 'item 2'), (103, ?, 13, 'live', 6, NULL), (104, ?, 14, NULL, NULL, NULL)`,
		sumOf(1), sumOf(2), sumOf(3), sumOf(4),
		`UPDATE files SET content = 102, name = 'b.jpg', media_type = 'image/jpeg', captured = 7`,
		`INSERT INTO albums (id, title, remote) VALUES (7, 'Pier', 'album 7'), (8, 'Wished for', NULL), (9, 'Empty', 'album 9')`,
		`INSERT INTO placements (album, content, sort, media_item, run) VALUES (7, 102, x'01', 'item 2', 1), (7, 101, x'02', 'item 1', 1)`,
		`INSERT INTO remote_albums (remote, title, writeable) VALUES ('album 7', 'Pier', 1), ('theirs', 'Family', 0)`,
		`INSERT INTO sessions (file, url, granularity, started, hashed, prefix) SELECT id, 'https://secret', 1, 1, 4711, x'00' FROM files LIMIT 1`)
	return path
}

func sumOf(n byte) []byte { return append(make([]byte, 31), n) }

func TestWhatTheServiceHasIsReadFromTheLedger(t *testing.T) {
	r := read(t, delivered(t))
	got := map[string]ledger.Delivery{}
	var order []ledger.ContentID
	if err := r.Deliveries(t.Context(), func(d ledger.Delivery) error {
		got[d.MediaItem+d.Token] = d
		order = append(order, d.ID)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := map[string]ledger.Delivery{
		"item 1":    {Content: ledger.Content{ID: 101, SHA256: [32]byte(sumOf(1)), Size: 11, MediaItem: "item 1"}},
		"item 2old": {Content: ledger.Content{ID: 102, SHA256: [32]byte(sumOf(2)), Size: 12, Token: "old", Issued: time.Unix(0, 5).UTC(), MediaItem: "item 2"}, Name: "b.jpg", MediaType: "image/jpeg", Captured: time.Unix(0, 7).UTC()},
		"live":      {Content: ledger.Content{ID: 103, SHA256: [32]byte(sumOf(3)), Size: 13, Token: "live", Issued: time.Unix(0, 6).UTC()}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("contents (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]ledger.ContentID{101, 102, 103}, order); diff != "" {
		t.Errorf("the oldest tokens do not come first (-want +got):\n%s", diff)
	}
	var albums []ledger.DeliveredAlbum
	if err := r.DeliveredAlbums(t.Context(), func(a ledger.DeliveredAlbum) error {
		albums = append(albums, a)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	wantAlbums := []ledger.DeliveredAlbum{
		{RemoteAlbum: ledger.RemoteAlbum{Remote: "album 7", Title: "Pier", Writeable: true}, Items: []string{"item 2", "item 1"}},
		{RemoteAlbum: ledger.RemoteAlbum{Remote: "album 9", Title: "Empty", Writeable: true}},
		{RemoteAlbum: ledger.RemoteAlbum{Remote: "theirs", Title: "Family"}},
	}
	if diff := cmp.Diff(wantAlbums, albums); diff != "" {
		t.Errorf("albums (-want +got):\n%s", diff)
	}
}

func TestACopyKnowsTheSameAndNoSession(t *testing.T) {
	path := delivered(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "new", "copy.db")
	unsent, err := ledger.Copy(t.Context(), path, to)
	if err != nil || unsent != 4711 {
		t.Fatalf("Copy: %d, %v, want that 4711 bytes have arrived", unsent, err)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the original has changed (%v)", err)
	}
	if left, err := filepath.Glob(path + "-*"); err != nil || len(left) > 0 {
		t.Errorf("beside the original is %q (%v)", left, err)
	}
	n := 0
	if err := read(t, to).Deliveries(t.Context(), func(ledger.Delivery) error { n++; return nil }); err != nil || n != 3 {
		t.Errorf("the copy has %d contents (%v), want 3", n, err)
	}
	db := sqlOpen(t, to)
	if err := db.QueryRow(`SELECT count(*) FROM sessions`).Scan(&n); err != nil || n != 0 {
		t.Errorf("the copy knows %d addresses to send to (%v)", n, err)
	}
}

func TestACopyOfNoLedgerIsAnEmptyOne(t *testing.T) {
	dir := t.TempDir()
	to := filepath.Join(dir, "copy.db")
	if unsent, err := ledger.Copy(t.Context(), filepath.Join(dir, "none", "l.db"), to); unsent != 0 || err != nil {
		t.Fatalf("Copy: %d, %v", unsent, err)
	}
	if err := read(t, to).DeliveredAlbums(t.Context(), func(a ledger.DeliveredAlbum) error { t.Errorf("it has %+v", a); return nil }); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "none")); !os.IsNotExist(err) {
		t.Errorf("the folder of the original was made: %v", err)
	}
}
