package claim

// The records that claims come from, named as metadata tools name them.
const (
	// EXIF, in any container.
	DateTimeOriginal  = "EXIF:DateTimeOriginal"
	DateTimeDigitized = "EXIF:DateTimeDigitized"
	DateTime          = "EXIF:DateTime"
	GPSDateTime       = "EXIF:GPSDateTime"
	EXIF              = "EXIF" // camera, orientation, place, size
	ImageDescription  = "EXIF:ImageDescription"
	UserComment       = "EXIF:UserComment"
	XPComment         = "EXIF:XPComment"
	MakerNote         = "MakerNote"
	TIFF              = "TIFF" // the picture's own directory

	// XMP, in any container or beside the file.
	XMPDateTimeOriginal = "XMP-exif:DateTimeOriginal"
	XMPDateCreated      = "XMP-photoshop:DateCreated"
	XMPCreateDate       = "XMP-xmp:CreateDate"
	XMPDescription      = "XMP-dc:Description"
	XMPUserComment      = "XMP-exif:UserComment"
	XMP                 = "XMP"

	// IPTC.
	IPTCDateCreated = "IPTC:DateCreated"
	IPTCCaption     = "IPTC:Caption"

	// Containers.
	Header              = "Header" // the format's own header: size, duration, rotation
	KeysCreationDate    = "Keys:CreationDate"
	KeysDescription     = "Keys:Description"
	Keys                = "Keys"
	UserDataDate        = "UserData:Date" // ©day
	UserDataDescription = "UserData:Description"
	UserData            = "UserData"
	XMLCreationDate     = "XML:CreationDate" // of the NonRealTimeMeta in Sony's movies
	XML                 = "XML"
	QuickTimeCreated    = "QuickTime:CreateDate" // of the movie header, in UTC by its definition
	H264Original        = "H264:DateTimeOriginal"
	H264                = "H264"
	RIFFOriginal        = "RIFF:DateTimeOriginal"
	RIFF                = "RIFF"
	RIFFComment         = "RIFF:Comment"
	MatroskaRecorded    = "Matroska:DateRecorded"
	MatroskaDate        = "Matroska:DateUTC"
	Matroska            = "Matroska"
	MatroskaDescription = "Matroska:Description"
	MatroskaComment     = "Matroska:Comment"
	ASFCreated          = "ASF:CreationDate"
	ASF                 = "ASF"
	ASFDescription      = "ASF:Description"
	PNGText             = "PNG:Text"
)
