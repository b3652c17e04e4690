package takeout_test

import (
	"strings"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/takeout"
	"golang.org/x/text/unicode/norm"
)

func TestTheTitleSaysWhoseJSONItIs(t *testing.T) {
	tests := []struct {
		title, media string
		want         bool
	}{
		{"IMG_1.JPG", "IMG_1.JPG", true},
		{"", "IMG_1.JPG", true},
		{"IMG_2.JPG", "IMG_1.JPG", false},
		{"IMG_12.JPG", "IMG_1.JPG", false},
		{"IMG_1.JPG", "IMG_1(2).JPG", true},
		{"IMG_1(2).JPG", "IMG_1(2).JPG", true},
		{"IMG_1(2).JPG", "IMG_1.JPG", false},
		{"IMG_1.HEIC", "IMG_1.MOV", true},
		{"LIVE_PHOTO.jpeg", "LIVE_PHOTO.MP4", true},
		{"PXL_20201203_050803840.MP.jpg", "PXL_20201203_050803840.MP", true},
		{"IMG_1.JPG", "IMG_1-edited.JPG", true},
		{"IMG_1.JPG", "IMG_1-ha editado(1).JPG", true},
		{"house.jpg", "house-b.jpg", false},
		{"Peanut Butter Balls", "Peanut Butter Balls.jpg", true},
		{"No. 5", "No. 5.jpg", true},
		// Characters that file systems do not like.
		{"Tom & Jerry: who? <me>.jpg", "Tom _ Jerry_ who_ _me_.jpg", true},
		{"it's 50%/half.jpg", "it_s 50__half.jpg", true},
		{"Fähre.jpg", norm.NFD.String("Fähre.jpg"), true},
		{"🎉.jpg", "_.jpg", true},
		{"🎉.jpg", "IMG_1.jpg", false},
		// Names that were cut.
		{"PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGINAL.jpg", "PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGINA.jpg", true},
		{"PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGINAL.jpg", "PXL_20230809_203449253.LONG_EXPOSURE-02.OTHER_1.jpg", false},
		{strings.Repeat("a", 60) + ".jpg", strings.Repeat("a", 47) + "(1).jpg", true},
		{strings.Repeat("a", 60) + ".jpg", strings.Repeat("a", 20) + ".jpg", false},
		{strings.Repeat("ж", 60) + ".jpg", strings.Repeat("ж", 24) + ".jpg", true},
		{"20161223_183024_a_walk_along_the_river_bank.jpg", "20161223_183024_a_walk_along_the_river_bank-edi.jpg", true},
	}
	for _, tt := range tests {
		if got := takeout.Fits(tt.title, tt.media); got != tt.want {
			t.Errorf("%q for %q: %v, want %v", tt.title, tt.media, got, tt.want)
		}
	}
}
