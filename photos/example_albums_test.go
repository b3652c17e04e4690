package photos_test

import (
	"context"
	"fmt"
	"log"

	"github.com/albumwright/albumwright/photos"
)

// A new album. The service makes a second one of the same title when it is asked again, so look for it first.
func ExampleAlbumsService_Create() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	album, err := client.Albums.Create(ctx, "Autumn")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s, writeable: %t\n", album.Title, album.IsWriteable)

	_, err = client.Albums.Create(ctx, "")
	fmt.Println(err)
	// Output:
	// Autumn, writeable: true
	// albums.create: not sent: the title is empty
}

// An album by its id, which lasts as long as the album does.
func ExampleAlbumsService_Get() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	album, err := client.Albums.Get(ctx, library.album)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %d items\n", album.Title, album.MediaItemsCount)

	library.DeleteAlbum(library.album)
	_, err = client.Albums.Get(ctx, library.album)
	fmt.Println(photos.Classify(err))
	// Output:
	// Summer: 3 items
	// album gone
}

// A new title, and another cover: one of the album's own media items. What is left empty stays as it is.
func ExampleAlbumsService_Patch() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	album, err := client.Albums.Patch(ctx, library.album, photos.AlbumPatch{Title: "Summer by the sea", CoverPhotoMediaItemID: library.items["harbour.jpg"]})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(album.Title, album.CoverPhotoMediaItemID == library.items["harbour.jpg"])

	_, err = client.Albums.Patch(ctx, library.album, photos.AlbumPatch{CoverPhotoMediaItemID: library.items["tree.jpg"]})
	fmt.Println(err)
	// Output:
	// Summer by the sea true
	// albums.patch: HTTP 400 INVALID_ARGUMENT: Request contains an invalid media item id.
}

// Media items that are in the library are put at the end of an album: up to 50 in a call, all of them or none.
func ExampleAlbumsService_BatchAddMediaItems() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	err := client.Albums.BatchAddMediaItems(ctx, library.album, []string{library.items["tree.jpg"], library.items["receipt.jpg"]})
	if err != nil {
		log.Fatal(err)
	}
	album, err := client.Albums.Get(ctx, library.album)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(album.MediaItemsCount, "items")

	err = client.Albums.BatchAddMediaItems(ctx, library.album, []string{library.items["beach.jpg"], "AnItemOfAnotherApp"})
	fmt.Println(err)
	// Output:
	// 5 items
	// albums.batchAddMediaItems: HTTP 400 INVALID_ARGUMENT: Request contains an invalid media item id.
}

// Media items are taken out of an album and stay in the library. What is out already is refused, so a lost answer is not just asked for again.
func ExampleAlbumsService_BatchRemoveMediaItems() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	for range 2 {
		err := client.Albums.BatchRemoveMediaItems(ctx, library.album, []string{library.items["waves.mp4"]})
		fmt.Println("removed:", err == nil, photos.Classify(err) == photos.ClassInvalid)
	}
	// Output:
	// removed: true false
	// removed: false true
}

// A heading, a place and a way between the items of an album. No listing shows them, and nothing takes them away again: send each once.
func ExampleAlbumsService_AddEnrichment() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	first := photos.AlbumPosition{Position: photos.FirstInAlbum}
	heading, err := client.Albums.AddEnrichment(ctx, library.album, photos.NewEnrichmentItem{TextEnrichment: &photos.TextEnrichment{Text: "The first day"}}, first)
	if err != nil {
		log.Fatal(err)
	}
	whitby := photos.Location{LocationName: "Whitby", Latlng: &photos.LatLng{Latitude: 54.486, Longitude: -0.613}}
	york := photos.Location{LocationName: "York", Latlng: &photos.LatLng{Latitude: 53.959, Longitude: -1.081}}
	behind := photos.AlbumPosition{Position: photos.AfterEnrichmentItem, RelativeEnrichmentItemID: heading.ID}
	for _, item := range []photos.NewEnrichmentItem{
		{LocationEnrichment: &photos.LocationEnrichment{Location: whitby}},
		{MapEnrichment: &photos.MapEnrichment{Origin: york, Destination: whitby}},
	} {
		if _, err := client.Albums.AddEnrichment(ctx, library.album, item, behind); err != nil {
			log.Fatal(err)
		}
	}
	for _, e := range library.Enrichments(library.album) {
		fmt.Printf("%s: %s\n", e.Kind, e.Text)
	}
	// Output:
	// text: The first day
	// map: York to Whitby
	// location: Whitby
}
