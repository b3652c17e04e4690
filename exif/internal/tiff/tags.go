package tiff

import "github.com/albumwright/albumwright/exif/internal/file"

// Tags that are read; names of TIFF 6.0, TIFF/EP, DNG 1.6 and EXIF 2.32. Rating
// and XPComment are Microsoft's, the XMP, IPTC and Photoshop tags Adobe's.
const (
	tagNewSubfileType     = 0x00fe
	tagImageWidth         = 0x0100
	tagImageLength        = 0x0101
	tagCompression        = 0x0103
	tagPhotometric        = 0x0106
	tagImageDescription   = 0x010e
	tagMake               = 0x010f
	tagModel              = 0x0110
	tagOrientation        = 0x0112
	tagDateTime           = 0x0132
	tagSubIFDs            = 0x014a
	tagXMP                = 0x02bc
	tagRating             = 0x4746
	tagIPTC               = 0x83bb
	tagPhotoshop          = 0x8649
	tagExposureTime       = 0x829a
	tagFNumber            = 0x829d
	tagExifIFD            = 0x8769
	tagGPSIFD             = 0x8825
	tagISO                = 0x8827
	tagDateTimeOriginal   = 0x9003
	tagDateTimeDigitized  = 0x9004
	tagOffsetTime         = 0x9010
	tagOffsetOriginal     = 0x9011
	tagOffsetDigitized    = 0x9012
	tagFocalLength        = 0x920a
	tagMakerNote          = 0x927c
	tagUserComment        = 0x9286
	tagSubSecTime         = 0x9290
	tagSubSecOriginal     = 0x9291
	tagSubSecDigitized    = 0x9292
	tagXPComment          = 0x9c9c
	tagPixelXDimension    = 0xa002
	tagPixelYDimension    = 0xa003
	tagBodySerialNumber   = 0xa431
	tagDNGVersion         = 0xc612
	tagCameraSerialNumber = 0xc62f
	tagDNGPrivateData     = 0xc634
	tagGPSLatitudeRef     = 0x0001
	tagGPSLatitude        = 0x0002
	tagGPSLongitudeRef    = 0x0003
	tagGPSLongitude       = 0x0004
	tagGPSTimeStamp       = 0x0007
	tagGPSDateStamp       = 0x001d
)

// maxSmall bounds the values that are not free text: dates, names, numbers.
// goexif spends some hundred bytes on each number.
const maxSmall = 1 << 10

// placeOnly is wanted of a value that is not read with its directory: packets
// and maker notes are large, and have readers of their own.
const placeOnly = -1

// The wanted functions give the most bytes that a tag may have; zero: unwanted.

func wantedInMain(tag uint16) int {
	switch tag {
	case tagImageDescription, tagUserComment, tagXPComment:
		return file.MaxValue
	case tagMake, tagModel, tagOrientation, tagDateTime, tagRating, tagCameraSerialNumber:
		return maxSmall
	}
	if isPacket(tag) {
		return placeOnly
	}
	if isStructure(tag) {
		return maxSmall
	}
	// TIFF/EP and some cameras put these into the first directory.
	return wantedInExif(tag)
}

func wantedInExif(tag uint16) int {
	switch tag {
	case tagUserComment:
		return file.MaxValue
	case tagMakerNote:
		return placeOnly
	case tagDateTimeOriginal, tagDateTimeDigitized,
		tagOffsetTime, tagOffsetOriginal, tagOffsetDigitized,
		tagSubSecTime, tagSubSecOriginal, tagSubSecDigitized,
		tagPixelXDimension, tagPixelYDimension, tagBodySerialNumber,
		tagExposureTime, tagFNumber, tagISO, tagFocalLength:
		return maxSmall
	}
	return 0
}

func wantedInGPS(tag uint16) int {
	switch tag {
	case tagGPSLatitudeRef, tagGPSLatitude, tagGPSLongitudeRef, tagGPSLongitude,
		tagGPSTimeStamp, tagGPSDateStamp:
		return maxSmall
	}
	return 0
}

func wantedForSize(tag uint16) int {
	switch tag {
	case tagNewSubfileType, tagImageWidth, tagImageLength, tagCompression, tagPhotometric:
		return maxSmall
	}
	return 0
}

// isStructure tells the tags that say where pictures and directories lie, and
// how they are packed; they would be lies in the clean block.
func isStructure(tag uint16) bool {
	switch tag {
	case tagSubIFDs, tagExifIFD, tagGPSIFD, tagDNGVersion, tagDNGPrivateData:
		return true
	}
	return wantedForSize(tag) != 0
}

// isPacket tells the records of other standards.
func isPacket(tag uint16) bool { return tag == tagXMP || tag == tagIPTC || tag == tagPhotoshop }
