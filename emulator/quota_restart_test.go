package emulator_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
)

// twin is a copy of a server's folder as it is this moment: what a server finds
// there whose predecessor was killed.
func twin(t *testing.T, dir string) string {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "twin")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return copied
}

func TestARestartIsNoNewDay(t *testing.T) {
	limited := emulator.Quota{RequestsPerDay: 3}
	for _, tt := range []struct {
		name string
		wait time.Duration
		dir  func(t *testing.T, c *client, dir string) string
		want int // status of the next request
	}{
		{"after Close", time.Hour, func(t *testing.T, c *client, dir string) string {
			if err := c.s.Close(); err != nil {
				t.Fatal(err)
			}
			return dir
		}, http.StatusTooManyRequests},
		{"after a kill", time.Hour, func(t *testing.T, _ *client, dir string) string { return twin(t, dir) }, http.StatusTooManyRequests},
		{"on the next day", 24 * time.Hour, func(t *testing.T, _ *client, dir string) string { return twin(t, dir) }, http.StatusOK},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				c := direct(t, emulator.Config{Dir: dir}) // counts, though nothing is limited
				for range 3 {
					c.album("x")
				}
				before := c.s.Spent()
				dir = tt.dir(t, c, dir)
				after := direct(t, emulator.Config{Dir: dir, Quota: limited})
				if got := after.s.Spent(); got.Requests != before.Requests || got.Writes != 0 {
					t.Errorf("spent %+v, want the day's requests of %+v, and a new minute", got, before)
				}
				time.Sleep(tt.wait)
				after.newAlbum().wantStatus(t, tt.want)
			})
		})
	}
}

func TestCountsThatCannotBeReadAreNamed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "quota.json"), []byte("\x00\x00\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := emulator.New(emulator.Config{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "quota.json") || !strings.Contains(err.Error(), "without this file") {
		t.Errorf("error %v, want one that names the file and the way out", err)
	}
}

func TestNegativeQuotasAreRefused(t *testing.T) {
	for name, quota := range map[string]emulator.Quota{
		"RequestsPerDay":         {RequestsPerDay: -1},
		"BaseURLLoadsPerDay":     {BaseURLLoadsPerDay: -1},
		"WritesPerMinutePerUser": {WritesPerMinutePerUser: -1},
		"UploadsPerMinute":       {UploadsPerMinute: -1},
	} {
		if _, err := emulator.New(emulator.Config{Quota: quota}); err == nil || !strings.Contains(err.Error(), "Config.Quota."+name+" ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
