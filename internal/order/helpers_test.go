package order_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/order"
)

// at is a time so many milliseconds after noon.
func at(ms int) time.Time {
	return time.Date(2024, 5, 18, 12, 0, 0, 0, time.UTC).Add(time.Duration(ms) * time.Millisecond)
}

// kinds are those of the extensions that tests use.
func kinds() map[string]order.Kind {
	return map[string]order.Kind{
		"heic": order.HEIC, "jpg": order.JPEG, "png": order.Photo, "dng": order.Raw, "nef": order.Raw, "mov": order.Video, "mp4": order.Video,
	}
}

// file is one of /p, captured so many milliseconds after noon. Videos last three seconds.
func file(name string, ms int) order.File {
	f := order.File{Dir: "/p", Name: name, Captured: at(ms), Kind: kinds()[string(bytes.ToLower([]byte(name[len(name)-3:])))]}
	if name[len(name)-4:] == "HEIC" || name[len(name)-4:] == "heic" {
		f.Kind = order.HEIC
	}
	if f.Kind == order.Video {
		f.Duration = 3 * time.Second
	}
	return f
}

// sorted are the names of files in the order of their keys, where fixed ones have theirs already.
func sorted(t testing.TB, files []order.File, fixed map[string][]byte) []string {
	t.Helper()
	folder := order.NewFolder(files)
	in := make([]order.Wanted, len(files))
	for i, f := range files {
		in[i] = order.Wanted{File: i, Fixed: fixed[f.Name]}
	}
	keys := folder.Keys(in)
	byKey := make([]int, len(files))
	for i := range byKey {
		byKey[i] = i
	}
	slices.SortStableFunc(byKey, func(a, b int) int { return bytes.Compare(keys[a], keys[b]) })
	var names []string
	for n, i := range byKey {
		if n > 0 && bytes.Equal(keys[i], keys[byKey[n-1]]) {
			t.Errorf("%s and %s have the same key", files[i].Name, names[n-1])
		}
		names = append(names, files[i].Name)
	}
	return names
}

// keysOf are the keys of files by name.
func keysOf(files []order.File, fixed map[string][]byte) map[string][]byte {
	in := make([]order.Wanted, len(files))
	for i, f := range files {
		in[i] = order.Wanted{File: i, Fixed: fixed[f.Name]}
	}
	keys := map[string][]byte{}
	for i, k := range order.NewFolder(files).Keys(in) {
		keys[files[i].Name] = k
	}
	return keys
}
