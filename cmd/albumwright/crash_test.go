package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/race"
)

var (
	crashAll = flag.Bool("crash", false, "let the program die at each request, in each way, and at 300 random times, not only at some")
	crashOf  = flag.String("program", "", "the program that dies, built; empty: this one, by its name")
)

// crashProgram is what is killed.
func crashProgram(t *testing.T) string {
	if *crashOf != "" {
		return *crashOf
	}
	return programOf(t, t.TempDir())
}

// crashFolder writes 300 files: photos against the order of their names, some with the user's own words, some with the content of others, some without a
// date, and eight videos that are sent resumably, one of them larger than what is read in one go. The rest are the arguments that they are imported with.
func crashFolder(t *testing.T) (dir string, args []string) {
	t.Helper()
	dir = t.TempDir()
	at := func(i int) time.Time {
		return time.Date(2024, 5, 18, 12, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
	}
	n := 0
	for _, a := range []struct {
		album  string
		photos int
	}{{"Garden", 120}, {"Harbour", 70}, {"Pier", 52}, {"Ridge/North", 34}} {
		for i := range a.photos {
			n++
			body := fixture.TinyJPEG(n, at(i))
			if i%10 == 3 {
				body = fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Seed: n, Captured: at(i), Description: fmt.Sprintf("%s, the %dth", a.album, i)})
			}
			put(t, dir, fmt.Sprintf("%s/%03d.jpg", a.album, a.photos-i), body)
			if i%17 == 5 {
				put(t, dir, fmt.Sprintf("%s/copy of %03d.jpg", map[bool]string{true: "Copies", false: a.album}[i%2 == 0], a.photos-i), body)
			}
		}
	}
	for i, size := range []int64{4_500_000, 600_000, 600_001, 600_001, 700_000, 800_000, 900_000, 1_000_000} {
		put(t, dir, fmt.Sprintf("%s/%d.mp4", []string{"Garden", "Films"}[i%2], i), fixture.MP4(fixture.Spec{Seed: i, Captured: at(5 * i), PadTo: size}))
	}
	for i := countFiles(t, dir); i < 300; i++ {
		path := fmt.Sprintf("Ridge/undated %d.png", i)
		put(t, dir, path, fixture.PNG(fixture.Spec{Width: 16, Height: 16, Seed: i}))
		if err := os.Chtimes(filepath.Join(dir, path), at(-i), at(-i)); err != nil {
			t.Fatal(err)
		}
	}
	return dir, []string{"--resumable-from", "500kB", "--upload-chunk", fmt.Sprint(crashChunk)}
}

func countFiles(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// crashPlan is an import, and what it does if nobody dies.
type crashPlan struct {
	dir     string
	args    []string
	library map[string][]shot
	traffic
	took time.Duration
}

func newCrashPlan(t *testing.T) crashPlan {
	t.Helper()
	p := crashPlan{}
	p.dir, p.args = crashFolder(t)
	m := newMortals(t, emulator.Config{}, p.dir, p.args...)
	began := time.Now()
	if m.lives() {
		t.Fatal("it was killed")
	}
	p.took = time.Since(began)
	p.library, p.traffic = m.library(), m.gate.came()
	m.wantSound()
	if n := len(p.library[""]); n < 270 || len(p.library) < 7 || p.raw == 0 || p.session < 9<<20 {
		t.Fatalf("%d items, %d albums, %+v: this is not the import that was meant", n, len(p.library)-1, p.traffic)
	}
	return p
}

// wantAsUndisturbed checks that the library is what it is if nobody dies, and that no bytes were sent again but those that were under way.
func (m *mortals) wantAsUndisturbed(p crashPlan) {
	m.t.Helper()
	m.wantSound()
	if *crashAll {
		m.wantDone()
	}
	if diff := cmp.Diff(p.library, m.library()); diff != "" {
		m.t.Errorf("the library (-undisturbed +got):\n%s", diff)
	}
	came := m.gate.came()
	m.t.Logf("deaths %d, requests %d more, raws %d more, sessions %d more", m.deaths, came.requests-p.requests, came.raws-p.raws, came.session-p.session)
	if more := came.session - p.session; more < 0 || more > int64(m.deaths)*crashChunk {
		m.t.Errorf("%d bytes of resumable uploads were sent again after %d deaths, want at most a chunk of %d each time", more, m.deaths, crashChunk)
	}
	if more := came.raws - p.raws; more < 0 || more > m.deaths*crashLanes {
		m.t.Errorf("%d raw uploads were made again after %d deaths, want at most one a lane each time, %d lanes", more, m.deaths, crashLanes)
	}
}

// Whichever request the program dies at, and however far the service got with it: the next run ends as if nobody had died.
func TestAnImportThatIsKilledAtARequestIsTakenUp(t *testing.T) {
	p := newCrashPlan(t)
	t.Logf("undisturbed: %+v in %v", p.traffic, p.took)
	step := 11
	switch {
	case *crashAll:
		step = 1
	case race.Enabled:
		step = 49
	}
	for k := step; k <= p.requests; k += step {
		for i, when := range []moment{noticed, midBody, answered} {
			if !*crashAll && i != k/step%3 {
				continue
			}
			t.Run(fmt.Sprintf("request %d, %s", k, when), func(t *testing.T) {
				t.Parallel()
				m := newMortals(t, emulator.Config{}, p.dir, p.args...)
				m.gate.dieOf(func(n int, _ *http.Request) bool { return n == k }, when)
				m.finish()
				m.wantAsUndisturbed(p)
				if m.deaths != 1 {
					t.Errorf("it died %d times, want once", m.deaths)
				}
				repeat(t)
			})
		}
	}
}

// repeat says how to see a failure again.
func repeat(t *testing.T) {
	if t.Failed() {
		t.Logf("run it again with: go test ./cmd/albumwright -crash -run '^%s$'", strings.ReplaceAll(t.Name(), "/", "$/^"))
	}
}

// At whatever time the program dies: the next run ends as if nobody had died.
func TestAnImportThatIsKilledAtAnyTimeIsTakenUp(t *testing.T) {
	p := newCrashPlan(t)
	imports := 8
	var done, deaths atomic.Int64
	switch {
	case *crashAll:
		imports = 300
	case race.Enabled:
		imports = 3
	}
	t.Cleanup(func() {
		if deaths.Load() < done.Load()/2 {
			t.Errorf("%d of %d programs died, want at least half: the others were done before", deaths.Load(), done.Load())
		}
	})
	for seed := range uint64(imports) {
		t.Run(fmt.Sprint("seed ", seed+1), func(t *testing.T) {
			t.Parallel()
			m := newMortals(t, emulator.Config{}, p.dir, p.args...)
			m.limit = time.Duration(rand.New(rand.NewPCG(seed+1, 0)).Int64N(int64(p.took)))
			m.lives()
			m.limit = 0
			m.finish()
			m.wantAsUndisturbed(p)
			done.Add(1)
			deaths.Add(int64(m.deaths))
			repeat(t)
		})
	}
}
