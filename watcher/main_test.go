package watcher_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/albumwright/albumwright/watcher"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tree makes files below a new folder. A path that ends in a slash is a folder,
// one that ends in "=0" a file of zero bytes.
func tree(t testing.TB, paths ...string) string {
	t.Helper()
	root := t.TempDir()
	grow(t, root, paths...)
	return root
}

func grow(t testing.TB, root string, paths ...string) {
	t.Helper()
	for _, p := range paths {
		p, empty := strings.CutSuffix(p, "=0")
		full := root + "/" + p
		if strings.HasSuffix(p, "/") {
			must(t, os.MkdirAll(full, 0o755))
			continue
		}
		must(t, os.MkdirAll(filepath.Dir(full), 0o755))
		content := "x"
		if empty {
			content = ""
		}
		must(t, os.WriteFile(full, []byte(content), 0o644))
	}
}

// walk returns the reason for every path below the root, or for every absolute
// path if there are several roots. It fails if one comes twice.
func walk(t testing.TB, cfg watcher.WalkConfig) map[string]watcher.Reason {
	t.Helper()
	got := make(map[string]watcher.Reason)
	must(t, watcher.Walk(context.Background(), cfg, func(f watcher.File) error {
		key := f.Rel()
		if len(cfg.Roots) > 1 {
			key = f.Path
		}
		if _, twice := got[key]; twice {
			t.Errorf("%q was visited twice", key)
		}
		got[key] = f.Skip
		return nil
	}))
	return got
}

// taken keeps the paths without a reason to skip them.
func taken(all map[string]watcher.Reason) map[string]bool {
	paths := make(map[string]bool)
	for p, reason := range all {
		if reason == "" {
			paths[p] = true
		}
	}
	return paths
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
