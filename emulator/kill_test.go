package emulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"runtime"
	"testing"
	"time"
)

// Whatever was answered before the process is killed is there afterwards, and
// so is every byte of a resumable upload that had come.
func TestAKilledServerGoesOnWhereItWas(t *testing.T) {
	dir := t.TempDir()
	p := serveElsewhere(t, dir)
	file := media(8*granularity+77, 1)
	u := session{p.client, p.startsAt(len(file))}
	u.send("upload", 0, file[:2*granularity]).wantUpload(t, 200, "active", 2*granularity)
	done := session{p.client, p.startsAt(100)}
	token := done.send("upload, finalize", 0, media(100, 2)).wantToken(t)
	album := p.album("Kept")

	created, some := make(chan []string), make(chan struct{})
	go func() { created <- p.createUntilKilled(album, some) }()
	const came = 4*granularity + 4321
	body, feed := io.Pipe()
	r := u.withLength("upload, finalize", body, len(file)-2*granularity)
	r.Header.Set("X-Goog-Upload-Offset", "524288")
	broken := make(chan error)
	go func() {
		_, err := p.try(r)
		broken <- err
	}()
	_, _ = feed.Write(file[2*granularity : came]) // and no more
	waitForBytes(t, dir, came)
	<-some
	p.kill()
	_ = feed.Close()
	if err := <-broken; err == nil {
		t.Error("there was an answer")
	}
	answered := <-created

	p = serveElsewhere(t, dir)
	u, done = u.at(p), done.at(p)
	u.wantReceived(came)
	if again := done.command("query").wantToken(t); again != token {
		t.Error("the finished upload has another token")
	}
	rest := u.send("upload, finalize", came, file[came:]).wantToken(t)
	ids := p.createIDs(batch(album, nil, rest, token))
	if got := p.open("/media/" + ids[0]).body; !bytes.Equal(got, file) {
		t.Errorf("the item has %d bytes, want %d: or others", len(got), len(file))
	}
	there := map[string]bool{}
	for _, id := range p.inAlbum(album) {
		there[id] = true
	}
	for _, id := range append(answered, ids...) {
		if !there[id] {
			t.Errorf("item %s was answered and is not there", id)
		}
	}
	if left := partialFiles(t, dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	p.close()
}

// startsAt starts a resumable upload, and returns its address.
func (p process) startsAt(size int) string {
	p.t.Helper()
	return p.start(size).url
}

// at is a session on another server of its folder, which has another port.
func (u session) at(p process) session {
	return session{p.client, p.base + u.url[len(u.base):]}
}

// createUntilKilled makes media items in an album until nobody answers any more,
// and returns those that were answered. It closes some when there are a few.
func (p process) createUntilKilled(album string, some chan<- struct{}) (ids []string) {
	for n := 0; ; n += 2 {
		if n == 20 {
			close(some)
		}
		var tokens []string
		for i := range 2 {
			a, err := p.try(p.uploadRequest(bytes.NewReader(photo(n + i))))
			if err != nil {
				return ids
			}
			tokens = append(tokens, string(a.body))
		}
		a, err := p.try(p.batchRequest(batch(album, nil, tokens...)))
		if err != nil {
			return ids
		}
		var res struct{ NewMediaItemResults []result }
		if err := json.Unmarshal(a.body, &res); err != nil || len(res.NewMediaItemResults) != 2 {
			p.t.Errorf("%d %s", a.status, a.body)
		}
		for _, r := range res.NewMediaItemResults {
			ids = append(ids, r.MediaItem.ID)
		}
	}
}

// waitForBytes waits until so much of a folder's one unfinished session is on
// disk.
func waitForBytes(t *testing.T, dir string, want int64) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); time.Now().Before(deadline); runtime.Gosched() {
		for _, path := range partialFiles(t, dir) {
			if info, err := os.Stat(path); err == nil && info.Size() == want {
				return
			}
		}
	}
	t.Fatalf("the bytes did not come: %v", partialFiles(t, dir))
}
