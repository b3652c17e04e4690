package main

import (
	"bytes"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/fixture"
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
	if err := run(t.Context(), folder, "", "", &out); err != nil {
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

func TestTheExampleMakesAPageOfADay(t *testing.T) {
	t.Setenv("ALBUMWRIGHT_ENDPOINT", "")
	folder, page := t.TempDir(), filepath.Join(t.TempDir(), "page")
	for name, day := range map[string]string{"late.jpg": "2024-05-18", "early.jpg": "2020-05-18", "other.jpg": "2024-05-19"} {
		at, err := time.Parse("2006-01-02", day)
		if err != nil {
			t.Fatal(err)
		}
		body := fixture.JPEG(fixture.Spec{Width: 40, Height: 30, Captured: at.Add(12 * time.Hour), Description: "<b>" + name})
		if err := os.WriteFile(filepath.Join(folder, name), body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	if err := run(t.Context(), folder, page, "05-18", &out); err != nil {
		t.Fatal(err)
	}
	html, err := os.ReadFile(filepath.Join(page, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	early, late := bytes.Index(html, []byte("&lt;b&gt;early.jpg")), bytes.Index(html, []byte("&lt;b&gt;late.jpg"))
	if early < 0 || late < early || bytes.Contains(html, []byte("other.jpg")) || !bytes.Contains(html, []byte("<h2>2020</h2>")) {
		t.Errorf("the page is\n%s", html)
	}
	for _, name := range []string{"001.jpg", "002.jpg"} {
		f, err := os.Open(filepath.Join(page, name))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := jpeg.Decode(f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		_ = f.Close()
	}
	for _, day := range []string{"18-05", "02-30", "today"} {
		if err := run(t.Context(), folder, page, day, &out); err == nil || !strings.Contains(err.Error(), "want a day such as 05-18") {
			t.Errorf("-day %s: %v", day, err)
		}
	}
}
