package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// Contract 0 #9, 6; 12 #25.
func TestThe31stWriteOfAMinuteIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{Quota: emulator.ServiceQuota()})
		c.newAlbum().wantStatus(t, http.StatusOK) // opens the window
		time.Sleep(59 * time.Second)
		for range 29 {
			c.newAlbum().wantStatus(t, http.StatusOK)
		}
		c.newAlbum().wantQuota(t, minuteBody("30"))
		c.get("/v1/albums").wantStatus(t, http.StatusOK)                   // reads are free
		c.post("/v1/mediaItems:search", "{}").wantStatus(t, http.StatusOK) // a POST that reads
		c.upload(photo(1))                                                 // and uploads
		time.Sleep(time.Second)
		for range 30 { // the window is fixed: 59 writes within two seconds
			c.newAlbum().wantStatus(t, http.StatusOK)
		}
		c.newAlbum().wantQuota(t, minuteBody("30"))
		if diff := cmp.Diff([]string{emulator.RuleWritesPerMinute, emulator.RuleWritesPerMinute}, rules(c.s)); diff != "" {
			t.Error(diff)
		}
	})
}

// Contract 6: every JSON method that changes something counts, also one that is
// refused for what it says; what a request without a user asks for does not.
func TestWhichRequestsAreWritesOfTheMinute(t *testing.T) {
	for _, tt := range []struct {
		method, path string
		write        bool
	}{
		{"POST", "/v1/albums", true},
		{"PATCH", "/v1/albums/x", true},
		{"POST", "/v1/albums/x:addEnrichment", true},
		{"POST", "/v1/albums/x:batchAddMediaItems", true},
		{"POST", "/v1/albums/x:batchRemoveMediaItems", true},
		{"POST", "/v1/mediaItems:batchCreate", true},
		{"PATCH", "/v1/mediaItems/x", true},
		{"POST", "/v1/mediaItems:search", false},
		{"POST", "/v1/uploads", false},
		{"POST", "/v1/nothing", false},
	} {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := direct(t, emulator.Config{Quota: emulator.Quota{WritesPerMinutePerUser: 1}})
				stranger := *c
				stranger.bearer = "nobody's"
				stranger.send(tt.method, tt.path, "{}")
				want := emulator.Spent{Requests: 2, Reset: c.s.Spent().Reset}
				if tt.write {
					want.Writes = 1
				}
				if tt.path == "/v1/uploads" {
					want.Uploads = 1
				}
				c.send(tt.method, tt.path, "{}")
				if diff := cmp.Diff(want, c.s.Spent()); diff != "" {
					t.Errorf("spent (-want +got):\n%s", diff)
				}
				a := c.send(tt.method, tt.path, "{}")
				if refused := a.status == http.StatusTooManyRequests; refused != tt.write {
					t.Errorf("the second one is answered %d %s", a.status, a.body)
				}
			})
		})
	}
}

// Contract 0 #9, #10, 6; 12 #24: all requests count, whatever they ask for and
// whatever becomes of them, and no others.
func TestTheDaysRequestsAreUsedUp(t *testing.T) {
	bothWays(t, emulator.Config{Quota: emulator.Quota{RequestsPerDay: 8}}, func(t *testing.T, c *client) {
		c.upload(photo(1))
		c.get("/v1/albums").wantStatus(t, http.StatusOK)
		c.get("/v1/albums/x").wantStatus(t, http.StatusBadRequest)
		c.get("/v1/nothing").wantStatus(t, http.StatusNotFound)
		stranger := *c
		stranger.bearer = "nobody's"
		stranger.get("/v1/albums").wantStatus(t, http.StatusUnauthorized)
		c.plan(emulator.Fault{Operation: "albums.list", Effect: emulator.Refuse("503")})
		c.get("/v1/albums").wantStatus(t, http.StatusServiceUnavailable)
		c.page("/")
		c.album("Last but one")
		c.album("Last")
		c.newAlbum().wantQuota(t, dayBody("8"))
		c.get("/v1/albums").wantQuota(t, dayBody("8"))
		// An upload's error has no room for details (contract 2.2): its text says which.
		c.do(c.uploadRequest(strings.NewReader("x"))).wantBareError(t, http.StatusTooManyRequests, 8,
			"Quota exceeded for quota metric 'All requests' and limit 'All requests per day' of service "+
				"'photoslibrary.googleapis.com' for consumer 'project_number:844831818923'.")
		stranger.get("/v1/albums").wantStatus(t, http.StatusUnauthorized)
		if n := c.s.Spent().Requests; n != 12 {
			t.Errorf("%d requests are counted, want 12", n)
		}
		c.s.ResetQuota()
		c.album("A new day")
		c.wantClean()
	})
}

// Contract 6: the quotas of the day come back at midnight in California, in
// summer and winter.
func TestTheDayEndsAtMidnightPacific(t *testing.T) {
	for _, tt := range []struct {
		now, reset string // in UTC
	}{
		{"2000-01-01T00:00:00Z", "2000-01-01T08:00:00Z"},
		{"2000-01-01T08:00:00Z", "2000-01-02T08:00:00Z"},
		{"2000-04-02T07:59:59Z", "2000-04-02T08:00:00Z"},
		{"2000-04-02T08:00:00Z", "2000-04-03T07:00:00Z"}, // the clocks go forward
		{"2000-07-01T12:00:00Z", "2000-07-02T07:00:00Z"},
		{"2000-10-29T07:00:00Z", "2000-10-30T08:00:00Z"}, // and back
	} {
		synctest.Test(t, func(t *testing.T) {
			c := direct(t, emulator.Config{Quota: emulator.Quota{RequestsPerDay: 1}})
			now, _ := time.Parse(time.RFC3339, tt.now)
			time.Sleep(time.Until(now))
			c.album("one")
			c.newAlbum().wantQuota(t, dayBody("1"))
			reset := c.s.Spent().Reset
			if got := reset.UTC().Format(time.RFC3339); got != tt.reset {
				t.Errorf("at %s: the reset is %s, want %s", tt.now, got, tt.reset)
			}
			time.Sleep(time.Until(reset) - time.Nanosecond)
			c.newAlbum().wantQuota(t, dayBody("1"))
			time.Sleep(time.Nanosecond)
			c.album("another")
		})
	}
}

// Contract 0 #10: a client that is told that the day is over may have requests
// on their way; after a minute it has none.
func TestAClientThatGoesOnAfterTheDayIsOverIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{Quota: emulator.Quota{RequestsPerDay: 1}})
		c.album("one")
		c.newAlbum()
		time.Sleep(time.Minute)
		c.newAlbum()
		c.wantClean()
		time.Sleep(time.Second)
		c.newAlbum()
		if diff := cmp.Diff([]string{emulator.RuleDayIsOver}, rules(c.s)); diff != "" {
			t.Error(diff)
		}
		time.Sleep(24 * time.Hour)
		c.album("another")
		c.newAlbum()
		if n := len(c.s.Violations()); n != 1 {
			t.Errorf("the first refusal of the next day is a violation: %v", c.s.Violations())
		}
	})
}

// Contract 0 #12, 2.2, 6: the limit of uploads, in its two forms.
func TestUploadsHaveALimitOfTheirOwn(t *testing.T) {
	for _, tt := range []struct {
		name    string
		as400   bool
		status  int
		code    int
		message string
	}{
		{
			"today", false, http.StatusTooManyRequests, 8,
			"Quota exceeded for quota metric 'Upload requests' and limit 'Upload requests per minute' of service " +
				"'photoslibrary.googleapis.com' for consumer 'project_number:844831818923'.",
		},
		{
			"2018", true, http.StatusBadRequest, 3,
			"Insufficient tokens for quota 'photoslibrary.googleapis.com/upload_requests' and limit 'UploadsPerMinute' " +
				"of service 'photoslibrary.googleapis.com' for consumer 'project_number:844831818923'.",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := direct(t, emulator.Config{Quota: emulator.Quota{UploadsPerMinute: 2, WritesPerMinutePerUser: 5, UploadsAs400: tt.as400}})
				c.upload(photo(1))
				c.upload(photo(2))
				a := c.do(c.uploadRequest(strings.NewReader("x")))
				a.wantBareError(t, tt.status, tt.code, tt.message)
				if strings.Contains(string(a.body), "'") {
					t.Errorf("apostrophes are escaped there: %s", a.body)
				}
				c.album("a write is no upload")
				time.Sleep(time.Minute)
				c.upload(photo(3))
				if diff := cmp.Diff([]string{emulator.RuleUploadsPerMinute}, rules(c.s)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// A rehearsal and a test on a real clock are not held up unless they ask for it.
func TestWithoutAQuotaNothingIsLimited(t *testing.T) {
	c := direct(t, emulator.Config{Now: standing()})
	for range 100 {
		c.album("x")
	}
	if spent := c.s.Spent(); spent.Requests != 100 || spent.Writes != 100 {
		t.Errorf("spent %+v, want 100 requests and writes", spent)
	}
}

// What struck a request before it was admitted is no write of the minute; each
// write that was is, also one that came too early.
func TestRefusalsThatSpendNoWrite(t *testing.T) {
	c := direct(t, emulator.Config{Quota: emulator.Quota{WritesPerMinutePerUser: 2}, Now: standing()})
	c.plan(emulator.Fault{Operation: "albums.create", Times: 5, Effect: emulator.Refuse("429-concurrent")})
	for range 5 {
		c.newAlbum().wantStatus(t, http.StatusTooManyRequests)
	}
	c.album("one")
	c.post("/v1/albums", `{"album":{}}`).wantStatus(t, http.StatusBadRequest)
	c.newAlbum().wantQuota(t, minuteBody("2"))
}

// Contract 6: loads of base URLs have a day's quota of their own.
func TestLoadsOfBaseURLsHaveADayOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{Quota: emulator.Quota{RequestsPerDay: 9, BaseURLLoadsPerDay: 2}})
		id := c.add("", nil, 1, 1)[0]
		load := func() answer {
			url := c.get("/v1/mediaItems/" + id).json(t)["baseUrl"].(string)
			return c.open(strings.TrimPrefix(url, c.base) + "=w10-h10")
		}
		load().wantStatus(t, http.StatusOK)
		load().wantStatus(t, http.StatusOK)
		a := load()
		a.wantStatus(t, http.StatusTooManyRequests)
		if !strings.HasPrefix(string(a.body), "<!DOCTYPE html>") || a.header.Get("Retry-After") != "" {
			t.Errorf("the answer is %v %s, want a page", a.header, a.body)
		}
		if got := c.s.Spent(); got.Requests != 5 || got.BaseURLLoads != 3 {
			t.Errorf("spent %+v, want 5 requests and 3 loads", got)
		}
		time.Sleep(time.Until(c.s.Spent().Reset))
		load().wantStatus(t, http.StatusOK)
	})
}
