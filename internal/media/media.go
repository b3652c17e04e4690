// Package media is the one table of file types that the service accepts: their
// extensions, MIME types and size limits, and the signatures by which content
// is recognised.
//
// [ByName] answers from the extension alone, for folders full of files that no
// one wants to open. [Detect] answers from name and content together and says
// when they are at odds: a HEIC that someone named .jpg is common, and the
// service is told what the bytes are. [Sniff] answers from content alone. The
// head they want is the first 512 to 4096 bytes of the file; less is not wrong,
// only less telling, and never a panic.
//
// The package reads no files and decodes nothing. It says what a file claims to
// be, not that it is whole.
package media

import (
	"path/filepath"
	"strings"
)

// Kind is what the service makes of a file.
type Kind int

// The kinds of media items.
const (
	Photo Kind = iota + 1
	Video
)

// String returns "photo" or "video".
func (k Kind) String() string {
	switch k {
	case Photo:
		return "photo"
	case Video:
		return "video"
	}
	return "unknown"
}

// Type is a file type.
type Type struct {
	Name    string // as people say it: "JPEG", "CR3"
	MIME    string // for X-Goog-Upload-Content-Type
	Kind    Kind   // photo or video
	Raw     bool   // a camera's raw format; the service knows some cameras' and not others'
	MaxSize int64  // bytes; 0: recognised, but not among the types that the service lists
}

// Accepted reports whether the service lists the type among those it takes.
func (t Type) Accepted() bool { return t.MaxSize > 0 }

// ByName finds the accepted type that a file's extension stands for. Case does
// not count.
func ByName(name string) (Type, bool) {
	e := named(name)
	if e == nil || !e.Accepted() {
		return Type{}, false
	}
	return e.Type, true
}

// Sidecar reports whether a file, by its extension, belongs to a photo or video
// beside it and is none itself: settings, tracks, sound, thumbnails, previews.
func Sidecar(name string) bool {
	switch extension(name) {
	case ".xmp", ".aae", ".pp3", // what editors did: Adobe, Apple, RawTherapee
		".thm", ".lrv", // thumbnail and small version of a video
		".xml", ".json", ".gpx", // facts: cameras, Takeout, tracks
		".wav": // a camera's voice memo
		return true
	}
	return false
}

func extension(name string) string { return strings.ToLower(filepath.Ext(name)) }
