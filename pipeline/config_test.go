package pipeline_test

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

func TestWhatARunCannotDoWithoutIsNamedBeforeAnythingBegins(t *testing.T) {
	for want, spoil := range map[string]func(*pipeline.Config){
		"Config.Paths":          func(c *pipeline.Config) { c.Paths = nil },
		"Config.StateDir":       func(c *pipeline.Config) { c.StateDir = "" },
		"Config.Tries":          func(c *pipeline.Config) { c.Tries = -1 },
		"Config.Transfers":      func(c *pipeline.Config) { c.Transfers = -1 },
		"Config.Chunk":          func(c *pipeline.Config) { c.Chunk = -1 },
		"Config.API.Uploads":    func(c *pipeline.Config) { c.API.Uploads = nil },
		"Config.API.MediaItems": func(c *pipeline.Config) { c.API.MediaItems = nil },
		"Config.API.Albums":     func(c *pipeline.Config) { c.API.Albums = nil },
		"Config.API.Reads":      func(c *pipeline.Config) { c.API.Reads, c.Confirm = nil, true },
	} {
		w := newWorld(t)
		w.cfg.StateDir = t.TempDir()
		cfg := w.cfg
		client, err := photos.New(photos.Config{TokenSource: oauth2.StaticTokenSource(&oauth2.Token{})})
		if err != nil {
			t.Fatal(err)
		}
		cfg.API = pipeline.ClientAPI(client)
		spoil(&cfg)
		if _, err := pipeline.Run(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("without %s: %v", want, err)
		}
		if left, err := os.ReadDir(w.cfg.StateDir); len(left) > 0 || err != nil {
			t.Errorf("without %s: the state folder has %v (%v)", want, left, err)
		}
	}
}
