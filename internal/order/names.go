package order

import (
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/albumwright/albumwright/exif"
)

// natural appends a name so that numbers in it sort as numbers and case does not count. No byte of it is zero.
func natural(to []byte, name string) []byte {
	name = folded(name)
	for i := 0; i < len(name); {
		n := digitsAt(name[i:])
		if n == 0 {
			to = append(to, name[i])
			i++
			continue
		}
		digits := strings.TrimLeft(name[i:i+n], "0")
		to = append(to, '0', byte(1+min(len(digits), 254))) // the longer number is the larger one
		to = append(to, digits...)
		i += n
	}
	return to
}

// folded is a name in lower case, composed: a Mac decomposes what it names.
func folded(name string) string {
	name = strings.ToLower(name)
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			return norm.NFC.String(name)
		}
	}
	return name
}

// digitsAt is how many digits a text begins with.
func digitsAt(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// numbered is a file's place in the sequence of its camera.
type numbered struct {
	series string // what stands before the number, in its natural form
	number int64  // with the number of the folder in front, where folders are numbered
	wraps  bool   // 9999 is followed by 0001
}

// dcfNumbers is how many numbers a camera has before it begins again, and opens the next folder. DCF, JEITA CP-3461.
const dcfNumbers = 10000

// sequence finds the number that the camera gave: by DCF the last four of eight characters, else the last number in the name.
func sequence(f File) numbered {
	stem := stemOf(f).plain
	if c, ok := chapterOf(f); ok {
		return numbered{series: string(natural(nil, c.series)), number: dcfFolder(f.Dir)*dcfNumbers + int64(c.number), wraps: true}
	}
	if len(stem) == 8 && digitsAt(stem[4:]) == 4 {
		n, _ := strconv.Atoi(stem[4:])
		return numbered{series: string(natural(nil, stem[:4])), number: dcfFolder(f.Dir)*dcfNumbers + int64(n), wraps: true}
	}
	end := len(stem)
	for end > 0 && digitsAt(stem[end-1:]) == 0 {
		end--
	}
	from := end
	for from > 0 && digitsAt(stem[from-1:from]) == 1 {
		from--
	}
	n, err := strconv.ParseInt(stem[from:end], 10, 64)
	if err != nil {
		return numbered{series: string(natural(nil, stem))}
	}
	return numbered{series: string(natural(nil, stem[:from])), number: n}
}

// dcfFolder is the number of a camera's folder, such as 101CANON; 0 if it is no such folder.
func dcfFolder(dir string) int64 {
	name := filepath.Base(dir)
	if len(name) != 8 || digitsAt(name) != 3 || name[0] == '0' {
		return 0
	}
	n, _ := strconv.ParseInt(name[:3], 10, 64)
	return n
}

// chapter is a part of a clip that the camera cut into several files.
type chapter struct {
	series          string
	number, chapter int
}

// chapterOf knows GoPro's names. Since HERO6: GX010123.MP4, then GX020123.MP4, with H for AVC, X for HEVC, S for 360 degrees; before: GOPR0123.MP4, then
// GP010123.MP4.
func chapterOf(f File) (c chapter, ok bool) {
	extension := filepath.Ext(f.Name)
	if f.Kind != Video || !strings.EqualFold(extension, ".mp4") && !strings.EqualFold(extension, ".360") {
		return c, false
	}
	stem := strings.ToLower(strings.TrimSuffix(f.Name, extension))
	if len(stem) != 8 || stem[0] != 'g' || digitsAt(stem[4:]) != 4 {
		return c, false
	}
	c.number, _ = strconv.Atoi(stem[4:])
	switch {
	case stem[:4] == "gopr":
		c.series = "gp"
		return c, true
	case digitsAt(stem[2:4]) == 2 && strings.IndexByte("hxsp", stem[1]) >= 0:
		c.series = stem[:2]
		c.chapter, _ = strconv.Atoi(stem[2:4])
		return c, true
	}
	return c, false
}

// stem is a file's name without what its kind and its editor put there, folded.
type stem struct {
	plain  string // that of the original
	whole  string // with the mark of the edited copy
	edited bool
}

func stemOf(f File) stem {
	if f.stem != nil {
		return *f.stem
	}
	s := folded(strings.TrimSuffix(f.Name, filepath.Ext(f.Name)))
	if f.Kind == Video {
		s = strings.TrimSuffix(s, "_heic") // IMG_1_HEIC.MOV beside IMG_1.HEIC, by icloudpd
	}
	if at := strings.Index(s, ".raw-0"); at > 0 { // PXL_1.RAW-01.COVER.jpg, PXL_1.RAW-02.ORIGINAL.dng
		s = s[:at]
	}
	s = strings.TrimSuffix(s, ".mp") // PXL_1.MP.jpg
	plain, edited := withoutEdit(s)
	return stem{plain: plain, whole: s, edited: edited}
}

// withoutEdit takes the mark of an edited copy off a stem in lower case. A number in brackets is none: IMG_1(1) may be another photo.
func withoutEdit(s string) (string, bool) {
	if rest, ok := strings.CutPrefix(s, "img_e"); ok && digitsAt(rest) == len(rest) && rest != "" { // IMG_E1234 of IMG_1234, by Apple
		return "img_" + rest, true
	}
	if at := strings.LastIndexByte(s, '~'); at > 0 && len(s)-at <= 3 && digitsAt(s[at+1:]) == len(s)-at-1 && len(s)-at > 1 { // IMG_1~2, by Android
		return s[:at], true
	}
	if at := strings.LastIndex(s, "-edit"); at > 0 && isCounter(s[at+len("-edit"):]) { // a-Edit, a-Edit-2, by Lightroom
		return s[:at], true
	}
	for _, mark := range []string{" (edited)", "(edited)", "_edited"} {
		if rest, ok := strings.CutSuffix(s, mark); ok && rest != "" {
			return rest, true
		}
	}
	return exif.WithoutEdit(s)
}

// isCounter tells "" and "-2".
func isCounter(s string) bool {
	return s == "" || len(s) > 1 && s[0] == '-' && digitsAt(s[1:]) == len(s)-1
}
