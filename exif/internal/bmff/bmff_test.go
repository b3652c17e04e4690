package bmff_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/exif/internal/file"
)

func block(s string) file.Block {
	return file.New(bytes.NewReader([]byte(s)), int64(len(s))).Whole()
}

func TestBoxesAreMetInTheirOrder(t *testing.T) {
	tests := []struct {
		name, content string
		want          []string // type, length of the body, and "cut"
		err           error
	}{
		{"none", "", nil, nil},
		{"two", claimtest.Box("ftyp", "abcd") + claimtest.Box("meta", ""), []string{"ftyp 4", "meta 0"}, nil},
		{"up to the end", claimtest.Box("ftyp", "") + "\x00\x00\x00\x00mdatabc", []string{"ftyp 0", "mdat 3"}, nil},
		{"in 64 bits", "\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x12ab" + claimtest.Box("free", ""), []string{"mdat 2", "free 0"}, nil},
		{"cut", "\x00\x00\x00\x10mdatabc", []string{"mdat 3 cut"}, nil},
		{"cut in 64 bits", "\x00\x00\x00\x01mdat\xff\xff\xff\xff\xff\xff\xff\xffab", []string{"mdat 2 cut"}, nil},
		{"a list of QuickTime", claimtest.Box("abcd", "x") + "\x00\x00\x00\x00", []string{"abcd 1"}, nil},
		{"zeros behind", claimtest.Box("abcd", "x") + string(make([]byte, 20)), []string{"abcd 1"}, nil},
		{"too small", claimtest.Box("abcd", "x") + "\x00\x00\x00\x07efgh", []string{"abcd 1"}, bmff.ErrSize},
		{"too small in 64 bits", "\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x0f", nil, bmff.ErrSize},
		{"half a size in 64 bits", "\x00\x00\x00\x01mdat\x00\x00", nil, file.ErrOutside},
	}
	for _, tt := range tests {
		var got []string
		err := bmff.Each(block(tt.content), func(b bmff.Box) bool {
			line := fmt.Sprintf("%s %d", b.Type, b.Body.Size())
			if b.Cut {
				line += " cut"
			}
			got = append(got, line)
			return true
		})
		if !slices.Equal(got, tt.want) || !errors.Is(err, tt.err) {
			t.Errorf("%s: %q, error %v; want %q, %v", tt.name, got, err, tt.want, tt.err)
		}
	}
}

func TestABoxIsFoundAlongAPath(t *testing.T) {
	b := block(claimtest.Box("ftyp", "") + claimtest.Box("moov", claimtest.Box("trak", "no")+claimtest.Box("udta", claimtest.Box("meta", "yes"))))
	got, ok := bmff.Find(b, "moov", "udta", "meta")
	if text, err := got.At(0, 3); !ok || err != nil || string(text) != "yes" {
		t.Errorf("found %v, %q, error %v", ok, text, err)
	}
	if _, ok := bmff.Find(b, "moov", "meta"); ok {
		t.Error("found what is not there")
	}
}

func TestNumbersAreReadInTheirOrder(t *testing.T) {
	f := bmff.Fields{Body: block("\x01\x00\x00\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b")}
	if version, flags := f.Full(); version != 1 || flags != 2 {
		t.Errorf("version %d, flags %#x", version, flags)
	}
	if v := f.Uint(0); v != 0 || f.At != 4 {
		t.Errorf("a number without bytes is %d, and leads to %d", v, f.At)
	}
	if v := f.Uint(3); v != 0x030405 {
		t.Errorf("three bytes are %#x", v)
	}
	f.Skip(1)
	if v := f.Uint(8); v != 0 || !errors.Is(f.Err, file.ErrOutside) {
		t.Errorf("eight of five bytes are %#x, error %v", v, f.Err)
	}
	if v := f.Uint(1); v != 0 {
		t.Errorf("behind an error: %d", v)
	}
}

func TestTheMovieHeaderIsReadInBothVersions(t *testing.T) {
	when := time.Date(2023, 1, 13, 20, 51, 42, 0, time.UTC)
	const created32, created64 = "\xdf\xe7\x74\xde", "\x00\x00\x00\x00\xdf\xe7\x74\xde"
	for name, tt := range map[string]struct {
		body string
		want bmff.MovieHeader
	}{
		"32 bits":       {"\x00\x00\x00\x00" + created32 + created32 + "\x00\x00\x02\x58" + "\x00\x00\x03\x84", bmff.MovieHeader{Created: when, Scale: 600, Duration: 1500 * time.Millisecond}},
		"64 bits":       {"\x01\x00\x00\x00" + created64 + created64 + "\x00\x00\x00\x02" + "\x00\x00\x00\x00\x00\x00\x00\x06", bmff.MovieHeader{Created: when, Scale: 2, Duration: 3 * time.Second}},
		"open":          {"\x00\x00\x00\x00" + "\x00\x00\x00\x00" + created32 + "\x00\x00\x02\x58" + "\xff\xff\xff\xff", bmff.MovieHeader{Scale: 600}},
		"without scale": {"\x00\x00\x00\x00" + created32 + created32 + "\x00\x00\x00\x00" + "\x00\x00\x03\x84", bmff.MovieHeader{Created: when}},
	} {
		if got, err := bmff.ReadMovieHeader(block(tt.body)); err != nil || got != tt.want {
			t.Errorf("%s: %v, error %v, want %v", name, got, err, tt.want)
		}
	}
	if _, err := bmff.ReadMovieHeader(block("\x00\x00\x00\x00" + created32)); !errors.Is(err, file.ErrOutside) {
		t.Errorf("cut short: error %v", err)
	}
}

func TestATimeThatNoClockSaidIsNone(t *testing.T) {
	const unixEpoch, day, born = 2_082_844_800, 86_400, 631_152_000
	for seconds, want := range map[uint64]time.Time{
		0: {}, 1: {}, born - 1: {}, unixEpoch: {}, unixEpoch + day - 1: {}, 1<<64 - 1: {},
		unixEpoch + day:             time.Unix(day, 0).UTC(),
		unixEpoch + 1_700_000_000:   time.Unix(1_700_000_000, 0).UTC(),
		1_700_000_000:               time.Unix(1_700_000_000, 0).UTC(), // counted from 1970
		unixEpoch + 253_402_300_799: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		unixEpoch + 253_402_300_800: {},
	} {
		if got := bmff.Time(seconds); !got.Equal(want) {
			t.Errorf("%d seconds are %v, want %v", seconds, got, want)
		}
	}
}

func TestADurationIsWholeOrNone(t *testing.T) {
	for _, tt := range []struct {
		units uint64
		scale uint32
		want  time.Duration
	}{
		{0, 600, 0}, {600, 0, 0}, {601, 600, time.Second + time.Second/600}, {1, 1_000_000_000, 1},
		{1<<64 - 1, 1, 0}, {1<<63 - 1, 1_000_000_000, 0}, {90_000 * 3600, 90_000, time.Hour}, {1<<32 - 1, 1<<32 - 1, time.Second},
	} {
		if got := bmff.Duration(tt.units, tt.scale); got != tt.want {
			t.Errorf("%d/%d is %v, want %v", tt.units, tt.scale, got, tt.want)
		}
	}
}
