package claimtest

import (
	"bytes"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/albumwright/albumwright/exif/internal/claim"
)

// Damaged gives the content with so many damages of each kind, and says which:
// cut from behind and from the front, at each byte if there are not more; with one
// byte changed; and with several changed and perhaps the end cut off. They are the
// same in every run. The bytes are not to be kept.
func Damaged(content []byte, ofEach int) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		_ = cut(content, ofEach, yield) && changed(content, ofEach, yield) && wrecked(content, ofEach, yield)
	}
}

func cut(content []byte, places int, yield func(string, []byte) bool) bool {
	places = min(places, len(content))
	for i := range places {
		at := i * len(content) / places
		if !yield(fmt.Sprintf("cut to %d bytes", at), content[:at:at]) ||
			!yield(fmt.Sprintf("without its first %d bytes", at), content[at:]) {
			return false
		}
	}
	return true
}

func changed(content []byte, times int, yield func(string, []byte) bool) bool {
	rng := rand.New(rand.NewPCG(1, 1))
	damaged := bytes.Clone(content)
	for range times {
		at, by := rng.IntN(len(content)), byte(1+rng.IntN(255))
		damaged[at] ^= by
		if !yield(fmt.Sprintf("byte %d changed by %#x", at, by), damaged) {
			return false
		}
		damaged[at] ^= by
	}
	return true
}

func wrecked(content []byte, times int, yield func(string, []byte) bool) bool {
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range times {
		damaged := bytes.Clone(content)
		for range 1 + rng.IntN(3) {
			damaged[rng.IntN(len(content))] ^= byte(1 + rng.IntN(255))
		}
		if rng.IntN(4) == 0 {
			damaged = damaged[:rng.IntN(len(content))]
		}
		if !yield(fmt.Sprintf("wreck %d, of %d bytes", i, len(damaged)), damaged) {
			return false
		}
	}
	return true
}

// CheckClaims reports claims that no file may lead to, whatever is in it: texts
// that are empty or not clean UTF-8, and places outside of the world.
func CheckClaims(t testing.TB, name string, said claim.Set) {
	t.Helper()
	for _, c := range slices.Concat(said.Makes, said.Models, said.Serials, said.Words, said.ContentIDs, said.Bursts) {
		if !utf8.ValidString(c.Value) || strings.ContainsRune(c.Value, 0) || c.Value == "" {
			t.Errorf("%q: text %q is not clean", name, c.Value)
		}
	}
	for _, p := range said.Places {
		if !(p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180) {
			t.Errorf("%q: place %v", name, p)
		}
	}
}

// Allocated is how many bytes of memory f takes in all, given back or not.
func Allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
