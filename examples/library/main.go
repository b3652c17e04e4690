// Command library imports a folder from a Go program of your own, and reads back what is there, using the public packages only.
//
//	go run ./examples/library ~/Pictures                                     list the albums
//	go run ./examples/library -page /tmp/page ~/Pictures                     and make a page of what was taken on this day, in any year
//	go run ./examples/library -page /tmp/page -day 05-18 ~/Pictures          or on another one
//
// Without further settings it talks to an emulator inside the process, so nothing leaves the machine. Set ALBUMWRIGHT_ENDPOINT and
// ALBUMWRIGHT_ACCESS_TOKEN to talk to a service.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/ratelimit"
)

func main() {
	page := flag.String("page", "", "a `folder` to make a page in, of what was taken on this day in any year")
	day := flag.String("day", time.Now().Format("01-02"), "the day of that page, `MM-DD`")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: library [-page FOLDER [-day MM-DD]] FOLDER")
	}
	if err := run(context.Background(), flag.Arg(0), *page, *day, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// run imports the folder, prints what the service then holds, and makes the page if one is wanted.
func run(ctx context.Context, folder, page, day string, out io.Writer) error {
	client, loads, stop, err := connect(os.Getenv("ALBUMWRIGHT_ENDPOINT"), os.Getenv("ALBUMWRIGHT_ACCESS_TOKEN"))
	if err != nil {
		return err
	}
	defer stop()
	if err := importFolder(ctx, client, folder, out); err != nil {
		return err
	}
	if err := list(ctx, client, out); err != nil || page == "" {
		return err
	}
	items, err := takenOn(ctx, client, day)
	if err != nil {
		return err
	}
	return writePage(ctx, photos.NewFetcher(client.MediaItems, loads), items, day, page, out)
}

func importFolder(ctx context.Context, client *photos.Client, folder string, out io.Writer) error {
	state, err := os.MkdirTemp("", "library-example-") // a real program keeps this: it is what makes a second run cheap
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(state) }()
	folder, err = filepath.Abs(folder)
	if err != nil {
		return err
	}

	report, err := pipeline.Run(ctx, pipeline.Config{
		Paths:    []string{folder},
		AlbumBy:  "folder",
		API:      pipeline.ClientAPI(client),
		StateDir: state,
		Observe: func(ev pipeline.Event) {
			if end, ok := ev.(pipeline.FileEnd); ok && end.End == pipeline.Failed {
				fmt.Fprintf(out, "failed: %s: %s\n", filepath.Base(end.Path), end.Reason)
			}
		},
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d files found, %d uploaded, %d requests\n", report.Found, report.Ends[pipeline.Uploaded], report.Requests.Total())
	return nil
}

// connect makes a client of the service, or of an emulator that lives as long as this process, and what loads of base URLs go through.
func connect(endpoint, token string) (client *photos.Client, loads http.RoundTripper, stop func(), err error) {
	stop = func() {}
	cfg := photos.Config{Endpoint: endpoint}
	var wire http.RoundTripper = photos.NewTransport()
	writes := ratelimit.DefaultWritesPerMinute
	if endpoint == "" {
		service, err := emulator.New(emulator.Config{})
		if err != nil {
			return nil, nil, nil, err
		}
		stop = func() { _ = service.Close() }
		token, wire, cfg.UploadTransport, writes = service.AccessToken(), service.Transport(), service.Transport(), 0
	}
	limiter, err := ratelimit.New(ratelimit.Config{WritesPerMinute: writes})
	if err != nil {
		return nil, nil, nil, err
	}
	cfg.Transport = limiter.Transport(wire)
	cfg.TokenSource = oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})
	client, err = photos.New(cfg)
	return client, wire, stop, err
}

// list prints each album with its items in album order.
func list(ctx context.Context, client *photos.Client, out io.Writer) error {
	for album, err := range client.Albums.List(ctx) {
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s (%d)\n", album.Title, album.MediaItemsCount)
		for item, err := range client.MediaItems.InAlbum(ctx, album.ID) {
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "  %s  %s\n", item.MediaMetadata.CreationTime.Format("2006-01-02 15:04"), item.Filename)
		}
	}
	return nil
}
