package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/samples"
)

func TestTheExampleImportsAndLists(t *testing.T) {
	t.Setenv("ALBUMWRIGHT_ENDPOINT", "")
	folder := filepath.Join(t.TempDir(), "photos")
	want, err := samples.Write(folder)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := run(t.Context(), folder, &out); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	for _, f := range want.Folders {
		at := strings.Index(got, filepath.Base(f.Path)+" (")
		for _, name := range f.Names() {
			next := strings.Index(got[max(at, 0):], name)
			if at < 0 || next < 0 {
				t.Fatalf("%s/%s is not listed in its place:\n%s", f.Path, name, got)
			}
			at += next
		}
	}
	if !strings.Contains(got, "28 files found, 24 uploaded") {
		t.Errorf("printed:\n%s", got)
	}
}
