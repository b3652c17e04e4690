package upload_test

import (
	"bytes"
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

// A large file is sent resumably: after a broken connection, or a restart of the program, it goes on with the bytes that the service does not have.
func Example_resumable() {
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
	uploader, err := upload.New(upload.Config{API: client.Uploads, ResumableFrom: 1 << 20}) // rather than 50 MB
	if err != nil {
		log.Fatal(err)
	}
	// The connection breaks in the middle.
	if err := service.Plan(emulator.Fault{Operation: "uploads.finalize", Effect: emulator.CutRequest(700_000)}); err != nil {
		log.Fatal(err)
	}

	video := bytes.Repeat([]byte("what the camera saw. "), 100_000)
	var kept upload.Session // in a real program: in a file or a database
	for attempt := 1; attempt <= 3; attempt++ {
		result, err := uploader.Upload(context.Background(), upload.Source{
			Name: "beach.mp4", Size: int64(len(video)), ContentType: "video/mp4",
			Open:    func() (io.ReadSeekCloser, error) { return readSeekNopCloser{bytes.NewReader(video)}, nil },
			Session: kept,
			Keep:    func(_ context.Context, s upload.Session) error { kept = s; return nil },
		})
		fmt.Printf("attempt %d: the service had %d bytes, %d were sent, done: %t\n", attempt, result.Resumed, result.Sent, err == nil)
		if err == nil {
			break
		}
	}
	// Output:
	// attempt 1: the service had 0 bytes, 700000 were sent, done: false
	// attempt 2: the service had 700000 bytes, 1400000 were sent, done: true
}

type readSeekNopCloser struct{ io.ReadSeeker }

func (readSeekNopCloser) Close() error { return nil }
