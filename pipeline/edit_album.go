package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/albumedit"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
)

// The parts of EditAlbum: what is to be done to an album, and what was.
type (
	AlbumEdit   = albumedit.Edit
	AlbumEdited = albumedit.Outcome
	// AlbumMistake is what the user can only mend by asking for something else.
	AlbumMistake = albumedit.Mistake
)

// EditAlbum changes an album by hand, and keeps the ledger true; see package albumedit. A dry run says which calls would be made. Of Config count
// API.Edits, API.Search and what names and bounds a run. The outcome is valid in any case.
func EditAlbum(ctx context.Context, cfg Config, edit AlbumEdit, dry bool) (AlbumEdited, error) {
	err := cfg.validLedger()
	if (cfg.API.Edits == nil || cfg.API.Search == nil) && !dry {
		err = errors.Join(err, errors.New("pipeline: Config.API.Edits or Search is missing"))
	}
	if err != nil {
		return AlbumEdited{}, err
	}
	l, err := openFor(ctx, cfg, dry)
	if err != nil {
		return AlbumEdited{}, err
	}
	r, err := newRun(ctx, cfg, l)
	if err != nil {
		return AlbumEdited{}, fmt.Errorf("%w: %w", ErrLedger, errors.Join(err, l.Close()))
	}
	out, err := albumedit.Run(ctx, albumedit.Config{
		API: steadyAlbums{r}, Ledger: l, Run: r.id, DryRun: dry, Stop: r.stopped, Now: r.now, Rating: r.rating, Held: r.inAlbum,
	}, edit)
	if errors.Is(err, ledger.ErrFile) && ctx.Err() == nil {
		err = fmt.Errorf("%w any more: %w", ErrLedger, err)
	}
	outcome, _ := json.Marshal(r.tally.Report(0, err)) // a report always can be
	return out, errors.Join(err, l.EndRun(context.WithoutCancel(ctx), r.id, string(outcome)), l.Close())
}

// rating is how many stars a delivered file has now, in its sidecar or itself. The error is fs.ErrNotExist if it is not there any more, or another file.
func (r *run) rating(ctx context.Context, path string) (int, error) {
	known, err := r.ledger.Folder(ctx, filepath.Dir(path))
	if err != nil {
		return 0, err
	}
	file := asItIs(path)
	if file.Skip != "" || !r.same(look{file: file, known: known.Known(filepath.Base(path))}) {
		return 0, fmt.Errorf("%s: %w", report.Text(path), fs.ErrNotExist)
	}
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	facts, err := exif.Read(&countedReader{from: f}, file.Size)
	if err != nil && !errors.Is(err, exif.ErrDamaged) {
		return 0, err
	}
	beside, _ := r.sidecars.of(path)
	return exif.Resolve(facts, exif.Context{Name: filepath.Base(path), ModTime: file.ModTime, Sidecars: beside, Local: time.Local}).Rating, nil
}

// steadyAlbums makes calls that are tried again. To repeat one is safe, but for putting items in, where the album is listed first, and for taking them out: a
// repetition of what was carried out is refused.
type steadyAlbums struct{ run *run }

func (s steadyAlbums) edit(ctx context.Context, call func(context.Context) error) error {
	return s.run.persist(ctx, &s.run.gates.writes, func(ctx context.Context) error {
		s.run.tally.Requests(func(r *report.Requests) { r.Edits++ })
		return call(ctx)
	})
}

func (s steadyAlbums) Create(ctx context.Context, title string) (photos.Album, error) {
	return s.run.albums.API.Create(ctx, title)
}

func (s steadyAlbums) ListPage(ctx context.Context, token string) (page []photos.Album, next string, err error) {
	err = s.run.persist(ctx, &s.run.gates.reads, func(ctx context.Context) error {
		page, next, err = s.run.albums.API.ListPage(ctx, token)
		return err
	})
	return page, next, err
}

func (s steadyAlbums) Patch(ctx context.Context, id string, change photos.AlbumPatch) (out photos.Album, err error) {
	err = s.edit(ctx, func(ctx context.Context) error {
		out, err = s.run.cfg.API.Edits.Patch(ctx, id, change)
		return err
	})
	return out, err
}

func (s steadyAlbums) BatchAddMediaItems(ctx context.Context, id string, items []string) error {
	return s.run.batchAdd(ctx, s.run.cfg.API.Edits, id, slices.Clone(items))
}

func (s steadyAlbums) BatchRemoveMediaItems(ctx context.Context, id string, items []string) error {
	unanswered := false
	return s.edit(ctx, func(ctx context.Context) error {
		err := s.run.cfg.API.Edits.BatchRemoveMediaItems(ctx, id, items)
		switch photos.Classify(err) {
		case photos.ClassTransient:
			unanswered = true
		case photos.ClassInvalid:
			if unanswered {
				return albumedit.Unclear{Err: err}
			}
		}
		return err
	})
}
