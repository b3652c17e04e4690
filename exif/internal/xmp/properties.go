package xmp

// property is a property that is wanted.
type property uint8

const (
	unwanted property = iota
	dateTimeOriginal
	dateCreated
	createDate
	cameraMake
	cameraModel
	bodySerial
	auxSerial
	orientation
	latitude
	longitude
	description
	userComment
	rating
	burstID
	motionPhoto
	microVideo
	microVideoOffset
	directory // of what is appended to a still; its items hold the next three
	itemSemantic
	itemLength
	itemPadding
)

// properties are the wanted ones by namespace and name: XMP specification part 2,
// CIPA DC-010, and the Motion Photo format of Android. The table never changes.
var properties = map[space]map[string]property{
	exif: {
		"DateTimeOriginal": dateTimeOriginal,
		"GPSLatitude":      latitude,
		"GPSLongitude":     longitude,
		"UserComment":      userComment,
	},
	tiff: {
		"Make":        cameraMake,
		"Model":       cameraModel,
		"Orientation": orientation,
	},
	xap: {
		"CreateDate": createDate,
		"Rating":     rating,
	},
	photoshop: {"DateCreated": dateCreated},
	dc:        {"description": description},
	exifEX:    {"BodySerialNumber": bodySerial},
	aux:       {"SerialNumber": auxSerial},
	camera: {
		"BurstID":          burstID,
		"MotionPhoto":      motionPhoto,
		"MicroVideo":       microVideo,
		"MicroVideoOffset": microVideoOffset,
	},
	container: {"Directory": directory},
	item: {
		"Semantic": itemSemantic,
		"Length":   itemLength,
		"Padding":  itemPadding,
	},
}
