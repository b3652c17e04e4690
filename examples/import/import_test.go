// Package import_test runs the import script as a user would: the built program against an emulator on a real socket.
package import_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/exampletest"
	"github.com/albumwright/albumwright/internal/samples"
)

func TestTheScriptSaysHowItEnded(t *testing.T) {
	dir := t.TempDir()
	photos := filepath.Join(dir, "photos")
	library, err := samples.Write(photos)
	if err != nil {
		t.Fatal(err)
	}
	env := append(exampletest.Serve(t), "ALBUMWRIGHT="+exampletest.Program(t), "REPORTS="+filepath.Join(dir, "reports"), "XDG_STATE_HOME="+filepath.Join(dir, "state"))
	garden := filepath.Join(photos, filepath.FromSlash(library.Folders[len(library.Folders)-1].Path))
	for _, c := range []struct {
		folder string
		code   int
		says   string
	}{
		{garden, 0, "is in the library"},
		{photos, 3, "some files failed"}, // the broken one
		{filepath.Join(dir, "missing"), 6, "is not there"},
	} {
		if code, out := exampletest.Run(t, env, "bash", "import.sh", c.folder); code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("%s: exit code %d, want %d with %q; it printed:\n%s", c.folder, code, c.code, c.says, out)
		}
	}
	if reports, err := filepath.Glob(filepath.Join(dir, "reports", "*.json")); err != nil || len(reports) == 0 {
		t.Errorf("reports: %v, %v", reports, err)
	}
}
