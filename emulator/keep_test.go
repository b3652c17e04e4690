package emulator_test

import (
	"bytes"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
)

// large is a photo of 100 kB, too large for the file that small ones share.
func large(n int) []byte {
	return fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Seed: n, PadTo: 100_000})
}

func TestBytesAreKeptUpToABoundAndTheirFactsBeyond(t *testing.T) {
	for _, test := range []struct {
		name  string
		keep  int64
		files int // that are kept, of four
	}{
		{"without a bound", 0, 4}, {"none", -1, 0}, {"for one and a half", 150_000, 1}, {"for just two", 200_000, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			s := socket(t, emulator.Config{Dir: dir, KeepBytes: test.keep})
			tokens := []string{s.upload(large(1)), s.upload(large(2)), s.upload(large(1))}
			for n := 3; n < 5; n++ {
				tokens = append(tokens, s.start(len(large(n))).send("upload, finalize", 0, large(n)).wantToken(t))
			}
			ids := s.createIDs(batch("", nil, tokens[0], tokens[1], tokens[3], tokens[4]))
			if n := len(keptFiles(t, dir)); n != test.files {
				t.Errorf("%d files are kept, want %d", n, test.files)
			}
			if left, err := filepath.Glob(filepath.Join(dir, "sessions", "*")); err != nil || len(left) > 0 {
				t.Errorf("of sessions is left %q (%v)", left, err)
			}
			for i, id := range ids {
				kept := http.StatusOK
				if i >= test.files {
					kept = http.StatusGone
				}
				s.get("/media/"+id).wantStatus(t, kept)
				if tile := s.get("/thumbs/" + id); tile.status != http.StatusOK || !bytes.HasPrefix([]byte(tile.header.Get("Content-Type")), []byte("image/")) {
					t.Errorf("the picture of item %d is %d %s", i, tile.status, tile.header)
				}
			}
		})
	}
}
