package pipeline_test

import (
	"fmt"
	"testing"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/pipeline"
)

// big makes a photo of an exact size above the 4 MiB up to which files are read in one go.
func big(seed int, size int64) []byte {
	return fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Seed: seed, Captured: noon(seed), PadTo: size})
}

func TestEachContentIsReadOnce(t *testing.T) {
	w := newWorld(t)
	var total int64
	for i := range 30 {
		body := big(i, 1000+int64(i%3)*100) // sizes repeat: small files are read once all the same
		w.write(fmt.Sprintf("small/%d.jpg", i), body)
		total += int64(len(body))
	}
	for i := range 3 {
		body := big(100+i, 5<<20+int64(i)) // each of a size of its own: hashed while it is sent
		w.write(fmt.Sprintf("large/%d.jpg", i), body)
		total += int64(len(body))
	}
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 33})
	if rep.Bytes.Read != total || rep.Bytes.Sent != total || rep.Bytes.HashedFirst != 0 {
		t.Errorf("bytes %+v, want %d read and sent, none hashed first", rep.Bytes, total)
	}
	if most := int64(33 * 16 << 10); rep.Bytes.Headers > most {
		t.Errorf("%d bytes of headers for 33 files, want at most %d", rep.Bytes.Headers, most)
	}
}

func TestOnlyALargeFileOfAKnownSizeIsHashedFirst(t *testing.T) {
	const size = 5 << 20
	w := newWorld(t)
	w.write("a/1.jpg", big(1, size))
	w.write("a/2.jpg", big(2, size))
	w.write("a/copy of 1.jpg", big(1, size))
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 2, pipeline.Duplicate: 1})
	if rep.Bytes.Sent != 2*size || rep.Bytes.Read != 2*size {
		t.Errorf("bytes %+v, want two files read and sent", rep.Bytes)
	}
	if rep.Bytes.HashedFirst != 2*size {
		t.Errorf("%d bytes hashed first, want %d: all but the first of that size", rep.Bytes.HashedFirst, 2*size)
	}

	w.rename("a/1.jpg", "b/moved.jpg") // of a size that the ledger knows
	rep = w.run()
	if rep.Bytes.Sent != 0 || rep.Bytes.HashedFirst != size {
		t.Errorf("after a move bytes are %+v, want none sent and one file hashed", rep.Bytes)
	}
	w.wantAlbums(map[string][]string{"a": {"1.jpg", "2.jpg"}, "b": {"1.jpg"}})
}

func TestManyFilesOfOneSizeInFlightGetThroughTheMemoryBudget(t *testing.T) {
	const size = 4 << 20 // eight of them fill the budget
	w := newWorld(t)
	w.cfg.Transfers = 16
	for i := range 24 {
		w.write(fmt.Sprintf("a/%02d.jpg", i), big(i/2, size))
	}
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 12, pipeline.Duplicate: 12})
}
