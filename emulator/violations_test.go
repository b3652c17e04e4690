package emulator_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

const concurrentWrite = "Quota exceeded for quota 'concurrent write request' of service 'photoslibrary.googleapis.com'."

// rules are the rules that were broken, in order.
func rules(s *emulator.Server) []string {
	var all []string
	for _, v := range s.Violations() {
		all = append(all, v.Rule)
	}
	return all
}

// Contract 4, 6; 12 #26: two writes of one user at once; the second is
// refused, and writes that follow each other are not.
func TestASecondWriteInFlightIsRefused(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		reading := make(chan struct{})
		body, feed := io.Pipe()
		first := c.request(http.MethodPost, "/v1/albums", &announcingReader{body, reading, sync.Once{}})
		if _, ok := c.http.Transport.(*http.Transport); ok {
			// Over a socket, the server's wish to go on is what says that it has begun.
			first.Header.Set("Expect", "100-continue")
			trace := &httptrace.ClientTrace{Got100Continue: func() { close(reading) }}
			first = first.WithContext(httptrace.WithClientTrace(first.Context(), trace))
			first.Body = body
			c.http.Transport.(*http.Transport).ExpectContinueTimeout = time.Hour
		}
		answered := make(chan answer)
		go func() { answered <- c.do(first) }()
		<-reading

		c.get("/v1/albums").wantStatus(t, http.StatusOK) // reads are free
		token := c.upload(photo(1))                      // and uploads
		for _, w := range []struct {
			path string
			body any
		}{
			{"/v1/albums", `{"album":{"title":"second"}}`},
			{"/v1/mediaItems:batchCreate", batch("", nil, token)},
		} {
			a := c.post(w.path, w.body)
			a.wantError(t, http.StatusTooManyRequests, "RESOURCE_EXHAUSTED", concurrentWrite)
			if a.header.Get("Retry-After") != "" {
				t.Error("the service sends no Retry-After") // contract 0 #11
			}
		}
		c.post("/v1/mediaItems:search", "{}").wantStatus(t, http.StatusOK) // a POST that reads

		_, _ = io.WriteString(feed, `{"album":{"title":"first"}}`)
		_ = feed.Close()
		(<-answered).wantStatus(t, http.StatusOK)
		for range 50 {
			c.album("one after another")
		}
		if diff := cmp.Diff([]string{emulator.RuleOneWrite, emulator.RuleOneWrite}, rules(c.s)); diff != "" {
			t.Error(diff)
		}
		if n := len(c.s.Albums()); n != 51 {
			t.Errorf("there are %d albums, want 51", n)
		}
	})
}

// announcingReader says when it is read first.
type announcingReader struct {
	io.ReadCloser
	reading chan struct{}
	once    sync.Once
}

func (r *announcingReader) Read(p []byte) (int, error) {
	r.once.Do(func() { close(r.reading) })
	return r.ReadCloser.Read(p)
}

// The configured latency belongs to the write: it is in flight all that time.
func TestAWriteIsInFlightForItsLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{Latency: time.Second})
		start := time.Now()
		statuses := make(chan int, 2)
		send := func() { statuses <- c.post("/v1/albums", `{"album":{"title":"x"}}`).status }
		go send()
		time.Sleep(500 * time.Millisecond)
		go send()
		if a, b := <-statuses, <-statuses; a != http.StatusOK || b != http.StatusTooManyRequests {
			t.Errorf("statuses %d and %d, want 200 and 429", a, b)
		}
		if took := time.Since(start); took != 1500*time.Millisecond {
			t.Errorf("both took %v", took)
		}
	})
}

// Each breach of a rule is remembered once, with the time on the clock.
func TestViolationsAreRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		token := c.upload(photo(1))
		c.create(batch("", nil, token, token))
		c.post("/v1/mediaItems:batchCreate", batch("", nil, token, ""))
		var many []string
		for range 51 {
			many = append(many, token)
		}
		c.post("/v1/mediaItems:batchCreate", batch("", nil, many...))
		time.Sleep(24 * time.Hour)
		c.create(batch("", nil, token))
		want := []string{emulator.RuleTokenOnce, emulator.RuleTokenPresent, emulator.RuleBatchSize, emulator.RuleTokenFresh}
		if diff := cmp.Diff(want, rules(c.s)); diff != "" {
			t.Error(diff)
		}
		for _, v := range c.s.Violations() {
			if v.Detail == "" || v.Time.After(time.Now()) || time.Since(v.Time) > 25*time.Hour {
				t.Errorf("violation %+v", v)
			}
		}
	})
}

// A token that is spent may be used again in a later call (contract 12 #4),
// one that nobody issued is a mistake of another kind.
func TestWhatIsNoViolation(t *testing.T) {
	c := direct(t, emulator.Config{})
	token := c.upload(photo(1))
	for range 3 {
		c.create(batch("", nil, token))
	}
	c.create(batch("", nil, "CAISnever", c.upload([]byte("junk"))))
	if v := c.s.Violations(); len(v) != 0 {
		t.Errorf("violations %v", v)
	}
}

// Contract 0 #7; 12 #3, #16: an upload token is good for a day, to the second.
func TestAnUploadTokenLivesADay(t *testing.T) {
	for _, tt := range []struct {
		name string
		life time.Duration // as configured
		wait time.Duration
		code int
	}{
		{"at once", 0, 0, 0},
		{"a second before the day is over", 0, 24*time.Hour - time.Second, 0},
		{"when the day is over", 0, 24 * time.Hour, 3},
		{"a week later", 0, 7 * 24 * time.Hour, 3},
		{"within a shorter life", time.Minute, 59 * time.Second, 0},
		{"after a shorter life", time.Minute, time.Minute, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := direct(t, emulator.Config{TokenLife: tt.life})
				token := c.upload(photo(1))
				time.Sleep(tt.wait)
				r := c.create(batch("", nil, token))[0]
				if r.Status.Code != tt.code {
					t.Errorf("status %+v, want code %d", r.Status, tt.code)
				}
				if tt.code != 0 && !strings.HasPrefix(r.Status.Message, "Failed: ") {
					t.Errorf("message %q", r.Status.Message)
				}
			})
		})
	}
}

// Bytes whose token expired unused are gone; a media item's are not. Another
// upload of the same bytes has a day of its own.
func TestExpiredUploadsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		c := direct(t, emulator.Config{Dir: dir})
		used, unused := c.upload(largePhoto(1)), c.upload(largePhoto(2))
		id := c.createIDs(batch("", nil, used))[0]
		time.Sleep(12 * time.Hour)
		renewed := c.upload(largePhoto(2))
		time.Sleep(12 * time.Hour)
		res := c.create(batch("", nil, unused, used, renewed))
		for i, want := range []int{3, 3, 0} {
			if res[i].Status.Code != want {
				t.Errorf("entry %d: %+v, want code %d", i, res[i].Status, want)
			}
		}
		again := c.create(batch("", nil, c.upload(largePhoto(1))))[0]
		if again.MediaItem == nil || again.MediaItem.ID != id {
			t.Errorf("the same bytes a day later give %+v, want item %s", again, id)
		}
		c.upload(largePhoto(3))
		time.Sleep(25 * time.Hour)
		c.upload(largePhoto(4))
		if kept := keptFiles(t, dir); len(kept) != 3 {
			t.Errorf("kept are %v, want the two items' bytes and the last upload", kept)
		}
	})
}

// Contract 7, Video: a new video is processed before it is ready.
func TestAVideoIsProcessedForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		it := c.create(batch("", nil, c.upload(video(1))))[0].MediaItem
		if it.MediaMetadata.Video.Status != "PROCESSING" {
			t.Errorf("a new video is %+v", it.MediaMetadata.Video)
		}
		time.Sleep(time.Minute)
		var later item
		c.get("/v1/mediaItems/"+it.ID).into(t, &later)
		if later.MediaMetadata.Video.Status != "READY" {
			t.Errorf("a minute later it is %+v", later.MediaMetadata.Video)
		}
	})
}

// Without a capture time in the file, creationTime is the time of the upload
// (contract 12 #40).
func TestCreationTimeIsElseTheTimeOfTheUpload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		token, uploaded := c.upload(photo(1)), time.Now()
		time.Sleep(time.Hour)
		it := c.create(batch("", nil, token))[0].MediaItem
		if want := uploaded.UTC().Format(time.RFC3339); it.MediaMetadata.CreationTime != want {
			t.Errorf("creationTime %s, want %s", it.MediaMetadata.CreationTime, want)
		}
	})
}

// A request that is given up during the latency changes nothing.
func TestARequestThatIsGivenUpChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{Latency: time.Minute})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r := c.request(http.MethodPost, "/v1/albums", strings.NewReader(`{"album":{"title":"x"}}`)).WithContext(ctx)
		start := time.Now()
		if _, err := c.http.Do(r); err == nil || ctx.Err() == nil {
			t.Errorf("error %v", err)
		}
		if took := time.Since(start); took != time.Second {
			t.Errorf("it took %v to give up", took)
		}
		if n := len(c.s.Albums()); n != 0 {
			t.Errorf("%d albums were made", n)
		}
		c.album("the write lock is free again")
	})
}
