package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/describe"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

func (w *world) client() *photos.Client {
	w.t.Helper()
	client, err := photos.New(photos.Config{
		Transport: w.wire, UploadTransport: w.wire, TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: w.service.AccessToken()}),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return client
}

// tryDescribe returns each file's state by its path, and checks what must hold however it ended.
func (w *world) tryDescribe(ctx context.Context, ask pipeline.Describing) (map[string]string, pipeline.Described, error) {
	w.t.Helper()
	states := map[string]string{}
	ask.Observe = func(f describe.File) {
		rel, _ := filepath.Rel(w.dir, f.Path)
		if _, twice := states[rel]; twice {
			w.t.Errorf("%s ended twice", rel)
		}
		states[rel] = string(f.State)
	}
	w.cfg.API = pipeline.ClientAPI(w.client())
	rep, err := pipeline.Describe(ctx, w.cfg, ask)
	sum := 0
	for _, n := range rep.States {
		sum += n
	}
	if sum != rep.Found || sum != len(states) {
		w.t.Errorf("%d files found, %d states, %d told of", rep.Found, sum, len(states))
	}
	w.checkLedger()
	w.checkLibrary()
	return states, rep, err
}

func (w *world) describe(ask pipeline.Describing) (map[string]string, pipeline.Described) {
	w.t.Helper()
	states, rep, err := w.tryDescribe(w.t.Context(), ask)
	if err != nil {
		w.t.Fatalf("Describe: %v", err)
	}
	return states, rep
}

// byHand changes a description as a person does it in Google Photos.
func (w *world) byHand(filename, text string) {
	w.t.Helper()
	for _, m := range w.service.MediaItems() {
		if m.Filename == filename {
			if _, err := w.client().MediaItems.Patch(w.t.Context(), m.ID, text); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

func TestOnlyWordsThatAreOthersThanThoseGivenArePushed(t *testing.T) {
	w := newWorld(t)
	w.worded("p/same.jpg", "in the file", "")
	w.worded("p/sidecar.jpg", "in the file", "")
	w.worded("p/caption.jpg", "", "")
	w.worded("p/away.jpg", "in the file", "")
	w.worded("p/wordless.jpg", "", "")
	w.run()
	w.write("p/sidecar.jpg.xmp", fixture.XMP(fixture.Spec{Description: "written since"}))
	w.write("p/captions.yaml", []byte("caption.jpg: said since\naway.jpg: ''\n"))
	w.worded("p/new.jpg", "not imported yet", "")
	before := w.service.Calls()
	states, rep := w.describe(pipeline.Describing{})
	wantStates(t, states, map[string]string{
		"p/same.jpg": "same", "p/sidecar.jpg": "changed", "p/caption.jpg": "changed", "p/away.jpg": "changed", "p/wordless.jpg": "wordless",
		"p/new.jpg": "undelivered", "p/captions.yaml": "skipped", "p/sidecar.jpg.xmp": "skipped",
	})
	w.wantDescriptions(map[string]string{
		"same.jpg": "in the file", "sidecar.jpg": "written since", "caption.jpg": "said since", "away.jpg": "", "wordless.jpg": "",
	})
	wantCalls(t, w.calls(before), map[string]int{"mediaItems.batchGet": 1, "mediaItems.patch": 3})
	if rep.Requests != (describe.Requests{BatchGets: 1, Patches: 3}) {
		t.Errorf("requests reported: %+v", rep.Requests)
	}

	before = w.service.Calls()
	states, _ = w.describe(pipeline.Describing{})
	if states["p/sidecar.jpg"] != "same" || states["p/away.jpg"] != "same" {
		t.Errorf("described again: %v", states)
	}
	wantCalls(t, w.calls(before), map[string]int{})
}

func TestADryRunListsWhatWouldBeChangedAndAsksNothing(t *testing.T) {
	w := newWorld(t)
	w.worded("p/a.jpg", "before", "")
	w.run()
	w.write("p/captions.csv", []byte("a.jpg,after\n"))
	before, ledger := w.service.Calls(), snapshot(t, w.cfg.StateDir)
	w.cfg.API = pipeline.API{}
	var told []describe.File
	rep, err := pipeline.Describe(t.Context(), w.cfg, pipeline.Describing{DryRun: true, Observe: func(f describe.File) {
		if f.State == describe.Changed {
			told = append(told, f)
		}
	}})
	if err != nil || len(told) != 1 || *told[0].Old != "before" || *told[0].New != "after" {
		t.Errorf("told %+v, %v", told, err)
	}
	if rep.Requests != (describe.Requests{BatchGets: 1, Patches: 1}) {
		t.Errorf("requests foreseen: %+v", rep.Requests)
	}
	wantCalls(t, w.calls(before), map[string]int{})
	if after := snapshot(t, w.cfg.StateDir); fmt.Sprint(after) != fmt.Sprint(ledger) {
		t.Error("a dry run wrote into the state folder")
	}
	w.wantDescriptions(map[string]string{"a.jpg": "before"})
}

func TestWhatSomebodyChangedInGooglePhotosIsLeftAloneUnlessForced(t *testing.T) {
	w := newWorld(t)
	w.worded("p/a.jpg", "given", "")
	w.worded("p/b.jpg", "", "")
	w.worded("p/c.jpg", "given", "")
	w.run()
	w.byHand("a.jpg", "by hand")
	w.byHand("b.jpg", "by hand")
	w.byHand("c.jpg", "the same idea")
	w.write("p/captions.yaml", []byte("a.jpg: new\nb.jpg: new\nc.jpg: the same idea\n"))
	before := w.service.Calls()
	states, rep := w.describe(pipeline.Describing{})
	wantStates(t, states, map[string]string{"p/a.jpg": "kept", "p/b.jpg": "kept", "p/c.jpg": "same", "p/captions.yaml": "skipped"})
	wantCalls(t, w.calls(before), map[string]int{"mediaItems.batchGet": 1})
	if len(rep.Shown) != 2 || *rep.Shown[0].Old != "by hand" || !strings.Contains(rep.Shown[0].Reason, "changed in Google Photos") {
		t.Errorf("the report shows %+v", rep.Shown)
	}
	w.wantDescriptions(map[string]string{"a.jpg": "by hand", "b.jpg": "by hand", "c.jpg": "the same idea"})

	states, _ = w.describe(pipeline.Describing{Force: true})
	if states["p/a.jpg"] != "changed" || states["p/b.jpg"] != "changed" {
		t.Errorf("forced: %v", states)
	}
	w.wantDescriptions(map[string]string{"a.jpg": "new", "b.jpg": "new", "c.jpg": "the same idea"})
}

// What the service answers for a content that it had already is the description of that time, which this ledger has not given.
func TestADescriptionThatTheServiceHadBeforeIsNotTakenForOurs(t *testing.T) {
	w := newWorld(t)
	w.worded("p/a.jpg", "", "")
	w.worded("p/b.jpg", "", "")
	w.run()
	w.byHand("a.jpg", "by hand")
	w.lose()
	w.write("p/captions.yaml", []byte("a.jpg: new\nb.jpg: new\n"))
	w.run()
	w.wantDescriptions(map[string]string{"a.jpg": "by hand", "b.jpg": ""})
	states, _ := w.describe(pipeline.Describing{})
	wantStates(t, states, map[string]string{"p/a.jpg": "kept", "p/b.jpg": "changed", "p/captions.yaml": "skipped"})
	w.wantDescriptions(map[string]string{"a.jpg": "by hand", "b.jpg": "new"})
}

// What somebody typed into a plan stands beside no photo, and is as much theirs as what they type in Google Photos.
func TestWordsThatWereTypedIntoAPlanAreLeftAlone(t *testing.T) {
	w := newWorld(t)
	w.worded("p/a.jpg", "in the file", "")
	w.worded("p/b.jpg", "in the file", "")
	w.edit(func(p *pipeline.Planned) { byHand(p, "p").Items[0].Description = "typed" })
	w.run()
	w.cfg.Planned = nil
	states, rep := w.describe(pipeline.Describing{})
	wantStates(t, states, map[string]string{"p/a.jpg": "kept", "p/b.jpg": "same"})
	if len(rep.Shown) != 1 || !strings.Contains(rep.Shown[0].Reason, "or in a plan") {
		t.Errorf("the report shows %+v", rep.Shown)
	}
	w.wantDescriptions(map[string]string{"a.jpg": "typed", "b.jpg": "in the file"})
}

func TestMatchedItemsAreReadBeforeTheyAreChanged(t *testing.T) {
	w := newWorld(t)
	w.worded("p/a.jpg", "given", "")
	w.worded("p/b.jpg", "given", "")
	w.run()
	w.lose()
	w.rebuild()
	before := w.service.Calls()
	states, _ := w.describe(pipeline.Describing{})
	wantStates(t, states, map[string]string{"p/a.jpg": "same", "p/b.jpg": "same"})
	wantCalls(t, w.calls(before), map[string]int{"mediaItems.batchGet": 1})
	w.write("p/captions.yaml", []byte("a.jpg: new\n"))
	states, _ = w.describe(pipeline.Describing{})
	wantStates(t, states, map[string]string{"p/a.jpg": "changed", "p/b.jpg": "same", "p/captions.yaml": "skipped"})
}

func TestAFileThatChangedSinceIsLeftAlone(t *testing.T) {
	w := newWorld(t)
	w.worded("p/a.jpg", "before", "")
	w.run()
	w.worded("p/a.jpg", "edited in the file", "")
	before := w.service.Calls()
	states, _ := w.describe(pipeline.Describing{})
	wantStates(t, states, map[string]string{"p/a.jpg": "another"})
	wantCalls(t, w.calls(before), map[string]int{})
}

// Without paths the ledger says which files there are. Captions count of all folders above.
func TestWithoutPathsAllFilesOfTheLedgerAreDescribed(t *testing.T) {
	w := newWorld(t)
	w.worded("top/a/a.jpg", "", "")
	w.worded("top/b/b.jpg", "", "")
	w.worded("top/b/gone.jpg", "", "")
	w.run()
	if err := os.Remove(filepath.Join(w.dir, "top/b/gone.jpg")); err != nil {
		t.Fatal(err)
	}
	w.write("top/captions.csv", []byte("a/a.jpg;one\nb/b.jpg;two\n"))
	w.cfg.Paths = nil
	states, _ := w.describe(pipeline.Describing{})
	wantStates(t, states, map[string]string{"top/a/a.jpg": "changed", "top/b/b.jpg": "changed", "top/b/gone.jpg": "missing"})
	w.wantDescriptions(map[string]string{"a.jpg": "one", "b.jpg": "two", "gone.jpg": ""})
}

// Copies share a media item. The first of them by path that has words speaks for all, whatever is asked and how often.
func TestOfSeveralFilesWithOneContentOneSpeaks(t *testing.T) {
	w := newWorld(t)
	body := w.photo("a/1.jpg", 0)
	w.write("b/2.jpg", body)
	w.write("c/3.jpg", body)
	w.run()
	w.write("b/captions.yaml", []byte("2.jpg: of b\n"))
	w.write("c/captions.yaml", []byte("3.jpg: of c\n"))
	for range 2 {
		states, _ := w.describe(pipeline.Describing{})
		if states["a/1.jpg"] != "wordless" || states["c/3.jpg"] != "same" {
			t.Errorf("states %v", states)
		}
		w.wantDescriptions(map[string]string{"1.jpg": "of b"})
	}
}

// Whatever request it ends at, and whether the service carried it out or not: run again, everything has its words, and nothing is patched twice that
// the ledger could know of.
func TestADescribeThatIsCutAnywhereIsTakenUpByTheNext(t *testing.T) {
	for n := int64(1); n <= 4; n++ { // a batchGet and three patches
		for _, applied := range []bool{false, true} {
			inBubble(t, fmt.Sprintf("request %d, applied %v", n, applied), func(t *testing.T) {
				w := newWorld(t)
				w.cfg.Tries = 1
				want := map[string]string{}
				captions := ""
				for i := range 3 {
					name := fmt.Sprintf("%d.jpg", i)
					w.worded("p/"+name, "before", "")
					captions += name + ": after\n"
					want[name] = "after"
				}
				w.run()
				w.write("p/captions.yaml", []byte(captions))
				w.through(cutAt(n, applied))
				states, rep, err := w.tryDescribe(t.Context(), pipeline.Describing{})
				if err == nil || rep.Cause == "" {
					t.Fatalf("it ended well: %v", states)
				}
				w.mended()
				before := w.service.Calls()
				states, _ = w.describe(pipeline.Describing{})
				for name := range want {
					if s := states["p/"+name]; s != "same" && s != "changed" {
						t.Errorf("%s is %s", name, s)
					}
				}
				w.wantDescriptions(want)
				done := int(n) - 2 // patches that were answered before the cut
				if applied && n > 1 {
					done++
				}
				if patches := w.calls(before)["mediaItems.patch"]; patches != 3-max(done, 0) {
					t.Errorf("%d patches, want %d", patches, 3-max(done, 0))
				}
			})
		}
	}
}

func TestAStopEndsDescribingBetweenTwoCalls(t *testing.T) {
	w := newWorld(t)
	captions := ""
	for i := range 5 {
		w.worded(fmt.Sprintf("p/%d.jpg", i), "", "")
		captions += fmt.Sprintf("%d.jpg: words\n", i)
	}
	w.run()
	w.write("p/captions.yaml", []byte(captions))
	stop := errors.New("stop")
	intake, end := context.WithCancelCause(t.Context())
	w.cfg.Intake = intake
	patches := 0
	w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		if req.Method == http.MethodPatch {
			if patches++; patches == 2 {
				end(stop)
			}
		}
		return next.RoundTrip(req)
	})
	_, rep, err := w.tryDescribe(t.Context(), pipeline.Describing{})
	if !errors.Is(err, stop) || patches != 2 || rep.States[describe.Changed] != 2 || rep.States[describe.Unasked] != 3 {
		t.Errorf("%d patches, %v, %v", patches, rep.States, err)
	}
	w.cfg.Intake = nil
	w.mended()
	if _, rep := w.describe(pipeline.Describing{}); rep.States[describe.Same] != 2 || rep.States[describe.Changed] != 3 {
		t.Errorf("the next run: %v", rep.States)
	}
}

func TestAnItemThatTheServiceRefusesFailsAlone(t *testing.T) {
	w := newWorld(t)
	w.worded("p/a.jpg", "", "")
	w.worded("p/b.jpg", "", "")
	w.run()
	w.write("p/captions.yaml", []byte("a.jpg: words\nb.jpg: words\n"))
	patches := 0
	w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		if req.Method == http.MethodPatch {
			if patches++; patches == 1 {
				return refusing(req, 400, `{"error":{"code":400,"message":"No.","status":"INVALID_ARGUMENT"}}`)
			}
		}
		return next.RoundTrip(req)
	})
	_, rep := w.describe(pipeline.Describing{})
	if rep.States[describe.Failed] != 1 || rep.States[describe.Changed] != 1 || !strings.Contains(rep.Shown[0].Reason, "No.") {
		t.Errorf("states %v, shown %+v", rep.States, rep.Shown)
	}
}

func TestWhatAilsAllItemsEndsTheRun(t *testing.T) {
	for _, refusal := range []string{"429-day", "403-scope"} {
		w := newWorld(t)
		w.worded("p/a.jpg", "", "")
		w.worded("p/b.jpg", "", "")
		w.run()
		w.write("p/captions.yaml", []byte("a.jpg: words\nb.jpg: words\n"))
		w.plant(emulator.Fault{Operation: "mediaItems.patch", Effect: emulator.Refuse(refusal)})
		states, rep, err := w.tryDescribe(t.Context(), pipeline.Describing{})
		if err == nil || rep.Cause == "" || len(w.service.Unmet()) > 0 {
			t.Errorf("%s: error %v, unmet %v", refusal, err, w.service.Unmet())
		}
		wantStates(t, states, map[string]string{"p/a.jpg": "unasked", "p/b.jpg": "unasked", "p/captions.yaml": "skipped"})
	}
}

func TestItemsThatAreGoneAreSaidToBe(t *testing.T) {
	w := newWorld(t)
	w.worded("p/a.jpg", "", "")
	w.run()
	for _, m := range w.service.MediaItems() {
		if err := w.service.Mark(m.ID, emulator.Marks{Trashed: true}); err != nil {
			t.Fatal(err)
		}
	}
	w.write("p/captions.yaml", []byte("a.jpg: words\n"))
	states, rep := w.describe(pipeline.Describing{})
	if states["p/a.jpg"] != "failed" || !strings.Contains(rep.Shown[0].Reason, "no longer shows") {
		t.Errorf("states %v, shown %+v", states, rep.Shown)
	}
}

func TestDescribingFiftyAtATimeIsAskedAndOneByOneChanged(t *testing.T) {
	inBubble(t, "120 files", func(t *testing.T) {
		w := newWorld(t)
		captions := ""
		for _, name := range w.series("p", "p", 120, 0) {
			captions += name + ": words\n"
		}
		w.run()
		w.write("p/captions.yaml", []byte(captions))
		before := w.service.Calls()
		w.describe(pipeline.Describing{})
		wantCalls(t, w.calls(before), map[string]int{"mediaItems.batchGet": 3, "mediaItems.patch": 120})
	})
}

// Only an empty caption takes words away; what was taken away by one is nobody's, and can be given again.
func TestWordsThatWereTakenAwayByACaptionAreGivenAgain(t *testing.T) {
	w := newWorld(t)
	w.worded("p/a.jpg", "", "")
	w.worded("p/b.jpg", "", "")
	captions := func(text string) { w.write("p/captions.yaml", []byte(text)) }
	captions("a.jpg: first\nb.jpg: first\n")
	w.run()
	for _, step := range []struct {
		name, captions, byHand string // what somebody types for b.jpg in Google Photos before
		a, b                   string // states
		hasA, hasB             string
		requests               map[string]int
	}{
		{"without a line nothing is taken away", "", "", "wordless", "wordless", "first", "first", map[string]int{}},
		{"emptied and refilled between two runs nothing has changed", "a.jpg: first\nb.jpg: first\n", "", "same", "same", "first", "first", map[string]int{}},
		{"an empty line takes the words away", "a.jpg: ''\nb.jpg: ''\n", "", "changed", "changed", "", "", map[string]int{"mediaItems.batchGet": 1, "mediaItems.patch": 2}},
		{"once", "a.jpg: ''\nb.jpg: ''\n", "", "same", "same", "", "", map[string]int{}},
		{"what somebody typed meanwhile stays", "a.jpg: again\nb.jpg: again\n", "by hand", "changed", "kept", "again", "by hand", map[string]int{"mediaItems.batchGet": 1, "mediaItems.patch": 1}},
		{"also when the line is empty", "a.jpg: ''\nb.jpg: ''\n", "", "changed", "same", "", "by hand", map[string]int{"mediaItems.batchGet": 1, "mediaItems.patch": 1}},
		{"the first words can come back", "a.jpg: first\nb.jpg: first\n", "", "changed", "kept", "first", "by hand", map[string]int{"mediaItems.batchGet": 1, "mediaItems.patch": 1}},
	} {
		captions(step.captions)
		if step.byHand != "" {
			w.byHand("b.jpg", step.byHand)
		}
		before := w.service.Calls()
		states, _ := w.describe(pipeline.Describing{})
		wantStates(t, states, map[string]string{"p/a.jpg": step.a, "p/b.jpg": step.b, "p/captions.yaml": "skipped"})
		wantCalls(t, w.calls(before), step.requests)
		w.wantDescriptions(map[string]string{"a.jpg": step.hasA, "b.jpg": step.hasB})
		if t.Failed() {
			t.Fatalf("that was: %s", step.name)
		}
	}
}
