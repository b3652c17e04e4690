package watch_test

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/report"
)

var (
	weeks    = flag.Int("weeks", 2, "number of seeds that TestAWeek tries")
	weekSeed = flag.Uint64("week-seed", 0, "the one seed that TestAWeek tries; 0 tries many")
)

// A week with arrivals, faults, restarts, kills at any request, and roots that go away: at its end the library is the folder, nothing is doubled, and every
// file has one end.
func TestAWeek(t *testing.T) {
	if *weekSeed != 0 {
		aWeek(t, *weekSeed)
		return
	}
	for seed := range uint64(*weeks) {
		t.Run(fmt.Sprint("seed ", seed+1), func(t *testing.T) {
			aWeek(t, seed+1)
			if t.Failed() {
				t.Logf("run it again with: go test ./internal/watch -run 'TestAWeek$' -week-seed %d", seed+1)
			}
		})
	}
}

// week is a week that is under way.
type week struct {
	*world
	rand *rand.Rand
	wire *broken
	tale []string // what happened, for whoever has to find out
	away bool     // the root is

	mu    sync.Mutex
	kill  int  // at which request from now on everything dies; 0 is never. Guarded by mu
	heard bool // by the service. Guarded by mu
}

func aWeek(t *testing.T, seed uint64) {
	inBubbleWith(t, emulator.Config{Chaos: emulator.Chaos{Seed: seed, Rate: 0.05}}, func(t *testing.T, w *world) {
		k := &week{world: w, rand: rand.New(rand.NewPCG(seed, 7))}
		k.wire = w.breakable()
		w.job.Run.Transfers = 1 + int(seed%3)
		k.onlyKills()
		end := time.Now().Add(7 * 24 * time.Hour)
		k.begin()
		for time.Now().Before(end) {
			k.step()
			pass(time.Duration(k.rand.ExpFloat64() * float64(90*time.Minute)))
			k.revive()
		}
		k.mend()
		pass(24 * time.Hour) // the longest pause of a file that failed, and then some
		k.revive()
		pass(24 * time.Hour)
		k.wantAll()
		k.wantNothingElse()
		if s := k.wantSums(); s.Open != 0 || s.Ends[report.Failed] != 0 || len(s.Trouble) != 0 {
			t.Errorf("at the end %d are open, ends %v, trouble %+v, failures %+v", s.Open, s.Ends, s.Trouble, s.Failures)
		}
		if len(k.service.Disturbed()) == 0 || len(k.service.MediaItems()) < 20 {
			t.Errorf("%d disturbances and %d media items: a week like that proves nothing", len(k.service.Disturbed()), len(k.service.MediaItems()))
		}
		if t.Failed() {
			t.Log(strings.Join(k.tale, "\n"))
		}
	})
}

// step is something that happens.
func (k *week) step() {
	steps := []struct {
		weight int
		name   string
		do     func()
	}{
		{16, "photos come", k.arrive},
		{2, "a photo is renamed", k.renamed},
		{1, "a copy comes", k.copied},
		{2, "killed", func() { k.world.kill() }},
		{3, "killed at a request", k.killLater},
		{1, "stopped", func() {
			if k.done != nil {
				if err := k.stop(); err != nil {
					k.t.Errorf("it was stopped, and ended with %v", err)
				}
			}
		}},
		{2, "the network goes for a while", func() {
			k.wire.with(noNetwork)
			time.AfterFunc(time.Duration(k.rand.Int64N(int64(90*time.Minute))), k.onlyKills)
		}},
		{1, "the sign-in ends", func() { k.signAs("revoked", "dead") }},
		{3, "somebody signs in", k.signedIn},
		{1, "the root goes away", k.goes},
		{4, "the root is back", k.comesBack},
		{1, "rescan", func() { k.watch.Rescan() }},
	}
	total := 0
	for _, s := range steps {
		total += s.weight
	}
	at := k.rand.IntN(total)
	for _, s := range steps {
		if at -= s.weight; at < 0 {
			k.tale = append(k.tale, time.Now().Format("Mon 15:04:05 ")+s.name)
			s.do()
			return
		}
	}
}

// revive starts the watch again where it has died.
func (k *week) revive() {
	if k.done != nil {
		select {
		case err := <-k.done:
			k.done = nil
			if err == nil || !strings.Contains(err.Error(), errKilled.Error()) {
				k.t.Errorf("it ended by itself with %v", err)
			}
		default:
			return
		}
	}
	k.eyes = nil
	k.begin()
}

func (k *week) arrive() {
	for range 1 + k.rand.IntN(6) {
		if !k.away {
			k.photo(fmt.Sprintf("Album %d/%03d.jpg", k.rand.IntN(4), k.n))
		}
	}
}

func (k *week) any() (path string, ok bool) {
	found, _ := filepath.Glob(filepath.Join(k.dir, "*", "*.jpg"))
	if len(found) == 0 || k.away {
		return "", false
	}
	return found[k.rand.IntN(len(found))], true
}

func (k *week) renamed() {
	if path, ok := k.any(); ok {
		if err := os.Rename(path, strings.TrimSuffix(path, ".jpg")+"r.jpg"); err != nil {
			k.t.Error(err)
		}
		k.poke()
	}
}

func (k *week) copied() {
	if path, ok := k.any(); ok {
		body, err := os.ReadFile(path)
		if err != nil {
			k.t.Error(err)
		}
		rel, _ := filepath.Rel(k.dir, path)
		k.write(strings.TrimSuffix(rel, ".jpg")+"c.jpg", body)
	}
}

func noNetwork(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
	return nil, syscall.ENETUNREACH
}

// killLater lets everything die at one of the next requests, before or after the service has heard of it.
func (k *week) killLater() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kill, k.heard = 1+k.rand.IntN(12), k.rand.IntN(2) == 0
}

// onlyKills is a network that works, until somebody is killed at a request.
func (k *week) onlyKills() {
	k.wire.with(func(req *http.Request) (*http.Response, error) {
		k.mu.Lock()
		now := k.kill == 1
		if k.kill > 0 {
			k.kill--
		}
		heard := k.heard
		k.mu.Unlock()
		if !now {
			return k.wire.next.RoundTrip(req)
		}
		k.end(errKilled)
		if !heard {
			if req.Body != nil {
				_ = req.Body.Close()
			}
			return nil, errKilled
		}
		if resp, err := k.wire.next.RoundTrip(req); err == nil {
			_ = resp.Body.Close()
		}
		return nil, errKilled
	})
}

func (k *week) signedIn() {
	k.signAs(k.service.AccessToken(), fmt.Sprint("at ", time.Now()))
}

func (k *week) goes() {
	if !k.away {
		k.takeAway()
		k.away = true
	}
}

func (k *week) comesBack() {
	if k.away {
		k.bringBack()
		k.away = false
	}
}

// mend puts everything right.
func (k *week) mend() {
	k.mu.Lock()
	k.kill = 0
	k.mu.Unlock()
	k.onlyKills()
	k.signedIn()
	k.comesBack()
	k.tale = append(k.tale, "all is well from here on")
}

// wantNothingElse checks that all that is in the library was in the folder.
func (k *week) wantNothingElse() {
	k.t.Helper()
	there := map[[sha256.Size]byte]bool{}
	found, _ := filepath.Glob(filepath.Join(k.dir, "*", "*.jpg"))
	for _, path := range found {
		body, err := os.ReadFile(path)
		if err != nil {
			k.t.Fatal(err)
		}
		there[sha256.Sum256(body)] = true
	}
	for _, m := range k.service.MediaItems() {
		if !there[m.SHA256] {
			k.t.Errorf("%s is in the library, and not in the folder", m.Filename)
		}
	}
}
