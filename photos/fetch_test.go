package photos_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
)

// stored uploads a body and returns its media item.
func stored(t *testing.T, c *photos.Client, name string, body []byte) photos.MediaItem {
	t.Helper()
	token, err := c.Uploads.Raw(t.Context(), photos.RawUpload{Size: int64(len(body)), ContentType: "application/octet-stream", Body: bytes.NewReader(body)})
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.MediaItems.BatchCreate(t.Context(), photos.BatchCreateRequest{NewMediaItems: []photos.NewMediaItem{{SimpleMediaItem: photos.SimpleMediaItem{UploadToken: token, FileName: name}}}})
	if err != nil || out.NewMediaItemResults[0].MediaItem == nil {
		t.Fatalf("%+v, %v", out, err)
	}
	item, err := c.MediaItems.Get(t.Context(), out.NewMediaItemResults[0].MediaItem.ID)
	if err != nil {
		t.Fatal(err)
	}
	return item
}

// loaded opens a rendition and reads it.
func loaded(ctx context.Context, f *photos.Fetcher, item photos.MediaItem, want photos.Rendition, from int64) (string, *photos.Load, error) {
	load, err := f.Open(ctx, item, want, from)
	if err != nil {
		return "", nil, err
	}
	body, err := io.ReadAll(load)
	return string(body), load, errors.Join(err, load.Close())
}

// fetching runs a test in virtual time, on an emulator whose videos take ten minutes.
func fetching(t *testing.T, test func(t *testing.T, s *emulator.Server, c *photos.Client, f *photos.Fetcher)) {
	synctest.Test(t, func(t *testing.T) {
		s, err := emulator.New(emulator.Config{AccessToken: accessToken, VideoProcessing: 10 * time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		c := clientOn(t, s.Transport())
		test(t, s, c, photos.NewFetcher(c.MediaItems, s.Transport()))
	})
}

func TestAFetcherLoadsWhatAnItemIs(t *testing.T) {
	fetching(t, func(t *testing.T, s *emulator.Server, c *photos.Client, f *photos.Fetcher) {
		still, film := fixture.JPEG(fixture.Spec{Width: 40, Height: 30}), fixture.MP4(fixture.Spec{Seed: 1})
		moving := fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Seed: 2, Motion: film})
		photo, motion := stored(t, c, "a.jpg", still), stored(t, c, "m.jpg", moving)
		for name, tc := range map[string]struct {
			item photos.MediaItem
			want photos.Rendition
			kind string
		}{
			"a photo":                      {photo, photo.Whole(), "image/jpeg"},
			"a thumbnail":                  {photo, func(u photos.BaseURL) (string, error) { return u.Fit(8, 8) }, "image/jpeg"},
			"the still of a moving photo":  {motion, motion.Whole(), "image/jpeg"},
			"the video of a moving photo":  {motion, photos.BaseURL.Video, "video/mp4"},
			"an item without its base URL": {photos.MediaItem{ID: photo.ID}, photos.BaseURL.Download, "image/jpeg"},
		} {
			body, load, err := loaded(t.Context(), f, tc.item, tc.want, 0)
			if err != nil || body == "" || load.Type != tc.kind || load.Size != int64(len(body)) || load.Item.ID != tc.item.ID {
				t.Errorf("%s: %d bytes, %+v, %v", name, len(body), load, err)
			}
		}
		if _, _, err := loaded(t.Context(), f, photo, photos.BaseURL.Video, 0); !errors.Is(err, photos.ErrNoVideo) {
			t.Errorf("the video of a still: %v", err)
		}
	})
}

func TestAnAddressThatIsTooOldIsRenewedOnce(t *testing.T) {
	fetching(t, func(t *testing.T, s *emulator.Server, c *photos.Client, f *photos.Fetcher) {
		photo := stored(t, c, "a.jpg", fixture.JPEG(fixture.Spec{}))
		time.Sleep(2 * time.Hour)
		before := s.Calls()["mediaItems.get"]
		_, load, err := loaded(t.Context(), f, photo, photo.Whole(), 0)
		if err != nil || load.Item.BaseURL == photo.BaseURL || s.Calls()["mediaItems.get"] != before+1 {
			t.Errorf("%+v, %v, %d gets; want it renewed by one", load, err, s.Calls()["mediaItems.get"]-before)
		}
		refuse := wire(func(*http.Request) (*http.Response, error) { return reply(http.StatusForbidden, "<html>"), nil })
		_, _, err = loaded(t.Context(), photos.NewFetcher(c.MediaItems, refuse), photo, photo.Whole(), 0)
		if asError(t, err).Status != http.StatusForbidden || s.Calls()["mediaItems.get"] != before+2 {
			t.Errorf("refused for ever: %v, %d gets", err, s.Calls()["mediaItems.get"]-before)
		}
	})
}

func TestAVideoIsWaitedForUntilItIsReady(t *testing.T) {
	fetching(t, func(t *testing.T, s *emulator.Server, c *photos.Client, f *photos.Fetcher) {
		film := fixture.MP4(fixture.Spec{Seed: 3})
		video := stored(t, c, "v.mp4", film)
		if video.MediaMetadata.Video == nil || video.MediaMetadata.Video.Status != photos.VideoProcessing {
			t.Fatalf("a new video is %+v", video.MediaMetadata.Video)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, _, err := loaded(short, f, video, video.Whole(), 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after a minute: %v", err)
		}
		began := time.Now()
		body, _, err := loaded(t.Context(), f, video, video.Whole(), 0)
		if took := time.Since(began); err != nil || body != string(film) || took < 8*time.Minute || took > 12*time.Minute {
			t.Errorf("%d bytes after %s, %v", len(body), took, err)
		}
		part, load, err := loaded(t.Context(), f, video, video.Whole(), 100)
		if err != nil || load.From != 100 || load.Size != int64(len(film)) || part != string(film[100:]) {
			t.Errorf("from byte 100: %d bytes, %+v, %v", len(part), load, err)
		}
		video.MediaMetadata.Video.Status = photos.VideoFailed
		if _, _, err := loaded(t.Context(), f, video, video.Whole(), 0); !errors.Is(err, photos.ErrVideoFailed) {
			t.Errorf("a video that failed: %v", err)
		}
	})
}

func TestALoadGoesNowhereElseAndKeepsItsAddressToItself(t *testing.T) {
	secret := "secret-address"
	item := func(base string) photos.MediaItem { return photos.MediaItem{ID: "m", BaseURL: photos.BaseURL(base)} }
	at := func(answer func(*http.Request) (*http.Response, error)) *photos.Fetcher {
		return photos.NewFetcher(clientOn(t, always(http.StatusOK, `{"id":"m","baseUrl":"https://lh3.example/`+secret+`"}`)).MediaItems, wire(answer))
	}
	moved := func(to string) func(*http.Request) (*http.Response, error) {
		return func(req *http.Request) (*http.Response, error) {
			if req.Header.Get("Authorization") != "" {
				t.Error("a load carries an access token")
			}
			if req.URL.Host == "video.example" {
				return reply(http.StatusOK, "film"), nil
			}
			r := reply(http.StatusFound, "")
			r.Header = http.Header{"Location": {to}}
			return r, nil
		}
	}
	for name, tc := range map[string]struct {
		item photos.MediaItem
		do   func(*http.Request) (*http.Response, error)
		ok   bool
	}{
		"a redirect to another host":    {item("https://lh3.example/" + secret), moved("https://video.example/" + secret), true},
		"a redirect away from TLS":      {item("https://lh3.example/" + secret), moved("http://video.example/" + secret), false},
		"a redirect for ever":           {item("https://lh3.example/" + secret), moved("https://lh3.example/" + secret), false},
		"plain HTTP":                    {item("http://lh3.example/" + secret), moved(""), false},
		"no address at all":             {item("file:///etc/passwd"), moved(""), false},
		"a broken connection":           {item("https://lh3.example/" + secret), func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }, false},
		"another range than was wanted": {item("https://lh3.example/" + secret), func(*http.Request) (*http.Response, error) { return reply(http.StatusPartialContent, "x"), nil }, false},
	} {
		_, _, err := loaded(t.Context(), at(tc.do), tc.item, photos.BaseURL.Download, 0)
		if (err == nil) != tc.ok || err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// stuck is a body of which nothing comes until its request ends.
type stuck struct{ ctx context.Context }

func (s stuck) Read([]byte) (int, error) { <-s.ctx.Done(); return 0, s.ctx.Err() }
func (s stuck) Close() error             { return nil }

func TestALoadThatStandsStillEnds(t *testing.T) {
	for name, silent := range map[string]bool{"no answer": true, "no byte": false} {
		synctest.Test(t, func(t *testing.T) {
			f := photos.NewFetcher(clientOn(t, always(http.StatusOK, `{}`)).MediaItems, wire(func(req *http.Request) (*http.Response, error) {
				if silent {
					<-req.Context().Done()
					return nil, req.Context().Err()
				}
				r := reply(http.StatusOK, "")
				r.Body = stuck{req.Context()}
				return r, nil
			}))
			began := time.Now()
			_, _, err := loaded(t.Context(), f, photos.MediaItem{ID: "m", BaseURL: "https://lh3.example/x"}, photos.BaseURL.Download, 0)
			if !errors.Is(err, photos.ErrStalled) || photos.Classify(err) != photos.ClassTransient || time.Since(began) != photos.DefaultLoadPatience {
				t.Errorf("%s: %v after %s", name, err, time.Since(began))
			}
		})
	}
}
