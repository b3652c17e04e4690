package main

import (
	"context"
	"errors"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/pipeline"
)

// seedGroup is how many contents are given to the stand-in at a time.
const seedGroup = 1000

// tokenLife is how long the service remembers an upload token (contract 0 #7).
const tokenLife = 24 * time.Hour

// fill copies the ledger, and puts into the stand-in what the service has according to it, under the same ids: so that what is there already is not sent,
// albums are found, and late files find their neighbours, with as many requests as the real run will make.
func (r *rehearsal) fill(ctx context.Context, used int) error {
	copied := r.real
	copied.StateDir = r.dir
	path := pipeline.LedgerPath(copied)
	var err error
	if r.unsent, err = ledger.Copy(ctx, pipeline.LedgerPath(r.real), path); err != nil {
		return errors.Join(pipeline.ErrLedger, err)
	}
	known, err := ledger.OpenRead(ctx, path)
	if err != nil {
		return err
	}
	s := &seeder{to: r.stand, now: r.clock.Now(), items: map[string]bool{}, seed: emulator.Seed{Requests: used}}
	err = known.Deliveries(ctx, s.content)
	if err == nil {
		err = s.flush()
	}
	if err == nil {
		err = known.DeliveredAlbums(ctx, s.album)
	}
	return errors.Join(err, known.Close())
}

// seeder gives the stand-in what the ledger knows, some at a time.
type seeder struct {
	to    *emulator.Server
	now   time.Time
	items map[string]bool // that it was given
	seed  emulator.Seed
}

func (s *seeder) content(d ledger.Delivery) error {
	c := emulator.SeedContent{
		SHA256: d.SHA256, Size: d.Size, MIMEType: d.MediaType, Taken: d.Captured, ID: d.MediaItem, Filename: report.Text(d.Name),
	}
	if s.now.Sub(d.Issued) < tokenLife {
		c.Token, c.Issued = d.Token, d.Issued
	}
	if c.ID == "" && c.Token == "" || s.items[c.ID] {
		return nil
	}
	if c.ID != "" {
		s.items[c.ID] = true
	}
	if s.seed.Contents = append(s.seed.Contents, c); len(s.seed.Contents) < seedGroup {
		return nil
	}
	return s.flush()
}

func (s *seeder) album(a ledger.DeliveredAlbum) error {
	seed := emulator.SeedAlbum{ID: a.Remote, Title: a.Title, Foreign: !a.Writeable}
	held := map[string]bool{}
	headings := a.Headings
	for n := 0; n <= len(a.Items); n++ {
		for ; len(headings) > 0 && headings[0].At == n; headings = headings[1:] {
			seed.Enrichments = append(seed.Enrichments, emulator.Enrichment{ID: headings[0].Enrichment, Kind: "text", Text: headings[0].Text, At: len(seed.Items)})
		}
		if n == len(a.Items) {
			break
		}
		if id := a.Items[n]; s.items[id] && !held[id] {
			seed.Items = append(seed.Items, id)
			held[id] = true
		}
	}
	s.seed.Albums = append(s.seed.Albums, seed)
	return s.flush()
}

func (s *seeder) flush() error {
	seed := s.seed
	s.seed = emulator.Seed{}
	return s.to.Seed(seed)
}
