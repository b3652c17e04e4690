package exif

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/albumwright/albumwright/exif/internal/value"
)

// nameDate is a date found in a file's name.
type nameDate struct {
	wall time.Time
	utc  bool // it is on the clock of UTC
}

// The forms of dates in file names. Digits that go on to either side make a
// number of some other kind, so each form is fenced by what is not a digit.
// The expressions are compiled once and never changed.
var (
	// PXL_20240518_123005250.jpg, PXL_20240518_123005250.MP.jpg: UTC.
	pixelName = regexp.MustCompile(`^PXL_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)(\d{3})?(?:\D|$)`)

	// IMG_20240518_143005.jpg, VID_20240518_143005.mp4, 20240518_143005.jpg,
	// MVIMG_..., PANO_..., Screenshot_20240518-143005.png, BURST20240518143005250,
	// signal-2024-05-18-143005.jpg, 2024_0518_143005.MP4.
	compactName = regexp.MustCompile(`(?:^|\D)((?:19[89]|20\d)\d)[-_]?(\d\d)[-_]?(\d\d)[-_ T]?(\d\d)(\d\d)(\d\d)(\d{3})?(?:\D|$)`)

	// Screenshot_2024-05-18-14-30-05-250_app.jpg, "Screenshot 2024-05-18 at
	// 2.30.05 PM.png", "Screenshot from 2024-05-18 14-30-05.png", "WhatsApp Image
	// 2024-05-18 at 14.30.05.jpeg", photo_2024-05-18_14-30-05.jpg, in any language.
	spacedName = regexp.MustCompile(`(?:^|\D)(\d{4})[-_.](\d\d)[-_.](\d\d)\D{1,9}(\d{1,2})[-_.:](\d\d)[-_.:](\d\d)()(?:\D|$)`)

	// IMG-20240518-WA0012.jpg: the day on which WhatsApp received it.
	whatsAppName = regexp.MustCompile(`^[A-Z]{3}-(\d{4})(\d\d)(\d\d)-WA\d`)

	// 1987-06-12 grandmother.jpg: a day that a person wrote in front.
	dayName = regexp.MustCompile(`^(\d{4})[-_.](\d\d)[-_.](\d\d)(?:\D|$)`)

	// The half of a day behind a time of twelve hours; some systems put a narrow
	// space in front of it.
	halfOfDay = regexp.MustCompile(`^[\s\x{202f}]?([AaPp])\.?[Mm]\b`)
)

// dateInName returns the first date in a file's name that exists and is not
// after latest.
func dateInName(name string, latest time.Time) (nameDate, bool) {
	for _, form := range []*regexp.Regexp{pixelName, compactName, spacedName, whatsAppName, dayName} {
		at := form.FindStringSubmatchIndex(name)
		if at == nil {
			continue
		}
		wall, ok := wallOf(name, at)
		if form == spacedName && ok {
			wall, ok = applyHalf(wall, name[at[2*6+1]:])
		}
		if ok && !wall.After(latest) {
			return nameDate{wall: wall, utc: form == pixelName}, true
		}
	}
	return nameDate{}, false
}

// wallOf makes a wall clock of the groups of a match: year, month, day and, if
// the form has them, hour, minute, second, milliseconds.
func wallOf(name string, at []int) (time.Time, bool) {
	var v [7]int
	for i := range v {
		group := 2 * (i + 1)
		if group+1 >= len(at) || at[group] < 0 || at[group] == at[group+1] {
			continue // not in this form or this name
		}
		n, err := strconv.Atoi(name[at[group]:at[group+1]])
		if err != nil {
			return time.Time{}, false
		}
		v[i] = n
	}
	wall, ok := value.Wall(v[0], v[1], v[2], v[3], v[4], v[5])
	return wall.Add(time.Duration(v[6]) * time.Millisecond), ok
}

// applyHalf moves a time of twelve hours to its half of the day, which stands in
// front of rest; other times stay.
func applyHalf(wall time.Time, rest string) (time.Time, bool) {
	half := halfOfDay.FindStringSubmatch(rest)
	if half == nil {
		return wall, true
	}
	if wall.Hour() < 1 || wall.Hour() > 12 {
		return time.Time{}, false
	}
	hours := wall.Hour() % 12
	if strings.EqualFold(half[1], "p") {
		hours += 12
	}
	return wall.Add(time.Duration(hours-wall.Hour()) * time.Hour), true
}
