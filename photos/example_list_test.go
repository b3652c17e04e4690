package photos_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/photos"
)

// The whole library, newest first, without what the user has archived. Pages are asked for as they are needed.
func ExampleMediaItemsService_List() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	for item, err := range client.MediaItems.List(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(item.Filename)
	}
	// Output:
	// harbour.jpg
	// waves.mp4
	// beach.jpg
	// tree.jpg
}

// The media items of an album, in the order of the album. Text and places between them are not listed.
func ExampleMediaItemsService_InAlbum() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	for item, err := range client.MediaItems.InAlbum(ctx, library.album) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(item.Filename)
	}

	library.DeleteAlbum(library.album)
	for _, err := range client.MediaItems.InAlbum(ctx, library.album) {
		fmt.Println(photos.Classify(err))
	}
	// Output:
	// beach.jpg
	// waves.mp4
	// harbour.jpg
	// album gone
}

// A listing that broke off goes on with the page that failed. A token is good for the same listing only, and not for ever: then the error is ErrPageToken.
func ExampleMediaItemsService_From() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()
	_ = library.Plan(emulator.Fault{Operation: "mediaItems.search", Nth: 2, Effect: emulator.Refuse("503")}) // for a moment the service is down

	pages := client.MediaItems
	for done := false; !done; {
		done = true
		for item, err := range pages.Search(ctx, photos.SearchRequest{PageSize: 2}) {
			if p := (*photos.PageError)(nil); errors.As(err, &p) && photos.Classify(err) == photos.ClassTransient {
				fmt.Println("again, from the same page on") // a program waits first: see Classify
				pages, done = client.MediaItems.From(p.Token), false
				break
			}
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(item.Filename)
		}
	}
	// Output:
	// harbour.jpg
	// waves.mp4
	// again, from the same page on
	// beach.jpg
	// tree.jpg
}

// Paging by hand, for a program that shows page after page: only a missing token is the end, a page may be short or empty before.
func ExampleMediaItemsService_SearchPage() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	request := photos.SearchRequest{AlbumID: library.album, PageSize: 2} // the same for every page
	for token, more := "", true; more; more = token != "" {
		items, next, err := client.MediaItems.SearchPage(ctx, request, token)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%d items, more: %t\n", len(items), next != "")
		token = next
	}
	// Output:
	// 2 items, more: true
	// 1 items, more: false
}

// All albums that this app created. An album without items has no count and no cover of its own.
func ExampleAlbumsService_List() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()
	if _, err := client.Albums.Create(ctx, "Autumn"); err != nil {
		log.Fatal(err)
	}

	for album, err := range client.Albums.List(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: %d items, writeable: %t, has a cover: %t\n", album.Title, album.MediaItemsCount, album.IsWriteable, album.CoverPhotoMediaItemID != "")
	}
	// Output:
	// Autumn: 0 items, writeable: true, has a cover: false
	// Summer: 3 items, writeable: true, has a cover: true
}
