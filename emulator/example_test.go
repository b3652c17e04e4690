package emulator_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/albumwright/albumwright/emulator"
)

// A photo goes up in two steps: its bytes earn an upload token, and the token
// becomes a media item.
func Example() {
	service, err := emulator.New(emulator.Config{})
	if err != nil {
		panic(err)
	}
	defer service.Close()
	client := &http.Client{Transport: service.Transport()}
	post := func(path, contentType string, body io.Reader) []byte {
		r, _ := http.NewRequest(http.MethodPost, "https://photoslibrary.googleapis.com"+path, body)
		r.Header.Set("Authorization", "Bearer "+service.AccessToken())
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("X-Goog-Upload-Protocol", "raw") // for the upload
		res, err := client.Do(r)
		if err != nil {
			panic(err)
		}
		defer res.Body.Close()
		answer, _ := io.ReadAll(res.Body)
		return answer
	}

	dot := "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xFF\xFF\xFF\x2C\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3B"
	token := post("/v1/uploads", "application/octet-stream", strings.NewReader(dot))
	created := post("/v1/mediaItems:batchCreate", "application/json", strings.NewReader(
		`{"newMediaItems":[{"simpleMediaItem":{"uploadToken":"`+string(token)+`","fileName":"dot.gif"}}]}`))

	var reply struct {
		NewMediaItemResults []struct {
			Status    struct{ Message string }
			MediaItem struct{ Filename, MIMEType string }
		}
	}
	if err := json.Unmarshal(created, &reply); err != nil {
		panic(err)
	}
	first := reply.NewMediaItemResults[0]
	fmt.Println(first.Status.Message, first.MediaItem.Filename, first.MediaItem.MIMEType)
	fmt.Println(len(service.MediaItems()), "item,", len(service.Violations()), "violations")
	// Output:
	// Success dot.gif image/gif
	// 1 item, 0 violations
}
