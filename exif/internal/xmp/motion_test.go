package xmp_test

import (
	"strings"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/xmp"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

// inDirectory is a directory of items, each with its attributes.
func inDirectory(items ...string) string {
	var out strings.Builder
	for _, item := range items {
		out.WriteString(`<rdf:li rdf:parseType="Resource"><Container:Item ` + item + `/></rdf:li>`)
	}
	return `<Container:Directory><rdf:Seq>` + out.String() + `</rdf:Seq></Container:Directory>`
}

func TestAPacketSaysWhereTheVideoOfAMotionPhotoBegins(t *testing.T) {
	const (
		still = `Item:Semantic="Primary" Item:Length="0" Item:Padding="12"`
		video = `Item:Semantic="MotionPhoto" Item:Length="4000" Item:Padding="0"`
		gain  = `Item:Semantic="GainMap" Item:Length="700"`
	)
	elements := `<Container:Directory><rdf:Seq><rdf:li><rdf:Description><Container:Item rdf:parseType="Resource">
		<Item:Semantic>MotionPhoto</Item:Semantic><Item:Length>4000</Item:Length></Container:Item></rdf:Description></rdf:li></rdf:Seq></Container:Directory>`
	tests := map[string]struct {
		packet string
		want   xmp.Video
	}{
		"nothing":             {with("", ""), xmp.Video{}},
		"only a word":         {with(`GCamera:MotionPhoto="1"`, ""), xmp.Video{Said: true}},
		"a micro video":       {with(`GCamera:MicroVideo="1" GCamera:MicroVideoOffset="3000"`, ""), xmp.Video{Said: true, FromEnd: []int64{3000}}},
		"a directory":         {with(`GCamera:MotionPhoto="1"`, inDirectory(still, video)), xmp.Video{Said: true, FromEnd: []int64{4000}}},
		"as elements":         {with(`GCamera:MotionPhoto="1"`, elements), xmp.Video{Said: true, FromEnd: []int64{4000}}},
		"without the flag":    {with("", inDirectory(still, video)), xmp.Video{Said: true, FromEnd: []int64{4000}}},
		"things before it":    {with("", inDirectory(still, gain, video)), xmp.Video{Said: true, FromEnd: []int64{4000}}},
		"things behind it":    {with("", inDirectory(still, video, gain)), xmp.Video{Said: true, FromEnd: []int64{4700}}},
		"both ways":           {with(`GCamera:MicroVideoOffset="3000"`, inDirectory(video)), xmp.Video{Said: true, FromEnd: []int64{3000, 4000}}},
		"no video":            {with("", inDirectory(still, gain)), xmp.Video{}},
		"no longer":           {with(`GCamera:MotionPhoto="0"`, inDirectory(still, video)), xmp.Video{}},
		"a length below zero": {with("", inDirectory(`Item:Semantic="MotionPhoto" Item:Length="-5"`)), xmp.Video{}},
		"a length of words":   {with("", inDirectory(`Item:Semantic="MotionPhoto" Item:Length="long"`)), xmp.Video{}},
		"an item by itself":   {with(`Item:Semantic="MotionPhoto" Item:Length="4000"`, ""), xmp.Video{}},
	}
	for name, tt := range tests {
		var said claim.Set
		var bad file.Complaints
		got := xmp.ReadStill([]byte(tt.packet), &said, &bad)
		if diff := cmp.Diff(tt.want, got); diff != "" || said.MotionPhoto {
			t.Errorf("%s: motion photo claimed: %v (-want +got):\n%s", name, said.MotionPhoto, diff)
		}
	}
}

func TestReadBelievesAPacketThatItIsAMotionPhoto(t *testing.T) {
	packet := fixture.XMP(fixture.Spec{Motion: make([]byte, 4000)})
	if got := read(t, string(packet)); !got.MotionPhoto {
		t.Error("not a motion photo")
	}
}
