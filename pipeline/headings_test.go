package pipeline_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/pipeline"
)

// shown is what an album shows, in order: names of photos without their endings, headings in brackets.
func (w *world) shown(title string) string {
	w.t.Helper()
	names := map[string]string{}
	for _, m := range w.service.MediaItems() {
		names[m.ID] = strings.TrimSuffix(m.Filename, ".jpg")
	}
	for _, a := range w.service.Albums() {
		if a.Title != title {
			continue
		}
		headings, all := w.service.Enrichments(a.ID), []string(nil)
		for n := 0; n <= len(a.Items); n++ {
			for ; len(headings) > 0 && headings[0].At == n; headings = headings[1:] {
				all = append(all, "["+headings[0].Text+"]")
			}
			if n < len(a.Items) {
				all = append(all, names[a.Items[n]])
			}
		}
		return strings.Join(all, " ")
	}
	w.t.Errorf("there is no album %q", title)
	return ""
}

func (w *world) wantShown(title, want string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.shown(title)); diff != "" {
		w.t.Errorf("album %q (-want +got):\n%s", title, diff)
	}
}

// shoot writes photos that are named by when they were taken: day and minute of May 2024, such as "18-10:30".
func (w *world) shoot(at ...string) {
	w.t.Helper()
	for _, a := range at {
		w.taken("Pier/"+a+".jpg", "", "2024-05-"+strings.Replace(a, "-", " ", 1), "")
	}
}

const (
	friday   = "[Friday, 17 May 2024]"
	saturday = "[Saturday, 18 May 2024]"
	sunday   = "[Sunday, 19 May 2024]"
	monday   = "[Monday, 20 May 2024]"
)

func TestHeadingsStandInFrontOfTheirDaysWhateverComesLater(t *testing.T) {
	inBubble(t, "before, between, behind, and in front of a day that has its heading", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Headings = pipeline.DayHeadings
		w.shoot("18-10:00", "18-11:00", "20-10:00")
		rep := w.foreseen()
		w.wantShown("Pier", saturday+" 18-10:00 18-11:00 "+monday+" 20-10:00")
		if rep.Headings != 2 || rep.Requests.AddEnrichments != 2 {
			t.Errorf("%d headings by %+v, want 2", rep.Headings, rep.Requests)
		}
		w.shoot("17-10:00", "18-09:00", "18-10:30", "19-08:00", "19-09:00", "20-09:00", "20-11:00")
		w.foreseen()
		w.wantShown("Pier", friday+" 17-10:00 "+saturday+" 18-09:00 18-10:00 18-10:30 18-11:00 "+sunday+" 19-08:00 19-09:00 "+monday+" 20-09:00 20-10:00 20-11:00")
		w.shoot("17-09:00", "18-08:00", "19-07:00", "20-08:00")
		w.cfg.Headings = pipeline.NoHeadings // those that are there keep their groups
		w.foreseen()
		w.wantShown("Pier", friday+" 17-09:00 17-10:00 "+saturday+" 18-08:00 18-09:00 18-10:00 18-10:30 18-11:00 "+
			sunday+" 19-07:00 19-08:00 19-09:00 "+monday+" 20-08:00 20-09:00 20-10:00 20-11:00")
		w.sound()
	})
	inBubble(t, "an album that had none", func(t *testing.T) {
		w := newWorld(t)
		w.shoot("18-10:00", "19-10:00")
		w.foreseen()
		w.cfg.Headings = pipeline.DayHeadings
		w.shoot("19-11:00")
		w.foreseen()
		w.wantShown("Pier", saturday+" 18-10:00 "+sunday+" 19-10:00 19-11:00")
	})
	inBubble(t, "files that do not say when they were taken", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Headings = pipeline.DayHeadings
		w.write("Scans/a.jpg", fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Seed: 1}))
		w.foreseen()
		w.wantShown("Scans", "a")
	})
}

func TestHeadingsOfEvents(t *testing.T) {
	inBubble(t, "over midnight, and a late file that comes first", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Headings = pipeline.EventHeadings
		w.shoot("18-23:20", "19-00:10", "19-09:00")
		w.foreseen()
		party, morning := "[Saturday, 18 May 2024, 23:20]", "[Sunday, 19 May 2024, 09:00]"
		w.wantShown("Pier", party+" 18-23:20 19-00:10 "+morning+" 19-09:00")
		w.shoot("18-22:30", "19-01:00", "19-08:10")
		w.foreseen()
		w.wantShown("Pier", party+" 18-22:30 18-23:20 19-00:10 19-01:00 "+morning+" 19-08:10 19-09:00")
	})
}

func TestHeadingsOfPlaces(t *testing.T) {
	inBubble(t, "two towns, and one of them again", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Headings = pipeline.PlaceHeadings
		at := func(name string, minutes int, lat, lon float64) {
			w.n++
			spec := fixture.Spec{Width: 16, Height: 16, Seed: w.n, Captured: noon(minutes)}
			if lat != 0 {
				spec.Lat, spec.Lon = &lat, &lon
			}
			w.write("Pier/"+name+".jpg", fixture.JPEG(spec))
		}
		at("a", 0, 48.2082, 16.3738)
		at("b", 10, 48.2100, 16.3700)
		at("c", 20, 0, 0)
		at("d", 30, 47.0707, 15.4395)
		w.foreseen()
		vienna, graz := "[48.2082° N, 16.3738° E]", "[47.0707° N, 15.4395° E]"
		w.wantShown("Pier", vienna+" a b c "+graz+" d")
		at("a2", 5, 47.0707, 15.4395) // from another town, between two of the first one
		at("c2", 25, 48.2083, 16.3739)
		at("d0", 29, 47.0710, 15.4400)
		w.foreseen()
		w.wantShown("Pier", vienna+" a "+graz+" a2 [48.2100° N, 16.3700° E] b c c2 "+graz+" d0 d")
	})
}

func TestHeadingsOfManyGroupsInOneBatch(t *testing.T) {
	inBubble(t, "three days at the end, two at the front", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Headings = pipeline.DayHeadings
		w.shoot("17-10:00", "18-10:00", "19-10:00")
		before := w.service.Calls()
		w.foreseen()
		w.wantShown("Pier", friday+" 17-10:00 "+saturday+" 18-10:00 "+sunday+" 19-10:00")
		if calls := w.calls(before); calls["mediaItems.batchCreate"] != 1 || calls["albums.addEnrichment"] != 3 {
			t.Errorf("requests %v, want one batch and three headings", calls)
		}
		w.shoot("15-10:00", "16-10:00")
		w.foreseen()
		w.wantShown("Pier", "[Wednesday, 15 May 2024] 15-10:00 [Thursday, 16 May 2024] 16-10:00 "+friday+" 17-10:00 "+saturday+" 18-10:00 "+sunday+" 19-10:00")
	})
}

func TestEachVolumeHasItsOwnHeadings(t *testing.T) {
	inBubble(t, "a day in two albums", func(t *testing.T) {
		w := newSmallAlbums(t, 2)
		w.cfg.Headings = pipeline.DayHeadings
		w.shoot("18-10:00", "18-11:00", "18-12:00", "19-10:00")
		w.foreseen()
		w.wantShown("Pier", saturday+" 18-10:00 18-11:00")
		w.wantShown("Pier (2)", saturday+" 18-12:00 "+sunday+" 19-10:00")
	})
}

// Whatever becomes of the call, no heading is there twice; what nobody knows is said, and never sent again.
func TestAHeadingIsNeverSentTwice(t *testing.T) {
	for name, c := range map[string]struct {
		fault   emulator.Effect
		want    string // what the album shows after the run
		then    string // and after the next one
		warning string
	}{
		"the answer is lost":       {emulator.CutAnswer(10), saturday + " 18-10:00 " + sunday + " 19-10:00", saturday + " 18-10:00 " + sunday + " 19-10:00", "nobody knows whether it is there"},
		"the request is lost":      {emulator.CutRequest(10), "18-10:00 " + sunday + " 19-10:00", "18-10:00 " + sunday + " 19-10:00", "nobody knows whether it is there"},
		"it is refused":            {emulator.Refuse("400-album-permission"), "18-10:00 19-10:00", "18-10:00 " + sunday + " 19-10:00", "refused the heading"},
		"the service asks to wait": {emulator.Refuse("429-minute"), saturday + " 18-10:00 " + sunday + " 19-10:00", saturday + " 18-10:00 " + sunday + " 19-10:00", ""},
		"the sign-in ends":         {emulator.Refuse("401"), "18-10:00 19-10:00", saturday + " 18-10:00 " + sunday + " 19-10:00", ""},
		"the day is spent":         {emulator.Refuse("429-day"), "18-10:00 19-10:00", saturday + " 18-10:00 " + sunday + " 19-10:00", ""},
	} {
		inBubble(t, name, func(t *testing.T) {
			w := newWorld(t)
			w.tolerant = true
			w.cfg.Headings = pipeline.DayHeadings
			w.shoot("18-10:00", "19-10:00")
			w.plant(emulator.Fault{Operation: "albums.addEnrichment", Effect: c.fault})
			rep, _ := w.try(t.Context())
			if unmet := w.service.Unmet(); len(unmet) > 0 {
				t.Fatalf("never met: %+v", unmet)
			}
			w.wantShown("Pier", c.want)
			if got := strings.Join(rep.Warnings, "\n"); (got == "") != (c.warning == "") || !strings.Contains(got, c.warning) {
				t.Errorf("the report warns %q, want %q", got, c.warning)
			}
			w.run()
			w.wantShown("Pier", c.then)
			before := w.service.Calls()
			w.run()
			if n := w.calls(before)["albums.addEnrichment"]; n != 0 {
				t.Errorf("a third run sent %d headings", n)
			}
			w.sound()
		})
	}
}

// A file that belongs behind a heading of which nobody knows goes where it can, and is noted.
func TestAFileInFrontOfADoubtfulHeadingIsNoted(t *testing.T) {
	inBubble(t, "first of its day", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Headings = pipeline.DayHeadings
		w.shoot("17-10:00", "18-10:00")
		w.plant(emulator.Fault{Operation: "albums.addEnrichment", Nth: 2, Effect: emulator.CutAnswer(10)})
		w.run()
		w.shoot("18-09:00")
		rep := w.run()
		w.wantShown("Pier", friday+" 17-10:00 18-09:00 "+saturday+" 18-10:00")
		if rep.Noted != 1 || !strings.Contains(rep.Notes[0].Notes[0], "may stand before its heading") {
			t.Errorf("notes %+v", rep.Notes)
		}
	})
}

// A run that dies while a heading is under way, and one that is stopped before: what may be there is not sent again, what is missing is completed.
func TestHeadingsOfARunThatEndedEarlyAreCompleted(t *testing.T) {
	for _, applied := range []bool{true, false} {
		inBubble(t, fmt.Sprint("killed while one is sent, applied: ", applied), func(t *testing.T) {
			w := newWorld(t)
			w.cfg.Headings = pipeline.DayHeadings
			w.shoot("17-10:00", "18-10:00", "19-10:00")
			ctx, cancel := context.WithCancel(t.Context())
			n := 0
			w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
				if !strings.HasSuffix(req.URL.Path, ":addEnrichment") {
					return next.RoundTrip(req)
				}
				if n++; n < 2 {
					return next.RoundTrip(req)
				}
				if applied {
					resp, err := next.RoundTrip(req)
					if err != nil {
						return nil, err
					}
					_ = resp.Body.Close()
				}
				cancel()
				return nil, context.Canceled
			})
			if _, err := w.try(ctx); err == nil {
				t.Error("a run that was killed ended well")
			}
			w.mended()
			w.run()
			want := friday + " 17-10:00 " + saturday + " 18-10:00 " + sunday + " 19-10:00"
			if !applied {
				want = strings.Replace(want, saturday+" ", "", 1)
			}
			w.wantShown("Pier", want)
			w.run()
			w.wantShown("Pier", want)
		})
	}
	inBubble(t, "stopped while files are sent", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Headings = pipeline.DayHeadings
		w.shoot("17-10:00", "18-10:00", "19-10:00")
		intake, stop := context.WithCancel(t.Context())
		w.cfg.Intake = intake
		w.cfg.Observe = func(ev pipeline.Event) {
			if _, ok := ev.(pipeline.FileEnd); ok {
				stop()
			}
		}
		_, _ = w.try(t.Context())
		w.cfg.Intake, w.cfg.Observe = nil, nil
		w.run()
		w.wantShown("Pier", friday+" 17-10:00 "+saturday+" 18-10:00 "+sunday+" 19-10:00")
	})
}

// Arrivals in any runs, between which the user takes photos out of albums: after each, every day's heading stands once and in front of its day.
func TestAnyArrivalsStandBehindTheirHeadings(t *testing.T) {
	for _, kind := range []pipeline.Headings{pipeline.DayHeadings, pipeline.EventHeadings} {
		t.Run(string(kind), func(t *testing.T) {
			property.CheckN(t, tries(25, 10), func(rt *rapid.T) {
				w := newWorldWith(t, emulator.Config{AlbumLimit: 9})
				w.cfg = w.cfg.WithAlbumLimit(9)
				w.cfg.Headings = kind
				w.cfg.Naming.EventGap = 4 * time.Hour
				taken, touched := map[string]bool{}, false
				for range rapid.IntRange(1, 4).Draw(rt, "runs") {
					albums := w.albums()
					for _, title := range slices.Sorted(maps.Keys(albums)) {
						for _, name := range albums[title] {
							if kind == pipeline.DayHeadings && rapid.IntRange(0, 3).Draw(rt, "take out") == 0 {
								w.takeOut(title, name)
								touched = true
							}
						}
					}
					for range rapid.IntRange(0, 6).Draw(rt, "photos") {
						at := fmt.Sprintf("%02d-%02d:00", rapid.IntRange(10, 14).Draw(rt, "day"), rapid.IntRange(0, 23).Draw(rt, "hour"))
						if !taken[at] {
							w.shoot(at)
							taken[at] = true
						}
					}
					if touched { // no plan can know of that
						w.run()
					} else {
						w.foreseen()
					}
					for title := range w.albums() {
						w.inFront(rt, kind, title)
					}
				}
			})
		})
	}
}

// inFront checks that every file stands behind a heading of its own day, or that an event begins with each heading that has a pause before it.
func (w *world) inFront(rt *rapid.T, kind pipeline.Headings, title string) {
	heading, before := "", time.Time{}
	seen := map[string]bool{}
	shown := w.shown(title)
	for rest := shown; rest != ""; {
		if rest[0] == '[' {
			heading, rest, _ = strings.Cut(rest[1:], "]")
			if seen[heading] {
				rt.Fatalf("%q has %q twice", shown, heading)
			}
			seen[heading] = true
			rest = strings.TrimPrefix(rest, " ")
			before = time.Time{}
			continue
		}
		var name string
		name, rest, _ = strings.Cut(rest, " ")
		at, err := time.Parse("2006-01-02-15:04", "2024-05-"+name)
		if err != nil {
			rt.Fatal(err)
		}
		switch {
		case kind == pipeline.DayHeadings && heading != at.Format("Monday, 2 January 2006"):
			rt.Fatalf("%s stands behind %q: %s", name, heading, shown)
		case heading == "", kind == pipeline.EventHeadings && !before.IsZero() && at.Sub(before) > 4*time.Hour:
			rt.Fatalf("%s stands behind %q without one of its own: %s", name, heading, shown)
		}
		before = at
	}
}

// The user deletes the album: it is made anew with its headings. Somebody takes a heading away: what belongs behind it goes where it can.
func TestHeadingsOfAlbumsThatPeopleTouch(t *testing.T) {
	inBubble(t, "the album is deleted", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Headings = pipeline.DayHeadings
		w.shoot("17-10:00", "18-10:00")
		w.foreseen()
		for _, a := range w.service.Albums() {
			w.service.DeleteAlbum(a.ID)
		}
		w.shoot("18-11:00", "19-10:00")
		w.run()
		w.wantShown("Pier", friday+" 17-10:00 "+saturday+" 18-10:00 18-11:00 "+sunday+" 19-10:00")
		w.sound()
	})
	inBubble(t, "the photo that a heading goes behind is taken out", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Headings = pipeline.DayHeadings
		w.shoot("17-10:00", "17-11:00")
		w.foreseen()
		w.takeOut("Pier", "17-11:00.jpg")
		w.shoot("18-09:00", "19-09:00")
		before := w.service.Calls()
		if rep := w.run(); rep.Headings != 2 || len(rep.Warnings) != 0 {
			t.Errorf("%d headings, warnings %q; want 2 and none", rep.Headings, rep.Warnings)
		}
		w.wantShown("Pier", friday+" 17-10:00 "+saturday+" 18-09:00 "+sunday+" 19-09:00")
		if calls := w.calls(before); calls["albums.addEnrichment"] != 3 || calls["mediaItems.search"] != 1 {
			t.Errorf("requests %v, want one heading that is refused, one listing of the album, and two headings", calls)
		}
	})
	inBubble(t, "all of a day is taken out", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Headings = pipeline.DayHeadings
		w.shoot("17-10:00", "18-10:00")
		w.foreseen()
		w.change(pipeline.AlbumEdit{Album: "Pier", Remove: []string{w.path("Pier/18-10:00.jpg")}})
		w.shoot("19-09:00")
		w.foreseen()
		w.wantShown("Pier", friday+" 17-10:00 "+saturday+" "+sunday+" 19-09:00")
		w.shoot("18-12:00")
		w.foreseen()
		w.wantShown("Pier", friday+" 17-10:00 "+saturday+" 18-12:00 "+sunday+" 19-09:00")
	})
	inBubble(t, "everything is taken out", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Headings = pipeline.DayHeadings
		w.shoot("17-10:00", "17-11:00")
		w.foreseen()
		w.takeOut("Pier", "17-10:00.jpg", "17-11:00.jpg")
		w.shoot("18-09:00")
		w.run()
		w.wantShown("Pier", friday+" "+saturday+" 18-09:00")
		w.shoot("16-09:00", "17-12:00")
		w.foreseen()
		w.wantShown("Pier", "[Thursday, 16 May 2024] 16-09:00 "+friday+" 17-12:00 "+saturday+" 18-09:00")
	})
	inBubble(t, "a heading is taken away", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Headings = pipeline.DayHeadings
		w.shoot("17-10:00", "18-10:00")
		w.foreseen()
		w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) { // the emulator's user cannot do it
			if !strings.HasSuffix(req.URL.Path, ":batchCreate") {
				return next.RoundTrip(req)
			}
			body, err := io.ReadAll(req.Body)
			if err != nil {
				return nil, err
			}
			req.Body = io.NopCloser(bytes.NewReader(body))
			if strings.Contains(string(body), "AFTER_ENRICHMENT_ITEM") {
				text := `{"error":{"code":400,"message":"The relative enrichment item ID of the album position is not in the album.","status":"INVALID_ARGUMENT"}}`
				return &http.Response{StatusCode: 400, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(text)), Request: req}, nil
			}
			return next.RoundTrip(req)
		})
		w.shoot("18-09:00")
		rep := w.run()
		w.wantShown("Pier", friday+" 17-10:00 18-09:00 "+saturday+" 18-10:00")
		if got := strings.Join(rep.Warnings, "\n"); !strings.Contains(got, "is not there any more") {
			t.Errorf("the report warns %q", got)
		}
		w.mended()
		w.shoot("18-08:00")
		if rep := w.run(); len(rep.Warnings) != 0 {
			t.Errorf("the next run warns %q", rep.Warnings)
		}
	})
}

func TestAnUnknownKindOfHeadingsIsRefused(t *testing.T) {
	w := newWorld(t)
	w.cfg.Headings = "week"
	if err := w.cfg.Valid(); err == nil || !strings.Contains(err.Error(), `"week" is none of day, event, place`) {
		t.Errorf("Valid: %v", err)
	}
}
