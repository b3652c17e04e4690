package media_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/albumwright/albumwright/internal/media"
)

// samples is a folder of real camera files beside the repository. It is not a
// part of the project.
var samples = filepath.Join("..", "..", "..", "shared", "samples")

// sample is what another program found out about a file.
type sample struct {
	File string
	Type string
}

func TestRealFilesAreRecognised(t *testing.T) {
	list, err := os.Open(filepath.Join(samples, "samples.jsonl"))
	if err != nil {
		t.Skipf("no sample files: %v", err)
	}
	defer list.Close()
	lines := bufio.NewScanner(list)
	lines.Buffer(nil, 1<<20)
	checked := 0
	for lines.Scan() {
		var s sample
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatalf("samples.jsonl: %v", err)
		}
		t.Run(s.File, func(t *testing.T) { checkSample(t, s) })
		checked++
	}
	if err := lines.Err(); err != nil || checked == 0 {
		t.Errorf("%d samples, error %v", checked, err)
	}
}

func checkSample(t *testing.T, s sample) {
	head := readHead(t, filepath.Join(samples, filepath.FromSlash(s.File)))
	got, mismatch, ok := media.Detect(s.File, head)
	if want := ourName(s); want == "" {
		if ok || !media.Sidecar(s.File) {
			t.Errorf("is %q, sidecar %v; want a sidecar", got.Name, media.Sidecar(s.File))
		}
	} else if got.Name != want {
		t.Errorf("is %q, want %s", got.Name, want)
	}
	if odd := filepath.Ext(s.File) == ".sample"; odd != (mismatch != "") {
		t.Errorf("mismatch is %q", mismatch)
	}
	for n := range len(head) + 1 {
		if short, ok := media.Sniff(head[:n]); ok && !sameFamily(short.Name, got.Name) {
			t.Errorf("the first %d bytes are %s, the whole head is %s", n, short.Name, got.Name)
		}
	}
}

// sameFamily: what the content alone says may be more general than what content
// and name say together.
func sameFamily(sniffed, detected string) bool {
	raw, _ := media.ByName("a." + detected)
	return sniffed == detected || sniffed == "TIFF" && raw.Raw
}

// ourName translates the names of the oracle; "" is no media.
func ourName(s sample) string {
	switch {
	case s.Type == "XMP":
		return ""
	case s.Type == "HEIF":
		return "HEIC"
	case s.Type == "WEBP", s.Type == "Extended WEBP":
		return "WebP"
	case s.Type == "MP4" && filepath.Ext(s.File) == ".avif":
		return "AVIF" // a sequence (brand avis), which the oracle does not know yet
	}
	return s.Type
}

func readHead(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil {
		t.Fatal(err)
	}
	return head
}
