package exif_test

import (
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
)

const (
	exposureTime = 0x829a
	fNumber      = 0x829d
	isoSpeed     = 0x8827
	focalLength  = 0x920a
)

func TestExposureIsReadWhereverEXIFStands(t *testing.T) {
	want := exif.Exposure{Time: 16_666_667, FNumber: 2.8, FocalLength: 4.25, ISO: 400}
	spec := fixture.Spec{
		Captured: wall(14, 30, 5), Make: "Aldermere",
		ExposureTime: [2]uint32{1, 60}, FNumber: [2]uint32{28, 10}, FocalLength: [2]uint32{425, 100}, ISO: 400,
	}
	for name, encode := range map[string]func(fixture.Spec) []byte{
		"JPEG": fixture.JPEG, "TIFF": fixture.TIFF, "PNG": fixture.PNG, "WebP": fixture.WebP, "HEIC": fixture.HEIC,
		"DNG": fixture.DNG, "NEF": fixture.NEF, "CR3": fixture.CR3, "RAF": fixture.RAF,
	} {
		for _, spec.BigEndian = range []bool{false, true} {
			if got := mustRead(t, encode(spec)); got.Exposure != want || got.From.Exposure != "EXIF" {
				t.Errorf("%s, big-endian %v: %+v from %q, want %+v", name, spec.BigEndian, got.Exposure, got.From.Exposure, want)
			}
		}
	}
	if got := mustRead(t, fixture.JPEG(fixture.Spec{Make: "Aldermere"})); got.Exposure != (exif.Exposure{}) || got.From.Exposure != "" {
		t.Errorf("without a record: %+v from %q", got.Exposure, got.From.Exposure)
	}
}

func TestExposuresThatCannotBeAreAbsent(t *testing.T) {
	const day = 24 * 60 * 60
	number := func(id uint16, v byte) tag { return tag{id: id, kind: short, count: 1, value: []byte{v, 0}} }
	tests := []struct {
		name string
		tags []tag
		want exif.Exposure
	}{
		{"zeros", []tag{fractions(exposureTime, 0, 1), fractions(fNumber, 0, 1), number(isoSpeed, 0), fractions(focalLength, 0, 10)}, exif.Exposure{}},
		{"x/0", []tag{fractions(exposureTime, 1, 0), fractions(fNumber, 0, 0), fractions(focalLength, 5, 0)}, exif.Exposure{}},
		{"one that is known", []tag{fractions(exposureTime, 1, 0), fractions(fNumber, 4, 1)}, exif.Exposure{FNumber: 4}},
		{"a day", []tag{fractions(exposureTime, day, 1)}, exif.Exposure{Time: day * time.Second}},
		{"more than a day", []tag{fractions(exposureTime, day+1, 1), number(isoSpeed, 100)}, exif.Exposure{ISO: 100}},
		{"less than a nanosecond", []tag{fractions(exposureTime, 1, 4_000_000_000)}, exif.Exposure{}},
		{"the largest fractions", []tag{fractions(fNumber, 1<<32-1, 1), fractions(focalLength, 1<<32-1, 1)}, exif.Exposure{}},
		{"several sensitivities", []tag{{id: isoSpeed, kind: short, count: 2, value: []byte{100, 0, 200, 0}}}, exif.Exposure{ISO: 100}},
		{"text", []tag{text(exposureTime, "1/60"), text(fNumber, "2.8"), text(isoSpeed, "400")}, exif.Exposure{}},
	}
	for _, tt := range tests {
		if got := mustRead(t, withSubdirectory(exifIFD, tt.tags...)).Exposure; got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
