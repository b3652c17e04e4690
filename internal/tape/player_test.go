package tape_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/tape"
)

func TestAClientThatAsksTheSameIsAnsweredTheSame(t *testing.T) {
	for _, words := range []bool{true, false} {
		recording := recordedStory(t, tape.Config{Words: words})
		p := load(t, recording)
		if p.Exchanges() != storyLength {
			t.Errorf("%d exchanges, want %d", p.Exchanges(), storyLength)
		}
		again := &client{t: t, wire: p.Transport(), base: "http://player.test", token: "another-token"}
		again.story()
		wantNothingLeft(t, p)
	}
}

func TestAPlayerAnswersThroughASocketToo(t *testing.T) {
	p := load(t, recordedStory(t, tape.Config{}))
	s := httptest.NewServer(p)
	defer s.Close()
	wire := &http.Transport{}
	defer wire.CloseIdleConnections()
	again := &client{t: t, wire: wire, base: s.URL, token: "another-token"}
	again.story()
	wantNothingLeft(t, p)
}

func TestARecordingOfTheServersSideTellsTheSame(t *testing.T) {
	var recording strings.Builder
	rec, err := tape.New(&recording, tape.Config{})
	if err != nil {
		t.Fatal(err)
	}
	s, c := service(t, emulator.Config{}, func(wire http.RoundTripper) http.RoundTripper { return wire })
	srv := httptest.NewServer(rec.Handler(s))
	defer srv.Close()
	wire := &http.Transport{}
	defer wire.CloseIdleConnections()
	c.wire, c.base = wire, srv.URL
	c.story()
	if a := c.ask("GET", "/", ""); a.status != http.StatusOK {
		t.Errorf("the gallery: %d", a.status)
	}
	srv.Close()
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	p := load(t, []byte(recording.String()))
	if p.Exchanges() != storyLength {
		t.Errorf("%d exchanges, want %d: the gallery is none of the API", p.Exchanges(), storyLength)
	}
	again := &client{t: t, wire: p.Transport(), base: "http://player.test", token: "another-token"}
	again.story()
	wantNothingLeft(t, p)
}

func TestWhatIsNotInTheRecordingIsRefusedAndTold(t *testing.T) {
	p := load(t, recordedStory(t, tape.Config{Words: true}))
	c := &client{t: t, wire: p.Transport(), base: "http://player.test", token: "t"}
	for _, ask := range []func() answer{
		func() answer { return c.ask("POST", "/v1/albums", `{"album":{"title":"Another"}}`) },
		func() answer { return c.ask("GET", "/v1/albums?pageSize=50", "") },
		func() answer {
			return c.ask("POST", "/v1/uploads", string(photo(9)), bytesKind, "X-Goog-Upload-Protocol: raw", "X-Goog-Upload-Content-Type: image/jpeg")
		},
		func() answer { // the same bytes, said to be something else
			return c.ask("POST", "/v1/uploads", string(photo(1)), bytesKind, "X-Goog-Upload-Protocol: raw", "X-Goog-Upload-Content-Type: image/png")
		},
		func() answer {
			c.album("Grandmother's 80th")
			return c.ask("POST", "/v1/albums", `{"album":{"title":"Grandmother's 80th"}}`)
		},
	} {
		if a := ask(); a.status != http.StatusNotFound || !strings.Contains(a.body, "not in the recording") {
			t.Errorf("%d %s, want 404 that says why", a.status, a.body)
		}
	}
	told := p.Unexpected()
	if len(told) != 5 || !strings.Contains(told[0], "Another") || !strings.Contains(told[4], "more often than the 1 times") {
		t.Errorf("told %q", told)
	}
	left, err := p.NeverAsked()
	if err != nil || len(left) != storyLength-1 {
		t.Errorf("%d never asked, %v; want %d", len(left), err, storyLength-1)
	}
}

func TestTroubleIsPlayedInItsOrder(t *testing.T) {
	run := func(c *client) (got []int) {
		for range 3 {
			got = append(got, c.ask("POST", "/v1/uploads", string(photo(1)), bytesKind, "X-Goog-Upload-Protocol: raw").status)
		}
		for range 4 {
			got = append(got, c.ask("GET", "/v1/albums", "").status)
		}
		return got
	}
	var c *client
	recording := recorded(t, tape.Config{}, func(between func(http.RoundTripper) http.RoundTripper) {
		var s *emulator.Server
		s, c = service(t, emulator.Config{}, between)
		if err := s.Plan(
			emulator.Fault{Operation: "uploads", Nth: 1, Effect: emulator.Refuse("503")},
			emulator.Fault{Operation: "uploads", Nth: 2, Effect: emulator.CutRequest(100)},
			emulator.Fault{Operation: "albums.list", Nth: 1, Effect: emulator.CutAnswer(1)},
			emulator.Fault{Operation: "albums.list", Nth: 2, Effect: emulator.HTML()},
			emulator.Fault{Operation: "albums.list", Nth: 3, Effect: emulator.ApplyThenCut()},
		); err != nil {
			t.Fatal(err)
		}
	}, func() { run(c) })
	for _, socket := range []bool{false, true} {
		p := load(t, recording)
		again := &client{t: t, wire: p.Transport(), base: "http://player.test", token: "t"}
		if socket {
			s := httptest.NewServer(p)
			defer s.Close()
			wire := &http.Transport{}
			defer wire.CloseIdleConnections()
			again.wire, again.base = wire, s.URL
		}
		got, want := run(again), []int{503, 0, 200, 0, 200, 0, 200}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("socket %v: statuses %v, want %v", socket, got, want)
				break
			}
		}
		wantNothingLeft(t, p)
	}
}

func TestManyAtOnceAreRecordedAndPlayedAlike(t *testing.T) {
	const many = 32
	all := func(c *client) {
		var done sync.WaitGroup
		for i := range many {
			done.Go(func() {
				a := c.ask("POST", "/v1/uploads", string(photo(i%8)), bytesKind, "X-Goog-Upload-Protocol: raw", "X-Goog-Upload-Content-Type: image/jpeg")
				if a.status != http.StatusOK {
					t.Errorf("upload %d: %d %s", i, a.status, a.body)
				}
			})
		}
		done.Wait()
	}
	var c *client
	recording := recorded(t, tape.Config{}, func(between func(http.RoundTripper) http.RoundTripper) { _, c = service(t, emulator.Config{}, between) }, func() { all(c) })
	p := load(t, recording)
	all(&client{t: t, wire: p.Transport(), base: "http://player.test", token: "t"})
	wantNothingLeft(t, p)
	if p.Exchanges() != many {
		t.Errorf("%d exchanges, want %d", p.Exchanges(), many)
	}
}
