package pipeline_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

var update = flag.Bool("update", false, "write the table of faults into docs/testing.md")

// faultRow is one line of the table in docs/testing.md.
type faultRow struct {
	operation, fault string
	once, forever    string
	requests         string
	duration         string
}

// smallLibrary is what is imported under each fault: two albums, three photos in one and two in the other.
func smallLibrary(w *world) {
	w.series("Garden", "g", 3, 0)
	w.series("Pier", "p", 2, 10)
}

// disturbedLibrary is a small library with a clip that is sent resumably, in two requests behind the one that begins the session. A session is only
// queried after something broke, so there a cut comes first.
func disturbedLibrary(w *world, operation string) {
	smallLibrary(w)
	w.n++
	clip := fixture.MP4(fixture.Spec{Seed: w.n, Captured: noon(20)})
	w.write("Pier/clip.mp4", append(clip, film(w.n, 300<<10)...))
	w.cfg.ResumableFrom, w.cfg.Chunk = 300<<10, 256<<10
	if operation == "uploads.query" {
		w.plant(emulator.Fault{Operation: "uploads.finalize", Effect: emulator.CutRequest(10)})
	}
}

// Every operation that an import uses × every fault that the emulator knows, once and for ever, in virtual time: what becomes of the run, how many
// requests it makes, and that the next undisturbed run ends as if nothing had happened. The table in docs/testing.md is made here, with -update.
func TestEveryOperationUnderEveryFault(t *testing.T) {
	var want map[string][]string
	var least int
	inBubble(t, "undisturbed", func(t *testing.T) {
		w := newWorld(t)
		disturbedLibrary(w, "")
		least = w.run().Requests.Total()
		want = w.albums()
	})
	var rows []faultRow
	for _, operation := range []string{"uploads", "uploads.start", "uploads.chunk", "uploads.query", "uploads.finalize", "albums.list", "albums.create", "mediaItems.batchCreate"} {
		for _, name := range emulator.EffectNames() {
			effect := emulator.Effect{Name: name}
			switch name {
			case "item":
				for _, code := range []int{3, 4, 6, 8, 10, 13, 14} {
					effect.Code = code
					rows = append(rows, underFault(t, operation, fmt.Sprintf("item status %d", code), effect, want, least)...)
				}
				continue
			case "slow":
				effect.Delay = emulator.Duration(10 * time.Second)
			case "cut-request", "cut-answer":
				effect.At = 10
			}
			rows = append(rows, underFault(t, operation, name, effect, want, least)...)
		}
	}
	checkTable(t, rows, least)
}

// underFault runs with a fault on the first request of an operation, and with one on all of them. Faults that an operation cannot have make no row.
func underFault(t *testing.T, operation, name string, effect emulator.Effect, want map[string][]string, least int) []faultRow {
	row := faultRow{operation: operation, fault: name}
	possible := true
	inBubble(t, operation+" "+name, func(t *testing.T) {
		w := newWorld(t)
		disturbedLibrary(w, operation)
		if err := w.service.Plan(emulator.Fault{Operation: operation, Effect: effect}); err != nil {
			possible = false
			return
		}
		start := time.Now()
		rep, err := w.try(t.Context())
		row.duration = bucket(time.Since(start))
		if row.requests = fmt.Sprint(rep.Requests.Total()); err != nil {
			row.requests = "" // how many uploads were under way when it ended is chance
		}
		if unmet := w.service.Unmet(); len(unmet) > 0 {
			t.Errorf("never met: %+v", unmet)
		}
		row.once = outcomeOf(rep, err, cmp.Equal(want, w.albums()))
		w.nextRunMends(t, effect, want)
	})
	if !possible {
		return nil
	}
	inBubble(t, operation+" "+name+" for ever", func(t *testing.T) {
		w := newWorld(t)
		disturbedLibrary(w, operation)
		if err := w.service.Plan(emulator.Fault{Operation: operation, Times: -1, Effect: effect}); err != nil {
			t.Fatal(err)
		}
		rep, err := w.try(t.Context())
		row.forever = outcomeOf(rep, err, cmp.Equal(want, w.albums()))
	})
	return []faultRow{row}
}

// nextRunMends checks that an undisturbed run ends as if there had been no fault. A final refusal of an item is remembered, so there the
// library stays one short.
func (w *world) nextRunMends(t *testing.T, effect emulator.Effect, want map[string][]string) {
	t.Helper()
	if effect.Name == "item" && effect.Code == 3 {
		return
	}
	if rep := w.run(); rep.Ends[pipeline.Unfinished]+rep.Ends[pipeline.Failed] > 0 {
		t.Errorf("the next run ended with %v, %+v", rep.Ends, rep.Failures)
	}
	if effect.Name == "404-album" || effect.Name == "400-album-id" {
		return // made anew, with what was missing
	}
	w.wantAlbums(want)
}

// outcomeOf says in words how a run ended.
func outcomeOf(rep pipeline.Report, err error, same bool) string {
	switch {
	case err != nil:
		return "ends: " + photos.Classify(err).String()
	case same:
		return "all well"
	}
	var parts []string
	for _, e := range []pipeline.End{pipeline.Failed, pipeline.Unfinished} {
		if n := rep.Ends[e]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, e))
		}
	}
	if len(parts) == 0 {
		return "ALBUMS DIFFER"
	}
	return strings.Join(parts, ", ")
}

// bucket names a time as coarsely as the jitter of the retries leaves it.
func bucket(d time.Duration) string {
	switch {
	case d < time.Second:
		return "0"
	case d <= 7*time.Second:
		return "1–7 s"
	case d <= 20*time.Second:
		return "10–20 s"
	case d >= 30*time.Second && d <= 70*time.Second:
		return "30–70 s"
	case d >= 3*time.Minute && d <= 4*time.Minute:
		return "3–4 min"
	case d >= 5*time.Minute && d <= 6*time.Minute:
		return "5–6 min"
	}
	return "about " + d.Round(time.Minute).String()
}

const (
	tableFile  = "../docs/testing.md"
	tableBegin = "<!-- begin: made by go test ./pipeline -run TestEveryOperationUnderEveryFault -update -->\n"
	tableEnd   = "<!-- end -->\n"
)

// checkTable compares the table in the documents with what was seen, or writes it.
func checkTable(t *testing.T, rows []faultRow, least int) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n| operation | fault | met once | requests (undisturbed: %d) | virtual time | for ever |\n|---|---|---|---|---|---|\n", tableBegin, least)
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.operation, r.fault, r.once, r.requests, r.duration, r.forever)
	}
	b.WriteString("\n" + tableEnd)
	page, err := os.ReadFile(tableFile)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), tableBegin)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the table", tableFile)
	}
	now := before + b.String() + after
	if *update {
		if err := os.WriteFile(tableFile, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(string(page), "\n"), strings.Split(now, "\n")); diff != "" {
		t.Errorf("the table in docs/testing.md is not what was seen; -update writes it (-page +seen):\n%s", diff)
	}
}
