package ledger

import (
	"crypto/sha256"
	"time"
)

// What the methods of a [Ledger] take and give.

// Facts are the capture facts that order, captions and reports need. The zero value is a file of which nothing is known.
type Facts struct {
	Captured      time.Time // wall clock of the capture, in UTC only by form
	Offset        *int      // seconds east of UTC; nil if not known
	CaptureSource string    // where the time came from
	Make          string
	Model         string
	Serial        string
	Orientation   int
	Latitude      *float64 // degrees
	Longitude     *float64
	Width         int // pixels
	Height        int
	MediaType     string // "image/jpeg"
	Description   string // the user's own words, uncut
	ContentID     string // what a Live Photo's still and video have in common
	Duration      time.Duration

	Shifted time.Duration // how far Captured was put forward, since the camera's clock was wrong
}

// Folder is what the ledger knows about the files directly in a folder.
type Folder interface {
	Names() []string         // of all files, sorted
	Known(name string) Known // zero: nothing
}

// Known is what the ledger knows about one path.
type Known struct {
	File    FileID
	Size    int64
	ModTime time.Time
	Changed time.Time // the system's time of the last change to file, name or mode; zero: not known
	Facts   Facts
	Content *Content    // nil until the bytes were read
	Items   []KnownItem // one for each album the file was ever wanted in
}

// KnownItem is a file's wish for one album and how far it got.
type KnownItem struct {
	Item      ItemID
	Album     string // title; "" is the library only
	Continues string // the title that the album is a further volume of; "": none
	State     State
	Reason    string
	Permanent bool // a failure that would come again
	LeftOut   bool // skipped, because another file of its set was taken; see [Arranged]
}

// Sighting is a file that was seen, and the album it is wanted in.
type Sighting struct {
	Dir, Name     string
	Size          int64
	ModTime       time.Time
	Changed       time.Time // see [Known]
	Device, Inode uint64
	Facts         Facts
	Album         string // title; "" is the library only
	Sort          []byte // place in the album: sorts as bytes
	Skip          string // reason; the file was looked into and is not taken
	Doubt         bool   // size and times prove nothing: the content is unknown again
	Awaits        string // the file waits for its event among those of this scope, and wishes for no album yet; "": it does not
	Root          string // with Awaits: the imported folder that it was found in
}

// Cursor is a place in an album's order. The zero value is before its beginning.
type Cursor struct {
	Sort []byte
	Item ItemID
}

// PendingAlbum is an album with unfinished items.
type PendingAlbum struct {
	ID        AlbumID
	Title     string
	First     AlbumID // the first volume of its title, mostly itself
	Continues string  // that one's title; "" if it is that itself

	Remote  bool // the service is known to have it
	Missing bool // it was deleted in the service, and is not made anew yet
	Items   int
	Bytes   int64
	Sent    int // of the items: the service has their bytes, and they only have to be created
	Tried   int // of the items: see Pending.Tried
}

// Pending is an unfinished item with all that is needed to finish it.
type Pending struct {
	Item        ItemID
	File        FileID
	Dir, Name   string
	Size        int64
	ModTime     time.Time
	Changed     time.Time // the system's own time of change; zero if it is not known
	MediaType   string
	Description string
	Captured    time.Time // wall clock
	Source      string    // where the capture time came from
	Sort        []byte
	Content     *Content // nil until the bytes were read
	Session     *Session // a resumable upload that has begun; nil if there is none
	Others      int      // items of the same file in this run, for other albums
	Doubt       bool     // a call for it was begun, and nobody knows what came of it
	Tried       bool     // calls for it were begun, without an end: it may stand in its album
}

// Session is a resumable upload that has begun.
type Session struct {
	URL         string // a secret: it is all that is needed to send bytes
	Granularity int64  // bytes
	Started     time.Time
	Hashed      int64 // of the first so many bytes
	SHA256      [sha256.Size]byte
}

// Cursor is the item's own place, for the next page.
func (p Pending) Cursor() Cursor { return Cursor{Sort: p.Sort, Item: p.Item} }

// Content is bytes by their hash, and what the service has of them.
type Content struct {
	ID        ContentID
	SHA256    [sha256.Size]byte
	Size      int64
	Token     string    // upload token; "" if there never was one
	Issued    time.Time // when the token was issued
	MediaItem string    // the service's id; "" until created
	Refused   string    // why the service will not have these bytes; "" if it would
	Given     *string   // the description that the service was given for MediaItem, "" for none; nil: not known
	Matched   bool      // MediaItem rests on name, time and dimensions alone: this ledger never had these bytes sent
	Made      RunID     // the run that made MediaItem; 0: an early one
}

// Sibling is one of the items of a file.
type Sibling struct {
	KnownItem
	MediaItem string // of the file's content; "" until created
}

// Placement is one content's place in an album.
type Placement struct {
	Content   ContentID
	Sort      []byte
	MediaItem string
	Run       RunID // the run that put it there
}

// Lost is what an album held when the service lost it, and is to hold again.
type Lost struct {
	Placement
	Doubt bool // it was about to be put back, and nobody knows what came of it
}

// End is how an item ended.
type End struct {
	Item      ItemID
	State     State
	Reason    string             // for skipped, failed and duplicate
	Permanent bool               // for failed: it would come again
	MediaItem string             // for created
	Given     *string            // for created: the description that it was created with, if the service said so; nil: not known
	SHA256    *[sha256.Size]byte // the file's content, where it was read without being sent
	Size      int64              // of that content
}

// Batch is one batchCreate that is about to be made.
type Batch struct {
	Run      RunID
	Album    AlbumID
	Position string // the API's word, "" for the end of the album
	Relative string // media item id
	Items    []ItemID
}

// Album is an album that files are wanted in.
type Album struct {
	ID       AlbumID
	Title    string
	Remote   string // the service's id, "" if it is not known to exist
	Intended bool   // its creation was begun, and nobody knows what came of it
}

// RemoteAlbum is an album as the service lists it.
type RemoteAlbum struct {
	Remote    string
	Title     string
	Writeable bool
}
