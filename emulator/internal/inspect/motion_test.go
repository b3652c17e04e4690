package inspect_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
	"github.com/albumwright/albumwright/internal/fixture"
)

func TestTheVideoOfAMotionPhotoIsFound(t *testing.T) {
	video := fixture.MP4(fixture.Spec{Width: 16, Height: 16})
	camera := fixture.Spec{Make: "samsung", Model: "Field 40"}
	moving := camera
	moving.Motion = video
	for name, media := range map[string][]byte{
		"behind a JPEG":             fixture.JPEG(moving),
		"in front of more":          fixture.SamsungMotion(fixture.JPEG(camera), video),
		"in a HEIC":                 fixture.HEIC(moving),
		"behind a JPEG of a MiB":    fixture.JPEG(fixture.Spec{Make: "Aldermere", Motion: video, PadTo: 1 << 20}),
		"behind what looks like it": slices.Concat(fixture.JPEG(camera), []byte("....ftyp, ftyp and ftyp "), fixture.SamsungMotion(nil, video)),
	} {
		facts := mustLook(t, media)
		from, to, found := inspect.MotionVideo(bytes.NewReader(media), int64(len(media)), facts.Type)
		if !found || !bytes.Equal(media[from:to], video) {
			t.Errorf("%s: found %v, %d to %d of %d", name, found, from, to, len(media))
		}
		if !facts.Motion {
			t.Errorf("%s: no motion photo", name)
		}
	}
}

func TestAStillHasNoVideo(t *testing.T) {
	still := string(fixture.JPEG(fixture.Spec{}))
	for name, media := range map[string]string{
		"a still":                 still,
		"a word behind it":        still + "\x00\x00\x00\x10ftypisom",
		"pictures without index":  still + ftyp("mp42") + box("mdat", "xx"),
		"a word at the very end":  still + "ftyp",
		"many words":              still + strings.Repeat("ftyp", 1<<18) + ftyp("mp42") + box("moov", ""),
		"a HEIC":                  string(fixture.HEIC(fixture.Spec{})),
		"a film that is no photo": string(fixture.MP4(fixture.Spec{})),
	} {
		facts := mustLook(t, []byte(media))
		if _, _, found := inspect.MotionVideo(strings.NewReader(media), int64(len(media)), facts.Type); found || facts.Motion {
			t.Errorf("%s: found %v, a motion photo %v", name, found, facts.Motion)
		}
	}
}
