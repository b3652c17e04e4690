package photos_test

import (
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

// One media item by its id. What is known of a photo stands in Photo, that of a video in Video; any of it may be missing.
func ExampleMediaItemsService_Get() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	item, err := client.MediaItems.Get(ctx, library.items["beach.jpg"])
	if err != nil {
		log.Fatal(err)
	}
	taken := item.MediaMetadata
	fmt.Printf("%s, %s: %q\n", item.Filename, item.MIMEType, item.Description)
	fmt.Printf("%d x %d pixels on %s\n", taken.Width, taken.Height, taken.CreationTime.Format(time.DateOnly))
	if p := taken.Photo; p != nil {
		fmt.Printf("%s: %g mm, f/%g, ISO %d, %s\n", p.CameraModel, p.FocalLength, p.ApertureFNumber, p.ISOEquivalent, p.Exposure().Round(time.Millisecond))
	}

	// An id of which there is nothing any more, or that another app made.
	_ = library.Mark(item.ID, emulator.Marks{Trashed: true})
	_, err = client.MediaItems.Get(ctx, item.ID)
	fmt.Println(photos.Classify(err))
	// Output:
	// beach.jpg, image/jpeg: "The last evening"
	// 32 x 24 pixels on 2024-07-01
	// Canon EOS R6: 50 mm, f/2.8, ISO 200, 17ms
	// not found
}

// A new video is processed for a while. Until it is ready it has no base URL, and little is known of it.
func ExampleMediaItemsService_Get_video() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()
	id := create(client, "", "gulls.mp4", "", fixture.MP4(fixture.Spec{Seed: 1}))

	for {
		item, err := client.MediaItems.Get(ctx, id)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s, can be loaded: %t\n", item.MediaMetadata.Video.Status, item.BaseURL != "")
		if item.MediaMetadata.Video.Status != photos.VideoProcessing {
			break // ready or failed
		}
		_ = library.Advance(time.Minute) // a program waits; or gives the item to a Fetcher, which does
	}
	// Output:
	// PROCESSING, can be loaded: false
	// READY, can be loaded: true
}

// Many media items by their ids, 50 in a request. Each id has its own result, in the order of the ids.
func ExampleMediaItemsService_BatchGet() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	ids := []string{library.items["tree.jpg"], library.items["beach.jpg"], "ANoteOfLastYear"}
	results, err := client.MediaItems.BatchGet(ctx, ids)
	if err != nil {
		log.Fatal(err) // of a whole request; results has what came before it
	}
	for i, r := range results {
		if r.MediaItem == nil {
			fmt.Printf("%s: %s, %s\n", ids[i], r.Status.Code, r.Status.Message)
			continue
		}
		fmt.Println(r.MediaItem.Filename)
	}
	// Output:
	// tree.jpg
	// beach.jpg
	// ANoteOfLastYear: INVALID_ARGUMENT, Invalid media item ID.
}

// Only what is needed of each media item: the answers are smaller, and what was not asked for is zero.
func ExampleMediaItemsService_Only() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	names := client.MediaItems.Only("filename", "mediaMetadata/creationTime")
	item, err := names.Get(ctx, library.items["beach.jpg"])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s of %s, description %q\n", item.Filename, item.MediaMetadata.CreationTime.Format(time.DateOnly), item.Description)

	_, err = client.MediaItems.Only("fileName").Get(ctx, library.items["beach.jpg"]) // filename, where an item is read
	fmt.Println(photos.Classify(err))
	// Output:
	// beach.jpg of 2024-07-01, description ""
	// invalid
}

// A description is the one thing that can be changed of a media item: the user's own words, and no file names or tags.
func ExampleMediaItemsService_Patch() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	item, err := client.MediaItems.Patch(ctx, library.items["tree.jpg"], "The cat is in the tree again")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %s\n", item.Filename, item.Description)

	_, err = client.MediaItems.Patch(ctx, item.ID, strings.Repeat("and again ", 100))
	fmt.Println("cost a request:", !errors.Is(err, photos.ErrNotSent))
	// Output:
	// tree.jpg: The cat is in the tree again
	// cost a request: false
}

// What is to be done about an error is its class; what happened, for a person, its text. Neither ever has a token or an address in it.
func ExampleClassify() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	library.DeleteAlbum(library.album)
	_, err := client.Albums.Get(ctx, library.album)
	switch photos.Classify(err) {
	case photos.ClassTransient, photos.ClassRateLimited:
		fmt.Println("try again, later")
	case photos.ClassDailyQuota:
		fmt.Println("try again after midnight Pacific")
	case photos.ClassUnauthenticated, photos.ClassForbidden, photos.ClassStorageFull:
		fmt.Println("ask the user")
	case photos.ClassAlbumGone:
		fmt.Println("make the album anew")
	default:
		fmt.Println("give up")
	}
	if e := (*photos.Error)(nil); errors.As(err, &e) {
		fmt.Println(e.Op, e.Status, e.Code)
	}
	// Output:
	// make the album anew
	// albums.get 404 NOT_FOUND
}
