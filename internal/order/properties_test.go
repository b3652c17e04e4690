package order_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/order"
	"github.com/albumwright/albumwright/internal/property"
)

// anyFolder is a folder in which much is at odds: few stems, numbers near the turn, few moments.
func anyFolder(rt *rapid.T) []order.File {
	stems := rapid.SampledFrom([]string{
		"IMG_0001", "IMG_0002", "IMG_9998", "IMG_9999", "IMG_5000", "IMG_E0001", "IMG_0001~2", "IMG_0001-edited", "GX010001", "GX020001", "GX030001", "GOPR0002", "GP010002", "a", "a-Edit",
	})
	seen := map[string]bool{}
	var files []order.File
	for range rapid.IntRange(0, 25).Draw(rt, "files") {
		f := file(stems.Draw(rt, "stem")+"."+rapid.SampledFrom([]string{"jpg", "heic", "nef", "mov", "mp4"}).Draw(rt, "type"), 500*rapid.IntRange(0, 6).Draw(rt, "halves of a second"))
		if seen[f.Name] {
			continue
		}
		seen[f.Name] = true
		f.Guessed = rapid.IntRange(0, 9).Draw(rt, "guessed") == 0
		f.Duration = time.Duration(rapid.IntRange(0, 8).Draw(rt, "seconds")) * time.Second
		f.ContentID = rapid.SampledFrom([]string{"", "", "", "X", "Y"}).Draw(rt, "id")
		files = append(files, f)
	}
	return files
}

func TestKeysDoNotDependOnTheOrderOfArrival(t *testing.T) {
	property.Check(t, func(rt *rapid.T) {
		files := anyFolder(rt)
		keys := keysOf(files, nil)
		shuffled := keysOf(rapid.Permutation(files).Draw(rt, "shuffled"), nil)
		distinct := map[string]string{}
		for name, k := range keys {
			if !bytes.Equal(k, shuffled[name]) {
				rt.Fatalf("%s has the key %q or %q", name, k, shuffled[name])
			}
			if other, ok := distinct[string(k)]; ok {
				rt.Fatalf("%s and %s have the same key", name, other)
			}
			distinct[string(k)] = name
		}
	})
}

// Where nothing is fixed all files of a set are neighbours, in the order of their roles.
func TestSetsStandTogether(t *testing.T) {
	property.Check(t, func(rt *rapid.T) {
		files := anyFolder(rt)
		folder := order.NewFolder(files)
		setOf := unite(len(files), folder.Pairs)
		wantTogether(rt, files, keysOf(files, nil), setOf)
	})
}

// However files come, fixed ones keep their keys, and whoever joins a set stands beside a file of it.
func TestFixedKeysStayAndLateFilesJoinTheirSets(t *testing.T) {
	property.Check(t, func(rt *rapid.T) {
		files := anyFolder(rt)
		fixed := map[string][]byte{}
		for len(files) > len(fixed) {
			n := len(fixed) + rapid.IntRange(1, len(files)-len(fixed)).Draw(rt, "arrive")
			here := files[:n]
			keys := keysOf(here, fixed)
			for name, k := range fixed {
				if !bytes.Equal(keys[name], k) {
					rt.Fatalf("%s was fixed and moved", name)
				}
			}
			wantBesideTheirSet(rt, here, keys, fixed)
			fixed = keys
		}
	})
}

func wantTogether(rt *rapid.T, files []order.File, keys map[string][]byte, setOf []int) {
	sorted := byKey(files, keys)
	closed := map[int]bool{}
	for n, i := range sorted {
		if closed[setOf[i]] {
			rt.Fatalf("%s is apart from its set: %s", files[i].Name, names(files, sorted))
		}
		if n+1 < len(sorted) && setOf[sorted[n+1]] != setOf[i] {
			closed[setOf[i]] = true
		}
	}
}

// wantBesideTheirSet looks at the files that are new: each has one of its set before or behind it.
func wantBesideTheirSet(rt *rapid.T, files []order.File, keys, fixed map[string][]byte) {
	setOf := unite(len(files), order.NewFolder(files).Pairs)
	sorted := byKey(files, keys)
	for n, i := range sorted {
		if fixed[files[i].Name] != nil {
			continue
		}
		alone := true
		for _, j := range sorted {
			alone = alone && (j == i || setOf[j] != setOf[i])
		}
		before := n > 0 && setOf[sorted[n-1]] == setOf[i]
		after := n+1 < len(sorted) && setOf[sorted[n+1]] == setOf[i]
		if !alone && !before && !after {
			rt.Fatalf("%s is late and stands beside no file of its set: %s", files[i].Name, names(files, sorted))
		}
	}
}

// unite numbers the sets that pairs make of files.
func unite(n int, pairs []order.Pair) []int {
	set := make([]int, n)
	for i := range set {
		set[i] = i
	}
	for _, p := range pairs {
		from, to := set[p.Second], set[p.First]
		for i := range set {
			if set[i] == from {
				set[i] = to
			}
		}
	}
	return set
}

func byKey(files []order.File, keys map[string][]byte) []int {
	sorted := make([]int, len(files))
	for i := range sorted {
		sorted[i] = i
	}
	slices.SortFunc(sorted, func(a, b int) int { return bytes.Compare(keys[files[a].Name], keys[files[b].Name]) })
	return sorted
}

func names(files []order.File, indexes []int) (all []string) {
	for _, i := range indexes {
		all = append(all, files[i].Name)
	}
	return all
}

// Whatever is chosen, each file that is left out has one of its set that is taken, and nothing that must stay is left out.
func TestNoSetIsLeftOutWhole(t *testing.T) {
	property.Check(t, func(rt *rapid.T) {
		files := anyFolder(rt)
		word := func(words ...string) string { return rapid.SampledFrom(append(words, "both")).Draw(rt, "word") }
		c := order.Choice{RawJPEG: word("raw", "jpeg"), HeicJPEG: word("heic", "jpeg"), Edited: word("edited", "original"), Live: word("photo", "video")}
		state := make([]int, len(files)) // 0 nowhere, 1 delivered, 2 on its way
		for i := range state {
			state[i] = rapid.IntRange(0, 2).Draw(rt, "state")
		}
		folder := order.NewFolder(files)
		left := folder.LeftOut(c, func(i int) bool { return state[i] == 2 }, func(partner, _ int) bool { return state[partner] > 0 })
		out := map[int]bool{}
		for _, l := range left {
			out[l.File] = true
		}
		setOf := unite(len(files), folder.Pairs)
		for _, l := range left {
			if state[l.File] != 2 || state[l.For] == 0 || out[l.For] || setOf[l.For] != setOf[l.File] {
				rt.Fatalf("%s (%d) is left out for %s (%d, left out %t)", files[l.File].Name, state[l.File], files[l.For].Name, state[l.For], out[l.For])
			}
		}
	})
}
