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

// firstOfJuly is when the first of the photos was taken.
var firstOfJuly = time.Date(2024, 7, 1, 18, 30, 0, 0, time.UTC)

// The photos of two months are found among others, the oldest first, with no more of each than is needed.
func ExampleMediaItemsService_Search() {
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
	var batch photos.BatchCreateRequest
	for month, name := range []string{"june.jpg", "july.jpg", "august.jpg"} {
		photo := fixture.TinyJPEG(month, firstOfJuly.AddDate(0, month-1, 0))
		token, err := client.Uploads.Raw(ctx, photos.RawUpload{Size: int64(len(photo)), ContentType: "image/jpeg", Body: bytes.NewReader(photo)})
		if err != nil {
			log.Fatal(err)
		}
		batch.NewMediaItems = append(batch.NewMediaItems, photos.NewMediaItem{SimpleMediaItem: photos.SimpleMediaItem{UploadToken: token, FileName: name}})
	}
	if _, err := client.MediaItems.BatchCreate(ctx, batch); err != nil {
		log.Fatal(err)
	}

	found := client.MediaItems.Only("filename", "mediaMetadata/creationTime").Search(ctx, photos.SearchRequest{
		Filters: &photos.Filters{
			DateFilter:           &photos.DateFilter{Dates: []photos.Date{{Year: 2024, Month: 7}, {Year: 2024, Month: 6}}},
			IncludeArchivedMedia: true,
		},
		OrderBy: photos.OldestFirst,
	})
	for item, err := range found {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(item.Filename, item.MediaMetadata.CreationTime.Format(time.DateOnly))
	}
	// Output:
	// june.jpg 2024-06-01
	// july.jpg 2024-07-01
}
