package photos_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
)

// Up to 50 media items in one call. That it succeeds says nothing about any of them: each has its own result, by its upload token.
func ExampleMediaItemsService_BatchCreate() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()
	names := map[string]string{ // by upload token
		send(client, fixture.TinyJPEG(7, firstOfJuly)):     "dunes.jpg",
		send(client, []byte("these bytes are no picture")): "notes.jpg",
	}

	request := photos.BatchCreateRequest{AlbumID: library.album}
	for token, name := range names {
		request.NewMediaItems = append(request.NewMediaItems, photos.NewMediaItem{
			Description:     "Where we slept", // the user's own words, or none
			SimpleMediaItem: photos.SimpleMediaItem{UploadToken: token, FileName: name},
		})
	}
	created, err := client.MediaItems.BatchCreate(ctx, request)
	if err != nil {
		log.Fatal(err) // nothing was created, or nobody knows: to send the same tokens again is safe
	}
	for _, r := range created.NewMediaItemResults {
		if r.Status.Code != photos.CodeOK || r.MediaItem == nil {
			fmt.Printf("%s: %s, %s\n", names[r.UploadToken], r.Status.Code, r.Status.Message)
			continue
		}
		fmt.Printf("%s: %q\n", r.MediaItem.Filename, r.MediaItem.Description)
	}
	// Unordered output:
	// dunes.jpg: "Where we slept"
	// notes.jpg: INVALID_ARGUMENT, NOT_IMAGE: There was an error while trying to create this media item.
}

// Items get their place in an album when they are created, and cannot be moved later. Those of one call stand together.
func ExampleAlbumPosition() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	late := photos.SimpleMediaItem{UploadToken: send(client, fixture.TinyJPEG(8, firstOfJuly.Add(2*time.Hour))), FileName: "night.jpg"}
	_, err := client.MediaItems.BatchCreate(ctx, photos.BatchCreateRequest{
		AlbumID:       library.album,
		NewMediaItems: []photos.NewMediaItem{{SimpleMediaItem: late}},
		AlbumPosition: &photos.AlbumPosition{Position: photos.AfterMediaItem, RelativeMediaItemID: library.items["waves.mp4"]},
	})
	if err != nil {
		log.Fatal(err) // of ClassInvalid too, if the user has taken waves.mp4 out of the album
	}
	for item, err := range client.MediaItems.InAlbum(ctx, library.album) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(item.Filename)
	}
	// Output:
	// beach.jpg
	// waves.mp4
	// night.jpg
	// harbour.jpg
}

// All bytes in one request, the right way for photos. Package upload does it for files, with all that can happen to them.
func ExampleUploadsService_Raw() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	photo := fixture.TinyJPEG(9, firstOfJuly)
	token, err := client.Uploads.Raw(ctx, photos.RawUpload{Size: int64(len(photo)), ContentType: "image/jpeg", Body: bytes.NewReader(photo)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("good for batchCreate, for a day:", token != "")

	_, err = client.Uploads.Raw(ctx, photos.RawUpload{Body: strings.NewReader("")})
	fmt.Println("empty files are not sent:", errors.Is(err, photos.ErrNotSent))
	// Output:
	// good for batchCreate, for a day: true
	// empty files are not sent: true
}

// A large file in an upload session: after a broken connection it goes on with the byte that did not arrive. Package upload does all of this.
func ExampleUploadsService_Send() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()
	film := fixture.MP4(fixture.Spec{PadTo: 1_000_000})

	session, err := client.Uploads.Start(ctx, photos.StartUpload{Size: int64(len(film)), ContentType: "video/mp4"})
	if err != nil {
		log.Fatal(err)
	}
	// The session can be kept, and outlives the program; its address is a secret. Here the connection breaks in the middle of the file.
	_ = library.Plan(emulator.Fault{Operation: "uploads.finalize", Effect: emulator.CutRequest(600_000)})
	_, err = client.Uploads.Send(ctx, session, photos.UploadChunk{Size: session.Size, Body: bytes.NewReader(film), Final: true})
	fmt.Println(photos.Classify(err))

	at, err := client.Uploads.Query(ctx, session) // ErrSessionGone: start anew
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("it has", at.Received, "bytes")
	at, err = client.Uploads.Send(ctx, session, photos.UploadChunk{
		Offset: at.Received, Size: session.Size - at.Received, Body: bytes.NewReader(film[at.Received:]), Final: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("token:", at.Token != "")
	// Output:
	// transient
	// it has 600000 bytes
	// token: true
}
