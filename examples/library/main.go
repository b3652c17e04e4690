// Command library imports a folder from a Go program of your own, using the public packages only.
//
//	go run ./examples/library ~/Pictures
//
// Without further settings it talks to an emulator inside the process, so nothing leaves the machine. Set ALBUMWRIGHT_ENDPOINT and
// ALBUMWRIGHT_ACCESS_TOKEN to talk to a service.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/ratelimit"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: library FOLDER")
	}
	if err := run(context.Background(), os.Args[1], os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// run imports the folder and prints what the service then holds.
func run(ctx context.Context, folder string, out io.Writer) error {
	client, stop, err := connect(os.Getenv("ALBUMWRIGHT_ENDPOINT"), os.Getenv("ALBUMWRIGHT_ACCESS_TOKEN"))
	if err != nil {
		return err
	}
	defer stop()
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
	return list(ctx, client, out)
}

// connect makes a client of the service, or of an emulator that lives as long as this process.
func connect(endpoint, token string) (client *photos.Client, stop func(), err error) {
	stop = func() {}
	cfg := photos.Config{Endpoint: endpoint}
	var wire http.RoundTripper = photos.NewTransport()
	writes := ratelimit.DefaultWritesPerMinute
	if endpoint == "" {
		service, err := emulator.New(emulator.Config{})
		if err != nil {
			return nil, nil, err
		}
		stop = func() { _ = service.Close() }
		token, wire, cfg.UploadTransport, writes = service.AccessToken(), service.Transport(), service.Transport(), 0
	}
	limiter, err := ratelimit.New(ratelimit.Config{WritesPerMinute: writes})
	if err != nil {
		return nil, nil, err
	}
	cfg.Transport = limiter.Transport(wire)
	cfg.TokenSource = oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})
	client, err = photos.New(cfg)
	return client, stop, err
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
