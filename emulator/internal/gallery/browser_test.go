package gallery_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/browser"
	"github.com/albumwright/albumwright/internal/fixture"
)

func TestEachControlOfAnItem(t *testing.T) {
	s, p := serve(t, emulator.Config{}), newPage(t)
	s.add("", "film.mp4", fixture.MP4(fixture.Spec{}))
	p.Open(s.base + "/library")
	p.Click(".tiles a")
	p.Wait(`document.querySelector("#marks")`)
	save := func() {
		p.Click(`#marks button`)
		p.Wait(`location.search === "?saved" && document.querySelector("#marks [role=status]")`)
		browser.Value[any](p, `history.replaceState(null, "", location.pathname)`)
	}
	for _, tt := range []struct {
		click []string
		has   func(emulator.Marks) bool
	}{
		{[]string{`[name=favorite]`}, func(m emulator.Marks) bool { return m.Favorite }},
		{[]string{`[name=archived]`}, func(m emulator.Marks) bool { return m.Archived }},
		{[]string{`[name=foreign]`}, func(m emulator.Marks) bool { return m.Foreign }},
		{[]string{`#marks summary`, `[value=PETS]`}, func(m emulator.Marks) bool { return fmt.Sprint(m.Categories) == "[PETS]" }},
		{[]string{`[value=READY]`}, func(m emulator.Marks) bool { return m.Ready }},
		{[]string{`[value=FAILED]`}, func(m emulator.Marks) bool { return m.Failed && !m.Ready }},
		{[]string{`[value=PROCESSING]`}, func(m emulator.Marks) bool { return m.Processing && !m.Failed }},
		{[]string{`[name=trashed]`}, func(m emulator.Marks) bool { return m.Trashed }},
	} {
		for _, selector := range tt.click {
			p.Click(selector)
		}
		save()
		if m := s.marks("film.mp4"); !tt.has(m) {
			t.Errorf("after clicks on %q the marks are %+v", tt.click, m)
		}
	}
	p.Wait(`location.pathname.startsWith("/trash/")`)
	seen(p, "PROCESSING")
	p.Click(`[name=trashed]`)
	save()
	p.Wait(`location.pathname.startsWith("/items/")`)
	seen(p, "restored from the trash")
}

func TestTheClockIsSetByAClick(t *testing.T) {
	s, p := serve(t, emulator.Config{}), newPage(t)
	p.Open(s.base + "/service")
	before := browser.Value[float64](p, `Date.parse(document.querySelector("[data-clock]").dateTime)`)
	p.Click(`button[value="24h"]`)
	seen(p, "Set forward.")
	p.Click(`#amount + label + select + button`)
	p.Wait(`Date.parse(document.querySelector("[data-clock]").dateTime) >= ` + fmt.Sprint(int64(before)) + ` + 49 * 3600e3`)
}

func TestAnotherUsersLibraryIsAClickAway(t *testing.T) {
	s := serve(t, emulator.Config{Users: []emulator.User{{Email: "anna@example.com"}, {Email: "ben@example.com"}}})
	p := newPage(t)
	s.album("Anna's album")
	p.Open(s.base + "/")
	seen(p, "Anna's album")
	browser.Value[any](p, `document.querySelector("#user").focus()`)
	p.Press("ArrowDown")
	p.Wait(`document.querySelector("#user").value === "ben@example.com"`)
	p.Click(".who button")
	seen(p, "Nothing here yet")
	p.Wait(`document.querySelector("#user").value === "ben@example.com"`)
}

// What a person sees is light or dark, as the person's system is.
func TestColoursFollowTheSystem(t *testing.T) {
	s, p := serve(t, emulator.Config{}), newPage(t)
	p.Open(s.base + "/")
	for _, scheme := range []string{"light", "dark"} {
		p.Scheme(scheme)
		sum := browser.Value[int](p, `getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)`)
		if dark := sum < 200; dark != (scheme == "dark") {
			t.Errorf("in %s the background is %d of 765", scheme, sum)
		}
	}
}

// Nothing is wider than a phone, and nothing hides.
func TestPagesFitAPhone(t *testing.T) {
	s, p := serve(t, emulator.Config{}), newPage(t)
	album, ids := s.trip()
	s.call("POST", "/v1/mediaItems:batchCreate", map[string]any{"newMediaItems": []any{map[string]any{}}})
	p.Size(390, 844)
	for _, path := range []string{"/", "/library", "/albums/" + album, "/albums/" + album + "/" + ids[0], "/requests", "/service", "/nowhere"} {
		p.Open(s.base + path)
		if w := browser.Value[int](p, `document.documentElement.scrollWidth`); w > 390 {
			t.Errorf("%s is %d wide", path, w)
		}
	}
}

func TestTheKeyboardIsEnough(t *testing.T) {
	s, p := serve(t, emulator.Config{}), newPage(t)
	album, ids := s.trip()
	at := func(id string) { p.Wait(`location.pathname === "/albums/` + album + `/` + id + `"`) }
	p.Open(s.base + "/albums/" + album)
	p.Press("Tab")
	p.Wait(`document.activeElement.textContent === "Skip to the content" && document.activeElement.getBoundingClientRect().x >= 0`)
	p.Press("Enter")
	p.Wait(`document.activeElement.id === "content"`)
	for range 2 { // the way to this page, the first tile
		p.Press("Tab")
	}
	p.Wait(`document.activeElement.closest("li").id === "item-` + ids[0] + `" && getComputedStyle(document.activeElement).outlineStyle !== "none"`)
	p.Press("Enter")
	at(ids[0])
	p.Wait(`document.readyState === "complete"`)
	for _, step := range []struct {
		key string
		to  int
	}{{"ArrowRight", 1}, {"ArrowRight", 2}, {"ArrowRight", 2}, {"ArrowLeft", 1}} {
		p.Press(step.key)
		at(ids[step.to])
		p.Wait(`document.readyState === "complete"`)
	}
	p.Press("Escape")
	p.Wait(`location.pathname === "/albums/` + album + `"`)
}

func TestEverythingWorksWithoutScript(t *testing.T) {
	s, p := serve(t, emulator.Config{}), newPage(t)
	album, ids := s.trip()
	p.WithoutScript()
	p.Open(s.base + "/")
	p.Wait(`document.querySelector("#live").hidden`)
	p.Click("#album-" + album + " a")
	seen(p, "Then it rained.")
	p.Click("#item-" + ids[1] + " a")
	seen(p, "About photo2.png")
	p.Click(`[name=favorite]`)
	p.Click(`#marks button`)
	seen(p, "Saved.")
	if !s.marks("photo2.png").Favorite {
		t.Error("it is no favorite")
	}
	p.Click(`a[rel=next]`)
	seen(p, "3 of 3")
	p.Click(`.bar a[href="/service"]`)
	p.Click(`button[value="1h"]`)
	seen(p, "Set forward.")
}

// An enrichment stands between the items where it was put, and what a page is made
// of has names.
func TestAnAlbumReadsFromTopToBottom(t *testing.T) {
	s, p := serve(t, emulator.Config{}), newPage(t)
	album, ids := s.trip()
	p.Open(s.base + "/albums/" + album)
	order := browser.Value[[]string](p, `[...document.querySelectorAll(".tiles li, .note")].map((e) => e.id || e.textContent)`)
	want := []string{"item-" + ids[0], "Text: Then it rained.", "item-" + ids[1], "item-" + ids[2]}
	if strings.Join(order, "|") != strings.Join(want, "|") {
		t.Errorf("the album shows %q, want %q", order, want)
	}
	for _, path := range []string{"/", "/library", "/albums/" + album, "/albums/" + album + "/" + ids[0], "/requests", "/service"} {
		p.Open(s.base + path)
		for problem, find := range map[string]string{
			"images without a text":          `img:not([alt])`,
			"fields without a label":         `input:not([type=hidden]):not(label input):not([id]), select:not([id])`,
			"links without a text":           `a:empty:not(:has(img))`,
			"headings beside the first one":  `h1 ~ h1`,
			"styles in the page":             `[style], style`,
			"scripts in the page":            `script:not([src])`,
			"things from elsewhere":          `[src^="http"], link[href^="http"]`,
			"ids that stand twice, or bad":   `[id=""]`,
			"tables without headings":        `table:not(:has(th[scope]))`,
			"lists that hold something else": `ul > :not(li), ol > :not(li)`,
		} {
			if n := browser.Value[int](p, fmt.Sprintf(`document.querySelectorAll(%q).length`, find)); n != 0 {
				t.Errorf("%s has %d %s", path, n, problem)
			}
		}
		if n := browser.Value[int](p, `document.querySelectorAll("h1").length`); n != 1 {
			t.Errorf("%s has %d headings of the first order", path, n)
		}
	}
}
