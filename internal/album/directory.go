package album

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/photos"
)

// listingLife is how long a listing of the service's albums is believed. Listing thousands of albums before every run burns a day's quota.
const listingLife = 24 * time.Hour

// ErrForeign says that the service has an album of the title into which this app may not write.
var ErrForeign = errors.New("was not made by this app, which therefore may not write into it; choose another title")

// API is what the directory asks of the service; *photos.AlbumsService has it.
type API interface {
	Create(ctx context.Context, title string) (photos.Album, error)
	ListPage(ctx context.Context, token string) (albums []photos.Album, next string, err error)
}

// Directory finds albums in the service. It is used by one goroutine.
type Directory struct {
	API    API
	Ledger ledger.Ledger
	Now    func() time.Time // nil is the system's time
}

func (d *Directory) now() time.Time {
	if d.Now == nil {
		return time.Now()
	}
	return d.Now()
}

// Resolution is how an album was found.
type Resolution struct {
	ID      string // the service's id
	Title   string
	Created bool // it did not exist before
}

// Resolve returns the service's id of an album, creating the album if the service has none of its title that this app may write to. A listing that
// fails creates nothing: a second album of the same title could not be taken back.
func (d *Directory) Resolve(ctx context.Context, id ledger.AlbumID) (Resolution, error) {
	a, err := d.Ledger.Album(ctx, id)
	if err != nil || a.Remote != "" {
		return Resolution{ID: a.Remote, Title: a.Title}, err
	}
	found, err := d.find(ctx, a)
	if err != nil {
		return Resolution{}, err
	}
	if found != "" {
		return Resolution{ID: found, Title: a.Title}, d.Ledger.SetAlbum(ctx, id, found)
	}
	if err := d.Ledger.IntendAlbum(ctx, id); err != nil {
		return Resolution{}, err
	}
	created, err := d.API.Create(ctx, a.Title)
	if err != nil {
		return Resolution{}, err
	}
	return Resolution{ID: created.ID, Title: a.Title, Created: true}, d.Ledger.SetAlbum(context.WithoutCancel(ctx), id, created.ID)
}

// find looks for an album of the title among the service's. The remembered listing is not enough for an album whose creation was begun and
// never answered: it may exist since.
func (d *Directory) find(ctx context.Context, a ledger.Album) (string, error) {
	known, listed, err := d.Ledger.RemoteAlbums(ctx, a.Title)
	if err != nil {
		return "", err
	}
	if a.Intended || !Listed(listed, d.now()) {
		if _, err := d.List(ctx); err != nil {
			return "", err
		}
		if known, _, err = d.Ledger.RemoteAlbums(ctx, a.Title); err != nil {
			return "", err
		}
	}
	for _, r := range known {
		if r.Writeable {
			return r.Remote, nil
		}
	}
	if len(known) > 0 {
		return "", fmt.Errorf("album %q %w", a.Title, ErrForeign)
	}
	return "", nil
}

// Gone tells whether the service has really lost an album, by listing all anew: one that it lists is there, whatever else it says. An album that was never
// there is not gone.
func (d *Directory) Gone(ctx context.Context, id ledger.AlbumID) (bool, error) {
	a, err := d.Ledger.Album(ctx, id)
	if err != nil || a.Remote == "" {
		return false, err
	}
	all, err := d.List(ctx)
	return err == nil && !slices.ContainsFunc(all, func(r ledger.RemoteAlbum) bool { return r.Remote == a.Remote }), err
}

// Listed tells whether a listing made at that time is still believed now.
func Listed(at, now time.Time) bool {
	return !at.IsZero() && now.Sub(at) < listingLife && !at.After(now)
}

// List asks for all albums of the service, 50 a request, and remembers them, titles in the form in which they are looked for.
func (d *Directory) List(ctx context.Context) ([]ledger.RemoteAlbum, error) {
	var all []ledger.RemoteAlbum
	for token := ""; ; {
		page, next, err := d.API.ListPage(ctx, token)
		if err != nil {
			return nil, err
		}
		for _, a := range page {
			all = append(all, ledger.RemoteAlbum{Remote: a.ID, Title: CleanTitle(a.Title), Writeable: a.IsWriteable})
		}
		if next == "" || next == token { // a token that leads to itself would never end
			return all, d.Ledger.SetRemoteAlbums(ctx, d.now(), all)
		}
		token = next
	}
}
