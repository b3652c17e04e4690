package ingest_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload"
)

// folderCard is a card that is a folder of the machine, with one photo, and an ingest of it.
func folderCard(t *testing.T) (photo string, try func(template string, dests ...string) ingest.Report) {
	t.Helper()
	m := remember(t)
	mount := filepath.Join(t.TempDir(), "card")
	photo = filepath.Join(mount, "DCIM", "100TEST", "IMG_0001.JPG")
	put(t, photo)
	return photo, func(template string, dests ...string) ingest.Report {
		t.Helper()
		on, err := card.At(offload.OS(), mount)
		if err != nil {
			t.Fatal(err)
		}
		naming, err := ingest.ParseNaming(template, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		res, err := ingest.Run(t.Context(), ingest.Config{Card: on, History: m.history, Dests: dests, Path: naming})
		if err != nil && !errors.Is(err, ingest.ErrOnePlace) {
			t.Fatal(err)
		}
		return res.Report
	}
}

func put(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("a photo"), 0o666); err != nil {
		t.Fatal(err)
	}
	when := time.Date(2024, 5, 18, 10, 0, 0, 0, time.UTC)
	if err := os.Chtimes(path, when, when); err != nil {
		t.Fatal(err)
	}
}

func TestTwoNamesOfOneFileAreOnePlace(t *testing.T) {
	tests := map[string]func(one, two string) error{
		"a hard link": func(one, two string) error {
			if err := os.Mkdir(two, 0o777); err != nil {
				return err
			}
			return os.Link(filepath.Join(one, "IMG_0001.JPG"), filepath.Join(two, "IMG_0001.JPG"))
		},
		"a destination that is a link to the other": func(one, two string) error { return os.Symlink(one, two) },
	}
	for name, link := range tests {
		t.Run(name, func(t *testing.T) {
			_, try := folderCard(t)
			dir := t.TempDir()
			one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
			if v := try("{name}", one).Verdict; !v.Safe {
				t.Fatalf("with one destination: %v", v.Reasons)
			}
			if err := link(one, two); err != nil {
				t.Fatal(err)
			}
			if try("{name}", one, two).Verdict.Safe {
				t.Error("yes, and there is one file instead of two copies")
			}
		})
	}
}

func TestNoPathLeadsOntoTheCard(t *testing.T) {
	tests := map[string]struct {
		template string
		dest     func(card string) (string, error)
	}{
		"by the template, to the card's own file": {"card/DCIM/100TEST/{name}", func(card string) (string, error) { return filepath.Dir(card), nil }},
		"by the template, beside it":              {"card/DCIM/{name}", func(card string) (string, error) { return filepath.Dir(card), nil }},
		"by a link in the destination": {"link/{name}", func(card string) (string, error) {
			dest := filepath.Join(filepath.Dir(card), "dest")
			if err := os.Mkdir(dest, 0o777); err != nil {
				return "", err
			}
			return dest, os.Symlink(filepath.Join(card, "DCIM"), filepath.Join(dest, "link"))
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			photo, try := folderCard(t)
			dcim := filepath.Dir(filepath.Dir(photo))
			dest, err := test.dest(filepath.Dir(dcim))
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // what the first had left there would be a copy to the second
				if try(test.template, dest).Verdict.Safe {
					t.Error("yes, and the only copy is on the card")
				}
			}
			if there, err := os.ReadDir(dcim); err != nil || len(there) != 1 {
				t.Errorf("the card has %v, %v: it was written to", there, err)
			}
		})
	}
}

// A file stands where a folder is to be: that destination fails, and the other gets everything, trees too.
func TestADestinationThatIsNoFolderDoesNotKeepTheOtherFromItsCopies(t *testing.T) {
	photo, try := folderCard(t)
	put(t, filepath.Join(filepath.Dir(photo), "..", "..", "PRIVATE", "AVCHD", "BDMV", "STREAM", "00000.MTS"))
	dir := t.TempDir()
	put(t, filepath.Join(dir, "file"))
	got := try("{name}", filepath.Join(dir, "file"), filepath.Join(dir, "good"))
	if got.Verdict.Safe || got.Cause != "" || got.Places[1].Verified != 2 {
		t.Errorf("safe %v, cause %q, places %+v: want no, and both files in the second", got.Verdict.Safe, got.Cause, got.Places)
	}
}
