package ingest_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/browser"
	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/report"
)

// visited is an ingest with one of everything: junk that stands first on the card, a copy that failed, an upload that failed, and names as long as they get.
func visited() ingest.Result {
	sum := strings.Repeat("0123456789abcdef", 4)
	file := func(path string, class card.Class, end ingest.End) ingest.File {
		return ingest.File{Path: path, Size: 24_117_248, ModTime: noon, Class: class, End: end}
	}
	copied := func(path string, class card.Class) ingest.File {
		f := file(path, class, ingest.Copied)
		f.SHA256 = sum
		for _, dir := range []string{"/home/photographer/Pictures/Originals", "/mnt/backup/photos"} {
			f.Copies = append(f.Copies, ingest.Copy{Dir: dir, Path: "2026/2026-05-02/" + filepath.Base(path), New: true, Verified: true})
		}
		return f
	}
	junk := file(".Spotlight-V100/store.db", card.Junk, ingest.Ignored)
	junk.Why = "in a folder of macOS"
	photo := copied("DCIM/100CANON/IMG_0001.JPG", card.Media)
	photo.Upload = &ingest.Upload{End: report.Uploaded, Album: "Regatta at the harbour, second day", ID: "id", Answer: "confirmed"}
	unsent := copied("DCIM/100CANON/IMG_0002.JPG", card.Media)
	unsent.Upload = &ingest.Upload{End: report.Failed, Reason: "the service refused it"}
	failed := copied("DCIM/100CANON/"+strings.Repeat("long_name_", 20)+".JPG", card.Media)
	failed.End, failed.Reason = ingest.Failed, "/mnt/backup/photos: the destination is full: no space left on device"
	failed.Copies[1] = ingest.Copy{Dir: "/mnt/backup/photos", Reason: "the destination is full: no space left on device"}
	files := []ingest.File{junk, photo, failed, unsent, copied("DCIM/100CANON/IMG_0001.WAV", card.Sidecar)}
	return ingest.Result{Files: files, Report: ingest.Report{
		Visit: 7, Started: noon, Ended: noon.Add(time.Minute), Depth: offload.Full, Found: ingest.Sum{Files: len(files), Bytes: 5 * 24_117_248},
		Card:    ingest.Card{Mount: "/media/me/EOS_DIGITAL", Kind: "DCIM", Type: "exfat", FSID: "6657-E919", Label: "EOS_DIGITAL", Size: 64e9},
		Verdict: ingest.Verdict{Reasons: []string{"1 file without verified copies in 2 places: " + failed.Path + " (" + failed.Reason + ")"}},
	}}
}

// showPage opens the page of an ingest in a tab.
func showPage(t *testing.T, res ingest.Result) *browser.Page {
	t.Helper()
	p := browser.ForTest(t).Page(t)
	path := filepath.Join(t.TempDir(), "report.html")
	if err := ingest.Save(path, res); err != nil {
		t.Fatal(err)
	}
	p.Open("file://" + filepath.ToSlash(path))
	return p
}

func TestThePageShowsFirstWhatSomebodyHasToLookAt(t *testing.T) {
	p := showPage(t, visited())
	if got, want := browser.Value[string](p, `[...document.querySelectorAll("main h2")].slice(1).map((e) => e.textContent).join(", ")`),
		"Not as it should be 2, Photos and videos 1, What belongs to them 1, Ignored 1"; got != want {
		t.Errorf("the parts are %s, want %s", got, want)
	}
	if got := browser.Value[string](p, `document.querySelector("tbody tr").innerText`); !strings.Contains(got, "long_name_") || !strings.Contains(got, "the destination is full") {
		t.Errorf("the first file is %s", got)
	}
	p.Wait(`document.querySelector("details td").checkVisibility() === false`)
	p.Click("summary")
	p.Wait(`document.querySelector("details td").checkVisibility() && document.querySelector("details").innerText.includes("in a folder of macOS")`)
}

func TestThePageFitsAPhoneAndADeskInBothThemes(t *testing.T) {
	p := showPage(t, visited())
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int{390, 1280} {
			p.Scheme(scheme)
			p.Size(width, 900)
			p.Wait(fmt.Sprintf(`innerWidth === %d`, width))
			if wide := browser.Value[int](p, `document.documentElement.scrollWidth`); wide > width {
				t.Errorf("it is %d wide where there are %d", wide, width)
			}
			light := browser.Value[int](p, `getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)`)
			if dark := light < 200; dark != (scheme == "dark") {
				t.Errorf("in %s the background is %d of 765", scheme, light)
			}
			if clipped := browser.Value[int](p, `[...document.querySelectorAll("td, th[scope=row], dd, li")].filter((e) => e.offsetParent && e.scrollWidth > e.clientWidth + 1).length`); clipped > 0 {
				t.Errorf("at %d %s, %d texts are wider than their places", width, scheme, clipped)
			}
		}
	}
}
