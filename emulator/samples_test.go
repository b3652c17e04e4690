package emulator_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
)

// samples finds the folder with real camera files beside the project. It is
// not part of the project, so tests that need it skip where it is absent.
func samples(t *testing.T) string {
	t.Helper()
	dir := "."
	for range 8 {
		dir = filepath.Join(dir, "..")
		for _, name := range []string{"samples", "shared/samples"} {
			if s, err := os.Stat(filepath.Join(dir, name, "library")); err == nil && s.IsDir() {
				return filepath.Join(dir, name)
			}
		}
	}
	t.Skip("no folder of sample files (samples/library) above the project: the test on real files is skipped")
	return ""
}

// oracle is what another program reads from a sample file.
type oracle struct {
	File          string
	SHA256        string
	Type          string
	Capture       string
	CaptureSource string `json:"capture_source"`
	Width, Height int
}

func readOracle(t *testing.T, root string) (all []oracle) {
	t.Helper()
	f, err := os.Open(filepath.Join(root, "samples.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for dec := json.NewDecoder(f); dec.More(); {
		var o oracle
		if err := dec.Decode(&o); err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

// Every real photo and video becomes an item with the size and capture time
// that another program reads from it; sidecars are junk (contract 3.3, 4).
func TestRealFilesBecomeMediaItems(t *testing.T) {
	root := samples(t)
	c := direct(t, emulator.Config{Dir: t.TempDir()})
	made := 0
	for _, o := range readOracle(t, root) {
		media, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(o.File)))
		if err != nil {
			t.Fatal(err)
		}
		r := c.create(batch("", nil, c.upload(media)))[0]
		if o.Type == "XMP" {
			if r.Status.Code != 3 || !strings.HasPrefix(r.Status.Message, "NOT_IMAGE: ") {
				t.Errorf("%s: a sidecar gives %+v", o.File, r.Status)
			}
			continue
		}
		if r.Status.Code != 0 {
			t.Errorf("%s: %+v", o.File, r.Status)
			continue
		}
		made++
		checkAgainst(t, o, c.s.MediaItems()[made-1], sha256.Sum256(media))
	}
	if made < 70 {
		t.Errorf("only %d items were made", made)
	}
}

func checkAgainst(t *testing.T, o oracle, it emulator.MediaItem, sum [32]byte) {
	t.Helper()
	if it.SHA256 != sum || hex.EncodeToString(sum[:]) != o.SHA256 {
		t.Errorf("%s: the hash is %x", o.File, it.SHA256)
	}
	// Of a NEF the other program tells its preview's size.
	if o.Width != 0 && o.Type != "NEF" && (it.Width != o.Width || it.Height != o.Height) {
		t.Errorf("%s: %d x %d, want %d x %d", o.File, it.Width, it.Height, o.Width, o.Height)
	}
	if o.CaptureSource == "EXIF:DateTimeOriginal" {
		checkTime(t, o, it.CreationTime)
	}
}

// checkTime: the moment, if the record has its offset. The satellites may have
// told one that the other program does not ask for: then whole quarters of an
// hour are between the wall clock and the moment.
func checkTime(t *testing.T, o oracle, got time.Time) {
	t.Helper()
	want, err := time.Parse(time.RFC3339, o.Capture)
	if err == nil && !got.Equal(want.Truncate(time.Second)) {
		t.Errorf("%s: creationTime %s, want %s", o.File, got, want)
	}
	wall, err := time.Parse("2006-01-02T15:04:05", o.Capture[:len("2006-01-02T15:04:05")])
	if err != nil || got.Sub(wall)%(15*time.Minute) != 0 || got.Sub(wall).Abs() > 14*time.Hour {
		t.Errorf("%s: creationTime %s, want %s on the clock of some zone (%v)", o.File, got, o.Capture, err)
	}
}

// The files on which other readers hang or allocate without end are refused.
func TestCraftedFilesAreRefused(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(samples(t), "poc", "*"))
	if err != nil || len(paths) < 5 {
		t.Fatal("crafted files are missing", paths, err)
	}
	c := direct(t, emulator.Config{})
	for _, path := range paths {
		media, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if r := c.create(batch("", nil, c.upload(media)))[0]; r.Status.Code != 3 || r.MediaItem != nil {
			t.Errorf("%s: %+v, want code 3", filepath.Base(path), r)
		}
	}
}
