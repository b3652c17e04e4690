package download_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/download"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
)

func TestAFolderGetsWhatTheServiceHasAndIsLeftAloneThen(t *testing.T) {
	inWorld(t, emulator.Config{}, func(w *world) {
		w.store("a.jpg", "The pier <at> noon & \"later\"\nsecond line", photo(1))
		w.store("b.jpg", "", photo(2))
		w.store("v.mp4", "A film", film(3, 100_000))
		w.pass(time.Minute)
		for i, it := range w.items {
			w.items[i] = w.fresh(it.ID)
		}
		cfg := w.config()
		cfg.Album = "A day / out"
		rep := w.want(cfg, 3, 0, 0, 3)
		if diff := cmp.Diff([]string{"A day _ out/a.jpg", "A day _ out/a.jpg.xmp", "A day _ out/b.jpg", "A day _ out/v.mp4", "A day _ out/v.mp4.xmp"}, w.files()); diff != "" {
			t.Error(diff)
		}
		if !bytes.Equal(w.read("A day _ out/v.mp4"), film(3, 100_000)) || rep.Files != 3 || rep.Bytes < 100_000 || w.parts() != 0 {
			t.Errorf("%+v, %d parts", rep, w.parts())
		}
		info, err := os.Stat(filepath.Join(w.dir, "A day _ out/b.jpg"))
		w.must(err)
		if !info.ModTime().Equal(w.items[1].MediaMetadata.CreationTime) {
			t.Errorf("modified %s, want the time of the shot, %s", info.ModTime(), w.items[1].MediaMetadata.CreationTime)
		}
		side := exif.NewSiblings([]string{"a.jpg", "a.jpg.xmp"}).Of("a.jpg")[0]
		words, err := side.Read(bytes.NewReader(w.read("A day _ out/a.jpg.xmp")))
		facts := exif.Resolve(exif.Facts{}, exif.Context{Sidecars: []exif.Sidecar{words}})
		if err != nil || facts.Description != w.items[0].Description {
			t.Errorf("an import reads %q (%v), want %q", facts.Description, err, w.items[0].Description)
		}
		cfg = w.config()
		cfg.Album = "A day / out"
		w.want(cfg, 0, 3, 0, 0)
	})
}

func TestItemsOfOneNameKeepTheirNumbersFromRunToRun(t *testing.T) {
	inWorld(t, emulator.Config{}, func(w *world) {
		for i := range 4 {
			w.store([]string{"IMG.JPG", "img.jpg", "IMG.JPG", "IMG.jpg.xmp.jpg"}[i], "words", photo(i))
		}
		w.want(w.config(), 4, 0, 0, 4)
		before := w.files()
		if !slices.Contains(before, "IMG.JPG") || !slices.Contains(before, "img (2).jpg") || !slices.Contains(before, "IMG (3).JPG") {
			t.Errorf("%q", before)
		}
		content := w.read("img (2).jpg")
		w.must(os.Remove(filepath.Join(w.dir, "img (2).jpg")))
		slices.Reverse(w.items)
		w.want(w.config(), 1, 3, 0, 1)
		if diff := cmp.Diff(before, w.files()); diff != "" || !bytes.Equal(content, w.read("img (2).jpg")) {
			t.Errorf("after what was removed came back:\n%s", diff)
		}
		w.items = append(w.items, w.items...)
		w.want(w.config(), 0, 4, 0, 0)
	})
}

func TestNothingThatStandsThereIsOverwritten(t *testing.T) {
	inWorld(t, emulator.Config{}, func(w *world) {
		w.store("a.jpg", "words", photo(1))
		w.store("b.jpg", "", photo(2))
		w.store("c.jpg", "", photo(3))
		for name, text := range map[string]string{"a.jpg.xmp": "mine", "b.jpg": "mine"} {
			w.must(os.MkdirAll(w.dir, 0o755))
			w.must(os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o644))
		}
		w.want(w.config(), 3, 0, 0, 3)
		w.must(os.WriteFile(filepath.Join(w.dir, "c.jpg"), []byte("edited"), 0o644))
		w.want(w.config(), 0, 3, 0, 0)
		for name, text := range map[string]string{"a.jpg.xmp": "mine", "b.jpg": "mine", "c.jpg": "edited"} {
			if got := string(w.read(name)); got != text {
				t.Errorf("%s is now %.20q, want %q", name, got, text)
			}
		}
		if diff := cmp.Diff([]string{"a (2).jpg", "a (2).jpg.xmp", "a.jpg.xmp", "b (2).jpg", "b.jpg", "c.jpg"}, w.files()); diff != "" {
			t.Error(diff)
		}
		if i := slices.IndexFunc(w.ends, func(it download.Item) bool { return it.Name == "c.jpg" }); !strings.Contains(w.ends[i].Reason, "changed") {
			t.Errorf("of the edited one it says %+v", w.ends[i])
		}
	})
}

func TestABrokenLoadGoesOnFromItsByte(t *testing.T) {
	body := film(1, 300_000)
	for name, tc := range map[string]struct {
		spoil  func(n int, req *http.Request, answer func() *http.Response) (*http.Response, error)
		ranges []string
	}{
		"a connection that breaks": {
			func(n int, _ *http.Request, answer func() *http.Response) (*http.Response, error) {
				if n < 3 {
					return cutAt(answer(), 100_000), nil
				}
				return answer(), nil
			}, []string{"", "bytes=100000-", "bytes=200000-"},
		},
		"an address that ends in mid-file": {
			func(n int, _ *http.Request, answer func() *http.Response) (*http.Response, error) {
				switch n {
				case 1:
					return cutAt(answer(), 100_000), nil
				case 2:
					return status(http.StatusForbidden), nil
				}
				return answer(), nil
			}, []string{"", "bytes=100000-", "bytes=100000-"},
		},
		"a service that knows no ranges": {
			func(n int, _ *http.Request, answer func() *http.Response) (*http.Response, error) {
				if n == 1 {
					return cutAt(answer(), 100_000), nil
				}
				return answer(), nil
			}, []string{"", "bytes=100000-"},
		},
		"other bytes than before": {
			func(n int, _ *http.Request, answer func() *http.Response) (*http.Response, error) {
				resp := answer()
				if n == 1 {
					resp.Header.Set("Content-Length", "400000")
					resp.ContentLength = 400_000
					return cutAt(resp, 100_000), nil
				}
				return resp, nil
			}, []string{"", "bytes=100000-", ""},
		},
		"a range that is refused": {
			func(n int, _ *http.Request, answer func() *http.Response) (*http.Response, error) {
				switch n {
				case 1:
					return cutAt(answer(), 100_000), nil
				case 2:
					return status(http.StatusRequestedRangeNotSatisfiable), nil
				}
				return answer(), nil
			}, []string{"", "bytes=100000-", ""},
		},
		"a busy minute": {
			func(n int, _ *http.Request, answer func() *http.Response) (*http.Response, error) {
				if n == 1 {
					return status(http.StatusTooManyRequests), nil
				}
				return answer(), nil
			}, []string{"", ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, emulator.Config{}, func(w *world) {
				item := w.store("v.mp4", "", body)
				w.pass(time.Minute)
				w.items[0] = w.fresh(item.ID)
				w.loads.spoil, w.loads.rangeless = tc.spoil, strings.Contains(name, "knows no ranges")
				w.want(w.config(), 1, 0, 0, len(tc.ranges))
				if diff := cmp.Diff(tc.ranges, w.loads.ranges); diff != "" || !bytes.Equal(w.read("v.mp4"), body) {
					t.Errorf("%d bytes, want %d; the ranges:\n%s", len(w.read("v.mp4")), len(body), diff)
				}
			})
		})
	}
}

func TestARunThatEndsInMidFileIsGoneOnWithByTheNext(t *testing.T) {
	inWorld(t, emulator.Config{}, func(w *world) {
		body := film(1, 20<<20)
		item := w.store("v.mp4", "", body)
		w.pass(time.Minute)
		w.items[0] = w.fresh(item.ID)
		ctx, drop := context.WithCancel(w.Context())
		w.loads.spoil = func(n int, _ *http.Request, answer func() *http.Response) (*http.Response, error) {
			resp := answer()
			if n == 1 {
				resp = cutAt(resp, 18<<20)
				drop()
			}
			return resp, nil
		}
		cfg := w.config()
		rep, err := download.Run(ctx, cfg)
		if !errors.Is(err, context.Canceled) || rep.Ends[download.Unfinished] != 1 || rep.Cause == "" {
			t.Fatalf("%v, %+v", err, rep)
		}
		if len(w.files()) != 0 || w.parts() != 1 {
			t.Errorf("files %q, %d parts; want nothing under its name", w.files(), w.parts())
		}
		rep = w.want(w.config(), 1, 0, 0, 1)
		if !bytes.Equal(w.read("v.mp4"), body) || w.parts() != 0 {
			t.Errorf("%d parts, or other bytes", w.parts())
		}
		if got := w.loads.ranges[1]; rep.Resumed%(8<<20) != 0 || rep.Resumed == 0 || rep.Resumed+rep.Bytes != int64(len(body)) {
			t.Errorf("went on from %s (%d bytes), want the last checkpoint", got, rep.Resumed)
		}
	})
}

func TestVideosAtWorkComeLastAndOnlySoLong(t *testing.T) {
	inWorld(t, emulator.Config{VideoProcessing: 5 * time.Minute}, func(w *world) {
		w.store("v.mp4", "", film(1, 50_000))
		w.store("a.jpg", "", photo(2))
		cfg := w.config()
		cfg.WaitVideos = time.Minute
		w.want(cfg, 1, 0, 1, 1)
		if w.ends[1].Name != "v.mp4" || !strings.Contains(w.ends[1].Reason, "still processing") {
			t.Errorf("the ends are %+v, want the video last", w.ends)
		}
		w.want(w.config(), 1, 1, 0, 1)
	})
}

func TestAPhotoThatMovesIsOneFileOrTwo(t *testing.T) {
	for motion, want := range map[download.Motion][]string{
		"":                   {"m.jpg", "s.jpg"},
		download.MotionStill: {"m.jpg", "s.jpg"},
		download.MotionBoth:  {"m.jpg", "m.mp4", "s.jpg"},
		download.MotionVideo: {"m.mp4", "s.jpg"},
	} {
		t.Run(string(motion), func(t *testing.T) {
			inWorld(t, emulator.Config{}, func(w *world) {
				w.store("m.jpg", "", fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Seed: 2, Motion: fixture.MP4(fixture.Spec{Seed: 1})}))
				w.store("s.jpg", "", photo(1))
				loads := map[download.Motion]int{download.MotionBoth: 4, download.MotionVideo: 3}[motion]
				if loads == 0 {
					loads = 2
				}
				gets := w.service.Calls()["mediaItems.get"]
				for again, n := range []int{loads, 0} {
					cfg := w.config()
					cfg.Motion = motion
					w.want(cfg, 2*(1-again), 2*again, 0, n)
				}
				if diff := cmp.Diff(want, w.files()); diff != "" || w.service.Calls()["mediaItems.get"] != gets {
					t.Errorf("%d requests, want none:\n%s", w.service.Calls()["mediaItems.get"]-gets, diff)
				}
			})
		})
	}
}

func TestPicturesOfASizeAreOfThatSizeAndStandBesideTheWhole(t *testing.T) {
	inWorld(t, emulator.Config{}, func(w *world) {
		w.store("a.jpg", "", fixture.JPEG(fixture.Spec{Width: 40, Height: 30}))
		w.store("p.png", "", fixture.PNG(fixture.Spec{Width: 40, Height: 30}))
		w.want(w.config(), 2, 0, 0, 2)
		cfg := w.config()
		cfg.Picture = download.Picture{Width: 8, Height: 8, Crop: true}
		w.want(cfg, 2, 0, 0, 2)
		if got := w.files(); !slices.Contains(got, "a (2).jpg") {
			t.Errorf("%q", got)
		}
		facts, err := exif.Read(bytes.NewReader(w.read("a (2).jpg")), int64(len(w.read("a (2).jpg"))))
		if err != nil || facts.Width != 8 || facts.Height != 8 {
			t.Errorf("%+v, %v", facts, err)
		}
	})
}

func TestADayWithoutLoadsEndsTheRunAndTheNextGoesOn(t *testing.T) {
	inWorld(t, emulator.Config{Quota: emulator.Quota{BaseURLLoadsPerDay: 3}}, func(w *world) {
		for i := range 6 {
			w.store(string(rune('a'+i))+".jpg", "", photo(i))
		}
		cfg := w.config()
		cfg.Transfers, cfg.Tries = 1, 2
		rep, err := w.run(cfg)
		if class := photos.Classify(err); class != photos.ClassDailyQuota && class != photos.ClassRateLimited || rep.Ends[download.Downloaded] != 3 || rep.Ends[download.Failed] != 0 {
			t.Fatalf("%v, %+v", err, rep)
		}
		w.pass(24 * time.Hour)
		for i, it := range w.items {
			w.items[i] = w.fresh(it.ID)
		}
		w.want(w.config(), 3, 3, 0, 3)
	})
}

func TestWhatCannotBeLoadedIsReportedAndTheOthersGoOn(t *testing.T) {
	inWorld(t, emulator.Config{}, func(w *world) {
		bad := w.store("bad.jpg", "", photo(1))
		w.store("good.jpg", "", photo(2))
		w.loads.spoil = func(_ int, req *http.Request, answer func() *http.Response) (*http.Response, error) {
			if strings.HasPrefix(req.URL.String(), string(bad.BaseURL)) || len(w.loads.ranges) > 1 && w.loads.count == 2 {
				return status(http.StatusForbidden), nil
			}
			return answer(), nil
		}
		cfg := w.config()
		cfg.Transfers = 1
		cfg.Items = func(yield func(download.Wanted, error) bool) {
			_ = yield(download.Wanted{Item: photos.MediaItem{ID: "none"}, Err: errors.New("no such item")}, nil) &&
				yield(download.Wanted{Item: w.items[0]}, nil) && yield(download.Wanted{Item: w.items[1]}, nil)
		}
		rep := w.want(cfg, 1, 0, 2, 3)
		if len(rep.Failures) != 2 || rep.Failures[0].Reason != "no such item" || strings.Contains(rep.Failures[1].Reason, string(bad.BaseURL)) {
			t.Errorf("%+v", rep.Failures)
		}
	})
}

func TestADryRunWritesAndLoadsNothing(t *testing.T) {
	inWorld(t, emulator.Config{}, func(w *world) {
		w.store("a.jpg", "", photo(1))
		w.store("a.jpg", "", photo(2))
		cfg := w.config()
		cfg.DryRun = true
		rep := w.want(cfg, 2, 0, 0, 0)
		if _, err := os.Stat(w.dir); !os.IsNotExist(err) || !rep.DryRun || w.ends[1].Files[0] != "a (2).jpg" {
			t.Errorf("%v, %+v", err, w.ends)
		}
	})
}

func TestTheFirstStopFinishesWhatIsBegun(t *testing.T) {
	inWorld(t, emulator.Config{}, func(w *world) {
		for i := range 5 {
			w.store(string(rune('a'+i))+".jpg", "", photo(i))
		}
		intake, stop := context.WithCancelCause(w.Context())
		told := errors.New("told to stop")
		w.loads.spoil = func(n int, _ *http.Request, answer func() *http.Response) (*http.Response, error) {
			stop(told)
			return answer(), nil
		}
		cfg := w.config()
		cfg.Intake, cfg.Transfers = intake, 1
		rep, err := w.run(cfg)
		if !errors.Is(err, told) || rep.Ends[download.Downloaded] != 1 || rep.Ends[download.Failed] != 0 || w.parts() != 0 {
			t.Errorf("%v, %+v", err, rep)
		}
		w.loads.spoil = nil
		w.want(w.config(), 4, 1, 0, 4)
	})
}

func TestOneDownloadAtATimeIsAtWorkInAFolder(t *testing.T) {
	inWorld(t, emulator.Config{}, func(w *world) {
		w.store("a.jpg", "", photo(1))
		cfg := w.config()
		var second error
		cfg.Observe = func(it download.Item) {
			w.ends = append(w.ends, it)
			_, second = download.Run(w.Context(), download.Config{Dir: w.dir, Items: wanted(), Fetcher: cfg.Fetcher})
		}
		if w.want(cfg, 1, 0, 0, 1); !errors.Is(second, download.ErrLocked) {
			t.Errorf("the second one: %v", second)
		}
	})
}

func TestAPathIsMadeOfFacts(t *testing.T) {
	inWorld(t, emulator.Config{}, func(w *world) {
		w.store("a.jpg", "", photo(1))
		for template, want := range map[string]string{
			"{album}/{filename}":                      "a.jpg",
			"{date:%Y/%m}/{type}s/{filename}":         "2024/05/photos/a.jpg",
			"{camera|'no camera'}/{stem:upper}":       "no camera/A.jpg",
			"{number} {filename}":                     "00001 a.jpg",
			"../../{filename}":                        "untitled/untitled/a.jpg",
			"/{make}/{model}//{date:%d}-{stem}.{ext}": "18-a.jpg",
		} {
			path, err := album.ParsePath(template)
			w.must(err)
			cfg := w.config()
			cfg.DryRun, cfg.Path = true, path
			w.want(cfg, 1, 0, 0, 0)
			if got := w.ends[0].Files[0]; got != want {
				t.Errorf("%s makes %q, want %q", template, got, want)
			}
		}
		for _, bad := range []string{"", "photos", "{folder}", "{event}", "{nothing}", "{album"} {
			if _, err := album.ParsePath(bad); err == nil {
				t.Errorf("%q is taken for a path", bad)
			}
		}
	})
}

// spent is a transport of a day without loads left.
type spent struct{}

func (spent) Error() string                                     { return "the day's loads are used up" }
func (spent) DailyQuota() time.Time                             { return time.Time{} }
func (s spent) RoundTrip(*http.Request) (*http.Response, error) { return nil, s }

func TestLoadsThatAreNotSentForTheDayEndTheRunAtOnce(t *testing.T) {
	inWorld(t, emulator.Config{}, func(w *world) {
		w.store("a.jpg", "", photo(1))
		w.store("b.jpg", "", photo(2))
		cfg := w.config()
		cfg.Fetcher, cfg.Transfers = photos.NewFetcher(w.client.MediaItems, spent{}), 1
		began := time.Now()
		rep, err := w.run(cfg)
		if photos.Classify(err) != photos.ClassDailyQuota || rep.Ends[download.Unfinished] == 0 || rep.Ends[download.Failed] != 0 || time.Since(began) != 0 {
			t.Errorf("%v, %+v after %s", err, rep, time.Since(began))
		}
	})
}

func TestARunGoesOnFromWhateverAMomentOfDeathHasLeft(t *testing.T) {
	inWorld(t, emulator.Config{}, func(w *world) {
		w.store("a.jpg", "words", photo(1))
		w.store("a.jpg", "", photo(2))
		w.want(w.config(), 2, 0, 0, 2)
		files := w.files()
		journal := filepath.Join(w.dir, ".albumwright/downloads.jsonl")
		whole := w.read(".albumwright/downloads.jsonl")
		last := bytes.LastIndex(whole, []byte(`"state":"begun"`))
		last += bytes.IndexByte(whole[last:], '\n') + 1
		if last == len(whole) {
			t.Fatal("nothing is noted as done behind the last file that was begun")
		}
		for at := last; at <= len(whole); at += 7 { // without the note that it is done, or with a part of it
			w.must(os.WriteFile(journal, whole[:at], 0o644))
			w.want(w.config(), 0, 2, 0, 0)
			if diff := cmp.Diff(files, w.files()); diff != "" {
				t.Fatalf("a journal of %d of %d bytes:\n%s", at, len(whole), diff)
			}
		}
	})
}
