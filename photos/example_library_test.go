package photos_test

import (
	"bytes"
	"context"
	"log"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
)

// exampleLibrary is the library of the examples, on an emulated service: it can age and be marked as its user would do it.
type exampleLibrary struct {
	*emulator.Server
	album string            // the id of the album "Summer": beach.jpg, waves.mp4, harbour.jpg
	items map[string]string // ids of media items, by file name
}

// summer is a library to show calls with, and a client that is signed in to it. How a client is made for the real service, the example of the package shows.
func summer() (*photos.Client, exampleLibrary) {
	service, err := emulator.New(emulator.Config{})
	if err != nil {
		log.Fatal(err)
	}
	client := clientOf(service)
	album, err := client.Albums.Create(context.Background(), "Summer")
	if err != nil {
		log.Fatal(err)
	}
	library := exampleLibrary{Server: service, album: album.ID, items: map[string]string{}}
	camera := fixture.Spec{
		Captured: firstOfJuly, Make: "Canon", Model: "Canon EOS R6", ExposureTime: [2]uint32{1, 60}, FNumber: [2]uint32{28, 10}, FocalLength: [2]uint32{50, 1}, ISO: 200,
	}
	for _, f := range []struct {
		name, description, album string
		bytes                    []byte
		marks                    emulator.Marks
	}{
		{"tree.jpg", "", "", fixture.TinyJPEG(1, time.Date(2023, 12, 24, 17, 0, 0, 0, time.UTC)), emulator.Marks{Categories: []string{"HOLIDAYS", "PETS"}}},
		{"beach.jpg", "The last evening", album.ID, fixture.JPEG(camera), emulator.Marks{Favorite: true, Categories: []string{"LANDSCAPES"}}},
		{"waves.mp4", "", album.ID, fixture.MP4(fixture.Spec{Captured: firstOfJuly.Add(time.Hour)}), emulator.Marks{Ready: true}},
		{"harbour.jpg", "", album.ID, fixture.TinyJPEG(2, firstOfJuly.AddDate(0, 0, 1)), emulator.Marks{Categories: []string{"LANDSCAPES", "PEOPLE"}}},
		{"receipt.jpg", "", "", fixture.TinyJPEG(3, firstOfJuly.AddDate(0, 1, 0)), emulator.Marks{Archived: true, Categories: []string{"RECEIPTS"}}},
	} {
		id := create(client, f.album, f.name, f.description, f.bytes)
		if err := service.Mark(id, f.marks); err != nil {
			log.Fatal(err)
		}
		library.items[f.name] = id
	}
	return client, library
}

// firstOfJuly is an evening of summer.
var firstOfJuly = time.Date(2024, 7, 1, 18, 30, 0, 0, time.UTC)

// clientOf is a client of an emulated service.
func clientOf(service *emulator.Server) *photos.Client {
	client, err := photos.New(photos.Config{
		TokenSource:     oauth2.StaticTokenSource(&oauth2.Token{AccessToken: service.AccessToken()}),
		Transport:       service.Transport(),
		UploadTransport: service.Transport(),
	})
	if err != nil {
		log.Fatal(err)
	}
	return client
}

// create makes a media item of some bytes and returns its id.
func create(client *photos.Client, album, name, description string, body []byte) string {
	created, err := client.MediaItems.BatchCreate(context.Background(), photos.BatchCreateRequest{
		AlbumID:       album,
		NewMediaItems: []photos.NewMediaItem{{Description: description, SimpleMediaItem: photos.SimpleMediaItem{UploadToken: send(client, body), FileName: name}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	return created.NewMediaItemResults[0].MediaItem.ID
}

// send uploads some bytes and returns their upload token.
func send(client *photos.Client, body []byte) string {
	token, err := client.Uploads.Raw(context.Background(), photos.RawUpload{Size: int64(len(body)), Body: bytes.NewReader(body)})
	if err != nil {
		log.Fatal(err)
	}
	return token
}
