package photos_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
)

// A photo becomes a media item in a new album. The service is an emulated one on this machine; for the real one leave out the
// transports, and give a token source of a signed-in user.
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
	photo := fixture.TinyJPEG(1, time.Date(2024, 7, 1, 18, 30, 0, 0, time.UTC))
	token, err := client.Uploads.Raw(ctx, photos.RawUpload{Size: int64(len(photo)), ContentType: "image/jpeg", Body: bytes.NewReader(photo)})
	if err != nil {
		log.Fatal(err)
	}
	created, err := client.MediaItems.BatchCreate(ctx, photos.BatchCreateRequest{
		AlbumID: album.ID,
		NewMediaItems: []photos.NewMediaItem{{
			Description:     "The last evening",
			SimpleMediaItem: photos.SimpleMediaItem{UploadToken: token, FileName: "beach.jpg"},
		}},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range created.NewMediaItemResults {
		fmt.Println("created:", r.Status.Code)
	}

	for item, err := range client.MediaItems.InAlbum(ctx, album.ID) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: %s, %s\n", item.Filename, item.Description, item.MediaMetadata.CreationTime.Format(time.DateTime))
	}
	// Output:
	// created: OK
	// beach.jpg: The last evening, 2024-07-01 18:30:00
}
