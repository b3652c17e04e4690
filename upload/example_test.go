package upload_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
)

// A file becomes an upload token, which is good for mediaItems.batchCreate for a day.
func Example() {
	service, err := emulator.New(emulator.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer service.Close()
	client, err := photos.New(photos.Config{
		TokenSource:     oauth2.StaticTokenSource(&oauth2.Token{AccessToken: service.AccessToken()}),
		UploadTransport: service.Transport(),
	})
	if err != nil {
		log.Fatal(err)
	}
	uploader, err := upload.New(upload.Config{API: client.Uploads})
	if err != nil {
		log.Fatal(err)
	}

	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "beach.jpg")
	if err := os.WriteFile(path, []byte("what the camera saw"), 0o600); err != nil {
		log.Fatal(err)
	}
	result, err := uploader.Upload(context.Background(), upload.Source{
		Name: path, Size: 19, ContentType: "image/jpeg",
		Open: func() (io.ReadSeekCloser, error) { return os.Open(path) },
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("trusted now:", result.Token.Live(time.Now()))
	fmt.Println("trusted tomorrow:", result.Token.Live(time.Now().AddDate(0, 0, 1)))
	fmt.Printf("sent: %x…\n", result.SHA256[:4])
	// Output:
	// trusted now: true
	// trusted tomorrow: false
	// sent: 078aad47…
}
