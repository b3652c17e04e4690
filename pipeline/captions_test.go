package pipeline_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/pipeline"
)

// worded writes a photo with a description of its own, and one in a sidecar, if they are not empty.
func (w *world) worded(path, own, beside string) {
	w.t.Helper()
	w.n++
	w.write(path, fixture.JPEG(fixture.Spec{Seed: w.n, Captured: noon(w.n), Description: own}))
	if beside != "" {
		w.write(path+".xmp", fixture.XMP(fixture.Spec{Description: beside}))
	}
}

func (w *world) wantDescriptions(want map[string]string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.descriptions()); diff != "" {
		w.t.Errorf("descriptions in the service (-want +got):\n%s", diff)
	}
}

// named gives the run captions from a file that somebody names.
func (w *world) named(path, content string) {
	w.t.Helper()
	w.write(path, []byte(content))
	c, err := pipeline.ReadCaptions(filepath.Join(w.dir, path))
	if err != nil {
		w.t.Fatal(err)
	}
	w.cfg.Captions = append(w.cfg.Captions, c)
}

func TestDescriptionsComeFromCaptionsThenFromSidecarsThenFromTheFile(t *testing.T) {
	w := newWorld(t)
	w.worded("p/own.jpg", "in the file", "")
	w.worded("p/beside.jpg", "in the file", "beside it")
	w.worded("p/said.jpg", "in the file", "beside it")
	w.worded("p/named.jpg", "in the file", "beside it")
	w.worded("p/none.jpg", "in the file", "beside it")
	w.worded("p/camera.jpg", "OLYMPUS DIGITAL CAMERA", "")
	w.write("p/captions.yaml", []byte("said.jpg: said\nnamed.jpg: said\nnone.jpg:\n"))
	w.named("p/words.csv", "named.jpg,named\n")
	w.run()
	w.wantDescriptions(map[string]string{
		"own.jpg": "in the file", "beside.jpg": "beside it", "said.jpg": "said", "named.jpg": "named", "none.jpg": "", "camera.jpg": "",
	})
}

func TestTheNearestCaptionsCountUpToTheImportedFolder(t *testing.T) {
	w := newWorld(t)
	w.worded("top/a/b/near.jpg", "", "")
	w.worded("top/a/far.jpg", "", "")
	w.worded("top/a/above.jpg", "", "")
	w.write("top/captions.yaml", []byte("a/above.jpg: outside of what was imported\n"))
	w.write("top/a/captions.csv", []byte("b/near.jpg,from above\nfar.jpg,from its folder\n"))
	w.write("top/a/b/captions.yml", []byte("near.jpg: from beside it\n"))
	w.cfg.Paths = []string{filepath.Join(w.dir, "top/a")}
	w.run()
	w.wantDescriptions(map[string]string{"near.jpg": "from beside it", "far.jpg": "from its folder", "above.jpg": ""})
}

func TestCaptionsBesideASingleFileCount(t *testing.T) {
	w := newWorld(t)
	w.worded("p/a.jpg", "", "")
	w.write("p/captions.yaml", []byte("a.jpg: alone\n"))
	w.cfg.Paths = []string{filepath.Join(w.dir, "p/a.jpg")}
	w.run()
	w.wantDescriptions(map[string]string{"a.jpg": "alone"})
}

func TestCaptionsFilesAreSkippedAsSidecarsAre(t *testing.T) {
	w := newWorld(t)
	w.worded("p/a.jpg", "", "beside it")
	w.write("p/captions.yaml", []byte("a.jpg: said\n"))
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.Skipped: 2})
	if diff := cmp.Diff(map[string]int{"sidecar": 2}, rep.SkippedBy); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
	if len(rep.Warnings) > 0 {
		t.Errorf("warnings %q, want none", rep.Warnings)
	}
}

func TestWrongCaptionsInAFolderAreAWarningAndThePhotosAreImported(t *testing.T) {
	w := newWorld(t)
	w.worded("p/a.jpg", "in the file", "")
	w.worded("q/b.jpg", "", "")
	w.write("p/captions.yaml", []byte("a.jpg: one\na.jpg: two\n"))
	w.write("q/captions.csv", []byte("b.jpg,there\nc.jpg,x\nd.jpg,x\ne.jpg,x\nsub/f.jpg,x\n"))
	plan := w.plan()
	rep := w.run()
	w.wantDescriptions(map[string]string{"a.jpg": "in the file", "b.jpg": "there"})
	want := []string{
		w.dir + `/p/captions.yaml:2:1: "a.jpg" has two captions, the first is in line 1; none of its captions counts`,
		w.dir + "/q/captions.csv: 4 captions are of files that are not there: " + w.dir + "/q/c.jpg, " + w.dir + "/q/d.jpg, " + w.dir + "/q/e.jpg and 1 more",
	}
	if diff := cmp.Diff(want, sortedCopy(rep.Warnings)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, sortedCopy(plan.Warnings)); diff != "" {
		t.Errorf("warnings of the plan (-want +got):\n%s", diff)
	}
}

func TestNamedCaptionsThatCannotBeReadSaySo(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.yaml")
	if err := os.WriteFile(bad, []byte("a: b: c\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := pipeline.ReadCaptions(filepath.Join(dir, "none.yaml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	for _, path := range []string{bad, dir} {
		_, err := pipeline.ReadCaptions(path)
		if e := (*pipeline.CaptionsError)(nil); !errors.As(err, &e) || !strings.HasPrefix(err.Error(), path) {
			t.Errorf("%s: %v, want a CaptionsError that names it", path, err)
		}
	}
}
