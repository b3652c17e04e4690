package main

import (
	"bytes"
	"io"
	"testing"

	"github.com/albumwright/albumwright/internal/tape"
)

func TestMediaAreMadeUpInEverySize(t *testing.T) {
	for kind := range mediaMakers {
		seen := map[string]bool{}
		for size := int64(0); size < 6000; size += 97 {
			file, ok := madeUpMedia(tape.Media{ContentType: kind, Size: size, Seed: string(rune('a' + size%26))})
			if !ok {
				continue
			}
			b, err := io.ReadAll(io.NewSectionReader(file, 0, size+1))
			if err != nil || int64(len(b)) != size {
				t.Errorf("%s of %d bytes has %d, %v", kind, size, len(b), err)
			}
			seen[string(b)] = true
		}
		if len(seen) == 0 && kind != "video/x-matroska" {
			t.Errorf("there is no %s below 6000 bytes", kind)
		}
	}
	one, _ := madeUpMedia(tape.Media{ContentType: "image/jpeg", Size: 5000, Seed: "a"})
	two, _ := madeUpMedia(tape.Media{ContentType: "image/jpeg", Size: 5000, Seed: "b"})
	a, _ := io.ReadAll(io.NewSectionReader(one, 0, 5000))
	b, _ := io.ReadAll(io.NewSectionReader(two, 0, 5000))
	if bytes.Equal(a, b) {
		t.Error("two contents are the same")
	}
	for _, m := range []tape.Media{{ContentType: "image/jpeg", Size: 10}, {ContentType: "image/jpeg", Size: maxMadeUp + 1}, {ContentType: "image/x-canon-cr2", Size: 5000}} {
		if _, ok := madeUpMedia(m); ok {
			t.Errorf("%+v was made up", m)
		}
	}
}
