package emulator_test

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// Where everything is disturbed, a request that is repeated gets through all
// the same after MaxAttempts, 3 by default; entries have as many of their own.
func TestChaosLetsThePatientThrough(t *testing.T) {
	for _, tt := range []struct{ configured, want int }{{0, 3}, {1, 1}, {5, 5}} {
		synctest.Test(t, func(t *testing.T) {
			c := direct(t, emulator.Config{Chaos: emulator.Chaos{Seed: 7, Rate: 1, MaxAttempts: tt.configured}})
			token := c.token(1)
			before := c.s.Disturbed()
			for _, request := range []func() *http.Request{
				func() *http.Request { return c.uploadRequest(strings.NewReader(string(photo(2)))) },
				func() *http.Request { return c.albumRequest("x") },
				func() *http.Request { return c.request(http.MethodGet, "/v1/albums", nil) },
				func() *http.Request { return c.request(http.MethodGet, "/v1/albums?prettyPrint=false", nil) }, // the same
			} {
				for range tt.want {
					_, _ = c.try(request())
				}
				c.do(request()).wantStatus(t, http.StatusOK)
			}
			if n := whole(c.s) - sum(before); n != 3*tt.want {
				t.Errorf("%d were disturbed, want %d", n, 3*tt.want)
			}
			start := whole(c.s)
			for range 2 * tt.want {
				_, _ = c.try(c.batchRequest(batch("", nil, token)))
			}
			if n, items := whole(c.s)-start, c.s.Disturbed()["item"]; n != tt.want || items != tt.want {
				t.Errorf("the batch was disturbed %d times, its entry %d times, want %d each", n, items, tt.want)
			}
			c.createIDs(batch("", nil, token))
			c.wantClean()
		})
	}
}

func sum(counts map[string]int) (n int) {
	for _, times := range counts {
		n += times
	}
	return n
}

// A batch is the set of its contents and its album: not their order, nor their
// tokens, nor their place.
func TestChaosKnowsABatchByItsContents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{Chaos: emulator.Chaos{Seed: 3, Rate: 1, MaxAttempts: 1}})
		for range 2 {
			_, _ = c.try(c.albumRequest("Lake"))
		}
		album := c.s.Albums()[0].ID
		one, two := c.token(1), c.token(2)
		_, _ = c.try(c.batchRequest(batch(album, nil, one, two)))
		before := whole(c.s)
		res := c.create(batch(album, map[string]any{"position": "FIRST_IN_ALBUM"}, two, c.token(1)))
		if whole(c.s) != before || res[0].Status.Code == 0 || res[1].Status.Code == 0 {
			t.Errorf("disturbed as a whole %d times more, results %+v", whole(c.s)-before, res)
		}
		_, _ = c.try(c.batchRequest(batch("", nil, one, two)))
		if whole(c.s) != before+1 {
			t.Error("without its album it is taken for the same")
		}
	})
}

// A planned fault comes first, and chaos leaves its request alone.
func TestAPlannedFaultGoesBeforeChaos(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{Chaos: emulator.Chaos{Seed: 1, Rate: 1, MaxAttempts: 1}})
		c.plan(emulator.Fault{Operation: "albums.list", Effect: emulator.Refuse("413")})
		c.get("/v1/albums").wantStatus(t, http.StatusRequestEntityTooLarge)
		if diff := cmp.Diff(map[string]int{"413": 1}, c.s.Disturbed()); diff != "" || c.s.Met() != 1 {
			t.Errorf("met %d\n%s", c.s.Met(), diff)
		}
		_, _ = c.try(c.request(http.MethodGet, "/v1/albums", nil))
		if c.s.Met() != 1 || sum(c.s.Disturbed()) != 2 {
			t.Errorf("met %d, disturbed %v", c.s.Met(), c.s.Disturbed())
		}
	})
}

// About as many as were asked for, and none by default.
func TestChaosKeepsToItsRate(t *testing.T) {
	for _, rate := range []float64{0, 0.2, 1} {
		synctest.Test(t, func(t *testing.T) {
			c := direct(t, emulator.Config{Chaos: emulator.Chaos{Seed: 5, Rate: rate}})
			const n = 2000
			for i := range n {
				_, _ = c.try(c.albumRequest(fmt.Sprint(i)))
			}
			if got := float64(sum(c.s.Disturbed())) / n; math.Abs(got-rate) > 0.04 {
				t.Errorf("rate %v, want %v", got, rate)
			}
		})
	}
}

// A field that makes no sense is named.
func TestChaosMustMakeSense(t *testing.T) {
	for _, tt := range []struct {
		chaos emulator.Chaos
		want  string
	}{
		{emulator.Chaos{Rate: -0.1}, "Config.Chaos.Rate"},
		{emulator.Chaos{Rate: 1.1}, "Config.Chaos.Rate"},
		{emulator.Chaos{Rate: math.NaN()}, "Config.Chaos.Rate"},
		{emulator.Chaos{MaxAttempts: -1}, "Config.Chaos.MaxAttempts"},
	} {
		if _, err := emulator.New(emulator.Config{Chaos: tt.chaos}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: error %v, want %s", tt.chaos, err, tt.want)
		}
	}
}

// Over a socket chaos is the same; a stall is the client's to end.
func TestChaosOverASocket(t *testing.T) {
	c := socket(t, emulator.Config{Chaos: emulator.Chaos{Seed: 11, Rate: 0.5}})
	c.http.Timeout = 300 * time.Millisecond
	for n := range 10 {
		for range 3 {
			_, _ = c.try(c.uploadRequest(strings.NewReader(string(photo(n)))))
			_, _ = c.try(c.albumRequest(fmt.Sprint(n)))
		}
	}
	if sum(c.s.Disturbed()) < 20 {
		t.Errorf("disturbed %v", c.s.Disturbed())
	}
}
