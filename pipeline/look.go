package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/flow"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/media"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/watcher"
)

const (
	// describers look into headers. It is waiting for the disk, mostly, and for network shares more so.
	describers = 8
	// recordGroup bounds the sightings that go into the ledger together; 256 share one fsync and still appear at once.
	recordGroup = 256
)

// sighting is a new file with its facts, on its way into the ledger.
type sighting struct {
	ledger.Sighting
	path   string
	albums []string        // titles of those that it is wished into; none if it waits for its event
	adopt  []ledger.ItemID // items that an earlier run left unfinished
}

// walk finds files. What is skipped by its name ends here.
func (r *run) walk(ctx context.Context, g *errgroup.Group) <-chan watcher.File {
	files := make(chan watcher.File, recordGroup)
	g.Go(func() error {
		defer close(files)
		defer r.events.complete(StageWalk)
		err := r.eachFile(ctx, func(f watcher.File) error {
			if r.cfg.Intake.Err() != nil {
				return errStopped
			}
			r.tally.Found()
			r.events.progress(StageWalk, func(p *Progress) { p.Done++; p.Total++ })
			if f.Skip != "" {
				return r.skip(ctx, f)
			}
			r.looking.add(1)
			return flow.Send(ctx, files, f)
		})
		if errors.Is(err, errStopped) {
			return nil
		}
		return err
	})
	return files
}

// eachFile visits what the run is about: the files of its plan, those that it is handed, or all below its roots.
func (r *run) eachFile(ctx context.Context, visit func(watcher.File) error) error {
	switch {
	case r.planned != nil:
		return r.planned.each(ctx, visit)
	case r.cfg.Source != nil:
		return r.cfg.Source(ctx, visit)
	}
	return watcher.Walk(ctx, r.cfg.walk(), visit)
}

// errStopped ends the walk when the intake has ended. It never leaves the package.
var errStopped = errors.New("stopped")

// skip ends a file that the walk does not take. What the system would not let us read is a failure: it may be a photo.
func (r *run) skip(ctx context.Context, f watcher.File) error {
	end := File{Path: report.Text(f.Path), Size: f.Size, End: report.Skipped, Reason: string(f.Skip)}
	switch f.Skip {
	case watcher.SkipUnreadable:
		if r.away(f.Path) {
			r.looking.add(1)
			return nil
		}
		return r.cannotLook(ctx, f.Path, f.Size, false, f.Err)
	case skipTakenAway:
		end.End, end.Reason = report.AlreadyThere, ""
	}
	r.fileEnd(end)
	return nil
}

// describe reads the headers of new files.
func (r *run) describe(ctx context.Context, g *errgroup.Group, fresh <-chan look) <-chan sighting {
	return flow.Ordered(ctx, g, describers, describers, fresh, func(ctx context.Context, l look) (sighting, error) {
		defer r.events.done(StageDescribe)
		return r.describeFile(ctx, l)
	})
}

// describeFile finds out what a file is. A file that cannot be read is reported as failed at once.
func (r *run) describeFile(ctx context.Context, l look) (sighting, error) {
	s := sighting{path: l.file.Path, Sighting: seen(l.file, ""), albums: l.fresh, adopt: l.adopt}
	s.Doubt = r.cfg.Checksum
	if r.unchanged(l) { // known, and wanted in a further album
		s.Facts = l.known.Facts
	} else if err := r.readFacts(&s); err != nil {
		if r.away(s.path) { // it is still being looked at when the run ends, and so unfinished
			return sighting{}, nil
		}
		r.looking.add(-1)
		return sighting{}, r.cannotLook(ctx, s.path, s.Size, l.known.File != 0 && !r.same(l), err)
	}
	r.caption(&s, l.file.Root)
	r.planned.describe(&s)
	s.Sort = r.sortKey(s.Dir, s.Name, s.Facts)
	r.wish(l, &s)
	return s, nil
}

// seen is a file as the ledger wants to know it.
func seen(f watcher.File, album string) ledger.Sighting {
	return ledger.Sighting{
		Dir: filepath.Dir(f.Path), Name: filepath.Base(f.Path), Size: f.Size, ModTime: f.ModTime, Changed: f.Changed,
		Device: f.ID.Device, Inode: f.ID.Inode, Album: album,
	}
}

// readFacts reads the header of a file: its type by content, and its capture facts.
func (r *run) readFacts(s *sighting) error {
	f, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	header := &countedReader{from: f}
	head, err := header.head(s.Size)
	if err != nil {
		return err
	}
	kind, _, known := media.Detect(s.Name, head)
	switch {
	case !known:
		s.Skip = string(watcher.SkipUnsupported)
	case !kind.Accepted():
		s.Skip = fmt.Sprintf("%s: its content is %s", watcher.SkipUnsupported, kind.Name)
	case s.Size > kind.MaxSize:
		s.Skip = fmt.Sprintf("larger than the %d MB that the service takes of a %s", kind.MaxSize>>20, kind.Kind)
	}
	facts, err := exif.Read(header, s.Size)
	if err != nil && !errors.Is(err, exif.ErrDamaged) {
		return err
	}
	beside, n := r.sidecars.of(s.path)
	r.countHeader(header.n + n)
	resolved := exif.Resolve(facts, exif.Context{
		Name: s.Name, ModTime: s.ModTime, Sidecars: beside, Local: time.Local, Shift: r.shutters.shift(camera(facts)),
	})
	r.shutters.compare(resolved)
	s.Facts = ledgerFacts(resolved, kind.MIME)
	return nil
}

// ledgerFacts says the facts in the ledger's form.
func ledgerFacts(f exif.Facts, mime string) ledger.Facts {
	out := ledger.Facts{
		Captured: f.Capture.Wall, CaptureSource: string(f.Capture.Source), Make: f.Make, Model: f.Model, Serial: f.Serial,
		Orientation: f.Orientation, Width: f.Width, Height: f.Height, MediaType: mime, Description: f.Description,
		ContentID: f.ContentID, Duration: f.Duration, Shifted: f.Capture.Shifted,
	}
	if f.Capture.OffsetSource != exif.OffsetUnknown {
		seconds := int(f.Capture.Offset / time.Second)
		out.Offset = &seconds
	}
	if !f.Place.IsZero() {
		out.Latitude, out.Longitude = &f.Place.Lat, &f.Place.Lon
	}
	return out
}

// record writes sightings into the ledger, as many at a time as have come.
func (r *run) record(ctx context.Context, g *errgroup.Group, seen <-chan sighting) {
	g.Go(func() error {
		defer r.events.complete(StageDescribe)
		for {
			group, err := gather(ctx, seen, recordGroup)
			if len(group) == 0 || err != nil {
				return err
			}
			if err := r.recordGroup(ctx, group); err != nil {
				return err
			}
		}
	})
}

// gather takes one value, and whatever else is there already.
func gather[T any](ctx context.Context, from <-chan T, most int) ([]T, error) {
	first, ok, err := flow.Receive(ctx, from)
	if !ok || err != nil {
		return nil, err
	}
	group := append(make([]T, 0, min(1+len(from), most)), first)
	for len(group) < most {
		select {
		case v, ok := <-from:
			if !ok {
				return group, nil
			}
			group = append(group, v)
		default:
			return group, nil
		}
	}
	return group, nil
}

func (r *run) recordGroup(ctx context.Context, group []sighting) error {
	var seen []ledger.Sighting
	var adopt []ledger.ItemID
	settled := 0
	for _, s := range group {
		adopt = append(adopt, s.adopt...)
		for _, title := range s.albums {
			s.Album = title
			seen = append(seen, s.Sighting)
		}
		switch {
		case s.Awaits != "":
			seen = append(seen, s.Sighting)
		case s.path != "":
			settled++
		}
	}
	err := bothOrNone(ctx,
		func(ctx context.Context) error { return r.ledger.Record(ctx, r.id, seen) },
		func(ctx context.Context) error { return r.ledger.Adopt(ctx, r.id, adopt) },
	)
	if err != nil {
		return err
	}
	r.looking.add(-settled)
	for _, s := range group {
		if s.Skip != "" {
			r.fileEnd(File{Path: report.Text(s.path), Size: s.Size, End: report.Skipped, Reason: s.Skip})
		}
	}
	return nil
}

// bothOrNone makes all of some changes of the ledger, or none if ctx has ended before: a file whose item is there counts as unfinished there, and must no
// longer count as being looked at.
func bothOrNone(ctx context.Context, changes ...func(context.Context) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	ctx = context.WithoutCancel(ctx)
	for _, change := range changes {
		if err := change(ctx); err != nil {
			return err
		}
	}
	return nil
}

// cause says what the system said about a file, without repeating its path.
func cause(err error) string {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err.Error()
	}
	if err == nil {
		return string(watcher.SkipUnreadable)
	}
	return err.Error()
}
