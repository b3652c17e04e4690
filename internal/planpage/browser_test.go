package planpage_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/browser"
	"github.com/albumwright/albumwright/internal/plan"
)

// open shows the page in a tab of its own.
func open(t *testing.T, w *world, address string) *browser.Page {
	t.Helper()
	p := newPage(t)
	p.Open(w.url + address)
	return p
}

// wantCounted waits for the page of a gap, and wants it to agree with itself and with the YAML.
func wantCounted(p *browser.Page, gap string, albums int) {
	p.Wait(fmt.Sprintf(`!document.querySelector("main").hasAttribute("aria-busy") && document.querySelector("#albums-count").textContent === "%d" &&
		document.querySelector("#status").textContent === ""`, albums))
	p.Wait(`document.querySelector("#yaml pre").textContent.includes("event_gap: ` + gap + `")`)
	p.Wait(fmt.Sprintf(`document.querySelectorAll(".album").length === %d`, albums))
	p.Wait(fmt.Sprintf(`document.querySelectorAll(".band").length === %d`, albums))
	p.Wait(`[...document.querySelectorAll(".many")].reduce((n, e) => n + parseInt(e.textContent), 0) === 7`)
	p.Wait(fmt.Sprintf(`(document.querySelector("#yaml pre").textContent.match(/title:/g) || []).length === %d`, albums))
}

func TestTheSliderMovesTheAlbums(t *testing.T) {
	w := newWorld(t, weekend()...).serve()
	p := open(t, w, "")
	wantCounted(p, "1h0m0s", 3)
	browser.Value[any](p, `document.querySelector("#gap-slider").focus()`)
	for range 5 { // 1.5 h, 2 h, 3 h, 4 h, 6 h
		p.Press("ArrowRight")
	}
	p.Wait(`document.querySelector("#gap-setting output").textContent === "6 h"`)
	wantCounted(p, "6h0m0s", 2)
	p.Wait(`document.activeElement.id === "gap-slider" && location.search.includes("gap=6h")`)
	for range 10 {
		p.Press("ArrowLeft")
	}
	wantCounted(p, "10m0s", 6)
	if n := len(w.plans()); n > 16 {
		t.Errorf("15 steps made %d plans", n)
	}
	p.Click("#day-slider")
	p.Wait(`document.querySelector("#day-setting output").textContent === "03:00" && document.querySelector("#yaml pre").textContent.includes("day_start: 3h")`)
}

func TestAClickOnABarOpensItsAlbum(t *testing.T) {
	w := newWorld(t)
	for i, it := range weekend() {
		w.file(fmt.Sprintf("photo%d.jpg", i+1), photo(i), it.Captured)
	}
	w.items[1].Description = "Before breakfast"
	w.serve()
	p := open(t, w, "")
	p.Click("#strip svg a:nth-of-type(2)")
	p.Wait(`document.querySelector("#album-1.open .items")`)
	p.Wait(`[...document.querySelectorAll("#album-1 .items li")].map((e) => e.innerText.replace(/\s+/g, " ").trim()).join("|") ===
		"1 photo1.jpg 18 May 2024 09:00:00|2 photo2.jpg 18 May 2024 09:20:00 Before breakfast|3 photo3.jpg 18 May 2024 09:50:00"`)
	p.Wait(`[...document.querySelectorAll("#album-1 .items img")].every((e) => e.complete && e.naturalWidth > 0)`)
	p.Click("#album-3 .row")
	p.Wait(`document.querySelector("#album-3.open") && !document.querySelector("#album-1.open")`)
	p.Click("#album-3 .show")
	p.Wait(`document.querySelector("#timeline .heading").innerText.includes("2 items") && document.querySelector("#album-3.open")`)
	p.Click("#album-3 .row")
	p.Wait(`!document.querySelector(".album.open")`)
	browser.Value[any](p, `history.back()`)
	p.Wait(`document.querySelector("#album-3.open")`)
}

func TestTheTimelineIsMovedByKeysAndButtons(t *testing.T) {
	w := newWorld(t, weekend()...).serve()
	p := open(t, w, "")
	width := func() int { return browser.Value[int](p, `+strip.dataset.to - +strip.dataset.from`) }
	all := width()
	browser.Value[any](p, `strip.focus()`)
	p.Press("+")
	p.Wait(fmt.Sprintf(`strip.dataset.to - strip.dataset.from < %d && document.activeElement.id === "strip"`, all))
	closer := browser.Value[int](p, `+strip.dataset.from`)
	p.Press("ArrowLeft")
	p.Wait(fmt.Sprintf(`strip.dataset.from < %d && document.activeElement.id === "strip"`, closer))
	p.Click("#whole")
	p.Wait(fmt.Sprintf(`strip.dataset.to - strip.dataset.from === %d`, all))
	if all := w.plans(); len(all) != 1 {
		t.Errorf("moving the timeline made plans: %v", all)
	}
}

func TestItLooksRightInBothThemesAndOnAPhone(t *testing.T) {
	w := newWorld(t, weekend()...).serve()
	w.items[0].Description = strings.Repeat("long", 100)
	p := open(t, w, "?open=1")
	for _, scheme := range []string{"light", "dark"} {
		p.Scheme(scheme)
		light := browser.Value[int](p, `getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)`)
		if dark := light < 200; dark != (scheme == "dark") {
			t.Errorf("in %s the background is %d of 765", scheme, light)
		}
		p.Wait(`new Set([...document.querySelectorAll(".swatch")].map((e) => getComputedStyle(e).backgroundColor)).size >= 2`)
	}
	p.Size(360, 800)
	for _, address := range []string{"", "?open=1", "?gap=10m", "?gap=nonsense"} {
		p.Open(w.url + address)
		if wide := browser.Value[int](p, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%q is %d wide on a phone of 360", address, wide)
		}
	}
}

// contrast is that of a text with the rect before it, as WCAG reckons it, for the page's script.
const contrast = `((text) => {
	const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
	const light = (paint) => {
		pen.fillStyle = paint;
		pen.fillRect(0, 0, 1, 1);
		const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((v) => ((v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4));
		return .2126 * r + .7152 * g + .0722 * b + .05;
	};
	const a = light(getComputedStyle(text).fill), b = light(getComputedStyle(text.previousElementSibling).fill);
	return Math.max(a, b) / Math.min(a, b);
})`

func TestTitlesOnTheTimelineCanBeRead(t *testing.T) {
	var items []plan.Item
	for i := range 14 { // enough for nearly all hues, and wide enough to have a text
		items = append(items, taken(fmt.Sprintf("%d.jpg", i), clock(1, 8*i, 0)), taken(fmt.Sprintf("%d more.jpg", i), clock(1, 8*i+3, 0)))
	}
	w := newWorld(t, items...)
	w.start.Gap = 4 * time.Hour
	w.serve()
	p := open(t, w, "")
	for _, scheme := range []string{"light", "dark"} {
		p.Scheme(scheme)
		if least := browser.Value[float64](p, `Math.min(...[...document.querySelectorAll(".band text")].map(`+contrast+`))`); least < 4.5 {
			t.Errorf("in %s a title has a contrast of %.1f, want 4.5", scheme, least)
		}
		if n := browser.Value[int](p, `new Set([...document.querySelectorAll(".band rect:has(+ text)")].map((e) => getComputedStyle(e).fill)).size`); n < 6 {
			t.Errorf("in %s texts are on %d colours, want nearly all", scheme, n)
		}
	}
}

// Words on the timeline stand clear of its ends, and of the bars on both sides of a pause.
func TestNoWordOnTheTimelineIsCutOrCovered(t *testing.T) {
	items := weekend()
	for i := range 12 { // pauses of all lengths
		items = append(items, taken(fmt.Sprintf("later%d.jpg", i), clock(20, 0, 0).Add(time.Duration(i*i*i)*37*time.Minute)))
	}
	w := newWorld(t, items...).serve()
	p := open(t, w, "")
	for _, width := range []int{1280, 840, 500, 360} {
		p.Size(width, 900)
		for _, address := range []string{"", fmt.Sprintf("?from=%d&to=%d", clock(18, 0, 0).Unix(), clock(23, 0, 0).Unix()), "?gap=5m"} {
			p.Open(w.url + address)
			if cut := browser.Value[[]string](p, `[...document.querySelectorAll(".pause text, .tick text")].filter((e) => {
				const of = (x) => x.getBoundingClientRect(), r = of(e), line = of(e.closest(".tick") ? document.querySelector("#strip") : e.parentElement.querySelector("line"));
				return r.width && (r.left < line.left || r.right > line.right);
			}).map((e) => e.textContent)`); len(cut) > 0 {
				t.Errorf("%d wide, %q: no room for %q", width, address, cut)
			}
		}
	}
}

func TestItWorksWithoutScript(t *testing.T) {
	w := newWorld(t, weekend()...).serve()
	p := newPage(t)
	p.WithoutScript()
	p.Open(w.url)
	p.Wait(`document.querySelectorAll(".album").length === 3 && document.querySelectorAll("#strip rect").length > 5`)
	p.Click("#gap")
	for range 5 {
		p.Press("ArrowDown")
	}
	p.Press("Enter")
	p.Click("#settings button")
	p.Wait(`document.querySelector("#albums-count").textContent === "2" && document.querySelector("#yaml pre").textContent.includes("event_gap: 6h") &&
		document.readyState === "complete"`)
	p.Click("#strip svg a:nth-of-type(1)")
	p.Wait(`document.querySelectorAll("#album-1 .items li").length === 5 && document.readyState === "complete"`)
	p.Click("#closer")
	p.Wait(`location.search.includes("from=") && document.readyState === "complete"`)
	p.Click("#done button")
	p.Wait(`document.querySelector("h1").textContent === "Done"`)
	if e := w.end(); e.err != nil || !strings.Contains(string(e.yaml), "event_gap: 6h") {
		t.Errorf("%v, handed over:\n%s", e.err, e.yaml)
	}
}

// Who is quick presses Done while the page still counts: what counts is where the slider is.
func TestDoneTakesTheSlidersPlace(t *testing.T) {
	w := newWorld(t, weekend()...).serve()
	p := open(t, w, "")
	browser.Value[any](p, `document.querySelector("#gap-slider").focus()`)
	p.Press("ArrowRight")
	p.Click("#done button")
	p.Wait(`document.querySelector("h1").textContent === "Done"`)
	if e := w.end(); e.err != nil || !strings.Contains(string(e.yaml), "event_gap: 1h30m") {
		t.Errorf("%v, handed over:\n%s", e.err, e.yaml)
	}
}

func TestAPlanThatFailsIsSaidOnThePage(t *testing.T) {
	w := newWorld(t, weekend()...).serve()
	p := open(t, w, "")
	w.fail(errors.New("the drive is gone"))
	browser.Value[any](p, `document.querySelector("#gap-slider").focus()`)
	p.Press("ArrowRight")
	p.Wait(`document.querySelector("[role=alert]").innerText.includes("the drive is gone") && document.querySelector("#gap-setting output").textContent === "1 h"`)
}

func TestAHundredThousandMarksStayFew(t *testing.T) {
	w := newWorld(t)
	at, rng := clock(1, 0, 0), rand.New(rand.NewPCG(1, 2))
	for i := range 100_000 {
		w.items = append(w.items, taken(fmt.Sprintf("%d.jpg", i), at))
		at = at.Add(time.Duration(rng.IntN(90)) * time.Minute)
	}
	w.serve()
	p := open(t, w, "")
	browser.Value[any](p, `strip.focus()`)
	for range 6 {
		before := browser.Value[string](p, `strip.dataset.from + strip.dataset.to`)
		p.Press("+")
		p.Wait(`strip.dataset.from + strip.dataset.to !== ` + fmt.Sprintf("%q", before))
		if n := browser.Value[int](p, `document.querySelectorAll("*").length`); n > 6000 {
			t.Fatalf("%d elements", n)
		}
	}
}

// What a page is made of has names, and nothing comes from elsewhere.
func TestThePageIsWellFormed(t *testing.T) {
	w := newWorld(t, weekend()...).serve()
	p := open(t, w, "?open=1")
	for problem, find := range map[string]string{
		"images without a text":          `img:not([alt])`,
		"fields without a label":         `input:not([type=hidden]):not([type=range])`,
		"sliders without a label":        `input[type=range]:not(#gap-slider):not(#day-slider)`,
		"links without a text":           `a:empty`,
		"styles in the page":             `[style], style`,
		"scripts in the page":            `script:not([src])`,
		"things from elsewhere":          `[src^="http"], [href^="http"], [src^="//"]`,
		"lists that hold something else": `ul > :not(li), ol > :not(li)`,
	} {
		if n := browser.Value[int](p, fmt.Sprintf(`document.querySelectorAll(%q).length`, find)); n != 0 {
			t.Errorf("%d %s", n, problem)
		}
	}
	p.Wait(`document.querySelectorAll("h1").length === 1 && document.querySelector("label[for=gap-slider]") && document.querySelector("label[for=day-slider]")`)
	if ids := browser.Value[[]string](p, `[...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i)`); len(ids) > 0 {
		t.Errorf("ids that stand twice: %q", ids)
	}
	if status, _, _ := w.get("static/planpage.js"); status != http.StatusOK {
		t.Error("no script")
	}
}
