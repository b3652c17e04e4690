package xmp_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/exif/internal/xmp"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

// namespaces are declared by customary prefixes.
const namespaces = `xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
	xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:exifEX="http://cipa.jp/exif/1.0/"
	xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
	xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"
	xmlns:Container="http://ns.google.com/photos/1.0/container/" xmlns:Item="http://ns.google.com/photos/1.0/container/item/"`

// with is a packet whose only node has the attributes and the children.
func with(attributes, children string) string {
	return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ` + namespaces + `><rdf:Description rdf:about="" ` + attributes + `>` +
		children + `</rdf:Description></rdf:RDF></x:xmpmeta>`
}

// read reads a packet that has nothing wrong with it.
func read(t *testing.T, packet string) claim.Set {
	t.Helper()
	return claimtest.Parse(xmp.Read, []byte(packet)).Must(t, packet).Set
}

func wall(hour, minute, second int) time.Time {
	return time.Date(2024, 5, 18, hour, minute, second, 0, time.UTC)
}

func TestAPacketTellsItsFacts(t *testing.T) {
	got := read(t, string(fixture.XMP(fixture.Spec{
		Captured: wall(14, 30, 5), SubSec: "250", Offset: "+02:00",
		Digitized: wall(14, 30, 6), DigitizedSubSec: "5", DigitizedOffset: "-03:30", Modified: wall(15, 0, 0),
		Make: "Aldermere", Model: "Field 40", Serial: "A40-000123", Orientation: 6,
		Lat: fixture.Degrees(-33.856784), Lon: fixture.Degrees(151.215297),
		Description: "Segel & Möwen <früh>", UserComment: "seen from the ferry", Rating: 4, Burst: "b-17",
	})))
	want := claim.Set{
		Times: []claim.Time{
			{
				Wall: wall(14, 30, 5).Add(250 * time.Millisecond), Offset: 2 * time.Hour, HasOffset: true,
				Source: claim.XMPDateTimeOriginal,
			},
			{
				Wall: wall(14, 30, 6).Add(500 * time.Millisecond), Offset: -210 * time.Minute, HasOffset: true,
				Source: claim.XMPCreateDate,
			},
		},
		Makes:        claimtest.Texts(claim.XMP, "Aldermere"),
		Models:       claimtest.Texts(claim.XMP, "Field 40"),
		Serials:      claimtest.Texts(claim.XMP, "A40-000123"),
		Orientations: []claim.Number{{Value: 6, Source: claim.XMP}},
		Ratings:      []claim.Number{{Value: 4, Source: claim.XMP}},
		Bursts:       claimtest.Texts(claim.XMP, "b-17"),
		Words: []claim.Text{
			{Value: "Segel & Möwen <früh>", Source: claim.XMPDescription},
			{Value: "seen from the ferry", Source: claim.XMPUserComment},
		},
	}
	if len(got.Places) != 1 || !near(got.Places[0].Lat, -33.856784) || !near(got.Places[0].Lon, 151.215297) {
		t.Errorf("places %v", got.Places)
	}
	got.Places = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func near(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }

func TestPropertiesAreFoundHoweverTheyAreWritten(t *testing.T) {
	const maker = `<tiff:Make>Aldermere</tiff:Make>`
	plain := with("", maker)
	tests := map[string]string{
		"an element":            plain,
		"an attribute":          with(`tiff:Make="Aldermere"`, ""),
		"in single quotes":      with(`tiff:Make = 'Aldermere'`, ""),
		"an empty node":         strings.Replace(with(`tiff:Make="Aldermere"`, ""), `></rdf:Description>`, `/>`, 1),
		"the second node":       strings.Replace(plain, `<rdf:Description`, `<rdf:Description/><rdf:Description`, 1),
		"a second block":        `<rdf:RDF ` + namespaces + `/>` + plain,
		"without a wrapper":     plain[strings.Index(plain, "<rdf:RDF"):strings.Index(plain, "</x:")],
		"deep in another text":  `<svg><metadata>` + plain + `</metadata></svg>`,
		"bytes around it":       "\x00\xff<garbage '\">>" + `<?xpacket begin=""?>` + plain + "<?xpacket end='w'?>\x00\x00",
		"a mark in front":       "\ufeff" + plain,
		"other prefixes":        strings.NewReplacer("rdf:", "a:", "tiff:", "b:", ":rdf", ":a", ":tiff", ":b").Replace(plain),
		"a default prefix":      with("", `<Make xmlns="http://ns.adobe.com/tiff/1.0/">Aldermere</Make>`),
		"declared where used":   with("", `<t:Make xmlns:t="http://ns.adobe.com/tiff/1.0/">Aldermere</t:Make>`),
		"no stroke at the end":  with("", `<t:Make xmlns:t="http://ns.adobe.com/tiff/1.0">Aldermere</t:Make>`),
		"a list":                with("", `<tiff:Make><rdf:Seq><rdf:li>Aldermere</rdf:li><rdf:li>x</rdf:li></rdf:Seq></tiff:Make>`),
		"a bag":                 with("", `<tiff:Make><rdf:Bag><rdf:li>Aldermere</rdf:li></rdf:Bag></tiff:Make>`),
		"a resource":            with("", `<tiff:Make rdf:parseType="Resource"><rdf:value>Aldermere</rdf:value><x:y>no</x:y></tiff:Make>`),
		"a node in it":          with("", `<tiff:Make><rdf:Description><rdf:value>Aldermere</rdf:value></rdf:Description></tiff:Make>`),
		"a section":             with("", `<tiff:Make><![CDATA[Aldermere]]></tiff:Make>`),
		"entities":              with("", `<tiff:Make>&#65;&#x6c;der&#x6D;ere</tiff:Make>`),
		"comments":              with("", `<!-- > ' --><tiff:Make>Alder<!-- <x> -->mere</tiff:Make>`),
		"blanks":                with("", "\n<tiff:Make\n>\r\n Aldermere\t</tiff:Make  >"),
		"a document type":       `<!DOCTYPE x [<!ENTITY a "b">]>` + plain,
		"the first of two":      with(`tiff:Make="Aldermere"`, `<tiff:Make>Second</tiff:Make>`),
		"an empty one first":    with(`tiff:Make=""`, maker),
		"a lost end tag":        with("", maker+"<x:y>"),
		"a closing sign inside": with(`x:y="a>b"`, maker),
	}
	for name, packet := range tests {
		got := read(t, packet)
		if diff := cmp.Diff(claimtest.Texts(claim.XMP, "Aldermere"), got.Makes); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", name, diff)
		}
	}
}

func TestUTF16IsReadInBothOrders(t *testing.T) {
	const words = "Möwen über 東京 🛥"
	packet := with("", `<dc:description>`+words+`</dc:description>`)
	for name, order := range map[string]binary.AppendByteOrder{"big": binary.BigEndian, "little": binary.LittleEndian} {
		for _, front := range []string{"", "\ufeff", "<?xpacket begin='\ufeff'?>"} {
			var b []byte
			for _, u := range utf16.Encode([]rune(front + packet)) {
				b = order.AppendUint16(b, u)
			}
			got := read(t, string(b))
			if len(got.Words) != 1 || got.Words[0].Value != words {
				t.Errorf("%s-endian behind %q: %v", name, front, got.Words)
			}
		}
	}
}

func TestTextThatIsNotUTF8IsTakenForWindows1252(t *testing.T) {
	got := read(t, with("", "<dc:description>M\xf6wen \x96 fr\xfch</dc:description>"))
	if len(got.Words) != 1 || got.Words[0].Value != "Möwen – früh" {
		t.Errorf("words %q", got.Words)
	}
}

func TestTheDefaultOfADescriptionInManyLanguagesWins(t *testing.T) {
	tests := map[string]struct{ entries, want string }{
		"first":          {`<rdf:li xml:lang="x-default">harbour</rdf:li><rdf:li xml:lang="de">Hafen</rdf:li>`, "harbour"},
		"last":           {`<rdf:li xml:lang="de">Hafen</rdf:li><rdf:li xml:lang="X-Default">harbour</rdf:li>`, "harbour"},
		"none":           {`<rdf:li xml:lang="de">Hafen</rdf:li><rdf:li xml:lang="fr">port</rdf:li>`, "Hafen"},
		"without a word": {`<rdf:li xml:lang="x-default"></rdf:li><rdf:li xml:lang="de">Hafen</rdf:li>`, "Hafen"},
		"no language":    {`<rdf:li>Hafen</rdf:li>`, "Hafen"},
	}
	for name, tt := range tests {
		got := read(t, with("", `<dc:description><rdf:Alt>`+tt.entries+`</rdf:Alt></dc:description>`))
		if len(got.Words) != 1 || got.Words[0].Value != tt.want {
			t.Errorf("%s: %v, want %q", name, got.Words, tt.want)
		}
	}
}

func TestPropertiesOfOtherThingsAreNotThePhotos(t *testing.T) {
	const maker = `<tiff:Make>Other</tiff:Make>`
	tests := map[string]string{
		"of an ancestor":    with("", `<xmpMM:DerivedFrom rdf:parseType="Resource">`+maker+`</xmpMM:DerivedFrom>`),
		"of a node inside":  with("", `<xmpMM:DerivedFrom><rdf:Description tiff:Make="Other"/></xmpMM:DerivedFrom>`),
		"of a step":         with("", `<xmpMM:History><rdf:Seq><rdf:li tiff:Make="Other">`+maker+`</rdf:li></rdf:Seq></xmpMM:History>`),
		"outside":           `<x tiff:Make="Other" ` + namespaces + `>` + maker + `</x>`,
		"of that name":      with(`xmlns:tiff="http://example.org/"`, maker),
		"without a name":    with(`Make="Other"`, `<Make>Other</Make>`),
		"under its prefix":  strings.Replace(with("", maker), `xmlns:tiff=`, `xmlns:other=`, 1),
		"in a comment":      with("", `<!--`+maker+`-->`),
		"in a text":         with("", `<x:y><![CDATA[`+maker+`]]></x:y>`),
		"deeper in its own": with("", `<tiff:Make><x:y>Other</x:y></tiff:Make>`),
	}
	for name, packet := range tests {
		if got := read(t, packet); len(got.Makes) > 0 {
			t.Errorf("%s: %v", name, got.Makes)
		}
	}
}

func TestDatesAreTakenIfTheyCanBe(t *testing.T) {
	tests := map[string]string{
		"2024-05-18T14:30:05+02:00":       "2024-05-18T14:30:05+02:00",
		"2024-05-18T14:30:05.729626112":   "2024-05-18T14:30:05.729626112",
		"2024-05-18T14:30Z":               "2024-05-18T14:30:00+00:00",
		"2024:05:18 14:30:05":             "2024-05-18T14:30:05",
		" 2024-05-18T14:30:05.25-03:30\n": "2024-05-18T14:30:05.25-03:30",
		"2024-05-18":                      "",
		"2024-05":                         "",
		"2024-05-18T25:30:05":             "",
		"0000-00-00T00:00:00":             "",
		"":                                "",
	}
	for _, property := range []struct{ name, source string }{
		{"exif:DateTimeOriginal", claim.XMPDateTimeOriginal},
		{"photoshop:DateCreated", claim.XMPDateCreated},
		{"xmp:CreateDate", claim.XMPCreateDate},
	} {
		for text, want := range tests {
			got := ""
			for _, c := range read(t, with(property.name+`="`+text+`"`, "")).Times {
				got = claimtest.When(c)
				if c.Source != property.source || c.Instant {
					t.Errorf("%s: %+v", property.name, c)
				}
			}
			if got != want {
				t.Errorf("%s %q: %q, want %q", property.name, text, got, want)
			}
		}
	}
}

func TestPlacesAreReadInTheirForms(t *testing.T) {
	tests := []struct {
		lat, lon string
		want     []claim.Place
	}{
		{"52,27.5814N", "13,19.30992E", []claim.Place{{Lat: 52.45969, Lon: 13.321832, Source: claim.XMP}}},
		{"33,51,24.4224S", "151,12,55.0692E", []claim.Place{{Lat: -33.856784, Lon: 151.215297, Source: claim.XMP}}},
		{`33 deg 51' 24.4224" s`, `71 deg 12' 55.0692" w`, []claim.Place{{Lat: -33.856784, Lon: -71.215297, Source: claim.XMP}}},
		{"52.45969N", "13.321832W", []claim.Place{{Lat: 52.45969, Lon: -13.321832, Source: claim.XMP}}},
		{"-33.856784", "+151.215297", []claim.Place{{Lat: -33.856784, Lon: 151.215297, Source: claim.XMP}}},
		{"0,0.0N", "0,0.0E", nil},
		{"91,0N", "13,0E", nil},
		{"52,27.5814", "13,19.30992", nil},
		{"52,27.5814E", "13,19.30992E", nil},
		{"52/1,27/1,34/1N", "13/1,19/1,18/1E", nil},
		{"1,2,3,4N", "13,0E", nil},
		{"52,2.7.5N", "13,0E", nil},
		{"N", "E", nil},
		{"NaN", "NaN", nil},
		{"Inf", "Inf", nil},
		{"", "13,0E", nil},
	}
	for _, tt := range tests {
		escape := strings.NewReplacer("'", "&apos;", `"`, "&quot;")
		attributes := `exif:GPSLatitude="` + escape.Replace(tt.lat) + `" exif:GPSLongitude="` + escape.Replace(tt.lon) + `"`
		got := read(t, with(attributes, "")).Places
		if len(got) != len(tt.want) {
			t.Errorf("%s %s: %v, want %v", tt.lat, tt.lon, got, tt.want)
			continue
		}
		for i, want := range tt.want {
			if !near(got[i].Lat, want.Lat) || !near(got[i].Lon, want.Lon) || got[i].Source != want.Source {
				t.Errorf("%s %s: %v, want %v", tt.lat, tt.lon, got[i], want)
			}
		}
	}
}

func TestRatingsAreStarsOrRejected(t *testing.T) {
	for text, want := range map[string]int{
		"5": 5, "1": 1, "4.0": 4, "-1": -1, "-1.0": -1, "0": 0, "6": 0, "-2": 0, "99": 0, "NaN": 0, "1e300": 0, "x": 0, "": 0,
	} {
		got := 0
		for _, r := range read(t, with(`xmp:Rating="`+text+`"`, "")).Ratings {
			got = r.Value
		}
		if got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestTheCommentOfAScreenshotIsAFlagAndNoWords(t *testing.T) {
	got := read(t, with("", `<exif:UserComment><rdf:Alt><rdf:li xml:lang="x-default">Screenshot</rdf:li></rdf:Alt></exif:UserComment>`))
	if !got.Screenshot || len(got.Words) > 0 {
		t.Errorf("screenshot %v, words %v", got.Screenshot, got.Words)
	}
}

func TestBothSerialNumbersAreClaimed(t *testing.T) {
	got := read(t, with(`aux:SerialNumber="1" exifEX:BodySerialNumber="2"`, ""))
	want := claimtest.Texts(claim.XMP, "2", "1")
	if diff := cmp.Diff(want, got.Serials); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTextKeepsItsLinesAndLosesItsControls(t *testing.T) {
	got := read(t, with("", "<dc:description>one\r\ntwo\rthree &#13;\x01&amp;lt; &unknown; & &#xD800;</dc:description>"))
	const want = "one\ntwo\nthree \r&lt; &unknown; & \ufffd"
	if len(got.Words) != 1 || got.Words[0].Value != want {
		t.Errorf("words %q, want %q", got.Words, want)
	}
}
