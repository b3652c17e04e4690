package ledger_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/internal/ledger"
)

// powerCutWork is the environment variable that makes the test program do a work in a folder instead, so that another program can watch what it asks of
// the system. Its value is the work's name and the folder.
const powerCutWork = "LEDGER_TEST_POWERCUT"

func TestMain(m *testing.M) {
	var work, dir string
	if n, _ := fmt.Sscan(os.Getenv(powerCutWork), &work, &dir); n == 0 {
		os.Exit(m.Run())
	}
	if err := map[string]func(string) error{"ledger": workOnLedger, "normal": workOnPlainDatabase}[work](dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// The work has so many files, of which each writer has its share, in an album of its own.
const (
	cutWriters = 8
	cutFiles   = 25 // of each writer
)

// step is how far a file got. Each one is durable when the ledger has acknowledged it.
type step int

const (
	unknownFile step = iota
	recorded
	sessionBegun
	sessionKept
	tokenWon
	creating
	created
)

// ackFile is the name of the file of what was acknowledged.
const ackFile = "acks"

// acks is where a work writes down what was acknowledged, a line each.
type acks struct{ f *os.File }

func openAcks(dir string) (acks, error) {
	f, err := os.OpenFile(filepath.Join(dir, ackFile), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	return acks{f}, err
}

func (a acks) add(format string, args ...any) error {
	_, err := fmt.Fprintf(a.f, format+"\n", args...)
	return err
}

// workOnLedger leads files through the ledger, by several writers at once.
func workOnLedger(dir string) error {
	ctx := context.Background()
	a, err := openAcks(dir)
	if err != nil {
		return err
	}
	l, err := ledger.Open(ctx, filepath.Join(dir, "l.db"))
	if err != nil {
		return err
	}
	run, err := l.BeginRun(ctx, "import")
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	for n := range cutWriters {
		g.Go(func() error { return (&cutWriter{l, a, run, n}).work(ctx) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := l.EndRun(context.Background(), run, `{"found":0,"ends":{"uploaded":0}}`); err != nil {
		return err
	}
	return l.Close()
}

// cutWriter is one of the writers.
type cutWriter struct {
	*ledger.SQLite
	acks
	run ledger.RunID
	n   int
}

func cutFolder(writer int) string      { return fmt.Sprintf("/photos/%d", writer) }
func cutAlbum(writer int) string       { return fmt.Sprintf("Album %d", writer) }
func cutToken(writer, file int) string { return fmt.Sprintf("token %d %d", writer, file) }
func cutItem(writer, file int) string  { return fmt.Sprintf("item %d %d", writer, file) }
func cutSum(writer, file int) [32]byte { return sha256.Sum256([]byte(cutToken(writer, file))) }
func cutName(file int) string          { return fmt.Sprintf("%02d.jpg", file) }
func cutRemote(writer int) string      { return fmt.Sprintf("remote %d", writer) }
func cutTime() time.Time               { return time.Unix(1_700_000_000, 0).UTC() }
func sightingOf(w, f int) ledger.Sighting {
	return ledger.Sighting{Dir: cutFolder(w), Name: cutName(f), Size: 1000, ModTime: cutTime(), Album: cutAlbum(w), Sort: []byte{byte(f)}}
}

// work leads the files to the end one by one, then creates them together.
func (w *cutWriter) work(ctx context.Context) error {
	var items []ledger.ItemID
	for f := range cutFiles {
		item, err := w.send(ctx, f)
		if err != nil {
			return err
		}
		items = append(items, item)
	}
	albums, err := w.PendingAlbums(ctx, w.run)
	if err != nil {
		return err
	}
	for _, a := range albums {
		if a.Title == cutAlbum(w.n) {
			return w.create(ctx, a.ID, items)
		}
	}
	return fmt.Errorf("there is no album %s", cutAlbum(w.n))
}

// send leads one file to its token.
func (w *cutWriter) send(ctx context.Context, f int) (ledger.ItemID, error) {
	if err := w.Record(ctx, w.run, []ledger.Sighting{sightingOf(w.n, f)}); err != nil {
		return 0, err
	}
	if err := w.add("%d %d %d", w.n, f, recorded); err != nil {
		return 0, err
	}
	known, err := w.Folder(ctx, cutFolder(w.n))
	if err != nil {
		return 0, err
	}
	item := known.Known(cutName(f)).Items[0].Item
	s := ledger.Session{URL: "https://upload.example/" + cutToken(w.n, f), Granularity: 256 << 10, Started: cutTime()}
	for _, at := range []step{sessionBegun, sessionKept} {
		s.Hashed = int64(at)
		if err := w.KeepSession(ctx, item, s); err != nil {
			return 0, err
		}
		if err := w.add("%d %d %d", w.n, f, at); err != nil {
			return 0, err
		}
	}
	c := ledger.Content{SHA256: cutSum(w.n, f), Size: 1000, Token: cutToken(w.n, f), Issued: cutTime()}
	if err := w.Sent(ctx, item, c); err != nil {
		return 0, err
	}
	return item, w.add("%d %d %d", w.n, f, tokenWon)
}

// create makes an album and its items.
func (w *cutWriter) create(ctx context.Context, album ledger.AlbumID, items []ledger.ItemID) error {
	if err := w.IntendAlbum(ctx, album); err != nil {
		return err
	}
	if err := w.SetAlbum(ctx, album, cutRemote(w.n)); err != nil {
		return err
	}
	if err := w.add("%d album", w.n); err != nil {
		return err
	}
	batch, err := w.BeginBatch(ctx, ledger.Batch{Run: w.run, Album: album, Items: items})
	if err != nil {
		return err
	}
	if err := w.addAll(creating); err != nil {
		return err
	}
	var ends []ledger.End
	for f, item := range items {
		ends = append(ends, ledger.End{Item: item, State: ledger.Created, MediaItem: cutItem(w.n, f)})
	}
	if err := w.FinishBatch(ctx, batch, ends); err != nil {
		return err
	}
	return w.addAll(created)
}

func (w *cutWriter) addAll(s step) error {
	for f := range cutFiles {
		if err := w.add("%d %d %d", w.n, f, s); err != nil {
			return err
		}
	}
	return nil
}

// plainRows is how many rows the plain database is given.
const plainRows = 400

// workOnPlainDatabase commits rows one by one, as a ledger would that trusted the usual advice for the write-ahead log.
func workOnPlainDatabase(dir string) error {
	a, err := openAcks(dir)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "l.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE tokens (id INTEGER PRIMARY KEY, token TEXT NOT NULL)`); err != nil {
		return err
	}
	for n := range plainRows {
		if _, err := db.Exec(`INSERT INTO tokens VALUES (?, ?)`, n, cutToken(0, n)); err != nil {
			return err
		}
		if err := a.add("%d", n); err != nil {
			return err
		}
	}
	return db.Close()
}
