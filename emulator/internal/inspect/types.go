package inspect

// Type is a file type that the service accepts, contract 3.3.
type Type uint8

// The types, photos first. [Unknown] is the zero value.
const (
	Unknown Type = iota
	JPEG
	PNG
	GIF
	WebP
	TIFF
	BMP
	ICO
	HEIC
	HEIF
	AVIF
	JXL
	DNG
	CR2
	CR3
	CRW
	NEF
	NRW
	ARW
	SR2
	ORF
	RW2
	RAF
	PEF
	MP4
	MOV
	M4V
	ThreeGP
	ThreeG2
	AVI
	MKV
	WebM
	MPEGTS
	MPEGPS
	WMV
)

// row is what is to be said about one type.
type row struct {
	name, mime, ext string
}

// rows is read only. MIME types: contract 3.3, the suggested map.
var rows = [...]row{
	Unknown: {"unknown", "application/octet-stream", "bin"},
	JPEG:    {"JPEG", "image/jpeg", "jpg"},
	PNG:     {"PNG", "image/png", "png"},
	GIF:     {"GIF", "image/gif", "gif"},
	WebP:    {"WebP", "image/webp", "webp"},
	TIFF:    {"TIFF", "image/tiff", "tif"},
	BMP:     {"BMP", "image/bmp", "bmp"},
	ICO:     {"ICO", "image/vnd.microsoft.icon", "ico"},
	HEIC:    {"HEIC", "image/heic", "heic"},
	HEIF:    {"HEIF", "image/heif", "heif"},
	AVIF:    {"AVIF", "image/avif", "avif"},
	JXL:     {"JPEG XL", "image/jxl", "jxl"},
	DNG:     {"DNG", "image/x-adobe-dng", "dng"},
	CR2:     {"CR2", "image/x-canon-cr2", "cr2"},
	CR3:     {"CR3", "image/x-canon-cr3", "cr3"},
	CRW:     {"CRW", "image/x-canon-crw", "crw"},
	NEF:     {"NEF", "image/x-nikon-nef", "nef"},
	NRW:     {"NRW", "image/x-nikon-nrw", "nrw"},
	ARW:     {"ARW", "image/x-sony-arw", "arw"},
	SR2:     {"SR2", "image/x-sony-sr2", "sr2"},
	ORF:     {"ORF", "image/x-olympus-orf", "orf"},
	RW2:     {"RW2", "image/x-panasonic-rw2", "rw2"},
	RAF:     {"RAF", "image/x-fuji-raf", "raf"},
	PEF:     {"PEF", "image/x-pentax-pef", "pef"},
	MP4:     {"MP4", "video/mp4", "mp4"},
	MOV:     {"MOV", "video/quicktime", "mov"},
	M4V:     {"M4V", "video/x-m4v", "m4v"},
	ThreeGP: {"3GP", "video/3gpp", "3gp"},
	ThreeG2: {"3G2", "video/3gpp2", "3g2"},
	AVI:     {"AVI", "video/x-msvideo", "avi"},
	MKV:     {"MKV", "video/x-matroska", "mkv"},
	WebM:    {"WebM", "video/webm", "webm"},
	MPEGTS:  {"MPEG-TS", "video/mp2t", "mts"},
	MPEGPS:  {"MPEG", "video/mpeg", "mpg"},
	WMV:     {"WMV", "video/x-ms-wmv", "wmv"},
}

// Name is the type's name for people, such as "JPEG" or "MPEG-TS".
func (t Type) Name() string { return rows[t].name }

// MIME is the media type as the API's mimeType field gives it.
func (t Type) MIME() string { return rows[t].mime }

// Ext is the usual file name extension, without a dot.
func (t Type) Ext() string { return rows[t].ext }

// Raw reports whether the type is what a sensor saw, in the form of its maker.
func (t Type) Raw() bool { return t >= DNG && t <= PEF }

// Video reports whether the service treats the type as a video.
func (t Type) Video() bool { return t >= MP4 }

// signature is a type that fixed bytes at a fixed place give away.
type signature struct {
	at    int
	magic string
	typ   Type
}

// signatures is read only. Order matters where one is the start of another:
// the raw formats that begin as a TIFF stand before TIFF.
var signatures = [...]signature{
	{0, "\xFF\xD8\xFF", JPEG},
	{0, "\x89PNG\r\n\x1A\n", PNG},
	{0, "GIF87a", GIF},
	{0, "GIF89a", GIF},
	{8, "WEBPVP8", WebP},
	{8, "AVI LIST", AVI},
	{8, "AVI ", AVI},
	{0, "II\x1A\x00\x00\x00HEAPCCDR", CRW},
	{0, "IIU\x00", RW2},
	{0, "IIRO", ORF},
	{0, "IIRS", ORF},
	{0, "MMOR", ORF},
	{0, "FUJIFILMCCD-RAW ", RAF},
	{0, "II*\x00", TIFF},
	{0, "MM\x00*", TIFF},
	{0, "\x00\x00\x00\x0CJXL \r\n\x87\n", JXL},
	{0, "\xFF\x0A", JXL},
	{0, "BM", BMP},
	{0, "\x00\x00\x01\x00", ICO},
	{0, "\x00\x00\x01\xBA", MPEGPS}, // program stream: MPG, MOD, TOD
	{0, "\x00\x00\x01\xB3", MPEGPS}, // bare video sequence
	{0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C", WMV},
}
