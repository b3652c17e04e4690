package pipeline

import (
	"context"
	"errors"
	"slices"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/plan"
	"github.com/albumwright/albumwright/internal/report"
)

// Foresight is what a run will do, as [Plan] foresees it, with its parts.
type (
	Foresight    = plan.Plan
	PlannedAlbum = plan.Album
	PlannedItem  = plan.Item
)

// Plan says what Run would do with the same Config, without a call to the service and without writing anything: it works on a copy of the ledger in
// memory, with the same walk, the same rules and the same order. Files whose size is not theirs alone are hashed, to tell duplicates.
func Plan(ctx context.Context, cfg Config) (Foresight, error) {
	p, err := NewPlanner(ctx, cfg)
	if err != nil {
		return Foresight{}, err
	}
	p.ledger.Once()
	f, err := p.Plan(ctx, cfg.Naming)
	return f, errors.Join(err, p.Close())
}

// foresight makes the plan.
type foresight struct {
	*run
	plan   Foresight
	sizes  map[int64]bool              // that are not one pending file's alone
	tokens map[hash]bool               // contents that an earlier file of the plan sends
	placed map[placing]bool            // contents that an earlier file of the plan brings into an album
	places map[ledger.AlbumID][][]byte // of what goes into albums, in order; for headings
	sums   map[ledger.FileID]hashed    // of earlier plans of these files
	parts  map[ledger.FileID][]File    // how files that are wanted in several albums end in each, until all are known
}

func (f *foresight) foresee(ctx context.Context) error {
	albums, err := f.ledger.PendingAlbums(ctx, f.id)
	if err != nil {
		return err
	}
	if err := f.knownMissing(albums); err != nil {
		return err
	}
	if f.sizes, err = f.ledger.SharedSizes(ctx, f.id); err != nil {
		return err
	}
	if albums, err = f.withLost(ctx, albums); err != nil {
		return err
	}
	for _, a := range albums {
		if err := f.album(ctx, a); err != nil {
			return err
		}
	}
	if err := f.headings(ctx); err != nil {
		return err
	}
	rep := f.tally.Report(0, nil)
	f.plan.Found, f.plan.Ends, f.plan.SkippedBy, f.plan.Warnings = rep.Found, rep.Ends, rep.SkippedBy, rep.Warnings
	return rep.Check()
}

// album foresees one album: which files go into it, and in how many calls.
func (f *foresight) album(ctx context.Context, a ledger.PendingAlbum) error {
	out := plan.Album{Title: a.Title, Continues: a.Continues, Items: slices.Grow([]plan.Item(nil), a.Items)}
	lost, err := f.lost(ctx, a)
	if err != nil {
		return err
	}
	calls := sequence{title: a.Title}
	holders := holders{run: f.run, album: a.ID}
	err = f.eachPending(ctx, a, func(next parcel) error {
		p := &next
		verdict, err := f.ending(ctx, p)
		if err != nil || verdict != mustSend && verdict != hasToken && verdict != toAdd {
			return err
		}
		for ; len(lost) > 0 && string(lost[0].Sort) < string(p.Sort); lost = lost[1:] {
			f.add(&out, &calls, lost[0].Doubt)
			f.stands(a.ID, lost[0].Sort)
		}
		item := f.item(p, verdict)
		if item.Behind, err = holders.of(ctx, p.behind); err != nil {
			return err
		}
		if item.Added {
			f.add(nil, &calls, p.Doubt)
		} else {
			calls.create(p)
		}
		out.Items = append(out.Items, item)
		f.stands(a.ID, p.Sort)
		return nil
	})
	if err != nil {
		return err
	}
	for _, l := range lost {
		f.add(&out, &calls, l.Doubt)
		f.stands(a.ID, l.Sort)
	}
	return f.filled(ctx, a, out, calls)
}

// ending foresees how a file ends, and tells the report.
func (f *foresight) ending(ctx context.Context, p *parcel) (verdict, error) {
	if f.bad.fate(p); p.fate != nil {
		f.end(p, p.end(p.why, p.fate.Reason))
		return failed, nil
	}
	v, err := f.verdictOf(ctx, p)
	if err == nil {
		f.end(p, p.end(v.end(), ""))
	}
	return v, err
}

// item is the plan's line of a file that goes into an album, and counts what is sent for it.
func (f *foresight) item(p *parcel, v verdict) plan.Item {
	if v == mustSend {
		f.plan.Requests.Uploads++
		f.plan.Bytes += p.Size
	}
	path := p.path()
	return plan.Item{
		Path: report.Text(path), File: path, Size: p.Size, ModTime: p.ModTime, Captured: p.Captured, Source: p.Source, Sent: v == mustSend,
		Added: v == toAdd, Description: batch.FitDescription(p.Description), Notes: p.notes(), Last: p.place.Last,
	}
}

// filled counts the calls that fill an album, and what it takes to have it.
func (f *foresight) filled(ctx context.Context, a ledger.PendingAlbum, out plan.Album, calls sequence) error {
	if len(out.Items)+out.PutBack == 0 {
		return nil
	}
	out.Batches, out.Adds = calls.creates, calls.adds
	f.plan.Requests.BatchCreates += out.Batches
	f.plan.Requests.BatchAdds += out.Adds
	if err := f.creation(ctx, a, &out); err != nil {
		return err
	}
	f.plan.Albums = append(f.plan.Albums, out)
	return nil
}

// holders knows which files brought what an album held before the run.
type holders struct {
	*run
	album    ledger.AlbumID
	contents map[string]ledger.ContentID // by media item; nil until it is asked for
	item     string                      // the last one asked for, and its file
	path     string
}

// of is the file of a media item, printable, "" for none.
func (h *holders) of(ctx context.Context, item string) (string, error) {
	if item == h.item {
		return h.path, nil
	}
	if h.contents == nil {
		held, err := h.ledger.Placements(ctx, h.album, h.id)
		if err != nil {
			return "", err
		}
		h.contents = make(map[string]ledger.ContentID, len(held))
		for _, p := range held {
			h.contents[p.MediaItem] = p.Content
		}
	}
	path, err := h.ledger.Holder(ctx, h.album, h.contents[item])
	h.item, h.path = item, report.Text(path)
	return h.path, err
}

// end tells a file's end, when it is known for all albums that it is wanted in.
func (f *foresight) end(p *parcel, line File) {
	if p.Others == 0 {
		f.fileEnd(line)
		return
	}
	parts := append(f.parts[p.File], line)
	if len(parts) <= p.Others {
		f.parts[p.File] = parts
		return
	}
	delete(f.parts, p.File)
	f.fileEnd(asOne(parts))
}

// verdictOf decides about a file as the run will.
func (f *foresight) verdictOf(ctx context.Context, p *parcel) (verdict, error) {
	sum, err := f.sum(ctx, p)
	if err != nil {
		return failed, nil // the run will make it the file's end
	}
	if sum == nil {
		return mustSend, nil
	}
	at := placing{p.album.First, *sum}
	if f.placed[at] {
		return duplicate, nil
	}
	v := mustSend
	c, known, err := f.ledger.Content(ctx, *sum)
	if err == nil && known {
		v, err = f.verdict(ctx, p, c)
	}
	if v == mustSend && f.tokens[*sum] {
		v = hasToken
	}
	if v == mustSend || v == hasToken {
		f.tokens[*sum] = true
	}
	if v == mustSend || v == hasToken || v == toAdd {
		f.placed[at] = true
	}
	return v, err
}

// sum hashes a file if another one could have the same content.
func (f *foresight) sum(ctx context.Context, p *parcel) (*hash, error) {
	if p.Content != nil {
		return &p.Content.SHA256, nil
	}
	if !f.sizes[p.Size] {
		return nil, nil
	}
	if before, ok := f.sums[p.File]; ok && before.of == stateOf(p.Pending) {
		return &before.sum, nil
	}
	sum, err := hashFile(ctx, p.path(), p.Pending)
	if err == nil {
		f.sums[p.File] = hashed{stateOf(p.Pending), sum}
	}
	return &sum, err
}

// creation foresees what it takes to have the album.
func (f *foresight) creation(ctx context.Context, a ledger.PendingAlbum, out *plan.Album) error {
	if a.ID == ledger.Library {
		return nil
	}
	known, err := f.ledger.Album(ctx, a.ID)
	if err != nil || known.Remote != "" {
		return err
	}
	remote, listed, err := f.ledger.RemoteAlbums(ctx, a.Title)
	if err != nil {
		return err
	}
	believed := album.Listed(listed, f.now()) && !known.Intended
	if !believed {
		f.plan.Requests.AlbumLists, f.plan.ListsAtLeast, out.Unsure = 1, true, true
	}
	for _, r := range remote {
		if believed && r.Writeable {
			return nil
		}
	}
	out.New = true
	f.plan.Requests.AlbumCreates++
	return nil
}
