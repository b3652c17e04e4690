package emulator_test

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/shapes"
)

// prepare takes one step of a case. What comes of it gets the step's name.
func (w *shapeWorld) prepare(step shapes.Step) {
	w.t.Helper()
	switch {
	case step.Album != "":
		w.known[step.Album] = w.album(step.Album)
	case step.Upload != "":
		w.known[step.Upload] = w.upload(w.mediaOf(step))
	case step.Item != "":
		w.makeItem(step)
	case step.Enrichment != "":
		w.addText(step)
	case step.Wait != "":
		w.pass(step.Wait)
	case step.Take != "":
		w.known[step.As] = w.field(w.ask(w.asker, *step.Of), step.Take)
	default:
		w.prepareSharing(step)
	}
}

// prepareSharing is what other people, other apps and the user do.
func (w *shapeWorld) prepareSharing(step shapes.Step) {
	w.t.Helper()
	switch {
	case step.Share != "":
		w.known[step.Share+".token"] = w.share(w.named(step.Share), true).ShareToken
	case step.Guest != "":
		id, token := w.s.AddSharedAlbum(emulator.SomebodysAlbum{Title: step.Guest, Options: emulator.SharedAlbumOptions{Collaborative: true}})
		w.known[step.Guest], w.known[step.Guest+".token"] = id, token
	case step.Join != "":
		w.join(w.named(step.Join + ".token"))
	case step.Contribution != "":
		id, err := w.s.Contribute(w.named(step.In), "A Friend", step.Contribution+".jpg", w.mediaOf(step))
		if err != nil {
			w.t.Fatal(err)
		}
		w.known[step.Contribution] = id
	case step.Foreign != "":
		w.known[step.Foreign] = w.s.AddForeignAlbum(step.Foreign)
	case step.Delete != "":
		if !w.s.DeleteAlbum(w.named(step.Delete)) {
			w.t.Fatalf("no album %s", step.Delete)
		}
	default:
		w.t.Fatalf("a step does nothing: %+v", step)
	}
}

func (w *shapeWorld) makeItem(step shapes.Step) {
	w.t.Helper()
	ending := ".jpg"
	if step.Media == "video" {
		ending = ".mp4"
	}
	body := map[string]any{"newMediaItems": []any{
		entry(w.upload(w.mediaOf(step)), cmp.Or(step.File, step.Item+ending), step.Description),
	}}
	if step.In != "" {
		body["albumId"] = w.named(step.In)
	}
	id := w.createIDs(body)[0]
	w.known[step.Item] = id
	if step.Marks == nil {
		return
	}
	var marks emulator.Marks
	if err := json.Unmarshal(step.Marks, &marks); err != nil {
		w.t.Fatal(err)
	}
	if err := w.s.Mark(id, marks); err != nil {
		w.t.Fatal(err)
	}
}

func (w *shapeWorld) addText(step shapes.Step) {
	w.t.Helper()
	a := w.post("/v1/albums/"+w.named(step.In)+":addEnrichment",
		`{"newEnrichmentItem":{"textEnrichment":{"text":"Day 1"}},"albumPosition":{"position":"LAST_IN_ALBUM"}}`)
	w.known[step.Enrichment] = w.field(a, "enrichmentItem.id")
}

// field is a text in an answer, such as "mediaItems.0.id".
func (w *shapeWorld) field(a answer, path string) string {
	w.t.Helper()
	var v any
	a.into(w.t, &v)
	for name := range strings.SplitSeq(path, ".") {
		if list, ok := v.([]any); ok {
			n, err := strconv.Atoi(name)
			if err != nil || n >= len(list) {
				w.t.Fatalf("no %s in %s", path, a.body)
			}
			v = list[n]
			continue
		}
		object, _ := v.(map[string]any)
		v = object[name]
	}
	text, ok := v.(string)
	if !ok {
		w.t.Fatalf("no %s in %s", path, a.body)
	}
	return text
}

// mediaOf is the bytes of a step, different each time.
func (w *shapeWorld) mediaOf(step shapes.Step) []byte {
	w.t.Helper()
	taken, err := time.Parse(time.DateTime, cmp.Or(step.Taken, "2024-07-01 18:30:00"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.seed++
	still := fixture.Spec{Width: 40, Height: 30, Captured: taken, Seed: w.seed}
	film := fixture.Spec{
		Width: 64, Height: 36, Captured: taken, Offset: "+00:00", Seed: w.seed,
		Make: "Aldermere", Model: "Pocket 2", Duration: 40 * time.Millisecond,
	}
	switch step.Media {
	case "", "photo":
	case "camera photo":
		still.Make, still.Model, still.ISO = "Aldermere", "Field 40", 400
		still.ExposureTime, still.FNumber, still.FocalLength = [2]uint32{1, 60}, [2]uint32{28, 10}, [2]uint32{6765, 1000}
	case "motion photo":
		still.Motion = fixture.MP4(film)
	case "video":
		return fixture.MP4(film)
	case "junk":
		return []byte("no media " + strconv.Itoa(w.seed))
	default:
		w.t.Fatalf("no media are called %q", step.Media)
	}
	return fixture.JPEG(still)
}
