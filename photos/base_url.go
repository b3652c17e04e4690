package photos

import (
	"errors"
	"fmt"
)

// MaxSide is the largest width and height of a picture that a base URL gives, in pixels (guide "Access media items", base URLs).
const MaxSide = 16383

// BaseURL is the address of bytes: of a media item, of the cover of an album, of a person's picture. It is good for 60 minutes at most, and
// some have been seen to end after 30: keep ids, and read the item again when a load is answered with 403. It is not to be used bare: one
// of the methods below adds what is wanted. Loads need no access token, so who has the address has the bytes: do not log it. They are
// not requests of the API either, and have a quota of their own (75,000 a day for a project).
type BaseURL string

// Fit is the address of a picture scaled down to at most width by height pixels, its shape kept. Of a video it is a still with a play
// button on it. Each side is 1 to [MaxSide]; anything else is an error, as is an empty base URL.
func (u BaseURL) Fit(width, height int) (string, error) { return u.sized(width, height, "") }

// Crop is the address of a picture scaled down and cut to exactly width by height pixels, each 1 to [MaxSide].
func (u BaseURL) Crop(width, height int) (string, error) { return u.sized(width, height, "-c") }

// Still is Fit for a video, without the play button.
func (u BaseURL) Still(width, height int) (string, error) { return u.sized(width, height, "-no") }

// Download is the address of a photo in its full size with its Exif data, except the place where it was taken. The bytes are not those that
// were uploaded.
func (u BaseURL) Download() (string, error) { return u.with("=d") }

// Video is the address of a video's bytes, or of the moving part of a motion photo: of high quality, but not those that were uploaded. The
// video must be [VideoReady] by then; the service may answer with a redirect to another host, after some seconds.
func (u BaseURL) Video() (string, error) { return u.with("=dv") }

func (u BaseURL) sized(width, height int, more string) (string, error) {
	for _, side := range []int{width, height} {
		if side < 1 || side > MaxSide {
			return "", fmt.Errorf("photos: a picture of %d x %d pixels: each side is 1 to %d", width, height, MaxSide)
		}
	}
	return u.with(fmt.Sprintf("=w%d-h%d%s", width, height, more))
}

func (u BaseURL) with(parameters string) (string, error) {
	if u == "" {
		return "", errors.New("photos: there is no base URL: a video has none until it is READY, a new item may have none until it is read again")
	}
	return string(u) + parameters, nil
}
