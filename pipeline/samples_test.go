package pipeline_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/media"
	"github.com/albumwright/albumwright/internal/race"
	"github.com/albumwright/albumwright/pipeline"
)

// samplesDir is a folder of real camera files beside the checkout. They are not part of the repository.
func samplesDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../shared/samples")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "samples.jsonl")); err != nil {
		t.Skip("the folder of real camera files, ../shared/samples beside the checkout, is not there")
	}
	return dir
}

// realRun imports a folder of real files through a real socket.
func realRun(t *testing.T, w *world, dirs ...string) pipeline.Report {
	t.Helper()
	w.cfg.Paths = dirs
	w.cfg.API = pipeline.ClientAPI(socketClient(t, w.service))
	rep, err := pipeline.Run(t.Context(), w.cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := rep.Check(); err != nil {
		t.Error(err)
	}
	return rep
}

func TestRealCameraFilesAreAllTakenAndStandInCaptureOrder(t *testing.T) {
	dir := samplesDir(t)
	w := newWorldWith(t, emulator.Config{Dir: t.TempDir()})
	rep := realRun(t, w, filepath.Join(dir, "library"), filepath.Join(dir, "files"))
	captured := oracle(t, dir)
	supported := 0
	for file := range captured {
		if _, ok := media.ByName(file); ok {
			supported++
		}
	}
	if rep.Ends[pipeline.Uploaded] != supported || rep.Ends[pipeline.Failed] != 0 || len(w.service.MediaItems()) != supported {
		t.Errorf("ends %v with failures %+v, want all %d supported files uploaded", rep.Ends, rep.Failures, supported)
	}
	for title, names := range w.albums() {
		if title == "files" { // holds formats whose capture time is not read yet
			continue
		}
		for i := 1; i < len(names); i++ {
			before, after := captured[filepath.Join("library", title, names[i-1])], captured[filepath.Join("library", title, names[i])]
			if before.IsZero() || after.IsZero() || after.Before(before) {
				t.Errorf("album %s: %s (%s) stands before %s (%s)", title, names[i-1], before, names[i], after)
			}
		}
	}
}

// oracle is the capture time of each sample by its file, from exiftool; a wall clock, as if it were UTC.
func oracle(t *testing.T, dir string) map[string]time.Time {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "samples.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	captured := map[string]time.Time{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var s struct {
			File    string
			Capture string
		}
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		wall, _ := time.Parse("2006-01-02T15:04:05", s.Capture[:min(len(s.Capture), 19)])
		captured[s.File] = wall
	}
	return captured
}

func TestCraftedFilesAreRefusedInBoundedMemory(t *testing.T) {
	dir := filepath.Join(samplesDir(t), "poc")
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	w := newWorld(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	rep := realRun(t, w, dir)
	runtime.ReadMemStats(&after)
	if rep.Ends[pipeline.Failed]+rep.Ends[pipeline.Skipped] != len(files) {
		t.Errorf("ends %v, want all %d files refused or skipped", rep.Ends, len(files))
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20 && !race.Enabled { // which allocates for itself
		t.Errorf("%d MB were allocated for %d tiny files", grown>>20, len(files))
	}
	if items := w.service.MediaItems(); len(items) > 0 {
		t.Errorf("the service took %+v", items)
	}
}
