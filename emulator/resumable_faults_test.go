package emulator_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// What each fault leaves of a chunk: how much the next query finds.
func TestAFaultOfAChunk(t *testing.T) {
	const chunk = 20_000
	applied := func(e emulator.Effect) emulator.Effect {
		e.Apply = true
		return e
	}
	for _, tt := range []struct {
		effect   emulator.Effect
		received int
	}{
		{emulator.Refuse("503"), 0},
		{applied(emulator.Refuse("503")), chunk},
		{emulator.Refuse("400-upload-quota"), 0},
		{emulator.HTML(), 0},
		{applied(emulator.EmptyAnswer()), chunk},
		{emulator.CutBefore(), 0},
		{emulator.ApplyThenCut(), chunk},
		{emulator.CutRequest(0), 0},
		{emulator.CutRequest(1), 1},
		{emulator.CutRequest(10_001), 10_001},
		{emulator.CutRequest(1 << 40), chunk},
		{emulator.CutAnswer(0), chunk}, // there is nothing to cut
		{emulator.Effect{Name: "stall", Delay: 1}, 0},
		{emulator.Slow(1), chunk},
	} {
		t.Run(fmt.Sprint(tt.effect), func(t *testing.T) {
			everyWayWith(t, emulator.Config{ChunkGranularity: chunk}, func(t *testing.T, c *client) {
				file := media(chunk+10, 1)
				u := c.start(len(file))
				c.plan(emulator.Fault{Operation: "uploads.chunk", Effect: tt.effect})
				if a, err := c.try(u.sending("upload", 0, file[:chunk])); err == nil && a.status != 200 {
					a.wantBareError(t, a.status, map[int]int{503: 14, 400: 3}[a.status], "")
				}
				u.wantReceived(tt.received)
				u.send("upload, finalize", tt.received, file[tt.received:]).wantToken(t)
				c.wantClean()
			})
		})
	}
}

// A finished upload whose answer is lost has its token at the next query; one
// that was cut on its way in is not finished, though all its bytes came.
func TestAFaultOfAFinalize(t *testing.T) {
	everyWay(t, func(t *testing.T, c *client) {
		file := media(1000, 1)
		for _, effect := range []emulator.Effect{emulator.ApplyThenCut(), emulator.CutAnswer(10), {Name: "500", Apply: true}} {
			u := c.start(len(file))
			c.plan(emulator.Fault{Operation: "uploads.finalize", Effect: effect})
			if _, err := c.try(u.sending("upload, finalize", 0, file)); err == nil && effect.Name != "500" {
				t.Errorf("%s: no error", effect.Name)
			}
			c.createIDs(batch("", nil, u.command("query").wantToken(t)))
		}
		u := c.start(len(file))
		c.plan(emulator.Fault{Operation: "uploads.finalize", Effect: emulator.CutRequest(1 << 40)})
		r := u.sending("upload, finalize", 0, file)
		_, err := c.try(r)
		c.wantBroken(r, err)
		u.wantReceived(len(file))
		u.command("finalize").wantToken(t)
	})
}

// Faults of the other commands.
func TestAFaultOfACommandWithoutBytes(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		c.plan(emulator.Fault{Operation: "uploads.start", Effect: emulator.Refuse("503")})
		c.do(c.startRequest(10)).wantBareError(t, 503, 14, "")
		c.plan(emulator.Fault{Operation: "uploads.start", Effect: emulator.CutRequest(0)})
		r := c.startRequest(10)
		_, err := c.try(r)
		c.wantBroken(r, err)

		u := c.start(10)
		c.plan(emulator.Fault{Operation: "uploads.query", Effect: emulator.Refuse("413")}) // contract 11 #17
		a := u.command("query")
		a.wantRefused(t, 413, "", "Request Entity Too Large")
		c.plan(emulator.Fault{Operation: "uploads.query", Effect: emulator.EmptyAnswer()})
		u.command("query").wantUpload(t, 200, "", -1)
		c.plan(emulator.Fault{Operation: "uploads.cancel", Effect: emulator.ApplyThenCut()})
		r = u.request("cancel", nil)
		_, err = c.try(r)
		c.wantBroken(r, err)
		u.command("query").wantUpload(t, 200, "cancelled", -1)
		c.upload(photo(1)) // raw uploads are another operation
		c.wantClean()
	})
}

// A request to a session is matched by the file name of the start and by the
// bytes that it brings itself.
func TestAFaultMatchesARequestToASession(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		file := media(granularity, 1)
		raw := sha256.Sum256(file)
		r := c.startRequest(int64(len(file)))
		r.Header.Set("X-Goog-Upload-File-Name", "K%C3%B6ln.gif")
		u := session{c, c.do(r).header.Get("X-Goog-Upload-URL")}
		for _, match := range []string{"Köln", hex.EncodeToString(raw[:9])} {
			c.plan(emulator.Fault{Operation: "uploads.finalize", Match: match, Effect: emulator.CutRequest(7)})
			other := c.start(len(file))
			other.send("upload, finalize", 0, media(granularity, 2)).wantToken(t)
			_, err := c.try(u.sending("upload, finalize", 0, file))
			if err == nil {
				t.Error("no error")
			}
			u.wantReceived(7)
			u.command("cancel")
			u = c.start(len(file))
		}
	})
}

// What breaks off by itself while a fault looks into it is kept all the same.
func TestABrokenChunkThatWasLookedIntoKeepsItsBytes(t *testing.T) {
	everyWay(t, func(t *testing.T, c *client) {
		if err := c.s.Plan(emulator.Fault{Operation: "*", Match: "nowhere", Effect: emulator.Refuse("503")}); err != nil {
			t.Fatal(err)
		}
		file := media(granularity, 1)
		u := c.start(len(file))
		broken := errors.New("the card was pulled out")
		r := u.withLength("upload, finalize", io.MultiReader(strings.NewReader(string(file[:100_000])), &failingReader{broken}), len(file))
		if _, err := c.try(r); !errors.Is(err, broken) {
			t.Errorf("error %v, want %v", err, broken)
		}
		u.wantReceivedSoon(100_000)
		c.createIDs(batch("", nil, u.send("upload, finalize", 100_000, file[100_000:]).wantToken(t)))
		c.wantItems(file)
	})
}

// resumably sends a file as the protocol wants it, whatever happens: after
// anything that is no plain success it asks how far the session is. It returns
// the token and what was seen on the way.
func (c *client) resumably(file []byte, chunk int) (token string, seen []string) {
	c.t.Helper()
	var u session
	ask := false
	at := 0
	for range 100 {
		r := c.startRequest(int64(len(file)))
		switch {
		case u.url != "" && ask:
			r = u.request("query", nil)
		case u.url != "" && len(file)-at > chunk:
			r = u.sending("upload", at, file[at:at+chunk])
		case u.url != "":
			r = u.sending("upload, finalize", at, file[at:])
		}
		start := time.Now()
		a, err := c.try(r)
		state := a.header.Get("X-Goog-Upload-Status")
		seen = append(seen, fmt.Sprintf("%s: %d %s %v after %v", r.Header.Get("X-Goog-Upload-Command"), a.status, state, err != nil, time.Since(start)))
		switch {
		case err != nil || a.status != 200 || state == "":
			ask = true
		case state == "final" && strings.HasPrefix(string(a.body), "CAIS"):
			return string(a.body), seen
		case u.url == "":
			u, ask = session{c, a.header.Get("X-Goog-Upload-URL")}, false
		default:
			at, ask = u.receivedOf(a), false
		}
	}
	c.t.Fatalf("no token in 100 requests: %q", seen)
	return "", nil
}

// Chaos does the same to the same resumable uploads, in another order and on
// another server; and a client that keeps to the protocol gets through it.
func TestChaosOfResumableUploadsIsReproducible(t *testing.T) {
	run := func(seed uint64, order []int) (all map[string][]string) {
		all = map[string][]string{}
		synctest.Test(t, func(t *testing.T) {
			c := direct(t, emulator.Config{Chaos: emulator.Chaos{Seed: seed, Rate: 0.5}, ChunkGranularity: 100})
			var mu sync.Mutex
			var done sync.WaitGroup
			for _, n := range order {
				done.Go(func() {
					token, seen := c.resumably(media(400+n, n), 100) // the sizes differ: a start says no more
					mu.Lock()
					defer mu.Unlock()
					all[fmt.Sprint(n)] = seen
					if token == "" {
						t.Error("no token")
					}
				})
			}
			done.Wait()
			all["disturbed"] = []string{fmt.Sprint(c.s.Disturbed())}
			c.wantClean()
		})
		return all
	}
	one := run(1, []int{1, 2, 3, 4, 5, 6})
	if diff := cmp.Diff(one, run(1, []int{6, 5, 4, 3, 2, 1})); diff != "" {
		t.Error(diff)
	}
	if cmp.Equal(one, run(2, []int{1, 2, 3, 4, 5, 6})) {
		t.Error("another seed does the same")
	}
}

// Through any chaos, what arrives is what was sent.
func TestResumableUploadsComeThroughChaosWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for seed := range uint64(40) {
			c := direct(t, emulator.Config{Chaos: emulator.Chaos{Seed: seed, Rate: 0.7}, ChunkGranularity: 100})
			file := media(350, int(seed))
			token, _ := c.resumably(file, 200)
			for range 10 { // batchCreate is disturbed as well
				_, _ = c.try(c.batchRequest(batch("", nil, token)))
			}
			c.wantItems(file)
			c.wantClean()
		}
	})
}

// A refusal by a fault comes from in front of the service, which knows nothing
// of sessions.
func TestARefusalByAFaultSaysNothingOfTheSession(t *testing.T) {
	c := direct(t, emulator.Config{})
	u := c.start(10)
	for _, name := range []string{"429-minute", "500", "401-upload"} {
		c.plan(emulator.Fault{Operation: "uploads.query", Effect: emulator.Refuse(name)})
		if a := u.command("query"); a.header.Get("X-Goog-Upload-Status") != "" || a.status == http.StatusOK {
			t.Errorf("%s: %d %v", name, a.status, a.header)
		}
	}
}
