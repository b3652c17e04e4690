package watcher_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/watcher"
)

func TestRootsThatOverlapAreWalkedOnce(t *testing.T) {
	files := []string{
		"a/1.jpg", "a/b/2.jpg", "a/b/c/3.jpg", "a/.hid/4.jpg", "a/.hid/d/5.jpg", "a/@eaDir/e/6.jpg", "a/.7.jpg", "a/8.txt", "z/9.jpg",
	}
	const dots, hidden, junk = watcher.SkipHidden, watcher.SkipHiddenFolder, watcher.SkipJunkFolder
	tests := []struct {
		name  string
		roots []string // "->x" is a link to x
		want  map[string]watcher.Reason
	}{
		{"twice", []string{"z", "z", "z/", "z/../z"}, map[string]watcher.Reason{"z/9.jpg": ""}},
		{"a file twice", []string{"z/9.jpg", "z/9.jpg"}, map[string]watcher.Reason{"z/9.jpg": ""}},
		{"inside", []string{"a/b/c", "a/b", "a/b/2.jpg"}, map[string]watcher.Reason{"a/b/2.jpg": "", "a/b/c/3.jpg": ""}},
		{"side by side", []string{"z", "a/b/c"}, map[string]watcher.Reason{"z/9.jpg": "", "a/b/c/3.jpg": ""}},
		{
			"inside a hidden folder", []string{"a", "a/.hid", "a/.hid/d"},
			map[string]watcher.Reason{
				"a/1.jpg": "", "a/b/2.jpg": "", "a/b/c/3.jpg": "", "a/.hid/4.jpg": "", "a/.hid/d/5.jpg": "",
				"a/@eaDir": junk, "a/.7.jpg": dots, "a/8.txt": "",
			},
		},
		{
			"below a junk folder, and a hidden file", []string{"a/.7.jpg", "a/@eaDir/e", "a"},
			map[string]watcher.Reason{
				"a/1.jpg": "", "a/b/2.jpg": "", "a/b/c/3.jpg": "", "a/.hid": hidden,
				"a/@eaDir": junk, "a/@eaDir/e/6.jpg": "", "a/.7.jpg": "", "a/8.txt": "",
			},
		},
		{"a link to a folder and the folder", []string{"z", "->z"}, map[string]watcher.Reason{"z/9.jpg": ""}},
		{"a link into a folder", []string{"a/b", "->a/b/c"}, map[string]watcher.Reason{"a/b/2.jpg": "", "a/b/c/3.jpg": ""}},
		{"a link to a file", []string{"z", "->z/9.jpg"}, map[string]watcher.Reason{"z/9.jpg": ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			base := tree(t, files...)
			roots := []string{filepath.Join(base, "z/..", "none")}
			must(t, os.Mkdir(roots[0], 0o755)) // one more: keys are absolute paths
			for _, r := range tt.roots {
				if target, ok := strings.CutPrefix(r, "->"); ok {
					r = "link"
					must(t, os.Symlink(filepath.Join(base, target), filepath.Join(base, r)))
				}
				roots = append(roots, base+"/"+r)
			}
			want := make(map[string]watcher.Reason)
			for p, reason := range tt.want {
				want[filepath.Join(base, p)] = reason
			}
			if diff := cmp.Diff(want, walk(t, watcher.WalkConfig{Roots: roots})); diff != "" {
				t.Errorf("visited (-want +got):\n%s", diff)
			}
		})
	}
}

func TestALinkedRootKeepsTheNameItWasGiven(t *testing.T) {
	base := tree(t, "real/a.jpg", "real/sub/b.jpg", "other/")
	link := filepath.Join(base, "link")
	must(t, os.Symlink(filepath.Join(base, "real"), link))
	fileLink := filepath.Join(base, "picture.jpg")
	must(t, os.WriteFile(filepath.Join(base, "other", "x.jpg"), []byte("x"), 0o644))
	must(t, os.Symlink(filepath.Join(base, "other", "x.jpg"), fileLink))

	got := make(map[string]string)
	must(t, watcher.Walk(t.Context(), watcher.WalkConfig{Roots: []string{link, fileLink}}, func(f watcher.File) error {
		if f.Skip != "" || f.Size != 1 {
			t.Errorf("%s: skipped %q, %d bytes; want it taken, 1 byte", f.Path, f.Skip, f.Size)
		}
		got[f.Path] = f.Root + " " + f.Rel()
		return nil
	}))
	want := map[string]string{
		filepath.Join(link, "a.jpg"):        link + " a.jpg",
		filepath.Join(link, "sub", "b.jpg"): link + " sub/b.jpg",
		fileLink:                            fileLink + " picture.jpg",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestTheNameOfARootIsNotJudged(t *testing.T) {
	base := tree(t, ".hidden/a.jpg", "@eaDir/b.jpg", ".c.jpg", "d.part", "e.txt", "f.jpg=0", "g.jpg")
	var roots []string
	for _, r := range []string{".hidden", "@eaDir", ".c.jpg", "d.part", "e.txt", "f.jpg", "g.jpg"} {
		roots = append(roots, filepath.Join(base, r))
	}
	got := walk(t, watcher.WalkConfig{Roots: roots, Exclude: []string{"g.*"}, Accept: func(name string) watcher.Reason {
		if filepath.Ext(name) == ".txt" {
			return watcher.SkipUnsupported
		}
		return ""
	}})
	want := map[string]watcher.Reason{
		roots[0] + "/a.jpg": "", roots[1] + "/b.jpg": "", roots[2]: "", roots[3]: "",
		roots[4]: watcher.SkipUnsupported, roots[5]: watcher.SkipEmpty, roots[6]: watcher.SkipExcluded,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("visited (-want +got):\n%s", diff)
	}
}

func TestARelativeRootBecomesAbsolute(t *testing.T) {
	base := tree(t, "in/a.jpg")
	t.Chdir(base)
	must(t, watcher.Walk(t.Context(), watcher.WalkConfig{Roots: []string{"in"}}, func(f watcher.File) error {
		if want := filepath.Join(base, "in", "a.jpg"); f.Path != want || f.Root != filepath.Dir(want) {
			t.Errorf("found %s below %s, want %s", f.Path, f.Root, want)
		}
		return nil
	}))
}

func TestARootThatIsMissingIsNamedBeforeAnythingIsVisited(t *testing.T) {
	base := tree(t, "good/a.jpg", "file.jpg")
	must(t, os.Symlink("loop", filepath.Join(base, "loop")))
	must(t, os.Symlink("nowhere", filepath.Join(base, "dangling")))
	for name, want := range map[string]error{
		"missing": fs.ErrNotExist, "dangling": fs.ErrNotExist, "loop": nil, "file.jpg/below": nil,
	} {
		bad := filepath.Join(base, name)
		err := watcher.Walk(t.Context(), watcher.WalkConfig{Roots: []string{base + "/good", bad}}, func(f watcher.File) error {
			t.Errorf("visited %s", f.Path)
			return nil
		})
		if err == nil || !strings.Contains(err.Error(), "root "+bad) || want != nil && !errors.Is(err, want) {
			t.Errorf("root %s: error %v, want one that names it (%v)", name, err, want)
		}
	}
}

func TestARootThatGoesAwayEndsTheWalk(t *testing.T) {
	faults := map[string]func(root string) error{
		"moved away": func(root string) error { return os.Rename(root, root+".away") },
		"an empty folder in its place, as an unmounted disk leaves": func(root string) error {
			return errors.Join(os.Rename(root, root+".away"), os.Mkdir(root, 0o755))
		},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			root := filepath.Join(tree(t, "card/a.jpg"), "card")
			met := false
			err := watcher.Walk(context.Background(), watcher.WalkConfig{Roots: []string{root}}, func(watcher.File) error {
				met = true
				return fault(root)
			})
			if !met || !errors.Is(err, watcher.ErrRootGone) || !strings.Contains(err.Error(), root) {
				t.Errorf("error %v (fault met: %v), want %v with the root's name", err, met, watcher.ErrRootGone)
			}
		})
	}
}
