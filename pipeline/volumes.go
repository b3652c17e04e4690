package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
)

// An album holds at most photos.MaxAlbumItems items, and the service refuses a call that would go over it as a whole (contract 4). A title that is full goes
// on in further albums, its volumes: "Title (2)", "Title (3)", and so on.

// spread shares the pending files out to the volumes of their titles, before the first is sent.
func (r *run) spread(ctx context.Context) error {
	albums, err := r.ledger.PendingAlbums(ctx, r.id)
	if err != nil {
		return err
	}
	wanted := map[ledger.AlbumID]int{} // by the first volume
	for _, a := range albums {
		wanted[a.First] += a.Items
	}
	for _, a := range albums {
		n := wanted[a.First]
		delete(wanted, a.First)
		if a.ID == ledger.Library || n == 0 { // done already, with another volume
			continue
		}
		if err := r.spreadTitle(ctx, a, n); err != nil {
			return err
		}
	}
	return nil
}

// spreadTitle does so for one title, in whose volumes n files are wanted.
func (r *run) spreadTitle(ctx context.Context, a ledger.PendingAlbum, n int) error {
	volumes, err := r.ledger.Volumes(ctx, r.id, a.ID)
	if err != nil {
		return err
	}
	if len(volumes) == 1 && r.room(volumes[0]) >= n {
		return nil
	}
	at := -1 // no file has a volume yet
	var from []ledger.Cursor
	var to []int
	spreader := album.Spreader{More: func() int { return r.capacity() }}
	for _, v := range volumes {
		spreader.Rooms = append(spreader.Rooms, album.Room{Left: r.room(v), First: v.First})
	}
	err = r.ledger.Wanted(ctx, r.id, a.ID, func(w ledger.Wanted) {
		if v := spreader.Next(w.Sort); v != at {
			at, from, to = v, append(from, ledger.Cursor{Sort: w.Sort, Item: w.Item}), append(to, v)
		}
	})
	if err != nil {
		return err
	}
	for len(volumes) < len(spreader.Rooms) {
		v, err := r.addVolume(ctx, volumes[0])
		if err != nil {
			return err
		}
		volumes = append(volumes, v)
	}
	shares := make([]ledger.Share, len(to))
	for i, v := range to {
		shares[i] = ledger.Share{Album: volumes[v].ID, From: from[i]}
	}
	return r.ledger.ShareOut(ctx, r.id, shares)
}

func (r *run) addVolume(ctx context.Context, first ledger.Volume) (ledger.Volume, error) {
	return r.ledger.AddVolume(ctx, first.ID, func(n int) string { return album.VolumeTitle(first.Title, n) })
}

// capacity is how many media items an album can hold.
func (r *run) capacity() int {
	if r.cfg.albumLimit > 0 {
		return r.cfg.albumLimit
	}
	return photos.MaxAlbumItems
}

// room is how many more a volume takes, as far as is known here: the user may have put others into it.
func (r *run) room(v ledger.Volume) int {
	if v.Filled {
		return 0
	}
	return max(0, r.capacity()-v.Held)
}

// errFull is the refusal of a call for an album that the service says is full.
type errFull struct{ error }

// Unwrap gives the service's error.
func (e errFull) Unwrap() error { return e.error }

// orFull finds out whether a call was refused because its album has no room for all of it. One that goes behind a media item has [committer.misplaced] asked
// first whether that is still there.
func (r *run) orFull(ctx context.Context, in photos.BatchCreateRequest, err error) error {
	switch {
	case err == nil:
		if _, asked := r.holds[in.AlbumID]; asked {
			r.holds[in.AlbumID] += len(in.NewMediaItems)
		}
		return nil
	case in.AlbumID == "" || photos.Classify(err) != photos.ClassInvalid || !isBadRequest(err):
		return err
	case in.AlbumPosition != nil && in.AlbumPosition.RelativeMediaItemID != "":
		return err
	}
	return cmp.Or(r.full(ctx, in), err)
}

func isBadRequest(err error) bool {
	e := (*photos.Error)(nil)
	return errors.As(err, &e) && e.Status == http.StatusBadRequest
}

// full is an errFull if an album has no room for all of a call. The service does not say so in words that one could rely on: it is asked how many the album
// holds, unless it is known from before that there is room.
func (r *run) full(ctx context.Context, in photos.BatchCreateRequest) error {
	held, asked := r.holds[in.AlbumID]
	if !asked || held+len(in.NewMediaItems) > r.capacity() {
		if err := r.hold(ctx, 1); err != nil {
			return err
		}
		var a photos.Album
		err := r.persist(ctx, &r.gates.reads, func(ctx context.Context) (err error) {
			r.tally.Requests(func(r *report.Requests) { r.AlbumGets++ })
			a, err = r.cfg.API.Albums.Get(ctx, in.AlbumID)
			return err
		})
		if err != nil {
			return context.Cause(ctx) // what was refused stays the error
		}
		held = int(a.MediaItemsCount)
		r.holds[in.AlbumID] = held
	}
	if held+len(in.NewMediaItems) > r.capacity() {
		return errFull{errors.New("the album is full")}
	}
	return nil
}

// goOn lets the files of the present album, which the service says is full, go on in the next volume of its title.
func (c *committer) goOn(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	if err := c.ledger.FillAlbum(ctx, c.album); err != nil {
		return err
	}
	next, err := c.nextVolume(ctx, c.album)
	if err != nil {
		return err
	}
	c.next[c.album] = next
	c.drop()
	var moved []*parcel
	for _, p := range c.underway {
		ok, err := c.redirect(ctx, p)
		if err != nil {
			return err
		}
		if ok {
			moved = append(moved, p)
		}
	}
	c.restarts++
	if err := c.beginAlbum(ctx, next); err != nil {
		return err
	}
	c.again = moved
	return c.groupAlbum(ctx, next.ID) // so that it is known to want headings
}

// nextVolume is the first volume behind a full one that has room, made if there is none.
func (c *committer) nextVolume(ctx context.Context, full ledger.AlbumID) (*ledger.PendingAlbum, error) {
	volumes, err := c.ledger.Volumes(ctx, c.id, full)
	if err != nil {
		return nil, err
	}
	first := volumes[0]
	at := slices.IndexFunc(volumes, func(v ledger.Volume) bool { return v.ID == full })
	behind := volumes[at+1:]
	next := slices.IndexFunc(behind, func(v ledger.Volume) bool { return c.room(v) > 0 })
	var v ledger.Volume
	if next >= 0 {
		v = behind[next]
	} else if v, err = c.addVolume(ctx, first); err != nil {
		return nil, err
	}
	return &ledger.PendingAlbum{ID: v.ID, Title: v.Title, First: first.ID, Continues: first.Title}, nil
}

// redirect leads a parcel on whose album turned out to be full. It is not moved if its file is wanted in the other volume anyway.
func (c *committer) redirect(ctx context.Context, p *parcel) (moved bool, err error) {
	for next, ok := c.next[p.album.ID]; ok; next, ok = c.next[p.album.ID] {
		if p.full == "" {
			p.full = p.album.Title
		}
		p.album = next
	}
	if err := c.findPlace(ctx, p); err != nil {
		return false, err
	}
	p.adds = "" // the service adds at an album's end only
	c.moved.add(p.Item)
	if moved, err = c.ledger.MoveItem(ctx, p.Item, p.album.ID); err == nil && !moved {
		c.leave(p)
	}
	return moved, err
}

// strayed tells whether files went on into an album that were meant for another one: then its places are other ones than they were before the run.
func (c *committer) strayed(album ledger.AlbumID) bool {
	for _, next := range c.next {
		if next.ID == album {
			return true
		}
	}
	return false
}

// movedItems are items that were redirected after they were dispatched. It is safe for concurrent use.
type movedItems struct {
	mu    sync.Mutex
	items map[ledger.ItemID]bool // guarded by mu
}

func (m *movedItems) add(item ledger.ItemID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.items == nil {
		m.items = map[ledger.ItemID]bool{}
	}
	m.items[item] = true
}

func (m *movedItems) has(item ledger.ItemID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.items[item]
}

// lateNote says that a file would stand in an album before the one that it is in, if that were not full.
func (p *parcel) lateNote() string {
	return fmt.Sprintf("%q is full: it went into %q", p.full, p.album.Title)
}
