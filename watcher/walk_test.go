package watcher_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/watcher"
)

func TestFilesCarryWhatTheDiskKnows(t *testing.T) {
	root := tree(t, "a/b.jpg")
	path := filepath.Join(root, "a", "b.jpg")
	mtime := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	must(t, os.WriteFile(path, []byte("12345"), 0o644))
	must(t, os.Chtimes(path, mtime, mtime))
	must(t, os.Link(path, filepath.Join(root, "link.jpg")))

	files := make(map[string]watcher.File)
	must(t, watcher.Walk(t.Context(), watcher.WalkConfig{Roots: []string{root + "/a/.."}}, func(f watcher.File) error {
		files[f.Rel()] = f
		return nil
	}))
	got := files["a/b.jpg"]
	want := watcher.File{Root: root, Path: path, Size: 5, ModTime: mtime, Changed: got.Changed, ID: got.ID}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
	if got.Changed.IsZero() && (runtime.GOOS == "linux" || runtime.GOOS == "darwin") {
		t.Error("the walk does not say when the file was changed")
	}
	if got.ID.IsZero() {
		t.Skip("this system gives no identities")
	}
	if other := files["link.jpg"].ID; other != got.ID {
		t.Errorf("hard links have identities %v and %v, want one", got.ID, other)
	}
}

func TestRelIsBelowTheRoot(t *testing.T) {
	tests := []struct{ root, path, want string }{
		{"/r", "/r/a/b.jpg", "a/b.jpg"},
		{"/", "/a.jpg", "a.jpg"},
		{"/r/a.jpg", "/r/a.jpg", "a.jpg"},
	}
	for _, tt := range tests {
		f := watcher.File{Root: filepath.FromSlash(tt.root), Path: filepath.FromSlash(tt.path)}
		if got := f.Rel(); got != tt.want {
			t.Errorf("Rel of %s below %s is %q, want %q", tt.path, tt.root, got, tt.want)
		}
	}
}

func TestFilesOfAFolderComeTogether(t *testing.T) {
	const folders, files = 3, 300 // more files than are read ahead at once
	var paths []string
	for i := range folders {
		for j := range files {
			paths = append(paths, fmt.Sprintf("top/f%d/%d.jpg", i, j))
		}
	}
	root := tree(t, paths...)
	var order []string
	count := make(map[string]int)
	cfg := watcher.WalkConfig{Roots: []string{root}, Workers: 5}
	must(t, watcher.Walk(t.Context(), cfg, func(f watcher.File) error {
		folder := filepath.Dir(f.Path)
		if len(order) == 0 || order[len(order)-1] != folder {
			order = append(order, folder)
		}
		count[folder]++
		return nil
	}))
	if len(order) != folders {
		t.Errorf("changed folders %d times, want %d: %q", len(order), folders, order)
	}
	for folder, n := range count {
		if n != files {
			t.Errorf("%s: %d files, want %d", folder, n, files)
		}
	}
}

func TestTheWalkReadsOnlySoFarAhead(t *testing.T) {
	const all, ahead = 2400, 1800
	var paths []string
	for i := range all {
		paths = append(paths, fmt.Sprintf("big/%d.jpg", i))
	}
	base := tree(t, paths...)
	root := filepath.Join(base, "big")

	t.Run("a slow visit holds it back", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var looked atomic.Int64
			cfg := watcher.WalkConfig{Roots: []string{root}, Workers: 2, Accept: func(string) watcher.Reason {
				looked.Add(1)
				return ""
			}}
			visits := 0
			must(t, watcher.Walk(t.Context(), cfg, func(watcher.File) error {
				if visits++; visits == 1 {
					synctest.Wait() // everything that can go on without us has gone on
					if n := looked.Load(); n > ahead {
						t.Errorf("read %d files ahead of the first visit, want at most %d", n, ahead)
					}
				}
				return nil
			}))
			if visits != all {
				t.Errorf("%d visits, want %d", visits, all)
			}
		})
	})
	t.Run("a root that went away before its turn is named", func(t *testing.T) {
		next := filepath.Join(base, "next")
		must(t, os.Mkdir(next, 0o755))
		cfg := watcher.WalkConfig{Roots: []string{root, next}, Workers: 2}
		visits := 0
		err := watcher.Walk(t.Context(), cfg, func(f watcher.File) error {
			if visits++; visits == 1 {
				return os.Remove(next)
			}
			if f.Root != root {
				t.Errorf("visited %s", f.Path)
			}
			return nil
		})
		if visits != all || !errors.Is(err, fs.ErrNotExist) || errors.Is(err, watcher.ErrRootGone) {
			t.Errorf("error %v after %d visits, want that %s does not exist after %d", err, visits, next, all)
		}
	})
}

func TestVisitsComeInTheCallersGoroutine(t *testing.T) {
	root := tree(t, "a.jpg", "b/c.jpg", "d/e.jpg")
	visits := 0 // without a lock: the race detector is the judge
	must(t, watcher.Walk(t.Context(), watcher.WalkConfig{Roots: []string{root}}, func(watcher.File) error {
		visits++
		return nil
	}))
	if visits != 3 {
		t.Errorf("%d visits, want 3", visits)
	}
}

func TestTheErrorOfVisitEndsTheWalk(t *testing.T) {
	var paths []string
	for i := range 300 {
		paths = append(paths, fmt.Sprintf("%d/a.jpg", i))
	}
	root := tree(t, paths...)
	enough := errors.New("enough")
	visits := 0
	err := watcher.Walk(t.Context(), watcher.WalkConfig{Roots: []string{root}}, func(watcher.File) error {
		if visits++; visits == 10 {
			return enough
		}
		return nil
	})
	if err != enough || visits != 10 { //nolint:errorlint // it is returned as it is
		t.Errorf("error %v after %d visits, want %v after 10", err, visits, enough)
	}
}

func TestACancelledWalkVisitsNothingMore(t *testing.T) {
	var paths []string
	for i := range 600 {
		paths = append(paths, fmt.Sprintf("%d/%d.jpg", i%50, i))
	}
	root := tree(t, paths...)
	for _, stopAt := range []int{0, 1, 10, 500} {
		ctx, cancel := context.WithCancel(context.Background())
		if stopAt == 0 {
			cancel()
		}
		visits := 0
		err := watcher.Walk(ctx, watcher.WalkConfig{Roots: []string{root}}, func(watcher.File) error {
			if visits++; visits == stopAt {
				cancel()
			}
			return nil
		})
		if !errors.Is(err, context.Canceled) || visits != stopAt {
			t.Errorf("cancelled at %d: error %v after %d visits", stopAt, err, visits)
		}
		cancel()
	}
}

func TestAFileThatChangesBetweenListingAndLookingIsHandedOn(t *testing.T) {
	tests := map[string]struct {
		instead func(path string) error
		want    watcher.Reason
		wantErr error
	}{
		"gone":         {func(string) error { return nil }, watcher.SkipUnreadable, fs.ErrNotExist},
		"a folder":     {func(path string) error { return os.Mkdir(path, 0o755) }, watcher.SkipNotRegular, nil},
		"a link":       {func(path string) error { return os.Symlink("a.jpg", path) }, watcher.SkipSymlink, nil},
		"a new file":   {func(path string) error { return os.WriteFile(path, []byte("new"), 0o644) }, "", nil},
		"an empty one": {func(path string) error { return os.WriteFile(path, nil, 0o644) }, watcher.SkipEmpty, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			root := tree(t, "a.jpg", "b.jpg")
			path := filepath.Join(root, "b.jpg")
			var got watcher.File
			cfg := watcher.WalkConfig{Roots: []string{root}, Accept: func(name string) watcher.Reason {
				if name == "b.jpg" { // listed, and not yet looked at
					if err := errors.Join(os.Remove(path), tt.instead(path)); err != nil {
						t.Error(err)
					}
				}
				return ""
			}}
			must(t, watcher.Walk(t.Context(), cfg, func(f watcher.File) error {
				if f.Path == path {
					got = f
				}
				return nil
			}))
			if got.Path == "" || got.Skip != tt.want || !errors.Is(got.Err, tt.wantErr) || got.Folder {
				t.Errorf("file is %+v, want %q, %v", got, tt.want, tt.wantErr)
			}
		})
	}
}

func TestAnUnreadableFolderDoesNotEndTheWalk(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("permissions do not bite for root; TestPathsThatAreTooLong makes the same fault in another way")
	}
	root := tree(t, "a.jpg", "locked/b.jpg", "z/c.jpg")
	locked := filepath.Join(root, "locked")
	must(t, os.Chmod(locked, 0))
	t.Cleanup(func() { must(t, os.Chmod(locked, 0o755)) })
	var folder watcher.File
	must(t, watcher.Walk(t.Context(), watcher.WalkConfig{Roots: []string{root}}, func(f watcher.File) error {
		if f.Skip != "" {
			folder = f
		}
		return nil
	}))
	if folder.Path != locked || folder.Skip != watcher.SkipUnreadable || !folder.Folder || !errors.Is(folder.Err, fs.ErrPermission) {
		t.Errorf("locked folder is %+v, want an unreadable folder", folder)
	}
	err := watcher.Walk(t.Context(), watcher.WalkConfig{Roots: []string{locked}}, nil)
	if !errors.Is(err, fs.ErrPermission) {
		t.Errorf("locked root: %v, want %v", err, fs.ErrPermission)
	}
}
