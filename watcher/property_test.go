package watcher_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/watcher"
)

// node is a folder of the model: its files with the reason that each must get,
// and its folders.
type node struct {
	reason  watcher.Reason // "" for a folder to enter
	files   map[string]watcher.Reason
	folders map[string]*node
}

func genNode(depth int) *rapid.Generator[*node] {
	type named struct {
		name   string
		reason watcher.Reason
	}
	// The bases are numbered, so that names differ even where case does not count.
	file := rapid.Custom(func(t *rapid.T) named {
		form := rapid.SampledFrom([]named{
			{"%d.jpg", ""}, {"IMG_%d.JPG", ""}, {"-%d é 🎉.mov", ""}, {"%d\n.png", ""}, {"empty-%d.jpg", watcher.SkipEmpty},
			{"._%d.jpg", watcher.SkipJunk}, {".%d.jpg", watcher.SkipHidden}, {"%d.jpg.PART", watcher.SkipTemporary},
			{"%d.txt", watcher.SkipUnsupported}, {"x%d.jpg", watcher.SkipExcluded},
		}).Draw(t, "form")
		return named{fmt.Sprintf(form.name, rapid.IntRange(0, 9).Draw(t, "n")), form.reason}
	})
	folder := rapid.SampledFrom([]named{
		{"a", ""}, {"b c", ""}, {"2023", ""}, {"-f", ""}, {".hid", watcher.SkipHiddenFolder}, {"@eaDir", watcher.SkipJunkFolder},
		{"out", watcher.SkipExcludedFolder},
	})
	return rapid.Custom(func(t *rapid.T) *node {
		n := &node{files: make(map[string]watcher.Reason), folders: make(map[string]*node)}
		for _, f := range rapid.SliceOfN(file, 0, 6).Draw(t, "files") {
			n.files[f.name] = f.reason
		}
		if depth == 0 {
			return n
		}
		for _, f := range rapid.SliceOfN(folder, 0, 3).Draw(t, "folders") {
			below := genNode(depth-1).Draw(t, f.name)
			below.reason = f.reason
			n.folders[f.name] = below
		}
		return n
	})
}

// plant makes the model real, and returns its folders by path.
func (n *node) plant(path string, all map[string]*node) error {
	all[path] = n
	if err := os.MkdirAll(path, 0o755); err != nil {
		return err
	}
	for name, reason := range n.files {
		content := "x"
		if reason == watcher.SkipEmpty {
			content = ""
		}
		if err := os.WriteFile(filepath.Join(path, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	for name, below := range n.folders {
		if err := below.plant(filepath.Join(path, name), all); err != nil {
			return err
		}
	}
	return nil
}

// expect collects what a walk must visit below a folder. A folder that would be
// left out and is a root of its own is not left out.
func (n *node) expect(path string, roots map[string]bool, want map[string]watcher.Reason) {
	for name, reason := range n.files {
		want[filepath.Join(path, name)] = reason
	}
	for name, below := range n.folders {
		p := filepath.Join(path, name)
		switch {
		case below.reason == "":
			below.expect(p, roots, want)
		case !roots[p] || below.reason == watcher.SkipExcludedFolder:
			want[p] = below.reason
		}
	}
}

func TestEveryFileIsVisitedOnceWithItsReason(t *testing.T) {
	base := t.TempDir()
	run := 0
	property.Check(t, func(t *rapid.T) {
		run++
		top := filepath.Join(base, fmt.Sprint(run))
		folders := make(map[string]*node)
		if err := genNode(3).Draw(t, "tree").plant(top, folders); err != nil {
			t.Fatal(err)
		}
		roots := map[string]bool{top: true}
		cfg := watcher.WalkConfig{
			Roots:   []string{top},
			Exclude: []string{"x*", "out/"},
			Accept:  acceptNoText,
			Workers: rapid.IntRange(0, 5).Draw(t, "workers"),
		}
		for _, path := range slices.Sorted(maps.Keys(folders)) {
			// Roots in what is excluded would be seen from two sides; see below.
			if !insideExcluded(top, path) && rapid.IntRange(0, 2).Draw(t, "is it a root?") == 0 {
				roots[path] = true
				cfg.Roots = append(cfg.Roots, path)
			}
		}
		want := make(map[string]watcher.Reason)
		for path := range roots {
			folders[path].expect(path, roots, want)
		}
		got := make(map[string]watcher.Reason)
		err := watcher.Walk(t.Context(), cfg, func(f watcher.File) error {
			if _, twice := got[f.Path]; twice {
				t.Errorf("%q was visited twice", f.Path)
			}
			got[f.Path] = f.Skip
			return nil
		})
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("error %v; visited (-want +got):\n%s", err, diff)
		}
	})
}

func acceptNoText(name string) watcher.Reason {
	if filepath.Ext(name) == ".txt" {
		return watcher.SkipUnsupported
	}
	return ""
}

// insideExcluded: a root inside an excluded folder is excluded with it, as
// TestAnExcludedFolderStaysExcluded shows.
func insideExcluded(top, path string) bool {
	for ; path != top; path = filepath.Dir(path) {
		if filepath.Base(path) == "out" {
			return true
		}
	}
	return false
}

func TestAnExcludedFolderStaysExcluded(t *testing.T) {
	root := tree(t, "a.jpg", "out/b.jpg")
	got := walk(t, watcher.WalkConfig{Roots: []string{root, filepath.Join(root, "out")}, Exclude: []string{"out/"}})
	want := map[string]watcher.Reason{
		filepath.Join(root, "a.jpg"): "", filepath.Join(root, "out"): watcher.SkipExcludedFolder,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("visited (-want +got):\n%s", diff)
	}
}

func TestEveryBadPatternIsRefusedWithItsColumn(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab/*?\[\]{}\\^!,é-]{1,12}`).Draw(t, "pattern")
		err := watcher.WalkConfig{Roots: []string{"."}, Exclude: []string{pattern}}.Valid()
		switch good := doublestar.ValidatePattern(pattern); {
		case !good && (err == nil || !strings.Contains(err.Error(), ": column ")):
			t.Errorf("%q: %v, want an error with a column", pattern, err)
		case good && err != nil && strings.Trim(strings.ReplaceAll(pattern, `\/`, "/"), "/") != "":
			t.Errorf("%q: %v, and it is good", pattern, err)
		}
	})
}
