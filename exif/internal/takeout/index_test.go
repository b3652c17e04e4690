package takeout_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/albumwright/albumwright/exif/internal/takeout"
	"github.com/albumwright/albumwright/internal/property"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func indexOf(names ...string) *takeout.Index {
	var x takeout.Index
	for _, name := range names {
		x.Add(name)
	}
	return &x
}

// pairs are media files with their JSON files, by the rule that joins them.
func pairs() map[string][][2]string {
	const faces = "😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋"
	const long = "Backyard_ceremony_wedding_photography_xxxxxxx_m" // 47 characters
	return map[string][][2]string{
		"old style": {
			{"IMG_1.JPG", "IMG_1.JPG.json"},
			{"PXL_20210102_221126856.MP~2.jpg", "PXL_20210102_221126856.MP~2.jpg.json"},
		},
		"supplement": {
			{"IMG_1.JPG", "IMG_1.JPG.supplemental-metadata.json"},
			{"St. Moritz.jpg", "St. Moritz.jpg.supplemental-metadata.json"},
		},
		"supplement cut": {
			{"20161223_183024_Burst01_of_a_walk.jpg", "20161223_183024_Burst01_of_a_walk.jpg.suppleme.json"},
			{"05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0.jpg", "05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0.jpg..json"},
			{"05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w.jpg", "05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w.jpg.s.json"},
		},
		"name cut": {
			{"05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jpg", "05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jp.json"},
			{"PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGINA.jpg", "PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGIN.json"},
			{"original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P.jpg", "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json"},
			{long + ".jpg", long[:46] + ".json"},
			{faces + "😛.jpg", faces + ".json"}, // counted in UTF-16
			{"Я" + strings.Repeat("ж", 47) + ".jpg", "Я" + strings.Repeat("ж", 45) + ".json"},
			{"Я" + strings.Repeat("ж", 47) + ".jpg", "Я" + strings.Repeat("ж", 22) + ".json"}, // counted in bytes
			{"a" + strings.Repeat("😀", 24) + ".jpg", "a" + strings.Repeat("😀", 22) + ".json"}, // the border is within one
			{"a" + strings.Repeat("😀", 24) + ".jpg", "a" + strings.Repeat("😀", 23) + ".json"},
			{strings.Repeat("😀", 50) + ".jpg", strings.Repeat("😀", 46) + ".json"}, // counted in runes
		},
		"counter": {
			{"IMG_1(2).JPG", "IMG_1.JPG(2).json"},
			{"IMG_1(2).JPG", "IMG_1.JPG.supplemental-metadata(2).json"},
			{"IMG_1(2).JPG", "IMG_1(2).JPG.json"}, // the owner's own
			{"img(18).jpg", "img(18).jpg.supple(18).json"},
			{"13039_327707840323_537645323_9470255_27214_n(1).jpg", "13039_327707840323_537645323_9470255_27214_n.j(1).json"},
			{long + "(494).jpg", long[:46] + "(494).json"},
			{"Urlaub in Knaufspesch in der Schneifel (38).JPG", "Urlaub in Knaufspesch in der Schneifel (38).JP.json"},
			{"IMG_1(1)(2).JPG", "IMG_1(1).JPG(2).json"},
			{"IMG_1(123456).JPG", "IMG_1.JPG(123456).json"},
		},
		"edited copy": {
			{"IMG_1-edited.JPG", "IMG_1.JPG.json"},
			{"IMG_1-EDITED.JPG", "IMG_1.JPG.json"},
			{"IMG_1-bearbeitet.JPG", "IMG_1.JPG.supplemental-metadata.json"},
			{"IMG_1-modifié.JPG", "IMG_1.JPG.json"},
			{norm.NFD.String("IMG_1-modifié.JPG"), "IMG_1.JPG.json"},
			{"IMG_1-ha editado.JPG", "IMG_1.JPG.json"},
			{"IMG_1-editado.JPG", "IMG_1.JPG.json"},
			{"IMG_1-edytowane.JPG", "IMG_1.JPG.json"},
			{"IMG_1-bewerkt.JPG", "IMG_1.JPG.json"},
			{"IMG_1-modificato.JPG", "IMG_1.JPG.json"},
			{"IMG_1-編集済み.JPG", "IMG_1.JPG.json"},
			{"IMG_1-effects.jpg", "IMG_1.HEIC.json"},
			{"IMG_1-edited(2).JPG", "IMG_1.JPG(2).json"},
			{"IMG_1(2)-edited.JPG", "IMG_1.JPG.supplemental-metadata(2).json"},
			{"IMG_1-edited(2).JPG", "IMG_1.JPG.json"}, // the second edit of one photo
			{"IMG_1-edited(2).jpg", "IMG_1.HEIC(2).json"},
			{"IMG_1-edited(2).jpg", "IMG_1.HEIC.json"},
		},
		"edited copy whose name was cut": {
			{"1581270440551-d356c6b2-6178-49af-bcdf-b308a5b4b(1).jpg", "1581270440551-d356c6b2-6178-49af-bcdf-b308a5b4.json"},
			{"20161223_183024_a_walk_along_the_river_bank-edi.jpg", "20161223_183024_a_walk_along_the_river_bank.jp.json"},
			{"20161223_183024_a_walk_along_the_river_bank-edi(1).jpg", "20161223_183024_a_walk_along_the_river_bank.jp(1).json"},
		},
		"live video": {
			{"IMG_1.MOV", "IMG_1.HEIC.json"},
			{"IMG_1.MP4", "IMG_1.JPG.supplemental-metadata.json"},
			{"IMG_1(3).MP4", "IMG_1.HEIC.supplemental-metadata(3).json"},
			{"PXL_20201203_050803840.MP", "PXL_20201203_050803840.MP.jpg.json"},
			{"PXL_20201203_050803840.MOTION-01.COVER", "PXL_20201203_050803840.MOTION-01.COVER.jpg.json"},
			{"PXL_20201203_050803840.MP.mp4", "PXL_20201203_050803840.MP.jpg.json"},
			{"MVIMG_20171105_104744.MP4", "MVIMG_20171105_104744.jpg.json"},
		},
		"another extension": {
			{"IMG_1.jpg", "IMG_1.JPG.json"},
			{"IMG_1.jpg", "IMG_1.jpeg.json"},
			{"Peanut Butter Balls.jpg", "Peanut Butter Balls.supplemental-metadata.json"},
			{"Peanut Butter Balls.jpg", "Peanut Butter Balls.JSON"},
		},
		"another form of Unicode": {
			{norm.NFD.String("Fähre.jpg"), "Fähre.jpg.json"},
			{"Fähre.jpg", norm.NFD.String("Fähre.jpg.json")},
		},
	}
}

func TestEachMediaFileFindsItsJSON(t *testing.T) {
	for rule, list := range pairs() {
		for _, p := range list {
			if got := indexOf("metadata.json", "other.jpg.json", p[0], p[1]).Find(p[0]); !slices.Equal(got, []string{p[1]}) {
				t.Errorf("%s: %q has %q, want %q", rule, p[0], got, p[1])
			}
		}
	}
}

func TestNamesThatBelongToOtherPhotosAreNotFound(t *testing.T) {
	for _, p := range [][2]string{
		{"PXL_20211013_220651958.jpg", "PXL_20211013_220651983.jpg.json"},
		{"DSC_0102(1).JPG", "DSC_0102.JPG(2).json"},
		{"DSC_0103.JPG", "DSC_0103.JPG(1).json"},
		{"DSC_0104(1).JPG", "DSC_0104.JPG.json"},
		{"IMG_1.JPG", "img_1.JPG.json"},
		{"IMG_1.PNG", "IMG_1.JPG.json"},
		{"IMG_1.JPG", "IMG_1.MOV.json"},
		{"IMG_1(abc).jpg", "IMG_1.jpg(abc).json"},
		{"", ".json"},
		{strings.Repeat("x", 50) + ".jpg", strings.Repeat("x", 47) + ".json"},
		{strings.Repeat("x", 50) + ".jpg", strings.Repeat("x", 45) + ".json"},
		{"house-b.jpg", "house.jpg.json"}, // the beginning of -bearbeitet
		{"-edited.jpg", ".jpg.json"},
		{"(1).jpg", ".jpg(1).json"},
		{"IMG_1.jpg", "IMG_1.jpg.supplement.txt"},
		{"IMG_1.supplemental-metadata.jpg", "IMG_1.json"},
		{"PXL_20220405_090123741-modifié.jpg", "PXL_20220405_090123740.jpg.json"},
		{"IMG_1(1234567).jpg", "IMG_1.jpg(1234567).json"},
		{strings.Repeat("x", 47) + "(185).jpg", strings.Repeat("x", 46) + "(494).json"},
	} {
		if got := indexOf(p[1]).Find(p[0]); len(got) != 0 {
			t.Errorf("%q has %q, want none", p[0], got)
		}
	}
}

func TestTheLikeliestJSONComesFirst(t *testing.T) {
	tests := []struct {
		media string
		want  []string
	}{
		{"IMG_1.MOV", []string{"IMG_1.MOV.json", "IMG_1.HEIC.json", "IMG_1.JPG.json", "IMG_1.json"}},
		{"IMG_1(2).JPG", []string{"IMG_1(2).JPG.json", "IMG_1.JPG(2).json"}},
		{"IMG_1-edited.JPG", []string{"IMG_1-edited.JPG.json", "IMG_1.JPG.json"}},
		{"IMG_1-edited(2).JPG", []string{"IMG_1.JPG(2).json", "IMG_1.JPG.json"}},
		{"IMG_1.JPG", []string{"IMG_1.JPG.json", "IMG_1.jpeg.json"}},
	}
	for _, tt := range tests {
		names := slices.Clone(tt.want)
		slices.Sort(names)
		if got := indexOf(names...).Find(tt.media); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.media, got, tt.want)
		}
	}
}

// takeoutNames cuts a name as Google does: the media file's to 51 units of UTF-16
// with its extension, the JSON file's to 46 in front of its own. What would be
// half a character is left out.
func takeoutNames(stem, ext, counter string, supplemented bool) (media, json string) {
	base := stem + ext
	if supplemented {
		base += ".supplemental-metadata"
	}
	return firstUnits(stem, 51-len(ext)) + counter + ext, firstUnits(base, 46) + counter + ".json"
}

func firstUnits(s string, n int) string {
	units := utf16.Encode([]rune(s))
	if len(units) > n {
		if units = units[:n]; utf16.IsSurrogate(rune(units[n-1])) && units[n-1] < 0xdc00 {
			units = units[:n-1]
		}
	}
	return string(utf16.Decode(units))
}

func TestANameMadeByTheRuleIsFoundAgain(t *testing.T) {
	stems := rapid.StringOfN(rapid.RuneFrom([]rune("abcXYZ019 _-.~éßжの漢😀🎉")), 1, 60, -1)
	extensions := rapid.SampledFrom([]string{".jpg", ".JPG", ".jpeg", ".heic", ".png", ".gif", ".mp4", ".MOV", ".webp", ".dng"})
	counters := rapid.SampledFrom([]string{"", "", "(1)", "(27)"})
	property.Check(t, func(t *rapid.T) {
		var media, json string
		var siblings []string
		for i := range rapid.IntRange(1, 20).Draw(t, "files") {
			m, j := takeoutNames(stems.Draw(t, "stem"), extensions.Draw(t, "extension"), counters.Draw(t, "counter"),
				rapid.Bool().Draw(t, "supplement"))
			if i == 0 {
				media, json = m, j
			}
			siblings = append(siblings, m, j)
		}
		if got := indexOf(siblings...).Find(media); !slices.Contains(got, json) {
			t.Errorf("%q has %q, want %q among them", media, got, json)
		}
	})
}

func FuzzFindFindsOnlyWhatIsThere(f *testing.F) {
	for _, list := range pairs() {
		for _, p := range list {
			f.Add(p[0], p[1])
		}
	}
	f.Add("\xff\xfe(1).jpg", "\xff\xfe.jpg(1).json")
	f.Add(strings.Repeat("\xf0\x9f", 60)+".jpg", strings.Repeat("\xf0\x9f", 60)+".json")
	f.Fuzz(func(t *testing.T, media, json string) {
		x := indexOf(json)
		for _, got := range x.Find(media) {
			if got != json {
				t.Errorf("%q has %q, which is not in the folder", media, got)
			}
		}
		takeout.Fits(json, media)
		if !takeout.Fits(media, media) {
			t.Errorf("%q does not fit itself", media)
		}
	})
}

func BenchmarkFindInAFolderOfTenThousand(b *testing.B) {
	var names, media []string
	for i := range 10_000 {
		m, j := takeoutNames(fmt.Sprintf("IMG_20240518_%05d_%s", i, strings.Repeat("x", i%40)), ".jpg", "", i%2 == 0)
		media, names = append(media, m), append(names, m, j)
	}
	x := indexOf(names...)
	for i := 0; b.Loop(); i++ {
		x.Find(media[i%len(media)])
	}
}
