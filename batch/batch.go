// Package batch turns upload tokens into media items, up to 50 a call, each at its place in its album.
//
// A [Committer] takes [Item]s in the order in which they are to stand, groups neighbours that belong to one album and one place, and makes one
// mediaItems.batchCreate call for each group of at most 50. Calls are made strictly one after the other, from the goroutine that calls
// [Committer.Add] and [Committer.Flush], since the service allows one write at a time for each user. Each item ends in exactly one [Outcome],
// matched by its upload token: never by its position in the answer, and never by the text of its status.
//
// File names and descriptions are checked against the service's limits before anything is sent; [FitFileName] and [FitDescription] make them fit.
// A [Journal] is told before each call what is intended and after it what came of it, so that a process that dies in between can find out.
package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/albumwright/albumwright/photos"
)

// Item is one file that is to become a media item.
type Item struct {
	Key         string // the caller's name for it, returned in its Outcome
	Token       string // upload token; unique among the items of one album
	FileName    string // as shown to the user, at most [photos.MaxFileName] characters
	Description string // the user's own words, at most [photos.MaxDescription] characters
	Album       string // the caller's name for the album; "" puts it into the library only
	Place       Place
	Err         error // what kept it from a token; it then passes through to its Outcome unsent
}

// Place says where in its album an item goes, relative to what the album already holds.
type Place struct {
	After string // media item id of the nearest earlier item that was there before; "" if there is none
	Last  bool   // nothing that was there before sorts after it
	// AfterHeading is the id of an enrichment that stands between that item and this one's place; then After is "".
	AfterHeading string
}

// Outcome is how an item ended.
type Outcome struct {
	Key         string
	MediaItemID string // set if it was created
	Description string // that the media item has, as far as the answer says: of an item that was there before, the service keeps the first one
	Err         error  // nil, an [*ItemError], or the error that kept it from being sent
}

// ItemError is the service's refusal of one item of a batch.
type ItemError struct {
	Code    photos.Code
	Message string
}

// Error gives the service's own words.
func (e *ItemError) Error() string { return fmt.Sprintf("%s: %s", e.Code, e.Message) }

// Permanent tells whether the same bytes will be refused again.
func (e *ItemError) Permanent() bool {
	switch e.Code {
	case photos.CodeInvalidArgument, photos.CodePermissionDenied, photos.CodeFailedPrecondition, photos.CodeNotFound, photos.CodeOutOfRange, photos.CodeUnimplemented:
		return true
	}
	return false
}

// ErrNoResult says that the answer held no result for an item, so that nobody knows whether it was created.
var ErrNoResult = errors.New("the answer holds no result for this item")

// API is the one call that this package needs; *photos.MediaItemsService has it.
type API interface {
	BatchCreate(ctx context.Context, in photos.BatchCreateRequest) (photos.BatchCreateResponse, error)
}

// Journal is told about every batch. An error from it ends the work: what cannot be recorded must not be done.
type Journal interface {
	// AlbumID gives the service's id for an album, creating the album if it must. It is asked just before the album's first batch.
	AlbumID(ctx context.Context, album string) (string, error)
	// Begin is called before the request is made.
	Begin(ctx context.Context, in photos.BatchCreateRequest, items []Item) error
	// Done is called once for every item that was added, with or without a request. What the service has done is to be recorded even if the
	// caller's context has ended meanwhile, so the context of Done goes on.
	Done(ctx context.Context, outcomes []Outcome) error
}

// Config sets up a Committer. API and Journal are required.
type Config struct {
	API     API
	Journal Journal
	// Sinks tells of an error of a whole call whether one bad entry may be the reason; nil is [Sinks].
	Sinks func(err error) bool
	// Misplaced is asked when the service refuses a call that goes behind a media item or a heading, before an entry is taken for the reason: whether the album no longer
	// holds that one, and where the items go then. Nil, and a place that is no other one, say that it does.
	Misplaced func(ctx context.Context, in photos.BatchCreateRequest, items []Item) (place Place, moved bool, err error)
}

// Committer groups items and creates them. It is used by one goroutine.
type Committer struct {
	cfg     Config
	grouper Grouper
	group   []Item
	bad     int    // entries found bad since a call went through
	last    string // media item id of the last item created for the current place
}

// New makes a Committer, or says what is wrong with the Config.
func New(cfg Config) (*Committer, error) {
	if cfg.API == nil || cfg.Journal == nil {
		return nil, errors.New("batch: Config.API and Config.Journal are both required")
	}
	if cfg.Sinks == nil {
		cfg.Sinks = Sinks
	}
	return &Committer{cfg: cfg}, nil
}

// Add takes the next item. If it does not belong to the current batch, or completes it, the batch is created before Add returns.
// An error is the Journal's own, or that of a call which failed as a whole for no reason that lies in an entry; the items of that call have no
// outcome then. The new item is taken all the same, and the Committer can go on.
func (c *Committer) Add(ctx context.Context, it Item) error {
	if it.Err == nil {
		it.Err = check(it)
	}
	if it.Err != nil {
		return c.cfg.Journal.Done(context.WithoutCancel(ctx), []Outcome{{Key: it.Key, Err: it.Err}})
	}
	starts, moves := c.grouper.Next(it.Album, it.Place)
	var err error
	// One token twice in a call would be one result for two items: the second goes into the next call.
	if starts || slices.ContainsFunc(c.group, func(other Item) bool { return other.Token == it.Token }) {
		err = c.flush(ctx)
	}
	if moves {
		c.last = it.Place.After
	}
	if c.group = append(c.group, it); err == nil && c.grouper.Full() {
		err = c.flush(ctx)
	}
	return err
}

// Waiting is the number of items that were added and not yet created.
func (c *Committer) Waiting() int { return len(c.group) }

// Drop takes back what was added and not yet created. It has no outcome.
func (c *Committer) Drop() {
	c.group, c.grouper = nil, Grouper{}
}

// check is the last guard before the wire: one over-long field or empty token would sink the whole call.
func check(it Item) error {
	switch {
	case it.Token == "":
		return errors.New("batch: item without an upload token")
	case FitFileName(it.FileName) != it.FileName:
		return fmt.Errorf("batch: file name of more than %d characters, or not as FitFileName makes it", photos.MaxFileName)
	case FitDescription(it.Description) != it.Description:
		return fmt.Errorf("batch: description of more than %d characters, or not as FitDescription makes it", photos.MaxDescription)
	}
	return nil
}

// Flush creates what has been added so far. Call it when no more items come, or when something else goes in between: the next item begins another batch.
// A cancelled ctx creates nothing.
func (c *Committer) Flush(ctx context.Context) error {
	c.grouper.Break()
	return c.flush(ctx)
}

func (c *Committer) flush(ctx context.Context) error {
	if len(c.group) == 0 {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	items := c.group
	c.group = nil
	return c.create(ctx, items)
}

func (c *Committer) request(ctx context.Context, items []Item) (photos.BatchCreateRequest, error) {
	var in photos.BatchCreateRequest
	if album := items[0].Album; album != "" {
		id, err := c.cfg.Journal.AlbumID(ctx, album)
		if err != nil {
			return in, err
		}
		in.AlbumID = id
		in.AlbumPosition = position(items[0].Place, c.last)
	}
	for _, it := range items {
		in.NewMediaItems = append(in.NewMediaItems, photos.NewMediaItem{
			Description:     it.Description,
			SimpleMediaItem: photos.SimpleMediaItem{UploadToken: it.Token, FileName: it.FileName},
		})
	}
	return in, nil
}

// position says a place in the API's words. The end of the album is the service's default and is left unsaid.
func position(p Place, last string) *photos.AlbumPosition {
	switch {
	case p.Last:
		return nil
	case last == "" && p.AfterHeading != "":
		return &photos.AlbumPosition{Position: photos.AfterEnrichmentItem, RelativeEnrichmentItemID: p.AfterHeading}
	case last == "":
		return &photos.AlbumPosition{Position: photos.FirstInAlbum}
	}
	return &photos.AlbumPosition{Position: photos.AfterMediaItem, RelativeMediaItemID: last}
}

// match finds each item's result by its upload token.
func match(items []Item, results []photos.NewMediaItemResult) []Outcome {
	byToken := make(map[string]photos.NewMediaItemResult, len(results))
	for _, r := range results {
		byToken[r.UploadToken] = r
	}
	outcomes := make([]Outcome, len(items))
	for i, it := range items {
		r, ok := byToken[it.Token]
		outcomes[i] = outcome(it.Key, r, ok)
	}
	return outcomes
}

// outcome judges one result: success is a code of 0 or none together with a media item, whatever the status message says.
func outcome(key string, r photos.NewMediaItemResult, found bool) Outcome {
	switch {
	case !found, r.Status.Code == photos.CodeOK && (r.MediaItem == nil || r.MediaItem.ID == ""):
		return Outcome{Key: key, Err: ErrNoResult}
	case r.Status.Code != photos.CodeOK:
		return Outcome{Key: key, Err: &ItemError{Code: r.Status.Code, Message: r.Status.Message}}
	}
	return Outcome{Key: key, MediaItemID: r.MediaItem.ID, Description: r.MediaItem.Description}
}
