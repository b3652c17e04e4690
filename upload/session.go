package upload

import (
	"crypto/sha256"
	"fmt"
	"log/slog"
	"time"

	"github.com/albumwright/albumwright/photos"
)

// SessionLife is how long a session is trusted. The service does not say how long it keeps one; a week is known of a sister product.
const SessionLife = 24 * time.Hour

// keepEvery is after how many bytes a session is kept again.
const keepEvery = 64 << 20

// Session is how far a resumable upload got: what is to be kept of it, so that a later call can go on. Its address is a secret.
type Session struct {
	URL         photos.SessionURL
	Granularity int64             // as the service named it
	Size        int64             // bytes in the whole file; 0 = not known
	Started     time.Time         // when the service gave the address
	Hashed      int64             // the first so many bytes of the file
	SHA256      [sha256.Size]byte // had this hash when they were sent
}

// String says how far the session is, and nothing of its address.
func (s Session) String() string {
	if s.URL == "" {
		return "no session"
	}
	return fmt.Sprintf("session of %s, %d bytes hashed", s.Started.UTC().Format(time.RFC3339), s.Hashed)
}

// LogValue is String.
func (s Session) LogValue() slog.Value { return slog.StringValue(s.String()) }

// good tells whether the service may still have the session, for a file of that size. A session from the far future means that the clock was set
// back, and nothing is known about its age.
func (s Session) good(size int64, now time.Time) bool {
	age := now.Sub(s.Started)
	return s.URL != "" && s.Granularity > 0 && (s.Size == 0 || s.Size == size) && s.Hashed >= 0 && s.Hashed <= size &&
		age < SessionLife && age >= -SessionLife
}

// of is the session of a file, in the API's words.
func (s Session) of(size int64) photos.UploadSession {
	return photos.UploadSession{URL: s.URL, Size: size, Granularity: s.Granularity}
}
