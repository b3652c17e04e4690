// Package rebuild finds out again what a lost ledger knew, as far as the service can tell.
//
// [Run] takes the files that a look at all folders has left unfinished in a new ledger. It lists the albums of the service and the media items of those
// that the files are wanted in, and matches files with items by name, capture time, dimensions and media type. A file with one item that could be it, and an
// item with one content that could be it, are taken for the same, and the ledger is told so: the next import then neither sends the file nor makes its
// album anew, and puts late arrivals where they belong. Whatever cannot be told stays unfinished: the next import sends it, and the service gives the same
// bytes the media item that it has (contract 4).
//
// That the bytes are equal the service cannot prove. The ledger marks such contents, and nothing that needs proof believes it.
package rebuild

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/photos"
)

// Albums lists the albums of the service; *photos.AlbumsService does.
type Albums interface {
	ListPage(ctx context.Context, token string) (albums []photos.Album, next string, err error)
}

// MediaItems lists the media items of the library, and those of an album in its order; *photos.MediaItemsService does.
type MediaItems interface {
	ListPage(ctx context.Context, token string) (items []photos.MediaItem, next string, err error)
	SearchPage(ctx context.Context, in photos.SearchRequest, token string) (items []photos.MediaItem, next string, err error)
}

// Fields are those of albums and media items that a rebuild needs, for field masks.
func Fields() (albums, mediaItems []string) {
	return []string{"id", "title", "isWriteable", "mediaItemsCount"},
		[]string{"id", "filename", "mimeType", "mediaMetadata(creationTime,width,height)"}
}

// Config says which files to look for, and where. All up to MediaItems are required.
type Config struct {
	Ledger     *ledger.SQLite
	Run        ledger.RunID // whose unfinished files are looked for
	Albums     Albums
	MediaItems MediaItems

	DryRun  bool                                 // write nothing, and read only files that have to be told apart
	Tries   int                                  // how often a call is made before it is given up; 0 = 7
	Readers int                                  // files that are read at a time; 0 = 2 to 4, by the number of processors
	Wait    func(reason string, until time.Time) // is told what a call waits for; may be nil
	Tell    func(Cost)                           // is told what is about to be asked; may be nil
	Observe func(File)                           // is told each file's state; never two at a time; may be nil

	Progress *Progress // is counted up; may be nil
}

// Cost is what is about to be asked of the service. It is told twice: when it is known how much is looked for, and when the albums are listed.
type Cost struct {
	Files, Albums int  // that are looked for
	Library       bool // files are wanted in no album: all of the library is listed, 100 items a request
	Listed        bool // the albums are listed; only then Requests is known
	Requests      int  // for the items of the albums
}

// Progress is how far a rebuild has got. It may be read at any time.
type Progress struct{ Found, Done, Bytes atomic.Int64 }

func (c Config) valid() error {
	switch {
	case c.Ledger == nil || c.Albums == nil || c.MediaItems == nil:
		return errors.New("rebuild: Config.Ledger, Albums or MediaItems is missing")
	case c.Tries < 0:
		return fmt.Errorf("rebuild: Config.Tries is %d, but must be positive", c.Tries)
	case c.Readers < 0:
		return fmt.Errorf("rebuild: Config.Readers is %d, but must be positive", c.Readers)
	}
	return nil
}

func (c Config) withDefaults() Config {
	if c.Readers == 0 {
		c.Readers = min(max(2, runtime.NumCPU()), 4) // as in package verify
	}
	if c.Tell == nil {
		c.Tell = func(Cost) {}
	}
	if c.Observe == nil {
		c.Observe = func(File) {}
	}
	if c.Progress == nil {
		c.Progress = &Progress{}
	}
	return c
}

type hash = [sha256.Size]byte

// Run rebuilds. An error ends it before all was asked: the ledger cannot be written, the service cannot be reached, the day's requests are used up. What
// was found by then is in the ledger. The report is valid in any case; a file that is wanted in several albums counts once for each.
func Run(ctx context.Context, cfg Config) (Report, error) {
	if err := cfg.valid(); err != nil {
		return Report{}, err
	}
	r := &rebuilder{Config: cfg.withDefaults(), report: NewReport(cfg.DryRun), itemOf: map[hash]string{}}
	err := r.run(ctx)
	r.report.Bytes, r.report.Ended = r.Progress.Bytes.Load(), time.Now()
	return r.report, err
}

// rebuilder is one rebuild. It is used by one goroutine, but for what it reads.
type rebuilder struct {
	Config
	report Report
	counts map[string]int  // of media items, by the service's id of an album
	sumOf  map[string]hash // the contents of media items, as far as they are known
	itemOf map[hash]string // the media items of contents that this rebuild has matched
}

func (r *rebuilder) run(ctx context.Context) error {
	albums, err := r.Ledger.PendingAlbums(ctx, r.Run)
	if err != nil || len(albums) == 0 {
		return err
	}
	if albums[0].ID == ledger.Library { // last, because it costs most
		albums = append(albums[1:], albums[0])
	}
	if r.sumOf, err = r.Ledger.MediaItems(ctx); err != nil {
		return err
	}
	homes, err := r.find(ctx, albums)
	for i, a := range albums {
		if err == nil {
			err = r.album(ctx, a, homes[i])
		} else {
			err = errors.Join(err, r.leave(context.WithoutCancel(ctx), a))
		}
	}
	return err
}
