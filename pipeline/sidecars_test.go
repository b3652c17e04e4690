package pipeline_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/fixture"
)

// A folder from Google Takeout, beside one from a photo program: albums stand in the order that the sidecars tell, and a person's words come from them.
func TestSidecarsTellTimesAndWords(t *testing.T) {
	w := newWorld(t)
	w.unseen = true
	undated := func(seed int) []byte { return fixture.PNG(fixture.Spec{Seed: seed, Width: 8, Height: 8}) }
	w.write("trip/a.png", undated(1))
	w.write("trip/a.png.supplemental-metadata.json", fixture.Takeout(fixture.Spec{Captured: noon(30), Description: "the ferry"}, "a.png"))
	w.photo("trip/b.jpg", 20)
	w.write("trip/b.jpg.xmp", fixture.XMP(fixture.Spec{Captured: noon(40), Description: "put right"}))
	w.photo("trip/c.jpg", 35)
	w.write("trip/c.jpg.xmp", []byte("<x:xmpmeta")) // damaged: as if it were not there
	report := w.run()
	w.wantAlbums(map[string][]string{"trip": {"a.png", "c.jpg", "b.jpg"}})
	words := map[string]string{}
	for _, m := range w.service.MediaItems() {
		words[m.Filename] = m.Description
	}
	if diff := cmp.Diff(map[string]string{"a.png": "the ferry", "b.jpg": "put right", "c.jpg": ""}, words); diff != "" {
		t.Errorf("descriptions (-want +got):\n%s", diff)
	}
	if n := report.SkippedBy["sidecar"]; n != 3 {
		t.Errorf("skipped by %v, want 3 sidecars", report.SkippedBy)
	}
}
