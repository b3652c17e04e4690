package emulator_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/shapes"
)

var updateShapes = flag.Bool("update", false, "write the table of documented shapes into docs/testing.md")

// shapesFolder is also where package photos finds the cases.
const shapesFolder = "testdata/shapes"

func loadShapes(t *testing.T) (pages []string, cases []shapes.Case) {
	t.Helper()
	pages, cases, err := shapes.Load(os.DirFS(shapesFolder))
	if err != nil {
		t.Fatal(err)
	}
	return pages, cases
}

// Every request that the pages of the API show is answered with just the fields
// that they show.
func TestTheDocumentedShapesAreServed(t *testing.T) {
	_, cases := loadShapes(t)
	for _, sc := range cases {
		if sc.Only == "client" {
			continue
		}
		t.Run(sc.Page+"/"+sc.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { newShapeWorld(t, sc).play(sc) })
		})
	}
}

// shapeWorld is a server that a case prepares, and what it has by which name.
type shapeWorld struct {
	*client
	known map[string]string
	asker *client // who makes the request of the case
	seed  int
}

func newShapeWorld(t *testing.T, sc shapes.Case) *shapeWorld {
	era := map[string]emulator.Era{"": emulator.EraToday, "2024": emulator.Era2024}[sc.Era]
	c := direct(t, emulator.Config{Era: era})
	var scopes []emulator.Scope
	for _, letter := range strings.Split(cmp.Or(sc.Scopes, "AERLOS"), "") {
		scopes = append(scopes, scopeLetters[letter])
	}
	w := &shapeWorld{client: c.as(slices.Collect(maps.Values(scopeLetters))...), asker: c.as(scopes...)}
	w.known = map[string]string{"access": w.asker.bearer}
	return w
}

func (w *shapeWorld) play(sc shapes.Case) {
	w.t.Helper()
	for _, step := range sc.Setup {
		w.prepare(step)
	}
	a := w.ask(w.asker, sc.Request)
	if a.status != sc.Response.Status {
		w.t.Errorf("status %d, want %d: %s", a.status, sc.Response.Status, a.body)
	}
	if sc.Response.Type != "" {
		w.wantBytes(a, sc.Response)
		return
	}
	if got := a.header.Get("Content-Type"); got != "application/json; charset=UTF-8" {
		w.t.Errorf("type %s", got)
	}
	var got any
	a.into(w.t, &got)
	for _, d := range shapes.Match(shapes.Fill(sc.Response.Body, w.named), got) {
		w.t.Error(d)
	}
}

// pass lets time pass; the case is in a bubble.
func (w *shapeWorld) pass(text string) {
	w.t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(d)
}

// ask makes a request with what is known by then in it. Its headers are those
// that the case gives, if it gives any.
func (w *shapeWorld) ask(by *client, req shapes.Request) answer {
	w.t.Helper()
	text := ""
	if req.Body != nil {
		raw, err := json.Marshal(shapes.Fill(req.Body, w.named))
		if err != nil {
			w.t.Fatal(err)
		}
		text = string(raw)
	}
	r := by.request(req.Verb, strings.TrimPrefix(shapes.FillText(req.Path, w.named), w.base), strings.NewReader(text))
	if text != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range req.Headers {
		r.Header.Set(name, shapes.FillText(value, w.named))
	}
	return by.do(r)
}

// named is what a name stands for. One that there is not is the case's mistake.
func (w *shapeWorld) named(name string) string {
	value, ok := w.known[name]
	if !ok {
		w.t.Fatalf("nothing is called %q", name)
	}
	return value
}

// wantBytes checks an answer that is not JSON: its type, and the size of a
// picture.
func (w *shapeWorld) wantBytes(a answer, want shapes.Response) {
	w.t.Helper()
	if got := a.header.Get("Content-Type"); got != want.Type || len(a.body) == 0 {
		w.t.Errorf("%d bytes of %s, want %s", len(a.body), got, want.Type)
	}
	if want.Width == 0 {
		return
	}
	p, _, err := image.DecodeConfig(bytes.NewReader(a.body))
	if err != nil || p.Width != want.Width || p.Height != want.Height {
		w.t.Errorf("a picture of %d x %d (%v), want %d x %d", p.Width, p.Height, err, want.Width, want.Height)
	}
}

const (
	shapesPage  = "../docs/testing.md"
	shapesBegin = "<!-- begin: made by go test ./emulator -run TestTheDocumentedShapesAreCounted -update -->\n"
	shapesEnd   = "<!-- end of the shapes -->\n"
)

// The table in docs/testing.md is made here, with -update.
func TestTheDocumentedShapesAreCounted(t *testing.T) {
	pages, cases := loadShapes(t)
	table := "\n| page | cases | served by the emulator | made and read by the client |\n|---|---|---|---|\n"
	for _, p := range pages {
		n := map[string]int{}
		for _, sc := range cases {
			if sc.Page == p {
				n["all"]++
				n[sc.Only]++
			}
		}
		table += fmt.Sprintf("| %s | %d | %d | %d |\n", p, n["all"], n["all"]-n["client"], n["all"]-n["emulator"])
	}
	text, err := os.ReadFile(shapesPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), shapesBegin)
	_, after, ok2 := strings.Cut(rest, shapesEnd)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the table", shapesPage)
	}
	now := before + shapesBegin + table + "\n" + shapesEnd + after
	switch {
	case now == string(text):
	case *updateShapes:
		if err := os.WriteFile(shapesPage, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("the table in %s is not of these cases, -update writes it:\n%s", shapesPage, table)
	}
}
