package photos_test

import (
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"log"
	"net/http"
	"time"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
)

// A base URL is never used bare: what is wanted of the media item is added to it. It is good for an hour at most, so ids are kept, and not base URLs.
func ExampleBaseURL() {
	photo := photos.BaseURL("https://lh3.googleusercontent.com/p/AFnnY")
	for _, want := range []photos.Rendition{
		photos.BaseURL.Download, // all of a photo, but for the place where it was taken
		photos.BaseURL.Video,    // all of a video, or what moves in a motion photo
		func(u photos.BaseURL) (string, error) { return u.Fit(2048, 1024) },  // no wider and no taller
		func(u photos.BaseURL) (string, error) { return u.Crop(256, 256) },   // exactly so
		func(u photos.BaseURL) (string, error) { return u.Still(1280, 720) }, // of a video, without a play button on it
		func(u photos.BaseURL) (string, error) { return u.Fit(20_000, 720) }, // larger than the service makes them
	} {
		address, err := want(photo)
		if err != nil {
			fmt.Println("no address:", err)
			continue
		}
		fmt.Println(address)
	}
	// Output:
	// https://lh3.googleusercontent.com/p/AFnnY=d
	// https://lh3.googleusercontent.com/p/AFnnY=dv
	// https://lh3.googleusercontent.com/p/AFnnY=w2048-h1024
	// https://lh3.googleusercontent.com/p/AFnnY=w256-h256-c
	// https://lh3.googleusercontent.com/p/AFnnY=w1280-h720-no
	// no address: photos: a picture of 20000 x 720 pixels: each side is 1 to 16383
}

// Whole is a photo in its full size, or a video. An address that has become too old meanwhile is renewed.
func ExampleFetcher_Open() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()
	fetcher := photos.NewFetcher(client.MediaItems, library.Transport())

	for _, name := range []string{"beach.jpg", "waves.mp4"} {
		item, err := client.MediaItems.Get(ctx, library.items[name])
		if err != nil {
			log.Fatal(err)
		}
		_ = library.Advance(2 * time.Hour) // its address has ended by now

		load, err := fetcher.Open(ctx, item, item.Whole(), 0)
		if err != nil {
			log.Fatal(err)
		}
		n, err := io.Copy(io.Discard, load) // a program writes it to a file; what broke off goes on from byte n
		if err := errors.Join(err, load.Close()); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: %s, all of it: %t\n", name, load.Type, n == load.Size)
	}
	// Output:
	// beach.jpg: image/jpeg, all of it: true
	// waves.mp4: video/mp4, all of it: true
}

// A thumbnail of a video, without the play button.
func ExampleFetcher_Open_thumbnail() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()
	fetcher := photos.NewFetcher(client.MediaItems, library.Transport())

	item, err := client.MediaItems.Get(ctx, library.items["waves.mp4"])
	if err != nil {
		log.Fatal(err)
	}
	load, err := fetcher.Open(ctx, item, func(u photos.BaseURL) (string, error) { return u.Still(16, 16) }, 0)
	if err != nil {
		log.Fatal(err)
	}
	defer load.Close()
	picture, err := jpeg.DecodeConfig(load)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d x %d\n", picture.Width, picture.Height)
	// Output:
	// 16 x 12
}

// A motion photo is two things: a still and a short video. Which photos are, no field says; who asks for the video of another one is told so.
func ExampleFetcher_Open_motionPhoto() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()
	fetcher := photos.NewFetcher(client.MediaItems, library.Transport())
	moving := create(client, "", "jump.jpg", "", fixture.JPEG(fixture.Spec{Seed: 4, Motion: fixture.MP4(fixture.Spec{Seed: 5})}))

	for _, id := range []string{moving, library.items["tree.jpg"]} {
		item, err := client.MediaItems.Get(ctx, id)
		if err != nil {
			log.Fatal(err)
		}
		load, err := fetcher.Open(ctx, item, photos.BaseURL.Video, 0)
		if errors.Is(err, photos.ErrNoVideo) {
			fmt.Println(item.Filename, "does not move")
			continue
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(item.Filename, load.Type)
		_ = load.Close()
	}
	// Output:
	// jump.jpg video/mp4
	// tree.jpg does not move
}

// The cover of an album. Its address needs no access token: who has it has the picture.
func ExampleAlbum_cover() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	album, err := client.Albums.Get(ctx, library.album)
	if err != nil {
		log.Fatal(err)
	}
	address, err := album.CoverPhotoBaseURL.Fit(16, 16)
	if err != nil {
		log.Fatal(err)
	}
	answer, err := (&http.Client{Transport: library.Transport()}).Get(address) // http.Get, for the real service
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	picture, err := jpeg.DecodeConfig(answer.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %d x %d\n", album.Title, picture.Width, picture.Height)
	// Output:
	// Summer: 16 x 12
}
