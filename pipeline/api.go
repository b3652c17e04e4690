package pipeline

import (
	"context"
	"errors"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/albumedit"
	"github.com/albumwright/albumwright/internal/confirm"
	"github.com/albumwright/albumwright/internal/describe"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
)

// API is the part of the service that an import uses, by its resources. [ClientAPI] makes it of a client.
type API struct {
	Uploads    upload.API
	MediaItems batch.API
	Albums     AlbumsAPI
	Members    MembersAPI
	Search     SearchAPI
	Edits      albumedit.API // for EditAlbum; may be nil without it
	Words      describe.API  // for Describe; may be nil without it
	Reads      confirm.API   // for Config.Confirm and After; may be nil without them
}

// AlbumsAPI is what an import asks about albums; *photos.AlbumsService has it.
type AlbumsAPI interface {
	album.API
	Get(ctx context.Context, id string) (photos.Album, error)
	AddEnrichment(ctx context.Context, id string, item photos.NewEnrichmentItem, at photos.AlbumPosition) (photos.EnrichmentItem, error)
}

// ClientAPI takes the resources from a client.
func ClientAPI(c *photos.Client) API {
	return API{
		Uploads: c.Uploads, MediaItems: c.MediaItems, Albums: c.Albums, Edits: c.Albums, Members: c.Albums, Search: c.MediaItems.Only("id"),
		Reads: c.MediaItems.Only(confirm.Fields()...), Words: c.MediaItems.Only(describe.Fields()...),
	}
}

// valid refuses an API with which a run would end where it first asks for something.
func (a API) valid(reads bool) error {
	switch {
	case a.Uploads == nil:
		return errors.New("pipeline: Config.API.Uploads is missing")
	case a.MediaItems == nil:
		return errors.New("pipeline: Config.API.MediaItems is missing")
	case a.Albums == nil:
		return errors.New("pipeline: Config.API.Albums is missing")
	case a.Members == nil:
		return errors.New("pipeline: Config.API.Members is missing")
	case a.Search == nil:
		return errors.New("pipeline: Config.API.Search is missing")
	case reads && a.Reads == nil:
		return errors.New("pipeline: Config.API.Reads is missing, which a confirmation needs")
	}
	return nil
}

// asks tells whether the service is asked again about what is delivered.
func (c Config) asks() bool { return c.Confirm || c.Resend || !c.After.Keeps() }
