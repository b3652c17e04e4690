package archtest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestTheHouseIsInOrder(t *testing.T) {
	root := filepath.Join("..", "..")
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil || !strings.HasPrefix(string(mod), "module "+module+"\n") {
		t.Fatalf("%s is not the root of %s: %v", root, module, err)
	}
	all, err := load(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(all, func(s *source) bool { return s.path == "internal/archtest/doc.go" }) {
		t.Fatalf("%d files, and not this package's own: the tree was not read", len(all))
	}
	for _, b := range check(all) {
		t.Error(b)
	}
}

func TestAFileThatDoesNotParseIsAnError(t *testing.T) {
	_, err := load(fstest.MapFS{"photos/a.go": {Data: []byte("package photos\nfunc {")}})
	if err == nil || !strings.Contains(err.Error(), "photos/a.go:2") {
		t.Errorf("error %v, want one that names the place", err)
	}
}

// Each case is a small tree and everything that is wrong with it. A tree of
// broken rules proves that the checker can fail, one of good code that it can
// be satisfied.
func TestEachRuleFindsWhatBreaksIt(t *testing.T) {
	for name, c := range trees() {
		t.Run(name, func(t *testing.T) {
			fsys := make(fstest.MapFS)
			for path, text := range c.files {
				fsys[path] = &fstest.MapFile{Data: []byte(text)}
			}
			all, err := load(fsys)
			if err != nil {
				t.Fatal(err)
			}
			got := check(all)
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("found\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(c.want, "\n\t"))
			}
		})
	}
}
