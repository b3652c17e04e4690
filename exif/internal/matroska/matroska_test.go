package matroska_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

// noon is a date as Matroska counts.
func noon() []byte {
	return number(uint64(time.Date(2024, 5, 18, 12, 30, 5, 0, time.UTC).Sub(time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC))))
}

func dated(t *testing.T, a claimtest.Answer) bool {
	t.Helper()
	want := claim.Time{Wall: time.Date(2024, 5, 18, 12, 30, 5, 0, time.UTC), Instant: true, Source: claim.MatroskaDate}
	return len(a.Times) == 1 && a.Times[0] == want
}

func TestAllThatMatroskaSaysIsClaimed(t *testing.T) {
	spec := fixture.Spec{
		Width: 640, Height: 360, Captured: time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC), SubSec: "25", Offset: "+02:00",
		Make: "Aldermere", Model: "Field 40", Rotation: 90, Duration: 83_250 * time.Millisecond,
		Description: "Segel im Hafen, früh", UserComment: "from the ferry", Rating: 4, PadTo: 5 << 20,
	}
	want := claim.Set{
		Times:     []claim.Time{{Wall: time.Date(2024, 5, 18, 12, 30, 5, 250_000_000, time.UTC), Instant: true, Source: claim.MatroskaDate}},
		Makes:     claimtest.Texts(claim.Matroska, "Aldermere"),
		Models:    claimtest.Texts(claim.Matroska, "Field 40"),
		Rotations: []claim.Number{{Value: 90, Source: claim.Matroska}},
		Sizes:     claimtest.Size(640, 360),
		Durations: []claim.Duration{{Value: 83_250 * time.Millisecond, Source: claim.Header}},
		Ratings:   []claim.Number{{Value: 4, Source: claim.Matroska}},
		Words: []claim.Text{
			{Value: "Segel im Hafen, früh", Source: claim.MatroskaDescription},
			{Value: "from the ferry", Source: claim.MatroskaComment},
		},
	}
	for name, file := range map[string][]byte{"MKV": fixture.MKV(spec), "WebM": fixture.WebM(spec)} {
		a := mustRead(t, name, file)
		if diff := cmp.Diff(want, a.Set); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if a.Bytes > 1<<10 {
			t.Errorf("%s: %d bytes read", name, a.Bytes)
		}
	}
}

func TestElementsAreFoundWhereverTheyStand(t *testing.T) {
	about := el(info, el(date, noon()))
	picture := el(tracks, el(track, el(video, el(width, []byte{2, 128}), el(height, []byte{1, 104}))))
	videos := el(cluster, make([]byte, 100_000))
	// The list of places comes first and has the same length whatever it says.
	listed := func(later ...[]byte) []byte {
		size := len(el(seekHead, place(info, 0), place(tracks, 0), place(cluster, 0))) + len(videos)
		list := el(seekHead, place(info, size), place(tracks, size+len(later[0])), place(cluster, size-len(videos)))
		return whole(list, videos, bytes.Join(later, nil))
	}
	nested := func() []byte {
		size := len(el(seekHead, place(seekHead, 0))) + len(videos)
		second := len(el(seekHead, place(info, 0), place(tracks, 0)))
		return whole(el(seekHead, place(seekHead, size)), videos,
			el(seekHead, place(info, size+second), place(tracks, size+second+len(about))), about, picture)
	}
	tests := map[string][]byte{
		"in order":               whole(about, picture, videos),
		"tracks first":           whole(picture, about, videos),
		"behind padding":         whole(el(void, make([]byte, 5000)), about, el(void, make([]byte, 5000)), picture, videos),
		"behind what is unknown": whole(el("\x10\x43\xa7\x70", make([]byte, 700)), about, el("\x80"), picture, videos),
		"behind the video":       listed(about, picture),
		"listed by a list":       nested(),
		"sizes not known":        append(el(header), live(segment, 8, about, picture, live(cluster, 8, make([]byte, 5000)))...),
		"in the shortest form":   append(el(header), live(segment, 1, about, picture, live(cluster, 1, make([]byte, 5000)))...),
		"a segment behind void":  slices.Concat(el(header), el(void, make([]byte, 3)), el(segment, about, picture)),
		"without video":          whole(about, picture),
	}
	for name, file := range tests {
		a := mustRead(t, name, file)
		if !dated(t, a) || len(a.Sizes) != 1 || a.Sizes[0].Width != 640 || a.Sizes[0].Height != 360 {
			t.Errorf("%s: times %v, sizes %v", name, a.Times, a.Sizes)
		}
		if a.Bytes > 2<<10 {
			t.Errorf("%s: %d bytes read", name, a.Bytes)
		}
	}
}

func TestWhatStandsInFrontIsNotReadAgainByItsPlace(t *testing.T) {
	about := el(info, el(date, noon()))
	size := len(el(seekHead, place(info, 0), place(info, 0)))
	a := mustRead(t, "places", whole(el(seekHead, place(info, size), place(info, size)), about, el(cluster)))
	if !dated(t, a) {
		t.Errorf("times %v", a.Times)
	}
}

func TestADamagedFileTellsWhatIsLeft(t *testing.T) {
	about := el(info, el(date, noon()))
	videos := el(cluster, make([]byte, 10_000))
	tests := map[string][]byte{
		"the video is cut short":     whole(about, videos)[:5000],
		"no element behind":          whole(about, []byte{0, 0, 0, 0, 0, 0, 0}, videos),
		"an ID that is cut short":    whole(about, []byte{0x1f}),
		"nothing at a place":         whole(about, el(seekHead, place(tags, 9000)), videos),
		"a place outside":            whole(about, el(seekHead, place(tags, 1<<40)), videos),
		"a place beyond all bounds":  whole(about, el(seekHead, place(tags, -1)), videos),
		"tracks of nothing":          whole(about, el(tracks, []byte{0, 0}), videos),
		"a track of nothing":         whole(about, el(tracks, el(track, []byte{0, 0})), videos),
		"a picture of nothing":       whole(about, el(tracks, el(track, el(video, []byte{0, 0}))), videos),
		"a tag of nothing":           whole(about, el(tags, el(tag, []byte{0, 0})), videos),
		"a simple tag of nothing":    whole(about, el(tags, el(tag, el(simple, []byte{0, 0}))), videos),
		"a list of places cut short": whole(about, el(seekHead, []byte{0, 0}), videos),
	}
	for name, file := range tests {
		a := read(file)
		if !dated(t, a) || a.Complaint == "" {
			t.Errorf("%s: times %v, complaint %q", name, a.Times, a.Complaint)
		}
	}
	for name, file := range map[string][]byte{"only a head": el(header), "nothing behind the head": append(el(header), 0, 0)} {
		if a := read(file); a.Complaint == "" {
			t.Errorf("%s: no complaint", name)
		}
	}
}

func TestHostileElementsCostLittle(t *testing.T) {
	small := bytes.Repeat([]byte(simple+"\x80"), 1000)
	var many [][]byte
	for range 1000 {
		many = append(many, el(tag, small))
	}
	places := func(id string) []byte {
		var list []byte
		for i := range 5000 {
			list = append(list, place(id, 100+i)...)
		}
		return el(seekHead, list)
	}
	for name, file := range map[string][]byte{
		"a million tags":             whole(bytes.Repeat(el(tags, many...), 2)),
		"many places":                whole(places(tags), el(cluster)),
		"a list that lists itself":   whole(el(seekHead, place(seekHead, 0), place(seekHead, 12)), el(cluster)),
		"many elements":              whole(bytes.Repeat(el(void), 1<<20)),
		"many elements far apart":    whole(bytes.Repeat(el(void, make([]byte, 2000)), 5000)),
		"a text of 16 MiB":           whole(words("COMMENT", string(make([]byte, 16<<20))), el(cluster)),
		"a number of a thousand":     whole(el(info, el(date, make([]byte, 1000)), el(duration, make([]byte, 1000)))),
		"sizes larger than anything": append(el(header), []byte(segment+"\x01\xff\xff\xff\xff\xff\xff\xfe")...),
	} {
		start := time.Now()
		if a := read(file); a.Bytes > 4<<20 || len(a.Times)+len(a.Words) > 0 {
			t.Errorf("%s: %d bytes read, times %v, %d texts", name, a.Bytes, a.Times, len(a.Words))
		}
		t.Logf("%s: %v", name, time.Since(start))
	}
}
