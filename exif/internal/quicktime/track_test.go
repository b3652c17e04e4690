package quicktime_test

import (
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claim"
)

func TestTheRotationIsThatOfTheTracksMatrix(t *testing.T) {
	const none = -1
	tests := []struct {
		name       string
		a, b, c, d int
		want       int
	}{
		{"upright", one, 0, 0, one, 0},
		{"a quarter", 0, one, -one, 0, 90},
		{"half", -one, 0, 0, -one, 180},
		{"three quarters", 0, -one, one, 0, 270},
		{"a quarter, and larger", 0, 2 * one, -2 * one, 0, 90},
		{"a quarter, not quite", 500, one, -one, 500, 90},
		{"an eighth", one, one, -one, one, none},
		{"mirrored", -one, 0, 0, one, none},
		{"mirrored and turned", 0, one, one, 0, none},
		{"nothing", 0, 0, 0, 0, none},
	}
	for _, tt := range tests {
		matrix := [9]int{tt.a, tt.b, 0, tt.c, tt.d, 0, 0, 0, unity}
		said := mustRead(t, tt.name, ftyp()+box("moov", mvhd(0, 1, 1), trak(tkhd(one, one, 1, matrix), mdia("vide"))))
		got := none
		if len(said.Rotations) > 0 {
			got = said.Rotations[0].Value
		}
		if got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestTheSizeIsThatOfTheFirstTrackOfPictures(t *testing.T) {
	sound := trak(tkhd(0, 0, 1, upright()), mdia("soun"))
	title := trak(tkhd(99*one, 98*one, 1, upright()), mdia("text"))
	headless := trak(tkhd(97*one, 96*one, 1, upright()), box("mdia", box("mdhd", zeros(24))))
	wide := box("tkhd", be32(1<<24), zeros(16), be32(1), zeros(4), be64(1), zeros(16), zeros(36), be32(64*one), be32(48*one))
	entry := box("avc1", zeros(24), be16(64), be16(48), zeros(50))
	coded := box("minf", box("vmhd", zeros(12)), box("stbl", box("stsd", zeros(4), be32(1), entry)))
	tests := map[string]string{
		"alone":                     picture(),
		"behind sound":              sound + picture(),
		"behind a title":            title + picture(),
		"behind one that is broken": headless + picture(),
		"before another":            picture() + trak(tkhd(32*one, 24*one, 1, upright()), mdia("vide")),
		"with a fraction":           trak(tkhd(64*one+one/2, 48*one+1, 1, upright()), mdia("vide")),
		"without the point":         trak(tkhd(64, 48, 1, upright()), mdia("vide")),
		"64 bits":                   trak(wide, mdia("vide")),
		"only of the samples":       trak(tkhd(0, 0, 1, upright()), mdia("vide", coded)),
		"without a header":          trak("", mdia("vide", coded)),
		"header cut":                trak(box("tkhd", zeros(20)), mdia("vide", coded)),
		"the handler last":          trak(tkhd(64*one, 48*one, 1, upright()), box("mdia", box("mdhd", zeros(24)), box("minf", zeros(900)), hdlr("vide"))),
	}
	for name, tracks := range tests {
		said := mustRead(t, name, ftyp()+box("moov", mvhd(0, 1, 1), tracks))
		if len(said.Sizes) != 1 || said.Sizes[0] != (claim.Size{Width: 64, Height: 48, Source: claim.Header}) {
			t.Errorf("%s: %v", name, said.Sizes)
		}
	}
	for name, tracks := range map[string]string{"no track": "", "only sound": sound, "no size": trak(tkhd(0, 0, 1, upright()), mdia("vide"))} {
		if said := mustRead(t, name, ftyp()+box("moov", mvhd(0, 1, 1), tracks)); len(said.Sizes) != 0 {
			t.Errorf("%s: %v", name, said.Sizes)
		}
	}
}
