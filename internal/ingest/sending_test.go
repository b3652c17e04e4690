package ingest_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/confirm"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/library"
	"github.com/albumwright/albumwright/internal/report"
	googlephotos "github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"

	"golang.org/x/oauth2"
)

// service is an emulator and its client.
func service(t *testing.T, faults ...emulator.Fault) *googlephotos.Client {
	t.Helper()
	s, err := emulator.New(emulator.Config{})
	if err == nil {
		err = s.Plan(faults...)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	client, err := googlephotos.New(googlephotos.Config{TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.AccessToken()}), Transport: s.Transport(), UploadTransport: s.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// cardOf lays n photos down, the last taken first by name.
func cardOf(t *testing.T, n int) (mount string) {
	mount = filepath.Join(t.TempDir(), "card")
	for i := range n {
		taken := time.Date(2026, 5, 2, 12, i, 0, 0, time.UTC)
		lay(t, filepath.Join(mount, "DCIM", "100CANON", fmt.Sprintf("IMG_%04d.JPG", n-i)), string(fixture.TinyJPEG(i, taken)))
	}
	return mount
}

func sending(client *googlephotos.Client, state string) *pipeline.Config {
	return &pipeline.Config{Album: "Harbour", API: pipeline.ClientAPI(client), StateDir: state, Endpoint: "emulator", Client: "test", Account: "default", Tries: 1}
}

// inAlbum are the names of an album's items, in album order.
func inAlbum(t *testing.T, client *googlephotos.Client, title string) (names []string) {
	t.Helper()
	lib := &library.Reader{Client: client}
	for a, err := range lib.Albums(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if a.Title != title {
			continue
		}
		for it, err := range lib.InAlbum(t.Context(), a.ID) {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, it.Filename)
		}
	}
	return names
}

func TestWhatIsSentInPortionsStandsInOrder(t *testing.T) {
	const n = 23
	client := service(t)
	mount, dest, m := cardOf(t, n), filepath.Join(t.TempDir(), "dest"), remember(t)
	both := func(c *ingest.Config) {
		c.Dests, c.Upload = []string{dest}, sending(client, m.state)
		c.InPortionsOf(5)
		c.Confirm = func(ctx context.Context, ids []string) (map[string]confirm.Answer, error) {
			return (&library.Reader{}).Confirm(ctx, client.MediaItems, ids)
		}
	}
	res := real(t, m, mount, both)
	if !res.Report.Verdict.Safe || res.Sent != nil || res.Report.Upload.Ends[report.Uploaded] != n || len(res.Report.Upload.Runs) < 2 {
		t.Fatalf("%v %q, sent %v, %+v", res.Report.Verdict, res.Report.Verdict.Reasons, res.Sent, res.Report.Upload)
	}
	var want []string
	for i := range n {
		want = append(want, fmt.Sprintf("IMG_%04d.JPG", n-i))
	}
	if got := inAlbum(t, client, "Harbour"); !slices.Equal(got, want) {
		t.Errorf("the album has %v", got)
	}
	again := real(t, m, mount, both)
	if again.Report.Upload.Ends[report.AlreadyThere] != n || again.Report.Upload.Requests.Total() != 0 || again.Report.Upload.Answers["confirmed"] != n || !again.Report.Verdict.Safe {
		t.Errorf("the second time: %+v, %v %q", again.Report.Upload, again.Report.Verdict, again.Report.Verdict.Reasons)
	}
}

// The service is the smaller worry: whatever it says, all is copied and proved.
func TestAServiceThatRefusesHurtsNoCopy(t *testing.T) {
	for name, effect := range map[string]string{"the day's requests are spent": "429-day", "the sign-in has ended": "401"} {
		t.Run(name, func(t *testing.T) {
			client := service(t, emulator.Fault{Operation: "uploads", Times: -1, Effect: emulator.Refuse(effect)})
			mount, dest, m := cardOf(t, 12), filepath.Join(t.TempDir(), "dest"), remember(t)
			res := real(t, m, mount, func(c *ingest.Config) {
				c.Dests, c.Upload = []string{dest}, sending(client, m.state)
				c.InPortionsOf(3)
			})
			if !res.Report.Verdict.Safe || res.Report.Places[0].Verified != 12 {
				t.Errorf("%v %q, %d verified", res.Report.Verdict, res.Report.Verdict.Reasons, res.Report.Places[0].Verified)
			}
			if res.Sent == nil || res.Report.Complete() || res.Report.Upload.Cause == "" {
				t.Errorf("sent %v, complete %v, %+v", res.Sent, res.Report.Complete(), res.Report.Upload)
			}
			if err := res.Report.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

// What the service does not confirm keeps the card, where that was asked for; what it says of others does not.
func TestAnItemThatTheServiceDoesNotConfirmKeepsTheCard(t *testing.T) {
	client := service(t)
	mount, dest, m := cardOf(t, 3), filepath.Join(t.TempDir(), "dest"), remember(t)
	for _, gone := range []bool{true, false} {
		res := real(t, m, mount, func(c *ingest.Config) {
			c.Dests, c.Upload = []string{dest}, sending(client, m.state)
			c.Confirm = func(_ context.Context, ids []string) (map[string]confirm.Answer, error) {
				answers := map[string]confirm.Answer{}
				for _, id := range ids {
					answers[id] = confirm.Confirmed
				}
				if gone {
					answers[ids[1]] = confirm.Gone
				}
				return answers, nil
			}
		})
		if res.Report.Verdict.Safe == gone {
			t.Errorf("one is gone: %v, and the verdict %v %q", gone, res.Report.Verdict, res.Report.Verdict.Reasons)
		}
		if gone && !strings.Contains(strings.Join(res.Report.Verdict.Reasons, "\n"), "(gone)") {
			t.Errorf("the reasons %q do not say what the service answered", res.Report.Verdict.Reasons)
		}
	}
}

// A camera's clock is compared with the satellites' also if nothing is sent.
func TestAClockThatDisagreesWithSatellitesIsWarnedOf(t *testing.T) {
	mount, dest := filepath.Join(t.TempDir(), "card"), filepath.Join(t.TempDir(), "dest")
	for i := range 6 {
		taken := time.Date(2026, 5, 2, 12, i, 0, 0, time.UTC)
		lay(t, filepath.Join(mount, "DCIM", fmt.Sprintf("%d.JPG", i)), string(fixture.JPEG(fixture.Spec{
			Width: 16, Height: 16, Seed: i, Captured: taken, Offset: "+02:00", GPSTime: taken.Add(-2*time.Hour - 7*time.Minute), Make: "Canon", Model: "EOS R6",
		})))
	}
	res := real(t, remember(t), mount, func(c *ingest.Config) { c.Dests = []string{dest} })
	if !slices.ContainsFunc(res.Report.Warnings, func(w string) bool { return strings.Contains(w, "EOS R6") }) {
		t.Errorf("warnings %q", res.Report.Warnings)
	}
}
