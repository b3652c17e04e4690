package emulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
)

// Everything that ages does so by the server's clock.
func TestTheClockCanBeSetForward(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{Quota: emulator.Quota{RequestsPerDay: 100, WritesPerMinutePerUser: 2}})
		began := time.Now()
		token := c.upload(photo(1))
		film := c.createIDs(batch("", nil, c.upload(video(1))))[0]
		c.album("uses up the minute")
		c.post("/v1/albums", map[string]any{"album": map[string]any{"title": "x"}}).wantStatus(t, http.StatusTooManyRequests)
		advance := func(by time.Duration) {
			if err := c.s.Advance(by); err != nil {
				t.Fatal(err)
			}
		}
		advance(time.Minute)
		c.album("is of the next minute")
		var item struct {
			MediaMetadata struct{ Video struct{ Status string } }
			BaseURL       string
		}
		c.get("/v1/mediaItems/"+film).into(t, &item)
		if item.MediaMetadata.Video.Status != "READY" {
			t.Errorf("after a minute the video is %s", item.MediaMetadata.Video.Status)
		}
		base := strings.TrimPrefix(item.BaseURL, c.base)
		c.get(base+"=w10").wantStatus(t, http.StatusOK)
		advance(time.Hour)
		c.get(base+"=w10").wantStatus(t, http.StatusForbidden)
		advance(24 * time.Hour)
		if spent := c.s.Spent(); spent.Requests != 0 || !spent.Reset.After(began.Add(24*time.Hour)) {
			t.Errorf("the next day begins with %+v", spent)
		}
		if got := c.create(batch("", nil, token))[0].Status.Code; got != 3 {
			t.Errorf("a token of yesterday gives code %d, want 3", got)
		}
		if now := time.Now(); !now.Equal(began) {
			t.Errorf("it took %v", now.Sub(began))
		}
	})
}

func TestAClockOfOnesOwn(t *testing.T) {
	now := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	c := direct(t, emulator.Config{Now: func() time.Time { return now }})
	c.get("/v1/albums")
	now = now.Add(time.Hour)
	c.get("/v1/albums")
	log := c.s.Requests()
	if d := log[0].Time.Sub(log[1].Time); !log[0].Time.Equal(now) || d != time.Hour {
		t.Errorf("requests came at %v and %v", log[1].Time, log[0].Time)
	}
}

func TestTheClockOutlivesARestart(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	config := emulator.Config{Dir: dir, Now: func() time.Time { return now }}
	c := direct(t, config)
	for _, by := range []time.Duration{time.Hour, 48 * time.Hour} {
		if err := c.s.Advance(by); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.s.Close(); err != nil {
		t.Fatal(err)
	}
	c = direct(t, config)
	c.get("/v1/albums")
	if got, want := c.s.Requests()[0].Time, now.Add(49*time.Hour); !got.Equal(want) {
		t.Errorf("after the restart it is %v, want %v", got, want)
	}
}

func TestTheClockNeverGoesBack(t *testing.T) {
	c := direct(t, emulator.Config{})
	for _, by := range []time.Duration{-1, 11 * 366 * 24 * time.Hour} {
		if err := c.s.Advance(by); err == nil {
			t.Errorf("a step of %v is taken", by)
		}
	}
}

func TestTheClockOfTheControlPath(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		var clock struct{ Ahead string }
		c.steer(http.MethodPost, "/control/clock", `{"advance":"25h"}`).into(t, &clock)
		c.steer(http.MethodPost, "/control/clock", `{"advance":"5m"}`).into(t, &clock)
		c.steer(http.MethodGet, "/control/clock", "").into(t, &clock)
		if clock.Ahead != "25h5m0s" {
			t.Errorf("the clock is %s ahead", clock.Ahead)
		}
		for _, body := range []string{`{}`, `{"advance":"-1h"}`, `{"advance":"soon"}`, `{"advance":3}`, `{"by":"1h"}`, ``} {
			c.steer(http.MethodPost, "/control/clock", body).wantStatus(t, http.StatusBadRequest)
		}
		c.get("/v1/albums")
		var log struct{ Requests []struct{ Path, Took string } }
		c.steer(http.MethodGet, "/control/requests", "").into(t, &log)
		if len(log.Requests) != 1 || log.Requests[0].Path != "/v1/albums" {
			t.Errorf("the log is %+v", log)
		}
	})
}

func TestTheClockOfTheServicePage(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for _, form := range []url.Values{{"by": {"1h"}}, {"amount": {"2"}, "unit": {"days"}}, {"amount": {"30"}, "unit": {"minutes"}}} {
			if place, page := c.submit("/service", form); place != "/service?saved#clock" || !strings.Contains(page, "Set forward.") {
				t.Errorf("%v leads to %s", form, place)
			}
		}
		var clock struct{ Ahead string }
		if c.steer(http.MethodGet, "/control/clock", "").into(t, &clock); clock.Ahead != "49h30m0s" {
			t.Errorf("the clock is %s ahead", clock.Ahead)
		}
		token := c.formToken("/service")
		for body, status := range map[string]int{
			"by=1h": http.StatusForbidden, "by=-1h&form=" + token: http.StatusBadRequest, "form=" + token: http.StatusBadRequest,
			"amount=0&unit=days&form=" + token: http.StatusBadRequest, "amount=1&unit=years&form=" + token: http.StatusBadRequest,
			"amount=999999999999999999999&unit=days&form=" + token: http.StatusBadRequest,
		} {
			r := c.steering(http.MethodPost, "/service", body)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			c.do(r).wantStatus(t, status)
		}
	})
}
