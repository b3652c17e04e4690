package quicktime

import (
	"bytes"
	"encoding/xml"
	"math"
	"strconv"
	"strings"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// nonRealTime reads the XML that Sony's cameras put into every movie, and beside
// it: the NonRealTimeMeta of the Professional Disc format. It has the time on the
// camera's clock with its zone, where the header has it in UTC.
func (r *reader) nonRealTime(body file.Block) {
	const version = 4
	document := bounded(body.From(version))
	if r.document || !bytes.Contains(document, []byte("NonRealTimeMeta")) {
		return
	}
	r.document = true
	decoder := xml.NewDecoder(bytes.NewReader(bytes.TrimRight(document, "\x00")))
	decoder.Strict = false
	gps := map[string]string{}
	group := ""
	for {
		token, err := decoder.Token()
		if err != nil {
			break // the end, or damage; what was read before it holds
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch element.Name.Local {
		case "CreationDate":
			r.claim(date, fromXML, attribute(element, "value"))
		case "Device":
			r.device(element)
		case "Group":
			group = attribute(element, "name")
		case "Item":
			if group == "ExifGPS" {
				gps[attribute(element, "name")] = attribute(element, "value")
			}
		}
	}
	lat := signed(gps["Latitude"], gps["LatitudeRef"], "S")
	lon := signed(gps["Longitude"], gps["LongitudeRef"], "W")
	r.to.AddPlace(claim.XML, lat, lon)
}

// device claims the camera. A serial number of 32 ones is none.
func (r *reader) device(element xml.StartElement) {
	const unset = "4294967295"
	r.claim(maker, fromXML, attribute(element, "manufacturer"))
	r.claim(model, fromXML, attribute(element, "modelName"))
	if number := attribute(element, "serialNo"); number != unset {
		r.claim(serial, fromXML, number)
	}
}

func attribute(element xml.StartElement, name string) string {
	for _, a := range element.Attr {
		if a.Name.Local == name {
			return text([]byte(a.Value), firstISO)
		}
	}
	return ""
}

// signed reads "35:40:52.123", which is negative in one of the hemispheres.
func signed(s, hemisphere, negative string) float64 {
	sum, unit := 0.0, 1.0
	for _, part := range strings.SplitN(s, ":", 3) {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return math.NaN()
		}
		sum += v / unit
		unit *= 60
	}
	if hemisphere == negative {
		return -sum
	}
	return sum
}
