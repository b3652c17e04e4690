package photos_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
)

// All methods of sharing ended for all apps, and the error says when. What the other examples of sharing show, only the emulator still does.
func ExampleSharedAlbumsService_List() {
	ctx := context.Background()
	client, library := summer()
	defer library.Close()

	for album, err := range client.SharedAlbums.List(ctx) {
		if errors.Is(err, photos.ErrSharingClosed) {
			fmt.Println(photos.ErrSharingClosed)
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(album.Title)
	}
	// Output:
	// the service has closed sharing by apps on 31 March 2025
}

// in2024 is a service that keeps the rules of before 31 March 2025, as the emulator can, and a client that is signed in to it.
func in2024() (*photos.Client, *emulator.Server) {
	service, err := emulator.New(emulator.Config{Era: emulator.Era2024})
	if err != nil {
		log.Fatal(err)
	}
	return clientOf(service), service
}

// An album is shared, and found by its share token.
func ExampleAlbumsService_Share() {
	ctx := context.Background()
	client, service := in2024()
	defer service.Close()
	album, err := client.Albums.Create(ctx, "For all of us")
	if err != nil {
		log.Fatal(err)
	}
	shared, err := client.Albums.Share(ctx, album.ID, photos.SharedAlbumOptions{IsCollaborative: true})
	if err != nil {
		log.Fatal(err)
	}
	album, err = client.SharedAlbums.Get(ctx, shared.ShareToken)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: owned %t, others may add %t\n", album.Title, album.ShareInfo.IsOwned, album.ShareInfo.SharedAlbumOptions.IsCollaborative)
	// Output:
	// For all of us: owned true, others may add true
}

// Who has added what to a shared album, with the address of a picture of them.
func ExampleContributorInfo() {
	ctx := context.Background()
	client, service := in2024()
	defer service.Close()
	album, err := client.Albums.Create(ctx, "For all of us")
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Albums.Share(ctx, album.ID, photos.SharedAlbumOptions{IsCollaborative: true}); err != nil {
		log.Fatal(err)
	}
	if _, err := service.Contribute(album.ID, "Ada", "cake.jpg", fixture.TinyJPEG(1, time.Time{})); err != nil {
		log.Fatal(err)
	}

	for item, err := range client.MediaItems.InAlbum(ctx, album.ID) {
		if err != nil {
			log.Fatal(err)
		}
		by := item.ContributorInfo
		_, err := by.ProfilePictureBaseURL.Crop(64, 64)
		fmt.Printf("%s by %s, with a picture: %t\n", item.Filename, by.DisplayName, err == nil)
	}
	// Output:
	// cake.jpg by Ada, with a picture: true
}

// Somebody else's album is joined by its share token, and left again.
func ExampleSharedAlbumsService_Join() {
	ctx := context.Background()
	client, service := in2024()
	defer service.Close()
	_, token := service.AddSharedAlbum(emulator.SomebodysAlbum{Title: "Ada's birthday"})

	album, err := client.SharedAlbums.Join(ctx, token)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: joined %t\n", album.Title, album.ShareInfo.IsJoined)
	if err := client.SharedAlbums.Leave(ctx, token); err != nil {
		log.Fatal(err)
	}
	// Output:
	// Ada's birthday: joined true
}

// All albums of the user were shown to an app that asked for it; AppCreated leaves out those that the app did not make.
func ExampleAlbumsService_AppCreated() {
	ctx := context.Background()
	client, service := in2024()
	defer service.Close()
	service.AddForeignAlbum("Made in the app")
	if _, err := client.Albums.Create(ctx, "Made here"); err != nil {
		log.Fatal(err)
	}

	for _, albums := range []*photos.AlbumsService{client.Albums, client.Albums.AppCreated()} {
		n := 0
		for _, err := range albums.List(ctx) {
			if err != nil {
				log.Fatal(err)
			}
			n++
		}
		fmt.Println(n)
	}
	// Output:
	// 2
	// 1
}
