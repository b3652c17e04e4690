package pipeline_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/pipeline"
)

func TestAFileReplacedByOneOfTheSameSizeAndTimeIsSeen(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("this system does not say when a file was changed; --checksum is for it")
	}
	w := newWorld(t)
	w.photo("Pier/a.jpg", 1)
	w.run()
	path := filepath.Join(w.dir, "Pier/a.jpg")
	was, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	other := fixture.TinyJPEG(2, noon(1))
	if int64(len(other)) != was.Size() {
		t.Fatalf("the replacement has %d bytes, want %d", len(other), was.Size())
	}
	w.write("Pier/a.jpg", other)
	if err := os.Chtimes(path, was.ModTime(), was.ModTime()); err != nil {
		t.Fatal(err)
	}
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1})
	if n := len(w.service.MediaItems()); n != 2 {
		t.Errorf("the service has %d media items, want both contents", n)
	}
}

func TestATouchedFileIsReadAgainAndNotSent(t *testing.T) {
	w := newWorld(t)
	body := w.photo("Pier/a.jpg", 1)
	w.run()
	before := w.service.Calls()
	if err := os.Chmod(filepath.Join(w.dir, "Pier/a.jpg"), 0o600); err != nil {
		t.Fatal(err)
	}
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 1})
	wantCalls(t, w.calls(before), map[string]int{})
	if runtime.GOOS == "linux" && rep.Bytes.Read != int64(len(body)) {
		t.Errorf("%d bytes were read, want the %d of the file", rep.Bytes.Read, len(body))
	}
	if rep = w.run(); rep.Bytes.Read != 0 {
		t.Errorf("%d bytes were read although nothing happened since", rep.Bytes.Read)
	}
}

func TestWithChecksumEveryFileIsReadAndNoneIsSent(t *testing.T) {
	w := newWorld(t)
	n := 0
	for i, name := range []string{"Pier/a.jpg", "Pier/b.jpg", "Garden/c.jpg"} {
		n += len(w.photo(name, i))
	}
	w.run()
	before := w.service.Calls()
	w.cfg.Checksum = true
	for range 2 {
		rep := w.run()
		wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 3})
		wantCalls(t, w.calls(before), map[string]int{})
		if rep.Bytes.Read != int64(n) {
			t.Errorf("%d bytes were read, want all %d", rep.Bytes.Read, n)
		}
	}
}

func TestANewFileUnderAnOldNameIsNotTakenForWhatItsAlbumHolds(t *testing.T) {
	w := newWorld(t)
	w.photo("x.jpg", 1)
	w.cfg.AlbumBy, w.cfg.Album = "", "A"
	w.run()
	w.photo("x.jpg", 2)
	w.cfg.Album = "B"
	w.run()
	w.cfg.Album = "A"
	before := w.service.Calls()
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 1})
	wantCalls(t, w.calls(before), map[string]int{"albums.batchAddMediaItems": 1})
	w.wantAlbums(map[string][]string{"A": {"x.jpg", "x.jpg"}, "B": {"x.jpg"}})
}
