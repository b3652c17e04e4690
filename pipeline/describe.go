package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/describe"
	"github.com/albumwright/albumwright/internal/flow"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/watcher"
)

// The parts of Describe: how it is done, and what came of it.
type (
	Describing = describe.Config
	Described  = describe.Report
)

// Describe gives media items the words that captions, sidecars and the files themselves have now, where those are not what the items were given; see
// package describe. It looks at the files below Config.Paths; without any, at all that the ledger knows, with the captions of all folders above them.
// Nothing is taken away from an item but by an empty caption. Of Config count Paths, Include, Exclude, Captions, API.Words and what names and bounds a
// run; of ask, API, Ledger and Stop are set here. The report is valid in any case.
func Describe(ctx context.Context, cfg Config, ask Describing) (Described, error) {
	if err := errors.Join(cfg.validLedger(), cfg.validWords(ask.DryRun)); err != nil {
		return Described{}, err
	}
	l, err := openFor(ctx, cfg, ask.DryRun)
	if err != nil {
		return Described{}, err
	}
	r, err := newRun(ctx, cfg, l)
	if err != nil {
		return Described{}, fmt.Errorf("%w: %w", ErrLedger, errors.Join(err, l.Close()))
	}
	ask.API, ask.Ledger, ask.Stop = steadyWords{steadyReads{r, r.cfg.API.Words}}, l, r.stopped
	d := describe.New(ask)
	rep, err := d.Finish(ctx, r.describeAll(ctx, d))
	rep.Warnings = r.tally.Report(0, nil).Warnings
	if !ask.DryRun {
		q := r.tally.Report(0, nil).Requests
		rep.Requests = describe.Requests{BatchGets: q.BatchGets, Patches: q.Edits}
	}
	if errors.Is(err, ledger.ErrFile) && ctx.Err() == nil {
		err = fmt.Errorf("%w any more: %w", ErrLedger, err)
	}
	return rep, errors.Join(err, l.EndRun(context.WithoutCancel(ctx), r.id, r.described(rep, err)), l.Close())
}

func (c Config) validWords(dry bool) error {
	if c.API.Words == nil && !dry {
		return errors.New("pipeline: Config.API.Words is missing")
	}
	if len(c.Paths) == 0 {
		return nil
	}
	return c.walk().Valid()
}

// stopped is why the intake has ended, nil if it has not.
func (r *run) stopped() error {
	if r.cfg.Intake.Err() != nil {
		return context.Cause(r.cfg.Intake)
	}
	return nil
}

// describeAll finds out of each file which words it has, and hands it on.
func (r *run) describeAll(ctx context.Context, d *describe.Describer) error {
	r.captions.check()
	g, work := errgroup.WithContext(ctx)
	found := make(chan look, 64)
	g.Go(func() error {
		defer close(found)
		return r.eachKnown(work, func(l look) error {
			if err := r.stopped(); err != nil {
				return err
			}
			return flow.Send(work, found, l)
		})
	})
	worded := flow.Ordered(work, g, describers, describers, found, r.word)
	g.Go(func() error {
		for {
			w, ok, err := flow.Receive(work, worded)
			switch {
			case !ok || err != nil:
				return err
			case w.end.State != "":
				d.End(w.end)
			default:
				if err := d.Take(work, w.wish); err != nil {
					return err
				}
			}
		}
	})
	return g.Wait()
}

// eachKnown hands on the files below the roots, or all that the ledger knows, with what it knows of each.
func (r *run) eachKnown(ctx context.Context, visit func(look) error) error {
	var in folder
	if len(r.cfg.Paths) > 0 {
		return watcher.Walk(ctx, r.cfg.walk(), func(f watcher.File) error {
			if f.Skip != "" {
				return visit(look{file: f})
			}
			if err := r.open(ctx, &in, filepath.Dir(f.Path)); err != nil {
				return err
			}
			return visit(r.at(&in, f))
		})
	}
	dirs, err := r.ledger.Folders(ctx)
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		known, err := r.ledger.Folder(ctx, dir)
		if err != nil {
			return err
		}
		for _, name := range known.Names() {
			if err := visit(look{file: asItIs(filepath.Join(dir, name)), known: known.Known(name)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// asItIs is a file as a walk of the whole disk would find it. One that is not there has no size and no times.
func asItIs(path string) watcher.File {
	f := watcher.File{Root: filepath.VolumeName(path) + string(filepath.Separator), Path: path}
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		f.Skip, f.Err = watcher.SkipUnreadable, err
	case !info.Mode().IsRegular():
		f.Skip, f.Err = watcher.SkipUnreadable, errors.New("it is not a file any more")
	default:
		f.Size, f.ModTime = info.Size(), info.ModTime()
	}
	return f
}

// worded is a file with its words, or with its end.
type worded struct {
	wish describe.Wish
	end  describe.File
}

// word finds out which words a file has now, if it is one whose media item is to have them.
func (r *run) word(ctx context.Context, l look) (worded, error) {
	end := func(s describe.State, reason string) (worded, error) {
		return worded{end: describe.File{Path: report.Text(l.file.Path), State: s, Reason: reason}}, nil
	}
	content := l.known.Content
	switch {
	case l.file.Skip == watcher.SkipUnreadable && errors.Is(l.file.Err, fs.ErrNotExist):
		return end(describe.Missing, "")
	case l.file.Skip == watcher.SkipUnreadable:
		return end(describe.Failed, cause(l.file.Err))
	case l.file.Skip != "":
		return end(describe.Skipped, string(l.file.Skip))
	case len(l.known.Items) == 1 && l.known.Items[0].State == ledger.Skipped:
		return end(describe.Skipped, l.known.Items[0].Reason)
	case content == nil || content.MediaItem == "":
		return end(describe.Undelivered, "")
	case !r.same(l):
		return end(describe.Another, "the file was changed since; the next import takes it as a new one")
	}
	words, err := r.wordsOf(l.file)
	switch {
	case err != nil:
		return end(describe.Failed, cause(err))
	case words == nil:
		return end(describe.Wordless, "")
	}
	speaker, err := r.speaker(ctx, l.file, *content, *words)
	switch {
	case err != nil:
		return worded{}, err
	case speaker != "":
		return end(describe.Same, "its content is that of "+report.Text(speaker)+", whose words count")
	}
	return worded{wish: describe.Wish{Path: report.Text(l.file.Path), Content: *content, Words: *words}}, nil
}

// wordsOf are the words that a file has now, in the form in which the service takes them; nil if nothing says anything, and empty only if a caption
// says that there are to be none.
func (r *run) wordsOf(f watcher.File) (*string, error) {
	s := sighting{path: f.Path, Sighting: seen(f, "")}
	text, said := r.captions.of(f.Root, f.Path)
	if !said {
		if err := r.readFacts(&s); err != nil {
			return nil, err
		}
		if text = s.Facts.Description; text == "" {
			return nil, nil
		}
	}
	text = batch.FitDescription(text)
	return &text, nil
}

// speaker is another file with the same content whose words count, because it comes first by its path; "" if this one's do. A media item has one
// description, however many files have its content, and it shall not change with every run.
func (r *run) speaker(ctx context.Context, f watcher.File, c ledger.Content, words string) (string, error) {
	if c.Given != nil && *c.Given == words {
		return "", nil
	}
	paths, err := r.ledger.FilesOf(ctx, c.ID)
	if err != nil {
		return "", err
	}
	for _, path := range paths {
		if path >= f.Path {
			break
		}
		known, err := r.ledger.Folder(ctx, filepath.Dir(path))
		if err != nil {
			return "", err
		}
		l := look{file: asItIs(path), known: known.Known(filepath.Base(path))}
		if l.file.Root = r.rootOf(path, l.file.Root); l.file.Skip != "" || !r.same(l) {
			continue
		}
		if other, err := r.wordsOf(l.file); err == nil && other != nil {
			if *other == words {
				return "", nil
			}
			return path, nil
		}
	}
	return "", nil
}

// rootOf is the root that a path lies in: one of the run's, or if it lies in none, otherwise.
func (r *run) rootOf(path, otherwise string) string {
	for _, root := range r.cfg.Paths {
		if within(root, path) {
			return root
		}
	}
	return otherwise
}

// described is the report in the form in which the ledger's history has those of runs.
func (r *run) described(d Described, cause error) string {
	rep := r.tally.Report(0, cause)
	rep.Found, rep.SkippedBy = d.Found, d.SkippedBy
	for _, s := range describe.States() {
		end := AlreadyThere
		switch s {
		case describe.Skipped:
			end = Skipped
		case describe.Failed:
			end = Failed
		case describe.Unasked, describe.Undelivered, describe.Missing:
			end = Unfinished
		}
		rep.Ends[end] += d.States[s]
	}
	text, _ := json.Marshal(rep) // a report always can be
	return string(text)
}

// steadyWords makes calls that are tried again. To repeat a patch is safe.
type steadyWords struct{ steadyReads }

func (s steadyWords) Patch(ctx context.Context, id, description string) (out photos.MediaItem, err error) {
	err = s.run.persist(ctx, &s.run.gates.writes, func(ctx context.Context) error {
		s.run.tally.Requests(func(r *report.Requests) { r.Edits++ })
		out, err = s.run.cfg.API.Words.Patch(ctx, id, description)
		return err
	})
	return out, err
}
