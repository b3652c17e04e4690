package emulator

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
)

// mediaItemWire is the MediaItem resource, contract 7. int64 is a string, and
// what is not known is left out.
type mediaItemWire struct {
	ID            string            `json:"id"`
	Description   string            `json:"description,omitempty"`
	ProductURL    string            `json:"productUrl"`
	BaseURL       string            `json:"baseUrl,omitempty"`
	MIMEType      string            `json:"mimeType"`
	MediaMetadata mediaMetadataWire `json:"mediaMetadata"`
	Filename      string            `json:"filename"`

	ContributorInfo *contributorWire `json:"contributorInfo,omitempty"`
}

type mediaMetadataWire struct {
	CreationTime string     `json:"creationTime"`
	Width        string     `json:"width,omitempty"`
	Height       string     `json:"height,omitempty"`
	Photo        *photoWire `json:"photo,omitempty"` // {} marks a photo without data
	Video        *videoWire `json:"video,omitempty"`
}

type photoWire struct {
	CameraMake      string  `json:"cameraMake,omitempty"`
	CameraModel     string  `json:"cameraModel,omitempty"`
	FocalLength     float32 `json:"focalLength,omitempty"` // millimetres
	ApertureFNumber float32 `json:"apertureFNumber,omitempty"`
	ISOEquivalent   int     `json:"isoEquivalent,omitempty"`
	ExposureTime    string  `json:"exposureTime,omitempty"`
}

type videoWire struct {
	CameraMake  string      `json:"cameraMake,omitempty"`
	CameraModel string      `json:"cameraModel,omitempty"`
	FPS         float64     `json:"fps,omitempty"`
	Status      videoStatus `json:"status"`
}

// videoStatus is a VideoProcessingStatus.
type videoStatus string

const (
	videoProcessing videoStatus = "PROCESSING"
	videoReady      videoStatus = "READY"
	videoFailed     videoStatus = "FAILED"
)

// videoStatus: a new video is processed before it can be shown (contract 7,
// Video). One that fails does so at the end of that time.
func (it *item) videoStatus(now time.Time, processing time.Duration) videoStatus {
	switch {
	case it.marks.Ready:
		return videoReady
	case it.marks.Processing || now.Sub(it.created) < processing:
		return videoProcessing
	case it.marks.Failed:
		return videoFailed
	}
	return videoReady
}

// itemResource is an item as all methods show it but batchCreate, which makes it
// (contract 12 #27): with a base URL, if it has something to show. s.mu is held.
func (s *Server) itemResource(c *call, it *item, now time.Time) mediaItemWire {
	w := s.itemWire(it, now)
	if v := w.MediaMetadata.Video; v == nil || v.Status == videoReady {
		w.BaseURL = s.itemURL(c, it, now)
	}
	return w
}

// itemWire is an item without a base URL. Of a video that is not ready, nothing
// is known yet but its time (contract 12 #29; that the camera waits too is a
// choice). s.mu is held.
func (s *Server) itemWire(it *item, now time.Time) mediaItemWire {
	facts := it.content.facts
	w := mediaItemWire{
		ID: it.id, Description: it.description, Filename: it.fileName,
		ProductURL: it.productURL(), MIMEType: facts.Type.MIME(),
		MediaMetadata: mediaMetadataWire{CreationTime: it.taken.UTC().Format(time.RFC3339)},
	}
	m := &w.MediaMetadata
	if facts.Type.Video() {
		m.Video = &videoWire{Status: it.videoStatus(now, s.config.VideoProcessing)}
		if m.Video.Status != videoReady {
			return w
		}
		m.Video.CameraMake, m.Video.CameraModel, m.Video.FPS = facts.Make, facts.Model, facts.FPS
	} else {
		m.Photo = photoResource(facts)
	}
	if facts.Width > 0 && facts.Height > 0 {
		m.Width, m.Height = strconv.Itoa(facts.Width), strconv.Itoa(facts.Height)
	}
	return w
}

func photoResource(f inspect.Facts) *photoWire {
	p := &photoWire{
		CameraMake: f.Make, CameraModel: f.Model, FocalLength: float32(f.Exposure.FocalLength),
		ApertureFNumber: float32(f.Exposure.FNumber), ISOEquivalent: f.Exposure.ISO,
	}
	if f.Exposure.Time > 0 {
		p.ExposureTime = durationText(f.Exposure.Time)
	}
	return p
}

// durationText is a Duration in the JSON of proto3: seconds with no digits behind
// the point, or three, six or nine.
func durationText(d time.Duration) string {
	whole, rest := d/time.Second, d%time.Second
	switch {
	case rest == 0:
		return fmt.Sprintf("%ds", whole)
	case rest%time.Millisecond == 0:
		return fmt.Sprintf("%d.%03ds", whole, rest/time.Millisecond)
	case rest%time.Microsecond == 0:
		return fmt.Sprintf("%d.%06ds", whole, rest/time.Microsecond)
	}
	return fmt.Sprintf("%d.%09ds", whole, rest)
}

func (it *item) productURL() string {
	return "https://photos.google.com/lr/photo/" + url.PathEscape(it.id)
}
