package batch_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
)

// diary is the simplest journal: it prints, and knows the one album by heart.
type diary struct{ albumID string }

func (d diary) AlbumID(context.Context, string) (string, error) { return d.albumID, nil }

func (d diary) Begin(_ context.Context, _ photos.BatchCreateRequest, items []batch.Item) error {
	fmt.Println("about to create", len(items))
	return nil
}

func (d diary) Done(_ context.Context, outcomes []batch.Outcome) error {
	for _, o := range outcomes {
		fmt.Println(o.Key, "is a media item:", o.Err == nil)
	}
	return nil
}

// Two files become media items at the end of an album, in one call.
func Example() {
	ctx := context.Background()
	service, err := emulator.New(emulator.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer service.Close()
	client, err := photos.New(photos.Config{
		TokenSource:     oauth2.StaticTokenSource(&oauth2.Token{AccessToken: service.AccessToken()}),
		Transport:       service.Transport(),
		UploadTransport: service.Transport(),
	})
	if err != nil {
		log.Fatal(err)
	}
	album, err := client.Albums.Create(ctx, "Summer")
	if err != nil {
		log.Fatal(err)
	}

	commit, err := batch.New(batch.Config{API: client.MediaItems, Journal: diary{album.ID}})
	if err != nil {
		log.Fatal(err)
	}
	for n, name := range []string{"beach.jpg", "harbour.jpg"} {
		photo := fixture.TinyJPEG(n, time.Time{})
		token, err := client.Uploads.Raw(ctx, photos.RawUpload{Size: int64(len(photo)), Body: bytes.NewReader(photo)})
		if err != nil {
			log.Fatal(err)
		}
		if err := commit.Add(ctx, batch.Item{Key: name, Token: token, FileName: name, Album: "Summer", Place: batch.Place{Last: true}}); err != nil {
			log.Fatal(err)
		}
	}
	if err := commit.Flush(ctx); err != nil {
		log.Fatal(err)
	}
	// Output:
	// about to create 2
	// beach.jpg is a media item: true
	// harbour.jpg is a media item: true
}
