package dashboard_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/albumwright/albumwright/internal/browser"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
)

// open shows the page in a tab of its own, once it is live.
func open(t *testing.T, w *world) *browser.Page {
	t.Helper()
	p := chromium.Page(t)
	p.Open(w.url)
	p.Wait(`document.getElementById("live").classList.contains("on")`)
	return p
}

func TestAPhotoAppearsOnTheWallWithoutReload(t *testing.T) {
	dir := t.TempDir()
	s := afternoon(dir)
	photos(t, s)
	w := serve(t, s)
	p := open(t, w)
	browser.Value[any](p, `window.same = true`)
	p.Wait(`document.querySelectorAll(".wall li").length === 28 && document.querySelectorAll("#times path").length === 7`)
	path := filepath.Join(dir, "fresh.jpg")
	if err := os.WriteFile(path, fixture.JPEG(fixture.Spec{Seed: 99, Width: 160, Height: 120}), 0o600); err != nil {
		t.Fatal(err)
	}
	w.watch.change(func(s *watch.Snapshot) {
		it := watch.Item{File: report.File{Path: path, Size: 1, End: report.Uploaded, Album: "New"}, Ended: s.Time}
		s.Last = append([]watch.Item{it}, s.Last...)
		s.Ends[report.Uploaded]++
		s.Open--
	})
	p.Wait(`document.querySelector(".wall li .file").textContent === "fresh.jpg" && document.querySelectorAll(".wall li").length === 29`)
	p.Wait(`document.querySelector(".wall img").complete && document.querySelector(".wall img").naturalWidth > 0`)
	p.Wait(`document.querySelector("h1").textContent === "73 files are on the way" && document.querySelector(".legend b").textContent === "1,204" && window.same`)
}

func TestAButtonRetriesOneFileAndAnotherAll(t *testing.T) {
	w := serve(t, afternoon(t.TempDir()))
	p := open(t, w)
	browser.Value[any](p, `window.same = true`)
	p.Click(`[aria-label="Retry broken.jpg"]`)
	p.Wait(`document.querySelectorAll(".rows tbody tr").length === 2 && document.getElementById("said").textContent.includes("1 file is tried again now") && window.same`)
	p.Click(`#retry-all`)
	p.Wait(`!document.querySelector(".rows") && document.getElementById("said").textContent.includes("2 files are tried again now") && window.same`)
	if heard := w.watch.heard(); heard != "retry /home/mara/Pictures/Phone/broken.jpg, retry " {
		t.Error("the watch was told:", heard)
	}
}

func TestPauseResumeAndLookAgain(t *testing.T) {
	w := serve(t, afternoon(t.TempDir()))
	p := open(t, w)
	p.Click(`#pause button`)
	p.Wait(`document.querySelector("#pause button").textContent === "Resume" && document.querySelector("h1").textContent.startsWith("Paused") && document.title.includes("folder is away")`)
	p.Wait(`document.activeElement === document.querySelector("#pause button")`) // who pressed it by the keyboard stays there
	p.Press("Enter")
	p.Wait(`document.querySelector("#pause button").textContent === "Pause"`)
	p.Click(`#actions button`)
	p.Wait(`document.getElementById("said").textContent.includes("All folders are looked at now")`)
	if heard := w.watch.heard(); heard != "pause, resume, rescan" {
		t.Error("the watch was told:", heard)
	}
}

// A watch that was started anew has other tokens. The pages that are open take them over.
func TestAPageOutlivesTheWatch(t *testing.T) {
	w := serve(t, afternoon(t.TempDir()))
	p := open(t, w)
	browser.Value[any](p, `document.querySelectorAll("[name=token]").forEach((e) => e.value = "old")`)
	p.Click(`#pause button`)
	p.Wait(`document.getElementById("said").textContent.includes("please press again")`)
	p.Click(`#pause button`)
	p.Wait(`document.querySelector("#pause button").textContent === "Resume"`)
}

func TestItWorksWithoutScript(t *testing.T) {
	dir := t.TempDir()
	s := afternoon(dir)
	photos(t, s)
	w := serve(t, s)
	p := chromium.Page(t)
	p.WithoutScript()
	p.Open(w.url)
	p.Wait(`document.querySelectorAll(".wall li").length === 28 && document.querySelector("footer").innerText.includes("Without script")`)
	p.Wait(`document.querySelector(".wall img").naturalWidth > 0`)
	p.Click(`[aria-label="Retry broken.jpg"]`)
	p.Wait(`document.readyState === "complete" && document.getElementById("said").textContent.includes("1 file is tried again now")`)
	p.Click(`#pause button`)
	p.Wait(`document.readyState === "complete" && document.querySelector("#pause button").textContent === "Resume"`)
}

func TestItLooksRightInBothThemesAndOnAPhone(t *testing.T) {
	w := serve(t, afternoon(t.TempDir()))
	p := open(t, w)
	for _, scheme := range []string{"light", "dark"} {
		p.Scheme(scheme)
		light := browser.Value[int](p, `getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)`)
		if dark := light < 200; dark != (scheme == "dark") {
			t.Errorf("in %s the background is %d of 765", scheme, light)
		}
	}
	w.watch.change(func(s *watch.Snapshot) {
		long := fmt.Sprintf("%0300d", 7)
		s.Trouble = []watch.Trouble{{Kind: "error", What: long, Do: long}}
		s.Failures[0].Path, s.Failures[0].Reason, s.Last[0].Path, s.Last[0].Album, s.Folders[0].Path, s.Folders[0].Why, s.Times[0].Album = "/"+long, long, "/"+long, long, "/"+long, long, long
		s.Current[0], s.Budget[0].Project = long, long
		s.Stages[3].Queue, s.Stages[3].Done = 123456, 1234567
	})
	p.Wait(`document.querySelector("#trouble").textContent.includes("0007")`)
	for _, width := range []int{1280, 800, 390, 320} {
		p.Size(width, 800)
		if wide := browser.Value[int](p, `document.documentElement.scrollWidth`); wide > width {
			t.Errorf("it is %d wide in a window of %d", wide, width)
		}
	}
}

// Nothing that stands below moves when numbers grow by some digits.
func TestNumbersThatChangeMoveNothing(t *testing.T) {
	w := serve(t, afternoon(t.TempDir()))
	p := open(t, w)
	tops := `["ends", "stages", "failures", "pace", "wall", "times", "folders", "budget"].map((id) => Math.round(document.getElementById(id).getBoundingClientRect().top)).join()`
	before := browser.Value[string](p, tops)
	w.watch.change(func(s *watch.Snapshot) {
		s.Found += 88_000
		s.Ends[report.Uploaded] += 88_000
		for i := range s.Stages {
			s.Stages[i].Done += 88_000
			s.Stages[i].Queue *= 9
		}
		s.Current = s.Current[:1]
		s.Budget[0].Used = 9999
	})
	p.Wait(`document.querySelector(".found b").textContent === "89,412"`)
	if after := browser.Value[string](p, tops); after != before {
		t.Errorf("the parts stood at %s and now at %s", before, after)
	}
}

// What a page is made of has names, and nothing comes from elsewhere.
func TestThePageIsWellFormed(t *testing.T) {
	w := serve(t, afternoon(t.TempDir()))
	p := open(t, w)
	for problem, find := range map[string]string{
		"images without a text":          `img:not([alt])`,
		"pictures without a name":        `svg:not([aria-hidden]):not([role=img]):not(svg svg)`,
		"links without a text":           `a:empty`,
		"buttons without a text":         `button:empty`,
		"styles in the page":             `[style], style`,
		"scripts in the page":            `script:not([src])`,
		"things from elsewhere":          `[src^="http"], [href^="http"], [src^="//"]`,
		"lists that hold something else": `ul > :not(li), ol > :not(li)`,
		"sections without a name":        `section:not([aria-labelledby]):not([role])`,
	} {
		if found := browser.Value[[]string](p, fmt.Sprintf(`[...document.querySelectorAll(%q)].map((e) => e.outerHTML.slice(0, 80))`, find)); len(found) != 0 {
			t.Errorf("%s: %q", problem, found)
		}
	}
	p.Wait(`document.querySelectorAll("h1").length === 1 && document.querySelectorAll("[role=status]").length === 3`)
	if ids := browser.Value[[]string](p, `[...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i)`); len(ids) > 0 {
		t.Errorf("ids that stand twice: %q", ids)
	}
	for _, name := range []string{"dashboard.js", "dashboard.css", "look.css", "morph.js", "icon.svg"} {
		if status, _, _ := w.get("static/" + name); status != http.StatusOK {
			t.Error("no", name)
		}
	}
}

// All that can be done is reached by the keyboard, and seen when it is.
func TestTheKeyboardReachesAllThatCanBeDone(t *testing.T) {
	w := serve(t, afternoon(t.TempDir()))
	p := open(t, w)
	var seen []string
	for range 8 {
		p.Press("Tab")
		seen = append(seen, browser.Value[string](p, `(document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText).replace(/\s+/g, " ").trim()`))
	}
	want := []string{"Skip to the content", "Albumwright watch", "Look again now", "Pause", "Retry all", "Retry IMG_2207.JPG", "Retry VID_20261102_184211.mp4", "Retry broken.jpg"}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("Tab leads to %q, want %q", seen, want)
	}
	p.Wait(`getComputedStyle(document.activeElement).outlineStyle !== "none"`)
}

func TestHostileNamesDoNothingInALivePage(t *testing.T) {
	w := serve(t, afternoon(t.TempDir()))
	p := open(t, w)
	w.watch.change(func(s *watch.Snapshot) {
		s.Last[0].Path = `/p/<img src=x onerror="window.hit=1"><script>window.hit=2</script>.jpg`
		s.Failures[0].Reason = `</template></section><svg onload="window.hit=3"><style>*{display:none}</style>`
	})
	p.Wait(`document.querySelector(".wall .file").textContent.includes("<script>") || document.querySelector(".wall .file").textContent.includes("script>.jpg")`)
	p.Wait(`document.querySelector(".rows bdi ~ *, .rows").textContent.includes("</template>") && window.hit === undefined`)
}
