package tape_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/tape"
)

func TestARecordingTellsWhatHappened(t *testing.T) {
	head, all := exchanges(t, recordedStory(t, tape.Config{Program: "mine/1", Words: true}))
	if head.Recording != "albumwright" || head.Version != tape.Version || head.Program != "mine/1" || !head.Words || head.Began.IsZero() {
		t.Errorf("the head is %+v", head)
	}
	got := all[0]
	got.At, got.Took = 0, 0
	id := got.Answer.Body.JSON
	want := tape.Exchange{
		Request: tape.Request{
			Method: "POST", Path: "/v1/albums",
			Header: map[string]string{"Authorization": "Bearer access-token-1", "Content-Type": "application/json"},
			Body:   &tape.Body{Bytes: 40, JSON: []byte(`{"album":{"title":"Grandmother's 80th"}}`)},
		},
		Answer: &tape.Answer{
			Status: 200, Header: map[string]string{"Content-Type": "application/json; charset=UTF-8"},
			Body: &tape.Body{Bytes: got.Answer.Body.Bytes, JSON: id},
		},
	}
	delete(got.Answer.Header, "Content-Length")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the first exchange (-want +got):\n%s", diff)
	}
	var lines []string
	for _, e := range all {
		lines = append(lines, fmt.Sprintf("%s %s %d", e.Request.Method, strings.NewReplacer(idsOf(all)...).Replace(e.Request.Path), e.Answer.Status))
	}
	if diff := cmp.Diff([]string{
		"POST /v1/albums 200", "GET /v1/albums 200", "POST /v1/uploads 200", "POST /upload-session-1 200", "POST /upload-session-1 200",
		"POST /upload-session-1 200", "POST /v1/uploads 200", "POST /v1/uploads 200", "POST /v1/mediaItems:batchCreate 200", "GET /v1/mediaItems/ID 200",
		"GET /base-url-2=w64-h64 200", "PATCH /v1/mediaItems/ID 200", "GET /v1/mediaItems 200", "GET /v1/mediaItems 200", "POST /v1/mediaItems:search 200",
		"POST /v1/albums/ID:addEnrichment 200", "POST /v1/mediaItems:batchCreate 400",
	}, lines); diff != "" {
		t.Errorf("the story (-want +got):\n%s", diff)
	}
}

// idsOf are the ids in the paths, each with what stands for it.
func idsOf(all []tape.Exchange) (pairs []string) {
	for _, e := range all {
		if parts := strings.Split(e.Request.Path, "/"); len(parts) == 4 {
			id, _, _ := strings.Cut(parts[3], ":")
			pairs = append(pairs, id, "ID")
		}
	}
	return pairs
}

func TestTheUsersWordsAreBlankedUnlessTheyAreWanted(t *testing.T) {
	mine := []string{"Grandmother", "80th", "Words of mine", "Another word", "IMG_0", "Our house", "52.5", "13.4"}
	kept, blanked := recordedStory(t, tape.Config{Words: true}), recordedStory(t, tape.Config{})
	for _, word := range mine {
		if !bytes.Contains(kept, []byte(word)) {
			t.Errorf("%q is not in the recording that keeps words", word)
		}
		if bytes.Contains(blanked, []byte(word)) {
			t.Errorf("%q is in the recording that blanks words", word)
		}
	}
	for _, stays := range []string{`"title":"xxxxxxxxxxxxxxxxxx"`, `"fileName":"xxxxx.jpg"`, `"latitude":0`, `"description":"xxxxxxxxxxxxxxx"`} {
		if !bytes.Contains(blanked, []byte(stays)) {
			t.Errorf("%s is not in the recording that blanks words", stays)
		}
	}
}

func TestBlankedWordsAreAsLongAsTheyWere(t *testing.T) {
	for title, want := range map[string]string{"": "", "Ötztal 2024": "éxxxxxxxxxx", "写真📷.jpg": "一一😀xxxx", "a\nb": "x\nx"} {
		var c *client
		recording := recorded(t, tape.Config{}, func(between func(http.RoundTripper) http.RoundTripper) {
			_, c = service(t, emulator.Config{}, between)
		}, func() { c.ask("POST", "/v1/albums", fmt.Sprintf(`{"album":{"title":%q}}`, title)) })
		_, all := exchanges(t, recording)
		if got := string(all[0].Request.Body.JSON); got != fmt.Sprintf(`{"album":{"title":%q}}`, want) {
			t.Errorf("%q is recorded as %s, want %q", title, got, want)
		}
		if len(title) != len(want) {
			t.Errorf("%q has %d bytes, %q has %d", title, len(title), want, len(want))
		}
	}
}

// fullDisk takes so many bytes.
type fullDisk struct {
	bytes.Buffer
	left int
}

var errDiskFull = errors.New("no space left on device")

func (d *fullDisk) Write(p []byte) (int, error) {
	if len(p) <= d.left {
		d.left -= len(p)
		return d.Buffer.Write(p)
	}
	n, _ := d.Buffer.Write(p[:d.left])
	d.left = 0
	return n, errDiskFull
}

func (d *fullDisk) Truncate(size int64) error { d.Buffer.Truncate(int(size)); return nil }

func TestAFullDiskDisturbsNobodyAndIsTold(t *testing.T) {
	disk := &fullDisk{left: 3000}
	rec, err := tape.New(disk, tape.Config{})
	if err != nil {
		t.Fatal(err)
	}
	_, c := service(t, emulator.Config{}, rec.Transport)
	c.story()
	err = rec.Close()
	_, all := exchanges(t, disk.Bytes())
	if want := fmt.Sprintf("not complete, %d exchanges are missing: no space left", storyLength-len(all)); err == nil || !strings.Contains(err.Error(), want) || len(all) == 0 {
		t.Errorf("Close says %v with %d exchanges kept, want %q", err, len(all), want)
	}
	if _, err := tape.New(&fullDisk{}, tape.Config{}); !errors.Is(err, errDiskFull) {
		t.Errorf("New says %v, want that the disk is full", err)
	}
}

func TestAFileOfSomethingElseIsNotOverwritten(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.jsonl")
	for _, old := range []string{"", "my diary", "{}\n", strings.Repeat("x", 1<<20), `{"recording":"albumwright","version":99}` + "\n", `{"recording":"albumwright","version":1}` + "\n" + "x"} {
		if err := os.WriteFile(path, []byte(old), 0o644); err != nil {
			t.Fatal(err)
		}
		rec, err := tape.Create(path, tape.Config{})
		if wanted := old == "" || strings.Contains(old, "albumwright"); wanted != (err == nil) {
			t.Errorf("over %.50q: %v", old, err)
		}
		if err != nil {
			if b, _ := os.ReadFile(path); string(b) != old {
				t.Errorf("%.50q was overwritten", old)
			}
			continue
		}
		if err := rec.Close(); err != nil {
			t.Error(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the file has mode %v, %v; want 0600", info.Mode(), err)
		}
		b, _ := os.ReadFile(path)
		if head, all := exchanges(t, b); head.Version != tape.Version || len(all) != 0 {
			t.Errorf("%q is not a new recording", b)
		}
	}
	for _, bad := range []string{dir, filepath.Join(dir, "none", "a.jsonl"), os.DevNull} {
		if _, err := tape.Create(bad, tape.Config{}); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

func TestALargeUploadIsRecordedInBoundedMemory(t *testing.T) {
	const size = 64 << 20
	rec, err := tape.New(io.Discard, tape.Config{})
	if err != nil {
		t.Fatal(err)
	}
	swallow := handlerTransport{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		for range size >> 20 {
			_, _ = io.Copy(io.Discard, io.LimitReader(zeros{}, 1<<20))
		}
	})}
	req, err := http.NewRequestWithContext(t.Context(), "POST", "http://service.test/v1/albums", io.NopCloser(io.LimitReader(zeros{}, size)))
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = size
	req.Header.Set("Content-Type", "application/json") // the kind of body that is held
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	resp, err := rec.Transport(swallow).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 16<<20 {
		t.Errorf("%d MB were allocated for a body of %d MB", grown>>20, size>>20)
	}
}

// zeros has no end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestNoRecorderRecordsNothing(t *testing.T) {
	var rec *tape.Recorder
	wire := rec.Transport(http.DefaultTransport)
	if wire != http.DefaultTransport || rec.Close() != nil {
		t.Error("a recorder that is none stands in the way")
	}
}

func TestJSONThatIsSaidToBeAFormIsJSON(t *testing.T) {
	var c *client
	recording := recorded(t, tape.Config{Words: true}, func(between func(http.RoundTripper) http.RoundTripper) {
		_, c = service(t, emulator.Config{}, between)
	}, func() {
		c.ask("POST", "/v1/albums", `{"album":{"title":"By curl"}}`, "Content-Type: application/x-www-form-urlencoded")
	})
	_, all := exchanges(t, recording)
	if got := string(all[0].Request.Body.JSON); got != `{"album":{"title":"By curl"}}` {
		t.Errorf("recorded as %+v", all[0].Request.Body)
	}
}
