package pipeline_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/tape"
	"github.com/albumwright/albumwright/pipeline"
)

// smallImport is a recording of the import of five photos into one album, of which one was refused once. It is made with -update.
const smallImport = "testdata/recordings/small-import.jsonl"

func fivePhotos(w *world) { w.series("Pier", "p", 5, 0) }

// player plays the recording.
func player(t *testing.T) *tape.Player {
	t.Helper()
	b, err := os.ReadFile(smallImport)
	if err != nil {
		t.Fatal(err)
	}
	p, err := tape.Load(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheClientStillAsksWhatWasRecorded(t *testing.T) {
	if *update {
		inBubble(t, "record", recordSmallImport)
	}
	inBubble(t, "play", func(t *testing.T) {
		w, p := newWorld(t), player(t)
		fivePhotos(w)
		w.wire = p.Transport()
		rep := w.run()
		wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 5})
		if rep.Requests.Total() != p.Exchanges() {
			t.Errorf("%d requests, want the %d that were recorded", rep.Requests.Total(), p.Exchanges())
		}
		if left, err := p.NeverAsked(); err != nil || len(left) > 0 || len(p.Unexpected()) > 0 {
			t.Errorf("never asked: %q, %v; not recorded: %q", left, err, p.Unexpected())
		}
	})
}

func recordSmallImport(t *testing.T) {
	rec, err := tape.Create(smallImport, tape.Config{Program: "albumwright", Words: true})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	fivePhotos(w)
	if err := w.service.Plan(emulator.Fault{Operation: "uploads", Nth: 3, Effect: emulator.Refuse("503")}); err != nil {
		t.Fatal(err)
	}
	w.wire = rec.Transport(w.service.Transport())
	w.run()
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAClientThatAsksSomethingElseIsFoundOut(t *testing.T) {
	for name, change := range map[string]func(*world){
		"another photo":      func(w *world) { w.n++; fivePhotos(w) },
		"one photo more":     func(w *world) { fivePhotos(w); w.photo("Pier/more.jpg", 30) },
		"one photo less":     func(w *world) { w.series("Pier", "p", 4, 0) },
		"another album":      func(w *world) { w.cfg.Album, w.cfg.AlbumBy = "Other", ""; fivePhotos(w) },
		"another name":       func(w *world) { fivePhotos(w); w.rename("Pier/p001.jpg", "Pier/q.jpg") },
		"another order":      func(w *world) { w.series("Pier", "p", 5, 0); w.write("Pier/p001.jpg", fixture.TinyJPEG(5, noon(-1))) },
		"no album":           func(w *world) { w.cfg.AlbumBy = "none"; fivePhotos(w) },
		"nothing to be done": func(*world) {},
	} {
		inBubble(t, name, func(t *testing.T) {
			w, p := newWorld(t), player(t)
			change(w)
			w.wire = p.Transport()
			_, _ = w.try(t.Context())
			left, err := p.NeverAsked()
			if err != nil || len(left)+len(p.Unexpected()) == 0 {
				t.Errorf("the recording fits: %v", err)
			}
		})
	}
}

// Secrets of an import as the emulator makes them.
var importSecrets = regexp.MustCompile(`CAIS[A-Za-z0-9_-]{100,}|AEnB2U[A-Za-z0-9_-]{50,}|/lh/[A-Za-z0-9_-]{20,}`)

func TestTheRecordingOfAnImportHasNoSecret(t *testing.T) {
	inBubble(t, "all", func(t *testing.T) {
		var recording, passed bytes.Buffer
		rec, err := tape.New(&recording, tape.Config{Words: true})
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t)
		smallLibrary(w)
		w.write("Pier/large.jpg", fixture.JPEG(fixture.Spec{Seed: 9, Captured: noon(40), PadTo: 9 << 20}))
		if err := w.service.Plan(
			emulator.Fault{Operation: "uploads", Nth: 2, Effect: emulator.ApplyThenCut()},
			emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.Refuse("429-minute")},
		); err != nil {
			t.Fatal(err)
		}
		w.cfg.Transfers = 1 // what passes is noted without a lock
		w.wire = rec.Transport(faulty{w.service.Transport(), func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			if err != nil {
				return nil, err
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body = io.NopCloser(bytes.NewReader(body))
			passed.WriteString(req.URL.String() + "\n")
			_ = resp.Header.Write(&passed)
			passed.Write(body)
			return resp, err
		}})
		w.run()
		if err := rec.Close(); err != nil {
			t.Fatal(err)
		}
		secrets := map[string]bool{w.service.AccessToken(): true}
		for _, s := range importSecrets.FindAllString(passed.String(), -1) {
			secrets[s] = true
		}
		if len(secrets) < 7 { // six files
			t.Errorf("only %d secrets have passed", len(secrets))
		}
		for s := range secrets {
			for how, form := range map[string]string{
				"as it is": s, "percent-encoded": url.QueryEscape(s), "in hex": hex.EncodeToString([]byte(s)),
				"in base64": strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(s)), "="), "in base64url": base64.RawURLEncoding.EncodeToString([]byte(s)),
			} {
				if strings.Contains(recording.String(), form) {
					t.Errorf("%s is in the recording %s", s, how)
				}
			}
		}
	})
}
