package exif_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/exif"
)

// meter is a file in memory that counts what is read of it.
type meter struct {
	data  *bytes.Reader
	bytes int64
	calls int
}

func newMeter(b []byte) *meter { return &meter{data: bytes.NewReader(b)} }

func (m *meter) ReadAt(p []byte, off int64) (int, error) {
	n, err := m.data.ReadAt(p, off)
	m.bytes += int64(n)
	m.calls++
	return n, err
}

func (m *meter) Size() int64 { return m.data.Size() }

// mustRead reads a file that has nothing wrong with it.
func mustRead(t *testing.T, file []byte) exif.Facts {
	t.Helper()
	f, err := exif.ReadWithoutNet(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return f
}

// withoutOrigins is for tests that are not about where facts come from.
func withoutOrigins(f exif.Facts) exif.Facts {
	f.From = exif.Origins{}
	return f
}

// samplesDir is the folder with real camera files that some checkouts have
// beside them. They belong to other people, so they are not in the repository.
func samplesDir(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "shared", "samples")
	if _, err := os.Stat(filepath.Join(dir, "samples.jsonl")); err != nil {
		t.Skipf("no sample photos at %s: real camera files are not checked", dir)
	}
	return dir
}

// sample is what an independent reader of metadata says of one file.
type sample struct {
	File          string
	Type          string
	Capture       string
	CaptureSource string `json:"capture_source"`
	Make, Model   string
	Orientation   int
	Lat, Lon      *float64
	Width, Height int
	Description   string
	Testable      *bool `json:"description_testable"`
}

// oracle lists the samples that are photos.
func oracle(t testing.TB, dir string) []sample {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "samples.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []sample
	for dec := json.NewDecoder(f); ; {
		var s sample
		if err := dec.Decode(&s); err == io.EOF {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(" JPEG TIFF DNG CR2 NEF ARW CR3 PNG Extended WEBP HEIC HEIF AVIF ", " "+s.Type+" ") {
			out = append(out, s)
		}
	}
}
