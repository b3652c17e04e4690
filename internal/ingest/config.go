package ingest

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/confirm"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/pipeline"
)

// Config says what to do with a card. Card and History are required.
type Config struct {
	Card    card.Card
	History *History
	FS      offload.FS    // nil is the machine's
	Dests   []string      // absolute paths of the folders that get copies; none: nothing is copied
	Path    Naming        // where in them a file goes
	Depth   offload.Depth // of verification; "" is full
	Places  int           // how many verified copies the verdict asks for; 0 is as many as there are Dests
	DryRun  bool          // copy, send and write nothing

	Upload   *pipeline.Config // how files are sent; its Paths and Source are set here. nil: nothing is sent
	FromCard bool             // sent is the card's file and not its copy
	Unsent   error            // why nothing can be sent, although it was asked for; nil: it can
	// Confirm asks the service about media items, and makes its answer a condition of the verdict. nil: it is not asked.
	Confirm func(ctx context.Context, ids []string) (map[string]confirm.Answer, error)

	Manifest, MHL bool  // leave a list of hashes in each destination
	Maker         Maker // stands in them

	Intake   context.Context  // its end stops the ingest gently, between two files; nil never does
	Now      func() time.Time // nil is the system's clock
	Progress *Progress        // is told how far it is; may be nil
	Observe  func(File)       // is told each file's end; may be nil

	portion int // files that are sent together; 0 = portionFiles
}

// Progress says how far an ingest is. Its fields may be read at any time.
type Progress struct {
	Files, Found atomic.Int64 // at their end; on the card, junk left out
	Bytes, Total atomic.Int64 // read from the card; to read, to copy and to prove
	Sent, ToSend atomic.Int64 // files at their end in the service; handed over
}

func (c Config) withDefaults() Config {
	if c.FS == nil {
		c.FS = offload.OS()
	}
	if c.Depth == "" {
		c.Depth = offload.Full
	}
	if c.Places == 0 {
		c.Places = len(c.Dests)
	}
	if c.Intake == nil {
		c.Intake = context.Background()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Progress == nil {
		c.Progress = &Progress{}
	}
	if c.Observe == nil {
		c.Observe = func(File) {}
	}
	return c
}

// Valid refuses what cannot be. Run asks it first.
func (c Config) Valid() error {
	c = c.withDefaults()
	if err := c.Depth.Valid(); err != nil {
		return err
	}
	if c.Places > len(c.Dests) {
		return fmt.Errorf("ingest: %d verified copies are asked for, but there are only %d destinations", c.Places, len(c.Dests))
	}
	seen := map[string]bool{}
	for _, dir := range c.Dests {
		switch {
		case !filepath.IsAbs(dir):
			return fmt.Errorf("ingest: destination %s is no absolute path", dir)
		case seen[filepath.Clean(dir)]:
			return fmt.Errorf("ingest: destination %s is named twice: two copies in one place are one", dir)
		case OnCard(c.FS, c.Card, dir):
			return fmt.Errorf("ingest: destination %s is on the card, to which nothing is ever written", dir)
		}
		seen[filepath.Clean(dir)] = true
	}
	return nil
}

// within tells whether a path is a folder or below it.
func within(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}
