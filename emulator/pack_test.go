package emulator_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// Contents of all sizes are there again, byte for byte, before and after a
// restart: the smallest share a file, and bytes of an upload that was not
// finished may be anywhere in it.
func TestContentsOfAllSizesAreKept(t *testing.T) {
	cfg := emulator.Config{Dir: t.TempDir()}
	c := direct(t, cfg)
	var files [][]byte
	var ids []string
	for n, size := range []int{100, 16 << 10, 16<<10 + 1, 64<<10 - 1, 64 << 10, 64<<10 + 1, 200_000, 101} {
		files = append(files, media(size, n))
		ids = append(ids, c.createIDs(batch("", nil, c.upload(files[n])))...)
	}
	check := func() {
		t.Helper()
		c.wantItems(files...)
		for n, id := range ids {
			if got := c.open("/media/" + id).body; !bytes.Equal(got, files[n]) {
				t.Errorf("item %d has %d bytes, want %d: or others", n, len(got), len(files[n]))
			}
		}
	}
	check()
	if kept := keptFiles(t, cfg.Dir); len(kept) != 5 {
		t.Errorf("%d files of single contents, want those of the 5 that are larger than 16 KiB", len(kept))
	}
	if err := c.s.Close(); err != nil {
		t.Fatal(err)
	}
	appendTo(t, filepath.Join(cfg.Dir, "media", "small"), "half of a photo")
	c = direct(t, cfg)
	check()
	files = append(files, media(50, 20))
	ids = append(ids, c.createIDs(batch("", nil, c.upload(files[8])))...)
	check()
}

// largePhoto is a photo that is large enough to be kept in a file of its own.
func largePhoto(n int) []byte {
	b := photo(n)
	comment := "\x21\xFE" + strings.Repeat("\xFF"+strings.Repeat("x", 255), 80) + "\x00"
	return slices.Insert(b, 19, []byte(comment)...)
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(f, text)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}
