package heif_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/internal/fixture"
)

// exifItem is an EXIF block that names a camera, with its number in front.
func exifItem(camera string) []byte {
	return append(make([]byte, 4), fixture.EXIF(fixture.Spec{Make: camera})...)
}

func fromEXIF(cameras ...string) []claim.Text { return claimtest.Texts(claim.EXIF, cameras...) }

func TestEXIFIsFoundInEveryVersionOfTheLists(t *testing.T) {
	block := exifItem("Aldermere")
	primary := full("pitm", 0, uint16(1))
	at := placeList(place(1, dataAt, 0), place(2, dataAt, len(block)))
	tests := map[string][][]byte{
		"numbers of 16 bits": {primary, itemList(entry(1, "hvc1", ""), entry(2, "Exif", "")), at},
		"a long list":        {primary, full("iinf", 1, uint32(2), entry(1, "hvc1", ""), entry(2, "Exif", "")), at},
		"numbers of 32 bits": {
			full("pitm", 1, uint32(70_001)),
			full("iinf", 1, uint32(2), full("infe", 3, uint32(70_001), "\x00\x00hvc1\x00"), full("infe", 3, uint32(70_002), "\x00\x00Exif\x00")),
			full("iref", 1, box("cdsc", uint32(70_002), uint16(1), uint32(70_001))),
			full("iloc", 2, uint16(0x4400), uint32(2),
				uint32(70_001), "\x00\x00\x00\x00\x00\x00", uint32(70_002), "\x00\x00\x00\x00", uint16(1), uint32(dataAt), uint32(len(block))),
		},
		"entries with names":   {primary, itemList(entry(1, "hvc1", "HEVC Image"), entry(2, "Exif", "Exif data")), at},
		"numbers out of order": {primary, itemList(entry(2, "Exif", ""), entry(1, "hvc1", "")), placeList(place(2, dataAt, len(block)), place(1, dataAt, 0))},
		"linked": {primary, itemList(entry(1, "hvc1", ""), entry(2, "Exif", "")),
			full("iref", 0, box("thmb", "\x00\x03\x00\x01\x00\x01"), box("cdsc", "\x00\x02\x00\x01\x00\x01")), at},
		"linked, behind entries of other lengths": {primary, itemList(entry(1, "hvc1", "name"), entry(3, "hvc1", ""), entry(2, "Exif", "")),
			full("iref", 0, box("cdsc", "\x00\x02\x00\x01\x00\x01")), at},
		"linked to several": {primary, itemList(entry(1, "hvc1", ""), entry(2, "Exif", "")),
			full("iref", 0, box("cdsc", "\x00\x02\x00\x03\x00\x07\x00\x09\x00\x01")), at},
		"the list behind the locations": {at, primary, itemList(entry(1, "hvc1", ""), entry(2, "Exif", ""))},
		"without a primary item":        {itemList(entry(1, "hvc1", ""), entry(2, "Exif", "")), at},
	}
	for name, boxes := range tests {
		if said := mustRead(t, name, fileOf(block, boxes...)); !slices.Equal(said.Makes, fromEXIF("Aldermere")) {
			t.Errorf("%s: make %v", name, said.Makes)
		}
	}
}

func TestOnlyWhatDescribesThePrimaryItemIsRead(t *testing.T) {
	main, depth := exifItem("Main"), exifItem("Depth")
	data := append(bytes.Clone(main), depth...)
	places := placeList(place(1, dataAt, 0), place(2, dataAt, 0), place(3, dataAt, len(main)), place(4, dataAt+len(main), len(depth)))
	list := itemList(entry(1, "hvc1", ""), entry(2, "hvc1", ""), entry(3, "Exif", ""), entry(4, "Exif", ""))
	tests := []struct {
		name  string
		links []byte
		want  []claim.Text
	}{
		{"no links", nil, fromEXIF("Main", "Depth")},
		{"both linked", fields(box("cdsc", "\x00\x03\x00\x01\x00\x01"), box("cdsc", "\x00\x04\x00\x01\x00\x02")), fromEXIF("Main")},
		{"the second linked", box("cdsc", "\x00\x04\x00\x01\x00\x01"), fromEXIF("Depth")},
		{"the second linked to another", box("cdsc", "\x00\x04\x00\x01\x00\x02"), fromEXIF("Main")},
		{"linked to nothing", box("cdsc", "\x00\x04\x00\x00"), fromEXIF("Main")},
		{"the link leads nowhere", box("cdsc", "\x00\x63\x00\x01\x00\x01"), fromEXIF("Main", "Depth")},
	}
	for _, tt := range tests {
		file := fileOf(data, full("pitm", 0, uint16(1)), list, full("iref", 0, tt.links), places)
		if said := mustRead(t, tt.name, file); !slices.Equal(said.Makes, tt.want) {
			t.Errorf("%s: make %v, want %v", tt.name, said.Makes, tt.want)
		}
	}
}

func TestAnItemIsFoundInWhateverWayItsPlaceIsTold(t *testing.T) {
	block := exifItem("Aldermere")
	half, n := len(block)/2, uint32(len(block))
	inPieces := func(id uint16, pieces ...[2]int) []byte {
		out := fields(id, uint16(0), uint16(len(pieces)))
		for _, p := range pieces {
			out = append(out, fields(uint32(p[0]), uint32(p[1]))...)
		}
		return out
	}
	tests := map[string][]byte{
		"in one piece":             placeList(place(2, dataAt, len(block))),
		"behind other items":       placeList(place(7, 0, 1), place(1, 0, 1), place(2, dataAt, len(block))),
		"behind pieces":            placeList(inPieces(1, [2]int{0, 1}, [2]int{5, 1}), inPieces(9), place(2, dataAt, len(block))),
		"in two pieces":            placeList(inPieces(2, [2]int{dataAt, half}, [2]int{dataAt + half, len(block) - half})),
		"in three pieces":          placeList(inPieces(2, [2]int{dataAt, 5}, [2]int{dataAt + 5, 0}, [2]int{dataAt + 5, len(block) - 5})),
		"from a base":              full("iloc", 0, uint16(0x4440), uint16(1), uint16(2), uint16(0), uint32(dataAt-2), uint16(1), uint32(2), n),
		"from a base alone":        full("iloc", 0, uint16(0x0480), uint16(1), uint16(2), uint16(0), uint64(dataAt), uint16(1), n),
		"in 64 bits":               full("iloc", 0, uint16(0x8800), uint16(1), uint16(2), uint16(0), uint16(1), uint64(dataAt), uint64(n)),
		"without a length":         full("iloc", 0, uint16(0x4000), uint16(1), uint16(2), uint16(0), uint16(1), uint32(dataAt)),
		"with a method":            full("iloc", 1, uint16(0x4400), uint16(1), uint16(2), uint16(0), uint16(0), uint16(1), uint32(dataAt), n),
		"with an index":            full("iloc", 1, uint16(0x4404), uint16(1), uint16(2), uint16(0), uint16(0), uint16(1), uint32(9), uint32(dataAt), n),
		"an index before its time": full("iloc", 0, uint16(0x4404), uint16(1), uint16(2), uint16(0), uint16(1), uint32(dataAt), n),
		"in the meta box":          full("iloc", 1, uint16(0x4400), uint16(1), uint16(2), uint16(1), uint16(0), uint16(1), uint32(3), n),
		"in pieces of the meta box": full("iloc", 1, uint16(0x4400), uint16(1), uint16(2), uint16(1), uint16(0), uint16(2),
			uint32(3), uint32(half), uint32(3+half), n-uint32(half)),
	}
	for name, places := range tests {
		file := fileOf(block, full("pitm", 0, uint16(1)), itemList(entry(1, "hvc1", ""), entry(2, "Exif", "")),
			box("idat", "abc", block), places)
		if said := mustRead(t, name, file); !slices.Equal(said.Makes, fromEXIF("Aldermere")) {
			t.Errorf("%s: make %v", name, said.Makes)
		}
	}
}

func TestTheTIFFHeaderIsFoundWhateverStandsBeforeIt(t *testing.T) {
	block := string(fixture.EXIF(fixture.Spec{Make: "Aldermere"}))
	for name, item := range map[string]string{
		"nothing between":           "\x00\x00\x00\x00" + block,
		"a signature between":       "\x00\x00\x00\x06Exif\x00\x00" + block,
		"other bytes between":       "\x00\x00\x00\x0bhello world" + block,
		"a signature not counted":   "\x00\x00\x00\x00Exif\x00\x00" + block,
		"a count with no signature": "\x00\x00\x00\x06" + block,
		"no count":                  block,
		"a signature without count": "Exif\x00\x00" + block,
	} {
		file := fileOf([]byte(item), itemList(entry(1, "Exif", "")), placeList(place(1, dataAt, len(item))))
		if said := mustRead(t, name, file); !slices.Equal(said.Makes, fromEXIF("Aldermere")) {
			t.Errorf("%s: make %v", name, said.Makes)
		}
	}
}

func TestXMPIsKnownByItsContentType(t *testing.T) {
	packet := fixture.XMP(fixture.Spec{Make: "Aldermere"})
	for name, tt := range map[string]struct {
		entry []byte
		read  bool
	}{
		"usual":            {xmpEntry(1), true},
		"with a name":      {full("infe", 2, uint16(1), uint16(0), "mimeXMP\x00application/rdf+xml\x00"), true},
		"not terminated":   {full("infe", 2, uint16(1), uint16(0), "mime\x00application/rdf+xml"), true},
		"no encoding":      {full("infe", 2, uint16(1), uint16(0), "mime\x00application/rdf+xml\x00\x00"), true},
		"the oldest form":  {full("infe", 0, uint16(1), uint16(0), "\x00application/rdf+xml\x00\x00"), true},
		"compressed":       {full("infe", 2, uint16(1), uint16(0), "mime\x00application/rdf+xml\x00deflate\x00"), false},
		"encrypted":        {full("infe", 2, uint16(1), uint16(1), "mime\x00application/rdf+xml\x00"), false},
		"another type":     {full("infe", 2, uint16(1), uint16(0), "mime\x00image/jpeg\x00"), false},
		"type of a uri":    {full("infe", 2, uint16(1), uint16(0), "uri \x00application/rdf+xml\x00"), false},
		"name without end": {full("infe", 2, uint16(1), uint16(0), "mimeapplication/rdf+xml"), false},
	} {
		said := mustRead(t, name, fileOf(packet, itemList(tt.entry), placeList(place(1, dataAt, len(packet)))))
		if read := slices.Equal(said.Makes, claimtest.Texts(claim.XMP, "Aldermere")); read != tt.read {
			t.Errorf("%s: make %v, want it read: %v", name, said.Makes, tt.read)
		}
	}
}

func TestIPTCIsReadFromAnItemOfItsName(t *testing.T) {
	datasets := fixture.IPTC(fixture.Spec{Description: "the old pier"})
	said := mustRead(t, "iptc", fileOf(datasets, itemList(entry(1, "iptc", "")), placeList(place(1, dataAt, len(datasets)))))
	if want := claimtest.Texts(claim.IPTCCaption, "the old pier"); !slices.Equal(said.Words, want) {
		t.Errorf("words %v, want %v", said.Words, want)
	}
}

func TestItemsThatAreElsewhereOrEmptyArePassedOver(t *testing.T) {
	block := exifItem("Aldermere")
	n := uint32(len(block))
	for name, places := range map[string][]byte{
		"in another file": full("iloc", 0, uint16(0x4400), uint16(1), uint16(1), uint16(1), uint16(1), uint32(dataAt), n),
		"in another item": full("iloc", 1, uint16(0x4400), uint16(1), uint16(1), uint16(2), uint16(0), uint16(1), uint32(dataAt), n),
		"empty":           placeList(place(1, dataAt, 0)),
		"in no piece":     full("iloc", 0, uint16(0x4400), uint16(1), uint16(1), uint16(0), uint16(0)),
	} {
		if said := mustRead(t, name, fileOf(block, itemList(entry(1, "Exif", "")), places)); said.Makes != nil {
			t.Errorf("%s: make %v", name, said.Makes)
		}
	}
}
