package watcher_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/watcher"
)

func TestPatternsTakeAndLeave(t *testing.T) {
	root := tree(t,
		"a.jpg", "B.JPG", "c.png", "2023", "2023.jpg",
		"2022/a.jpg", "2022/trip/a.jpg", "2022/trip/d.mov",
		"trips/2022/a.jpg", "trips/2022/trip/e.jpg",
		"[x]/f.jpg", "Cafe\u0301/g.jpg",
	)
	all := []string{
		"a.jpg", "B.JPG", "c.png", "2023", "2023.jpg", "2022/a.jpg", "2022/trip/a.jpg", "2022/trip/d.mov",
		"trips/2022/a.jpg", "trips/2022/trip/e.jpg", "[x]/f.jpg", "Cafe\u0301/g.jpg",
	}
	tests := []struct {
		pattern string
		matches []string
	}{
		// Without a slash: the name, anywhere.
		{"*.png", []string{"c.png"}},
		{"b.jpg", []string{"B.JPG"}},
		{"B.*", []string{"B.JPG"}},
		{"2023", []string{"2023"}},
		{"trip", nil}, // a folder: without a slash a pattern is for files
		{"?.{png,MOV}", []string{"c.png", "2022/trip/d.mov"}},
		{"[d-f].*", []string{"2022/trip/d.mov", "trips/2022/trip/e.jpg", "[x]/f.jpg"}},
		{"**.png", []string{"c.png"}},
		// With a slash: the end of the path.
		{"2022/a.jpg", []string{"2022/a.jpg", "trips/2022/a.jpg"}},
		{"2022/*", []string{"2022/a.jpg", "trips/2022/a.jpg"}},
		{"*/*/a.jpg", []string{"2022/trip/a.jpg", "trips/2022/a.jpg"}},
		{"2022/**/*.jpg", []string{"2022/a.jpg", "2022/trip/a.jpg", "trips/2022/a.jpg", "trips/2022/trip/e.jpg"}},
		{`\[x\]/*`, []string{"[x]/f.jpg"}},
		{"22/a.jpg", nil},
		// Anchored.
		{"/a.jpg", []string{"a.jpg"}},
		{"/*.jpg", []string{"a.jpg", "B.JPG", "2023.jpg"}},
		{"/2022/*", []string{"2022/a.jpg"}},
		{"/**/e.jpg", []string{"trips/2022/trip/e.jpg"}},
		// Folders.
		{"trip/", []string{"2022/trip/a.jpg", "2022/trip/d.mov", "trips/2022/trip/e.jpg"}},
		{"trip/**", []string{"2022/trip/a.jpg", "2022/trip/d.mov", "trips/2022/trip/e.jpg"}},
		{"tri*/", []string{"2022/trip/a.jpg", "2022/trip/d.mov", "trips/2022/a.jpg", "trips/2022/trip/e.jpg"}},
		{"/trips/", []string{"trips/2022/a.jpg", "trips/2022/trip/e.jpg"}},
		{"/trip/", nil},
		{"2022/trip/", []string{"2022/trip/a.jpg", "2022/trip/d.mov", "trips/2022/trip/e.jpg"}},
		{"/2022/trip/**", []string{"2022/trip/a.jpg", "2022/trip/d.mov"}},
		{"2023/", nil}, // a file of that name is no folder
		{"a.jpg/", nil},
		{`trip\/`, []string{"2022/trip/a.jpg", "2022/trip/d.mov", "trips/2022/trip/e.jpg"}},
		{`//2022\//*`, []string{"2022/a.jpg"}},
		// All.
		{"**", all},
		{"/**", all},
		{"**/", all},
		// However it is written.
		{"caf\u00c9/*", []string{"Cafe\u0301/g.jpg"}},
	}
	for _, tt := range tests {
		t.Run(tt.pattern, func(t *testing.T) {
			want := make(map[string]bool)
			for _, p := range tt.matches {
				want[p] = true
			}
			in := walk(t, watcher.WalkConfig{Roots: []string{root}, Include: []string{tt.pattern}})
			if diff := cmp.Diff(want, taken(in)); diff != "" {
				t.Errorf("included (-want +got):\n%s", diff)
			}
			for p, reason := range in {
				if reason != "" && reason != watcher.SkipNotIncluded {
					t.Errorf("%s: %q, want %q", p, reason, watcher.SkipNotIncluded)
				}
			}
			out := walk(t, watcher.WalkConfig{Roots: []string{root}, Exclude: []string{tt.pattern}})
			left := taken(out)
			for _, p := range all {
				if left[p] == want[p] {
					t.Errorf("%s: taken %v, although excluded %v", p, left[p], want[p])
				}
			}
		})
	}
}

func TestExcludeWinsOverInclude(t *testing.T) {
	root := tree(t, "a/1.jpg", "a/2.jpg", "b/1.jpg", "b/3.png")
	got := walk(t, watcher.WalkConfig{
		Roots: []string{root}, Include: []string{"*.jpg", "*.gif"}, Exclude: []string{"2.*", "/b/"},
	})
	want := map[string]watcher.Reason{"a/1.jpg": "", "a/2.jpg": watcher.SkipExcluded, "b": watcher.SkipExcludedFolder}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

func TestBadConfigsAreRefusedByName(t *testing.T) {
	roots := []string{"."}
	tests := []struct {
		cfg  watcher.WalkConfig
		want []string
	}{
		{watcher.WalkConfig{}, []string{"Roots"}},
		{watcher.WalkConfig{Roots: []string{".", ""}}, []string{"Roots", "number 2"}},
		{watcher.WalkConfig{Roots: roots, Workers: -1}, []string{"Workers", "-1"}},
		{watcher.WalkConfig{Roots: roots, Include: []string{"ok", "a[b"}}, []string{"Include", `"a[b"`, "column 2", "[ is never closed"}},
		{watcher.WalkConfig{Roots: roots, Exclude: []string{"é{a,{b}"}}, []string{"Exclude", `"é{a,{b}"`, "column 2", "{ is never closed"}},
		{watcher.WalkConfig{Roots: roots, Exclude: []string{"a}b"}}, []string{"column 2", "} without a {"}},
		{watcher.WalkConfig{Roots: roots, Exclude: []string{"ab[]"}}, []string{"column 3", "[ ] is empty"}},
		{watcher.WalkConfig{Roots: roots, Exclude: []string{`ab\`}}, []string{"column 3", `nothing follows the \`}},
		{watcher.WalkConfig{Roots: roots, Exclude: []string{`[a\]`}}, []string{"column 1", "[ is never closed"}},
		{watcher.WalkConfig{Roots: roots, Exclude: []string{""}}, []string{"Exclude", `""`, "names nothing"}},
		{watcher.WalkConfig{Roots: roots, Exclude: []string{"/"}}, []string{"names nothing"}},
		{watcher.WalkConfig{Roots: roots, Exclude: []string{`//\/`}}, []string{"names nothing"}},
	}
	for _, tt := range tests {
		err := tt.cfg.Valid()
		if err == nil {
			t.Errorf("%+v: no error", tt.cfg)
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q does not say %q", err, want)
			}
		}
		if walkErr := watcher.Walk(t.Context(), tt.cfg, nil); walkErr == nil || walkErr.Error() != err.Error() {
			t.Errorf("Walk says %v, Valid says %v", walkErr, err)
		}
	}
	good := watcher.WalkConfig{Roots: roots, Include: []string{`a\[b`, "[!x]*", "[^x]", "{a,{b,c}}", "**/x", "]"}}
	if err := good.Valid(); err != nil {
		t.Errorf("good patterns: %v", err)
	}
}
