package main

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/race"
)

// newAppliers is a plan that is carried out: args[0] of an import is the command, and its last argument what it takes.
func newAppliers(t *testing.T, plan string, args []string) *mortals {
	t.Helper()
	m := newMortals(t, emulator.Config{}, plan, append(args, "--elsewhere")...)
	m.args[0] = "apply"
	return m
}

// planFolder writes three albums, some photos that stand in two of them, and a video that is sent resumably.
func planFolder(t *testing.T) (dir string, args []string) {
	t.Helper()
	dir = t.TempDir()
	for a, photos := range map[string]int{"Garden": 52, "Harbour": 12, "Pier": 8} {
		for i := range photos {
			body := fixture.TinyJPEG(len(a)*1000+i, time.Date(2024, 5, 18, 12, i, 0, 0, time.UTC))
			put(t, dir, fmt.Sprintf("%s/%03d.jpg", a, photos-i), body)
			if i%6 == 5 && a != "Pier" {
				put(t, dir, fmt.Sprintf("Pier/copy of %s %03d.jpg", a, i), body)
			}
		}
	}
	put(t, dir, "Pier/film.mp4", fixture.MP4(fixture.Spec{Captured: time.Date(2024, 5, 18, 12, 3, 0, 0, time.UTC), PadTo: 700_000}))
	return dir, []string{"--resumable-from", "500kB", "--upload-chunk", fmt.Sprint(crashChunk)}
}

// editedPlan plans the import of a folder, and changes the plan as a person may: an album gets another title, one stands the other way round, one loses every third
// file, and a file gets other words. The albums are what the plan wants in them then.
func editedPlan(t *testing.T, dir string) (file string, albums map[string][][32]byte) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "plan.yaml")
	out, err := exec.Command(crashProgram(t), "plan", "--state-dir", t.TempDir(), "--output", file, dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "\n---\n")
	for i, block := range blocks {
		lines, first := strings.Split(block, "\n"), strings.Index(block, "  - {captured")
		if first < 0 {
			continue
		}
		n := strings.Count(block[:first], "\n")
		items, rest := lines[n:], []string{}
		if end := slices.IndexFunc(items, func(l string) bool { return !strings.HasPrefix(l, "  - ") }); end >= 0 {
			items, rest = items[:end], items[end:]
		}
		switch title, _, _ := strings.Cut(strings.TrimPrefix(lines[0], "album: "), "  #"); title {
		case "Garden":
			lines[0] = "album: The garden, at last"
		case "Pier":
			slices.Reverse(items)
		case "Harbour":
			kept := 0
			items = slices.DeleteFunc(slices.Clone(items), func(string) bool { kept++; return kept%3 == 0 })
			items[0] = strings.Replace(items[0], "}", `, description: "The first, and no other"}`, 1)
		}
		blocks[i] = strings.Join(slices.Concat(lines[:n], items, rest), "\n")
	}
	if err := os.WriteFile(file, []byte(strings.Join(blocks, "\n---\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	return file, plannedAlbums(t, dir, blocks)
}

var plannedFile = regexp.MustCompile(`(?m)^  - \{.*\bfile: "?([^,"]+)"?,`)

// plannedAlbums are the contents that a plan puts into each album.
func plannedAlbums(t *testing.T, dir string, blocks []string) map[string][][32]byte {
	t.Helper()
	albums := map[string][][32]byte{}
	for _, block := range blocks {
		title, found := strings.CutPrefix(block, "album: ")
		if !found {
			continue
		}
		title, _, _ = strings.Cut(strings.Split(title, "\n")[0], "  #")
		for _, m := range plannedFile.FindAllStringSubmatch(block, -1) {
			body, err := os.ReadFile(filepath.Join(dir, m[1]))
			if err != nil {
				t.Fatal(err)
			}
			albums[title] = append(albums[title], sha256.Sum256(body))
		}
	}
	return albums
}

// wantAsPlanned checks that each album has what the plan says, in its order, and that nothing is there twice.
func (m *mortals) wantAsPlanned(albums map[string][][32]byte) {
	m.t.Helper()
	m.wantSound()
	got, all := map[string][][32]byte{}, map[[32]byte]bool{}
	for title, shots := range m.library() {
		for _, s := range shots {
			if title != "" {
				got[title] = append(got[title], s.SHA256)
				continue
			}
			if all[s.SHA256] {
				m.t.Errorf("%s is there twice", s.Name)
			}
			all[s.SHA256] = true
		}
	}
	for title := range got {
		if !slices.Equal(got[title], albums[title]) {
			m.t.Errorf("album %q has %d items, and not the %d that are planned in their order", title, len(got[title]), len(albums[title]))
		}
	}
	if len(got) != len(albums) {
		m.t.Errorf("%d albums, want %d", len(got), len(albums))
	}
}

// Whichever request the program dies at that carries a plan out: applied again, the plan is carried out as if nobody had died.
func TestAPlanWhoseApplicationIsKilledIsCarriedOutByTheNext(t *testing.T) {
	dir, args := planFolder(t)
	file, albums := editedPlan(t, dir)
	undisturbed := newAppliers(t, file, args)
	undisturbed.finish()
	undisturbed.wantAsPlanned(albums)
	library, requests := undisturbed.library(), undisturbed.gate.came().requests
	if len(albums["Pier"]) != 19 || len(albums["The garden, at last"]) != 52 || len(albums["Harbour"]) != 8 || len(albums) != 3 {
		t.Fatalf("the plan is not the one that was meant: %d in the Pier, %d in the garden, %d in the harbour", len(albums["Pier"]), len(albums["The garden, at last"]), len(albums["Harbour"]))
	}
	step := 17
	switch {
	case *crashAll:
		step = 1
	case race.Enabled:
		step = 31
	}
	for k := step; k <= requests; k += step {
		when := []moment{noticed, midBody, answered}[k/step%3]
		t.Run(fmt.Sprintf("request %d, %s", k, when), func(t *testing.T) {
			t.Parallel()
			m := newAppliers(t, file, args)
			for i := range 2 { // and once more soon after
				m.gate.dieOf(func(n int, _ *http.Request) bool { return n == k+7*i }, when)
				m.lives()
			}
			m.finish()
			m.wantAsPlanned(albums)
			if diff := cmp.Diff(library, m.library()); diff != "" {
				t.Errorf("the library (-undisturbed +got):\n%s", diff)
			}
			if m.deaths == 0 {
				t.Error("it did not die")
			}
			if *crashAll {
				m.wantDone()
			}
			repeat(t)
		})
	}
}
