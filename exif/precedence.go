package exif

import (
	"slices"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/takeout"
)

// Source names the record that a fact was taken from, in the words that metadata
// tools have for it: "EXIF:DateTimeOriginal", "Keys:CreationDate".
type Source string

// The sources of capture times, from the best to the last resort. Those from
// SourceDateTime on are marked by [Source.Late].
const (
	SourceNone Source = ""

	// Set by Resolve, from sidecars that the owner's programs wrote.
	SourceSidecarOriginal Source = "Sidecar XMP-exif:DateTimeOriginal"
	SourceSidecarCreated  Source = "Sidecar XMP-photoshop:DateCreated"

	SourceKeys             Source = claim.KeysCreationDate  // Apple's date with its zone; a movie header has the export
	SourceUserData         Source = claim.UserDataDate      // ©day of cameras and phones
	SourceXML              Source = claim.XMLCreationDate   // Sony's, with its zone; a movie header has UTC
	SourceDateTimeOriginal Source = claim.DateTimeOriginal  // when the shutter opened
	SourceDigitized        Source = claim.DateTimeDigitized // when it was stored, or scanned
	SourceXMPOriginal      Source = claim.XMPDateTimeOriginal
	SourceXMPCreated       Source = claim.XMPDateCreated
	SourceXMPCreateDate    Source = claim.XMPCreateDate // of photos only: in videos it is the edit project's
	SourceIPTC             Source = claim.IPTCDateCreated
	SourceH264             Source = claim.H264Original // camcorders write it into the video stream
	SourceRIFF             Source = claim.RIFFOriginal
	SourceMatroskaRecorded Source = claim.MatroskaRecorded // a person or program says when; DateUTC is when the file was made
	SourceMatroska         Source = claim.MatroskaDate
	SourceASF              Source = claim.ASFCreated
	SourceQuickTime        Source = claim.QuickTimeCreated // of the movie header: UTC, or a careless camera's local time

	// Set by Resolve, for want of a time in the file itself.
	SourceSidecarCreateDate Source = "Sidecar XMP-xmp:CreateDate"
	SourceTakeout           Source = takeout.TakenTime

	SourceDateTime Source = claim.DateTime    // when it was last edited
	SourceGPS      Source = claim.GPSDateTime // the satellites' clock, in UTC
	SourceFileName Source = "FileName"        // set by Resolve
	SourceModTime  Source = "ModTime"         // set by Resolve
)

// Late reports whether a capture time from this source is a late resort: it need
// not be the time of the shot at all.
func (s Source) Late() bool {
	switch s {
	case SourceDateTime, SourceGPS, SourceFileName, SourceModTime:
		return true
	}
	return false
}

// OfCamera reports whether a capture time from this source is by the clock of the
// camera: not by the satellites', a sidecar's, or the file system's.
func (s Source) OfCamera() bool { return s != SourceGPS && slices.Contains(captureOrder, s) }

// The order in which sources are believed. These tables are the published
// precedence; docs/facts.md says them in words.
var (
	captureOrder = []Source{
		SourceKeys, SourceUserData, SourceXML,
		SourceDateTimeOriginal, SourceDigitized,
		SourceXMPOriginal, SourceXMPCreated, SourceXMPCreateDate,
		SourceIPTC,
		SourceH264, SourceRIFF, SourceMatroskaRecorded, SourceMatroska, SourceASF, SourceQuickTime,
		SourceDateTime, SourceGPS,
	}

	// photosOnly are not believed of videos: editors write there when the project
	// was begun.
	photosOnly = []Source{SourceXMPCreated, SourceXMPCreateDate, SourceIPTC}

	// shutterTimes are those that the records beside them may give an offset to.
	shutterTimes = []Source{SourceDateTimeOriginal, SourceDigitized}

	cameraOrder = []Source{
		claim.EXIF, claim.MakerNote, claim.Keys, claim.UserData, claim.XML, claim.Header, claim.H264, claim.XMP, claim.RIFF, claim.Matroska, claim.ASF,
	}

	// The header of JPEG XL turns the picture; what EXIF says beside it is void by
	// the standard, and often left as the camera had it. No other header has one.
	orientationOrder = []Source{claim.Header, claim.EXIF, claim.MakerNote, claim.XMP}

	sizeOrder = []Source{claim.Header, claim.TIFF, claim.EXIF, claim.XMP}

	wordsOrder = []Source{
		claim.ImageDescription, claim.XMPDescription, claim.IPTCCaption,
		claim.UserComment, claim.XMPUserComment, claim.XPComment,
		claim.KeysDescription, claim.UserDataDescription,
		claim.RIFFComment, claim.MatroskaDescription, claim.MatroskaComment, claim.ASFDescription, claim.PNGText,
	}

	// Editors write ratings into XMP, and many leave EXIF's as the camera had it.
	ratingOrder = []Source{claim.XMP, claim.EXIF, claim.Keys, claim.UserData, claim.Matroska, claim.ASF}
)
