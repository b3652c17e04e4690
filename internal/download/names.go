package download

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/albumwright/albumwright/internal/filename"
	"github.com/albumwright/albumwright/internal/media"
)

// longestName is how many bytes a name may have: disks take 255, and a sidecar's name is longer by its ending.
const longestName = filename.Longest - len(sidecarEnding)

const untitled = "untitled"

// cleanName makes a name of any text, or of what is instead of it.
func cleanName(text, instead string) string { return filename.Clean(text, instead, longestName) }

// numbered is the n-th name for one and the same: "a.jpg", "a (2).jpg", "a (3).jpg".
func numbered(name string, n int) string {
	if n == 1 {
		return name
	}
	ext, number := filename.Extension(name), fmt.Sprintf(" (%d)", n)
	return filename.Cut(strings.TrimSuffix(name, ext), longestName-len(ext)-len(number)) + number + ext
}

// typed gives a name the extension of what it is: the service makes JPEGs of pictures and MP4s of videos, whatever they were.
func typed(name, contentType string) string {
	contentType, _, _ = strings.Cut(contentType, ";")
	good := extensionsOf(strings.ToLower(strings.TrimSpace(contentType)))
	ext := filename.Extension(name)
	if len(good) == 0 || slices.Contains(good, strings.ToLower(ext)) {
		return name
	}
	if _, known := media.ByName(name); known {
		name = strings.TrimSuffix(name, ext)
	}
	return filename.Cut(name, longestName-len(good[0])) + good[0]
}

// extensionsOf are the extensions that fit a type, the usual one first; none for a type of which nothing follows.
func extensionsOf(contentType string) []string {
	switch contentType {
	case "image/jpeg":
		return []string{".jpg", ".jpeg", ".jpe", ".jfif"}
	case "image/png":
		return []string{".png"}
	case "image/gif":
		return []string{".gif"}
	case "image/webp":
		return []string{".webp"}
	case "image/heic", "image/heif":
		return []string{".heic", ".heif", ".hif"}
	case "image/avif":
		return []string{".avif"}
	case "video/mp4":
		return []string{".mp4", ".m4v"}
	case "video/quicktime":
		return []string{".mov", ".qt"}
	case "video/webm":
		return []string{".webm"}
	}
	return nil
}

// folded is the same for paths that a disk may take for one: upper and lower case, composed or not.
func folded(path string) string { return norm.NFC.String(strings.ToLower(strings.ToUpper(path))) }
