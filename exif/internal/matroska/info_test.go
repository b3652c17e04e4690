package matroska_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/google/go-cmp/cmp"
)

func TestDatesThatCannotBeAreAbsent(t *testing.T) {
	for name, b := range map[string][]byte{
		"zero": number(0), "no bytes": nil, "four bytes": noon()[4:], "nine bytes": append([]byte{0}, noon()...),
		"before photography": number(1 << 63),
	} {
		if a := mustRead(t, name, whole(el(info, el(date, b)))); len(a.Times) != 0 {
			t.Errorf("%s: %v", name, a.Times)
		}
	}
	before2001 := time.Date(1999, 12, 31, 23, 0, 0, 0, time.UTC)
	since := before2001.Sub(time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC))
	a := mustRead(t, "before 2001", whole(el(info, el(date, number(uint64(since))))))
	if len(a.Times) != 1 || !a.Times[0].Wall.Equal(before2001) {
		t.Errorf("before 2001: %v, want %v", a.Times, before2001)
	}
}

func TestADurationIsInTicksOfTheScale(t *testing.T) {
	ticks := func(v float64) []byte { return el(duration, float(v)) }
	for name, tt := range map[string]struct {
		info []byte
		want time.Duration
	}{
		"milliseconds by default": {el(info, ticks(1139)), 1139 * time.Millisecond},
		"other ticks":             {el(info, el(scale, number(1000)), ticks(2_500_000)), 2500 * time.Millisecond},
		"the scale behind":        {el(info, ticks(250), el(scale, []byte{0x98, 0x96, 0x80})), 2500 * time.Millisecond},
		"in four bytes":           {el(info, el(duration, []byte{0x44, 0x8e, 0x60, 0})), 1139 * time.Millisecond},
		"zero":                    {el(info, ticks(0)), 0},
		"less":                    {el(info, ticks(-5)), 0},
		"no number":               {el(info, ticks(math.NaN())), 0},
		"without end":             {el(info, ticks(math.Inf(1))), 0},
		"years":                   {el(info, ticks(1e12)), 0},
		"in three bytes":          {el(info, el(duration, []byte{1, 2, 3})), 0},
		"no scale":                {el(info, el(scale, number(0)), ticks(5)), 0},
	} {
		a := mustRead(t, name, whole(tt.info))
		if tt.want == 0 && len(a.Durations) != 0 || tt.want != 0 && (len(a.Durations) != 1 || a.Durations[0].Value != tt.want) {
			t.Errorf("%s: %v, want %v", name, a.Durations, tt.want)
		}
	}
}

func TestTheFirstTrackOfVideoHasTheSize(t *testing.T) {
	picture := func(w, h byte) []byte {
		return el(track, el(private, make([]byte, 3000)), el(video, el(width, []byte{w}), el(height, []byte{h})))
	}
	sound := el(track, el(trackUID, []byte{7}), el(private, make([]byte, 3000)))
	a := mustRead(t, "tracks", whole(el(tracks, sound, picture(40, 30), picture(80, 60)), el(cluster)))
	if len(a.Sizes) != 1 || a.Sizes[0] != (claim.Size{Width: 40, Height: 30, Source: claim.Header}) {
		t.Errorf("sizes %v", a.Sizes)
	}
	if a.Bytes > 2<<10 {
		t.Errorf("%d bytes read", a.Bytes)
	}
	for name, body := range map[string][]byte{
		"no height": el(width, []byte{40}), "zero": append(el(width, []byte{40}), el(height, []byte{0})...),
		"huge": append(el(width, number(math.MaxUint64)), el(height, number(1))...),
	} {
		if a := mustRead(t, name, whole(el(tracks, el(track, el(video, body))))); len(a.Sizes) != 0 {
			t.Errorf("%s: %v", name, a.Sizes)
		}
	}
}

func TestARollOfAFlatPictureIsARotation(t *testing.T) {
	const projection, kind, roll, yaw = "\x76\x70", "\x76\x71", "\x76\x75", "\x76\x73"
	for name, tt := range map[string]struct {
		body []byte
		want int
	}{
		"a quarter to the right": {el(roll, float(-90)), 90},
		"a quarter to the left":  {el(roll, float(90)), 270},
		"half":                   {el(roll, float(180)), 180},
		"half to the right":      {el(roll, float(-180)), 180},
		"none":                   {el(roll, float(0)), 0},
		"in four bytes":          {el(roll, []byte{0x42, 0xb4, 0, 0}), 270},
		"flat by name":           {append(el(kind, []byte{0}), el(roll, float(-90))...), 90},
		"of a sphere":            {append(el(kind, []byte{1}), el(roll, float(-90))...), -1},
		"an eighth":              {el(roll, float(45)), -1},
		"almost a quarter":       {el(roll, float(89)), -1},
		"too far":                {el(roll, float(1e9*90)), -1},
		"no number":              {el(roll, float(math.NaN())), -1},
		"a yaw":                  {el(yaw, float(90)), -1},
	} {
		a := mustRead(t, name, whole(el(tracks, el(track, el(video, el(projection, tt.body))))))
		if tt.want < 0 && len(a.Rotations) != 0 || tt.want >= 0 && (len(a.Rotations) != 1 || a.Rotations[0].Value != tt.want) {
			t.Errorf("%s: %v, want %d", name, a.Rotations, tt.want)
		}
	}
}

func TestTagsAreReadByTheirNames(t *testing.T) {
	wall := time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC)
	for _, tt := range []struct {
		name, text string
		want       claim.Set
	}{
		{"MAKE", " Aldermere\x00", claim.Set{Makes: claimtest.Texts(claim.Matroska, "Aldermere")}},
		{"make", "Aldermere", claim.Set{Makes: claimtest.Texts(claim.Matroska, "Aldermere")}},
		{"COM.APPLE.QUICKTIME.MAKE", "Aldermere", claim.Set{Makes: claimtest.Texts(claim.Matroska, "Aldermere")}},
		{"COM.ANDROID.MODEL", "Field 40", claim.Set{Models: claimtest.Texts(claim.Matroska, "Field 40")}},
		{"COMMENT", "früh\x01", claim.Set{Words: claimtest.Texts(claim.MatroskaComment, "früh")}},
		{"DESCRIPTION", "words", claim.Set{Words: claimtest.Texts(claim.MatroskaDescription, "words")}},
		{"TITLE", "words", claim.Set{}},
		{"MAKE", "", claim.Set{}},
		{"COMMENT", strings.Repeat("w", 70_000), claim.Set{}},
		{"DATE_RECORDED", "2024-05-18 14:30:05", claim.Set{Times: []claim.Time{{Wall: wall, Source: claim.MatroskaRecorded}}}},
		{"DATE_RECORDED", "2024-05-18T14:30:05+02:00", claim.Set{
			Times: []claim.Time{{Wall: wall, Offset: 2 * time.Hour, HasOffset: true, Source: claim.MatroskaRecorded}}}},
		{"DATE_RECORDED", "2024", claim.Set{}},
		{"DATE_RECORDED", "2024-05-18", claim.Set{}},
		{"RATING", "5", claim.Set{Ratings: []claim.Number{{Value: 5, Source: claim.Matroska}}}},
		{"RATING", "4.5", claim.Set{}},
		{"RATING", "80", claim.Set{}},
		{"ROTATE", "90", claim.Set{Rotations: []claim.Number{{Value: 90, Source: claim.Matroska}}}},
		{"ROTATE", "-90", claim.Set{Rotations: []claim.Number{{Value: 270, Source: claim.Matroska}}}},
		{"ROTATE", "a bit", claim.Set{}},
	} {
		a := mustRead(t, tt.name, whole(words(tt.name, tt.text)))
		if diff := cmp.Diff(tt.want, a.Set); diff != "" {
			t.Errorf("%s %.20q (-want +got):\n%s", tt.name, tt.text, diff)
		}
	}
}

func TestTagsOfOtherPartsAreNobodysDescription(t *testing.T) {
	const chapter, edition, attachment, ofTrack = "\x63\xc4", "\x63\xc9", "\x63\xc6", "\x63\xc5"
	film := el(tracks, el(track, el(video), el(trackUID, []byte{9})))
	for name, tt := range map[string]struct {
		target []byte
		want   int
	}{
		"the file": {nil, 1}, "the video": {el(ofTrack, []byte{9}), 1}, "all tracks": {el(ofTrack, []byte{0}), 1},
		"another track": {el(ofTrack, []byte{8}), 0}, "a chapter": {el(chapter, []byte{1}), 0},
		"an edition": {el(edition, number(1)), 0}, "an attached file": {el(attachment, []byte{1}), 0},
	} {
		comment := el(simple, el(tagName, []byte("COMMENT")), el(tagText, []byte("words")))
		if a := mustRead(t, name, whole(film, el(tags, el(tag, el(targets, tt.target), comment)))); len(a.Words) != tt.want {
			t.Errorf("of %s: %v", name, a.Words)
		}
	}
}
