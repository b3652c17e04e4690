package emulator

import (
	"time"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
)

// library is what one user has: uploads, media items and albums. Server.mu
// guards all of it. No method deletes media items or albums (contract 1.1), only
// the user does.
type library struct {
	tokens   map[string]*upload
	issued   []*upload // tokens in order of issue, the expired ones taken off
	contents map[contentHash]*content

	sessions map[string]*session // of resumable uploads, by id
	started  []*session          // the same in order of start

	items   []*item          // in order of creation; item.seq is the index; other people's too, and deleted ones
	itemID  map[string]*item // by id
	byTime  timeline         // the user's own
	trash   []*item          // of those, what was thrown away, in order
	bytes   int64            // of all those
	batches int              // of mediaItems.batchCreate, that made items

	albums  []*album // in order of creation, without deleted ones
	albumID map[string]*album
	made    int // albums ever made; the next one's seq
}

func newLibrary() library {
	return library{
		tokens:   map[string]*upload{},
		contents: map[contentHash]*content{},
		sessions: map[string]*session{},
		itemID:   map[string]*item{},
		albumID:  map[string]*album{},
	}
}

// content is bytes that were sent, once for each SHA-256. The bytes were
// looked at when they came; batchCreate is told the verdict.
type content struct {
	hash    contentHash
	blob    *blob
	facts   inspect.Facts
	refused refusal // why no media item can be made of it; "" = one can
	tokens  int     // unexpired tokens for it
	item    *item   // what was made of it, or nil
	others  bool    // somebody else has an item of it
}

// upload is what an upload token stands for.
type upload struct {
	content  *content // nil once the token has expired
	issued   time.Time
	resumed  bool   // it came by the resumable protocol
	fileName string // of the legacy header, for a batchCreate that names none
}

// item is a media item.
type item struct {
	id          string
	seq         int
	fileName    string
	description string
	content     *content
	created     time.Time // when batchCreate made it
	taken       time.Time // its creationTime: capture, else upload, time
	marks       Marks     // what the user, or the service, says about it
	shows       categorySet
	deleted     bool   // the trash was emptied of it
	owner       string // somebody else, whose item it is; "" = the user
	client      string // the key of the project that made it

	from  *origin // nil: not by an upload
	edits []edited
}

// origin is how an item came into the library.
type origin struct {
	uploaded  time.Time // when its upload token was issued
	resumable bool      // by the resumable protocol, else raw
	call      int       // the mediaItems.batchCreate that made it, counted from 1
	entry, of int       // its entry of the call's, from 1
}

// edited is a change of an item after it was made, for people.
type edited struct {
	at   time.Time
	what string
}

// maxEdits is how many changes of an item are remembered: the last ones.
const maxEdits = 50

// creationTime is the capture time that the file states, else the time of the
// upload (contract 12 #40).
func creationTime(f inspect.Facts, uploaded time.Time) time.Time {
	if !f.Taken.IsZero() {
		return f.Taken
	}
	return uploaded.UTC().Truncate(time.Second)
}

// expire forgets the uploads whose token is older than life, with their bytes
// if no media item needs them. The token stays known, as a stale one.
func (l *library) expire(st *store, now time.Time, life time.Duration) {
	for len(l.issued) > 0 && now.Sub(l.issued[0].issued) >= life {
		u := l.issued[0]
		l.issued = l.issued[1:]
		c := u.content
		u.content = nil
		if c.tokens--; c.tokens == 0 && c.item == nil && !c.others {
			st.drop(c.blob)
			delete(l.contents, c.hash)
		}
	}
}
