package pipeline_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/pipeline"
)

const filmSize = 5 << 20 // more than what is read in one go

// film writes a video that is sent resumably.
func (w *world) film(path string, minutes int) []byte {
	w.t.Helper()
	w.n++
	body := fixture.MP4(fixture.Spec{Seed: w.n, Captured: noon(minutes)})
	body = append(body, film(w.n, filmSize-len(body))...)
	w.write(path, body)
	w.cfg.ResumableFrom = filmSize
	return body
}

// film is a box of so many bytes that players skip.
func film(seed, size int) []byte {
	box := bytes.Repeat([]byte{byte(seed), 1, 2, 3, 4, 5, 6}, size/7+1)[:size]
	copy(box, []byte{byte(size >> 24), byte(size >> 16), byte(size >> 8), byte(size), 'f', 'r', 'e', 'e'})
	return box
}

// wantContents checks that the service has exactly these bytes.
func (w *world) wantContents(bodies ...[]byte) {
	w.t.Helper()
	want := map[[sha256.Size]byte]bool{}
	for _, b := range bodies {
		want[sha256.Sum256(b)] = true
	}
	for _, m := range w.service.MediaItems() {
		if !want[m.SHA256] {
			w.t.Errorf("%s has bytes that no file has", m.Filename)
		}
		delete(want, m.SHA256)
	}
	if len(want) > 0 {
		w.t.Errorf("the service misses %d contents", len(want))
	}
}

func (w *world) plant(faults ...emulator.Fault) {
	w.t.Helper()
	if err := w.service.Plan(faults...); err != nil {
		w.t.Fatal(err)
	}
}

func TestABrokenUploadGoesOnWhereItEnded(t *testing.T) {
	inBubble(t, "cut ten times", func(t *testing.T) { // more often than a call is tried
		w := newWorld(t)
		w.photo("Pier/a.jpg", 0)
		body := w.film("Pier/b.mp4", 1)
		w.plant(emulator.Fault{Operation: "uploads.finalize", Times: 10, Effect: emulator.CutRequest(400_000)})
		before := w.service.Calls()
		shown := w.watchBytes()
		rep := w.run()
		wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 2})
		w.wantContents(body, fixture.TinyJPEG(1, noon(0)))
		shown.want(rep.Bytes.Sent)
		calls := w.calls(before)
		if calls["uploads.start"] != 1 || calls["uploads.query"] != 10 || calls["uploads.finalize"] != 11 {
			t.Errorf("requests %v, want one session, queried after each of ten cuts", calls)
		}
		if rep.Bytes.Resumed == 0 || rep.Bytes.Resumed > filmSize || rep.Requests.Uploads != 23 { // each byte once, however often it was there
			t.Errorf("reported: %+v, %+v", rep.Bytes, rep.Requests)
		}
	})
}

func TestAnUploadThatGetsNoFurtherIsGivenUp(t *testing.T) {
	inBubble(t, "cut for ever", func(t *testing.T) {
		w := newWorld(t)
		w.film("Pier/b.mp4", 1)
		w.plant(emulator.Fault{Operation: "uploads.finalize", Times: -1, Effect: emulator.CutRequest(0)})
		before := w.service.Calls()
		rep, err := w.try(t.Context())
		if calls := w.calls(before); calls["uploads.finalize"] != 7 {
			t.Errorf("requests %v, want seven tries", calls)
		}
		if rep.Ends[pipeline.Failed]+rep.Ends[pipeline.Unfinished] != 1 {
			t.Errorf("ends %v, %v", rep.Ends, err)
		}
	})
}

// killed is a run whose upload breaks after so many bytes, and that is dropped before it tries again.
func (w *world) killed(at int64) {
	w.t.Helper()
	w.plant(emulator.Fault{Operation: "uploads.finalize", Effect: emulator.CutRequest(at)})
	ctx, kill := context.WithCancelCause(w.t.Context())
	died := errors.New("died")
	w.cfg.Observe = func(ev pipeline.Event) {
		if _, ok := ev.(pipeline.Waiting); ok {
			kill(died)
		}
	}
	if _, err := w.try(ctx); !errors.Is(err, died) {
		w.t.Fatalf("the run ended with %v, want it killed", err)
	}
	w.cfg.Observe = nil
}

func TestTheNextRunGoesOnWhereAKilledOneEnded(t *testing.T) {
	w := newWorld(t)
	body := w.film("Pier/b.mp4", 1)
	w.killed(3 << 20)
	before := w.service.Calls()
	shown := w.watchBytes()
	rep := w.run()
	shown.want(filmSize - 3<<20)
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1})
	w.wantContents(body)
	wantCalls(t, w.calls(before), map[string]int{"uploads.query": 1, "uploads.finalize": 1, "mediaItems.batchCreate": 1, "albums.list": 1, "albums.create": 1})
	if rep.Bytes.Resumed != 3<<20 || rep.Bytes.Sent != filmSize-3<<20 {
		t.Errorf("%d bytes were sent and %d were there, want no byte sent again", rep.Bytes.Sent, rep.Bytes.Resumed)
	}
}

func TestAFileThatChangedMeanwhileStartsAnew(t *testing.T) {
	w := newWorld(t)
	body := w.film("Pier/b.mp4", 1)
	w.killed(3 << 20)
	other := bytes.Clone(body)
	other[len(other)-1]++
	info, err := os.Stat(filepath.Join(w.dir, "Pier/b.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	w.write("Pier/b.mp4", other)
	if err := os.Chtimes(filepath.Join(w.dir, "Pier/b.mp4"), info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	before := w.service.Calls()
	rep := w.run()
	w.wantContents(other)
	if calls := w.calls(before); calls["uploads.start"] != 1 || rep.Bytes.Resumed != 0 {
		t.Errorf("requests %v, resumed %d; want a new session", calls, rep.Bytes.Resumed)
	}
}

func TestAFinishedUploadWhoseAnswerWasLostIsNotSentAgain(t *testing.T) {
	for name, tc := range map[string]struct {
		cfg  emulator.Config
		sent int64
	}{
		"token repeated":     {emulator.Config{}, filmSize},
		"token not repeated": {emulator.Config{FinalQueryEmpty: true}, 2 * filmSize},
	} {
		inBubble(t, name, func(t *testing.T) {
			w := newWorldWith(t, tc.cfg)
			body := w.film("Pier/b.mp4", 1)
			w.plant(emulator.Fault{Operation: "uploads.finalize", Effect: emulator.ApplyThenCut()})
			rep := w.run()
			w.wantContents(body)
			if rep.Bytes.Sent != tc.sent {
				t.Errorf("%d bytes were sent, want %d", rep.Bytes.Sent, tc.sent)
			}
		})
	}
}

// shownBytes is what an observer sees of the bytes of uploads.
type shownBytes struct {
	t    testing.TB
	most int64 // that were shown as done
	back int64 // by how much that ever fell at once
	last pipeline.Progress
}

func (w *world) watchBytes() *shownBytes {
	s := &shownBytes{t: w.t}
	w.cfg.Observe = func(ev pipeline.Event) {
		if p, ok := ev.(pipeline.Progress); ok && p.Stage == pipeline.StageUpload {
			s.most, s.back, s.last = max(s.most, p.Bytes), max(s.back, s.last.Bytes-p.Bytes), p
		}
	}
	return s
}

// want tells whether in the end so many bytes were to be sent, and all of them were, and never more.
func (s *shownBytes) want(bytes int64) {
	s.t.Helper()
	if s.last.Bytes != bytes || s.last.TotalBytes != bytes || s.most > bytes {
		s.t.Errorf("in the end %d of %d bytes were shown, at most %d; want %d", s.last.Bytes, s.last.TotalBytes, s.most, bytes)
	}
	if s.back > 256<<10 { // what left, and did not arrive
		s.t.Errorf("what was shown fell by %d bytes at once", s.back)
	}
}

// An upload that was broken off is of no use any more once its content came by another file.
func TestAnUploadWhoseContentCameOtherwiseIsForgotten(t *testing.T) {
	w := newWorld(t)
	w.cfg.AlbumBy = "none"
	body := w.film("Pier/b.mp4", 1)
	w.killed(3 << 20)
	w.write("Pier/a.mp4", body)
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.Duplicate: 1})
	r, err := ledger.OpenRead(t.Context(), pipeline.LedgerPath(w.cfg))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if s, err := r.Status(t.Context(), time.Time{}, 0); err != nil || s.Sessions.Open != 0 {
		t.Errorf("%d uploads are open, %v; want none", s.Sessions.Open, err)
	}
}
