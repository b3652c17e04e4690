package exif_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/albumwright/albumwright/exif"
)

// xmpBeside and jsonBeside are found sidecars.
func xmpBeside(name string) exif.SidecarFile {
	return exif.SidecarFile{Name: name, Kind: exif.SidecarXMP}
}

func jsonBeside(name string) exif.SidecarFile {
	return exif.SidecarFile{Name: name, Kind: exif.SidecarTakeout}
}

func TestSidecarsAreFoundByName(t *testing.T) {
	tests := []struct {
		name   string
		folder []string
		want   []exif.SidecarFile
	}{
		{"a.jpg", []string{"a.jpg", "b.jpg", "a.txt", "a.aae"}, nil},
		{"a.jpg", []string{"a.xmp"}, []exif.SidecarFile{xmpBeside("a.xmp")}},
		{"a.nef", []string{"a.xmp", "a.jpg"}, []exif.SidecarFile{xmpBeside("a.xmp")}},
		{"a.nef", []string{"a.jpg.xmp"}, nil},
		{"a.jpg", []string{"a.xmp", "a.jpg.xmp"}, []exif.SidecarFile{xmpBeside("a.jpg.xmp"), xmpBeside("a.xmp")}},
		{"a.JPG", []string{"a.jpg.XMP"}, []exif.SidecarFile{xmpBeside("a.jpg.XMP")}},
		{"a.jpg", []string{"A.xmp", "A.jpg.xmp"}, nil},
		{"a", []string{"a.xmp"}, []exif.SidecarFile{xmpBeside("a.xmp")}},
		{"a.b.jpg", []string{"a.xmp", "a.b.xmp"}, []exif.SidecarFile{xmpBeside("a.b.xmp")}},
		{"Fa\u0308hre.jpg", []string{"Fähre.xmp"}, []exif.SidecarFile{xmpBeside("Fähre.xmp")}},
		{"a.jpg", []string{"a.jpg.json", "a.xmp"}, []exif.SidecarFile{xmpBeside("a.xmp"), jsonBeside("a.jpg.json")}},
		{"a(1).jpg", []string{"a.jpg.supplemental-metadata(1).json"}, []exif.SidecarFile{jsonBeside("a.jpg.supplemental-metadata(1).json")}},
		{".xmp", []string{".xmp", ".json"}, nil},
	}
	for _, tt := range tests {
		if got := exif.NewSiblings(tt.folder).Of(tt.name); !slices.Equal(got, tt.want) {
			t.Errorf("%s in %q: %v, want %v", tt.name, tt.folder, got, tt.want)
		}
	}
}

func ExampleSiblings() {
	folder := exif.NewSiblings([]string{"IMG_1.MOV", "IMG_1.HEIC", "IMG_1.HEIC.supplemental-metadata.json", "IMG_1.HEIC.xmp"})
	fmt.Println(folder.Of("IMG_1.HEIC"))
	fmt.Println(folder.Of("IMG_1.MOV"))
	// Output:
	// [{IMG_1.HEIC.xmp XMP} {IMG_1.HEIC.supplemental-metadata.json Takeout}]
	// [{IMG_1.HEIC.supplemental-metadata.json Takeout}]
}
