package ingest_test

import (
	"errors"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
)

var noon = time.Date(2026, 5, 2, 12, 0, 0, 0, time.UTC)

func photos(names ...string) (shots []shot) {
	for i, name := range names {
		shots = append(shots, shot{name, []byte("photo " + name), noon.Add(time.Duration(i) * time.Minute), false})
	}
	return shots
}

// After travel, or when summer time begins, a card's files seem to be of other hours, and FAT counts in two seconds. They are still the same.
func TestTimesThatJumpByQuarterHoursAreNoNewFiles(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos")
	shots := photos("DCIM/100CANON/IMG_0001.JPG", "DCIM/100CANON/IMG_0002.JPG")
	w.lay(shots)
	w.must()
	for i := range shots {
		shots[i].when = shots[i].when.Add(-5*time.Hour - 45*time.Minute + time.Second)
	}
	w.lay(shots)
	res := w.must()
	if res.Report.New != 0 || res.Report.Places[0].New.Files != 0 || !res.Report.Verdict.Safe {
		t.Errorf("%d new, %d copied, %v %q", res.Report.New, res.Report.Places[0].New.Files, res.Report.Verdict, res.Report.Verdict.Reasons)
	}
	if got := res.Report.Card.Last; got == nil || got.Found != 2 || !got.Safe || !got.Ended {
		t.Errorf("last seen %+v", got)
	}
}

// What was copied from one card is known on another, whatever it is called there; but only if it is a photo or video: a sidecar belongs beside its photo.
func TestContentIsKnownOnAnotherCardUnderAnotherName(t *testing.T) {
	m := remember(t)
	w := newWorld(t, m, "A", "/disk1/photos")
	w.lay(photos("DCIM/100CANON/IMG_0001.JPG"))
	w.must()
	other := newWorld(t, m, "B", "/disk1/photos")
	other.disk, other.disk.Before = w.disk, w.disk.Before
	w.disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: mount, FSID: "B", Label: "OTHER", Device: "/dev/card"}})
	other.lay([]shot{{"DCIM/999CANON/DSC_7.JPG", []byte("photo DCIM/100CANON/IMG_0001.JPG"), noon, false}, {"DCIM/999CANON/DSC_8.JPG", []byte("photo of the same len, other text"[:32]), noon, false}})
	res := other.must()
	if res.Report.Card.Last != nil {
		t.Errorf("a card that was never here was last seen %+v", res.Report.Card.Last)
	}
	if got := res.Report.Ends[ingest.There].Files; got != 1 || !res.Report.Verdict.Safe {
		t.Errorf("%d known, want 1; %v %q", got, res.Report.Verdict, res.Report.Verdict.Reasons)
	}
	if n := len(w.disk.Files("/disk1/photos")); n != 2 {
		t.Errorf("%d files in the destination, want 2: %v", n, w.disk.Files("/disk1/photos"))
	}
}

// A camera's tree is worth something only as a whole, and its names are the same on every card: each gets a folder of its own, also when more clips come later.
func TestTreesOfTwoCardsDoNotMix(t *testing.T) {
	m := remember(t)
	w := newWorld(t, m, "A", "/disk1/photos")
	clip := func(n, content string) []shot {
		return []shot{
			{"PRIVATE/AVCHD/BDMV/STREAM/" + n + ".MTS", []byte(content), noon, false},
			{"PRIVATE/AVCHD/BDMV/CLIPINF/" + n + ".CPI", []byte("about " + content), noon, false},
		}
	}
	first := clip("00000", "the first card's clip")
	w.lay(first)
	w.must()
	w.disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: mount, FSID: "B", Label: "B", Device: "/dev/card"}})
	second := clip("00000", "the second card has a longer clip")
	w.lay(second)
	if res := w.must(); !res.Report.Verdict.Safe {
		t.Fatalf("reasons %q", res.Report.Verdict.Reasons)
	}
	w.lay(clip("00001", "which came later"))
	w.must()
	have := w.disk.Files("/disk1/photos")
	const day = "/disk1/photos/2026/2026-05-02/"
	for name, want := range map[string]string{
		"PRIVATE/AVCHD/BDMV/STREAM/00000.MTS":   "the first card's clip",
		"PRIVATE-1/AVCHD/BDMV/STREAM/00000.MTS": "the second card has a longer clip",
		"PRIVATE-1/AVCHD/BDMV/STREAM/00001.MTS": "which came later",
	} {
		if got := string(have[day+name]); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if len(have) != 6 {
		t.Errorf("%d files, want 6", len(have))
	}
}

// What belongs together gets one number where a name is taken, so that the raw stays beside its photo.
func TestSameNamesFromTwoFoldersAreKeptApart(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos", "/disk2/photos")
	w.lay(photos("DCIM/100CANON/IMG_0001.JPG", "DCIM/100CANON/IMG_0001.CR3", "DCIM/101CANON/IMG_0001.JPG", "DCIM/101CANON/IMG_0001.CR3"))
	res := w.must()
	if !res.Report.Verdict.Safe || len(res.Report.Warnings) != 1 || !strings.Contains(res.Report.Warnings[0], "2 names stand in several folders") {
		t.Errorf("%v %q, warnings %q", res.Report.Verdict, res.Report.Verdict.Reasons, res.Report.Warnings)
	}
	for _, f := range res.Files {
		want := "2026/2026-05-02/" + path.Base(f.Path)
		if strings.HasPrefix(f.Path, "DCIM/101") {
			want = strings.Replace(want, "IMG_0001", "IMG_0001-1", 1)
		}
		for _, c := range f.Copies {
			if c.Path != want {
				t.Errorf("%s went to %s in %s, want %s", f.Path, c.Path, c.Dir, want)
			}
		}
	}
}

func TestAPulledCardKeepsWhatWasCopiedAndGoesOn(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos")
	w.lay(photos("DCIM/1.JPG", "DCIM/2.JPG", "DCIM/3.JPG", "DCIM/4.JPG"))
	left := 2
	w.disk.Named = func(string) {
		if left--; left == 0 {
			w.disk.Pull(mount, offloadtest.NoDevice)
		}
	}
	res, err := w.ingest()
	if !errors.Is(err, offload.ErrGone) || res.Report.Verdict.Safe {
		t.Fatalf("error %v, verdict %v", err, res.Report.Verdict)
	}
	if err := res.Report.Check(); err != nil {
		t.Error(err)
	}
	before := res.Report.Places[0].New.Files
	w.disk.Named = nil
	w.disk.Insert(mount)
	again := w.must()
	if total := before + again.Report.Places[0].New.Files; total < 4 || total > 5 || !again.Report.Verdict.Safe { // the one that was not proved is found
		t.Errorf("%d copies and then %d, of 4 files; %v", before, again.Report.Places[0].New.Files, again.Report.Verdict)
	}
	if n := len(w.disk.Files("/disk1/photos")); n != 4 {
		t.Errorf("%d files in the destination, want 4", n)
	}
}

// All is asked for before a byte is written.
func TestADestinationWithoutRoomIsFoundBeforehand(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos")
	w.disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: "/disk1", Device: "/disk1", Size: 100_000, Free: 5000}})
	w.lay(photos("DCIM/1.JPG", "DCIM/2.JPG"))
	res, err := w.ingest()
	if !errors.Is(err, offload.ErrFull) || res.Report.Verdict.Safe || len(w.disk.Files("/disk1")) > 0 {
		t.Errorf("error %v, verdict %v, files %v", err, res.Report.Verdict, w.disk.Files("/disk1"))
	}
}

func TestOneOfTwoPlacesCanBeEnough(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos", "/disk2/photos")
	w.lay(photos("DCIM/1.JPG"))
	w.refuse = func(op offloadtest.Op, name string) error {
		if op == offloadtest.Create && strings.HasPrefix(name, "/disk2") {
			return errors.New("read-only file system")
		}
		return nil
	}
	for places, safe := range map[int]bool{1: true, 2: false} {
		res := w.must(func(c *ingest.Config) { c.Places = places })
		if res.Report.Verdict.Safe != safe {
			t.Errorf("%d places: %v %q", places, res.Report.Verdict, res.Report.Verdict.Reasons)
		}
	}
}

func TestACardIsForOneIngestAtATime(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos")
	w.lay(photos("DCIM/1.JPG"))
	met := false
	w.disk.In(20, func() {
		met = true
		w2 := *w
		if _, err := w2.ingest(); !errors.Is(err, ingest.ErrLocked) {
			t.Errorf("a second ingest of the same card: %v", err)
		}
	})
	w.must()
	if !met {
		t.Error("the second ingest was never tried")
	}
}
