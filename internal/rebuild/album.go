package rebuild

import (
	"context"
	"encoding/hex"
	"errors"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/internal/flow"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
)

const (
	// describers is how many headers are read at a time, which is mostly waiting for the disk; as in package pipeline.
	describers = 8
	// pageSize is how many files come from the ledger at a time.
	pageSize = 500
	// together is how many matches go into the ledger with one fsync.
	together = 256
)

// wish is a file that is wanted in an album.
type wish struct {
	ledger.Pending
	facts Facts
	err   error // it cannot be read
}

// album matches the files that are wanted in one album, or in the library only, with what is in it.
func (r *rebuilder) album(ctx context.Context, a ledger.PendingAlbum, at home) error {
	files, err := r.files(ctx, a)
	if err != nil {
		return err
	}
	if at.reason != "" {
		r.endAll(a, files, Unknown, at.reason)
		return nil
	}
	names := map[string]bool{}
	for _, w := range files {
		names[w.facts.Name] = true
	}
	items, err := r.items(ctx, at.remote, names)
	if photos.Classify(err) == photos.ClassAlbumGone {
		r.endAll(a, files, Unknown, "the service no longer has its album")
		return nil
	}
	if err == nil {
		err = r.describe(ctx, files)
	}
	if err != nil {
		r.endAll(a, files, Unasked, "")
		return err
	}
	if a.ID != ledger.Library {
		r.report.Albums++
	}
	return r.match(ctx, a, r.left(a, files), items)
}

// leave ends the files of an album that was not come to.
func (r *rebuilder) leave(ctx context.Context, a ledger.PendingAlbum) error {
	files, err := r.files(ctx, a)
	r.endAll(a, files, Unasked, "")
	return err
}

// files are the files that are wanted in an album, in its order.
func (r *rebuilder) files(ctx context.Context, a ledger.PendingAlbum) (files []wish, err error) {
	for after := (ledger.Cursor{}); ; {
		page, err := r.Ledger.Pending(ctx, r.Run, a.ID, after, pageSize)
		if err != nil || len(page) == 0 {
			return files, err
		}
		for _, p := range page {
			files = append(files, wish{Pending: p, facts: Facts{Name: nameOf(p)}})
		}
		after = page[len(page)-1].Cursor()
	}
}

// describe reads the headers of files.
func (r *rebuilder) describe(ctx context.Context, files []wish) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(describers)
	for i := range files {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			files[i].facts, files[i].err = factsOf(files[i].Pending)
			return context.Cause(ctx)
		})
	}
	return g.Wait()
}

// left gives the files their end that cannot be looked for, and returns the others.
func (r *rebuilder) left(a ledger.PendingAlbum, files []wish) (left []wish) {
	for _, w := range files {
		switch {
		case w.Session != nil || w.Content != nil && w.Content.Token != "":
			r.end(a, w, File{State: Known, Reason: "its upload has begun"})
		case w.err != nil:
			r.end(a, w, File{State: Unreadable, Reason: cause(w.err)})
		default:
			left = append(left, w)
		}
	}
	return left
}

// candidate is a group whose files could all be its one item.
type candidate struct {
	files []wish
	item  Item
	sums  []hash // of the files; none if they need not be read
	err   error  // one of the files cannot be read
}

// match matches the files of one album, in its order, with its items.
func (r *rebuilder) match(ctx context.Context, a ledger.PendingAlbum, files []wish, items []Item) error {
	facts := make([]Facts, len(files))
	for i, w := range files {
		facts[i] = w.facts
	}
	var candidates []candidate
	for _, g := range Groups(facts, items) {
		var c candidate
		for _, i := range g.Files {
			c.files = append(c.files, files[i])
		}
		if reason := g.reason(c.files[0].facts); reason != "" {
			r.endAll(a, c.files, Unknown, reason)
			continue
		}
		c.item = g.Items[0]
		candidates = append(candidates, c)
	}
	g, ctx := errgroup.WithContext(ctx)
	hashed := flow.Ordered(ctx, g, r.Readers, 64, feed(ctx, g, candidates), r.hash)
	decided := 0
	g.Go(func() error { return r.settle(ctx, a, hashed, &decided) })
	err := g.Wait()
	for _, c := range candidates[decided:] {
		r.endAll(a, c.files, Unasked, "")
	}
	return err
}

// settle decides about candidates as they have been read, and writes what was matched.
func (r *rebuilder) settle(ctx context.Context, a ledger.PendingAlbum, hashed <-chan candidate, decided *int) error {
	var matches []ledger.Match
	write := func() error {
		group := matches
		matches = nil
		return r.Ledger.Match(context.WithoutCancel(ctx), group) // the files were read for it
	}
	for {
		c, ok, err := flow.Receive(ctx, hashed)
		if !ok || err != nil {
			return errors.Join(err, write())
		}
		found, err := r.decide(ctx, a, c)
		if err != nil {
			return errors.Join(err, write())
		}
		*decided++
		if matches = append(matches, found...); len(matches) >= together {
			if err := write(); err != nil {
				return err
			}
		}
	}
}

// decide says whether a candidate's files are its item, as far as their contents and what is known of others speak for it.
func (r *rebuilder) decide(ctx context.Context, a ledger.PendingAlbum, c candidate) ([]ledger.Match, error) {
	switch {
	case c.err != nil && len(c.files) == 1:
		r.endAll(a, c.files, Unreadable, cause(c.err))
		return nil, nil
	case c.err != nil:
		r.endAll(a, c.files, Unknown, "a file of its name, time and size cannot be read")
		return nil, nil
	case len(c.sums) == 0: // a dry run, for which the look is enough
		r.endAll(a, c.files, Matched, "")
		return nil, nil
	}
	reason, err := r.against(ctx, c)
	if err != nil {
		return nil, err
	}
	if reason != "" {
		r.endAll(a, c.files, Unknown, reason)
		return nil, nil
	}
	sum := c.sums[0]
	r.sumOf[c.item.ID], r.itemOf[sum] = sum, c.item.ID
	var matches []ledger.Match
	for i, w := range c.files {
		r.end(a, w, File{State: Matched, ID: c.item.ID, SHA256: hex.EncodeToString(sum[:])})
		matches = append(matches, ledger.Match{Item: w.Item, SHA256: sum, Size: w.Size, MediaItem: c.item.ID, Double: i > 0})
	}
	if r.DryRun {
		return nil, nil
	}
	return matches, nil
}

// against is what speaks against a match; "" if nothing does. An item has one content, and a content one item.
func (r *rebuilder) against(ctx context.Context, c candidate) (string, error) {
	sum := c.sums[0]
	for _, s := range c.sums {
		if s != sum {
			return "several files of its name, time and size, with different contents", nil
		}
	}
	if s, ok := r.sumOf[c.item.ID]; ok && s != sum {
		return "its item is known as another content", nil
	}
	known, _, err := r.Ledger.Content(ctx, sum)
	id := r.itemOf[sum]
	switch {
	case known.MediaItem != "" && known.MediaItem != c.item.ID, id != "" && id != c.item.ID:
		return "its content is known as another item", err
	case known.Refused != "":
		return "the service refused its content before", err
	}
	return "", err
}

// end gives a file its state.
func (r *rebuilder) end(a ledger.PendingAlbum, w wish, f File) {
	f.Path, f.Size, f.Album = report.Text(filepath.Join(w.Dir, w.Name)), w.Size, a.Title
	r.report.Add(f)
	r.Progress.Done.Add(1)
	r.Observe(f)
}

func (r *rebuilder) endAll(a ledger.PendingAlbum, files []wish, s State, reason string) {
	for _, w := range files {
		r.end(a, w, File{State: s, Reason: reason})
	}
}

// feed sends values one after the other.
func feed[T any](ctx context.Context, g *errgroup.Group, values []T) <-chan T {
	out := make(chan T)
	g.Go(func() error {
		defer close(out)
		for _, v := range values {
			if err := flow.Send(ctx, out, v); err != nil {
				return err
			}
		}
		return nil
	})
	return out
}
