package emulator_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
)

// shot is a wall clock, here read as UTC.
func shot() time.Time { return time.Date(2019, 5, 4, 3, 2, 1, 0, time.UTC) }

// made uploads a file and makes an item of it.
func (c *client) made(media []byte) (id string) {
	c.t.Helper()
	return c.createIDs(batch("", nil, c.upload(media)))[0]
}

// metadata is the mediaMetadata of an item, as it stands in the answer.
func (c *client) metadata(id string) map[string]any {
	c.t.Helper()
	return c.get("/v1/mediaItems/" + id).json(c.t)["mediaMetadata"].(map[string]any)
}

// Contract 7, MediaMetadata and Photo.
func TestAPhotoTellsHowItWasTaken(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		full := c.made(fixture.JPEG(fixture.Spec{
			Width: 40, Height: 30, Captured: shot(), Make: "Aldermere", Model: "Field 40",
			ExposureTime: [2]uint32{1, 60}, FNumber: [2]uint32{28, 10}, FocalLength: [2]uint32{6765, 1000}, ISO: 400,
		}))
		bare := c.made(fixture.JPEG(fixture.Spec{Width: 20, Height: 10, Captured: shot()}))
		for name, tt := range map[string]struct{ id, want string }{
			"all that can be": {full, `{"creationTime":"2019-05-04T03:02:01Z","width":"40","height":"30","photo":{
				"cameraMake":"Aldermere","cameraModel":"Field 40","focalLength":6.765,"apertureFNumber":2.8,"isoEquivalent":400,
				"exposureTime":"0.016666667s"}}`},
			"nothing but a size": {bare, `{"creationTime":"2019-05-04T03:02:01Z","width":"20","height":"10","photo":{}}`},
		} {
			var want map[string]any
			if err := json.Unmarshal([]byte(tt.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, c.metadata(tt.id)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

// Contract 7, Photo: a Duration in the JSON of proto3 has no digits behind the
// point, or three, six or nine.
func TestExposureTimesAreWrittenAsDurations(t *testing.T) {
	c := direct(t, emulator.Config{})
	for fraction, want := range map[[2]uint32]string{
		{30, 1}: "30s", {1, 2}: "0.500s", {13, 10}: "1.300s", {1, 8000}: "0.000125s", {1, 3}: "0.333333333s", {1, 60}: "0.016666667s",
	} {
		id := c.made(fixture.JPEG(fixture.Spec{Seed: int(fraction[1]), ExposureTime: fraction}))
		photo := c.metadata(id)["photo"].(map[string]any)
		if got := photo["exposureTime"]; got != want {
			t.Errorf("%d/%d is %v, want %s", fraction[0], fraction[1], got, want)
		}
	}
}

// film is a video that knows all about itself.
func film() []byte {
	return fixture.MP4(fixture.Spec{
		Width: 64, Height: 36, Captured: shot(), Offset: "+02:00", Make: "Aldermere", Model: "Pocket 2", Duration: 40 * time.Millisecond,
	})
}

// Contract 7, Video; 12 #29: until a video is ready it has no size, no camera and
// no address.
func TestAVideoSaysLittleUntilItIsReady(t *testing.T) {
	const fresh = `{"creationTime":"2019-05-04T01:02:01Z","video":{"status":"PROCESSING"}}`
	const ready = `{"creationTime":"2019-05-04T01:02:01Z","width":"64","height":"36","video":{` +
		`"cameraMake":"Aldermere","cameraModel":"Pocket 2","fps":25,"status":"READY"}}`
	const failed = `{"creationTime":"2019-05-04T01:02:01Z","video":{"status":"FAILED"}}`
	for _, tt := range []struct {
		name       string
		processing time.Duration // 0 = the standard
		wait       time.Duration
		fails      bool
		want       string
	}{
		{"at once", 0, 0, false, fresh},
		{"before ten seconds", 0, 10*time.Second - 1, false, fresh},
		{"after ten seconds", 0, 10 * time.Second, false, ready},
		{"a slow service", time.Hour, time.Hour - 1, false, fresh},
		{"a slow service, later", time.Hour, time.Hour, false, ready},
		{"one that will fail", 0, 9 * time.Second, true, fresh},
		{"one that has failed", 0, 10 * time.Second, true, failed},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := direct(t, emulator.Config{VideoProcessing: tt.processing})
			id := c.made(film())
			if tt.fails {
				if err := c.s.Mark(id, emulator.Marks{Failed: true}); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(tt.wait)
			got := c.get("/v1/mediaItems/" + id).json(t)
			var want map[string]any
			if err := json.Unmarshal([]byte(tt.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got["mediaMetadata"]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.name, diff)
			}
			if got["mimeType"] != "video/mp4" || (got["baseUrl"] != nil) != (tt.want == ready) {
				t.Errorf("%s: type %v, address %v", tt.name, got["mimeType"], got["baseUrl"])
			}
		})
	}
}

func TestConfigRefusesNegativeLives(t *testing.T) {
	for name, cfg := range map[string]emulator.Config{
		"VideoProcessing": {VideoProcessing: -1}, "BaseURLLife": {BaseURLLife: -1},
	} {
		if _, err := emulator.New(cfg); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v, want one that names it", name, err)
		}
	}
}

// Contract 12 #40: the moment, where the file says its zone; else the wall clock
// read as UTC. What has only the date of its last edit is dated; what has none
// matches no date filter.
func TestCreationTimeIsTheMomentWhereTheZoneIsKnown(t *testing.T) {
	c := direct(t, emulator.Config{})
	for _, tt := range []struct {
		name    string
		spec    fixture.Spec
		want    string // "" = the time of the upload
		undated bool
	}{
		{"no zone", fixture.Spec{Captured: shot()}, "2019-05-04T03:02:01Z", false},
		{"a zone", fixture.Spec{Captured: shot(), Offset: "+05:30"}, "2019-05-03T21:32:01Z", false},
		{"a fraction of a second", fixture.Spec{Captured: shot(), SubSec: "75"}, "2019-05-04T03:02:01Z", false},
		{"only the last edit", fixture.Spec{Modified: shot()}, "2019-05-04T03:02:01Z", false},
		{"nothing", fixture.Spec{Make: "Aldermere"}, "", true},
	} {
		tt.spec.Seed = len(tt.name)
		id := c.made(fixture.JPEG(tt.spec))
		if got := c.metadata(id)["creationTime"]; tt.want != "" && got != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, got, tt.want)
		}
		items := c.s.MediaItems()
		if got := items[len(items)-1]; got.Marks.Undated != tt.undated || tt.undated && time.Since(got.CreationTime) > time.Minute {
			t.Errorf("%s: undated %v, created %v", tt.name, got.Marks.Undated, got.CreationTime)
		}
	}
}

func TestARestartKnowsWhatFilesSaid(t *testing.T) {
	cfg := emulator.Config{Dir: t.TempDir(), VideoProcessing: 1}
	c := direct(t, cfg)
	ids := []string{
		c.made(film()),
		c.made(fixture.JPEG(fixture.Spec{
			Make: "Aldermere", ExposureTime: [2]uint32{1, 60}, FNumber: [2]uint32{28, 10}, FocalLength: [2]uint32{50, 1}, ISO: 400, Motion: film(),
		})),
	}
	var before []map[string]any
	for _, id := range ids {
		before = append(before, c.metadata(id))
	}
	c = c.restart(cfg)
	for i, id := range ids {
		if diff := cmp.Diff(before[i], c.metadata(id)); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
		c.load(c.baseURL(id), "=dv").wantStatus(t, http.StatusOK)
	}
}
