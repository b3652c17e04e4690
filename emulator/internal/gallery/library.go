package gallery

import (
	"io"
	"time"

	"github.com/albumwright/albumwright/exif"
)

// Library is the photos that the gallery shows. What it returns is a copy that
// the gallery may keep; all methods may be called at once. None takes longer for
// a large library than for a small one: lists come in parts, of at most n from
// the index from on.
type Library interface {
	// Counts are how much there is.
	Counts() Counts
	// Albums are a part of the albums, in order of creation.
	Albums(from, n int) []Album
	// Album is the album with this id, if there is one.
	Album(id string) (Album, bool)
	// InAlbum is a part of an album in its order: n items from that index on, and
	// what stands between them.
	InAlbum(id string, from, n int) []Entry
	// Timeline is a part of all items, newest first. Those in the trash are left
	// out, so that there may be less than n.
	Timeline(from, n int) []Item
	// Years are those of the timeline, newest first.
	Years() []Year
	// Trash is a part of what the user threw away, the last thing first.
	Trash(from, n int) []Item
	// Item is the item with this id, if there is one.
	Item(id string) (Item, bool)
	// Around is what stands beside an item in an album, or if that is "" in the
	// timeline or the trash; false if it is not there.
	Around(albumID, id string) (Around, bool)
	// Details are what only an item's own page shows.
	Details(id string) Details
	// Mark sets what the user says about an item.
	Mark(id string, marks Marks) error
	// Categories are all that an item can have.
	Categories() []string
	// Open opens an item's bytes. The caller closes them.
	Open(id string) (io.ReadSeekCloser, error)
}

// Counts is how much a library holds.
type Counts struct {
	Albums, Items, Trashed int   // Items without the trashed ones
	Bytes                  int64 // of all
}

// Album is an album without what it holds.
type Album struct {
	ID, Title string
	Count     int   // of items
	Cover     *Item // nil: it is empty
}

// Entry is one thing in an album: an item, or a text, a location or a map.
type Entry struct {
	Item       *Item
	Place      int    // of the item among the album's items, from 1
	Kind, Text string // of what is no item: "text", "location", "map"
}

// Year is a year of the timeline.
type Year struct {
	Year int
	At   int // index of its newest item
}

// Item is one photo or video.
type Item struct {
	ID            string
	Name          string // the file's
	Description   string
	TypeName      string // for people: "JPEG"
	MIMEType      string
	Video         bool
	VideoStatus   string // of a video: "PROCESSING", "READY" or "FAILED"
	Size          int64  // bytes
	Width, Height int    // pixels as stored; 0 = unknown
	Orientation   int    // EXIF 1..8; 0 = not stated
	Created       time.Time
	FromFile      bool // Created is the file's own capture time
	SHA256        string
	ProductURL    string
	Marks         Marks
}

// Around is the neighbours of an item, by id; "" = none.
type Around struct {
	Prev, Next   string
	Place, Count int // in the album or the trash; 0 in the timeline
}

// Details are facts that take a look into the file, or through the albums.
type Details struct {
	Clock    time.Time // that the camera showed, in its zone where the file tells it, else in UTC; zero = the file does not say
	Zoned    bool      // the file tells the zone of Clock
	Camera   string    // maker and model
	Exposure exif.Exposure
	FPS      float64       // of a video; 0 = unknown
	Duration time.Duration // likewise
	Where    exif.Place
	Motion   bool // a photo with a video inside
	In       []Membership
	History  []Event // oldest first
}

// Membership is an album that an item is in, with its place there.
type Membership struct {
	Title, AlbumID string
	Place, Count   int
}

// Event is something that happened to an item.
type Event struct {
	Time time.Time // zero = not known any more
	What string
}

// Service is what the gallery shows of the service itself. All its methods may be
// called at once.
type Service interface {
	// Requests are the last requests, newest first.
	Requests() []Request
	// Calls is the number of API requests by operation.
	Calls() map[string]int
	// Violations are the client's breaches of rules, oldest first.
	Violations() []Violation
	// Meters are the quotas and what is used up of them.
	Meters() []Meter
	// Faults are the planned ones, in the order of the plan.
	Faults() []Fault
	// Disturbed is what was done to requests, by the name of the effect.
	Disturbed() map[string]int
	// Now is the service's clock.
	Now() time.Time
	// Advance sets the clock forward.
	Advance(by time.Duration) error
	// NextChange is how long it takes until something changes by itself, such as a
	// quota that comes back; 0: nothing will.
	NextChange() time.Duration
}

// Request is a line of the request log, without secrets.
type Request struct {
	N                       int
	Time                    time.Time
	Method, Path, Operation string
	Status                  int  // 0: the connection broke before there was one
	Cut                     bool // the connection broke before the end of the answer
	Took                    time.Duration
	In, Out                 int64 // bytes of the bodies
	Quotas                  []string
	Fault                   string   // the effect of a fault
	Broke                   []string // rules
}

// Violation is one breach of a rule of the service.
type Violation struct {
	Time         time.Time
	Rule, Detail string
}

// Meter is a quota.
type Meter struct {
	Name        string
	Used, Limit int       // Limit 0 = none
	Reset       time.Time // when Used is 0 again; zero: it is
}

// Fault is a planned misbehaviour.
type Fault struct {
	Operation, Match, Effect string
	When                     string // which of the requests that fit
	Met                      int    // requests
	Over                     bool   // no further request will meet it
}
