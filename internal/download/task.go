package download

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/photos"
)

// task is what there is to do for one media item. It belongs to the feeder, then to a lane.
type task struct {
	media  photos.MediaItem
	album  string // of its keys
	names  []string
	pieces []*piece  // that are not there yet
	item   Item      // its end, as it becomes known
	note   string    // what there is to say of what is there
	until  time.Time // a video that is being processed is waited for until then; zero = it is not
}

// piece is one file of a media item.
type piece struct {
	what     string // in its key
	want     photos.Rendition
	kind     string // content type, as far as it is known beforehand
	optional bool   // there may be none
	instead  *piece // if there is none
	main     bool   // the description goes beside it
	path     string // once it is claimed
}

func (t *task) key(p *piece) key { return key{t.media.ID, p.what, t.album} }

// processing tells whether the service is still at work on a video.
func (t *task) processing() bool {
	v := t.media.MediaMetadata.Video
	return v != nil && v.Status == photos.VideoProcessing && t.pieces[0].what == "dv"
}

// taskOf finds out what is wanted of an item and is not there. Again says that the item came before.
func (r *run) taskOf(w Wanted) (t *task, again bool) {
	m := w.Item
	t = &task{media: m, item: Item{ID: m.ID, Name: m.Filename}}
	if w.Err != nil {
		return t, false
	}
	if r.cfg.Path.ByAlbum() {
		t.album = r.cfg.Album
	}
	t.names = r.cfg.Path.Names(factsOf(m, album.Item{ID: m.ID, Album: r.cfg.Album, Type: "photo", Number: r.number}), album.Options{})
	if len(t.names) == 0 {
		t.names = []string{m.ID}
	}
	for _, p := range r.piecesOf(m) {
		for p != nil {
			f, there, before := r.journal.sight(t.key(p))
			again = again || before
			if !there {
				t.pieces = append(t.pieces, p)
				break
			}
			if f.state != none {
				t.item.Files = append(t.item.Files, f.path)
				if r.journal.changedSince(f) {
					t.note = "it was changed since it was downloaded, and is left as it is"
				}
				break
			}
			p = p.instead
		}
	}
	return t, again
}

// factsOf says a media item in the words of templates.
func factsOf(m photos.MediaItem, it album.Item) album.File {
	name := m.Filename
	if strings.TrimSpace(name) == "" {
		name = m.ID
	}
	f := album.File{Path: name, Captured: m.MediaMetadata.CreationTime, Item: it}
	if p := m.MediaMetadata.Photo; p != nil {
		f.Make, f.Model = p.CameraMake, p.CameraModel
	}
	if v := m.MediaMetadata.Video; v != nil {
		f.Make, f.Model = v.CameraMake, v.CameraModel
	}
	if m.IsVideo() {
		f.Item.Type = "video"
	}
	return f
}

// piecesOf are the files that are wanted of a media item.
func (r *run) piecesOf(m photos.MediaItem) []*piece {
	still := &piece{what: "d", want: photos.BaseURL.Download, kind: m.MIMEType, main: true}
	video := &piece{what: "dv", want: photos.BaseURL.Video, kind: m.MIMEType, main: true}
	switch s := r.cfg.Picture; {
	case s != Picture{}:
		return []*piece{s.piece(m.IsVideo())}
	case m.IsVideo():
		return []*piece{video}
	case r.cfg.Motion == MotionBoth:
		video.optional, video.main, video.kind = true, false, ""
		return []*piece{still, video}
	case r.cfg.Motion == MotionVideo:
		video.optional, video.instead, video.kind = true, still, ""
		return []*piece{video}
	}
	return []*piece{still}
}

// piece is a picture of a size; that of a video has no play button on it, unless it is cropped: the service does only one of the two.
func (s Picture) piece(video bool) *piece {
	what, size := fmt.Sprintf("w%d-h%d", s.Width, s.Height), photos.BaseURL.Fit
	if s.Crop {
		what, size = what+"-c", photos.BaseURL.Crop
	} else if video {
		size = photos.BaseURL.Still
	}
	return &piece{what: what, kind: "image/jpeg", want: func(u photos.BaseURL) (string, error) { return size(u, s.Width, s.Height) }}
}

// claimFirst gives the first piece its path, so that items of one name get theirs in the order in which they come.
func (r *run) claimFirst(t *task) (err error) {
	if p := t.pieces[0]; !p.optional {
		p.path, err = r.journal.claim(t.key(p), t.names, p.kind)
	}
	return err
}

// badInARow is how many items that fail for a moment end the run: the reason is not an item.
const badInARow = 10

// carryOut loads what is wanted of an item. An error ends the run.
func (r *run) carryOut(ctx context.Context, t *task) error {
	for _, p := range t.pieces {
		err := r.fetch(ctx, t, p)
		if errors.Is(err, photos.ErrNoVideo) && p.optional {
			if err = r.journal.isNone(t.key(p)); err == nil && p.instead != nil {
				err = r.fetch(ctx, t, p.instead)
			}
		}
		if err != nil {
			return r.failed(ctx, t, err)
		}
	}
	r.bad.Store(0)
	end := Downloaded
	if t.item.Bytes == 0 && len(t.item.Files) == 0 {
		end = AlreadyThere // the photo turned out not to move
	}
	r.end(t, end, t.note)
	return nil
}

// failed ends an item that cannot be loaded, and the run if that is not about the item.
func (r *run) failed(ctx context.Context, t *task, err error) error {
	if ctx.Err() != nil {
		r.end(t, Unfinished, "")
		return context.Cause(ctx)
	}
	class := photos.Classify(err)
	e := (*photos.Error)(nil)
	refused := class == photos.ClassForbidden && errors.As(err, &e) && e.Op != "baseUrl" // not this address, but the app
	switch {
	case errors.Is(err, ErrFolder), class == photos.ClassDailyQuota, class == photos.ClassRateLimited, class == photos.ClassUnauthenticated, refused,
		class == photos.ClassTransient && !errors.Is(err, errNotReady) && r.bad.Add(1) >= badInARow:
		r.end(t, Unfinished, "")
		return err
	}
	r.end(t, Failed, err.Error())
	return nil
}

// errNotReady is a video of which nothing can be had yet.
var errNotReady = errors.New("the service is still processing this video; the next run asks again")
