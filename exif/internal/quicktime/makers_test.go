package quicktime_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/internal/fixture"
)

// photo is what cameras keep beside a movie: a small JPEG, turned and of another
// size than the movie.
func photo() fixture.Spec {
	return fixture.Spec{
		Width: 16, Height: 12, Captured: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC), Orientation: 6,
		Make: "Aldermere", Model: "Field 40", Lat: fixture.Degrees(60.391262), Lon: fixture.Degrees(5.322054),
	}
}

func TestThePhotoThatACameraKeepsOfItsMovieIsRead(t *testing.T) {
	const canon = "\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48"
	jpeg, block := string(fixture.JPEG(photo())), string(fixture.EXIF(photo()))
	parts := box("CNCV", "CanonMVI02") + box("CMT1", block)
	for name, moov := range map[string]string{
		"Canon":              box("udta", box("CNTH", box("CNDA", jpeg))),
		"Canon's uuid":       box("uuid", canon, box("CNCV", "CanonMVI02"), box("CNTH", box("CNDA", jpeg))),
		"Canon's parts":      box("uuid", canon, parts),
		"Panasonic":          box("udta", box("PANA", zeros(0x10), jpeg)),
		"Panasonic, further": box("udta", box("PANA", zeros(0x4068), jpeg)),
		"Leica":              box("udta", box("LEIC", zeros(0x4080), jpeg)),
		"Panasonic, far":     box("udta", box("PANA", zeros(0x200080), jpeg)),
		"Ricoh":              box("udta", box("RMKN", block)),
	} {
		said := mustRead(t, name, movie(moov))
		if got := firstTime(said, claim.DateTimeOriginal); got != "2024-05-18T14:30:05" {
			t.Errorf("%s: time %q", name, got)
		}
		if got := told(said); got != "EXIF=Aldermere EXIF=Field 40" {
			t.Errorf("%s: %q", name, got)
		}
		if len(said.Places) != 1 || len(said.Sizes) != 1 || said.Sizes[0].Width != 64 || len(said.Orientations) != 0 {
			t.Errorf("%s: places %v, sizes %v, orientations %v", name, said.Places, said.Sizes, said.Orientations)
		}
	}
}

func TestADamagedPhotoBesideAMovieIsNoDamageOfTheMovie(t *testing.T) {
	jpeg := string(fixture.JPEG(photo()))
	for name, body := range map[string]string{"cut": jpeg[:100], "none": "", "no JPEG": zeros(100)} {
		mustRead(t, name, movie(box("udta", box("CNTH", box("CNDA", body)), box("PANA", zeros(16), body), box("RMKN", body))))
	}
}

// nctg is Nikon's list of tags, given as tag, type, count, value.
func nctg(tags ...any) string {
	s := ""
	for i := 0; i < len(tags); i += 4 {
		s += be32(tags[i].(int)) + be16(tags[i+1].(int)) + be16(tags[i+2].(int)) + tags[i+3].(string)
	}
	return box("udta", box("NCDT", box("NCHD", "NIKON\x000100"), box("NCTG", s)))
}

func TestNikonsTagsAreRead(t *testing.T) {
	const text, fraction, undefined = 2, 5, 7
	coordinate := func(degrees, minutes, hundredths int) string {
		return be32(degrees) + be32(1) + be32(minutes) + be32(1) + be32(hundredths) + be32(100)
	}
	said := mustRead(t, "Nikon", movie(nctg(
		0x0001, text, 6, "NIKON\x00", 0x0002, text, 12, "NIKON D7000\x00", 0x0013, 4, 1, be32(25), 0x0016, fraction, 1, be64(25),
		0x0011, text, 20, "2024:05:18 14:30:06\x00", 0x0012, text, 20, "2024:05:18 14:30:05\x00",
		0x110a431, text, 5, "0123\x00", 0x1200001, text, 2, "S\x00", 0x1200002, fraction, 3, coordinate(33, 51, 2442),
		0x1200003, text, 2, "W\x00", 0x1200004, fraction, 3, coordinate(151, 12, 5507),
		0x2000024, undefined, 4, be16(60)+"\x01\x02")))
	if got := told(said); got != "MakerNote=NIKON MakerNote=NIKON D7000 MakerNote=0123" {
		t.Errorf("%q", got)
	}
	if a, b := firstTime(said, claim.DateTimeOriginal), firstTime(said, claim.DateTimeDigitized); a != "2024-05-18T14:30:05" || b != "2024-05-18T14:30:06" {
		t.Errorf("times %q and %q", a, b)
	}
	if len(said.Zones) != 1 || said.Zones[0].Offset != 2*time.Hour {
		t.Errorf("zones %v", said.Zones)
	}
	if len(said.Places) != 1 || math.Abs(said.Places[0].Lat+33.856783) > 1e-6 || math.Abs(said.Places[0].Lon+151.215297) > 1e-6 {
		t.Errorf("places %v", said.Places)
	}
}

func TestNikonsTagsThatCannotBeAreAbsent(t *testing.T) {
	const text, fraction, undefined = 2, 5, 7
	for name, moov := range map[string]string{
		"no date":            nctg(0x0012, text, 20, "0000:00:00 00:00:00\x00"),
		"a zone of 7 min":    nctg(0x2000024, undefined, 4, be16(7)+"\x00\x02"),
		"a zone too far":     nctg(0x2000024, undefined, 4, be16(-900)+"\x00\x02"),
		"summer twice":       nctg(0x2000024, undefined, 4, be16(60)+"\x02\x02"),
		"a zone cut":         nctg(0x2000024, undefined, 2, be16(60)),
		"a place over zero":  nctg(0x1200002, fraction, 3, zeros(24), 0x1200004, fraction, 3, zeros(24)),
		"a place cut":        nctg(0x1200002, fraction, 1, be32(60)+be32(1), 0x1200004, fraction, 1, be32(5)+be32(1)),
		"no tags":            nctg(),
		"without their box":  box("udta", box("NCDT", box("NCHD", "x"))),
		"a value behind all": nctg(0x0001, text, 60_000, "NIKON"),
	} {
		said := mustRead(t, name, movie(moov))
		if len(said.Times) != 1 || len(said.Zones)+len(said.Places) > 0 {
			t.Errorf("%s: times %v, zones %v, places %v", name, said.Times, said.Zones, said.Places)
		}
	}
}

func TestFujisDirectoryIsRead(t *testing.T) {
	entry := func(tag, size, at int) string {
		return string([]byte{byte(tag), byte(tag >> 8), 2, 0, byte(size), 0, 0, 0, byte(at), byte(at >> 8), 0, 0})
	}
	const values = 2 + 4*12 + 4
	directory := "\x04\x00" + entry(0x010f, 9, values) + entry(0x0110, 7, values+9) + entry(0x9003, 20, values+16) +
		entry(0xa431, 9, 60_000) + zeros(4) + "FUJIFILM\x00" + "X-T100\x00" + "2024:05:18 14:30:05\x00"
	said := mustRead(t, "Fuji", movie(box("udta", box("MVTG", zeros(16), directory))))
	if got := told(said); got != "MakerNote=FUJIFILM MakerNote=X-T100" {
		t.Errorf("%q", got)
	}
	if got := firstTime(said, claim.DateTimeOriginal); got != "2024-05-18T14:30:05" {
		t.Errorf("time %q", got)
	}
	for name, body := range map[string]string{"nothing": "", "cut": directory[:30], "a count of many": "\xff\xff" + directory[2:60]} {
		mustRead(t, name, movie(box("udta", box("MVTG", zeros(16), body))))
	}
}

func TestTheNotesOfOldCamerasAreRead(t *testing.T) {
	notes := func(maker string, at int, model string) string {
		return maker + zeros(at-len(maker)) + model + zeros(100)
	}
	for name, tt := range map[string]struct{ box, want string }{
		"Kodak":     {box("TAGS", notes("EASTMAN KODAK COMPANY", 22, "KODAK P880")), "MakerNote=EASTMAN KODAK COMPANY MakerNote=KODAK P880"},
		"Fuji":      {box("TAGS", notes("FUJIFILM DIGITAL CAMERA", 24, "S9500")), "MakerNote=FUJIFILM DIGITAL CAMERA MakerNote=S9500"},
		"Nikon":     {box("TAGS", notes("NIKON DIGITAL CAMERA", 24, "E5700")), "MakerNote=NIKON DIGITAL CAMERA MakerNote=E5700"},
		"Olympus":   {box("TAGS", notes("OLYMPUS DIGITAL CAMERA", 24, "FE140")), "MakerNote=OLYMPUS DIGITAL CAMERA MakerNote=FE140"},
		"Pentax":    {box("TAGS", notes("PENTAX DIGITAL CAMERA", 24, "code")), "MakerNote=PENTAX DIGITAL CAMERA"},
		"Minolta":   {box("TAGS", notes("KONICA MINOLTA DIGITAL CAMERA", 32, "code")), "MakerNote=KONICA MINOLTA DIGITAL CAMERA"},
		"unknown":   {box("TAGS", notes("ACME DIGITAL CAMERA", 24, "A1")), ""},
		"cut":       {box("TAGS", "OLYMPUS"), ""},
		"Samsung":   {box("@sec", "Samsung", zeros(25), "WB30F", zeros(500)), "MakerNote=Samsung MakerNote=WB30F"},
		"that, cut": {box("@sec", "Samsung"), ""},
	} {
		if got := told(mustRead(t, name, movie(box("udta", tt.box)))); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestGoProsMetadataIsRead(t *testing.T) {
	klv := func(key, kind, value string) string {
		return key + kind + "\x01" + be16(len(value)) + value + zeros(-len(value)&3)
	}
	list := klv("DVNM", "c", "Global Settings") + klv("FMWR", "c", "HD8.01.01") + klv("CASN", "c", "C33213251") + klv("MINF", "c", "HERO8 Black")
	for name, body := range map[string]string{
		"in a list":   klv("DEVC", "\x00", list),
		"by itself":   list,
		"before more": klv("DEVC", "\x00", list) + klv("DEVC", "\x00", "trailing"),
	} {
		if got := told(mustRead(t, name, movie(box("udta", box("GPMF", body))))); got != "MakerNote=HERO8 Black MakerNote=C33213251" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

const sonyXML = `<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<NonRealTimeMeta xmlns="urn:schemas-professionalDisc:nonRealTimeMeta:ver.2.00" lastUpdate="2025-01-01T00:00:00+09:00">
 <Duration value="250"/>
 <CreationDate value="2024-05-18T21:30:05+09:00"/>
 <Device manufacturer="Sony" modelName="ILCE-7M4" serialNo="4001234"/>
 <Lens modelName="FE 24-50mm"/>
 <AcquisitionRecord>
  <Group name="CameraUnitMetadataSet"><Item name="Latitude" value="1:2:3"/></Group>
  <Group name="ExifGPS"><Item name="LatitudeRef" value="S"/><Item name="Latitude" value="33:51:24.42"/>
   <Item name="LongitudeRef" value="E"/><Item name="Longitude" value="151:12:55.07"/></Group>
 </AcquisitionRecord>
</NonRealTimeMeta>`

func TestSonysXMLIsRead(t *testing.T) {
	document := func(xml string) string { return box("meta", zeros(4), hdlr("nrtm"), box("xml ", zeros(4), xml)) }
	for name, file := range map[string]string{
		"behind the movie": movie() + document(sonyXML),
		"inside of it":     movie(document(sonyXML)),
		"twice":            movie(document(sonyXML)) + document(sonyXML),
		"with zeros":       movie() + document(sonyXML+zeros(900)),
		"cut":              movie() + document(sonyXML[:strings.LastIndex(sonyXML, "</Group>")]),
	} {
		said := mustRead(t, name, file)
		if got := firstTime(said, claim.XMLCreationDate); got != "2024-05-18T21:30:05+09:00" {
			t.Errorf("%s: time %q", name, got)
		}
		if got := told(said); got != "XML=Sony XML=ILCE-7M4 XML=4001234" {
			t.Errorf("%s: %q", name, got)
		}
		if len(said.Places) != 1 || math.Abs(said.Places[0].Lat+33.856783) > 1e-6 || math.Abs(said.Places[0].Lon-151.215297) > 1e-6 {
			t.Errorf("%s: places %v", name, said.Places)
		}
	}
	for name, xml := range map[string]string{
		"no serial number": strings.Replace(sonyXML, "4001234", "4294967295", 1),
		"another document": strings.ReplaceAll(sonyXML, "NonRealTimeMeta", "Other"),
		"no XML":           "NonRealTimeMeta <<<< &&& <Device manufacturer=",
		"too long":         sonyXML + strings.Repeat(" ", 70_000),
	} {
		if said := mustRead(t, name, movie()+document(xml)); len(said.Serials) != 0 {
			t.Errorf("%s: serials %v", name, said.Serials)
		}
	}
}

// Everything that is read of makers' boxes, in one movie to be damaged.
func manyBoxes() string {
	const canon = "\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48"
	jpeg, block := string(fixture.JPEG(photo())), string(fixture.EXIF(photo()))
	return movie(
		box("uuid", canon, box("CMT1", block), box("CNTH", box("CNDA", jpeg))),
		box("meta", keyed("com.apple.quicktime.make", "A", "com.apple.quicktime.location.ISO6709", "+1.0+2.0/")),
		nctg(0x0001, 2, 6, "NIKON\x00", 0x1200002, 5, 3, zeros(24), 0x2000024, 7, 4, be32(1)),
		box("udta",
			box("PANA", zeros(0x10), jpeg), box("RMKN", block), box("MVTG", zeros(16), "\x01\x00\x0f\x01\x02\x00", zeros(90)),
			box("GPMF", "DEVC\x00\x01", be16(16), "MINFc\x01", be16(5), "HERO8", zeros(3)),
			box("TAGS", "OLYMPUS DIGITAL CAMERA", zeros(90)), box("loci", zeros(4), be16(english), "name\x00\x00", zeros(12)),
			box("Xtra", be32(45), be32(19), "WM/SharedUserRating", zeros(30)), userText("\xa9des", "words", english)),
	) + box("meta", zeros(4), box("xml ", zeros(4), sonyXML))
}

func TestDamagedBoxesAreReadWithinBounds(t *testing.T) {
	whole := manyBoxes()
	for damage, file := range claimtest.Damaged([]byte(whole), 1000) {
		a := read(string(file))
		if a.Bytes > 8*int64(len(whole)) {
			t.Errorf("%s: %d bytes read of %d", damage, a.Bytes, len(file))
		}
		claimtest.CheckClaims(t, damage, a.Set)
	}
}
