package photos

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Int64 is a number that the service sends as a JSON string, as it does with all 64-bit numbers. Both forms are read.
type Int64 int64

// UnmarshalJSON reads "12" and 12.
func (n *Int64) UnmarshalJSON(b []byte) error {
	s := string(b)
	if s == "null" {
		return nil
	}
	if len(s) >= 2 && s[0] == '"' {
		s = s[1 : len(s)-1]
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return fmt.Errorf("%s is not a 64-bit number", b)
	}
	*n = Int64(v)
	return nil
}

// MarshalJSON writes the service's form.
func (n Int64) MarshalJSON() ([]byte, error) { return json.Marshal(strconv.FormatInt(int64(n), 10)) }

// MediaItem is a photo or video in the user's library (guide "Access media items"). Fields that the service omits are zero.
type MediaItem struct {
	ID              string           `json:"id,omitempty"`          // lasts for ever
	Description     string           `json:"description,omitempty"` // the user's words
	ProductURL      string           `json:"productUrl,omitempty"`  // for the signed-in user's browser
	BaseURL         BaseURL          `json:"baseUrl,omitempty"`     // missing of a new item, and of a video that is not READY
	MIMEType        string           `json:"mimeType,omitempty"`
	MediaMetadata   MediaMetadata    `json:"mediaMetadata,omitzero"`
	ContributorInfo *ContributorInfo `json:"contributorInfo,omitempty"` // of old: see [ContributorInfo]
	Filename        string           `json:"filename,omitempty"`        // with its extension, as the user sees it
}

// MediaMetadata is what the service found in the file. Exactly one of Photo and Video is set.
type MediaMetadata struct {
	CreationTime time.Time `json:"creationTime,omitzero"` // UTC; a file without a zone has its wall clock read as UTC
	Width        Int64     `json:"width,omitempty"`       // pixels
	Height       Int64     `json:"height,omitempty"`      // pixels
	Photo        *Photo    `json:"photo,omitempty"`
	Video        *Video    `json:"video,omitempty"`
}

// Photo is the camera's side of a photo; every field may be missing.
type Photo struct {
	CameraMake      string  `json:"cameraMake,omitempty"`
	CameraModel     string  `json:"cameraModel,omitempty"`
	FocalLength     float64 `json:"focalLength,omitempty"`     // millimetres
	ApertureFNumber float64 `json:"apertureFNumber,omitempty"` // f-number
	ISOEquivalent   int     `json:"isoEquivalent,omitempty"`
	ExposureTime    string  `json:"exposureTime,omitempty"` // seconds with a suffix, "0.016666667s"; see [Photo.Exposure]
}

// Exposure is ExposureTime as a duration, rounded down to whole nanoseconds; 0 if it is missing or not of the documented form.
func (p Photo) Exposure() time.Duration {
	d, err := time.ParseDuration(p.ExposureTime)
	if err != nil || d < 0 {
		return 0
	}
	return d
}

// Video is the camera's side of a video; every field but Status may be missing.
type Video struct {
	CameraMake  string      `json:"cameraMake,omitempty"`
	CameraModel string      `json:"cameraModel,omitempty"`
	FPS         float64     `json:"fps,omitempty"` // frames a second
	Status      VideoStatus `json:"status,omitempty"`
}

// VideoStatus says how far the service has come with a video's bytes.
type VideoStatus string

// The states of a video. The service may add others.
const (
	VideoProcessing VideoStatus = "PROCESSING" // of a new video: it has no base URL yet
	VideoReady      VideoStatus = "READY"
	VideoFailed     VideoStatus = "FAILED" // for ever: the bytes cannot be shown
)

// ContributorInfo is who added a media item to a shared album. The service tells it only in a listing of an album that this app shares, to
// the scope photoslibrary.sharing, which is gone since 31 March 2025: expect none.
type ContributorInfo struct {
	ProfilePictureBaseURL BaseURL `json:"profilePictureBaseUrl,omitempty"`
	DisplayName           string  `json:"displayName,omitempty"`
}
