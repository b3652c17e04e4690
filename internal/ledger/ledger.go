// Package ledger remembers what is known about every file, content, album and batch, so that a run that dies at any moment can be taken up
// by the next one without losing or doubling anything.
//
// [Open] opens the ledger of one account, creating it if need be, and holds it alone until Close; [OpenCopy] gives a copy in memory, which a dry
// run can write into as if it were the real one, and [OpenDraft] one for looking only. All are a [Ledger], whose promise is the same for every implementation (package ledgertest
// checks it): when a method that writes returns nil, what it wrote survives a power cut; what is intended is written before the call that
// it announces; a transition that the state machine does not know is refused with [ErrTransition].
//
// Three things are kept apart because they change at different times: a file (a path and what was seen there), a content (bytes, by their
// SHA-256, and what the service has of them), and an item (a file's wish to be in one album, with the state machine). Paths are raw bytes.
package ledger

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"
)

// Identifiers of rows. They mean nothing outside one ledger.
type (
	RunID     int64
	FileID    int64
	ContentID int64
	AlbumID   int64
	ItemID    int64
	BatchID   int64
)

// Library is the album that is none: its items are in the library only.
const Library AlbumID = 0

// Errors that callers act on.
var (
	// ErrTransition says that an item was not in a state from which the asked-for one can be reached. It is a fault of the program.
	ErrTransition = errors.New("ledger: the item cannot go from its state to the one asked for")
	// ErrFile is what the ledger's file, or the disk under it, does not do: no room, damage, a broken disk. What was acknowledged before is kept.
	ErrFile = errors.New("ledger")
	// ErrLocked says that another process holds the ledger; the error's text says which.
	ErrLocked = errors.New("the ledger is in use")
	// ErrNewer says that a newer version of the program has written the ledger.
	ErrNewer = errors.New("the ledger is of a newer version of albumwright")
)

// Ledger is what the pipeline needs of its memory. It is safe for concurrent use.
type Ledger interface {
	// BeginRun and EndRun frame a run. Outcome is kept as it is.
	BeginRun(ctx context.Context, command string) (RunID, error)
	EndRun(ctx context.Context, run RunID, outcome string) error

	// Folder returns what is known about the files directly in a folder, by name.
	Folder(ctx context.Context, dir string) (Folder, error)
	// Record writes files that were seen, and the items they wish for; Adopt makes unfinished items of earlier runs this run's own.
	Record(ctx context.Context, run RunID, seen []Sighting) error
	Adopt(ctx context.Context, run RunID, items []ItemID) error
	// AdoptFailed makes all failed items of earlier runs this run's own, and of others those that are asked for, and counts their files.
	AdoptFailed(ctx context.Context, run RunID, also Again) (int, error)
	// SetUnread records what could not be looked at, ClearUnread forgets what of that is no longer so, Unread counts it.
	SetUnread(ctx context.Context, run RunID, files []Unread) error
	ClearUnread(ctx context.Context, run RunID, roots []string) error
	Unread(ctx context.Context) (int, error)

	// Captures hands on when and by which camera files were taken, in the order of time: a run's unfinished ones, and those that stand in their albums.
	Captures(ctx context.Context, run RunID, visit func(f Facts, unfinished bool)) error
	// Events returns the beginnings of events of the files directly in a folder, by name; Shots all that events of a scope can be found from, and SetEvents
	// records which were found. Awaiting returns a page of the files that asked for theirs in this run, for which albums can be wished then.
	Events(ctx context.Context, scope, dir string) (map[string]time.Time, error)
	Shots(ctx context.Context, run RunID, scope string, visit func(Shot)) error
	SetEvents(ctx context.Context, run RunID, scope string, found []Stretch) error
	Awaiting(ctx context.Context, run RunID, scope string, after FileID, limit int) ([]Awaiting, error)
	Wish(ctx context.Context, run RunID, wishes []Wish) error

	// EachFolder hands on the folders in which a run has unfinished items, one after the other, and Arrange records what was found out there.
	EachFolder(ctx context.Context, run RunID, visit func(dir string, items []FolderItem)) error
	Arrange(ctx context.Context, items []Arranged) error

	// PendingAlbums lists the albums with unfinished items of a run, by title and volume; Pending returns a page of one album's unfinished items in their order.
	PendingAlbums(ctx context.Context, run RunID) ([]PendingAlbum, error)
	Pending(ctx context.Context, run RunID, album AlbumID, after Cursor, limit int) ([]Pending, error)
	// Unfinished counts the files of a run of which an item has not reached its end.
	Unfinished(ctx context.Context, run RunID) (int, error)

	// SharedSizes are the sizes of a run's unfinished items that another one of them has, and those of all known contents: files of these may be copies.
	SharedSizes(ctx context.Context, run RunID) (map[int64]bool, error)

	// Content looks a content up by its hash; HasSize tells whether any content of that size is known.
	Content(ctx context.Context, sum [sha256.Size]byte) (Content, bool, error)
	HasSize(ctx context.Context, size int64) (bool, error)
	// Placed tells whether an album, or another volume of its title, holds a content; Placements lists what an album held before a run, in order.
	Placed(ctx context.Context, album AlbumID, content ContentID) (Placement, bool, error)
	// Holder is the path of the file that brought a content into an album, or another volume of its title, "" if it is not known.
	Holder(ctx context.Context, album AlbumID, content ContentID) (path string, err error)
	Placements(ctx context.Context, album AlbumID, before RunID) ([]Placement, error)
	// Standing returns where all files that were ever wanted in the album of a title stand in it, or will, by path; SetPlaces gives unfinished items other
	// places, all of them or none.
	Standing(ctx context.Context, title string) (map[string]Standing, error)
	SetPlaces(ctx context.Context, places map[ItemID][]byte) error
	// SetRemoved records what the user took out of an album; that stays Placed, and is no neighbour any more.
	SetRemoved(ctx context.Context, album AlbumID, contents []ContentID) error
	// Neighbour tells where an item goes among what its album holds now.
	Neighbour(ctx context.Context, album AlbumID, sort []byte) (after string, last bool, err error)

	// KeepSession records how far a resumable upload got, Sent an upload token, Finish an item's end without a batch.
	KeepSession(ctx context.Context, item ItemID, s Session) error
	Sent(ctx context.Context, item ItemID, c Content) error
	Finish(ctx context.Context, end End) error
	// BeginBatch records that items are about to be created, FinishBatch what came of each.
	BeginBatch(ctx context.Context, b Batch) (BatchID, error)
	FinishBatch(ctx context.Context, batch BatchID, ends []End) error
	// Confirm records that the service was asked again, and has these items.
	Confirm(ctx context.Context, items []ItemID) error
	// Forget records that the service no longer has the media items of some contents, which are to be sent again.
	Forget(ctx context.Context, contents []ContentID) error

	// Siblings are the items of this run of the file that an item is of, that one included.
	Siblings(ctx context.Context, run RunID, item ItemID) ([]Sibling, error)

	// Volumes are the albums that the title of an album takes; Wanted hands on what may go into any of them, in order, and ShareOut gives each its share.
	// AddVolume makes another one, FillAlbum records that the service says that one is full, and MoveItem takes an item on to another one.
	// VolumeTitles are the titles of all further volumes, each with the title that it continues, and those that albums were renamed to.
	VolumeTitles(ctx context.Context) (map[string]string, error)
	Volumes(ctx context.Context, run RunID, album AlbumID) ([]Volume, error)
	Wanted(ctx context.Context, run RunID, album AlbumID, visit func(Wanted)) error
	ShareOut(ctx context.Context, run RunID, shares []Share) error
	AddVolume(ctx context.Context, album AlbumID, title func(n int) string) (Volume, error)
	FillAlbum(ctx context.Context, album AlbumID) error
	MoveItem(ctx context.Context, item ItemID, to AlbumID) (moved bool, err error)
	// Behind is the place of the last item that the volumes before an album held before a run, nil if there is none.
	Behind(ctx context.Context, run RunID, album AlbumID) (sort []byte, err error)

	// AlbumShots hands on what groups of an album are told from, GroupHeadings records where they begin. Headings lists an album's, HeadingAbove tells
	// behind which of them an item goes, HeadingBefore a further heading, HeadingAlbums where some may be missing. SetHeading frames the sending of one; LoseHeadings gives up those that
	// earlier runs were sending when they died.
	AlbumShots(ctx context.Context, run RunID, album AlbumID, visit func(AlbumShot)) error
	GroupHeadings(ctx context.Context, run RunID, album AlbumID, kind string, known, wanted []Heading) error
	Headings(ctx context.Context, album AlbumID) ([]Heading, error)
	HeadingAbove(ctx context.Context, album AlbumID, sort []byte) (enrichment string, err error)
	HeadingBefore(ctx context.Context, album AlbumID, sort []byte) (enrichment string, err error)
	HeadingAlbums(ctx context.Context, run RunID, kind string) ([]AlbumID, error)
	SetHeading(ctx context.Context, run RunID, id HeadingID, state HeadingState, enrichment string) error
	LoseHeadings(ctx context.Context) ([]Heading, error)

	// Album reads an album; IntendAlbum and SetAlbum frame its creation in the service.
	Album(ctx context.Context, id AlbumID) (Album, error)
	IntendAlbum(ctx context.Context, id AlbumID) error
	SetAlbum(ctx context.Context, id AlbumID, remote string) error
	// SetGiven records which description the service has for a content's media item. FilesOf lists the paths that a content was last seen at, Folders the
	// folders that any file was ever seen in.
	SetGiven(ctx context.Context, content ContentID, description string) error
	FilesOf(ctx context.Context, content ContentID) ([]string, error)
	Folders(ctx context.Context) ([]string, error)

	// LoseAlbum records that the service no longer has an album. LostAlbums lists those with something to put back, Lost what that is; IntendBack and
	// PutBack frame the putting back.
	LoseAlbum(ctx context.Context, id AlbumID) error
	LostAlbums(ctx context.Context) ([]PendingAlbum, error)
	Lost(ctx context.Context, album AlbumID, before []byte, limit int) ([]Lost, error)
	IntendBack(ctx context.Context, album AlbumID, contents []ContentID) error
	PutBack(ctx context.Context, album AlbumID, contents []ContentID) error
	// RemoteAlbums returns the service's albums of one title as last listed, and when that was; SetRemoteAlbums replaces the whole listing.
	RemoteAlbums(ctx context.Context, title string) (albums []RemoteAlbum, listed time.Time, err error)
	SetRemoteAlbums(ctx context.Context, listed time.Time, albums []RemoteAlbum) error

	Close() error
}
